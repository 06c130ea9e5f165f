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
 * A stack holds at most 1/PCP_SHARE of its zone's pages or, if that is less than PCP_HIGH_MIN
 * blocks, so many; but no more than 1/PCP_SHARE_MAX, which is what single pages have, and never
 * more than PCP_HIGH_MAX blocks.  What is on stacks has not merged: with 1/128 for all orders, a
 * zone that is full to 95 % by a mix of orders has 31 % of the 2 MiB blocks that its free pages
 * could be, so 45 %; the bare algorithm, which has no stacks, 48 %.  Single pages make no
 * difference there.
 */
#define PCP_SHARE	1024
#define PCP_SHARE_MAX	128
#define PCP_HIGH_MIN	16UL
#define PCP_HIGH_MAX	3072UL

/*
 * How many blocks a stack holds.  Single pages come a chunk at a time, so theirs has room for one.
 * Pages that are wiped when freed go to the lists: the fast paths do not wipe.
 */
static unsigned int __init stack_room(const struct zone *zone, unsigned int order)
{
	const unsigned long most = zone->present_pages / PCP_SHARE_MAX >> order;
	unsigned long blocks = MAX(zone->present_pages / PCP_SHARE >> order, PCP_HIGH_MIN);

	if (page_options & OPTIONS_FREE)
		return 0;
	if (!order || blocks > most)
		blocks = most;
	if (!order && blocks < CHUNK_PAGES)
		return zone->present_pages < CHUNK_PAGES ? 0 : CHUNK_PAGES;
	return (unsigned int)MIN(blocks, PCP_HIGH_MAX);
}

void __init setup_zone_pageset(struct zone *zone)
{
	size_t count = 0, bytes;
	struct stacked *blocks;

	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		count += PCP_TYPES * stack_room(zone, order);
	bytes = count * sizeof(*blocks);
	blocks = bytes ? memblock_alloc_try_nid_raw(bytes, SMP_CACHE_BYTES, 0,
						    MEMBLOCK_ALLOC_ACCESSIBLE, zone->nid) : NULL;
	if (!blocks)
		return;
	ledger_name(virt_to_phys(blocks), bytes, "pagesets");
	for (unsigned int type = 0; type < PCP_TYPES; type++) {
		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
			struct per_cpu_pages *pcp = &zone_stacks(zone, type)[order];

			pcp->blocks = pcp->top = blocks;
			blocks += stack_room(zone, order);
			pcp->end = blocks;
		}
	}
}

bool rmqueue_bulk(struct zone *zone, enum migratetype type)
{
	struct per_cpu_pages *pcp = zone_stacks(zone, type);
	struct stacked *top = pcp->blocks;
	struct units *chunk;
	unsigned long pfn;
	uint64_t pages;

	if (pcp_high(pcp) < CHUNK_PAGES)
		return false;
	chunk = buddy_take_chunk(zone, type, &pfn, &pages);
	if (!chunk)
		return false;
	/* The highest first, so that the lowest is popped first. */
	do {
		const unsigned int page = 63U - (unsigned int)__builtin_clzll(pages);

		*top++ = (struct stacked){ pfn + page, chunk, 1ULL << page };
		pages ^= 1ULL << page;
	} while (pages);
	pcp->top = top;
	return true;
}

bool pcp_find(const struct zone *zone, unsigned long pfn, struct page_state *state)
{
	for (unsigned int i = 0; i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
		const unsigned int order = i % NR_PAGE_ORDERS;
		const struct per_cpu_pages *pcp = &zone->pcp[i / NR_PAGE_ORDERS][order];

		for (const struct stacked *block = pcp->blocks; block < pcp->top; block++) {
			if (pfn - block->pfn >= 1UL << order)
				continue;
			state->head = block->pfn;
			state->order = order;
			return true;
		}
	}
	return false;
}

bool free_pcppages_bulk(struct zone *zone, struct per_cpu_pages *pcp, unsigned int order)
{
	const unsigned int count = pcp_count(pcp), older = (count + 1) / 2;

	if (!older)
		return false;
	buddy_give_untracked(zone, pcp->blocks, older, order);
	memmove(pcp->blocks, pcp->blocks + older, (count - older) * sizeof(*pcp->blocks));
	pcp->top -= older;
	return true;
}

void drain_pages_zone(struct zone *zone)
{
	for (unsigned int i = 0; i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
		const unsigned int order = i % NR_PAGE_ORDERS;
		struct per_cpu_pages *pcp = &zone_stacks(zone, i / NR_PAGE_ORDERS)[order];

		buddy_give_untracked(zone, pcp->blocks, pcp_count(pcp), order);
		pcp->top = pcp->blocks;
	}
}

unsigned long zone_free_pages(const struct zone *zone)
{
	unsigned long pages = zone->listed_pages;

	for (unsigned int i = 0; i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
		const unsigned int order = i % NR_PAGE_ORDERS;

		pages += (unsigned long)pcp_count(&zone->pcp[i / NR_PAGE_ORDERS][order]) << order;
	}
	return pages;
}

void drain_all_pages(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		drain_pages_zone(zone);
}
