// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address to name, by binary search in the table of scripts/ksyms.
 */
#include "kernel/lib/ksyms.h"

#include <stddef.h>

const char *ksyms_lookup_in(const struct ksyms_table *table, unsigned long addr,
			    unsigned long *offset, unsigned long *size)
{
	uint64_t off = addr - table->base;
	uint32_t lo = 0, hi = table->count;
	const char *name;

	if (!table->count || addr < table->base || off >= table->offsets[table->count])
		return NULL;
	/* Invariant: offsets[lo] <= off < offsets[hi].  Needs offsets[0] = 0. */
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (table->offsets[mid] <= off)
			lo = mid;
		else
			hi = mid;
	}
	name = table->pool + table->names[lo];
	if (!*name)
		return NULL;
	if (offset)
		*offset = off - table->offsets[lo];
	if (size)
		*size = table->offsets[lo + 1] - table->offsets[lo];
	return name;
}

const char *ksyms_lookup(unsigned long addr, unsigned long *offset, unsigned long *size)
{
	/* Through a variable: gcc 12 may fold the comparison of an object with NULL. */
	const struct ksyms_table *volatile table = &ksyms_table;
	const struct ksyms_table *t = table;

	return t ? ksyms_lookup_in(t, addr, offset, size) : NULL;
}
