/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flag and node setters: cut at the borders, change exactly the inside, join
 * what has become equal, say nothing.
 *
 * Laws 1 and 2.
 */
#include "mm/memblock.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/mbtest.h"

static const struct row hotplug_rows[] = {
	{ "nothing there",		ROW_MARK_HOTPLUG, "............", "..====......", "............" },
	{ "whole region",		ROW_MARK_HOTPLUG, "..====......", "..====......", "..HHHH......" },
	{ "more than the region",	ROW_MARK_HOTPLUG, "..====......", "============", "..HHHH......" },
	{ "bottom part",		ROW_MARK_HOTPLUG, "..========..", "..====......", "..HHHH====.." },
	{ "top part",			ROW_MARK_HOTPLUG, "..========..", "......====..", "..====HHHH.." },
	{ "middle",			ROW_MARK_HOTPLUG, "..========..", "....====....", "..==HHHH==.." },
	{ "over a gap",			ROW_MARK_HOTPLUG, "====....====", "..========..", "==HH....HH==" },
	{ "only a gap",			ROW_MARK_HOTPLUG, "====....====", "....====....", "====....====" },
	{ "below everything",		ROW_MARK_HOTPLUG, "....====....", "===.........", "....====...." },
	{ "below everything, touches",	ROW_MARK_HOTPLUG, "....====....", "..==........", "....====...." },
	{ "again",			ROW_MARK_HOTPLUG, "..==HHHH==..", "....====....", "..==HHHH==.." },
	{ "joins with below",		ROW_MARK_HOTPLUG, "..HHHH====..", "......==....", "..HHHHHH==.." },
	{ "joins with above",		ROW_MARK_HOTPLUG, "..====HHHH..", "....==......", "..==HHHHHH.." },
	{ "joins both",			ROW_MARK_HOTPLUG, "..HHH==HHH..", ".....==.....", "..HHHHHHHH.." },
	{ "joins many",			ROW_MARK_HOTPLUG, "=H=H=H=H=H=H", "============", "HHHHHHHHHHHH" },
	{ "keeps other flags",		ROW_MARK_HOTPLUG, "..NNNN......", "..====......", "..XXXX......" },
	{ "keeps the node",		ROW_MARK_HOTPLUG, "..0000......", "...==.......", "..0hh0......" },
	{ "nodes do not join",		ROW_MARK_HOTPLUG, "..0011......", "..====......", "..hhxx......" },
	{ "clear whole",		ROW_CLEAR_HOTPLUG, "..HHHH......", "..====......", "..====......" },
	{ "clear middle",		ROW_CLEAR_HOTPLUG, "..HHHHHHHH..", "....====....", "..HH====HH.." },
	{ "clear what is not set",	ROW_CLEAR_HOTPLUG, "..==NN==....", "============", "..==NN==...." },
	{ "clear keeps other flags",	ROW_CLEAR_HOTPLUG, "..XXXX......", "..====......", "..NNNN......" },
	{ "clear joins all",		ROW_CLEAR_HOTPLUG, "..==HH==HH..", "============", "..========.." },
	{ "clear joins equal only",	ROW_CLEAR_HOTPLUG, "..00hh1111..", "============", "..00001111.." },
};

static const struct row other_rows[] = {
	{ "nomap middle",		ROW_MARK_NOMAP, "..========..", "....====....", "..==NNNN==.." },
	{ "nomap keeps hotplug",	ROW_MARK_NOMAP, "..HHHH......", "..====......", "..XXXX......" },
	{ "nomap twice",		ROW_MARK_NOMAP, "..==NN==....", "....==......", "..==NN==...." },
	{ "nomap cleared",		ROW_CLEAR_NOMAP, "..==NN==....", "============", "..======...." },
	{ "nomap cleared in part",	ROW_CLEAR_NOMAP, "..NNNNNN....", "....====....", "..NN====...." },
	{ "nomap cleared keeps hotplug", ROW_CLEAR_NOMAP, "..XXXX......", "..====......", "..HHHH......" },
	{ "noinit middle",		ROW_MARK_NOINIT, "..========..", "....====....", "..==IIII==.." },
	{ "noinit over a gap",		ROW_MARK_NOINIT, "===.....====", ".==========.", "=II.....III=" },
	{ "noinit keeps the node",	ROW_MARK_NOINIT, "..0000......", "..==........", "..ii00......" },
	{ "noinit nothing there",	ROW_MARK_NOINIT, "............", "..====......", "............" },
	{ "mirror without kernelcore",	ROW_MARK_MIRROR, "..====......", "..====......", "..====......" },
};

static const struct row node_rows[] = {
	{ "whole",			ROW_SET_NODE, "..====......", "..0000......", "..0000......" },
	{ "middle",			ROW_SET_NODE, "..========..", "....1111....", "..==1111==.." },
	{ "over a gap",			ROW_SET_NODE, "===......===", ".0000000000.", "=00......00=" },
	{ "other node",			ROW_SET_NODE, "..00000000..", "....1111....", "..00111100.." },
	{ "joins below",		ROW_SET_NODE, "..000111....", ".....000....", "..000000...." },
	{ "joins above",		ROW_SET_NODE, "..000111....", "..111.......", "..111111...." },
	{ "joins both",			ROW_SET_NODE, "..00011000..", ".....00.....", "..00000000.." },
	{ "joins everything",		ROW_SET_NODE, "0101=-=-0123", "222222222222", "222222222222" },
	{ "to no node",			ROW_SET_NODE, "..0011......", "--------....", "..----......" },
	{ "no node is two things",	ROW_SET_NODE, "..0011......", "..--........", "..--11......" },
	{ "keeps flags",		ROW_SET_NODE, "..HHNN......", "..0000......", "..hhnn......" },
	{ "flags do not join",		ROW_SET_NODE, "..H=H=......", "..0000......", "..h0h0......" },
	{ "nothing there",		ROW_SET_NODE, "............", "..0000......", "............" },
	{ "reserved too",		ROW_SET_NODE_RESERVED, "..========..", "....1111....", "..==1111==.." },
	{ "reserved joins",		ROW_SET_NODE_RESERVED, "..==00==....", "..000000....", "..000000...." },
};

