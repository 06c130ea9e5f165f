// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map's tables: add, convert, remove, sanitise, print, ask.
 *
 * Between two sanitisings a table is a heap of claims: entries may overlap, be out of order
 * or empty.  Sanitising turns claims into facts: sorted, disjoint, one type per address.
 * Changing (update, remove) only ever appends and shrinks, so it needs no order.
 */
#include "arch/x86_64/e820.h"

#include "arch/x86_64/map/e820_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */
#include "mm/ledger_find.h"

#include <arch/map.h>

#define PRINT_MAX	1000	/* longer tables are printed in part: their head and tail */
#define PRINT_HEAD	400
#define PRINT_TAIL	20

static struct e820_entry static_entries[3][E820_STATIC];
static struct e820_table tables[3] = {
	{ 0, E820_STATIC, static_entries[0] },
	{ 0, E820_STATIC, static_entries[1] },
	{ 0, E820_STATIC, static_entries[2] },
};

struct e820_table *e820_table = &tables[0];
struct e820_table *e820_table_firmware = &tables[1];
struct e820_table *e820_table_given = &tables[2];

/* ---- printing ------------------------------------------------------------------------------ */

static const struct {
	uint32_t	type;
	const char	*name;
} type_names[] = {
	{ E820_TYPE_RAM,	   "usable" },
	{ E820_TYPE_RESERVED,	   "reserved" },
	{ E820_TYPE_ACPI,	   "ACPI data" },
	{ E820_TYPE_NVS,	   "ACPI NVS" },
	{ E820_TYPE_UNUSABLE,	   "unusable" },
	{ E820_TYPE_PMEM,	   "persistent (type 7)" },
	{ E820_TYPE_PRAM,	   "persistent (type 12)" },
	{ E820_TYPE_RESERVED_KERN, "usable" },		/* sic: Linux's word */
	{ E820_TYPE_SOFT_RESERVED, "soft reserved" },
};

const char *e820_type_name(uint32_t type)
{
	static char other[2][16];
	static unsigned int turn;

	for (size_t i = 0; i < ARRAY_SIZE(type_names); i++)
		if (type_names[i].type == type)
			return type_names[i].name;

	char *name = other[turn++ % 2];		/* two: an update line names two types */

	ksnprintf(name, sizeof(other[0]), "type %u", type);
	return name;
}

void e820__print_table(const struct e820_table *table, const char *prefix)
{
	uint32_t nr = table->nr_entries;

	for (uint32_t i = 0; i < nr; i++) {
		const struct e820_entry *e = &table->entries[i];

		/* Linux differs: it has no tables this long; a line costs a serial port 7 ms. */
		if (nr > PRINT_MAX && i == PRINT_HEAD) {
			pr_info("%s: %u entries more, then\n", prefix, nr - PRINT_HEAD - PRINT_TAIL);
			i = nr - PRINT_TAIL;
			e = &table->entries[i];
		}

		pr_info("%s: [mem %#018llx-%#018llx] %s\n", prefix, (unsigned long long)e->addr,
			(unsigned long long)(e820_end(e) - 1), e820_type_name(e->type));
	}
}

void e820_print_views(void)
{
	pr_info("physical RAM map as given (%u entries):\n", e820_table_given->nr_entries);
	e820__print_table(e820_table_given, "given");
	pr_info("sanitised (%u entries):\n", e820_table_firmware->nr_entries);
	e820__print_table(e820_table_firmware, "BIOS-e820");
	pr_info("in use (%u entries):\n", e820_table->nr_entries);
	e820__print_table(e820_table, "e820");
}

bool arch_map_entry(enum arch_map_stage stage, uint32_t i, struct arch_map_entry *entry)
{
	const struct e820_table *const stages[] = {
		[ARCH_MAP_GIVEN] = e820_table_given,
		[ARCH_MAP_SANE] = e820_table_firmware,
		[ARCH_MAP_IN_USE] = e820_table,
	};

	if (i >= stages[stage]->nr_entries)
		return false;

	const struct e820_entry *e = &stages[stage]->entries[i];

	*entry = (struct arch_map_entry){ e->addr, e->size, e->type };
	return true;
}

