// SPDX-License-Identifier: GPL-2.0-only
/*
 * Free pages of a zone, straight from memblock: its node, its borders, whole pages.
 */
#include "ktap.h"

#include <limits.h>
#include <stdio.h>

#include "mm/memblock/memblock_internal.h"
#include "mm/zone.h"
#include "tests/host/include/memblock_reset.h"

#define PAGES(n)	((phys_addr_t)(n) << PAGE_SHIFT)

/*
 *	pfn	0x10    0x20    0x30    0x40    0x50    0x60
 *	node	|0------|0------|1------|0------|1------|
 *	taken	    0x18[--]0x1c              0x4f.8[--] half a page on either side
 *	NOMAP			        0x44[--]0x48
 */
static void build(void)
{
	memblock_reset();
	memblock_add_node(PAGES(0x10), PAGES(0x20), 0, MEMBLOCK_NONE);
	memblock_add_node(PAGES(0x30), PAGES(0x10), 1, MEMBLOCK_NONE);
	memblock_add_node(PAGES(0x40), PAGES(0x10), 0, MEMBLOCK_NONE);
	memblock_add_node(PAGES(0x50), PAGES(0x10), 1, MEMBLOCK_NONE);
	memblock_reserve(PAGES(0x18), PAGES(4));
	memblock_reserve(PAGES(0x50) - 0x800, 0x1000);
	memblock_mark_nomap(PAGES(0x44), PAGES(4));
}

static struct zone zone_of(int nid, unsigned long start, unsigned long end)
{
	return (struct zone){ .nid = nid, .zone_start_pfn = start, .spanned_pages = end - start };
}

static const struct {
	const char	*name;
	int		nid;
	unsigned long	start, end;
	const char	*want;
} rows[] = {
	{ "the whole node 0", 0, 0, 0x100, "10-18 1c-30 40-44 48-4f " },
	{ "the whole node 1", 1, 0, 0x100, "30-40 51-60 " },
	{ "borders at ranges' borders", 0, 0x1c, 0x30, "1c-30 " },
	{ "borders inside ranges", 0, 0x12, 0x1e, "12-18 1c-1e " },
	{ "both borders inside one", 0, 0x20, 0x21, "20-21 " },
	{ "begins in a reservation", 0, 0x19, 0x42, "1c-30 40-42 " },
	{ "ends in a reservation", 0, 0x10, 0x1a, "10-18 " },
	{ "is a reservation", 0, 0x18, 0x1c, "" },
	{ "is NOMAP", 0, 0x44, 0x48, "" },
	{ "is half a page", 1, 0x50, 0x51, "" },
	{ "of another node's memory", 1, 0x10, 0x30, "" },
	{ "below all", 0, 0, 0x10, "" },
	{ "above all", 0, 0x60, 0x100, "" },
	{ "without pages", 0, 0x20, 0x20, "" },
	{ "of a node without memory", 5, 0, 0x100, "" },
};

KTAP_TABLE_TEST(test_zone_iter_clips_to_zone, rows, row)
{
	struct zone zone = zone_of(row->nid, row->start, row->end);
	unsigned long spfn = 7, epfn = 7;
	char got[256] = "";
	size_t n = 0;
	uint64_t i = 0;

	build();
	__next_mem_pfn_range_in_zone(&i, &zone, &spfn, &epfn);
	for_each_free_mem_pfn_range_in_zone_from(i, &zone, &spfn, &epfn)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%lx-%lx ", spfn, epfn);
	expect_str_eq(got, row->want);
	expect_eq(spfn, ULONG_MAX);
	expect_eq(epfn, 0);
}

KTAP_TEST(test_zone_iter_goes_on_from_where_it_was)
{
	struct zone zone = zone_of(0, 0, 0x100);
	unsigned long spfn, epfn, rest = 0;
	uint64_t i = 0;

	build();
	__next_mem_pfn_range_in_zone(&i, &zone, &spfn, &epfn);
	__next_mem_pfn_range_in_zone(&i, &zone, &spfn, &epfn);
	expect_eq(spfn, 0x1c);
	for_each_free_mem_pfn_range_in_zone_from(i, &zone, &spfn, &epfn)
		rest += epfn - spfn;
	expect_eq(rest, 0x14 + 4 + 7);
}

KTAP_TEST(test_zone_iter_end_is_final)
{
	struct zone zone = zone_of(0, 0, 0x20);
	unsigned long spfn, epfn;
	uint64_t i = UINT64_MAX;

	build();
	__next_mem_pfn_range_in_zone(&i, &zone, &spfn, &epfn);
	expect_eq(i, UINT64_MAX);
	expect_eq(spfn, ULONG_MAX);
	expect_eq(epfn, 0);
}

KTAP_TEST(test_zone_iter_outputs_may_be_null)
{
	struct zone zone = zone_of(0, 0, 0x100);
	uint64_t i = 0;
	int n = 0;

	build();
	__next_mem_pfn_range_in_zone(&i, &zone, NULL, NULL);
	for_each_free_mem_pfn_range_in_zone_from(i, &zone, NULL, NULL)
		n++;
	expect_eq(n, 4);
}

KTAP_TEST(test_zone_iter_without_memory_ends_at_once)
{
	struct zone zone = zone_of(0, 0, 0x100);
	unsigned long spfn, epfn;
	uint64_t i = 0;

	memblock_reset();
	__next_mem_pfn_range_in_zone(&i, &zone, &spfn, &epfn);
	expect_eq(i, UINT64_MAX);
	expect_eq(epfn, 0);
}
