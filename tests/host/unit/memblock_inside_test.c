/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What only shows inside: the checker of the normal form, arrays that float in
 * their memory, arrays that a test puts in place by hand.
 *
 * What counts is where `regions` points and what the fields say now.
 */
#include <string.h>

#include "kernel/lib/errno.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/include/memblock_reset.h"
#include "tests/host/model/fake_events.h"
#include "tests/host/model/machine.h"
#include "tests/host/model/mbtest.h"

/* ---- memblock_type_broken() ---- */

static const struct {
	const char		*name;
	unsigned long		cnt, max;
	phys_addr_t		total;
	struct memblock_region	r[3];
	const char		*want;
} broken_rows[] = {
	{ "empty", 0, 3, 0, { { 0 } }, NULL },
	{ "one", 1, 3, 0x1000, { { 0x1000, 0x1000 } }, NULL },
	{ "apart", 2, 3, 3, { { 1, 1 }, { 3, 2 } }, NULL },
	{ "touch, other flags", 2, 3, 3, { { 1, 1, MEMBLOCK_HOTPLUG }, { 2, 2 } }, NULL },
	{ "full", 2, 2, 3, { { 1, 1 }, { 3, 2 } }, NULL },
	{ "total too large is the trim quirk", 1, 3, 9, { { 1, 1 } }, NULL },
	{ "to the last byte", 1, 3, 1, { { ~0ULL - 1, 1 } }, NULL },
	{ "too many", 3, 2, 3, { { 1, 1 }, { 3, 1 }, { 5, 1 } },
	  "more regions than the array may hold" },
	{ "not empty", 0, 3, 0, { { 1, 1 } }, "cnt is 0 but regions[0] has a size" },
	{ "no size", 1, 3, 0, { { 1, 0 } }, "empty region" },
	{ "second has no size", 2, 3, 1, { { 1, 1 }, { 3, 0 } }, "empty region" },
	{ "wraps", 1, 3, 2, { { ~0ULL - 1, 2 } }, "region wraps" },
	{ "overlap", 2, 3, 4, { { 1, 2 }, { 2, 2 } }, "regions overlap or are unsorted" },
	{ "unsorted", 2, 3, 4, { { 5, 2 }, { 2, 2 } }, "regions overlap or are unsorted" },
	{ "third overlaps", 3, 3, 6, { { 1, 2 }, { 4, 3 }, { 6, 1 } },
	  "regions overlap or are unsorted" },
	{ "not merged", 2, 3, 3, { { 1, 1 }, { 2, 2 } }, "neighbours not merged" },
	{ "total too small", 2, 3, 2, { { 1, 1 }, { 3, 2 } }, "total_size is too small" },
};

KTAP_TABLE_TEST(test_inside_broken_types_are_told, broken_rows, row)
{
	struct memblock_region r[3];
	struct memblock_type type = { .cnt = row->cnt, .max = row->max, .regions = r,
				      .total_size = row->total, .name = "test" };

	memcpy(r, row->r, sizeof(r));
	if (row->want)
		expect_str_eq(memblock_type_broken(&type), row->want);
	else
		expect_null(memblock_type_broken(&type));
}

#ifdef CONFIG_NUMA
KTAP_TEST(test_inside_two_nodes_that_touch_are_not_broken)
{
	struct memblock_region r[2] = { { .base = 1, .size = 1, .nid = 0 },
					{ .base = 2, .size = 1, .nid = 1 } };
	struct memblock_type type = { .cnt = 2, .max = 2, .regions = r, .total_size = 2,
				      .name = "test" };

	expect_null(memblock_type_broken(&type));
	r[1].nid = 0;
	expect_str_eq(memblock_type_broken(&type), "neighbours not merged");
}
#endif

/* Linux warns when an empty array claims to have something. */
KTAP_TEST(test_inside_first_add_to_a_lying_empty_array_warns)
{
	mbtest_reset();
	memblock.memory.cnt = 1;
	expect_eq(memblock_add(0x1000, 0x1000), 0);
	expect_true(mbtest_warned());
	expect_eq(memblock.memory.cnt, 1);
	expect_eq(memblock.memory.total_size, 0x1000);
	mbtest_reset();
	memblock.memory.total_size = 1;
	expect_eq(memblock_add(0x1000, 0x1000), 0);
	expect_true(mbtest_warned());
	expect_eq(memblock.memory.total_size, 0x1000);
}

