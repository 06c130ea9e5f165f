/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SRAT and SLIT: what firmware says about nodes and their distances.
 */
#ifndef BOOT_SRAT_H
#define BOOT_SRAT_H

/**
 * acpi_numa_init() - a finder for numa_memblks_init()
 *
 * Reads SRAT's CPU entries, then its memory entries, then SLIT, with Linux's lines.
 * Nodes are numbered as their proximity domains first appear.  Tables are foreign
 * input: every length is checked, and what makes no sense costs the table its
 * credit, never the boot.
 *
 * Return: 0 if there are nodes with memory; negative: use one node for everything.
 */
int acpi_numa_init(void);

/**
 * acpi_report_cpus() - say how many CPUs the MADT lists that nobody starts here
 *
 * Nothing is said of a machine with one CPU, or without a MADT.
 */
void acpi_report_cpus(void);

/** disable_srat() - numa=noacpi: do not use SRAT */
void disable_srat(void);

#endif /* BOOT_SRAT_H */
