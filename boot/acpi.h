/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ACPI: which tables there are and where; their contents are others' business.
 *
 * Linux differs: checksums are verified, a table that fails is listed and reserved but never
 * found (Linux disables verification this early).
 */
#ifndef BOOT_ACPI_H
#define BOOT_ACPI_H

#include "boot/boot_info.h"

#define ACPI_MAX_TABLES		128
#define ACPI_HEADER_SIZE	36
#define ACPI_MAX_LENGTH		0x1000000U	/* 16 MiB; the largest real DSDTs have one */

struct acpi_table {
	phys_addr_t	pa;
	uint32_t	length;		/* all of it, header included */
	uint8_t		revision;
	char		signature[5];
	bool		bad;		/* checksum wrong: reserved, never handed out */
	char		owner[10];	/* "ACPI SRAT", for the ledger */
};

/**
 * acpi_boot_table_init() - find the RSDP, list the tables, print Linux's lines
 * @info: the loader's idea of the RSDP; without one the BIOS areas are searched
 *
 * Anything impossible is skipped with a warning.  Context: once, in setup_arch().
 */
void acpi_boot_table_init(struct boot_info *info);

/* "ACPI: Reserving FACP table memory at ..." and do it, in the order of the list. */
void acpi_reserve_initial_tables(void);

/**
 * acpi_find_table() - the first good table named @signature
 *
 * Return: NULL if there is none, or acpi=off.  Read it with acpi_read().
 */
const struct acpi_table *acpi_find_table(const char *signature);

/**
 * acpi_read() - copy @n bytes at @offset of @table to @to
 *
 * Return: false, and nothing is read, if that is not all inside the table.
 */
bool acpi_read(const struct acpi_table *table, uint32_t offset, void *to, uint32_t n);

/* Table number @i in the order found, good or bad; NULL past the last. */
const struct acpi_table *acpi_table_at(unsigned int i);

#endif /* BOOT_ACPI_H */
