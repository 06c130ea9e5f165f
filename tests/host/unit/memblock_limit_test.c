/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Less memory than there is: enforce, cap, remove map, trim.
 */
#include <stdio.h>
#include <string.h>

#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/include/memblock_reset.h"
#include "tests/host/model/machine.h"	/* cell() */
#include "tests/host/model/mbtest.h"

struct limit_row {
	const char	*name;
	const char	*memory, *reserved;
	unsigned int	amount;			/* cells */
	const char	*want_memory, *want_reserved;
	const char	*map_memory;		/* remove_map: if nomap makes it different */
};

static const struct limit_row limit_rows[] = {
	{ "0 is no limit",	"..====..==..", "============", 0, "..====..==..", "============", 0 },
	{ "one less",		"..====..==..", "============", 5, "..====..=...", "=========...", 0 },
	{ "equal",		"..====..==..", "============", 6, "..====..==..", "==========..", 0 },
	{ "one more",		"..====..==..", "============", 7, "..====..==..", "============", 0 },
	{ "much more",		"..====..==..", "============", 99, "..====..==..", "============", 0 },
	{ "end of a region",	"..====..==..", "============", 4, "..====......", "======......", 0 },
	{ "one",		"..====..==..", "============", 1, "..=.........", "===.........", 0 },
	{ "no memory",		"............", "====........", 3, "............", "====........", 0 },
	{ "cuts a reservation",	"========....", "..========..", 4, "====........", "..==........", 0 },
	{ "over strangers",	"..==00HH11..", "............", 5, "..==00H.....", "............", 0 },
	{ "nomap counts",	"==NN==......", "............", 5, "==NN=.......", "............", 0 },
	{ "nomap above",	"====..NN==..", "======......", 3, "===.........", "===.........",
	  "===...NN...." },
	{ "nomap cut",		"====NNNN....", "............", 6, "====NN......", "............",
	  "====NNNN...." },
};

static void load(const struct limit_row *row)
{
	mbtest_load(row->memory, row->reserved, page_grid);
}

static void expect_both(const char *name, const char *memory, const char *reserved)
{
	expect_true(picture_same(&memblock.memory, memory, page_grid, name));
	expect_true(picture_same(&memblock.reserved, reserved, page_grid, name));
}

/* Row 23. */
KTAP_TABLE_TEST(test_limit_enforce, limit_rows, row)
{
	load(row);
	memblock_enforce_memory_limit(row->amount * page_grid.unit);
	expect_both(row->name, row->want_memory, row->want_reserved);
	expect_eq(host_console_count(""), 0);
}

KTAP_TABLE_TEST(test_limit_remove_map_keeps_nomap, limit_rows, row)
{
	load(row);
	memblock_mem_limit_remove_map(row->amount * page_grid.unit);
	expect_both(row->name, row->map_memory ? row->map_memory : row->want_memory,
		    row->want_reserved);
}

KTAP_TEST(test_limit_enforce_bytes)
{
	mbtest_load("..====..==..", "============", page_grid);
	memblock_enforce_memory_limit(0x4001);
	expect_eq(memblock_phys_mem_size(), 0x4001);
	expect_eq(memblock_end_of_DRAM(), cell(8) + 1);
	expect_eq(memblock_reserved_size(), 0x8001);
	memblock_enforce_memory_limit(1);
	expect_eq(memblock_phys_mem_size(), 1);
	expect_eq(memblock_reserved_size(), 0x2001);
	memblock_enforce_memory_limit(PHYS_ADDR_MAX);
	expect_eq(memblock_phys_mem_size(), 1);
}

struct cap_row {
	const char	*name;
	const char	*memory, *reserved, *span;
	const char	*want_memory, *want_reserved;
};

/* Row 24. */
static const struct cap_row cap_rows[] = {
	{ "inside", "============", "============", "....####....", "....====....", "....====...." },
	{ "whole", "..====..====", "=..==...===.", "############", "..====..====", "=..==...===." },
	{ "cuts two regions", "..====..====", ".==.==..===.", "...#######..",
	  "...===..==..", "....==..==.." },
	{ "one region", "..==..==..==", "==..==..==..", ".....####...", "......==....", ".....=..=..." },
	{ "a hole", "====....====", "============", "....####....", "............", "....====...." },
	{ "outside", "....====....", "============", "#...........", "............", "=..........." },
	{ "nomap kept", "==NN==NN==nn", "============", "....##......", "..NN==NN..nn", "....==......" },
	{ "nomap cut", "NNNNNNNN....", "............", "..####......", "NNNNNNNN....", "............" },
	{ "nomap cut, plain gone", "==NNNN==....", "............", "...##.......",
	  "..NNNN......", "............" },
	{ "only nomap", "NN........NN", "............", "....##......", "NN........NN", "............" },
	{ "strangers", "001122HHDD==", "", "...######...", "...122HHD...", "............" },
	{ "touches bottom", "....====....", "....====....", "####........", "............", "............" },
	{ "touches top", "....====....", "....====....", "........####", "............", "............" },
};

