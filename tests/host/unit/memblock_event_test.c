/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the ledger is told: one event per operation, after it was done, with the
 * arguments as given and the user's own address as caller.
 *
 * The table in mm/memblock.h at memblock_event(), row by row.
 */
#include "kernel/lib/errno.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/fake_buddy.h"
#include "tests/host/model/fake_events.h"
#include "tests/host/model/machine.h"
#include "tests/host/model/mbtest.h"

#define BASE	0x1002000
#define SIZE	0x1001
#define FN(name)	static __attribute__((noinline)) phys_addr_t name(void)

/* The users whose address must come out: each is one call and some work after it. */
FN(do_add) { return (phys_addr_t)memblock_add(BASE, SIZE) + 1; }
FN(do_add_node)
{
	return (phys_addr_t)memblock_add_node(BASE, SIZE, 3, MEMBLOCK_HOTPLUG) + 1;
}
FN(do_remove) { return (phys_addr_t)memblock_remove(BASE, SIZE) + 1; }
FN(do_reserve) { return (phys_addr_t)memblock_reserve(BASE, SIZE) + 1; }
FN(do_phys_free) { return (phys_addr_t)memblock_phys_free(BASE, SIZE) + 1; }
FN(do_free) { memblock_free(phys_to_virt(BASE), SIZE); return fake_events.count; }
FN(do_mark_hotplug) { return (phys_addr_t)memblock_mark_hotplug(BASE, SIZE) + 1; }
FN(do_clear_hotplug) { return (phys_addr_t)memblock_clear_hotplug(BASE, SIZE) + 1; }
FN(do_mark_nomap) { return (phys_addr_t)memblock_mark_nomap(BASE, SIZE) + 1; }
FN(do_clear_nomap) { return (phys_addr_t)memblock_clear_nomap(BASE, SIZE) + 1; }
FN(do_mark_noinit) { return (phys_addr_t)memblock_reserved_mark_noinit(BASE, SIZE) + 1; }
FN(do_mark_mirror)
{
	mirrored_kernelcore = true;
	return (phys_addr_t)memblock_mark_mirror(BASE, SIZE) + 1;
}
FN(do_set_node)
{
	return (phys_addr_t)memblock_set_node(BASE, SIZE, &memblock.memory, 5) + 1;
}
FN(do_set_node_reserved)
{
	return (phys_addr_t)memblock_set_node(BASE, SIZE, &memblock.reserved, 5) + 1;
}
FN(do_phys_alloc) { return memblock_phys_alloc_range(SIZE, 64, 0, 0) + 1; }
FN(do_phys_alloc_nid) { return memblock_phys_alloc_try_nid(SIZE, 64, 1) + 1; }
FN(do_alloc_range) { return memblock_alloc_range_nid(SIZE, 64, 0, 0, 1, true) + 1; }
FN(do_try_nid) { return (phys_addr_t)(uintptr_t)memblock_alloc_try_nid(SIZE, 64, 0, 0, 1) + 1; }
FN(do_try_nid_raw)
{
	return (phys_addr_t)(uintptr_t)memblock_alloc_try_nid_raw(SIZE, 64, 0, 0, 1) + 1;
}
FN(do_exact_raw)
{
	return (phys_addr_t)(uintptr_t)memblock_alloc_exact_nid_raw(SIZE, 64, 0, 0, 1) + 1;
}
FN(do_or_panic) { return (phys_addr_t)(uintptr_t)memblock_alloc_or_panic(SIZE, 64) + 1; }
FN(do_huge) { return memblock_phys_alloc_range(~0ULL, 64, 0, 0) + 1; }
FN(do_trim) { memblock_trim_memory(0x4000); return fake_events.count; }
FN(do_cap) { memblock_cap_memory_range(BASE, SIZE); return fake_events.count; }
FN(do_enforce) { memblock_enforce_memory_limit(0x3000); return fake_events.count; }
FN(do_remove_map) { memblock_mem_limit_remove_map(0x3000); return fake_events.count; }
FN(do_free_late) { memblock_free_late(BASE, SIZE); return fake_events.count; }
FN(do_free_all) { memblock_free_all(); return fake_events.count; }
FN(do_discard) { memblock_discard(); return fake_events.count; }