/* memblock_reset() is power on, whatever was before. */
KTAP_TEST(test_inside_reset_is_power_on)
{
	machine_reset(true);
	comb(&machine.reserved, 100, FULL);
	comb(&machine.memory, 0, 1);
	model_to_memblock(&machine);
	memblock_reserve(cell(900), PAGE_SIZE);
	memblock_set_current_limit(5);
	memblock_set_verbose(true);
	mirrored_kernelcore = true;
	memblock_mark_mirror(0, 1);
	memblock_reset();
	expect_false(memblock_is_verbose());
	expect_false(mirrored_kernelcore);
	expect_false(memblock_has_mirror());
	expect_false(memblock_bottom_up());
	expect_eq(memblock_get_current_limit(), MEMBLOCK_ALLOC_ANYWHERE);
	expect_ptr_eq(memblock.memory.regions, mb_state.memory_init);
	expect_ptr_eq(memblock.reserved.regions, mb_state.reserved_init);
	expect_eq(memblock.memory.cnt + memblock.reserved.cnt, 0);
	expect_eq(memblock.memory.max, FULL);
	expect_eq(memblock.reserved.max, FULL);
	expect_eq(memblock.memory.total_size + memblock.reserved.total_size, 0);
	expect_str_eq(memblock.memory.name, "memory");
	expect_str_eq(memblock.reserved.name, "reserved");
	expect_null(mb_state.reserved_block.first);
	for (size_t i = 0; i < FULL; i++)
		expect_eq(mb_state.memory_init[i].size + mb_state.reserved_init[i].size, 0);
}

/* Where the last search ended is a guess; the fields may say something else by now. */
KTAP_TEST(test_inside_searches_survive_fields_rewritten)
{
	for (phys_addr_t c = 1; c < 12; c++) {
		for (unsigned long cnt = 1; cnt < 6; cnt++) {
			char want[] = "=.=.=.=.=.=..";

			mbtest_load(want, want, page_grid);
			memblock_remove(page_grid.base + c * page_grid.unit, 1);
			memblock_phys_free(page_grid.base + c * page_grid.unit, 1);
			mbtest_load(want, want, page_grid);
			memblock_add(page_grid.base + (c - 1) * page_grid.unit, 1);
			memblock_reserve(page_grid.base + (c - 1) * page_grid.unit, 1);
			picture_load(&memblock.memory, want, page_grid);
			picture_load(&memblock.reserved, want, page_grid);
			memblock_overlaps_region(&memblock.memory, page_grid.base + 8 *
						 page_grid.unit, 1);
			memblock_is_region_reserved(page_grid.base + 8 * page_grid.unit, 1);
			memblock.memory.cnt = memblock.reserved.cnt = cnt;
			memblock.memory.total_size = memblock.reserved.total_size =
				cnt * page_grid.unit;
			memset(want + 2 * cnt, '.', strlen(want) - 2 * cnt);
			memblock_add(page_grid.base + c * page_grid.unit, page_grid.unit);
			memblock_reserve(page_grid.base + c * page_grid.unit, page_grid.unit);
			want[c] = '=';
			expect_true(picture_same(&memblock.memory, want, page_grid, "memory"));
			expect_true(picture_same(&memblock.reserved, want, page_grid, "reserved"));
		}
	}
}

/* Halving, quarters and guesses: exactly what counting one by one gives. */
KTAP_TEST(test_inside_count_below_is_exact)
{
	mbtest_reset();
	for (unsigned long n = 0; n <= 40; n++) {
		unsigned long wrong = 0;

		memblock.memory.cnt = n;
		if (n)
			mb_state.memory_init[n - 1] = (struct memblock_region){ 4 * n, 2 };
		for (phys_addr_t a = 0; a < 4 * n + 8; a++) {
			unsigned long want = 0;

			while (want < n && mb_state.memory_init[want].base < a)
				want++;
			wrong += mb_count_below(mb_state.memory_init, n, a) != want;
			for (unsigned long hint = 0; hint < n + 3; hint++) {
				mb_state.memory_hint = hint;
				wrong += mb_below(&memblock.memory, a) != want;
			}
		}
		expect_eq(wrong, 0);
	}
}