KTAP_TABLE_TEST(test_limit_cap, cap_rows, row)
{
	phys_addr_t base, size;

	mbtest_load(row->memory, row->reserved, page_grid);
	span_range(row->span, page_grid, &base, &size);
	memblock_cap_memory_range(base, size);
	expect_both(row->name, row->want_memory, row->want_reserved);
	expect_eq(host_console_count(""), 0);
	expect_false(mbtest_warned());
}

KTAP_TEST(test_limit_cap_size_zero_does_nothing)
{
	mbtest_load("..====..", "========", page_grid);
	memblock_cap_memory_range(page_grid.base, 0);
	expect_both("size 0", "..====..", "========");
	mbtest_reset();
	memblock_cap_memory_range(page_grid.base, 0);
	expect_eq(host_console_count(""), 0);
}

/* Cut at the end of the address space this range is empty: one that meets no memory. */
KTAP_TEST(test_limit_cap_at_the_last_byte_keeps_only_nomap)
{
	mbtest_load("..==NN..", "========", page_grid);
	memblock_cap_memory_range(~0ULL, 5);
	expect_both("base all ones", "....NN..", "........");
	expect_false(mbtest_warned());
}

KTAP_TEST(test_limit_cap_before_any_memory_warns)
{
	mbtest_load("", "..==..", page_grid);
	memblock_cap_memory_range(page_grid.base, 0x1000);
	expect_str_eq(host_console_text(),
		      "memblock_cap_memory_range: No memory registered yet\n");
	expect_both("no memory", "", "..==..");
}

/* What was removed leaves its entry behind the last one: it must stay dead. */
KTAP_TEST(test_limit_removed_regions_do_not_come_back)
{
	mbtest_load("==.==.==", "", page_grid);
	memblock_remove(cell(6), 2 * page_grid.unit);
	memblock_cap_memory_range(0, PHYS_ADDR_MAX);
	expect_both("cap", "==.==", "");
	memblock_trim_memory(page_grid.unit);
	expect_both("trim", "==.==", "");
	/* nor where others go and leave room for it */
	mbtest_load("==.==.==", "", page_grid);
	memblock_remove(cell(6), 2 * page_grid.unit);
	memblock_cap_memory_range(cell(3), PHYS_ADDR_MAX);
	expect_both("cap from 3", "...==", "");
	mbtest_load("==.=..==", "", page_grid);
	memblock_remove(cell(6), 2 * page_grid.unit);
	memblock_trim_memory(2 * page_grid.unit);
	expect_both("trim by 2", "==", "");
}

/* Nothing left but a stale total: capping closes nothing and does not warn. */
KTAP_TEST(test_limit_cap_of_an_emptied_array_is_quiet)
{
	mbtest_load(".===....", "========", page_grid);
	memblock_trim_memory(2 * page_grid.unit);
	memblock_remove(0, ~0ULL);
	expect_true(mbtest_warned());
	memblock_cap_memory_range(cell(0), 4 * page_grid.unit);
	memblock_trim_memory(2 * page_grid.unit);
	expect_false(mbtest_warned());
	expect_true(picture_same(&memblock.reserved, "====", page_grid, "reserved"));
}

/* A range that passes the end of the address space is cut there. */
KTAP_TEST(test_limit_cap_range_that_wraps_is_cut)
{
	mbtest_load("..====..", "========", page_grid);
	memblock_cap_memory_range(cell(4), ~0ULL);
	expect_both("wraps", "....==..", "....====");
	memblock_cap_memory_range(0, ~0ULL);
	expect_both("everything", "....==..", "....====");
}

/* ---- capping takes two entries, as splitting does, needed or not ---- */

static const struct {
	const char	*name;
	size_t		cnt;			/* of memory */
	unsigned long	max;			/* afterwards */
} room_rows[] = {
	{ "two entries free",	FULL - 2,	FULL },
	{ "one entry free",	FULL - 1,	2 * FULL },
	{ "full",		FULL,		2 * FULL },
};

