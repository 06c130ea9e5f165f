// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sanitising a table: from claims, which may overlap, to facts: sorted, disjoint, one type an
 * address.
 */
#include "arch/x86_64/e820.h"
#include "arch/x86_64/map/e820_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"

/*
 * A sweep over all borders, lowest first.  At each border the entries that begin there join
 * a heap ordered by type; those that have ended leave it once they reach its top.  The top
 * is then the highest type in force:
 *
 *	type 3		     |=====|
 *	type 1	     |=================|   |====|
 *	borders	     a	     b	   c   d   e	f
 *	result	     |==1===||==3==||1=|   |==1=|
 *
 * Cost: n log n, whatever the order and the types.
 */
#define NO_ENTRY	UINT32_MAX

struct sweep {
	const struct e820_entry	*in;
	struct e820_border	*borders;	/* 2 per entry */
	uint32_t		nr_borders;
	uint32_t		*active;	/* a max-heap by type of indexes of @in */
	uint32_t		nr_active;
	struct e820_entry	*out;
	uint32_t		nr_out, max_out;
	bool			open;		/* out[nr_out] has begun at a lower border */
};

static void border_down(struct e820_border *heap, uint32_t nr, uint32_t at)
{
	struct e820_border moving = heap[at];

	for (uint32_t child; (child = 2 * at + 1) < nr; at = child) {
		if (child + 1 < nr && heap[child + 1].addr > heap[child].addr)
			child++;
		if (heap[child].addr <= moving.addr)
			break;
		heap[at] = heap[child];
	}
	heap[at] = moving;
}

static void sort_borders(struct e820_border *heap, uint32_t nr)
{
	for (uint32_t i = nr / 2; i-- > 0;)
		border_down(heap, nr, i);
	while (nr > 1) {
		struct e820_border highest = heap[0];

		heap[0] = heap[--nr];
		border_down(heap, nr, 0);
		heap[nr] = highest;
	}
}

static void active_push(struct sweep *s, uint32_t entry)
{
	uint32_t at = s->nr_active++;

	for (uint32_t up; at; at = up) {
		up = (at - 1) / 2;
		if (s->in[s->active[up]].type >= s->in[entry].type)
			break;
		s->active[at] = s->active[up];
	}
	s->active[at] = entry;
}

static void active_pop(struct sweep *s)
{
	uint32_t moving = s->active[--s->nr_active], at = 0;

	for (uint32_t child; (child = 2 * at + 1) < s->nr_active; at = child) {
		if (child + 1 < s->nr_active &&
		    s->in[s->active[child + 1]].type > s->in[s->active[child]].type)
			child++;
		if (s->in[s->active[child]].type <= s->in[moving].type)
			break;
		s->active[at] = s->active[child];
	}
	s->active[at] = moving;
}

/* Two ranges of one of these types are never merged: each is a device of its own. */
static bool keeps_borders(uint32_t type)
{
	return type == E820_TYPE_PRAM || type == E820_TYPE_SOFT_RESERVED;
}

/* From @addr on, @top is in force (NULL: nothing is). */
static void sweep_turn(struct sweep *s, uint64_t addr, const struct e820_entry *top)
{
	struct e820_entry *cur = &s->out[s->nr_out];

	if (s->open) {
		if (top && top->type == cur->type && !keeps_borders(top->type))
			return;
		cur->size = addr - cur->addr;
		s->nr_out++;
		s->open = false;
	}
	if (!top)
		return;
	if (s->nr_out == s->max_out) {
		boot_warn(&boot_info, "e820: too many entries; ignoring memory from %#llx on\n",
			  (unsigned long long)addr);
		s->max_out = 0;		/* say it once */
		return;
	}
	if (s->max_out) {
		s->out[s->nr_out] = (struct e820_entry){ addr, 0, top->type };
		s->open = true;
	}
}

static void sweep_run(struct sweep *s)
{
	for (uint32_t i = 0; i < s->nr_borders;) {
		uint64_t addr = s->borders[i].addr;

		for (; i < s->nr_borders && s->borders[i].addr == addr; i++)
			if (s->borders[i].entry != NO_ENTRY)
				active_push(s, s->borders[i].entry);
		while (s->nr_active && e820_end(&s->in[s->active[0]]) <= addr)
			active_pop(s);
		sweep_turn(s, addr, s->nr_active ? &s->in[s->active[0]] : NULL);
	}
}

static bool scratch_room(uint32_t nr)
{
	struct e820_scratch *s = &e820_state.scratch;

	if (nr <= s->capacity)
		return true;

	uint64_t each = 2 * sizeof(*s->borders) + sizeof(*s->out) + sizeof(*s->active);
	uint8_t *room = e820_borrow(nr * each);

	if (!room)
		return false;
	s->borders = (void *)room;
	s->out = (void *)(room + nr * 2 * sizeof(*s->borders));
	s->active = (void *)(s->out + nr);
	s->capacity = nr;
	return true;
}

int e820_sanitise(struct e820_table *table)
{
	/* n entries have 2n borders and so at most 2n - 1 pieces. */
	uint32_t most = table->nr_entries ? 2 * table->nr_entries - 1 : 0;
	const struct e820_scratch *scratch = &e820_state.scratch;

	if (!scratch_room(table->nr_entries))
		return -1;
	if (most > table->capacity || most > scratch->capacity) {
		e820_table_room(table, most);
		scratch_room(most);
	}

	struct sweep s = {
		.in = table->entries, .borders = scratch->borders, .active = scratch->active,
		.out = scratch->out, .max_out = MIN(table->capacity, scratch->capacity),
	};

	for (uint32_t i = 0; i < table->nr_entries; i++) {
		const struct e820_entry *e = &table->entries[i];

		if (!e->size)
			continue;
		s.borders[s.nr_borders++] = (struct e820_border){ e->addr, i };
		s.borders[s.nr_borders++] = (struct e820_border){ e820_end(e), NO_ENTRY };
	}
	sort_borders(s.borders, s.nr_borders);
	sweep_run(&s);
	memcpy(table->entries, s.out, s.nr_out * sizeof(*s.out));
	table->nr_entries = s.nr_out;
	return 0;
}

int e820__update_table(struct e820_table *table)
{
	if (table->nr_entries < 2)
		return -1;
	for (uint32_t i = 0; i < table->nr_entries; i++)
		if (e820_end(&table->entries[i]) < table->entries[i].addr)
			return -1;
	return e820_sanitise(table);
}

void e820__update_table_print(void)
{
	if (e820__update_table(e820_table))
		return;
	pr_info("modified physical RAM map:\n");
	e820__print_table(e820_table, "modified");
}
