/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the allocator finds room: both directions, alignment, borders, nodes,
 * flags.  Every row is drawn once and searched top-down and bottom-up, through
 * the physical allocator; what is found must be reserved and nothing else.
 */
#include <stdio.h>
#include <string.h>

#include "mm/memblock.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/mbtest.h"

#define ANY	NUMA_NO_NODE

/*
 * Sizes, alignments and borders are in pages; borders count from the left edge
 * of the drawing, max 0 is "accessible".  A want of "" is failure.
 */
struct find_row {
	const char	*name;
	const char	*memory;
	const char	*reserved;
	unsigned int	size, align, min, max;
	int		nid;
	bool		exact;
	const char	*top_down;
	const char	*bottom_up;
};

static const struct find_row rows[] = {
	/* one region */
	{ "whole region", "....====....", "", 4, 1, 0, 0, ANY, 0, "....####....", "....####...." },
	{ "part", "....====....", "", 1, 1, 0, 0, ANY, 0, ".......#....", "....#......." },
	{ "too large", "....====....", "", 5, 1, 0, 0, ANY, 0, "", "" },
	{ "no memory", "............", "", 1, 1, 0, 0, ANY, 0, "", "" },
	{ "all reserved", "....====....", "..========..", 1, 1, 0, 0, ANY, 0, "", "" },
	{ "huge", "....====....", "", 0x40000, 1, 0, 0, ANY, 0, "", "" },
	/* among reservations */
	{ "below a reservation", "..========..", "......====..", 2, 1, 0, 0, ANY, 0,
	  "....##......", "..##........" },
	{ "above a reservation", "..========..", "..====......", 2, 1, 0, 0, ANY, 0,
	  "........##..", "......##...." },
	{ "between reservations", "..========..", "..===..===..", 2, 1, 0, 0, ANY, 0,
	  ".....##.....", ".....##....." },
	{ "gap too small", "..========..", "..==.==.==..", 2, 1, 0, 0, ANY, 0, "", "" },
	{ "best is not first", "==========..", ".=.==..==...", 2, 1, 0, 0, ANY, 0,
	  ".....##.....", ".....##....." },
	{ "highest and lowest fit", "============", "..==...==...", 2, 1, 0, 0, ANY, 0,
	  "..........##", "##.........." },
	{ "reservation over a hole", "====....====", "..========..", 2, 1, 0, 0, ANY, 0,
	  "..........##", "##.........." },
	{ "reservation outside", "....====....", "==........==", 4, 1, 0, 0, ANY, 0,
	  "....####....", "....####...." },
	{ "reservation touches", "....====....", "..==....==..", 4, 1, 0, 0, ANY, 0,
	  "....####....", "....####...." },
	{ "not across a hole", "===..===....", "", 4, 1, 0, 0, ANY, 0, "", "" },
	{ "not across regions", "===HHH......", "", 4, 1, 0, 0, ANY, 0, "", "" },
#ifdef CONFIG_NUMA
	{ "not across nodes", "000111......", "", 4, 1, 0, 0, ANY, 0, "", "" },
#endif
	/* alignment */
	{ "aligned end", "============", "", 2, 4, 0, 0, ANY, 0, "........##..", "##.........." },
	{ "slack above", ".======.....", "", 1, 4, 0, 0, ANY, 0, "....#.......", "....#......." },
	{ "align larger than size", ".=======.===", "", 1, 4, 0, 0, ANY, 0,
	  "....#.......", "....#......." },
	{ "size not a multiple", "============", "", 3, 4, 0, 0, ANY, 0,
	  "........###.", "###........." },
	{ "align does not fit", ".===........", "", 1, 4, 0, 0, ANY, 0, "", "" },
	{ "align fits lower only", ".====.==....", "", 1, 4, 0, 0, ANY, 0,
	  "....#.......", "....#......." },
	{ "align skips the first", "..==....====", "", 2, 4, 0, 0, ANY, 0,
	  "........##..", "........##.." },
	{ "align among reservations", "============", "====.=.=.===", 1, 4, 0, 0, ANY, 0,
	  "........#...", "....#......." },
	/* borders */
	{ "min inside", "..========..", "", 2, 1, 4, 0, ANY, 0, "........##..", "....##......" },
	{ "max inside", "..========..", "", 2, 1, 0, 6, ANY, 0, "....##......", "..##........" },
	{ "both inside", "..========..", "", 2, 1, 4, 6, ANY, 0, "....##......", "....##......" },
	{ "both too tight", "..========..", "", 3, 1, 4, 6, ANY, 0, "", "" },
	{ "min in a hole", "====....====", "", 2, 1, 5, 0, ANY, 0, "..........##", "........##.." },
	{ "max in a hole", "====....====", "", 2, 1, 0, 7, ANY, 0, "..##........", "##.........." },
	{ "max below all", "......====..", "", 1, 1, 0, 4, ANY, 0, "", "" },
	{ "max at the start", "......====..", "", 1, 1, 0, 6, ANY, 0, "", "" },
	{ "min above all", "..====......", "", 1, 1, 8, 0, ANY, 0, "", "" },
	{ "min at the end", "..====......", "", 1, 1, 6, 0, ANY, 0, "", "" },
	{ "min above max", "============", "", 1, 1, 8, 4, ANY, 0, "", "" },
	{ "min is max", "============", "", 1, 1, 4, 4, ANY, 0, "", "" },
	{ "min and align", "============", "", 1, 4, 5, 0, ANY, 0, "........#...", "........#..." },
	{ "max and align", "============", "", 3, 4, 0, 7, ANY, 0, "....###.....", "###........." },
	{ "max cuts align", "============", "", 4, 4, 0, 7, ANY, 0, "####........", "####........" },
	/* flags */
	{ "nomap never", "..NNNN......", "", 1, 1, 0, 0, ANY, 0, "", "" },
	{ "beside nomap", "..==NNNN....", "", 1, 1, 0, 0, ANY, 0, "...#........", "..#........." },
	{ "driver managed never", "..DDDD......", "", 1, 1, 0, 0, ANY, 0, "", "" },
	{ "hotplug without movable_node", "..HHHH......", "", 1, 1, 0, 0, ANY, 0,
	  ".....#......", "..#........." },
	{ "mirror is memory too", "..==MM......", "", 1, 1, 0, 0, ANY, 0,
	  ".....#......", "..#........." },
	{ "reserved flags do not matter", "============", "IIII....0000", 4, 1, 0, 0, ANY, 0,
	  "....####....", "....####...." },
#ifdef CONFIG_NUMA
	/* nodes */
	{ "node above", "000000111111", "", 2, 1, 0, 0, 1, 0, "..........##", "......##...." },
	{ "node below", "000000111111", "", 2, 1, 0, 0, 0, 0, "....##......", "##.........." },
	{ "node exact", "000000111111", "", 2, 1, 0, 0, 0, 1, "....##......", "##.........." },
	{ "node full, other", "000000111111", "=====.......", 2, 1, 0, 0, 0, 0,
	  "..........##", "......##...." },
	{ "node full, exact", "000000111111", "=====.......", 2, 1, 0, 0, 0, 1, "", "" },
	{ "node without memory, other", "000000111111", "", 2, 1, 0, 0, 2, 0,
	  "..........##", "##.........." },
	{ "node without memory, exact", "000000111111", "", 2, 1, 0, 0, 2, 1, "", "" },
	{ "node interleaved", "001100110011", "", 2, 1, 0, 0, 0, 0,
	  "........##..", "##.........." },
	{ "node and max", "001100110011", "", 2, 1, 0, 6, 1, 1, "..##........", "..##........" },
	{ "node and min", "001100110011", "", 2, 1, 7, 0, 0, 1, "........##..", "........##.." },
	{ "node out of max, other", "000000111111", "", 2, 1, 0, 6, 1, 0,
	  "....##......", "##.........." },
	{ "no node: MAX_NUMNODES", "000000111111", "", 2, 1, 0, 0, MAX_NUMNODES, 1,
	  "..........##", "##.........." },
	{ "no node: beyond", "000000111111", "", 2, 1, 0, 0, MAX_NUMNODES + 1, 1,
	  "..........##", "##.........." },
	{ "no node: very negative", "000000111111", "", 2, 1, 0, 0, -1000, 1,
	  "..........##", "##.........." },
	{ "memory without node is nobody's", "====00======", "", 3, 1, 0, 0, 0, 1, "", "" },
#endif
	/* many fragments: the answer is far from both ends */
	{ "deep", "========================", "=.=.=.=.=..=.=.=.=.=.=.=", 2, 1, 0, 0, ANY, 0,
	  ".........##.............", ".........##............." },
	{ "deep, aligned", "========================", "=.=.=.=...=.=.=.=.=.=.==", 1, 8, 0, 0, ANY, 0,
	  "........#...............", "........#..............." },
	{ "fragmented memory", "=.=.=.=.==.=.=.=.=.=.=.=", "", 2, 1, 0, 0, ANY, 0,
	  "........##..............", "........##.............." },
	{ "fragmented both", "===.===.===.===.===.===.", "=.==..==.=.=..==.==.==..", 2, 1, 0, 0, ANY, 0,
	  "............##..........", "....##.................." },
};

