/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Map, ACPI and nodes as they were when the machine was switched on: acpi_reset.c, e820_reset.c
 * and numa_reset.c, apart because tests stand in for some of these sources.
 */
#ifndef TESTS_HOST_ARCH_RESET_H
#define TESTS_HOST_ARCH_RESET_H

void acpi_reset(void);		/* no tables, acpi=off was not said */
void e820_reset(void);		/* empty tables with static room, mem= and memmap= were not said */
void numa_reset(void);		/* numa= and SRAT have said nothing; nodes: mm_machine_reset() */

#endif /* TESTS_HOST_ARCH_RESET_H */
