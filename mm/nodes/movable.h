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

/* Pages, or percent of all pages; of two words on the command line the last one counts. */
struct movable_amount {
	unsigned long	pages;
	unsigned long	percent;
};

/* boot only: what the command line says, and whether it is kernelcore=mirror that applies */
struct zone_movable {
	struct movable_amount	kernelcore, movablecore;
	bool			mirror_in_force;
};

extern struct zone_movable zone_movable;

#endif /* MM_NODES_MOVABLE_H */