const char *arch_map_type(phys_addr_t pa, phys_addr_t *first, phys_addr_t *last)
{
	*first = 0;
	for (uint32_t i = 0; i < e820_table->nr_entries; i++) {
		const struct e820_entry *e = &e820_table->entries[i];

		*last = (pa < e->addr ? e->addr : e820_end(e)) - 1;
		if (pa < e->addr)
			return NULL;
		if (pa <= *last) {
			*first = e->addr;
			return e820_type_name(e->type);
		}
		*first = e820_end(e);
	}
	*last = PHYS_ADDR_MAX;
	return NULL;
}

/* ---- asking -------------------------------------------------------------------------------- */

bool e820__mapped_any(uint64_t start, uint64_t end, uint32_t type)
{
	for (uint32_t i = 0; i < e820_table->nr_entries; i++) {
		const struct e820_entry *e = &e820_table->entries[i];

		if ((!type || e->type == type) && e->size && e->addr < end && e820_end(e) > start)
			return true;
	}
	return false;
}

bool e820__mapped_all(uint64_t start, uint64_t end, uint32_t type)
{
	/* Invariant: [old start, start) is covered.  The table is sorted, so one pass will do. */
	for (uint32_t i = 0; i < e820_table->nr_entries && start < end; i++) {
		const struct e820_entry *e = &e820_table->entries[i];

		if ((!type || e->type == type) && e->addr <= start && e820_end(e) > start)
			start = e820_end(e);
	}
	return start >= end;
}

uint64_t e820_ram_bytes(void)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < e820_table->nr_entries; i++) {
		const struct e820_entry *e = &e820_table->entries[i];

		if (e820_is_ram(e))
			sum += e->size;
	}
	return sum;
}

/* ---- changing ------------------------------------------------------------------------------ */

void e820_table_move(struct e820_table *table, struct e820_entry *to, uint32_t capacity)
{
	memcpy(to, table->entries, table->nr_entries * sizeof(*to));
	table->entries = to;
	table->capacity = capacity;
}

bool e820_table_room(struct e820_table *table, uint32_t nr)
{
	if (nr <= table->capacity)
		return true;

	struct e820_entry *to = e820_borrow((uint64_t)nr * sizeof(*to));

	if (to)
		e820_table_move(table, to, nr);
	return to;
}

void e820_table_add(struct e820_table *table, uint64_t start, uint64_t size, uint32_t type)
{
	if (table->nr_entries == table->capacity && !e820_table_room(table, 4 * table->capacity)) {
		boot_warn(&boot_info, "e820: too many entries; ignoring [mem %#010llx-%#010llx]\n",
			  (unsigned long long)start, (unsigned long long)(start + size - 1));
		return;
	}
	table->entries[table->nr_entries++] = (struct e820_entry){ start, size, type };
}

void e820__range_add(uint64_t start, uint64_t size, uint32_t type)
{
	e820_table_add(e820_table, start, size, type);
}

/*
 * Cut [start, end) out of entry @i and hand back how much that was.  What is left of the
 * entry stays behind, in two pieces if it must:
 *
 *	entry	    |===============|	    |=====|	    |=====|
 *	span		|------|	|-----|			|-----|
 *	left	    |===|      |====|	      |===|	    |===|
 *
 * @to != 0: the part cut out comes back as an entry of that type.
 */
static uint64_t cut(uint32_t i, uint64_t start, uint64_t end, uint32_t to)
{
	struct e820_entry old = e820_table->entries[i];
	uint64_t from = old.addr > start ? old.addr : start;
	uint64_t upto = e820_end(&old) < end ? e820_end(&old) : end;

	if (from >= upto)
		return 0;
	if (from == old.addr && upto == e820_end(&old)) {
		if (to)
			e820_table->entries[i].type = to;
		else
			e820_table->entries[i] = (struct e820_entry){ 0, 0, 0 };
		return old.size;
	}
	if (to)
		e820__range_add(from, upto - from, to);
	if (from > old.addr && upto < e820_end(&old))
		e820__range_add(upto, e820_end(&old) - upto, old.type);
	/* The table may have moved. */
	e820_table->entries[i].addr = from > old.addr ? old.addr : upto;
	e820_table->entries[i].size = from > old.addr ? from - old.addr : e820_end(&old) - upto;
	return upto - from;
}

uint64_t e820__range_update(uint64_t start, uint64_t size, uint32_t from, uint32_t to)
{
	uint64_t end, changed = 0;

	size = e820_clip(start, size);
	end = start + size;
	pr_debug("e820: update [mem %#010llx-%#010llx] %s ==> %s\n", (unsigned long long)start,
		 (unsigned long long)(end - 1), e820_type_name(from), e820_type_name(to));
	if (from == to)		/* Linux differs: it stops with a BUG */
		return 0;

	/* Entries appended on the way need no look: their type is @to or their span outside. */
	for (uint32_t i = 0, nr = e820_table->nr_entries; i < nr; i++)
		if (e820_table->entries[i].type == from)
			changed += cut(i, start, end, to);
	return changed;
}

