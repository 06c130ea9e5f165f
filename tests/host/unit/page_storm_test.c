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

/* Whole pages, 4 KiB to 4 MiB, on either node, each with its own record; fewer if RAM is full. */
static void take_early(void)
{
	nr_takers = 0;
	for (unsigned int i = 0; i < TAKERS; i++) {
		phys_addr_t size = (phys_addr_t)(1 + random_below(1U << random_below(11)))
				   << PAGE_SHIFT;
		phys_addr_t base = memblock_phys_alloc_try_nid(size, PAGE_SIZE,
							       (int)random_below(2));

		if (!base || !early_memory_suffices()) {
			if (base)
				memblock_phys_free(base, size);
			continue;
		}
		ledger_name(base, size, "early taker");
		takers[nr_takers].base = base;
		takers[nr_takers++].size = size;
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

static void boot(const struct mm_machine *machine)
{
	nr_held = 0;
	mm_machine_reset();
	mm_machine_memory(machine);
	take_early();
	mm_machine_hand_over();
	expect_even();
	expect_largest_blocks();
}

/* Long tides: mostly allocating, then mostly freeing, @tide operations each. */
static void storm(unsigned long operations, unsigned int tide, unsigned int per_release)
{
	for (unsigned long step = 0; step < operations; step++) {
		if (nr_takers && random_below(per_release) == 0)
			release_taker(random_below(nr_takers));
		if (nr_held < HELD && random_below(10) < (step / tide % 2 ? 4U : 6U))
			allocate();
		else if (nr_held)
			give_back(random_below(nr_held));
		if (step % 50000 == 0)
			expect_even();
	}
}

/* Everything goes back, what the takers have left as well. */
static void calm(void)
{
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

static const struct {
	const char	*name;
	uint64_t	seed;
} storms[] = {
	{ "seed 1", 88172645463325252ULL },
	{ "seed 2", 0x9e3779b97f4a7c15ULL },
};

KTAP_TABLE_TEST(page_storm_million_operations_keep_every_byte, storms, row)
{
	random_state = row->seed;
	boot(&odd_machine);
	expect_eq(nr_takers, TAKERS);
	storm(OPERATIONS / ARRAY_SIZE(storms), 30000, 8000);
	expect_true(nr_takers < TAKERS);
	calm();
}

/* ---- machines that nobody thought of ------------------------------------------------------ */

#define MACHINES	150U

/* Spans of up to 2^13 pages with gaps or none between them, on three nodes. */
static void random_machine(struct mm_machine *machine)
{
	unsigned long pfn = 0x100;

	*machine = (struct mm_machine){ .name = "random" };
	for (unsigned int i = 0; i < MM_SPANS; i++) {
		unsigned long pages = i ? 1 + random_below(1U << random_below(14)) : 0x1000;

		if (i && random_below(2))
			pfn += 1 + random_below(1U << random_below(13));
		machine->ram[i] = (struct mm_span){ PFN_PHYS(pfn), PFN_PHYS(pages),
						    i ? (int)random_below(3) : 0 };
		pfn += pages;
	}
	for (unsigned int i = 0; i < MM_SPANS; i++) {
		const struct mm_span *in = &machine->ram[random_below(MM_SPANS)];

		machine->reserved[i] = (struct mm_span){ in->base + random_below(0x10000),
							 1 + random_below(0x3000), 0 };
	}
}

KTAP_TEST(test_page_storm_random_machines)
{
	static struct mm_machine machine;

	random_state = 0x2545f4914f6cdd1dULL;
	for (unsigned int i = 0; i < MACHINES; i++) {
		random_machine(&machine);
		boot(&machine);
		storm(3000, 500, 100);
		calm();
	}
}
