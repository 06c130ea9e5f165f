/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arrays that grow: when, where to, and what is left of the old one.
 *
 * The model says where the new array must be; the test then reserves it in the
 * model and compares everything.
 */
#include <string.h>

#include "kernel/lib/errno.h"
#include "mm/memblock/memblock_internal.h"	/* the static arrays */
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/include/memblock_reset.h"
#include "tests/host/model/fake_buddy.h"
#include "tests/host/model/machine.h"
#include "tests/host/model/mbtest.h"

/* ---- when ---- */

KTAP_TEST(test_double_not_at_the_128th)
{
	machine_reset(false);
	comb(&machine.reserved, 100, FULL - 1);
	model_to_memblock(&machine);
	expect_eq(memblock_reserve(cell(900), PAGE_SIZE), 0);
	model_add(&machine.reserved, 900, 901, MAX_NUMNODES, 0);
	expect_same();
	expect_eq(memblock.reserved.max, FULL);
	expect_ptr_eq(memblock.reserved.regions, mb_state.reserved_init);
}

/* Row 25. */
KTAP_TEST(test_double_before_it_is_allowed_panics)
{
	machine_reset(false);
	comb(&machine.reserved, 100, FULL);
	memblock_reset();
	model_to_memblock(&machine);
	expect_panic("memblock: cannot resize reserved array")
		memblock_reserve(cell(900), PAGE_SIZE);
	comb(&machine.memory, 0, 0);
	model_init(&machine, page_grid, 1024);
	comb(&machine.memory, 100, FULL);
	memblock_reset();
	model_to_memblock(&machine);
	expect_panic("memblock: cannot resize memory array")
		memblock_add(cell(900), PAGE_SIZE);
	expect_same();
}

