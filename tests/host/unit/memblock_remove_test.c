/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking away from memory and reserved: pieces keep node and flags, the total
 * is exact, an emptied array is as new.
 *
 * Laws 1 and 2 for memblock_remove(), memblock_phys_free() and memblock_free().
 */
#include "mm/memblock.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/mbtest.h"

static const struct row plain_rows[] = {
	{ "from nothing",		ROW_REMOVE, "............", "...===......", "............" },
	{ "the only region",		ROW_REMOVE, "...===......", "...===......", "............" },
	{ "more than the only region",	ROW_REMOVE, "...===......", "============", "............" },
	{ "one cell more each side",	ROW_REMOVE, "...===......", "..=====.....", "............" },
	{ "below, apart",		ROW_REMOVE, "....====....", "==..........", "....====...." },
	{ "below, touches",		ROW_REMOVE, "....====....", "..==........", "....====...." },
	{ "above, touches",		ROW_REMOVE, "....====....", "........==..", "....====...." },
	{ "bottom",			ROW_REMOVE, "....====....", "....==......", "......==...." },
	{ "bottom and below",		ROW_REMOVE, "....====....", "..====......", "......==...." },
	{ "all but the top cell",	ROW_REMOVE, "....====....", "....===.....", ".......=...." },
	{ "all but the bottom cell",	ROW_REMOVE, "....====....", ".....===....", "....=......." },
	{ "top",			ROW_REMOVE, "....====....", "......==....", "....==......" },
	{ "top and above",		ROW_REMOVE, "....====....", "......====..", "....==......" },
	{ "middle",			ROW_REMOVE, "..========..", "....====....", "..==....==.." },
	{ "middle, one cell",		ROW_REMOVE, "..========..", ".....=......", "..===.====.." },
	{ "from a gap",			ROW_REMOVE, "==........==", "....====....", "==........==" },
	{ "exactly a gap",		ROW_REMOVE, "==........==", "..========..", "==........==" },
	{ "gap and edges",		ROW_REMOVE, "====....====", "..========..", "==........==" },
	{ "first of two",		ROW_REMOVE, "==..==......", "==..........", "....==......" },
	{ "second of two",		ROW_REMOVE, "==..==......", "....==......", "==.........." },
	{ "both of two",		ROW_REMOVE, "==..==......", "======......", "............" },
	{ "middle of three",		ROW_REMOVE, "==..==..==..", "....==......", "==......==.." },
	{ "spans three, edges stay",	ROW_REMOVE, "====.==.====", "..========..", "==........==" },
	{ "spans all",			ROW_REMOVE, "=.=.=.=.=.=.", "============", "............" },
	{ "all but first and last",	ROW_REMOVE, "=.=.=.=.=.=.", "..========..", "=.........=." },
	{ "cuts first and last",	ROW_REMOVE, "===..==..===", ".==========.", "=..........=" },
};

static const struct row attribute_rows[] = {
	{ "pieces keep the node",	ROW_REMOVE, "..11111111..", "....====....", "..11....11.." },
	{ "pieces keep the flags",	ROW_REMOVE, "..HHHHHHHH..", "....====....", "..HH....HH.." },
	{ "two regions that touch",	ROW_REMOVE, "..00001111..", "....====....", "..00....11.." },
	{ "one of two that touch",	ROW_REMOVE, "..00001111..", "..====......", "......1111.." },
	{ "stranger in the middle",	ROW_REMOVE, "..==HHHH==..", "....====....", "..==....==.." },
	{ "three nodes, middle",	ROW_REMOVE, "000011112222", "..========..", "00........22" },
};

static bool holds_as(const struct row *row, enum row_op op)
{
	struct row other = *row;

	other.op = op;
	return row_holds(&other);
}

KTAP_TABLE_TEST(test_remove_plain_takes_exactly_the_range, plain_rows, row)
{
	expect_true(row_holds(row));
}

KTAP_TABLE_TEST(test_remove_pieces_inherit_attributes, attribute_rows, row)
{
	expect_true(row_holds(row));
}

KTAP_TABLE_TEST(test_phys_free_plain_takes_exactly_the_range, plain_rows, row)
{
	expect_true(holds_as(row, ROW_PHYS_FREE));
}

KTAP_TABLE_TEST(test_free_plain_takes_exactly_the_range, plain_rows, row)
{
	expect_true(holds_as(row, ROW_FREE));
}

KTAP_TABLE_TEST(test_phys_free_pieces_inherit_attributes, attribute_rows, row)
{
	expect_true(holds_as(row, ROW_PHYS_FREE));
}

