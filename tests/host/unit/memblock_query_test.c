/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions: every address and every short range of drawings is asked and
 * compared with what the drawing says; then the edges Linux is odd at.
 */
#include <string.h>

#include "mm/memblock.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/mbtest.h"

static const struct {
	const char	*name;
	const char	*cells;
} drawings[] = {
	{ "empty",	"............" },
	{ "one",	"....====...." },
	{ "full",	"============" },
	{ "two",	"..==....===." },
	{ "edges",	"==........==" },
	{ "touching",	"..==00HH11.." },
	{ "nomap",	"==NN==nn00.." },
	{ "comb",	"=.=.=.0.N.=." },
	{ "one cell",	".....=......" },
};

/* Is cell @i of @cells filled?  Outside of the drawing nothing is. */
static bool filled(const char *cells, long i)
{
	return i >= 0 && i < (long)strlen(cells) && picture_cell(cells[i]).in;
}

static bool is_nomap(const char *cells, long i)
{
	return filled(cells, i) && (picture_cell(cells[i]).flags & MEMBLOCK_NOMAP);
}

/* Every byte of every cell: first, middle, last. */
KTAP_TABLE_TEST(test_query_points, drawings, row)
{
	static const phys_addr_t offsets[] = { 0, 1, 0x800, 0xffe, 0xfff };
	const char *cells = row->cells;

	mbtest_load(cells, cells, page_grid);
	for (long c = -1; c <= (long)strlen(cells); c++) {
		for (size_t o = 0; o < ARRAY_SIZE(offsets); o++) {
			phys_addr_t addr = page_grid.base + (phys_addr_t)c * page_grid.unit +
					   offsets[o];

			expect_eq(memblock_is_memory(addr), filled(cells, c));
			expect_eq(memblock_is_reserved(addr), filled(cells, c));
			expect_eq(memblock_is_map_memory(addr),
				  filled(cells, c) && !is_nomap(cells, c));
		}
	}
}

KTAP_TEST(test_query_points_far_away)
{
	static const phys_addr_t far[] = { 0, 1, 0xfff, 1ULL << 52, 1ULL << 63, ~0ULL - 1, ~0ULL };

	mbtest_load("..==..==..", "..==..==..", page_grid);
	for (size_t i = 0; i < ARRAY_SIZE(far); i++) {
		expect_false(memblock_is_memory(far[i]));
		expect_false(memblock_is_map_memory(far[i]));
		expect_false(memblock_is_reserved(far[i]));
	}
	mbtest_reset();
	for (size_t i = 0; i < ARRAY_SIZE(far); i++) {
		expect_false(memblock_is_memory(far[i]));
		expect_false(memblock_is_map_memory(far[i]));
		expect_false(memblock_is_reserved(far[i]));
	}
}

/* The last byte of the address space is never in a region. */
KTAP_TEST(test_query_points_at_the_end_of_the_address_space)
{
	mbtest_reset();
	memblock_add(0, ~0ULL);
	memblock_reserve(1ULL << 63, ~0ULL);
	expect_true(memblock_is_memory(0));
	expect_true(memblock_is_memory(~0ULL - 1));
	expect_false(memblock_is_memory(~0ULL));
	expect_false(memblock_is_reserved((1ULL << 63) - 1));
	expect_true(memblock_is_reserved(1ULL << 63));
	expect_true(memblock_is_reserved(~0ULL - 1));
	expect_false(memblock_is_reserved(~0ULL));
}

/* One region covers all of [first, end): equal letters all the way. */
static bool one_region(const char *cells, long first, long end)
{
	for (long c = first; c < end; c++)
		if (!filled(cells, c) || picture_letter(picture_cell(cells[c]).nid,
							picture_cell(cells[c]).flags) !=
		    picture_letter(picture_cell(cells[first]).nid,
				   picture_cell(cells[first]).flags))
			return false;
	return true;
}

static bool any_filled(const char *cells, long first, long end)
{
	for (long c = first; c < end; c++)
		if (filled(cells, c))
			return true;
	return false;
}

