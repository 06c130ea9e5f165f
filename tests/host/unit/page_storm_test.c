// SPDX-License-Identifier: GPL-2.0-only
/*
 * A million random allocations and frees over two nodes with holes and odd borders, while
 * what early takers reserved goes back piece by piece.  Laws 4 and 5: the sum over nodes
 * and zones is RAM to the byte all the way, and when everything has been freed every free
 * span is in the largest blocks that its borders allow.
 */
#include "ktap.h"

#include <string.h>

#include "mm/buddy.h"
#include "mm/ledger.h"
#include "mm/ledger_sum.h"
#include "mm/memblock.h"
#include "mm/mm_init.h"
#include "mm/takers.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm/release.h"
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

/* ---- the lowest stacks there are, ranges, types that change ------------------------------- */

#define MODEL_PAGES	(1UL << 18)
#define MODEL_MACHINES	40U
#define RANGES		32U
#define LOW_ZONES	16U

/* What the naive model knows of a page: its enum page_mark. */
static uint8_t model[MODEL_PAGES];
static struct { unsigned long pfn, pages; } ranges[RANGES];
static unsigned int nr_ranges;
static struct stacked low_stack[LOW_ZONES][PCP_TYPES][NR_PAGE_ORDERS][CHUNK_PAGES];

static void model_set(unsigned long pfn, unsigned long pages, enum page_mark from,
		      enum page_mark to)
{
	for (; pages--; pfn++) {
		if (model[pfn] != from) {
			expect_fail("pfn %#lx is %u in the model, not %u", pfn, model[pfn], from);
			ktap_leave();
		}
		model[pfn] = (uint8_t)to;
	}
}

/* Every page there can be; @learn: the model takes what it finds. */
static void model_pages(bool learn)
{
	for (unsigned long pfn = 0; pfn < MODEL_PAGES; pfn++) {
		struct page_state state;

		page_get_state(pfn, &state);
		if (learn)
			model[pfn] = (uint8_t)state.mark;
		if (model[pfn] != state.mark || pfn - state.head >= BIT(state.order)) {
			expect_fail("pfn %#lx is %u in block %#lx of order %u, model %u", pfn,
				    state.mark, state.head, state.order, model[pfn]);
			ktap_leave();
		}
	}
}

/* Stacks of 0 to 3 blocks of every order; of single pages none, or a chunk's. */
static void lower_stacks(void)
{
	unsigned int at = 0;
	struct zone *zone;

	drain_all_pages();
	for_each_populated_zone(zone) {
		require_true(at < LOW_ZONES);
		for (unsigned int i = 0; i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
			const unsigned int type = i / NR_PAGE_ORDERS, order = i % NR_PAGE_ORDERS;
			struct stacked *blocks = low_stack[at][type][order];
			unsigned int high = random_below(4);

			if (!order && high)
				high = CHUNK_PAGES - 1 + high / 2;
			zone_stacks(zone, type)[order] = (struct per_cpu_pages){
				.top = blocks, .blocks = blocks, .end = blocks + high,
				.room = high,
			};
		}
		at++;
	}
}

static unsigned long random_pfn(void)
{
	const struct zone_range *range = zone_range_get(random_below(zone_range_count()));

	return range->start + random_below((unsigned int)(range->end - range->start));
}

/* It succeeds if and only if all its pages are free and of one zone. */
static void take_range(void)
{
	const unsigned long pfn = random_pfn(), pages = 1 + random_below(1U << random_below(11));
	bool may = true;

	for (unsigned long i = pfn; i < pfn + pages; i++)
		may &= i < MODEL_PAGES && model[i] == MARK_FREE &&
		       zone_of_pfn(i) == zone_of_pfn(pfn);
	expect_eq(!alloc_contig_range(pfn, pfn + pages, 0), may);
	if (!may)
		return;
	model_set(pfn, pages, MARK_FREE, MARK_ALLOC);
	ranges[nr_ranges].pfn = pfn;
	ranges[nr_ranges++].pages = pages;
}

/* The upper part of a range, maybe all of it. */
static void give_range(unsigned int i)
{
	const unsigned long keep = random_below((unsigned int)ranges[i].pages);
	const unsigned long pfn = ranges[i].pfn + keep, pages = ranges[i].pages - keep;

	model_set(pfn, pages, MARK_ALLOC, MARK_FREE);
	free_contig_range(pfn, pages);
	ranges[i].pages = keep;
	if (!keep)
		ranges[i] = ranges[--nr_ranges];
}

static void model_allocate(void)
{
	const unsigned int before = nr_held;

	allocate();
	if (nr_held > before)
		model_set(page_to_pfn(held[before].page), BIT(held[before].order), MARK_FREE,
			  MARK_ALLOC);
}

static void model_give_back(unsigned int i)
{
	model_set(page_to_pfn(held[i].page), BIT(held[i].order), MARK_ALLOC, MARK_FREE);
	give_back(i);
}

static void model_release(unsigned int i)
{
	model_set(PFN_DOWN(takers[i].base), PFN_DOWN(takers[i].size), MARK_NONE, MARK_FREE);
	release_taker(i);
}

static void model_step(void)
{
	const unsigned int dice = random_below(1000);
	unsigned long pfn;

	if (dice < 20 && nr_ranges < RANGES)
		return take_range();
	if (dice < 45 && nr_ranges)
		return give_range(random_below(nr_ranges));
	if (dice < 55) {
		pfn = random_pfn();
		move_freepages_block(zone_of_pfn(pfn), pfn, random_below(PCP_TYPES));
		return;
	}
	if (dice < 60)
		return drain_all_pages();
	if (dice < 70 && nr_takers)
		return model_release(random_below(nr_takers));
	if (nr_held < HELD && random_below(2))
		model_allocate();
	else if (nr_held)
		model_give_back(random_below(nr_held));
}

/* Law: which pages are whose is what a list of pages says, whatever stacks and lists do. */
KTAP_TEST(test_page_storm_low_stacks_equal_a_list_of_pages)
{
	static struct mm_machine machine;

	random_state = 0x9e3779b97f4a7c15ULL;
	for (unsigned int i = 0; i < MODEL_MACHINES; i++) {
		random_machine(&machine);
		boot(&machine);
		lower_stacks();
		nr_ranges = 0;
		model_pages(true);
		for (unsigned int step = 1; step <= 3000; step++) {
			model_step();
			if (step % 100 == 0)
				expect_mm_sound();
			if (step % 1500 == 0)
				model_pages(false);
		}
		while (nr_ranges)
			give_range(nr_ranges - 1);
		calm();
	}
}