KTAP_TABLE_TEST(test_flags_hotplug_changes_exactly_the_inside, hotplug_rows, row)
{
	expect_true(row_holds(row));
}

KTAP_TABLE_TEST(test_flags_others_change_exactly_the_inside, other_rows, row)
{
	expect_true(row_holds(row));
}

KTAP_TABLE_TEST(test_node_set_changes_exactly_the_inside, node_rows, row)
{
	expect_true(row_holds(row));
}

KTAP_TEST(test_node_set_without_numa_changes_nothing_at_all)
{
#ifndef CONFIG_NUMA
	mbtest_load("..==..", "", page_grid);
	memblock.memory.max = memblock.memory.cnt;	/* isolating would have to double */
	expect_eq(memblock_set_node(page_grid.base, 3 * page_grid.unit, &memblock.memory, 0), 0);
	expect_true(picture_same(&memblock.memory, "..==..", page_grid, "set_node"));
#endif
}

/* The values are the interface: debugfs, dumps and tools know them. */
KTAP_TEST(test_flags_have_the_values_of_linux)
{
	expect_eq(MEMBLOCK_NONE, 0x0);
	expect_eq(MEMBLOCK_HOTPLUG, 0x1);
	expect_eq(MEMBLOCK_MIRROR, 0x2);
	expect_eq(MEMBLOCK_NOMAP, 0x4);
	expect_eq(MEMBLOCK_DRIVER_MANAGED, 0x8);
	expect_eq(MEMBLOCK_RSRV_NOINIT, 0x10);
}

KTAP_TEST(test_constants_have_the_values_of_linux)
{
	expect_eq(MEMBLOCK_ALLOC_ANYWHERE, ~(phys_addr_t)0);
	expect_eq(MEMBLOCK_ALLOC_ACCESSIBLE, 0);
	expect_eq(MEMBLOCK_ALLOC_NOLEAKTRACE, 1);
	expect_eq(MEMBLOCK_LOW_LIMIT, 0);
	expect_eq(ARCH_LOW_ADDRESS_LIMIT, 0xffffffffUL);
	expect_eq(PHYS_ADDR_MAX, ~(phys_addr_t)0);
	expect_eq(SMP_CACHE_BYTES, 64);
	expect_eq(NUMA_NO_NODE, -1);
	expect_eq(sizeof(struct memblock_region), 24);
}

static const struct {
	unsigned int	flags;
	bool		hotplug, mirror, nomap, managed, noinit;
} predicate_cases[] = {
	{ MEMBLOCK_NONE,		false, false, false, false, false },
	{ MEMBLOCK_HOTPLUG,		true,  false, false, false, false },
	{ MEMBLOCK_MIRROR,		false, true,  false, false, false },
	{ MEMBLOCK_NOMAP,		false, false, true,  false, false },
	{ MEMBLOCK_DRIVER_MANAGED,	false, false, false, true,  false },
	{ MEMBLOCK_RSRV_NOINIT,		false, false, false, false, true  },
	{ 0x1f,				true,  true,  true,  true,  true  },
	{ ~0x1fU & 0x7fffffff,		false, false, false, false, false },
};

KTAP_TEST(test_flags_predicates_see_their_own_bit_only)
{
	for (size_t i = 0; i < ARRAY_SIZE(predicate_cases); i++) {
		struct memblock_region r = {
			.flags = (enum memblock_flags)predicate_cases[i].flags,
		};

		expect_eq(memblock_is_hotpluggable(&r), predicate_cases[i].hotplug);
		expect_eq(memblock_is_mirror(&r), predicate_cases[i].mirror);
		expect_eq(memblock_is_nomap(&r), predicate_cases[i].nomap);
		expect_eq(memblock_is_driver_managed(&r), predicate_cases[i].managed);
		expect_eq(memblock_is_reserved_noinit(&r), predicate_cases[i].noinit);
	}
}

/* kernelcore=mirror makes marks count, and one mark switches all searches. */
KTAP_TEST(test_flags_mirror_with_kernelcore_marks_and_switches)
{
	mbtest_load("..====..", "", page_grid);
	expect_false(memblock_has_mirror());
	mirrored_kernelcore = true;
	expect_eq(memblock_mark_mirror(page_grid.base + 3 * page_grid.unit, page_grid.unit), 0);
	expect_true(picture_same(&memblock.memory, "..=M==..", page_grid, "mark_mirror"));
	expect_true(memblock_has_mirror());
}

KTAP_TEST(test_flags_mirror_without_kernelcore_does_not_switch)
{
	mbtest_load("..====..", "", page_grid);
	expect_eq(memblock_mark_mirror(page_grid.base, 8 * page_grid.unit), 0);
	expect_false(memblock_has_mirror());
}

KTAP_TEST(test_node_region_getter_and_setter)
{
	struct memblock_region r = { .base = 1, .size = 2 };

	memblock_set_region_node(&r, 3);
#ifdef CONFIG_NUMA
	expect_eq(memblock_get_region_node(&r), 3);
	expect_eq(r.nid, 3);
#else
	expect_eq(memblock_get_region_node(&r), 0);
#endif
	expect_eq(r.base, 1);
	expect_eq(r.size, 2);
}