uint64_t e820__range_remove(uint64_t start, uint64_t size, uint32_t type, bool check)
{
	uint64_t end, removed = 0;

	size = e820_clip(start, size);
	end = start + size;
	pr_debug("e820: remove [mem %#010llx-%#010llx] %s\n", (unsigned long long)start,
		 (unsigned long long)(end - 1), check ? e820_type_name(type) : "");

	for (uint32_t i = 0, nr = e820_table->nr_entries; i < nr; i++)
		if (!check || e820_table->entries[i].type == type)
			removed += cut(i, start, end, 0);
	return removed;
}

/* ---- sanitising ---------------------------------------------------------------------------- */

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
struct border {
	uint64_t	addr;
	uint32_t	entry;		/* that begins here, or NO_ENTRY: one ends */
};

#define NO_ENTRY	UINT32_MAX

struct sweep {
	const struct e820_entry	*in;
	struct border		*borders;	/* 2 per entry */
	uint32_t		nr_borders;
	uint32_t		*active;	/* a max-heap by type of indexes of @in */
	uint32_t		nr_active;
	struct e820_entry	*out;
	uint32_t		nr_out, max_out;
	bool			open;		/* out[nr_out] has begun at a lower border */
};

static __initbss struct border static_borders[2 * E820_STATIC];
static __initbss uint32_t static_active[E820_STATIC];
static __initbss struct e820_entry static_out[E820_STATIC];

/* Scratch for sanitising; grows with the tables and stays. */
static struct {
	struct border		*borders;
	uint32_t		*active;
	struct e820_entry	*out;
	uint32_t		capacity;
} scratch = { static_borders, static_active, static_out, E820_STATIC };

static void border_down(struct border *heap, uint32_t nr, uint32_t at)
{
	struct border moving = heap[at];

	for (uint32_t child; (child = 2 * at + 1) < nr; at = child) {
		if (child + 1 < nr && heap[child + 1].addr > heap[child].addr)
			child++;
		if (heap[child].addr <= moving.addr)
			break;
		heap[at] = heap[child];
	}
	heap[at] = moving;
}

static void sort_borders(struct border *heap, uint32_t nr)
{
	for (uint32_t i = nr / 2; i-- > 0;)
		border_down(heap, nr, i);
	while (nr > 1) {
		struct border highest = heap[0];

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

/* Ranges of these types are things of their own: neighbours do not melt together. */
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
	if (nr <= scratch.capacity)
		return true;

	uint64_t each = 2 * sizeof(struct border) + sizeof(struct e820_entry) + sizeof(uint32_t);
	uint8_t *room = e820_borrow(nr * each);

	if (!room)
		return false;
	scratch.borders = (void *)room;
	scratch.out = (void *)(room + nr * 2 * sizeof(struct border));
	scratch.active = (void *)(scratch.out + nr);
	scratch.capacity = nr;
	return true;
}

int e820_sanitise(struct e820_table *table)
{
	/* n entries have 2n borders and so at most 2n - 1 pieces. */
	uint32_t most = table->nr_entries ? 2 * table->nr_entries - 1 : 0;

	if (!scratch_room(table->nr_entries))
		return -1;
	if (most > table->capacity || most > scratch.capacity) {
		e820_table_room(table, most);
		scratch_room(most);
	}

	struct sweep s = {
		.in = table->entries, .borders = scratch.borders, .active = scratch.active,
		.out = scratch.out, .max_out = MIN(table->capacity, scratch.capacity),
	};

	for (uint32_t i = 0; i < table->nr_entries; i++) {
		const struct e820_entry *e = &table->entries[i];

		if (!e->size)
			continue;
		s.borders[s.nr_borders++] = (struct border){ e->addr, i };
		s.borders[s.nr_borders++] = (struct border){ e820_end(e), NO_ENTRY };
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

void e820_tables_init(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		tables[i] = (struct e820_table){ 0, E820_STATIC, static_entries[i] };
	scratch.borders = static_borders;
	scratch.active = static_active;
	scratch.out = static_out;
	scratch.capacity = E820_STATIC;
}
