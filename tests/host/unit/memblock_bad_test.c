/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bad input: every function with sizes of 0 and all ones, ranges that wrap, odd
 * alignments, nodes out of range, unknown flags, and after the hand-over.
 */
#include <stdio.h>
#include <string.h>

#include "kernel/lib/align.h"
#include "kernel/lib/errno.h"
#include "mm/memblock.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/fake_buddy.h"
#include "tests/host/model/mbtest.h"
#include "tests/host/model/model.h"

typedef int range_fn(phys_addr_t base, phys_addr_t size);

static int add_node(phys_addr_t base, phys_addr_t size)
{
	return memblock_add_node(base, size, MAX_NUMNODES, MEMBLOCK_NONE);
}

static int set_node_memory(phys_addr_t base, phys_addr_t size)
{
	return memblock_set_node(base, size, &memblock.memory, 1);
}

static int set_node_reserved(phys_addr_t base, phys_addr_t size)
{
	return memblock_set_node(base, size, &memblock.reserved, 1);
}

static int mark_mirror(phys_addr_t base, phys_addr_t size)
{
	mirrored_kernelcore = true;
	return memblock_mark_mirror(base, size);
}

static const struct {
	const char	*name;
	range_fn	*fn;
} range_fns[] = {
	{ "add", memblock_add },
	{ "add_node", add_node },
	{ "remove", memblock_remove },
	{ "reserve", memblock_reserve },
	{ "phys_free", memblock_phys_free },
	{ "mark_hotplug", memblock_mark_hotplug },
	{ "clear_hotplug", memblock_clear_hotplug },
	{ "mark_nomap", memblock_mark_nomap },
	{ "clear_nomap", memblock_clear_nomap },
	{ "mark_mirror", mark_mirror },
	{ "mark_noinit", memblock_reserved_mark_noinit },
	{ "set_node memory", set_node_memory },
	{ "set_node reserved", set_node_reserved },
};

#define STATE_MEMORY	"..==HH.NN.="
#define STATE_RESERVED	"=.==.II.."

static bool unchanged(const char *what)
{
	bool same = picture_same(&memblock.memory, STATE_MEMORY, page_grid, what);

	return picture_same(&memblock.reserved, STATE_RESERVED, page_grid, what) && same;
}

static const phys_addr_t odd_bases[] = {
	0, 1, 0xfff, 0x1000000, 0x1002000, 0x1002fff, 0x1003001, 0x100b000, 1ULL << 52,
	1ULL << 63, ~0ULL - 0x1000, ~0ULL - 1, ~0ULL,
};

KTAP_TABLE_TEST(test_bad_size_zero_changes_nothing, range_fns, row)
{
	mbtest_load(STATE_MEMORY, STATE_RESERVED, page_grid);
	for (size_t i = 0; i < ARRAY_SIZE(odd_bases); i++)
		expect_eq(row->fn(odd_bases[i], 0), 0);
	expect_true(unchanged(row->name));
}

/* base all ones: nothing is left after cutting. */
KTAP_TABLE_TEST(test_bad_base_all_ones_changes_nothing, range_fns, row)
{
	mbtest_load(STATE_MEMORY, STATE_RESERVED, page_grid);
	expect_eq(row->fn(~0ULL, 1), 0);
	expect_eq(row->fn(~0ULL, ~0ULL), 0);
	expect_true(unchanged(row->name));
}

/* Field by field: without nodes the structure has padding. */
static bool same_regions(const struct memblock_type *type, const struct memblock_region *want)
{
	for (unsigned long i = 0; i < type->cnt; i++) {
		const struct memblock_region *r = &type->regions[i];

		if (r->base != want[i].base || r->size != want[i].size ||
		    r->flags != want[i].flags || picture_nid(r) != picture_nid(&want[i]))
			return false;
	}
	return true;
}