static phys_addr_t pages(unsigned int n)
{
	return (phys_addr_t)n * PAGE_SIZE;
}

/* @reserved plus the block @want: what the array must be. */
static void with_block(const struct find_row *row, const char *want, char *out)
{
	size_t cells = strlen(row->memory);

	memset(out, '.', cells);
	out[cells] = '\0';
	memcpy(out, row->reserved, strlen(row->reserved));
	for (size_t i = 0; want[i]; i++)
		if (want[i] == '#')
			out[i] = '=';
}

static bool search(const struct find_row *row, bool bottom_up)
{
	const char *want = bottom_up ? row->bottom_up : row->top_down;
	phys_addr_t base = page_grid.base, got, expected = 0;
	char after[PICTURE_MAX + 1];
	bool good;

	mbtest_load(row->memory, row->reserved, page_grid);
	memblock_set_bottom_up(bottom_up);
	got = memblock_alloc_range_nid(pages(row->size), pages(row->align),
				       row->min ? base + pages(row->min) : 0,
				       row->max ? base + pages(row->max) : 0, row->nid, row->exact);
	if (*want)
		expected = base + pages((unsigned int)strcspn(want, "#"));
	with_block(row, want, after);
	good = picture_same(&memblock.reserved, after, page_grid, row->name);
	good = picture_same(&memblock.memory, row->memory, page_grid, row->name) && good;
	if (got != expected) {
		printf("# %s: found %#llx instead of %#llx\n", row->name,
		       (unsigned long long)got, (unsigned long long)expected);
		good = false;
	}
	if (!good)
		printf("#   memory   %s\n#   reserved %s\n#   want     %s (%s)\n", row->memory,
		       row->reserved, want, bottom_up ? "bottom-up" : "top-down");
	return good;
}