/* ---- floating arrays ---- */

enum fill {
	FILL_UP,		/* every new region behind all others */
	FILL_DOWN,		/* before all others */
	FILL_OUTWARD,		/* in turn */
	FILL_INWARD,		/* in the middle */
	FILL_UP_THEN_DOWN,
	FILL_DOWN_THEN_UP,
	FILLS
};

/* The @i-th place of @n of an order. */
static unsigned int nth(enum fill order, unsigned int i, unsigned int n)
{
	switch (order) {
	case FILL_UP:
		return i;
	case FILL_DOWN:
		return n - 1 - i;
	case FILL_OUTWARD:
		return i % 2 ? n / 2 - 1 - i / 2 : n / 2 + i / 2;
	case FILL_INWARD:
		return i % 2 ? n - 1 - i / 2 : i / 2;
	case FILL_UP_THEN_DOWN:
		return i < n / 2 ? n / 2 + i : n - 1 - i;
	default:
		return i < n / 2 ? n / 2 - 1 - i : i;
	}
}

static void expect_teeth(const struct memblock_type *type, phys_addr_t base, unsigned int n)
{
	unsigned int wrong = 0;

	expect_eq(type->cnt, n);
	for (unsigned int i = 0; i < n && i < type->cnt; i++)
		wrong += type->regions[i].base != base + i * 0x2000ULL ||
			 type->regions[i].size != 0x1000;
	expect_eq(wrong, 0);
}

/* To the last entry of every size, in every order: no doubling before it is full. */
KTAP_TEST(test_inside_filling_in_every_order)
{
	for (enum fill order = 0; order < FILLS; order++) {
		for (unsigned int n = 120; n <= 512; n += n < 256 && n > 128 ? 42 : 8) {
			mbtest_reset();
			memblock_allow_resize();
			/* the arrays' own memory is not in the way: below, and reserved whole */
			memblock_add(0x100000, 0x100000);
			memblock_reserve(0x100000, 0x1000);
			for (unsigned int i = 0; i < n; i++)
				memblock_add(0x10000000 + nth(order, i, n) * 0x2000ULL, 0x1000);
			expect_eq(memblock.memory.max, n + 1 <= 128 ? 128 : n + 1 <= 256 ? 256 :
				  n + 1 <= 512 ? 512 : 1024);
			memblock_remove(0x100000, 0x100000);
			expect_teeth(&memblock.memory, 0x10000000, n);
			if (n >= 128)
				array_at(&memblock.memory);
			expect_null(memblock_type_broken(&memblock.memory));
		}
	}
}

/* ... and emptied in every order. */
KTAP_TEST(test_inside_emptying_in_every_order)
{
	for (enum fill order = 0; order < FILLS; order++) {
		mbtest_reset();
		memblock_allow_resize();
		memblock_add(0x100000, 0x100000);
		for (unsigned int i = 0; i < 300; i++)
			memblock_add(0x10000000 + i * 0x2000ULL, 0x1000);
		for (unsigned int i = 0; i < 300; i++) {
			unsigned int k = nth(order, i, 300);

			expect_eq(memblock_remove(0x10000000 + k * 0x2000ULL, 0x1000), 0);
			if (i % 16 == 0)
				expect_null(memblock_type_broken(&memblock.memory));
		}
		expect_eq(memblock.memory.cnt, 1);
		expect_eq(memblock.memory.total_size, 0x100000);
		/* filled again: the room that was freed is found */
		for (unsigned int i = 0; i < 300; i++)
			memblock_add(0x10000000 + nth(order, i, 300) * 0x2000ULL, 0x1000);
		expect_eq(memblock.memory.max, 512);
		expect_eq(memblock.memory.cnt, 301);
		expect_null(memblock_type_broken(&memblock.memory));
	}
}

