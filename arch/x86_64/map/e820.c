// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map's tables: add, convert, remove, print, ask.
 *
 * Between two sanitisings a table is a heap of claims: entries may overlap, be out of order
 * or empty.  e820_sanitise.c turns claims into facts: sorted, disjoint, one type an address.
 * Changing (update, remove) only ever appends and shrinks, so it needs no order.
 */
#include "arch/x86_64/e820.h"

#include "arch/x86_64/map/e820_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/dialect.h"
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */
#include "mm/memblock_event.h"		/* ledger_reserve() */

#include <arch/map.h>
#include <arch/memory.h>

#define PRINT_MAX	1000	/* longer tables are printed in part: their head and tail */
#define PRINT_HEAD	400
#define PRINT_TAIL	20

const char e820_owner[] = "e820 tables";

struct e820_state e820_state;
struct e820_init e820_init __initbss;

/* All three are constant after boot. */
struct e820_table *e820_table = &e820_state.tables[0];
struct e820_table *e820_table_firmware = &e820_state.tables[1];
struct e820_table *e820_table_given = &e820_state.tables[2];

void e820_tables_init(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(e820_state.tables); i++)
		e820_state.tables[i] = (struct e820_table){
			.capacity = E820_STATIC, .entries = e820_state.entries[i],
		};
	e820_state.no_room_for = UINT64_MAX;
	e820_state.scratch = (struct e820_scratch){
		.borders = e820_init.borders, .active = e820_init.active, .out = e820_init.out,
		.capacity = E820_STATIC,
	};
}

/* ---- printing ------------------------------------------------------------------------------ */

/* Words that are the same in every dialect; scripts/gdb/daybreak.py reads them, too. */
static const struct {
	uint32_t	type;
	const char	*name;
} type_names[] = {
	{ E820_TYPE_ACPI,	   "ACPI data" },
	{ E820_TYPE_NVS,	   "ACPI NVS" },
	{ E820_TYPE_UNUSABLE,	   "unusable" },
	{ E820_TYPE_SOFT_RESERVED, "soft reserved" },
};

const char *e820_type_name(uint32_t type)
{
	/* sic: Linux's word for its own memory is the one for RAM */
	if (type == E820_TYPE_RAM || (type == E820_TYPE_RESERVED_KERN && dialect->kern_type))
		return dialect->ram;
	if (type == E820_TYPE_RESERVED)
		return dialect->reserved;
	for (size_t i = 0; i < ARRAY_SIZE(type_names); i++)
		if (type_names[i].type == type)
			return type_names[i].name;

	char *name = e820_state.odd_name[e820_state.odd_names++ % 2];
	bool persistent = type == E820_TYPE_PMEM || type == E820_TYPE_PRAM;

	ksnprintf(name, sizeof(e820_state.odd_name[0]), persistent ? "%s (type %u)" : "%stype %u",
		  persistent ? dialect->persistent : "", type);
	return name;
}

static void print_gap(const char *prefix, uint64_t start, uint64_t end)
{
	if (dialect->map_gaps && start < end)
		pr_info("%s: [gap %#018llx-%#018llx]\n", prefix, (unsigned long long)start,
			(unsigned long long)(end - 1));
}

void e820__print_table(const struct e820_table *table, const char *prefix)
{
	uint32_t nr = table->nr_entries;
	uint64_t last = 0;

	for (uint32_t i = 0; i < nr; i++) {
		const struct e820_entry *e = &table->entries[i];

		/* Linux differs: it has no tables this long; a line costs a serial port 7 ms. */
		if (nr > PRINT_MAX && i == PRINT_HEAD) {
			pr_info("%s: %u entries more, then\n", prefix, nr - PRINT_HEAD - PRINT_TAIL);
			i = nr - PRINT_TAIL;
			e = &table->entries[i];
			last = e->addr;
		}
		print_gap(prefix, last, e->addr);
		last = e820_end(e);
		pr_info("%s: [mem %#018llx-%#018llx] %s%s\n", prefix, (unsigned long long)e->addr,
			(unsigned long long)(e820_end(e) - 1), dialect->map_gaps ? " " : "",
			e820_type_name(e->type));
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

static const struct e820_table *table_at(enum arch_map_stage stage)
{
	const struct e820_table *const stages[] = {
		[ARCH_MAP_GIVEN] = e820_table_given,
		[ARCH_MAP_SANE] = e820_table_firmware,
		[ARCH_MAP_IN_USE] = e820_table,
	};

	return stages[stage];
}

bool arch_map_entry(enum arch_map_stage stage, uint32_t i, struct arch_map_entry *entry)
{
	const struct e820_table *table = table_at(stage);

	if (i >= table->nr_entries)
		return false;

	const struct e820_entry *e = &table->entries[i];

	*entry = (struct arch_map_entry){ e->addr, e->size, e->type };
	return true;
}

const char *arch_map_type(enum arch_map_stage stage, phys_addr_t pa, phys_addr_t *first,
			  phys_addr_t *last)
{
	const struct e820_table *table = table_at(stage);

	*first = 0;
	for (uint32_t i = 0; i < table->nr_entries; i++) {
		const struct e820_entry *e = &table->entries[i];

		*last = (pa < e->addr ? e->addr : e820_end(e)) - 1;
		if (pa < e->addr)
			return NULL;
		if (pa <= *last) {
			*first = e->addr;
			return e820_is_ram(e) ? "usable" : e820_type_name(e->type);
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

void *e820_borrow(uint64_t size)
{
	size = ALIGN_UP(size, (uint64_t)PAGE_SIZE);
	if (!e820_state.may_borrow || size >= e820_state.no_room_for)
		return NULL;

	void *room = boot_borrow(&boot_info, size, e820_owner, NULL, NULL);

	if (room)
		ledger_reserve(virt_to_phys(room), size, e820_owner);
	else
		e820_state.no_room_for = size;	/* the next of 60000 need not search again */
	return room;
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
		boot_warn(&boot_info, "e820: %s; ignoring [mem %#010llx-%#010llx]\n",
			  dialect->table_full, (unsigned long long)start,
			  (unsigned long long)(start + size - 1));
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
static uint64_t cut_entry(uint32_t i, uint64_t start, uint64_t end, uint32_t to)
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

	/* Appended entries are left out: they have type @to, or lie outside of the span. */
	for (uint32_t i = 0, nr = e820_table->nr_entries; i < nr; i++)
		if (e820_table->entries[i].type == from)
			changed += cut_entry(i, start, end, to);
	return changed;
}

uint64_t e820__range_remove(uint64_t start, uint64_t size, uint32_t type, bool check)
{
	uint64_t end, removed = 0;

	size = e820_clip(start, size);
	end = start + size;
	pr_debug("e820: remove [mem %#010llx-%#010llx]%s%s\n", (unsigned long long)start,
		 (unsigned long long)(end - 1), check || !dialect->map_gaps ? " " : "",
		 check ? e820_type_name(type) : "");

	for (uint32_t i = 0, nr = e820_table->nr_entries; i < nr; i++)
		if (!check || e820_table->entries[i].type == type)
			removed += cut_entry(i, start, end, 0);
	return removed;
}
