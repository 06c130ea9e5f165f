/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ZONE_MOVABLE: where it begins on each node, by kernelcore=, movablecore= and
 * movable_node.
 */
#ifndef MM_NODES_MOVABLE_H
#define MM_NODES_MOVABLE_H

#include <stdbool.h>

/**
 * find_zone_movable_pfns_for_nodes() - set movable_pfn of every node
 * @usable_start_pfn: where the highest zone with memory begins; memory below is never
 *	movable, and counts towards kernelcore
 *
 * Context: free_area_init(), node spans known, movable_pfn 0.
 */
void find_zone_movable_pfns_for_nodes(unsigned long usable_start_pfn);

/*
 * kernelcore=mirror is in force: above movable_pfn mirrored memory belongs to
 * ZONE_NORMAL, everything else to ZONE_MOVABLE.
 */
bool movable_zone_excludes_mirror(void);

void movable_reset(void);		/* tests only */

#endif /* MM_NODES_MOVABLE_H */
