// SPDX-License-Identifier: GPL-2.0-only
/*
 * A million random allocations and frees over two nodes with holes and odd borders, while
 * what early takers reserved goes back piece by piece.  Laws 4 and 5: the sum over nodes
 * and zones is RAM to the byte all the way, and when everything has been freed every free
 * span is in the largest blocks that its borders allow.
 */
#include "ktap.h"

#include <string.h>

#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm_machine.h"

#define OPERATIONS	1000000UL
#define HELD		20000U
#define TAKERS		96U

/* Zones end inside largest blocks, nodes alternate inside of 64 pages, a hole is one page. */
static const struct mm_machine odd_machine = {
	.name = "two nodes, odd borders",
	.ram = { { 0x1000, 0x9ec00, 0 }, { 0x100000, 0x1234000, 0 }, { 0x1334000, 0x2ccc000, 1 },
		 { 0x4001000, 0x3fff000, 0 }, { 0x8000000, 0x5555000, 1 },
		 { 0x10000000, 0x5000, 0 }, { 0x10005000, 0x1b000, 1 }, { 0x10020000, 0x2000, 0 },
		 { 0x10022000, 0x400000, 1 }, { 0x10422000, 0x9000, 0 }, { 0x1042b000, 0x33000, 1 },
		 { SZ_4G, 0x3003000, 1 }, { SZ_4G + 0x3003000, 0x1ffd000, 0 } },
	.reserved = { { 0, 0x10000, 0 }, { 0x9f000, 0x61000, 0 } },
};

static const gfp_t wishes[] = {
	GFP_KERNEL, GFP_ATOMIC, GFP_NOWAIT, GFP_HIGHUSER_MOVABLE, GFP_KERNEL | __GFP_RECLAIMABLE,
	GFP_KERNEL | __GFP_DMA, GFP_KERNEL | __GFP_DMA32, GFP_KERNEL | __GFP_THISNODE,
};

static struct { struct page *page; unsigned int order; } held[HELD];
static unsigned int nr_held;
static struct { phys_addr_t base, size; } takers[TAKERS];
static unsigned int nr_takers;
static uint64_t random_state;

static unsigned int random_below(unsigned int n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned int)((random_state >> 16) % n);
}

/* Whole pages, 4 KiB to 4 MiB, on either node, each with its own record. */
static void take_early(void)
{
	for (nr_takers = 0; nr_takers < TAKERS; nr_takers++) {
		phys_addr_t size = (phys_addr_t)(1 + random_below(1U << random_below(11)))
				   << PAGE_SHIFT;
		phys_addr_t base = memblock_phys_alloc_try_nid(size, PAGE_SIZE,
							       (int)random_below(2));

		expect_true(base != 0);
		ledger_name(base, size, "early taker");
		takers[nr_takers].base = base;
		takers[nr_takers].size = size;
	}
}

static void release_taker(unsigned int i)
{
	char *at = phys_to_virt(takers[i].base);

	expect_eq(free_reserved_area(at, at + takers[i].size, -1, NULL),
		  takers[i].size >> PAGE_SHIFT);
	takers[i] = takers[--nr_takers];
}

static void allocate(void)
{
	unsigned int order = random_below(10) < 7 ? 0 : random_below(NR_PAGE_ORDERS);
	gfp_t gfp = wishes[random_below(ARRAY_SIZE(wishes))] | __GFP_NOWARN;
	int nid = (int)random_below(2);
	struct page *page = alloc_pages_node(nid, gfp, order);

	if (!page)
		return;
	if (gfp & __GFP_THISNODE)
		expect_eq(page_span_of(page_to_pfn(page))->nid, nid);
	held[nr_held].page = page;
	held[nr_held++].order = order;
}

static void give_back(unsigned int i)
{
	__free_pages(held[i].page, held[i].order);
	held[i] = held[--nr_held];
}

/* RAM is what the buddy manages and what is reserved, by zone and in all. */
static void expect_even(void)
{
	struct ledger_sum sum;
	unsigned long managed = 0;
	struct zone *zone;

	expect_mm_sound();
	for_each_populated_zone(zone)
		managed += zone->managed_pages;
	ledger_get_sum(&sum);
	expect_eq(sum.buddy, managed << PAGE_SHIFT);
	expect_eq(sum.usable, sum.buddy + sum.reserved + sum.rounding + sum.withheld);
	expect_eq(sum.unnamed, 0);
}

/* Add the blocks that the free span [start, end) makes. */
static void largest_blocks(unsigned long start, unsigned long end, unsigned long *blocks)
{
	while (start < end) {
		unsigned int order = MAX_PAGE_ORDER;

		while (start % BIT(order) || BIT(order) > end - start)
			order--;
		blocks[order]++;
		start += BIT(order);
	}
}

static bool is_free_in(const struct zone *zone, unsigned long pfn)
{
	struct page_state state;

	if (!pfn_valid(pfn))
		return false;
	page_get_state(pfn, &state);
	return state.mark == MARK_FREE && state.zone_id == zone->id;
}

/* Law 5 by counting pages: knows nothing of lists. */
static void expect_largest_blocks(void)
{
	unsigned long want[NR_PAGE_ORDERS] = { 0 }, got[NR_PAGE_ORDERS];
	struct zone *zone;

	mm_histogram(got);
	for_each_populated_zone(zone) {
		unsigned long end = zone->zone_start_pfn + zone->spanned_pages;
		unsigned long start = end;	/* of a free span; end: in none */

		for (unsigned long pfn = zone->zone_start_pfn; pfn < end; pfn++) {
			bool is_free = is_free_in(zone, pfn);

			if (is_free && start == end) {
				start = pfn;
			} else if (!is_free && start != end) {
				largest_blocks(start, pfn, want);
				start = end;
			}
		}
		largest_blocks(start, end, want);
	}
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		expect_eq(got[order], want[order]);
}

static void boot(uint64_t seed)
{
	random_state = seed;
	nr_held = 0;
	mm_machine_reset();
	mm_machine_memory(&odd_machine);
	take_early();
	mm_machine_hand_over();
	expect_even();
	expect_largest_blocks();
}

static const struct {
	const char	*name;
	uint64_t	seed;
} storms[] = {
	{ "seed 1", 88172645463325252ULL },
	{ "seed 2", 0x9e3779b97f4a7c15ULL },
};

KTAP_TABLE_TEST(page_storm_million_operations_keep_every_byte, storms, storm)
{
	boot(storm->seed);
	for (unsigned long step = 0; step < OPERATIONS / ARRAY_SIZE(storms); step++) {
		/* Long tides: mostly allocating, then mostly freeing. */
		unsigned int tide = step / 30000 % 2 ? 4 : 6;

		if (nr_takers && random_below(8000) == 0)
			release_taker(random_below(nr_takers));
		if (nr_held < HELD && random_below(10) < tide)
			allocate();
		else if (nr_held)
			give_back(random_below(nr_held));
		if (step % 50000 == 0)
			expect_even();
	}
	expect_true(nr_takers < TAKERS);
	while (nr_held)
		give_back(nr_held - 1);
	expect_even();
	expect_largest_blocks();
	while (nr_takers)
		release_taker(nr_takers - 1);
	expect_even();
	expect_largest_blocks();
	expect_eq(bad_page_count(), 0);
}