/* The last free entries of a doubled array, at the front and at the back in turn. */
KTAP_TEST(test_inside_last_entries_at_either_end)
{
	for (unsigned int down = 0; down <= 14; down++) {
		mbtest_reset();
		memblock_allow_resize();
		memblock_add(0x100000, 0x100000);
		for (unsigned int i = 0; i < 241; i++)
			memblock_add(0x10000000 + i * 0x2000ULL, 0x1000);
		for (unsigned int i = 0; i < 14; i++) {
			if (i < down)
				memblock_add(0x0f000000 - i * 0x2000ULL, 0x1000);
			else
				memblock_add(0x20000000 + i * 0x2000ULL, 0x1000);
		}
		expect_eq(memblock.memory.cnt, 256);
		expect_eq(memblock.memory.max, 256);
		array_at(&memblock.memory);	/* inside its memory */
		expect_null(memblock_type_broken(&memblock.memory));
	}
}

/* One free entry at either end, and two wanted in the middle. */
KTAP_TEST(test_inside_one_entry_at_either_end)
{
	mbtest_reset();
	memblock_allow_resize();
	memblock_add(0x100000, 0x100000);
	for (unsigned int i = 0; i < 253; i++)
		memblock_add(0x10000000 + i * 0x4000ULL, 0x3000);
	memblock_remove(0x100000, 0x100000);
	memblock_add(0x20000000, 0x3000);
	expect_eq(memblock.memory.cnt, 254);
	expect_eq(memblock_mark_nomap(0x10000000 + 127 * 0x4000ULL + 0x1000, 0x1000), 0);
	expect_eq(memblock.memory.cnt, 256);
	expect_eq(memblock.memory.max, 256);
	array_at(&memblock.memory);
	expect_null(memblock_type_broken(&memblock.memory));
	expect_true(memblock_is_memory(0x10000000));
	expect_true(memblock_is_memory(0x20002fff));
	expect_eq(memblock.memory.total_size, 254 * 0x3000);
}

/* Up to twenty regions met by one call that fills all gaps with strangers. */
KTAP_TEST(test_inside_every_width_of_window)
{
	for (size_t n = 1; n <= 20; n++) {
		machine_reset(false);
		model_remove(&machine.memory, 0, 1024);
		comb(&machine.memory, 100, n);
		model_add(&machine.memory, 50, 60, MAX_NUMNODES, 0);
		model_add(&machine.memory, 300, 310, MAX_NUMNODES, 0);
		model_to_memblock(&machine);
		memblock_add_node(cell(99), (2 * n + 1) * PAGE_SIZE, MAX_NUMNODES,
				  MEMBLOCK_HOTPLUG);
		model_add(&machine.memory, 99, 100 + 2 * n, MAX_NUMNODES, MEMBLOCK_HOTPLUG);
		expect_true(mbtest_warned());
		expect_same();
		memblock_clear_hotplug(cell(0), 1024 * PAGE_SIZE);
		model_flag(&machine.memory, 0, 1024, MEMBLOCK_HOTPLUG, false);
		expect_same();
	}
}

/* One call that needs twenty entries, anywhere in an array that is nearly full. */
KTAP_TEST(test_inside_many_entries_at_once)
{
	for (size_t at = 0; at < 200; at += 9) {
		model_init(&machine, page_grid, 1024);
		mbtest_reset();
		memblock_allow_resize();
		memblock_add(cell(600), 100 * PAGE_SIZE);
		model_add(&machine.memory, 600, 700, MAX_NUMNODES, 0);
		for (size_t i = 0; i < 221; i++) {
			memblock_add(cell(2 * i), PAGE_SIZE);
			model_add(&machine.memory, 2 * i, 2 * i + 1, MAX_NUMNODES, 0);
		}
		machine_reserve(array_at(&memblock.memory), array_bytes(2 * FULL));
		expect_same();
		memblock_add_node(cell(2 * at), 41 * PAGE_SIZE, MAX_NUMNODES, MEMBLOCK_HOTPLUG);
		model_add(&machine.memory, 2 * at, 2 * at + 41, MAX_NUMNODES, MEMBLOCK_HOTPLUG);
		expect_true(mbtest_warned());
		expect_eq(memblock.memory.cnt, 242);
		expect_eq(memblock.memory.max, 256);
		array_at(&memblock.memory);	/* still inside its memory */
		expect_same();
	}
}