/* Row 16: slot 0 of an emptied array is clean, and the next add starts at cnt 1. */
static void expect_slot0_clean(const struct memblock_type *type)
{
	expect_eq(type->cnt, 0);
	expect_eq(type->total_size, 0);
	expect_eq(type->regions[0].base, 0);
	expect_eq(type->regions[0].size, 0);
	expect_eq(type->regions[0].flags, 0);
#ifdef CONFIG_NUMA
	expect_eq(type->regions[0].nid, MAX_NUMNODES);
#endif
}

KTAP_TEST(test_remove_last_region_leaves_slot0_clean)
{
	mbtest_load("..hh..", "..11..", page_grid);
	expect_eq(memblock_remove(page_grid.base, 6 * page_grid.unit), 0);
	expect_slot0_clean(&memblock.memory);
	expect_eq(memblock_phys_free(page_grid.base, 6 * page_grid.unit), 0);
	expect_slot0_clean(&memblock.reserved);
	expect_false(mbtest_warned());
}

KTAP_TEST(test_remove_many_last_regions_leave_slot0_clean)
{
	mbtest_load("=.0.h.=.1.", "1.=.0.=.I.", page_grid);
	expect_eq(memblock_remove(0, PHYS_ADDR_MAX), 0);
	expect_slot0_clean(&memblock.memory);
	expect_eq(memblock_phys_free(0, PHYS_ADDR_MAX), 0);
	expect_slot0_clean(&memblock.reserved);
}

KTAP_TEST(test_add_after_emptying_counts_from_one)
{
	mbtest_load("..==..", "..==..", page_grid);
	memblock_remove(page_grid.base, 6 * page_grid.unit);
	memblock_phys_free(page_grid.base, 6 * page_grid.unit);
	memblock_add(0x5000, 0x1000);
	memblock_reserve(0x5000, 0x1000);
	expect_eq(memblock.memory.cnt, 1);
	expect_eq(memblock.reserved.cnt, 1);
	expect_eq(memblock.memory.total_size, 0x1000);
	expect_eq(memblock.reserved.total_size, 0x1000);
	expect_false(mbtest_warned());
}

/* The entry of what was removed is still in the array behind the last: dead. */
KTAP_TEST(test_remove_again_over_what_was_removed)
{
	mbtest_load("==.==.==", "==.==.==", page_grid);
	for (int i = 0; i < 2; i++) {
		memblock_remove(page_grid.base + 6 * page_grid.unit, 2 * page_grid.unit);
		memblock_phys_free(page_grid.base + 6 * page_grid.unit, 2 * page_grid.unit);
	}
	memblock_remove(page_grid.base + 4 * page_grid.unit, 3 * page_grid.unit);
	memblock_phys_free(page_grid.base + 4 * page_grid.unit, 3 * page_grid.unit);
	expect_true(picture_same(&memblock.memory, "==.=", page_grid, "memory"));
	expect_true(picture_same(&memblock.reserved, "==.=", page_grid, "reserved"));
}

KTAP_TEST(test_remove_is_final_for_walks_and_searches)
{
	unsigned long pages = 0, s, e;
	int i;

	mbtest_load("==.==", "", page_grid);
	memblock_remove(page_grid.base + 3 * page_grid.unit, 2 * page_grid.unit);
	for_each_mem_pfn_range(i, NUMA_NO_NODE, &s, &e, NULL)
		pages += e - s;
	expect_eq(pages, 2);
	for (int up = 0; up < 2; up++) {
		memblock_set_bottom_up(up);
		expect_ne(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), 0);
	}
	expect_eq(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), 0);
	memblock_set_bottom_up(false);
	expect_eq(memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE), 0);
}

KTAP_TEST(test_free_null_does_nothing)
{
	mbtest_load("", "====", page_grid);
	memblock_free(NULL, 0x4000);
	expect_true(picture_same(&memblock.reserved, "====", page_grid, "free(NULL)"));
}

KTAP_TEST(test_remove_is_final_for_adding_above)
{
	mbtest_load("==.==...", "==.==...", page_grid);
	memblock_remove(page_grid.base + 3 * page_grid.unit, 2 * page_grid.unit);
	memblock_phys_free(page_grid.base + 3 * page_grid.unit, 2 * page_grid.unit);
	memblock_add(page_grid.base + 7 * page_grid.unit, page_grid.unit);
	memblock_reserve(page_grid.base + 7 * page_grid.unit, page_grid.unit);
	expect_true(picture_same(&memblock.memory, "==.....=", page_grid, "memory"));
	expect_true(picture_same(&memblock.reserved, "==.....=", page_grid, "reserved"));
}

KTAP_TEST(test_free_is_final_for_searches_upwards)
{
	mbtest_load("======", "..=..=", page_grid);
	memblock_phys_free(page_grid.base + 5 * page_grid.unit, page_grid.unit);
	memblock_set_bottom_up(true);
	expect_eq(memblock_phys_alloc(3 * PAGE_SIZE, PAGE_SIZE),
		  page_grid.base + 3 * page_grid.unit);
}