#define TOP	0x1006fc0	/* where SIZE bytes on 64 go in 8 pages */
#define ADD	MEMBLOCK_OP_ADD
#define ALLOC	MEMBLOCK_OP_ALLOC
#define SET	MEMBLOCK_OP_SET_FLAG
#define CLEAR	MEMBLOCK_OP_CLEAR_FLAG
#define NODE	MEMBLOCK_OP_SET_NODE
#define CAP	MEMBLOCK_OP_CAP

static const struct {
	const char		*name;
	phys_addr_t		(*user)(void);
	struct fake_event	want;
} rows[] = {
	{ "add", do_add, { ADD, BASE, SIZE, MAX_NUMNODES, 0 } },
	{ "add_node", do_add_node, { ADD, BASE, SIZE, 3, MEMBLOCK_HOTPLUG } },
	{ "remove", do_remove, { MEMBLOCK_OP_REMOVE, BASE, SIZE, -1, 0 } },
	{ "reserve", do_reserve, { MEMBLOCK_OP_RESERVE, BASE, SIZE, -1, 0 } },
	{ "phys_free", do_phys_free, { MEMBLOCK_OP_FREE, BASE, SIZE, -1, 0 } },
	{ "free", do_free, { MEMBLOCK_OP_FREE, BASE, SIZE, -1, 0 } },
	{ "mark_hotplug", do_mark_hotplug, { SET, BASE, SIZE, -1, MEMBLOCK_HOTPLUG } },
	{ "clear_hotplug", do_clear_hotplug, { CLEAR, BASE, SIZE, -1, MEMBLOCK_HOTPLUG } },
	{ "mark_nomap", do_mark_nomap, { SET, BASE, SIZE, -1, MEMBLOCK_NOMAP } },
	{ "clear_nomap", do_clear_nomap, { CLEAR, BASE, SIZE, -1, MEMBLOCK_NOMAP } },
	{ "mark_noinit", do_mark_noinit, { SET, BASE, SIZE, -1, MEMBLOCK_RSRV_NOINIT } },
	{ "mark_mirror", do_mark_mirror, { SET, BASE, SIZE, -1, MEMBLOCK_MIRROR } },
	{ "set_node", do_set_node, { NODE, BASE, SIZE, 5, 0 } },
	{ "set_node reserved", do_set_node_reserved, { NODE, BASE, SIZE, 5, 1 } },
	{ "phys_alloc", do_phys_alloc, { ALLOC, TOP, SIZE, -1, 0 } },
	{ "phys_alloc_try_nid", do_phys_alloc_nid, { ALLOC, TOP, SIZE, 1, 0 } },
	{ "alloc_range_nid", do_alloc_range, { ALLOC, TOP, SIZE, 1, 0 } },
	{ "alloc_try_nid", do_try_nid, { ALLOC, TOP, SIZE, 1, 0 } },
	{ "alloc_try_nid_raw", do_try_nid_raw, { ALLOC, TOP, SIZE, 1, 0 } },
	{ "alloc_exact_nid_raw", do_exact_raw, { ALLOC, TOP, SIZE, 1, 0 } },
	{ "alloc_or_panic", do_or_panic, { ALLOC, TOP, SIZE, -1, 0 } },
	{ "alloc that fails", do_huge, { ALLOC, 0, ~0ULL, -1, 0, 0, -ENOMEM } },
	{ "trim", do_trim, { MEMBLOCK_OP_TRIM, 0, 0x4000, -1, 0 } },
	{ "cap", do_cap, { CAP, BASE, SIZE, -1, MEMBLOCK_NOMAP } },
	{ "enforce", do_enforce, { CAP, 0, 0x1003000, -1, 0 } },
	{ "remove_map", do_remove_map, { CAP, 0, 0x1003000, -1, MEMBLOCK_NOMAP } },
	{ "free_late", do_free_late, { MEMBLOCK_OP_FREE_LATE, BASE, SIZE, -1, 0 } },
	{ "discard", do_discard, { MEMBLOCK_OP_DISCARD, 0, 0, -1, 0 } },
};

static bool same_event(const struct fake_event *a, const struct fake_event *b)
{
	return a->op == b->op && a->base == b->base && a->size == b->size && a->nid == b->nid &&
	       a->flags == b->flags && a->rc == b->rc;
}

