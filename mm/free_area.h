/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nodes get zones, and zones get pages: steps of zone_sizes_init(), in this order.
 *
 * Context of all: once, nodes known to memblock (initmem_init()), before the hand-over.
 */
#ifndef MM_FREE_AREA_H
#define MM_FREE_AREA_H

#include "mm/zone.h"

/* Every node that memblock's regions name exists, even where no finder has made it. */
void alloc_all_node_data(void);

/**
 * free_area_init() - zones of all nodes: spans, present pages, ranges, numbers
 * @max_zone_pfn: end of each zone, ascending, [ZONE_MOVABLE] is ignored
 *
 * Linux's lines from "Zone ranges:" to "Initmem setup node".  After page_map_init().
 */
void free_area_init(const unsigned long max_zone_pfn[NR_ZONES]);

/*
 * "On node %d, zone %s: %lu pages in unavailable ranges": holes go to the zone above them, the
 * rest of the last section to the zone below it.
 */
void print_unavailable_ranges(void);

#endif /* MM_FREE_AREA_H */
