// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stacks in front of the buddy: how much they hold, and their slow sides.
 */
#include "mm/buddy/pcp.h"

#include "mm/buddy.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/page_alloc.h"

#define PCP_SHARE	128	/* of a zone, per order */
#define PCP_HIGH_MAX	4096U	/* blocks */

struct per_cpu_pages no_pcp[NR_PAGE_ORDERS];

/* Single pages come a chunk at a time.  Pages that are wiped when freed take the long way. */
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
		blocks += MIGRATE_HIGHATOMIC * pcp_high(zone, order);
	bytes = blocks * sizeof(*pfn);
	pfn = bytes ? memblock_alloc_try_nid_raw(bytes, SMP_CACHE_BYTES, 0,
						 MEMBLOCK_ALLOC_ACCESSIBLE, zone->nid) : NULL;
	if (!pfn)
		return;
	ledger_name(virt_to_phys(pfn), bytes, "pagesets");
	for (unsigned int type = 0; type < MIGRATE_HIGHATOMIC; type++) {
		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
			struct per_cpu_pages *pcp = &zone->pcp[type][order];

			pcp->high = pcp_high(zone, order);
			pcp->pfn = pfn;
			pfn += pcp->high;
		}
	}
}

/* The highest of a chunk's pages first, so that the lowest is given first. */
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

bool pcp_refill(struct zone *zone, enum migratetype type)
{
	struct per_cpu_pages *pcp = &zone->pcp[type][0];
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

bool pcp_spill(struct zone *zone, struct per_cpu_pages *pcp, unsigned int order)
{
	const unsigned int older = (pcp->count + 1) / 2;

	if (!older)
		return false;
	buddy_give_nothing(zone, pcp->pfn, older, order);
	pcp->count -= older;
	memmove(pcp->pfn, pcp->pfn + older, pcp->count * sizeof(*pcp->pfn));
	return true;
}

void drain_pages(struct zone *zone)
{
	for (unsigned int i = 0; i < PCP_TYPES * NR_PAGE_ORDERS; i++) {
		const unsigned int order = i % NR_PAGE_ORDERS;
		struct per_cpu_pages *pcp = &zone->pcp[i / NR_PAGE_ORDERS][order];

		buddy_give_nothing(zone, pcp->pfn, pcp->count, order);
		pcp->count = 0;
	}
}

void drain_all_pages(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		drain_pages(zone);
}