/* A return address in @fn: functions here are short. */
static bool inside(unsigned long caller, phys_addr_t (*fn)(void))
{
	return caller > (unsigned long)fn && caller < (unsigned long)fn + 1024;
}

KTAP_TABLE_TEST(test_event_of_each_operation, rows, row)
{
	mbtest_load("11111111", "", page_grid);
	fake_buddy_reset();
	fake_events_reset();
	row->user();
	expect_eq(fake_events.count, 1);
	expect_true(same_event(&fake_events.list[0], &row->want));
	expect_true(inside(fake_events.list[0].caller, row->user));
}

/* An operation that could not be done tells so. */
static const struct {
	const char	*name;
	phys_addr_t	(*user)(void);
	bool		reserved;
} failing_rows[] = {
	{ "remove", do_remove, false },
	{ "reserve", do_reserve, true },
	{ "phys_free", do_phys_free, true },
	{ "mark_hotplug", do_mark_hotplug, false },
	{ "clear_hotplug", do_clear_hotplug, false },
	{ "mark_noinit", do_mark_noinit, true },
#ifdef CONFIG_NUMA
	{ "set_node", do_set_node, false },
	{ "set_node reserved", do_set_node_reserved, true },
#endif
};

KTAP_TABLE_TEST(test_event_of_each_failure, failing_rows, row)
{
	struct memblock_type *type = row->reserved ? &memblock.reserved : &memblock.memory;
	const struct fake_event *last;

	mbtest_load("1111.111", "=.....=.", page_grid);
	memblock_allow_resize();
	memblock_set_current_limit(PAGE_SIZE);
	type->max = type->cnt;
	fake_events_reset();
	row->user();
	require_true(fake_events.count >= 2);
	expect_eq(fake_events.list[0].op, MEMBLOCK_OP_DOUBLE);
	expect_eq(fake_events.list[0].base, 0);
	expect_eq(fake_events.list[0].rc, -ENOMEM);
	expect_eq(fake_events.list[0].flags, row->reserved);
	last = &fake_events.list[fake_events.count - 1];
	expect_eq(last->rc, -ENOMEM);
}

/* There is room, but no entry for it and no page for a larger array. */
KTAP_TEST(test_event_of_an_allocation_that_cannot_be_reserved)
{
	mbtest_load("=", "..=", page_grid);
	memblock_allow_resize();
	memblock.reserved.max = 1;
	fake_events_reset();
	expect_eq(memblock_phys_alloc(16, 16), 0);
	require_eq(fake_events.count, 2);
	expect_eq(fake_events.list[0].op, MEMBLOCK_OP_DOUBLE);
	expect_eq(fake_events.list[0].rc, -ENOMEM);
	expect_eq(fake_events.list[1].op, ALLOC);
	expect_eq(fake_events.list[1].base, 0);
	expect_eq(fake_events.list[1].size, 16);
	expect_eq(fake_events.list[1].rc, -ENOMEM);
}

/* DOUBLE, then FREE of the old array if that was one of ours, then the operation. */
KTAP_TEST(test_event_of_doubling)
{
	phys_addr_t old;

	machine_reset(false);
	comb(&machine.reserved, 100, FULL);
	model_to_memblock(&machine);
	fake_events_reset();
	memblock_reserve(cell(900), PAGE_SIZE);
	require_eq(fake_events.count, 2);
	expect_eq(fake_events.list[0].op, MEMBLOCK_OP_DOUBLE);
	expect_eq(fake_events.list[0].base, array_at(&memblock.reserved));
	expect_eq(fake_events.list[0].size, array_bytes(2 * FULL));
	expect_eq(fake_events.list[0].nid, NUMA_NO_NODE);
	expect_eq(fake_events.list[0].flags, 1);
	expect_eq(fake_events.list[0].rc, 0);
	expect_eq(fake_events.list[1].op, MEMBLOCK_OP_RESERVE);
	old = array_at(&memblock.reserved);
	for (size_t c = 2; memblock.reserved.max == 2 * FULL; c++) {
		fake_events_reset();
		memblock_reserve(0x40000000 + c * 0x2000, 0x1000);
	}
	require_eq(fake_events.count, 3);
	expect_eq(fake_events.list[0].op, MEMBLOCK_OP_DOUBLE);
	expect_eq(fake_events.list[0].base, array_at(&memblock.reserved));
	expect_eq(fake_events.list[1].op, MEMBLOCK_OP_FREE);
	expect_eq(fake_events.list[1].base, old);
	expect_eq(fake_events.list[1].size, array_bytes(2 * FULL));
	expect_eq(fake_events.list[1].nid, NUMA_NO_NODE);
	expect_eq(fake_events.list[1].flags, 0);
	expect_eq(fake_events.list[1].rc, 0);
	expect_eq(fake_events.list[2].op, MEMBLOCK_OP_RESERVE);
}