KTAP_TABLE_TEST(test_find_top_down, rows, row)
{
	expect_true(search(row, false));
}

KTAP_TABLE_TEST(test_find_bottom_up, rows, row)
{
	expect_true(search(row, true));
}

/* Bytes, not pages: slack and edges. */
struct byte_row {
	const char	*name;
	phys_addr_t	base, bytes;		/* the memory */
	phys_addr_t	size, align, start, end;
	phys_addr_t	top_down, bottom_up;
};

static const struct byte_row byte_rows[] = {
	{ "one byte", 0x10000, 0x1000, 1, 1, 0, 0, 0x10fff, 0x10000 },
	{ "slack above", 0x10000, 0x1000, 100, 64, 0, 0, 0x10f80, 0x10000 },
	{ "odd region", 0x10001, 0x1001, 64, 64, 0, 0, 0x10fc0, 0x10040 },
	{ "odd region, exact fit", 0x10001, 0x1001, 0x1001, 1, 0, 0, 0x10001, 0x10001 },
	{ "one too many", 0x10001, 0x1001, 0x1002, 1, 0, 0, 0, 0 },
	{ "fits only without align", 0x10001, 0x1001, 0x1001, 2, 0, 0, 0, 0 },
	{ "region smaller than align", 0x10040, 0x40, 0x40, 0x80, 0, 0, 0, 0 },
	{ "aligned start is the end", 0x10040, 0x40, 1, 0x80, 0, 0, 0, 0 },
	{ "aligned start one below end", 0x10040, 0x41, 1, 0x80, 0, 0, 0x10080, 0x10080 },
	{ "align 1 top", 0x10000, 0x10, 0x10, 1, 0, 0, 0x10000, 0x10000 },
	{ "memory at 0", 0, 0x2000, 0x1000, 0x1000, 0, 0, 0x1000, 0x1000 },
	{ "memory at 0, one page", 0, 0x1000, 16, 16, 0, 0, 0, 0 },
	{ "memory at 0, byte after", 0, 0x1001, 1, 1, 0, 0, 0x1000, 0x1000 },
	{ "memory at 0, all", 0, 0x2000, 0x1001, 1, 0, 0, 0, 0 },
	{ "below page 1 asked", 0, 0x10000, 16, 16, 0, 0x800, 0, 0 },
	{ "region end below size", 0, 0x100000, 0x40000000, 1, 0, 0, 0, 0 },
	{ "size all ones", 0x10000, 0x10000, ~0ULL, 1, 0, 0, 0, 0 },
	{ "size all ones but one", 0x10000, 0x10000, ~0ULL - 1, 1, 0, 0, 0, 0 },
	{ "size wraps to start", 0x10000, 0x10000, ~0ULL - 0xffff, 1, 0, 0, 0, 0 },
	{ "align 2^63", 0x10000, 0x10000, 1, 1ULL << 63, 0, 0, 0, 0 },
	{ "align beyond the top", ~0ULL - 0x1000, 0xfff, 1, 0x10000, 0, ~0ULL, 0, 0 },
	{ "last bytes", ~0ULL - 0x10, 0x10, 0x10, 1, 0, ~0ULL, ~0ULL - 0x10, ~0ULL - 0x10 },
	{ "end anywhere", 0x10000, 0x1000, 0x10, 0x10, 0, ~0ULL, 0x10ff0, 0x10000 },
	{ "end 2 is an address", 0x10000, 0x1000, 0x10, 0x10, 0, 2, 0, 0 },
	{ "end 1 is the limit", 0x10000, 0x1000, 0x10, 0x10, 0, 1, 0x10ff0, 0x10000 },
	{ "start all ones", 0x10000, 0x1000, 0x10, 0x10, ~0ULL, 0, 0, 0 },
	{ "start and end odd", 0x10000, 0x1000, 0x10, 0x10, 0x10001, 0x10fff, 0x10fe0, 0x10010 },
};

