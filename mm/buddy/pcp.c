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

#define PCP_SHARE	128	/* a stack holds at most 1/128 of its zone's pages */
#define PCP_HIGH_MAX	4096U	/* and so many blocks */

/*
 * How many blocks a stack holds.  Single pages come a chunk at a time, so theirs has room for one.
 * Pages that are wiped when freed go to the lists: the fast paths do not wipe.
 */
static unsigned int __init pcp_high(const struct zone *zone, unsigned int order)
{
	const unsigned long blocks = zone->present_pages / PCP_SHARE >> order;

	if (page_options & OPTIONS_FREE)
		return 0;
	if (!order && blocks < CHUNK_PAGES)
		return zone->present_pages < CHUNK_PAGES ? 0 : CHUNK_PAGES;
	return (unsigned int)MIN(blocks, (unsigned long)PCP_HIGH_MAX);
}

void __init setup_zone_pageset(struct zone *zone)
{
	size_t blocks = 0, bytes;
	unsigned long *pfn;

	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		blocks += PCP_TYPES * pcp_high(zone, order);
	bytes = blocks * sizeof(*pfn);
	pfn = bytes ? memblock_alloc_try_nid_raw(bytes, SMP_CACHE_BYTES, 0,
						 MEMBLOCK_ALLOC_ACCESSIBLE, zone->nid) : NULL;
	if (!pfn)
		return;
	ledger_name(virt_to_phys(pfn), bytes, "pagesets");
	for (unsigned int type = 0; type < PCP_TYPES; type++) {
		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
			struct per_cpu_pages *pcp = &zone_stacks(zone, type)[order];

			pcp->high = pcp_high(zone, order);
			pcp->pfn = pfn;
			pfn += pcp->high;
		}
	}
}

/*
 * Push the pages of the chunk at @pfn whose bits are set in @pages, the highest first, so that the
 * lowest is popped first.  Return: the new top.
 */
static unsigned long *push_pages(unsigned long *top, unsigned long pfn, uint64_t pages)
{
	if (likely(pages == ALL_PAGES)) {
		for (unsigned long page = pfn + CHUNK_PAGES; page-- > pfn;)
			*top++ = page;
		return top;
	}
	while (pages) {
		const unsigned int page = 63U - (unsigned int)__builtin_clzll(pages);

		*top++ = pfn + page;
		pages ^= 1ULL << page;
	}
	return top;
}

bool rmqueue_bulk(struct zone *zone, enum migratetype type)
{
	struct per_cpu_pages *pcp = zone_stacks(zone, type);
	unsigned long pfn = 0;
	uint64_t pages;

	if (pcp->high < CHUNK_PAGES)
		return false;
	pages = buddy_take_chunk(zone, type, &pfn);
	pcp->count = (unsigned int)(push_pages(pcp->pfn, pfn, pages) - pcp->pfn);
	return pcp->count;
}

bool pcp_find(const struct zone *zone, unsigned long pfn, struct page_state *state)
{
	for (unsigned int i = 0; i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
		const unsigned int order = i % NR_PAGE_ORDERS;
		const struct per_cpu_pages *pcp = &zone->pcp[i / NR_PAGE_ORDERS][order];

		for (unsigned int block = 0; block < pcp->count; block++) {
			if (pfn - pcp->pfn[block] >= 1UL << order)
				continue;
			state->head = pcp->pfn[block];
			state->order = order;
			return true;
		}
	}
	return false;
}

bool free_pcppages_bulk(struct zone *zone, struct per_cpu_pages *pcp, unsigned int order)
{
	const unsigned int older = (pcp->count + 1) / 2;

	if (!older)
		return false;
	buddy_give_untracked(zone, pcp->pfn, older, order);
	pcp->count -= older;
	memmove(pcp->pfn, pcp->pfn + older, pcp->count * sizeof(*pcp->pfn));
	return true;
}

void drain_pages_zone(struct zone *zone)
{
	for (unsigned int i = 0; i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
		const unsigned int order = i % NR_PAGE_ORDERS;
		struct per_cpu_pages *pcp = &zone_stacks(zone, i / NR_PAGE_ORDERS)[order];

		buddy_give_untracked(zone, pcp->pfn, pcp->count, order);
		pcp->count = 0;
	}
}

void drain_all_pages(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		drain_pages_zone(zone);
}
