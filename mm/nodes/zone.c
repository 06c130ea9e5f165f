// SPDX-License-Identifier: GPL-2.0-only
/*
 * Zones: their names, and which zone has a page.
 */
#include "mm/zone.h"

#include "mm/handover.h"	/* zones_clear_managed_pages() */
#include "mm/sorted.h"

struct zone_index zone_index;

const char *const zone_names[MAX_NR_ZONES] = { "DMA", "DMA32", "Normal", "Movable", "Device" };
const char *const migratetype_names[MIGRATE_TYPES] = {
	"Unmovable", "Movable", "Reclaimable", "HighAtomic", "CMA", "Isolate",
};

void zone_init_free_lists(struct zone *zone)
{
	for (unsigned int type = 0; type < MIGRATE_TYPES; type++) {
		for (unsigned int order = 0; order < NR_LISTS; order++) {
			struct head *head = &zone->list[type][order];

			head->next = head->previous = head;
		}
	}
}

void zones_clear_managed_pages(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		zone->managed_pages = 0;
}

unsigned int zone_range_count(void)
{
	return zone_index.nr_ranges;
}

const struct zone_range *zone_range_get(unsigned int i)
{
	return &zone_index.range[i];
}

const struct zone_range *zone_range_from(unsigned long pfn)
{
	const unsigned int n = zone_index.nr_ranges;
	const unsigned int at = first_ending_above(n, pfn, i, zone_index.range[i].end);

	return at < n ? &zone_index.range[at] : NULL;
}

struct zone *zone_of_pfn(unsigned long pfn)
{
	const struct zone_range *range = zone_range_from(pfn);

	return range && range->start <= pfn ? range->zone : NULL;
}
