/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adding to memory and to reserved: only gaps are filled, what is there keeps
 * its node and flags, neighbours that are equal become one.
 *
 * Laws 1 and 2 (normal form, set semantics) for memblock_add(),
 * memblock_add_node() and memblock_reserve().
 */
#include "mm/memblock.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/mbtest.h"

#define W	.warns = true

/* Plain ranges: memory and reserved obey the same rules. */
static const struct row plain_rows[] = {
	{ "first",			ROW_ADD, "............", "...===......", "...===......" },
	{ "first at the very start",	ROW_ADD, "............", "=...........", "=..........." },
	{ "first, everything",		ROW_ADD, "............", "============", "============" },
	{ "apart below",		ROW_ADD, ".......===..", ".===........", ".===...===.." },
	{ "apart above",		ROW_ADD, ".===........", ".......===..", ".===...===.." },
	{ "one cell apart",		ROW_ADD, "...===......", ".=..........", ".=.===......" },
	{ "touches below",		ROW_ADD, "....====....", "..==........", "..======...." },
	{ "touches above",		ROW_ADD, "....====....", "........==..", "....======.." },
	{ "overlaps bottom",		ROW_ADD, "....====....", "..====......", "..======...." },
	{ "overlaps top",		ROW_ADD, "....====....", "......====..", "....======.." },
	{ "overlaps by one cell",	ROW_ADD, "....====....", ".......=====", "....========" },
	{ "within",			ROW_ADD, "..========..", "....====....", "..========.." },
	{ "within, bottom edge",	ROW_ADD, "..========..", "..====......", "..========.." },
	{ "within, top edge",		ROW_ADD, "..========..", "......====..", "..========.." },
	{ "within, one cell",		ROW_ADD, "..========..", ".....=......", "..========.." },
	{ "twice",			ROW_ADD, "..========..", "..========..", "..========.." },
	{ "covers",			ROW_ADD, "....====....", "..========..", "..========.." },
	{ "covers, same bottom",	ROW_ADD, "..====......", "..========..", "..========.." },
	{ "covers, same top",		ROW_ADD, "......====..", "..========..", "..========.." },
	{ "between, apart",		ROW_ADD, "==........==", "....====....", "==..====..==" },
	{ "between, touches both",	ROW_ADD, "===......===", "...======...", "============" },
	{ "between, touches lower",	ROW_ADD, "===......===", "...===......", "======...===" },
	{ "between, touches upper",	ROW_ADD, "===......===", "......===...", "===...======" },
	{ "between, overlaps both",	ROW_ADD, "====....====", "..========..", "============" },
	{ "between, overlaps lower",	ROW_ADD, "====....====", "..====......", "======..====" },
	{ "between, overlaps upper",	ROW_ADD, "====....====", "......====..", "====..======" },
	{ "between, one cell left",	ROW_ADD, "===......===", "....=====...", "===.========" },
	{ "covers two",			ROW_ADD, "..==....==..", ".==========.", ".==========." },
	{ "covers three",		ROW_ADD, ".==..==..==.", "============", "============" },
	{ "fills three gaps",		ROW_ADD, "=..=..=..=..", "=========...", "==========.." },
	{ "fills every gap",		ROW_ADD, "=.=.=.=.=.=.", "============", "============" },
	{ "fills gaps, edges inside",	ROW_ADD, "==.==.==.==.", ".==========.", "===========." },
	{ "covers one, overlaps next",	ROW_ADD, "..==..====..", "=========...", "==========.." },
	{ "covers one, touches next",	ROW_ADD, "..==..====..", "======......", "==========.." },
	{ "ends before next",		ROW_ADD, "..==...===..", "=====.......", "=====..===.." },
};

