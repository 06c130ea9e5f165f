// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walking the lists, and checking that everything agrees.
 */
#include "mm/buddy_internal.h"

void buddy_init_zone(struct zone *zone)
{
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		for (unsigned int type = 0; type < MIGRATE_TYPES; type++)
			zone->list[order][type].first = PFN_NONE;
}

unsigned long buddy_first(const struct zone *zone, unsigned int order, enum migratetype type)
{
	return zone->list[order][type].first;
}

unsigned long buddy_next(unsigned long pfn, unsigned int order)
{
	return link_get(head_of(page_span_of(pfn), pfn, order), 0);
}

static bool is_whole_buddy(const struct zone *zone, unsigned long pfn, unsigned int order)
{
	struct page_state state;

	page_get_state(pfn, &state);
	return state.mark == MARK_FREE && !state.hot && state.head == pfn && state.order == order &&
	       state.zone_id == zone->id;
}

static const char *block_broken(const struct zone *zone, unsigned long pfn, unsigned int order,
				unsigned int type, unsigned long previous)
{
	struct page_span *span = page_span_of(pfn);
	struct page_state state;
	const struct page *page;

	if (!span || !IS_ALIGNED(pfn, 1UL << order))
		return "a block that is no block is on a list";
	page_get_state(pfn, &state);
	page = head_of(span, pfn, order);
	if (state.mark != MARK_FREE || state.head != pfn || state.order != order)
		return "a block on a list is not marked as free";
	if (state.zone_id != zone->id || state.type != type)
		return "a block is on another zone's or type's list";
	if (previous != PFN_NONE && link_get(page, 1) != previous)
		return "links disagree";
	if (order < MAX_PAGE_ORDER && is_whole_buddy(zone, pfn ^ (1UL << order), order) &&
	    (order < PAGEBLOCK_ORDER ||
	     types_may_merge(type, *type_of(span, pfn ^ (1UL << order)))))
		return "two free buddies have not merged";
	return NULL;
}

const char *buddy_broken(const struct zone *zone, unsigned long *where)
{
	unsigned long pages = 0, cma = 0;

	for (unsigned int type = 0; type < HOT_TYPES; type++)
		pages += zone->hot[type].count;
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
		unsigned long blocks = 0;

		for (unsigned int type = 0; type < MIGRATE_TYPES; type++) {
			unsigned long pfn = zone->list[order][type].first, previous = PFN_NONE;

			*where = pfn;
			if ((pfn != PFN_NONE) != !!(zone->avail[type] & BIT(order)))
				return "avail disagrees with a list";
			for (; pfn != PFN_NONE; pfn = buddy_next(pfn, order)) {
				const char *what = block_broken(zone, pfn, order, type, previous);

				*where = pfn;
				if (what)
					return what;
				previous = pfn;
				blocks++;
				cma += type == MIGRATE_CMA ? 1UL << order : 0;
			}
			if (previous != PFN_NONE && zone->list[order][type].last != previous)
				return "a list's last block is not the last";
		}
		if (blocks != zone->nr_free[order])
			return "nr_free disagrees with the lists";
		pages += blocks << order;
	}
	if (cma != zone->free_cma_pages)
		return "free_cma_pages disagrees with the lists";
	return pages == zone->free_pages ? NULL : "free_pages disagrees with lists and hot pages";
}