KTAP_TABLE_TEST(test_query_ranges, drawings, row)
{
	const char *cells = row->cells;
	long n = (long)strlen(cells);

	mbtest_load(cells, cells, page_grid);
	for (long first = -1; first <= n; first++) {
		for (long end = first + 1; end <= n + 1; end++) {
			phys_addr_t base = page_grid.base + (phys_addr_t)first * page_grid.unit;
			phys_addr_t size = (phys_addr_t)(end - first) * page_grid.unit;

			expect_eq(memblock_is_region_memory(base, size),
				  one_region(cells, first, end));
			expect_eq(memblock_is_region_reserved(base, size),
				  any_filled(cells, first, end));
			expect_eq(memblock_overlaps_region(&memblock.memory, base, size),
				  any_filled(cells, first, end));
			/* a byte less at both ends touches the same cells */
			expect_eq(memblock_is_region_memory(base + 1, size - 2),
				  one_region(cells, first, end));
			expect_eq(memblock_overlaps_region(&memblock.reserved, base + 1, size - 2),
				  any_filled(cells, first, end));
			/* a byte more touches one more cell */
			expect_eq(memblock_is_region_memory(base, size + 1),
				  one_region(cells, first, end + 1));
			expect_eq(memblock_is_region_reserved(base - 1, size + 1),
				  any_filled(cells, first - 1, end));
			expect_eq(memblock_is_region_reserved(base, size + 1),
				  any_filled(cells, first, end + 1));
		}
	}
}

/* Size 0: is base in memory; is base strictly inside a region? */
KTAP_TEST(test_query_ranges_of_size_zero)
{
	phys_addr_t lo = page_grid.base + 2 * page_grid.unit, hi = lo + 2 * page_grid.unit;

	mbtest_load("..==..", "..==..", page_grid);
	expect_true(memblock_is_region_memory(lo, 0));
	expect_true(memblock_is_region_memory(hi - 1, 0));
	expect_false(memblock_is_region_memory(lo - 1, 0));
	expect_false(memblock_is_region_memory(hi, 0));
	expect_false(memblock_is_region_reserved(lo, 0));
	expect_true(memblock_is_region_reserved(lo + 1, 0));
	expect_true(memblock_is_region_reserved(hi - 1, 0));
	expect_false(memblock_is_region_reserved(hi, 0));
	expect_false(memblock_overlaps_region(&memblock.memory, lo, 0));
	expect_true(memblock_overlaps_region(&memblock.memory, lo + 1, 0));
	expect_false(memblock_overlaps_region(&memblock.memory, hi, 0));
	expect_false(memblock_overlaps_region(&memblock.memory, lo - 1, 0));
}

KTAP_TEST(test_query_ranges_that_wrap_are_cut)
{
	mbtest_load("..==..", "..==..", page_grid);
	expect_true(memblock_is_region_reserved(0, ~0ULL));
	expect_true(memblock_is_region_reserved(page_grid.base, ~0ULL));
	expect_false(memblock_is_region_reserved(page_grid.base + 4 * page_grid.unit, ~0ULL));
	expect_false(memblock_is_region_memory(page_grid.base + 2 * page_grid.unit, ~0ULL));
	expect_false(memblock_overlaps_region(&memblock.memory, ~0ULL, ~0ULL));
	memblock_add(1ULL << 63, ~0ULL);
	expect_true(memblock_is_region_memory(1ULL << 63, ~0ULL));
	expect_true(memblock_is_region_memory(~0ULL - 1, ~0ULL));
	expect_true(memblock_is_region_memory(~0ULL - 5, 5));
	expect_false(memblock_is_region_memory((1ULL << 63) - 1, ~0ULL));
}

/* Row 13: two nodes that touch are not one region, until they are. */
KTAP_TEST(test_query_region_memory_across_two_nodes)
{
	mbtest_load("..0011..", "", page_grid);
#ifdef CONFIG_NUMA
	expect_false(memblock_is_region_memory(page_grid.base + 0x2000, 0x4000));
	memblock_set_node(page_grid.base, 0x8000, &memblock.memory, 1);
#endif
	expect_true(memblock_is_region_memory(page_grid.base + 0x2000, 0x4000));
}