/* Attributes: nodes and flags of what is there never change, only gaps fill. */
static const struct row attribute_rows[] = {
	{ "node, first",		ROW_ADD, "............", "...111......", "...111......" },
	{ "node and flag, first",	ROW_ADD, "............", "...hhh......", "...hhh......" },
	{ "other node touches",		ROW_ADD, "....0000....", "........11..", "....000011.." },
	{ "same node touches",		ROW_ADD, "....0000....", "........00..", "....000000.." },
	{ "other flag touches",		ROW_ADD, "....====....", "........HH..", "....====HH.." },
	{ "same flag touches",		ROW_ADD, "....HHHH....", "........HH..", "....HHHHHH.." },
	{ "each flag is its own",	ROW_ADD, "HMND........", "....XX......", "HMNDXX......" },
	{ "no node is not NO_NODE",	ROW_ADD, "----........", "....====....", "----====...." },
	{ "other node within",		ROW_ADD, "..00000000..", "....1111....", "..00000000.." },
	{ "other node twice",		ROW_ADD, "..00000000..", "..11111111..", "..00000000.." },
	{ "other node above",		ROW_ADD, "....0000....", "......1111..", "....000011.." },
	{ "other flags above",		ROW_ADD, "....====....", "......HHHH..", "....====HH.." },
	{ "between two nodes, left",	ROW_ADD, "00......11..", "..000000....", "0000000011.." },
	{ "between two nodes, right",	ROW_ADD, "00......11..", "..111111....", "0011111111.." },
	{ "between two nodes, third",	ROW_ADD, "00......11..", "..222222....", "0022222211.." },
	{ "over two nodes no gap",	ROW_ADD, "..000111....", "...222......", "..000111...." },
};

/* Where a gap below a different region is filled, Linux warns (not mirrored). */
static const struct row warning_rows[] = {
	{ "fills below other flags",	ROW_ADD, "....HHHH....", "..====......", "..==HHHH....", W },
	{ "fills below plain",		ROW_ADD, "....====....", "..HHHH......", "..HH====....", W },
	{ "covers other flags",		ROW_ADD, "....HHHH....", "..========..", "..==HHHH==..", W },
	{ "second of two differs",	ROW_ADD, "..==..HH....", "==========..", "======HH==..", W },
	{ "first of two differs",	ROW_ADD, "..HH..==....", "==========..", "==HH======..", W },
	{ "no gap below, no warning",	ROW_ADD, "..HHHH......", "..========..", "..HHHH====.." },
	{ "gap, then touches only",	ROW_ADD, "......HHHH..", "..====......", "..====HHHH.." },
	{ "equal flags, no warning",	ROW_ADD, "....HHHH....", "..HHHHHH....", "..HHHHHH...." },
};

#ifdef CONFIG_NUMA
static const struct row node_warning_rows[] = {
	{ "fills below other node",	ROW_ADD, "....0000....", "..1111......", "..110000....", W },
	{ "fills below, no node given",	ROW_ADD, "....0000....", "..====......", "..==0000....", W },
	{ "fills below NO_NODE",	ROW_ADD, "....----....", "..====......", "..==----....", W },
	{ "covers other node",		ROW_ADD, "....0000....", "..11111111..", "..11000011..", W },
	{ "same node covers",		ROW_ADD, "....0000....", "..00000000..", "..00000000.." },
	{ "other node, no gap below",	ROW_ADD, "....0000....", "....111111..", "....000011.." },
};
#endif

/* Row 15, as it is in 6.12: what is reserved already keeps its flag, and is warned of. */
static const struct row reserve_warning_rows[] = {
	{ "fills below a flag",		ROW_RESERVE, "....II......", "..====......", "..==II......", W },
	{ "covers a flag",		ROW_RESERVE, "....II......", "..======....", "..==II==....", W },
	{ "no gap below, no warning",	ROW_RESERVE, "..II........", "..====......", "..II==......" },
	{ "the same range again",	ROW_RESERVE, "..II........", "..==........", "..II........" },
	{ "touches only",		ROW_RESERVE, "....II......", "..==........", "..==II......" },
};

/* memory and reserved obey the same rules. */
KTAP_TABLE_TEST(test_add_plain_fills_only_gaps, plain_rows, row)
{
	expect_true(row_holds(row));
}

KTAP_TABLE_TEST(test_reserve_plain_fills_only_gaps, plain_rows, row)
{
	struct row reserve = *row;

	reserve.op = ROW_RESERVE;
	expect_true(row_holds(&reserve));
}

KTAP_TABLE_TEST(test_add_node_keeps_what_is_there, attribute_rows, row)
{
	expect_true(row_holds(row));
}

KTAP_TABLE_TEST(test_add_gap_below_stranger_warns, warning_rows, row)
{
	expect_true(row_holds(row));
}

KTAP_TABLE_TEST(test_reserve_gap_below_a_flag_warns, reserve_warning_rows, row)
{
	expect_true(row_holds(row));
}

#ifdef CONFIG_NUMA
KTAP_TABLE_TEST(test_add_gap_below_other_node_warns, node_warning_rows, row)
{
	expect_true(row_holds(row));
}
#endif