/* A gap smaller than the size below a reservation: end - size must not wrap. */
KTAP_TEST(test_find_does_not_wrap_below_a_reservation)
{
	static const struct {
		phys_addr_t	base, end, rsv_base, rsv_end, size;
	} cases[] = {
		{ 0x1000, 0x100000, 0x50000, 0xff000, 0xf0000 },
		{ 0x40000, 0x100000, 0x60000, 0x61000, 0xa0000 },
		{ 0x100000, 0x200000, 0x100000, 0x100001, 0xfffff + 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		for (int up = 0; up < 2; up++) {
			mbtest_reset();
			memblock_set_bottom_up(up);
			memblock_add(cases[i].base, cases[i].end - cases[i].base);
			memblock_reserve(cases[i].rsv_base, cases[i].rsv_end - cases[i].rsv_base);
			expect_eq(memblock_phys_alloc(cases[i].size, 1), 0);
		}
	}
}

KTAP_TABLE_TEST(test_find_bytes, byte_rows, row)
{
	for (int up = 0; up < 2; up++) {
		phys_addr_t want = up ? row->bottom_up : row->top_down;

		mbtest_reset();
		memblock_add(row->base, row->bytes);
		memblock_set_bottom_up(up);
		expect_eq(memblock_phys_alloc_range(row->size, row->align, row->start, row->end),
			  want);
		expect_eq(memblock.reserved.cnt, want != 0);
		expect_eq(memblock.reserved.total_size, want ? row->size : 0);
		expect_eq(memblock.reserved.regions[0].base, want);
	}
}

KTAP_TEST(test_find_zero_size_returns_an_address_and_reserves_nothing)
{
	mbtest_load("..====..", "", page_grid);
	expect_eq(memblock_phys_alloc(0, PAGE_SIZE), page_grid.base + pages(6));
	memblock_set_bottom_up(true);
	expect_eq(memblock_phys_alloc(0, PAGE_SIZE), page_grid.base + pages(2));
	expect_eq(memblock.reserved.cnt, 0);
	expect_eq(memblock.reserved.total_size, 0);
}

/* Nothing, but aligned: ranges without an aligned address inside are skipped. */
KTAP_TEST(test_find_zero_size_skips_ranges_without_an_aligned_address)
{
	mbtest_reset();
	memblock_add(0x10000, 0x1000);
	memblock_add(0x20001, 0x10);
	expect_eq(memblock_phys_alloc(0, 0x1000), 0x11000);
	mbtest_reset();
	memblock_add(0x20001, 0x10);
	memblock_add(0x30000, 0x1000);
	memblock_set_bottom_up(true);
	expect_eq(memblock_phys_alloc(0, 0x1000), 0x30000);
	expect_eq(memblock_phys_alloc_range(0, 0x1000, 0x30001, 0), 0);
	/* clamped to [start, end]: a border will do top-down, not bottom-up */
	expect_eq(memblock_phys_alloc_range(0, 0x1000, 0x8000, 0x10000), 0);
	memblock_set_bottom_up(false);
	expect_eq(memblock_phys_alloc_range(0, 0x1000, 0x8000, 0x10000), 0x10000);
	expect_eq(memblock.reserved.cnt, 0);
}

KTAP_TEST(test_find_align_zero_means_cache_line_and_dumps_the_stack)
{
	mbtest_reset();
	memblock_add(0x10001, 0x1000);
	expect_eq(memblock_phys_alloc(1, 0), 0x11000);
	expect_log("Call Trace");
	expect_false(mbtest_warned());
	memblock_set_bottom_up(true);
	expect_eq(memblock_phys_alloc(1, 0), 0x10040);
}

/* What is tried again without min_addr begins anew, complaint included. */
KTAP_TEST(test_find_align_zero_dumps_the_stack_once_per_round)
{
	mbtest_load("..==....", "", page_grid);
	expect_ne((uintptr_t)memblock_alloc_try_nid(16, 0, page_grid.base, 0, 3), 0);
	expect_eq(host_console_count("Call Trace"), 1);
	expect_ne((uintptr_t)memblock_alloc_from(16, 0, page_grid.base + pages(5)), 0);
	expect_eq(host_console_count("Call Trace"), 3);
	expect_ne((uintptr_t)memblock_alloc_from(16, 64, page_grid.base + pages(5)), 0);
	expect_eq(host_console_count("Call Trace"), 3);
	expect_eq(memblock_phys_alloc_range(16, 0, page_grid.base + pages(5), 0), 0);
	expect_eq(host_console_count("Call Trace"), 4);
	expect_null(memblock_alloc(0x100000, 0));
	expect_eq(host_console_count("Call Trace"), 5);
}

KTAP_TEST(test_find_movable_node_keeps_hotplug_free)
{
	mbtest_load("..==HHHH", "", page_grid);
	movable_node_enabled = true;
	expect_eq(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), page_grid.base + pages(3));
	expect_eq(memblock_phys_alloc(pages(2), PAGE_SIZE), 0);
	movable_node_enabled = false;
	expect_eq(memblock_phys_alloc(pages(2), PAGE_SIZE), page_grid.base + pages(6));
}