/* Memory is a comb, and 200 cells above it: room for arrays. */
static void load_comb(size_t cnt)
{
	machine_reset(false);
	model_remove(&machine.memory, 0, 1024);
	comb(&machine.memory, 0, cnt - 1);
	model_add(&machine.memory, 600, 800, MAX_NUMNODES, 0);
	model_add(&machine.reserved, 0, 8, MAX_NUMNODES, 0);
	model_to_memblock(&machine);
}

KTAP_TABLE_TEST(test_limit_cap_wants_two_entries, room_rows, row)
{
	load_comb(row->cnt);
	memblock_cap_memory_range(cell(0), 1024 * page_grid.unit);
	expect_eq(memblock.memory.max, row->max);
	if (row->max > FULL) {
		expect_eq(array_at(&memblock.memory), cell(798));
		machine_reserve(cell(798), array_bytes(row->max));
	}
	expect_same();
	memblock_cap_memory_range(cell(4), 1000 * page_grid.unit);
	model_cap(&machine, 4, 1004);
	expect_same();
}

KTAP_TABLE_TEST(test_limit_remove_map_wants_two_entries, room_rows, row)
{
	load_comb(row->cnt);
	memblock_mem_limit_remove_map(memblock_phys_mem_size());
	expect_eq(memblock.memory.max, row->max);
	if (row->max > FULL)	/* in the memory that is kept */
		machine_reserve(array_at(&memblock.memory), array_bytes(row->max));
	expect_same();
}

KTAP_TABLE_TEST(test_limit_enforce_wants_two_entries, room_rows, row)
{
	load_comb(row->cnt);
	memblock_enforce_memory_limit(memblock_phys_mem_size());
	expect_eq(memblock.memory.max, row->max);
	if (row->max > FULL)
		machine_reserve(array_at(&memblock.memory), array_bytes(row->max));
	expect_same();
}

/* It gives up before anything has changed, reserved included. */
KTAP_TEST(test_limit_cap_without_room_changes_nothing)
{
	for (size_t cnt = FULL - 1; cnt <= FULL; cnt++) {
		load_comb(cnt);
		model_add(&machine.reserved, 600, 800, MAX_NUMNODES, 0);
		model_to_memblock(&machine);
		memblock_cap_memory_range(cell(100), 10 * page_grid.unit);
		expect_same();
		expect_log("memblock: Failed to double memory array from 128 to 256 entries !\n");
		memblock_mem_limit_remove_map(10 * page_grid.unit);
		expect_same();
	}
	/* an empty range needs no entry */
	memblock_cap_memory_range(~0ULL, 1);
	expect_eq(memblock.memory.cnt + memblock.reserved.cnt, 0);
}

KTAP_TEST(test_limit_cap_before_resizing_is_allowed_panics)
{
	load_comb(FULL - 1);
	memblock_reset();
	model_to_memblock(&machine);
	expect_panic("memblock: cannot resize memory array")
		memblock_cap_memory_range(cell(0), 1024 * page_grid.unit);
	expect_same();
}

/* ---- trim ---- */

struct trim_row {
	const char	*name;
	const char	*memory;
	unsigned int	align;		/* cells; the grid begins at a multiple of 16 */
	const char	*want;
	unsigned int	stale;		/* cells total_size is too large by */
};

static const struct trim_row trim_rows[] = {
	{ "aligned already",	"....====....", 4, "....====....", 0 },
	{ "align 1 cell",	".=.==.===...", 1, ".=.==.===...", 0 },
	{ "bottom",		"..======....", 4, "....====....", 2 },
	{ "top",		"....======..", 4, "....====....", 2 },
	{ "both",		"...======...", 4, "....====....", 2 },
	{ "vanishes",		".....==.....", 4, "............", 0 },
	{ "vanishes at a border", "....===.....", 4, "............", 0 },
	{ "vanishes over a border", "..====......", 4, "............", 0 },
	{ "one cell vanishes",	"....=.......", 4, "............", 0 },
	{ "first vanishes",	".==.====....", 4, "....====....", 0 },
	{ "last vanishes",	"====.==.....", 4, "====........", 0 },
	{ "every second vanishes", "====.==.====.==.====", 4, "====....====....====", 0 },
	{ "all vanish",		"===.==.===.==.==", 4, "................", 0 },
	{ "some of each",	"==.=====.=======.=.=", 4, "....====....====....", 4 },
	{ "strangers that touch", "==00==....", 4, "..........", 0 },
	{ "strangers shrink",	"000001111111", 4, "0000....1111", 4 },
	{ "nomap too",		"..NNNNNN....", 4, "....NNNN....", 2 },
};

