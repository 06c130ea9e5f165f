/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory as page frames: whole pages only, every node or one, whatever the flags.
 */
#include <stdio.h>

#include "mm/memblock.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/mbtest.h"

#define ANY		NUMA_NO_NODE
#define TEXT_MAX	4096

struct pfn_row {
	const char	*name;
	phys_addr_t	base, size;
	unsigned long	first, end;	/* equal: skipped */
};

static const struct pfn_row pfn_rows[] = {
	{ "whole pages", 0x10000, 0x4000, 0x10, 0x14 },
	{ "rounds inward", 0x10001, 0x4000, 0x11, 0x14 },
	{ "rounds inward at the top", 0x10000, 0x4fff, 0x10, 0x14 },
	{ "one whole page inside", 0x10fff, 0x1002, 0x11, 0x12 },
	{ "less than a page", 0x10001, 0xffe, 0, 0 },
	{ "over a border, no whole page", 0x10800, 0x1000, 0, 0 },
	{ "over a border, nearly two", 0x10001, 0x1ffe, 0, 0 },
	{ "exactly one page", 0x10000, 0x1000, 0x10, 0x11 },
	{ "one byte", 0x10000, 1, 0, 0 },
	{ "page 0", 0, 0x1000, 0, 1 },
	/* where rounding up would wrap to page 0 */
	{ "in the last page of all", ~0ULL - 0x800, 0x800, 0, 0 },
	{ "the last page of all but its last byte", ~0ULL - 0xfff, 0xfff, 0, 0 },
	{ "into the last page of all", ~0ULL - 0x2000, 0x2000, 0xffffffffffffe, 0xfffffffffffff },
	{ "high", 0x100000000000, 0x2000, 0x100000000, 0x100000002 },
};

KTAP_TABLE_TEST(test_iter_pfn_rounds_inward_and_skips, pfn_rows, row)
{
	unsigned long s = 7, e = 7;
	int i, n = 0, nid = 7;

	mbtest_reset();
	memblock_add(row->base, row->size);
	for_each_mem_pfn_range(i, ANY, &s, &e, &nid) {
		expect_eq(s, row->first);
		expect_eq(e, row->end);
		expect_eq(i, 0);
		n++;
	}
	expect_eq(n, row->first != row->end);
	expect_eq(i, -1);
}

/* Row 30: small regions among whole ones; flags do not matter, nodes do. */
static const struct {
	const char	*name;
	int		nid;
	const char	*want;
} pfn_node_rows[] = {
	{ "all",		NUMA_NO_NODE,	"0:[0,2) 1:[2,4) 2:[4,6) 3:[7,9) 4:[10,12) " },
	{ "all, MAX_NUMNODES",	MAX_NUMNODES,	"0:[0,2) 1:[2,4) 2:[4,6) 3:[7,9) 4:[10,12) " },
#ifdef CONFIG_NUMA
	{ "node 0",		0,		"0:[0,2) 3:[7,9) " },
	{ "node 1",		1,		"1:[2,4) 4:[10,12) " },
	{ "node 3",		3,		"" },
#endif
};

KTAP_TABLE_TEST(test_iter_pfn_filters_nodes_only, pfn_node_rows, row)
{
	char got[TEXT_MAX] = "";
	unsigned long s, e;
	size_t len = 0;
	int i, nid;

	mbtest_load("00zzHH.nn.11", "============", (struct picture_grid){ 0, PAGE_SIZE });
	movable_node_enabled = true;
	for_each_mem_pfn_range(i, row->nid, &s, &e, &nid) {
		len += (size_t)snprintf(got + len, sizeof(got) - len, "%d:[%lu,%lu) ", i, s, e);
#ifdef CONFIG_NUMA
		expect_eq(nid, memblock.memory.regions[i].nid);
#else
		expect_eq(nid, 0);
#endif
	}
	expect_str_eq(got, row->want);
	expect_eq(i, -1);
}

KTAP_TEST(test_iter_pfn_skips_small_regions_between)
{
	unsigned long s, e, pages = 0;
	int i;

	mbtest_reset();
	for (phys_addr_t b = 0x100000; b < 0x200000; b += 0x10000) {
		memblock_add(b, 0x800);
		memblock_add(b + 0x4000, 0x2000);
		memblock_add(b + 0x8800, 0x1000);
	}
	for_each_mem_pfn_range(i, ANY, &s, &e, NULL) {
		expect_eq(e - s, 2);
		expect_eq(i % 3, 1);
		pages += e - s;
	}
	expect_eq(pages, 32);
}

KTAP_TEST(test_iter_pfn_on_empty_memory)
{
	int i, n = 0;

	mbtest_reset();
	for_each_mem_pfn_range(i, ANY, NULL, NULL, NULL)
		n++;
	expect_eq(n, 0);
	expect_eq(i, -1);
}
