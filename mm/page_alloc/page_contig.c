// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chosen pages, more of them than the largest block has, and blocks that become single pages.
 *
 * Used pages are not moved elsewhere: a range is taken only where all pages are free.  They are
 * single pages then, so that parts may be freed, and a free of a part of something else is noticed;
 * with __GFP_COMP they are blocks as large as can be, which are freed whole.
 */
#include "mm/page_alloc/page_alloc_internal.h"

#include "mm/blocks.h"
#include "mm/buddy.h"
#include "mm/page_alloc/page_bad.h"
#include "mm/page_owner.h"
#include "mm/pcp.h"

void split_page(struct page *page, unsigned int order)
{
	struct page_state state;
	unsigned long pfn = page_to_pfn(page);

	page_get_state(pfn, &state);
	if (state.mark != MARK_ALLOC || state.head != pfn || state.order != order) {
		bad_page(pfn, order, RET_IP);
		return;
	}
	if (order) {
		struct zone *zone = zone_from_id(state.zone_id);

		spin_lock(&zone->lock);
		buddy_split_allocated(zone, pfn, order);
		spin_unlock(&zone->lock);
	}
	page_owner_set(pfn, order, 0, page_owner_get(pfn));
}

/* The order of the allocated block that begins at @pfn if all of it is among @pages, else 0. */
static unsigned int whole_order(unsigned long pfn, unsigned long pages)
{
	struct page_state state;

	page_get_state(pfn, &state);
	return state.mark == MARK_ALLOC && state.head == pfn && 1UL << state.order <= pages ?
		       state.order : 0;
}

static void free_contig_blocks(unsigned long pfn, unsigned long pages, unsigned long caller)
{
	while (pages) {
		const unsigned int order = whole_order(pfn, pages);

		free_pfn(pfn, order, caller);
		if (!pfn_valid(pfn))
			break;		/* it was reported, and @pages may be any number */
		pfn += 1UL << order;
		pages -= 1UL << order;
	}
}

__noinline void free_contig_range(unsigned long pfn, unsigned long nr_pages)
{
	free_contig_blocks(pfn, nr_pages, RET_IP);
}

/*
 * Take the block of *@order at @pfn, or a smaller one: free blocks of pageblocks whose types may
 * not merge lie side by side.  Return: false if the page at @pfn is not free.
 */
static bool carve_largest(struct zone *zone, unsigned long pfn, unsigned int *order)
{
	while (!buddy_carve(zone, pfn, *order))
		if (!(*order)--)
			return false;
	return true;
}

/* A block that is not as it was left when it became free is leaked. */
static bool prepare_block(struct zone *zone, unsigned long pfn, unsigned int order, gfp_t gfp,
			  unsigned long caller)
{
	const bool whole = gfp & __GFP_COMP;

	if (!prep_new_page(pfn, gfp, order, whole ? order : 0, caller))
		return false;
	if (order && !whole) {
		spin_lock(&zone->lock);
		buddy_split_allocated(zone, pfn, order);
		spin_unlock(&zone->lock);
	}
	return true;
}

static int take_contig(unsigned long start, unsigned long end, gfp_t gfp, unsigned long caller)
{
	struct zone *zone = zone_of_pfn(start);
	unsigned long pfn = start;

	if (start >= end || !zone)
		return -EINVAL;
	if (many_cpus())
		drain_all_pages();
	while (pfn < end) {
		unsigned int order = largest_block_order(pfn, end, MAX_PAGE_ORDER);

		if (!carve_largest(zone, pfn, &order) ||
		    !prepare_block(zone, pfn, order, gfp, caller)) {
			free_contig_blocks(start, pfn - start, caller);
			return -EBUSY;
		}
		pfn += 1UL << order;
	}
	return 0;
}

__noinline int alloc_contig_range(unsigned long start, unsigned long end, gfp_t gfp)
{
	return take_contig(start, end, gfp, RET_IP);
}

/* The first page at or after @pfn, below @end, that is used or in a CMA area; @end if none. */
static unsigned long first_busy(const struct zone *zone, unsigned long pfn, unsigned long end)
{
	struct page_state state;

	for (; pfn < end; pfn = state.head + (1UL << state.order)) {
		page_get_state(pfn, &state);
		if (state.mark != MARK_FREE || state.zone_id != zone->id ||
		    state.type == MIGRATE_CMA)
			return pfn;
	}
	return end;
}

/* The lowest fitting place inside one range of RAM, PFN_NONE if there is none. */
static unsigned long find_free_run(const struct zone_range *range, unsigned long nr_pages,
				   unsigned long align)
{
	unsigned long pfn = ALIGN_UP(range->start, align);

	while (pfn < range->end && range->end - pfn >= nr_pages) {
		unsigned long busy = first_busy(range->zone, pfn, pfn + nr_pages);

		if (busy == pfn + nr_pages)
			return pfn;
		pfn = ALIGN_UP(busy + 1, align);
	}
	return PFN_NONE;
}

static struct page *take_contig_in_zone(const struct zone *zone, unsigned long nr_pages,
				 unsigned long align, gfp_t gfp, unsigned long caller)
{
	for (unsigned int i = 0; i < zone_range_count(); i++) {
		const struct zone_range *range = zone_range_get(i);
		unsigned long pfn;

		if (range->zone != zone)
			continue;
		spin_lock(&range->zone->lock);
		pfn = find_free_run(range, nr_pages, align);
		spin_unlock(&range->zone->lock);
		if (pfn != PFN_NONE && !take_contig(pfn, pfn + nr_pages, gfp, caller))
			return page_at(pfn);
	}
	return NULL;
}

__noinline
struct page *alloc_contig_pages(unsigned long nr_pages, unsigned long align, gfp_t gfp, int nid)
{
	const struct pglist_data *node = pick_node(nid, gfp);

	if (!nr_pages || !align || (align & (align - 1)) || !node)
		return NULL;
	for (unsigned int i = 0; node->node_zonelist[i]; i++) {
		struct page *page;

		if ((gfp & __GFP_THISNODE) && i >= node->node_zonelist_own)
			break;
		if (node->node_zonelist[i]->index > gfp_zone(gfp))
			continue;
		drain_all_pages();
		page = take_contig_in_zone(node->node_zonelist[i], nr_pages, align, gfp, RET_IP);
		if (page)
			return page;
	}
	return NULL;
}