/* Isolating asks for two free entries, needed or not. */
KTAP_TEST(test_double_isolate_wants_two_entries)
{
	static const struct {
		size_t	cnt;
		bool	doubles;
	} cases[] = {
		{ FULL - 3, false }, { FULL - 2, false }, { FULL - 1, true }, { FULL, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		machine_reset(false);
		comb(&machine.reserved, 100, cases[i].cnt);
		model_to_memblock(&machine);
		expect_eq(memblock_phys_free(cell(900), PAGE_SIZE), 0);	/* nothing is there */
		if (cases[i].doubles)
			machine_reserve(place_outside(2 * FULL, 900, 901),
					    array_bytes(2 * FULL));
		expect_eq(memblock.reserved.max, cases[i].doubles ? 2 * FULL : FULL);
		expect_same();
	}
}

KTAP_TEST(test_double_setters_want_two_entries)
{
	machine_reset(false);
	model_remove(&machine.memory, 0, 1024);
	comb(&machine.memory, 0, FULL - 1);
	model_add(&machine.memory, 400, 800, MAX_NUMNODES, 0);
	model_remove(&machine.memory, 0, 1);
	model_to_memblock(&machine);
	require_eq(memblock.memory.cnt, FULL - 1);
	expect_eq(memblock_mark_hotplug(cell(950), PAGE_SIZE), 0);	/* nothing is there */
	expect_eq(memblock.memory.max, 2 * FULL);
	machine_reserve(place(2 * FULL, 0, 0), array_bytes(2 * FULL));
	expect_same();
	expect_eq(memblock_mark_hotplug(cell(500), PAGE_SIZE), 0);
	model_flag(&machine.memory, 500, 501, MEMBLOCK_HOTPLUG, true);
	expect_same();
}

/* Gaps are counted before anything merges: Linux doubles here as well. */
KTAP_TEST(test_double_cover_counts_every_gap)
{
	static const struct {
		size_t	teeth;
		bool	doubles;
	} cases[] = { { 64, false }, { 65, true }, { 100, true } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t end = 100 + 2 * cases[i].teeth;

		machine_reset(false);
		comb(&machine.reserved, 100, cases[i].teeth);
		model_to_memblock(&machine);
		/* cnt + one gap after every tooth */
		expect_eq(memblock_reserve(cell(100), (end - 100) * PAGE_SIZE), 0);
		if (cases[i].doubles)
			machine_reserve(place_outside(2 * FULL, 100, end),
					    array_bytes(2 * FULL));
		model_add(&machine.reserved, 100, end, MAX_NUMNODES, 0);
		expect_eq(memblock.reserved.max, cases[i].doubles ? 2 * FULL : FULL);
		expect_same();
	}
}

KTAP_TEST(test_double_not_when_everything_is_there)
{
	machine_reset(false);
	comb(&machine.reserved, 100, FULL);
	model_to_memblock(&machine);
	expect_eq(memblock_reserve(cell(102), PAGE_SIZE), 0);
	expect_eq(memblock_reserve(cell(102), 1), 0);
	expect_eq(memblock_reserve(cell(500), 0), 0);
	expect_eq(memblock_phys_free(cell(500), 0), 0);
	expect_eq(memblock.reserved.max, FULL);
	expect_same();
}

/* ---- where ---- */

/* The 129th reservation at every place, in both directions. */
KTAP_TEST(test_double_reserved_at_every_position)
{
	for (int up = 0; up < 2; up++) {
		for (size_t at = 0; at <= 2 * FULL; at += 2) {
			size_t first = 300 + at - 1;	/* between the teeth */

			machine_reset(up);
			model_add(&machine.reserved, 300, 301, MAX_NUMNODES, 0);
			for (size_t i = 1; i < FULL; i++)
				model_add(&machine.reserved, 300 + 4 * i, 300 + 4 * i + 1,
					  MAX_NUMNODES, 0);
			first = at ? 300 + 2 * at - 2 : 298;
			model_to_memblock(&machine);
			expect_eq(memblock_reserve(cell(first), PAGE_SIZE), 0);
			machine_reserve(place_outside(2 * FULL, first, first + 1),
					    array_bytes(2 * FULL));
			model_add(&machine.reserved, first, first + 1, MAX_NUMNODES, 0);
			expect_eq(memblock.reserved.max, 2 * FULL);
			expect_same();
		}
	}
}

KTAP_TEST(test_double_memory_at_every_position)
{
	for (int up = 0; up < 2; up++) {
		for (size_t at = 0; at <= FULL; at++) {
			size_t first = at ? 100 + 4 * at - 2 : 98;

			machine_reset(up);
			model_remove(&machine.memory, 0, 1024);
			model_add(&machine.memory, 800, 1000, MAX_NUMNODES, 0);
			for (size_t i = 0; i < FULL - 1; i++)
				model_add(&machine.memory, 100 + 4 * i, 100 + 4 * i + 1,
					  MAX_NUMNODES, 0);
			model_to_memblock(&machine);
			expect_eq(memblock_add(cell(first), PAGE_SIZE), 0);
			machine_reserve(place(2 * FULL, 0, 0), array_bytes(2 * FULL));
			model_add(&machine.memory, first, first + 1, MAX_NUMNODES, 0);
			expect_eq(memblock.memory.max, 2 * FULL);
			expect_same();
		}
	}
}

struct window_row {
	const char	*name;
	size_t		free_first, free_end;	/* the only free memory besides R */
	size_t		first, end;		/* R, free until now */
	bool		bottom_up;
	long		want;			/* cell of the array, -1: cannot */
};

/* Row 3: never into the range about to be reserved. */
static const struct window_row window_rows[] = {
	{ "hole above",			900, 902, 700, 710, false, 900 },
	{ "hole below",			600, 602, 700, 710, false, 600 },
	{ "hole too small",		900, 901, 700, 710, false, -1 },
	{ "no hole",			900, 900, 700, 710, false, -1 },
	{ "above before below",		600, 1024, 700, 710, false, 1022 },
	{ "above before below, upwards", 600, 1024, 700, 710, true, 710 },
	{ "below only, top-down",	600, 710, 700, 710, false, 698 },
	{ "below only, upwards",	600, 710, 700, 710, true, 600 },
	{ "one cell above, rest below",	600, 711, 700, 710, false, 698 },
	{ "two cells above",		600, 712, 700, 710, false, 710 },
	{ "one below, one above",	699, 711, 700, 710, false, -1 },
	{ "exactly two below",		698, 710, 700, 710, false, 698 },
};

KTAP_TABLE_TEST(test_double_exclusion_window, window_rows, row)
{
	bool full;

	machine_reset(row->bottom_up);
	/* The comb lies outside of memory, so that it leaves no gaps to use. */
	model_remove(&machine.memory, 0, 400);
	comb(&machine.reserved, 0, FULL - 3);
	model_add(&machine.reserved, 400, 1024, MAX_NUMNODES, 0);
	model_remove(&machine.reserved, row->free_first, row->free_end);
	model_remove(&machine.reserved, row->first, row->end);
	model_to_memblock(&machine);
	memblock.reserved.max = memblock.reserved.cnt;	/* full */
	full = memblock_reserve(cell(row->first), (row->end - row->first) * PAGE_SIZE) != 0;
	expect_eq(full, row->want < 0);
	if (row->want >= 0) {
		expect_eq(array_at(&memblock.reserved), cell((size_t)row->want));
		machine_reserve(cell((size_t)row->want),
				    array_bytes(memblock.reserved.max));
		model_add(&machine.reserved, row->first, row->end, MAX_NUMNODES, 0);
	}
	expect_same();
}

/* Row 26: the limit is 1 MiB while the map is taken in. */
KTAP_TEST(test_double_memory_below_the_limit)
{
	mbtest_reset();
	memblock_allow_resize();
	memblock_set_current_limit(0x100000);
	memblock_set_verbose(true);
	memblock_add(0, 0x9f000);
	for (unsigned int i = 0; i < FULL; i++)
		memblock_add(0x1000000 + i * 0x200000ULL, 0x100000);
	expect_eq(memblock.memory.max, 2 * FULL);
	expect_eq(memblock.memory.cnt, FULL + 1);
	expect_eq(array_at(&memblock.memory), 0x9d000);
	expect_log("memblock: memory is doubled to 256 at [0x000000000009d000-0x000000000009e7ff]");
	expect_eq(memblock.reserved.cnt, 1);
	expect_eq(memblock.reserved.regions[0].base, 0x9d000);
	expect_eq(memblock.reserved.regions[0].size, 0x2000);
}

KTAP_TEST(test_double_reserved_window_ends_at_the_limit)
{
	machine_reset(false);
	comb(&machine.reserved, 500, FULL);
	model_to_memblock(&machine);
	memblock_set_current_limit(machine.limit = cell(400));
	expect_eq(memblock_reserve(cell(900), PAGE_SIZE), 0);
	expect_eq(array_at(&memblock.reserved), cell(398));
	machine_reserve(cell(398), array_bytes(2 * FULL));
	model_add(&machine.reserved, 900, 901, MAX_NUMNODES, 0);
	expect_same();
}

/* Above the range: mirrored, then any; then the same below it. */
KTAP_TEST(test_double_prefers_mirrored_memory)
{
	machine_reset(false);
	mirrored_kernelcore = true;
	memblock_mark_mirror(cell(10), 5 * PAGE_SIZE);
	model_flag(&machine.memory, 10, 15, MEMBLOCK_MIRROR, true);
	machine.mirror = true;
	comb(&machine.reserved, 500, FULL);
	model_to_memblock(&machine);
	expect_eq(memblock_reserve(cell(5), PAGE_SIZE), 0);
	expect_eq(array_at(&memblock.reserved), cell(13));
	expect_no_log("mirrored");
	machine_reserve(cell(13), array_bytes(2 * FULL));
	model_add(&machine.reserved, 5, 6, MAX_NUMNODES, 0);
	expect_same();
}

KTAP_TEST(test_double_without_mirrored_memory_says_so)
{
	machine_reset(false);
	mirrored_kernelcore = true;
	memblock_mark_mirror(cell(10), PAGE_SIZE);
	model_flag(&machine.memory, 10, 11, MEMBLOCK_MIRROR, true);
	machine.mirror = true;
	comb(&machine.reserved, 500, FULL);
	model_to_memblock(&machine);
	expect_eq(memblock_reserve(cell(900), PAGE_SIZE), 0);
	expect_log("Could not allocate 0x0000000000002000 bytes of mirrored memory");
	expect_eq(array_at(&memblock.reserved), cell(1022));
}

/* Row 3 at address 0, where an end of the search of 0 would mean "anywhere". */
KTAP_TEST(test_double_never_inside_a_range_from_0)
{
	for (phys_addr_t base = 0; base <= PAGE_SIZE; base += PAGE_SIZE / 2) {
		mbtest_reset();
		memblock_allow_resize();
		memblock_add(0, 0x100000);
		memblock_set_current_limit(0x80000);
		for (unsigned int i = 0; i < FULL; i++)
			memblock_reserve(0x1000000 + i * 0x2000ULL, 0x1000);
		expect_eq(memblock_reserve(base, 0x90000), -ENOMEM);
		expect_eq(memblock.reserved.cnt, FULL);
		memblock_set_current_limit(MEMBLOCK_ALLOC_ANYWHERE);
		expect_eq(memblock_reserve(base, 0x90000), 0);
		expect_eq(array_at(&memblock.reserved), 0xfe000);
	}
}

/* Page 0 is never used, even if it is all there is. */
KTAP_TEST(test_double_never_at_page_zero)
{
	mbtest_reset();
	memblock_allow_resize();
	memblock_add(0, 2 * PAGE_SIZE);
	for (unsigned int i = 0; i < FULL; i++)
		memblock_reserve(0x1000000 + i * 0x2000ULL, 0x1000);
	expect_eq(memblock_reserve(0x2000000, 0x1000), -ENOMEM);
	memblock_add(2 * PAGE_SIZE, PAGE_SIZE);
	expect_eq(memblock_reserve(0x2000000, 0x1000), 0);
	expect_eq(array_at(&memblock.reserved), PAGE_SIZE);
}

/* ---- what is left ---- */

/* 128, 256, 512, 1024: every doubled array is given back, the static one is not. */
KTAP_TEST(test_double_again_frees_the_old_array)
{
	for (int up = 0; up < 2; up++) {
		phys_addr_t old = 0;
		unsigned long max = FULL;

		mbtest_reset();
		memblock_allow_resize();
		memblock_set_bottom_up(up);
		memblock_add(0x1000000, 0x1000000);
		for (unsigned int i = 0; i < 1000; i++) {
			expect_eq(memblock_reserve(0x10000000 + i * 0x2000ULL, 0x1000), 0);
			if (memblock.reserved.max == max)
				continue;
			expect_eq(memblock.reserved.max, 2 * max);
			max *= 2;
			expect_true(memblock_is_region_reserved(array_at(&memblock.reserved),
								array_bytes(max)));
			if (old && old != array_at(&memblock.reserved))
				expect_false(memblock_is_reserved(old));
			old = array_at(&memblock.reserved);
		}
		expect_eq(max, 1024);
		/* 1000 pages and one array */
		expect_eq(memblock.reserved.total_size, 1000 * 0x1000 + array_bytes(1024));
		expect_null(picture_type_broken(&memblock.reserved));
		for (unsigned int i = 0; i < 1000; i++) {
			expect_true(memblock_is_reserved(0x10000000 + i * 0x2000ULL));
			expect_false(memblock_is_reserved(0x10001000 + i * 0x2000ULL));
		}
	}
}

KTAP_TEST(test_double_memory_again_frees_the_old_array)
{
	mbtest_reset();
	memblock_allow_resize();
	memblock_add(0x1000000, 0x1000000);
	for (unsigned int i = 0; i < 1000; i++)
		expect_eq(memblock_add(0x10000000 + i * 0x2000ULL, 0x1000), 0);
	expect_eq(memblock.memory.max, 1024);
	expect_eq(memblock.memory.cnt, 1001);
	expect_eq(memblock.memory.total_size, 0x1000000 + 1000 * 0x1000);
	expect_eq(memblock.reserved.total_size, array_bytes(1024));
	expect_eq(memblock.reserved.cnt, 1);
	expect_null(picture_type_broken(&memblock.memory));
}

/* A test-suite puts the old pointer back: what counts is where `regions` points. */
KTAP_TEST(test_double_pointer_put_back_by_hand)
{
	machine_reset(false);
	comb(&machine.reserved, 100, FULL);
	model_to_memblock(&machine);
	expect_eq(memblock_reserve(cell(900), PAGE_SIZE), 0);
	expect_eq(memblock.reserved.max, 2 * FULL);
	memblock.reserved.regions = mb_state.reserved_init;
	memblock.reserved.max = FULL;
	machine_reset(false);
	comb(&machine.reserved, 100, FULL);
	memblock.reserved.regions = mb_state.reserved_init;
	model_to_memblock(&machine);
	expect_eq(memblock_reserve(cell(900), PAGE_SIZE), 0);
	machine_reserve(place_outside(2 * FULL, 900, 901), array_bytes(2 * FULL));
	model_add(&machine.reserved, 900, 901, MAX_NUMNODES, 0);
	expect_same();
}

/* Memory is dirty; an array is not. */
KTAP_TEST(test_double_leaves_zeros_behind_the_last_region)
{
	unsigned long dirty = 0;

	machine_reset(false);
	comb(&machine.reserved, 100, FULL);
	model_to_memblock(&machine);
	memset(phys_to_virt(cell(1020)), 0xa5, 4 * PAGE_SIZE);
	memblock_reserve(cell(900), PAGE_SIZE);
	for (unsigned long i = memblock.reserved.cnt; i < memblock.reserved.max; i++) {
		const struct memblock_region *r = &mb_state.reserved_block.first[i];

		dirty += r->base || r->size || r->flags;
	}
	expect_eq(dirty, 0);
}

KTAP_TEST(test_double_accepts_the_memory)
{
	machine_reset(false);
	comb(&machine.reserved, 100, FULL);
	model_to_memblock(&machine);
	fake_accept.calls = 0;
	memblock_reserve(cell(900), PAGE_SIZE);
	expect_no_log("doubled");	/* said with memblock=debug only */
	expect_eq(fake_accept.calls, 1);
	expect_eq(fake_accept.start, array_at(&memblock.reserved));
	expect_eq(fake_accept.size, array_bytes(2 * FULL));
}

KTAP_TEST(test_double_line_is_linuxs)
{
	machine_reset(false);
	comb(&machine.reserved, 100, FULL);
	model_to_memblock(&machine);
	memblock_set_verbose(true);
	memblock_reserve(cell(900), PAGE_SIZE);
	/* the end is that of 256 * 24 bytes, not of the pages */
	expect_log("memblock: reserved is doubled to 256 at [0x00000000013fe000-0x00000000013ff7ff]");
	expect_log("memblock_reserve: [0x00000000013fe000-0x00000000013fffff] ");
}
