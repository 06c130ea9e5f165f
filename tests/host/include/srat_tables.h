/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ACPI for the tests of nodes: SRAT, SLIT and MADT are bytes of the test's own, each
 * in a piece of memory of exactly its size.  Include in one file of a program; it
 * takes the place of boot/firmware/acpi.c there.
 */
#ifndef TESTS_HOST_SRAT_TABLES_H
#define TESTS_HOST_SRAT_TABLES_H

#include "boot/acpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake_table {
	struct acpi_table	table;
	uint8_t			*bytes;		/* header included */
};

static struct fake_table fake_tables[4];
static unsigned int nr_fake_tables;

const struct acpi_table *acpi_find_table(const char *signature)
{
	for (unsigned int i = 0; i < nr_fake_tables; i++)
		if (strcmp(fake_tables[i].table.signature, signature) == 0)
			return &fake_tables[i].table;
	return NULL;
}

bool acpi_read(const struct acpi_table *table, uint32_t offset, void *to, uint32_t n)
{
	if (n > table->length || offset > table->length - n)
		return false;
	for (unsigned int i = 0; i < nr_fake_tables; i++)
		if (&fake_tables[i].table == table)
			memcpy(to, fake_tables[i].bytes + offset, n);
	return true;
}

static inline void fake_tables_clear(void)
{
	while (nr_fake_tables)
		free(fake_tables[--nr_fake_tables].bytes);
}

/* A table of @n bytes after a header of zeros. */
static inline void fake_table_add(const char *signature, uint8_t revision, const void *body,
				  size_t n)
{
	struct fake_table *t = &fake_tables[nr_fake_tables++];

	t->table = (struct acpi_table){ .length = ACPI_HEADER_SIZE + (uint32_t)n,
					.revision = revision };
	memcpy(t->table.signature, signature, 4);
	t->bytes = calloc(1, t->table.length);
	if (n)
		memcpy(t->bytes + ACPI_HEADER_SIZE, body, n);
}

/* ---- building ------------------------------------------------------------------------ */

struct table_body {
	size_t	n;
	uint8_t	bytes[65536];
};

static inline void put(struct table_body *b, unsigned int width, uint64_t value)
{
	for (unsigned int i = 0; i < width; i++)
		b->bytes[b->n++] = (uint8_t)(i < 8 ? value >> 8 * i : 0);
}

static inline void srat_begin(struct table_body *b)
{
	b->n = 0;
	put(b, 4, 1);
	put(b, 8, 0);
}

static inline void srat_cpu(struct table_body *b, uint32_t pxm, uint8_t apic, uint32_t flags)
{
	put(b, 2, 0x1000);
	put(b, 1, pxm);
	put(b, 1, apic);
	put(b, 4, flags);
	put(b, 1, 0);
	put(b, 3, pxm >> 8);
	put(b, 4, 0);
}

static inline void srat_x2apic(struct table_body *b, uint32_t pxm, uint32_t apic, uint32_t flags)
{
	put(b, 2, 0x1802);
	put(b, 2, 0);
	put(b, 4, pxm);
	put(b, 4, apic);
	put(b, 4, flags);
	put(b, 8, 0);
}

/* What a CPU of another kind of machine has: its uid instead of an APIC id. */
static inline void srat_gicc(struct table_body *b, uint32_t pxm, uint32_t uid, uint32_t flags)
{
	put(b, 2, 0x1203);
	put(b, 4, pxm);
	put(b, 4, uid);
	put(b, 4, flags);
	put(b, 4, 0);
}

static inline void srat_memory(struct table_body *b, uint32_t pxm, uint64_t base, uint64_t size,
			       uint32_t flags)
{
	put(b, 2, 0x2801);
	put(b, 4, pxm);
	put(b, 2, 0);
	put(b, 8, base);
	put(b, 8, size);
	put(b, 4, 0);
	put(b, 4, flags);
	put(b, 8, 0);
}

static inline void srat_done(const struct table_body *b, uint8_t revision)
{
	fake_table_add("SRAT", revision, b->bytes, b->n);
}

/* A MADT with CPUs 0 to @cpus - 1. */
static inline void fake_madt(unsigned int cpus)
{
	struct table_body b = { 0 };

	put(&b, 8, 0);
	for (unsigned int i = 0; i < cpus; i++) {
		put(&b, 4, 0x0800u | i << 16 | i << 24);
		put(&b, 4, 1);
	}
	fake_table_add("APIC", 1, b.bytes, b.n);
}

#endif /* TESTS_HOST_SRAT_TABLES_H */
