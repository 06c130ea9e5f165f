// SPDX-License-Identifier: GPL-2.0-only
/*
 * A zone has free memory, but neither the stack nor the lists of the migrate type have a block:
 * merging what is on stacks, CMA areas, and pageblocks of other types.
 */
#include "mm/buddy.h"
#include "mm/page_alloc/page_alloc_internal.h"
#include "mm/pcp.h"

static const uint8_t fallbacks[3][2] = {
	[MIGRATE_UNMOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE },
	[MIGRATE_MOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE },
	[MIGRATE_RECLAIMABLE] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE },
};

/* May a request for @type change the type of the pageblock around a free block of @order? */
static bool can_steal_fallback(unsigned int order, enum migratetype type)
{
	return order >= PAGEBLOCK_ORDER / 2 || type != MIGRATE_MOVABLE ||
	       page_group_by_mobility_disabled;
}

/*
 * The pageblock around the free block of @order at @pfn changes to @type, if at least half of it
 * is free or used in a way that agrees with @type.  Return: false if it does not.
 */
static bool steal_suitable_fallback(struct zone *zone, unsigned long pfn, unsigned int order,
				    enum migratetype type)
{
	struct pageblock_use use;

	if (order < PAGEBLOCK_ORDER) {
		buddy_pageblock_use(zone, pfn, &use);
		use.free += type == MIGRATE_MOVABLE ? use.movable : use.other;
		if (use.free < PAGEBLOCK_NR_PAGES / 2 && !page_group_by_mobility_disabled)
			return false;
	}
	__move_freepages_block(zone, pfn, type);
	return true;
}

/* The smallest sufficient block of another type; no pageblock changes its type. */
static unsigned long take_of_other_type(struct zone *zone, unsigned int order,
					enum migratetype type)
{
	unsigned int best = LIST_NONE;
	enum migratetype from = type;

	for (unsigned int i = 0; i < 2; i++) {
		enum migratetype other = (enum migratetype)fallbacks[type][i];
		unsigned int smallest = buddy_smallest(zone, order, other);

		if (smallest < best) {
			best = smallest;
			from = other;
		}
	}
	return best != LIST_NONE ? __rmqueue_smallest(zone, order, from) : PFN_NONE;
}

/*
 * The lists of @type have no block.  Changing a whole pageblock, that of the largest free block of
 * another type, keeps the next such requests in one place; where that is not allowed, the smallest
 * sufficient block does the least damage.
 */
static unsigned long __rmqueue_fallback(struct zone *zone, unsigned int order,
					enum migratetype type)
{
	for (unsigned int o = NR_PAGE_ORDERS; o-- > order;) {
		for (unsigned int i = 0; i < 2; i++) {
			enum migratetype other = (enum migratetype)fallbacks[type][i];

			if (buddy_smallest(zone, o, other) != o)
				continue;
			if (can_steal_fallback(o, type) &&
			    steal_suitable_fallback(zone, buddy_first(zone, o, other), o, type))
				return __rmqueue_smallest(zone, order, type);
			return take_of_other_type(zone, order, type);
		}
	}
	return PFN_NONE;
}

unsigned long __rmqueue(struct zone *zone, unsigned int order, enum migratetype type)
{
	unsigned long pfn;

	drain_pages_zone(zone);
	spin_lock(&zone->lock);
	pfn = __rmqueue_smallest(zone, order, type);
	if (pfn == PFN_NONE && type == MIGRATE_MOVABLE && zone->free_cma_pages)
		pfn = __rmqueue_smallest(zone, order, MIGRATE_CMA);
	if (pfn == PFN_NONE)
		pfn = __rmqueue_fallback(zone, order, type);
	zone->alloc_count += pfn != PFN_NONE;
	spin_unlock(&zone->lock);
	return pfn;
}
