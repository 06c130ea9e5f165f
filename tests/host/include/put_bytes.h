/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing what firmware leaves, byte by byte from @at on: little endian, ACPI's sums and lengths.
 * For one file of a program: @at is its own.
 */
#ifndef PUT_BYTES_H
#define PUT_BYTES_H

#include <stddef.h>
#include <stdint.h>

static uint8_t *at;

static void put(unsigned int width, uint64_t value)
{
	for (unsigned int i = 0; i < width; i++)
		*at++ = (uint8_t)(i < 8 ? value >> 8 * i : 0);
}

/* The same at @where; @at stays. */
static void put_at(uint8_t *where, unsigned int width, uint64_t value)
{
	uint8_t *keep = at;

	at = where;
	put(width, value);
	at = keep;
}

/* Make the sum of the @n bytes from @from on 0, by the one at @sum. */
static void mend(const uint8_t *from, size_t n, uint8_t *sum)
{
	uint8_t total = 0;

	*sum = 0;
	for (size_t i = 0; i < n; i++)
		total = (uint8_t)(total + from[i]);
	*sum = (uint8_t)-total;
}

/* Length and sum of the table that ends at @at. */
static void table_end(uint8_t *table)
{
	put_at(table + 4, 4, (uint64_t)(at - table));
	mend(table, (size_t)(at - table), table + 9);
}

#endif /* PUT_BYTES_H */