/* ---- arrays put in place by hand ---- */

/* Below the doubled array's memory, above it, and elsewhere: none of them floats. */
KTAP_TEST(test_inside_foreign_arrays_do_not_float)
{
	struct memblock_region *const places[] = {
		phys_to_virt(0x2000), phys_to_virt(0x40000000), mb_state.reserved_init, NULL,
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct memblock_region *mine = places[i];

		machine_reset(false);
		comb(&machine.reserved, 100, FULL);
		model_to_memblock(&machine);
		memblock_reserve(cell(900), PAGE_SIZE);
		require_eq(memblock.reserved.max, 2 * FULL);
		if (!mine)	/* right behind the entries of the doubled one */
			mine = mb_state.reserved_block.first + mb_state.reserved_block.slots;
		memset(mine, 0, 8 * sizeof(*mine));
		memblock.reserved = (struct memblock_type){ .max = 8, .regions = mine,
							    .name = "reserved" };
		memblock_reserve(0x5000, 0x1000);
		memblock_reserve(0x3000, 0x1000);
		memblock_reserve(0x1000, 0x1000);
		memblock_phys_free(0x1000, 0x1000);
		expect_ptr_eq(memblock.reserved.regions, mine);
		expect_eq(mine[0].base, 0x3000);
		expect_eq(mine[1].base, 0x5000);
		expect_eq(memblock.reserved.cnt, 2);
		memblock_discard();
		expect_ptr_eq(memblock.reserved.regions, mine);
	}
}

#ifdef CONFIG_NUMA
/* memblock_set_node() takes any array; one that is neither grows as well. */
KTAP_TEST(test_inside_third_array)
{
	struct memblock_region r[4] = { { 0x10000, 0x4000, MEMBLOCK_NONE, 0 },
					{ 0x20000, 0x4000, MEMBLOCK_NONE, 0 },
					{ 0x30000, 0x4000, MEMBLOCK_NONE, 0 } };
	struct memblock_type third = { .cnt = 3, .max = 4, .total_size = 0xc000, .regions = r,
				       .name = "third" };

	mbtest_reset();
	expect_panic("memblock: cannot resize third array")
		memblock_set_node(0x21000, 0x1000, &third, 1);
	memblock_allow_resize();
	expect_eq(memblock_set_node(0x21000, 0x1000, &third, 1), -ENOMEM);
	expect_log("memblock: Failed to double third array from 4 to 8 entries !\n");
	memblock_add(0x1000000, 0x100000);
	expect_eq(memblock_set_node(0x21000, 0x1000, &third, 1), 0);
	expect_eq(third.max, 8);
	expect_eq(third.cnt, 5);
	expect_eq(third.regions[2].nid, 1);
	expect_eq(third.total_size, 0xc000);
	expect_true(third.regions != r);
	expect_null(mb_state.memory_block.first);
	expect_null(mb_state.reserved_block.first);
	fake_events_reset();
	memblock_set_node(0x21000, 0x1000, &third, 1);
	expect_eq(fake_events.list[0].flags, 2);	/* neither memory nor reserved */
	expect_true(memblock_is_reserved(virt_to_phys(third.regions)));
	expect_null(memblock_type_broken(&third));
}
#endif

/* ---- panic ---- */

KTAP_TEST(test_inside_panic_shows_the_arrays_and_the_remedy)
{
	mbtest_load("==", "=", page_grid);
	expect_panic("test")
		panic("test");
	expect_log(" memory[0x0]\t[0x0000000001000000-0x0000000001001fff]");
	expect_log("run again with memblock=debug");
}

KTAP_TEST(test_inside_panic_with_debug_needs_no_remedy)
{
	mbtest_load("==", "=", page_grid);
	memblock_set_verbose(true);
	expect_panic("test")
		panic("test");
	expect_log(" reserved[0x0]\t[0x0000000001000000-0x0000000001000fff]");
	expect_no_log("run again with memblock=debug");
}
