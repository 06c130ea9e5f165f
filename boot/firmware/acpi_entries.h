/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables that are lists of entries, each with its type and its length: MADT and SRAT.
 */
#ifndef BOOT_FIRMWARE_ACPI_ENTRIES_H
#define BOOT_FIRMWARE_ACPI_ENTRIES_H

#include "boot/acpi.h"
#include "kernel/lib/unaligned.h"

/* An entry's beginning, zero where the entry is shorter. */
struct acpi_entry {
	uint8_t		type;
	uint8_t		length;
	uint8_t		body[62];
};

/* The number of 32 or 64 bits at @offset of an entry. */
static inline uint32_t entry_32(const struct acpi_entry *e, unsigned int offset)
{
	return get_le32(e->body + offset - 2);
}

static inline uint64_t entry_64(const struct acpi_entry *e, unsigned int offset)
{
	return get_le64(e->body + offset - 2);
}

/**
 * acpi_walk() - hand every entry of @t from @at on to @take, until that says false
 * @wanted: the type that a message names
 * @context: handed on
 *
 * Return: false if @take said it, or if the list is broken: an entry of length 0, or one that
 * passes the end of the table; a line says so.
 *
 * Linux differs: an SRAT or MADT entry is read to its end, whatever lies there.
 */
bool acpi_walk(const struct acpi_table *t, uint32_t at, unsigned int wanted,
	       bool (*take)(const struct acpi_entry *e, void *context), void *context);

#endif /* BOOT_FIRMWARE_ACPI_ENTRIES_H */