/* The limit is the end of ACCESSIBLE searches only. */
KTAP_TEST(test_find_limit_applies_to_accessible_ends_only)
{
	phys_addr_t limit = page_grid.base + pages(4);

	mbtest_load("========", "", page_grid);
	expect_eq(memblock_get_current_limit(), MEMBLOCK_ALLOC_ANYWHERE);
	memblock_set_current_limit(limit);
	expect_eq(memblock_get_current_limit(), limit);
	expect_eq(memblock_phys_alloc(pages(1), PAGE_SIZE), limit - pages(1));
	expect_eq(memblock_phys_alloc_range(pages(1), PAGE_SIZE, 0, MEMBLOCK_ALLOC_NOLEAKTRACE),
		  limit - pages(2));
	expect_eq(memblock_phys_alloc_range(pages(1), PAGE_SIZE, 0, MEMBLOCK_ALLOC_ANYWHERE),
		  page_grid.base + pages(7));
	expect_eq(memblock_phys_alloc_range(pages(1), PAGE_SIZE, 0, limit + pages(2)),
		  limit + pages(1));
	expect_eq(memblock_phys_alloc(pages(3), PAGE_SIZE), 0);
	memblock_set_current_limit(MEMBLOCK_ALLOC_ANYWHERE);
	expect_eq(memblock_phys_alloc(pages(1), PAGE_SIZE), page_grid.base + pages(6));
}