/* b1, s1, b2, s2: plain comparison, sums wrap. */
static const struct {
	const char	*name;
	phys_addr_t	b1, s1, b2, s2;
	bool		want;
} overlap_rows[] = {
	{ "equal", 10, 5, 10, 5, true },
	{ "apart", 10, 5, 20, 5, false },
	{ "touch", 10, 5, 15, 5, false },
	{ "touch below", 10, 5, 5, 5, false },
	{ "one byte", 10, 5, 14, 5, true },
	{ "one byte below", 10, 5, 6, 5, true },
	{ "within", 10, 10, 12, 2, true },
	{ "around", 12, 2, 10, 10, true },
	{ "first wraps to nothing", 10, ~0ULL - 9, 20, 5, false },
	{ "second wraps to nothing", 20, 5, 10, ~0ULL - 9, false },
	{ "empty inside", 10, 10, 15, 0, true },
	{ "empty at the start", 10, 10, 10, 0, false },
	{ "empty at the end", 10, 10, 20, 0, false },
};

KTAP_TABLE_TEST(test_query_addrs_overlap, overlap_rows, row)
{
	expect_eq(!!memblock_addrs_overlap(row->b1, row->s1, row->b2, row->s2), row->want);
	expect_eq(!!memblock_addrs_overlap(row->b2, row->s2, row->b1, row->s1), row->want);
}

/* ---- sizes ---- */

KTAP_TEST(test_query_sizes_are_the_totals)
{
	mbtest_load("..==00..", "=..", page_grid);
	expect_eq(memblock_phys_mem_size(), 0x4000);
	expect_eq(memblock_reserved_size(), 0x1000);
	memblock.memory.total_size = 123;	/* the field, whoever wrote it */
	memblock.reserved.total_size = 45;
	expect_eq(memblock_phys_mem_size(), 123);
	expect_eq(memblock_reserved_size(), 45);
}

KTAP_TEST(test_query_estimated_free_pages)
{
	mbtest_load("========", "==......", page_grid);
	expect_eq(memblock_estimated_nr_free_pages(), 6);
	memblock_reserve(page_grid.base + 2 * page_grid.unit, 1);
	expect_eq(memblock_estimated_nr_free_pages(), 5);
	memblock_reserve(page_grid.base + 2 * page_grid.unit, page_grid.unit);
	expect_eq(memblock_estimated_nr_free_pages(), 5);
	mbtest_load("==", "==", page_grid);
	expect_eq(memblock_estimated_nr_free_pages(), 0);
	mbtest_reset();
	expect_eq(memblock_estimated_nr_free_pages(), 0);
}

/* Row 27: more reserved than there is must not look like a huge machine. */
KTAP_TEST(test_query_estimated_free_pages_does_not_underflow)
{
	mbtest_load("==", "========", page_grid);
	expect_eq(memblock_estimated_nr_free_pages(), 0);
	mbtest_load("", "=", page_grid);
	expect_eq(memblock_estimated_nr_free_pages(), 0);
}

KTAP_TEST(test_query_borders_of_dram)
{
	mbtest_load("..==..N.0...", "============", page_grid);
	expect_eq(memblock_start_of_DRAM(), page_grid.base + 0x2000);
	expect_eq(memblock_end_of_DRAM(), page_grid.base + 0x9000);
}

/* Linux differs: it reads entry -1.  Ours is defined: both are 0. */
KTAP_TEST(test_query_borders_of_no_dram_are_zero)
{
	mbtest_reset();
	expect_eq(memblock_start_of_DRAM(), 0);
	expect_eq(memblock_end_of_DRAM(), 0);
	mbtest_load("..==..", "", page_grid);
	memblock_remove(0, ~0ULL);
	expect_eq(memblock_start_of_DRAM(), 0);
	expect_eq(memblock_end_of_DRAM(), 0);
}

/* ---- nodes ---- */

KTAP_TEST(test_query_search_pfn_nid)
{
	static const int want[] = { -1, 0, 0, -1, 1, 1, 1, MAX_NUMNODES, -1 };
	unsigned long first = page_grid.base >> PAGE_SHIFT;

	mbtest_load(".00.111=", "========", page_grid);
	for (unsigned long i = 0; i < ARRAY_SIZE(want); i++) {
		unsigned long s = 7, e = 8;
		int nid = memblock_search_pfn_nid(first + i, &s, &e);

#ifdef CONFIG_NUMA
		expect_eq(nid, want[i]);
		if (i == 1 || i == 2) {
			expect_eq(s, first + 1);
			expect_eq(e, first + 3);
		}
		if (i == 4 || i == 6) {
			expect_eq(s, first + 4);
			expect_eq(e, first + 7);
		}
#else
		expect_eq(nid, want[i] == -1 ? -1 : 0);
#endif
		if (want[i] == -1) {
			expect_eq(s, 7);
			expect_eq(e, 8);
		}
	}
}