/* Row 22: shrinking leaves total_size, deleting corrects it. */
KTAP_TABLE_TEST(test_limit_trim, trim_rows, row)
{
#ifndef CONFIG_NUMA
	if (strcmp(row->name, "strangers shrink") == 0 ||
	    strcmp(row->name, "strangers that touch") == 0)
		return;		/* one region there */
#endif
	mbtest_load(row->memory, "=.=.=.=", page_grid);
	memblock_trim_memory(row->align * page_grid.unit);
	memblock.memory.total_size -= row->stale * page_grid.unit;
	expect_true(picture_same(&memblock.memory, row->want, page_grid, row->name));
	expect_true(picture_same(&memblock.reserved, "=.=.=.=", page_grid, row->name));
	expect_false(mbtest_warned());
}

/* QEMU's map with -m 1G: the dump shows 0x3ff7ec00. */
KTAP_TEST(test_limit_trim_qemu_total_is_as_in_linux_logs)
{
	mbtest_reset();
	memblock_add(0, 0x9fc00);
	memblock_add(0x100000, 0x3ffe0000 - 0x100000);
	memblock_remove(0, 0x1000);
	memblock_trim_memory(0x1000);
	expect_eq(memblock_phys_mem_size(), 0x3ff7ec00);
	expect_eq(memblock.memory.regions[0].size, 0x9e000);
}

KTAP_TEST(test_limit_trim_unaligned_hole_total_is_as_in_linux_logs)
{
	mbtest_reset();
	memblock_add(0, 0x9fc00);
	memblock_add(0x100000, 0x3ffe0000 - 0x100000);
	memblock_remove(0x20000123, 0x1388);
	memblock_remove(0, 0x1000);
	memblock_trim_memory(0x1000);
	expect_eq(memblock_phys_mem_size(), 0x3ff7d878);
	expect_eq(memblock.memory.cnt, 3);
	expect_eq(memblock.memory.regions[1].size, 0x20000000 - 0x100000);
	expect_eq(memblock.memory.regions[2].base, 0x20002000);
}

/* Rounding up near the end of the address space must not come out at 0. */
KTAP_TEST(test_limit_trim_at_the_end_of_the_address_space)
{
	mbtest_reset();
	memblock_add(0x1000, 0x1000);
	memblock_add(PHYS_ADDR_MAX - 0x800, 0x800);
	memblock_trim_memory(0x1000);
	expect_eq(memblock.memory.cnt, 1);
	expect_eq(memblock.memory.regions[0].base, 0x1000);
	expect_eq(memblock_phys_mem_size(), 0x1000);
	memblock_add(PHYS_ADDR_MAX - 0x2800, 0x2800);
	memblock_trim_memory(0x1000);
	expect_eq(memblock.memory.cnt, 2);
	expect_eq(memblock.memory.regions[1].base, 0xffffffffffffe000);
	expect_eq(memblock.memory.regions[1].size, 0x1000);
}

/* With a stale total left, emptying warns; so does the first add after it. */
KTAP_TEST(test_limit_trim_stale_total_warns_when_memory_becomes_empty)
{
	mbtest_load(".===....", "", page_grid);
	memblock_trim_memory(2 * page_grid.unit);
	expect_eq(memblock_phys_mem_size(), 3 * page_grid.unit);
	expect_false(mbtest_warned());
	memblock_remove(0, ~0ULL);
	expect_true(mbtest_warned());
	expect_eq(memblock.memory.cnt, 0);
	memblock_add(cell(0), 0x1000);
	expect_true(mbtest_warned());
	expect_true(picture_same(&memblock.memory, "=", page_grid, "as new"));
}

KTAP_TEST(test_limit_trim_many_regions)
{
	mbtest_reset();
	for (unsigned int i = 0; i < 100; i++)
		memblock_add(i * 0x4000 + (i % 3) * 0x400, 0x1400);
	memblock_trim_memory(0x1000);
	/* offsets 0x000 and 0x400, 0x800: [0,0x1400) keeps a page, [0x400,0x1800) none */
	expect_eq(memblock.memory.cnt, 34);
	expect_eq(memblock_phys_mem_size(), 34 * 0x1400);
	for (unsigned long i = 0; i < memblock.memory.cnt; i++)
		expect_eq(memblock.memory.regions[i].size, 0x1000);
}