KTAP_TEST(test_find_direction_is_global_and_can_change)
{
	mbtest_load("========", "", page_grid);
	expect_false(memblock_bottom_up());
	memblock_set_bottom_up(true);
	expect_true(memblock_bottom_up());
	expect_eq(memblock_phys_alloc(pages(1), PAGE_SIZE), page_grid.base);
	memblock_set_bottom_up(false);
	expect_eq(memblock_phys_alloc(pages(1), PAGE_SIZE), page_grid.base + pages(7));
	expect_true(picture_same(&memblock.reserved, "=......=", page_grid, "both ways"));
}

/* Row 17: nothing below the kernel is safe by luck. */
KTAP_TEST(test_find_bottom_up_goes_below_the_kernel_unless_reserved)
{
	mbtest_reset();
	memblock_add(0, 0x1000000);
	memblock_reserve(0x100000, 0x200000);
	memblock_set_bottom_up(true);
	expect_eq(memblock_phys_alloc(0x1000, 0x1000), 0x1000);
	memblock_reserve(0, 0x100000);
	expect_eq(memblock_phys_alloc(0x1000, 0x1000), 0x300000);
}

/* One after another until nothing is left: blocks merge to the whole. */
KTAP_TEST(test_find_until_full_takes_every_page_once)
{
	for (int up = 0; up < 2; up++) {
		mbtest_load("====..===..=", "..=.........", page_grid);
		memblock_set_bottom_up(up);
		for (int i = 0; i < 7; i++)
			expect_ne(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), 0);
		expect_eq(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), 0);
		expect_true(picture_same(&memblock.reserved, "====..===..=", page_grid, "full"));
	}
}

KTAP_TEST(test_find_free_and_take_again_gives_the_same_place)
{
	phys_addr_t at;

	mbtest_load("========", "...=....", page_grid);
	at = memblock_phys_alloc(pages(3), PAGE_SIZE);
	expect_eq(memblock_phys_free(at, pages(3)), 0);
	expect_eq(memblock_phys_alloc(pages(3), PAGE_SIZE), at);
	expect_true(picture_same(&memblock.reserved, "...=.===", page_grid, "again"));
}