KTAP_TEST(test_query_search_pfn_nid_rounds_both_borders_down)
{
	unsigned long s, e;

	mbtest_reset();
	memblock_add(0x10800, 0x2000);
	expect_eq(memblock_search_pfn_nid(0x10, &s, &e), NUMA_NO_NODE);
	expect_ne(memblock_search_pfn_nid(0x11, &s, &e), NUMA_NO_NODE);
	expect_eq(s, 0x10);
	expect_eq(e, 0x12);
	expect_ne(memblock_search_pfn_nid(0x12, &s, &e), NUMA_NO_NODE);
	expect_eq(memblock_search_pfn_nid(0x13, &s, &e), NUMA_NO_NODE);
	memblock_search_pfn_nid(0x11, NULL, NULL);
	memblock_search_pfn_nid(~0UL >> PAGE_SHIFT, NULL, NULL);
}

static const struct {
	const char	*name;
	const char	*memory;
	unsigned long	threshold;
	bool		want;
	const char	*line;
} coverage_rows[] = {
	{ "all covered", "00001111", 0, true, "" },
	{ "nothing there", "........", 0, true, "" },
#ifdef CONFIG_NUMA
	{ "one page not", "0000111=", 0, false, "NUMA: no nodes coverage for 0MB of 0MB RAM\n" },
	{ "one page not, allowed", "0000111=", 0x1000, true, "" },
	{ "one page not, nearly allowed", "0000111=", 0xfff, false,
	  "NUMA: no nodes coverage for 0MB of 0MB RAM\n" },
	{ "both kinds of none", "0000==--", 0x3fff, false,
	  "NUMA: no nodes coverage for 0MB of 0MB RAM\n" },
	{ "both kinds of none, allowed", "0000==--", 0x4000, true, "" },
	{ "nomap counts", "0000NN..", 0x1fff, false,
	  "NUMA: no nodes coverage for 0MB of 0MB RAM\n" },
#endif
};

KTAP_TABLE_TEST(test_query_numa_coverage, coverage_rows, row)
{
	mbtest_load(row->memory, "========", page_grid);
	expect_eq(memblock_validate_numa_coverage(row->threshold), row->want);
	expect_str_eq(host_console_text(), row->line);
}

#ifdef CONFIG_NUMA
KTAP_TEST(test_query_numa_coverage_tells_megabytes)
{
	mbtest_reset();
	memblock_add_node(0, 100ULL << 20, 0, MEMBLOCK_NONE);
	memblock_add(200ULL << 20, 37ULL << 20);
	expect_false(memblock_validate_numa_coverage(1 << 20));
	expect_str_eq(host_console_text(), "NUMA: no nodes coverage for 37MB of 137MB RAM\n");
}

/* Whole pages only: a sliver does not count. */
KTAP_TEST(test_query_numa_coverage_counts_whole_pages)
{
	mbtest_reset();
	memblock_add_node(0x10000, 0x10000, 0, MEMBLOCK_NONE);
	memblock_add(0x20800, 0x1000);
	expect_true(memblock_validate_numa_coverage(0));
	memblock_add(0x21800, 0x1000);
	expect_false(memblock_validate_numa_coverage(0));
	expect_true(memblock_validate_numa_coverage(0x1000));
}
#endif

KTAP_TEST(test_query_region_pfns_round_by_kind)
{
	const struct memblock_region odd = { .base = 0x10001, .size = 0x2001 };
	const struct memblock_region even = { .base = 0x10000, .size = 0x2000 };

	expect_eq(memblock_region_memory_base_pfn(&odd), 0x11);
	expect_eq(memblock_region_memory_end_pfn(&odd), 0x12);
	expect_eq(memblock_region_reserved_base_pfn(&odd), 0x10);
	expect_eq(memblock_region_reserved_end_pfn(&odd), 0x13);
	expect_eq(memblock_region_memory_base_pfn(&even), 0x10);
	expect_eq(memblock_region_memory_end_pfn(&even), 0x12);
	expect_eq(memblock_region_reserved_base_pfn(&even), 0x10);
	expect_eq(memblock_region_reserved_end_pfn(&even), 0x12);
}