KTAP_TEST(test_event_of_doubling_memory)
{
	machine_reset(false);
	model_remove(&machine.memory, 0, 1024);
	comb(&machine.memory, 0, FULL - 1);
	model_add(&machine.memory, 600, 700, MAX_NUMNODES, 0);
	model_to_memblock(&machine);
	fake_events_reset();
	memblock_add(cell(900), PAGE_SIZE);
	require_eq(fake_events.count, 2);
	expect_eq(fake_events.list[0].op, MEMBLOCK_OP_DOUBLE);
	expect_eq(fake_events.list[0].base, array_at(&memblock.memory));
	expect_eq(fake_events.list[0].flags, 0);
	expect_eq(fake_events.list[1].op, ADD);
}

/* Also nothing to do is told; only what is refused or empty is not. */
KTAP_TEST(test_event_of_the_hand_over)
{
	const struct fake_event *last;

	mbtest_load("11111111", "..=.....", page_grid);
	fake_buddy_reset();
	max_low_pfn = FAKE_PAGES;
	fake_events_reset();
	do_free_all();
	last = &fake_events.list[fake_events.count - 1];
	expect_eq(last->op, MEMBLOCK_OP_FREE_ALL);
	expect_eq(last->base, 0);
	expect_eq(last->size, 7 * PAGE_SIZE);
	expect_eq(last->nid, NUMA_NO_NODE);
	expect_eq(last->flags, 0);
	expect_eq(last->rc, 0);
	expect_true(inside(last->caller, do_free_all));
}

KTAP_TEST(test_event_of_discarding_doubled_arrays)
{
	machine_reset(false);
	comb(&machine.reserved, 100, FULL);
	model_to_memblock(&machine);
	memblock_reserve(cell(900), PAGE_SIZE);
	fake_buddy_reset();
	fake_events_reset();
	do_discard();
	require_eq(fake_events.count, 2);
	expect_eq(fake_events.list[0].op, MEMBLOCK_OP_FREE_LATE);
	expect_eq(fake_events.list[0].size, array_bytes(2 * FULL));
	expect_true(inside(fake_events.list[0].caller, do_discard));
	expect_eq(fake_events.list[1].op, MEMBLOCK_OP_DISCARD);
	expect_eq(fake_events.list[1].size, array_bytes(2 * FULL));
}

KTAP_TEST(test_event_of_discarding_both_arrays)
{
	mbtest_reset();
	memblock_allow_resize();
	memblock_add(0x1000000, 0x1000000);
	for (unsigned int i = 0; i < 300; i++) {
		memblock_add(0x4000000 + i * 0x2000ULL, 0x1000);
		memblock_reserve(0x8000000 + i * 0x2000ULL, 0x1000);
	}
	fake_buddy_reset();
	fake_events_reset();
	do_discard();
	require_eq(fake_events.count, 3);
	expect_eq(fake_events.list[2].op, MEMBLOCK_OP_DISCARD);
	expect_eq(fake_events.list[2].size, 2 * array_bytes(4 * FULL));
}

KTAP_TEST(test_event_of_nothing)
{
	mbtest_load("==", "=", page_grid);
	fake_events_reset();
	memblock_free(NULL, 5);
	memblock_mark_mirror(BASE, SIZE);
	memblock_cap_memory_range(BASE, 0);
	memblock_enforce_memory_limit(0);
	memblock_enforce_memory_limit(0x100000);
	memblock_mem_limit_remove_map(0);
	memblock_mem_limit_remove_map(0x100000);
	expect_eq(fake_events.count, 0);
}
