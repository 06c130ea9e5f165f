/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A map of cells: what e820__update_table() has to come to, told cell by cell.  Used by the
 * unit test and by the fuzzer; too simple to be wrong, and too slow for anything else.
 */
#ifndef TESTS_HOST_E820_CELLS_H
#define TESTS_HOST_E820_CELLS_H

#include "arch/x86_64/e820.h"

#define CELLS	64U
#define CELL	0x10000000000000UL	/* so that sums come close to 2^64 */

struct cells {
	bool		covered[CELLS];
	uint32_t	type[CELLS];
	bool		border[CELLS + 1];
};

/* Claim [first, first + n): the numerically highest type wins. */
static inline void cells_add(struct cells *c, uint64_t first, uint64_t n, uint32_t type)
{
	if (!n)
		return;
	c->border[first] = c->border[first + n] = true;
	for (uint64_t i = first; i < first + n; i++) {
		c->type[i] = c->covered[i] && c->type[i] > type ? c->type[i] : type;
		c->covered[i] = true;
	}
}

/*
 * In [first, first + n), what is of type @from (or of any, if not @check) becomes @to, or a
 * gap if @to is 0.  Return: bytes changed.
 */
static inline uint64_t cells_change(struct cells *c, uint64_t first, uint64_t n, uint32_t from,
				    uint32_t to, bool check)
{
	uint64_t changed = 0;

	for (uint64_t i = first; i < first + n; i++) {
		if (!c->covered[i] || (check && c->type[i] != from) || (check && from == to))
			continue;
		changed += CELL;
		c->covered[i] = to != 0;
		c->type[i] = to;
	}
	return changed;
}

/* Does an entry end before cell @i, seen from @i - 1? */
static inline bool cells_turn(const struct cells *c, uint64_t i)
{
	if (i == CELLS || c->covered[i] != c->covered[i - 1])
		return true;
	if (!c->covered[i])
		return false;
	if (c->type[i] != c->type[i - 1])
		return true;
	return c->border[i] && (c->type[i] == 12 || c->type[i] == 0xefffffff);
}

/*
 * Compare with the sanitised @table.  Return: the first cell that is described wrongly, or -1.
 */
static inline int cells_differ(const struct cells *c, const struct e820_table *table)
{
	uint32_t nr = 0;

	for (uint64_t i = 0, end = 0; i < CELLS; i = end) {
		const struct e820_entry *e = &table->entries[nr];

		for (end = i + 1; !cells_turn(c, end); end++)
			;
		if (!c->covered[i])
			continue;
		if (nr++ >= table->nr_entries || e->addr != i * CELL || e->type != c->type[i] ||
		    e->size != (end - i) * CELL)
			return (int)i;
	}
	return nr == table->nr_entries ? -1 : (int)CELLS;
}

#endif /* TESTS_HOST_E820_CELLS_H */