/* Cut at the end: the same as asking for what is left. */
KTAP_TABLE_TEST(test_bad_range_that_wraps_is_cut, range_fns, row)
{
	static const phys_addr_t more[] = { 1, 2, 0x1000, ~0ULL };
	static struct memblock_region memory[32], reserved[32];

	for (size_t i = 0; i < ARRAY_SIZE(odd_bases); i++) {
		phys_addr_t rest = PHYS_ADDR_MAX - odd_bases[i];
		unsigned long cnt;

		mbtest_load(STATE_MEMORY, STATE_RESERVED, page_grid);
		expect_eq(row->fn(odd_bases[i], rest), 0);
		memcpy(memory, memblock.memory.regions, sizeof(memory));
		memcpy(reserved, memblock.reserved.regions, sizeof(reserved));
		cnt = memblock.memory.cnt + memblock.reserved.cnt;
		mbtest_warned();
		for (size_t k = 0; k < ARRAY_SIZE(more); k++) {
			mbtest_load(STATE_MEMORY, STATE_RESERVED, page_grid);
			expect_eq(row->fn(odd_bases[i], MIN(rest, ~0ULL - more[k]) + more[k]), 0);
			expect_eq(memblock.memory.cnt + memblock.reserved.cnt, cnt);
			expect_true(same_regions(&memblock.memory, memory));
			expect_true(same_regions(&memblock.reserved, reserved));
			expect_null(picture_type_broken(&memblock.memory));
			expect_null(picture_type_broken(&memblock.reserved));
			mbtest_warned();
		}
	}
}

/* Row 12. */
KTAP_TEST(test_bad_huge_add_reaches_the_end_of_the_address_space)
{
	mbtest_reset();
	expect_eq(memblock_add(0x1000, ~0ULL), 0);
	expect_eq(memblock.memory.cnt, 1);
	expect_eq(memblock.memory.regions[0].base, 0x1000);
	expect_eq(memblock.memory.regions[0].size, PHYS_ADDR_MAX - 0x1000);
	expect_eq(memblock_remove(1ULL << 48, ~0ULL), 0);
	expect_eq(memblock.memory.regions[0].size, (1ULL << 48) - 0x1000);
	expect_eq(memblock.memory.total_size, (1ULL << 48) - 0x1000);
	expect_eq(memblock_reserve(0, ~0ULL), 0);
	expect_eq(memblock.reserved.total_size, ~0ULL);
	expect_eq(memblock_phys_free(0, ~0ULL), 0);
	expect_eq(memblock.reserved.cnt, 0);
}

KTAP_TEST(test_bad_single_last_byte)
{
	mbtest_reset();
	expect_eq(memblock_add(~0ULL - 1, 1), 0);
	expect_eq(memblock_add(~0ULL - 1, 2), 0);
	expect_eq(memblock.memory.cnt, 1);
	expect_eq(memblock.memory.total_size, 1);
	expect_eq(memblock_remove(~0ULL - 1, 1), 0);
	expect_eq(memblock.memory.cnt, 0);
}

/* ---- nodes and flags: stored as given ---- */

#ifdef CONFIG_NUMA
KTAP_TEST(test_bad_nodes_are_stored_and_are_no_nodes)
{
	static const int nids[] = { -1, MAX_NUMNODES, MAX_NUMNODES + 1, 0x7fffffff, -0x7fffffff };

	for (size_t i = 0; i < ARRAY_SIZE(nids); i++) {
		mbtest_reset();
		expect_eq(memblock_add_node(0x10000, 0x1000, nids[i], MEMBLOCK_NONE), 0);
		expect_eq(memblock.memory.regions[0].nid, nids[i]);
		memblock_set_verbose(true);
		memblock_dump_all();
		expect_no_log("on node");
		memblock_set_verbose(false);
		expect_false(memblock_validate_numa_coverage(0));
		expect_ne(memblock_phys_alloc_try_nid(0x10, 0x10, nids[i]), 0);
		expect_ptr_eq(memblock_alloc_exact_nid_raw(0x10, 0x10, 0, 0, nids[i]),
			      phys_to_virt(0x10fe0));
		expect_eq(memblock_set_node(0x10000, 0x800, &memblock.memory, nids[i]), 0);
		expect_eq(memblock.memory.cnt, 1);
	}
}
#endif

