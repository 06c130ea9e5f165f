/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What acpi.c remembers.
 */
#ifndef BOOT_FIRMWARE_ACPI_INTERNAL_H
#define BOOT_FIRMWARE_ACPI_INTERNAL_H

#include "boot/acpi.h"

/**
 * struct acpi_state - the tables that were found; constant after boot
 * @total_length: bytes of all of them
 * @off: acpi=off
 */
extern struct acpi_state {
	struct acpi_table	tables[ACPI_MAX_TABLES];
	unsigned int		nr;
	uint32_t		total_length;
	bool			off;
} acpi_state;

#endif /* BOOT_FIRMWARE_ACPI_INTERNAL_H */
