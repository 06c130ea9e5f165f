// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stacks in front of the buddy's lists: how much they hold, refilling, spilling, draining.
 * Push and pop are in mm/page_alloc/page_alloc.c.
 */
#include "mm/pcp.h"

#include "mm/buddy/buddy_internal.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/page_wipe.h"	/* page_options */

/*
 * A stack has room for 1/PCP_SHARE of its zone's pages, but for no more than PCP_ROOM_MAX blocks,
 * or PCP_PAGES_MAX single pages; CPUs divide it.  What is on stacks has not merged.  So while less
 * than PCP_PLENTY eighths of the zone are free, the stacks of larger blocks are a quarter as high,
 * but not below PCP_HIGH_MIN or 1/PCP_SHARE_MAX; single pages make no difference there.
 * mm/README.md has what that costs and gains.
 */
#define PCP_SHARE	256
#define PCP_SHARE_MAX	128
#define PCP_ROOM_MAX	1024UL
#define PCP_PAGES_MAX	4096UL
#define PCP_HIGH_MIN	16UL
#define PCP_PLENTY	3

/* How often a CPU looks whether another has drained its stacks: some milliseconds. */
#define DRAIN_PATIENCE	(1U << 16)

/* For a CPU that could not get an array of stacks: NO_STACKS, by order. */
static const struct per_cpu_pages no_pcp[NR_PAGE_ORDERS];

/*
 * How many blocks a stack of one of @cpus CPUs has room for.  Single pages come a chunk at a time,
 * so theirs has room for one.  Pages that are wiped when freed go to the lists: the fast paths do
 * not wipe.
 */
static unsigned int __init stack_room(const struct zone *zone, unsigned int order,
				      unsigned int cpus)
{
	const unsigned long share = zone->present_pages / PCP_SHARE >> order;
	const unsigned long most = zone->present_pages / PCP_SHARE_MAX >> order;

	if (page_options & OPTIONS_FREE)
		return 0;
	if (order)
		return (unsigned int)MIN(MAX(MIN(share, PCP_ROOM_MAX) / cpus, PCP_HIGH_MIN), most);
	if (zone->present_pages < CHUNK_PAGES)
		return 0;
	return (unsigned int)MAX(MIN(share, PCP_PAGES_MAX) / cpus, CHUNK_PAGES);
}

static void __init setup_zone_pageset(struct per_cpu *area, const struct zone *zone,
				      unsigned int cpus, int nid)
{
	size_t count = 0, bytes;
	struct stacked *blocks;

	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		count += PCP_TYPES * stack_room(zone, order, cpus);
	bytes = count * sizeof(*blocks);
	blocks = bytes ? memblock_alloc_try_nid_raw(bytes, SMP_CACHE_BYTES, 0,
						    MEMBLOCK_ALLOC_ACCESSIBLE, nid) : NULL;
	if (!blocks)
		return;
	ledger_name(virt_to_phys(blocks), bytes, "pagesets");
	for (unsigned int i = 0; i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
		struct per_cpu_pages *pcp = &stacks_at(area, zone->stacks)[i];

		pcp->blocks = pcp->top = blocks;
		pcp->room = stack_room(zone, i % NR_PAGE_ORDERS, cpus);
		blocks += pcp->room;
		pcp->end = blocks;
	}
}

void __init setup_per_cpu_pageset(struct per_cpu *area, unsigned int cpus, int nid)
{
	const size_t count = (1 + PCP_TYPES * (size_t)zone_index.nr_zones) * NR_PAGE_ORDERS;
	const size_t bytes = count * sizeof(*area->stacks);
	struct zone *zone;

	area->plain_orders = area->many_cpus ? 0 : NR_PAGE_ORDERS;
	area->stacks = memblock_alloc_node(bytes, SMP_CACHE_BYTES, nid);
	if (!area->stacks) {
		area->stacks = (struct per_cpu_pages *)no_pcp;	/* nothing is pushed or popped */
		return;
	}
	ledger_name(virt_to_phys(area->stacks), bytes, "pagesets");
	for_each_populated_zone(zone) {
		zone->stacks = (1 + PCP_TYPES * (size_t)zone->id) * NR_PAGE_ORDERS *
			       sizeof(*area->stacks);
		setup_zone_pageset(area, zone, cpus, nid);
	}
}

void pcp_set_height(const struct zone *zone, struct per_cpu_pages *pcp)
{
	const unsigned long room = pcp_room(pcp);
	const bool plenty = zone_listed_pages(zone) >= zone->managed_pages / 8 * PCP_PLENTY;

	if (room)
		pcp->end = pcp->blocks + (plenty ? room : MIN(room, MAX(room / 4, PCP_HIGH_MIN)));
}

/* Other CPUs count the blocks on this one's stacks, so a change of the top is one store. */
static inline void set_top(struct per_cpu_pages *pcp, struct stacked *top)
{
	__atomic_store_n(&pcp->top, top, __ATOMIC_RELAXED);
}

/*
 * Those @pages of the chunk at @pfn go on the stack at @top, the highest first, so that the lowest
 * is popped first.  Of one page to the one below it both parts of struct stacked.at fall by 1.
 */
static inline struct stacked *push_pages(struct stacked *top, struct units *chunk,
					 unsigned long pfn, uint64_t pages)
{
	struct stacked block = stacked_block(chunk, pfn + 63, 63);

	if (likely(pages == ALL_PAGES)) {
		for (const struct stacked *end = top + CHUNK_PAGES; top < end; block.at -= 65)
			*top++ = block;
		return top;
	}
	do {
		const unsigned int page = 63U - (unsigned int)__builtin_clzll(pages);

		*top++ = stacked_block(chunk, pfn + page, page);
		pages ^= 1ULL << page;
	} while (pages);
	return top;
}