KTAP_TEST(test_bad_flags_are_stored_and_keep_regions_apart)
{
	static const unsigned int words[] = { 0x10, 0x20, 0x40, 0x1000, 0x40000000, 0x80000000,
					      ~0x1fU };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		enum memblock_flags flags = (enum memblock_flags)words[i];

		mbtest_reset();
		memblock_add(0x10000, 0x1000);
		expect_eq(memblock_add_node(0x11000, 0x1000, MAX_NUMNODES, flags), 0);
		expect_eq(memblock.memory.cnt, 2);
		expect_eq((unsigned int)memblock.memory.regions[1].flags, words[i]);
		expect_eq(memblock_mark_hotplug(0x11000, 0x1000), 0);
		expect_eq((unsigned int)memblock.memory.regions[1].flags, words[i] | 1);
		expect_eq(memblock_clear_hotplug(0x11000, 0x1000), 0);
		expect_eq((unsigned int)memblock.memory.regions[1].flags, words[i]);
		/* Not one of those that keep the allocator away. */
		expect_eq(memblock_phys_alloc(0x1000, 0x1000), 0x11000);
	}
}

/* ---- alignments ---- */

/* Nobody promises a useful place; but it is free memory, or 0, and comes back. */
KTAP_TEST(test_bad_align_not_a_power_of_two_stays_in_free_memory)
{
	static const phys_addr_t aligns[] = { 3, 5, 6, 7, 12, 100, 0xfff, 0x1001, 0x3000,
					      ~0ULL, ~0ULL - 1, (1ULL << 63) + 1 };

	for (size_t i = 0; i < ARRAY_SIZE(aligns); i++) {
		for (int up = 0; up < 2; up++) {
			phys_addr_t at;

			mbtest_load("..====..", "....=...", page_grid);
			memblock_set_bottom_up(up);
			at = memblock_phys_alloc(0x100, aligns[i]);
			if (!at)
				continue;
			expect_true(memblock_is_region_memory(at, 0x100));
			expect_eq(memblock_reserved_size(), 0x1100);
			expect_null(picture_type_broken(&memblock.reserved));
			memblock_phys_free(at, 0x100);
			expect_true(picture_same(&memblock.reserved, "....=", page_grid, "back"));
		}
	}
}

KTAP_TEST(test_bad_align_zero_everywhere)
{
	mbtest_load("..====..", "", page_grid);
	expect_eq(memblock_phys_alloc(1, 0) % SMP_CACHE_BYTES, 0);
	expect_eq(memblock_phys_alloc_try_nid(1, 0, 0) % SMP_CACHE_BYTES, 0);
	expect_eq((uintptr_t)memblock_alloc(1, 0) % SMP_CACHE_BYTES, 0);
	expect_eq((uintptr_t)memblock_alloc_raw(1, 0) % SMP_CACHE_BYTES, 0);
	expect_eq(memblock.reserved.total_size, 4);
	memblock_trim_memory(0);
	expect_true(picture_same(&memblock.memory, "..====..", page_grid, "trim 0"));
}

/* ---- sizes no machine has ---- */

KTAP_TEST(test_bad_huge_allocations_fail)
{
	static const phys_addr_t sizes[] = { ~0ULL, ~0ULL - 1, ~0ULL - 0xfff, 1ULL << 63,
					     (1ULL << 63) + 1, ~0ULL - 0x1000000, 0x6001 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (int up = 0; up < 2; up++) {
			mbtest_load("..======..", "", page_grid);
			memblock_set_bottom_up(up);
			expect_eq(memblock_phys_alloc(sizes[i], 1), 0);
			expect_eq(memblock_phys_alloc(sizes[i], 1ULL << 62), 0);
			expect_eq(memblock_phys_alloc_range(sizes[i], 64, 0x1002000, ~0ULL), 0);
			expect_ptr_eq(memblock_alloc(sizes[i], 64), NULL);
			expect_ptr_eq(memblock_alloc_from(sizes[i], 64, 0x1004000), NULL);
			expect_eq(memblock.reserved.cnt, 0);
		}
	}
}

KTAP_TEST(test_bad_limit_zero_and_one)
{
	mbtest_load("..====..", "", page_grid);
	memblock_set_current_limit(0);
	expect_eq(memblock_phys_alloc(16, 16), 0);
	expect_ptr_eq(memblock_alloc(16, 16), NULL);
	memblock_set_current_limit(1);
	expect_eq(memblock_phys_alloc(16, 16), 0);
	expect_eq(memblock.reserved.cnt, 0);
}

KTAP_TEST(test_bad_calls_on_empty_arrays)
{
	phys_addr_t s = 7, e = 8;
	uint64_t i;

	mbtest_reset();
	for (size_t f = 0; f < ARRAY_SIZE(range_fns); f++)
		if (range_fns[f].fn != memblock_add && range_fns[f].fn != add_node &&
		    range_fns[f].fn != memblock_reserve)
			expect_eq(range_fns[f].fn(0x1000, 0x1000), 0);
	memblock_trim_memory(0x1000);
	memblock_enforce_memory_limit(0x1000);
	memblock_mem_limit_remove_map(0x1000);
	expect_eq(memblock_phys_alloc(16, 16), 0);
	expect_eq(memblock_phys_alloc(0, 16), 0);
	memblock_set_bottom_up(true);
	expect_eq(memblock_phys_alloc(16, 16), 0);
	expect_eq(memblock_phys_alloc(0, 16), 0);
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &s, &e, NULL)
		expect_true(false);
	for_each_free_mem_range_reverse(i, NUMA_NO_NODE, MEMBLOCK_NONE, &s, &e, NULL)
		expect_true(false);
	for_each_mem_range_rev(i, &s, &e)
		expect_true(false);
	expect_eq(memblock.memory.cnt, 0);
	expect_eq(memblock.reserved.cnt, 0);
}

/* ---- after the hand-over ---- */

static void hand_over(void)
{
	fake_buddy_reset();
	mbtest_load("..======..", "..=...", page_grid);
	max_low_pfn = FAKE_PAGES;
	memblock_free_all();
}

/* Refused: NULL or 0, and a warning names the caller (once). */
KTAP_TEST(test_bad_allocation_after_hand_over_is_refused)
{
	hand_over();
	expect_eq(memblock_phys_alloc(0x1000, 0x1000), 0);
	expect_true(mbtest_warned());
	expect_log("wants 0x0000000000001000 bytes after the hand-over");
	expect_eq(memblock_phys_alloc_try_nid(0x1000, 0x1000, 0), 0);
	expect_eq(memblock_alloc_range_nid(0x1000, 0x1000, 0, 0, 0, true), 0);
	expect_ptr_eq(memblock_alloc(0x1000, 0x1000), NULL);
	expect_ptr_eq(memblock_alloc_raw(0, 0x1000), NULL);
	expect_ptr_eq(memblock_alloc_exact_nid_raw(0x1000, 0x1000, 0, 0, 0), NULL);
	expect_eq(memblock.reserved.total_size, 0x1000);
	mbtest_warned();
}

KTAP_TEST(test_bad_arrays_stay_readable_after_hand_over)
{
	hand_over();
	expect_true(memblock_is_memory(0x1003000));
	expect_true(memblock_is_reserved(0x1002000));
	expect_false(memblock_is_reserved(0x1003000));
	expect_eq(memblock_phys_mem_size(), 0x6000);
	expect_eq(memblock_phys_free(0x1002000, 0x1000), 0);
	expect_eq(memblock.reserved.cnt, 0);
	expect_eq(fake_buddy_freed(), 5);	/* phys_free gives nothing to the buddy */
}

/* Growing an array would take memory the buddy owns. */
KTAP_TEST(test_bad_doubling_after_hand_over_fails)
{
	mbtest_reset();
	fake_buddy_reset();
	memblock_allow_resize();
	memblock_add(0x1000000, 0x1000000);
	for (unsigned int i = 0; i < INIT_MEMBLOCK_REGIONS; i++)
		memblock_reserve(0x1000000 + i * 0x4000ULL, 0x1000);
	max_low_pfn = FAKE_PAGES;
	memblock_free_all();
	expect_eq(memblock_reserve(0x1002000, 0x1000), -ENOMEM);
	expect_eq(memblock.reserved.cnt, INIT_MEMBLOCK_REGIONS);
}