bool rmqueue_bulk(struct zone *zone, enum migratetype type)
{
	struct per_cpu_pages *pcp = zone_stacks(zone, type);
	struct units *chunk;
	unsigned long pfn;
	uint64_t pages;

	if (pcp_high(pcp) < CHUNK_PAGES)
		return false;
	spin_lock(&zone->lock);
	chunk = buddy_take_chunk(zone, type, &pfn, &pages);
	spin_unlock(&zone->lock);
	if (!chunk)
		return false;
	set_top(pcp, push_pages(pcp->blocks, chunk, pfn, pages));
	return true;
}

/* Among the stacks of @zone's that @area's CPU has, and may be changing. */
static __racy __noinline bool find_on_stacks(const struct per_cpu *area, const struct zone *zone,
					     unsigned long pfn, struct page_state *state)
{
	for (unsigned int i = 0; zone->stacks && i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
		const struct per_cpu_pages *pcp = &stacks_at(area, zone->stacks)[i];
		const unsigned int order = i % NR_PAGE_ORDERS, count = pcp_count(pcp);

		for (unsigned int block = 0; block < count; block++) {
			const unsigned long head = pcp->blocks[block].at >> 6;	/* stacked_pfn() */

			if (pfn - head >= 1UL << order)
				continue;
			state->head = head;
			state->order = order;
			return true;
		}
	}
	return false;
}

bool pcp_find(const struct zone *zone, unsigned long pfn, struct page_state *state)
{
	const struct per_cpu *area;

	for_each_cpu_area(area)
		if (area->stacks && find_on_stacks(area, zone, pfn, state))
			return true;
	return false;
}

bool free_pcppages_bulk(struct zone *zone, struct per_cpu_pages *pcp, unsigned int order)
{
	const unsigned int count = pcp_count(pcp);
	unsigned int older;

	if (!count)
		return false;
	if (many_cpus()) {
		serve_drain();
		if (!pcp_count(pcp))
			return true;
	}
	if (order)
		pcp_set_height(zone, pcp);
	if (count < pcp_high(pcp))
		return true;
	older = count - pcp_high(pcp) / 2;
	spin_lock(&zone->lock);
	buddy_give_untracked(zone, pcp->blocks, older, order);
	spin_unlock(&zone->lock);
	memmove(pcp->blocks, pcp->blocks + older, (count - older) * sizeof(*pcp->blocks));
	set_top(pcp, pcp->top - older);
	return true;
}

/* ---- draining ------------------------------------------------------------------------------ */

void drain_pages_zone(struct zone *zone)
{
	spin_lock(&zone->lock);
	for (unsigned int i = 0; i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
		const unsigned int order = i % NR_PAGE_ORDERS;
		struct per_cpu_pages *pcp = &zone_stacks(zone, i / NR_PAGE_ORDERS)[order];

		if (!pcp_count(pcp))
			continue;
		buddy_give_untracked(zone, pcp->blocks, pcp_count(pcp), order);
		set_top(pcp, pcp->blocks);
	}
	spin_unlock(&zone->lock);
}

void drain_local_pages(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		drain_pages_zone(zone);
	__atomic_store_n(&this_cpu()->drain_wanted, false, __ATOMIC_RELEASE);
}

void serve_drain(void)
{
	if (unlikely(__atomic_load_n(&this_cpu()->drain_wanted, __ATOMIC_RELAXED)))
		drain_local_pages();
}

/* Has the CPU of @area blocks on stacks? */
static bool has_stacked(const struct per_cpu *area)
{
	const unsigned int stacks = (1 + PCP_TYPES * zone_index.nr_zones) * NR_PAGE_ORDERS;

	for (unsigned int i = NR_PAGE_ORDERS; i < stacks; i++)
		if (pcp_count(&area->stacks[i]))
			return true;
	return false;
}

/* Ask the CPU of @area for what it has, and wait a while; it may want the same of this one. */
static void drain_other(struct per_cpu *area)
{
	if (area == this_cpu() || !area->stacks || area->stacks == no_pcp || !has_stacked(area))
		return;
	__atomic_store_n(&area->drain_wanted, true, __ATOMIC_RELEASE);
	for (unsigned int i = 0; i < DRAIN_PATIENCE; i++) {
		if (!__atomic_load_n(&area->drain_wanted, __ATOMIC_ACQUIRE))
			return;
		serve_drain();
		cpu_relax();
	}
}

void drain_all_pages(void)
{
	struct per_cpu *area;

	drain_local_pages();
	if (many_cpus())
		for_each_cpu_area(area)
			drain_other(area);
}

/* ---- counting ------------------------------------------------------------------------------ */

/* Blocks of @order of @zone on all CPUs' stacks. */
unsigned long pcp_blocks(const struct zone *zone, unsigned int order)
{
	const struct per_cpu *area;
	unsigned long blocks = 0;

	for_each_cpu_area(area)
		for (unsigned int type = 0; area->stacks && type < PCP_TYPES; type++)
			blocks += pcp_count(&stacks_at(area, stacks_offset(zone, type))[order]);
	return blocks;
}

unsigned long zone_free_pages(const struct zone *zone)
{
	unsigned long pages = zone_listed_pages(zone);

	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		pages += pcp_blocks(zone, order) << order;
	return pages;
}

unsigned long zone_alloc_count(const struct zone *zone)
{
	unsigned long blocks = zone->alloc_count;
	const struct per_cpu *area;

	for_each_cpu_area(area)
		for (unsigned int i = 0; area->stacks && i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
			const unsigned long at = stacks_offset(zone, i / NR_PAGE_ORDERS);

			blocks += pcp_given(&stacks_at(area, at)[i % NR_PAGE_ORDERS]);
		}
	return blocks;
}
