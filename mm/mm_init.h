/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From memblock to the buddy, in this order:
 *
 *	zone_sizes_init()	setup_arch(), nodes known: page map, zones, their lines
 *	mm_core_init()		start_kernel(): zonelists, mem_init()
 *	  mem_init()		memblock_free_all(), the ledger's line
 *	page_alloc_init_late()	watermarks, "Memory:", memblock_discard()
 *	mm_initcalls()		CMA areas, pools of huge pages
 *	free_initrd, free_initmem	free_reserved_area()
 */
#ifndef MM_MM_INIT_H
#define MM_MM_INIT_H

#include "mm/zone.h"

/**
 * zone_sizes_init() - free_area_init() with the zones of a PC: 16 MiB, 4 GiB, rest
 *
 * Needs the direct map of all RAM and memblock's nodes.
 */
void zone_sizes_init(void);

/**
 * free_area_init() - page map, nodes and zones
 * @max_zone_pfn: end of each zone, ascending, [ZONE_MOVABLE] is ignored
 */
void free_area_init(const unsigned long max_zone_pfn[NR_ZONES]);

/** mm_core_init() - zonelists and hand-over; afterwards alloc_pages() works */
void mm_core_init(void);

/** mem_init() - the hand-over alone */
void mem_init(void);

/** struct image_sizes - bytes of the kernel's parts, for the "Memory:" line */
struct image_sizes {
	unsigned long code, rwdata, rodata, init, bss;
};

/** page_alloc_init_late() - what may wait until allocation works */
void page_alloc_init_late(const struct image_sizes *image);

/** mm_initcalls() - what Linux does in its initcalls: CMA areas, then pools of huge pages */
void mm_initcalls(void);

/**
 * early_memory_suffices() - is enough free for the page map (if it is not there yet), and
 *	for the small things behind it?
 *
 * In one piece, to be sure.  Whoever takes memory because the user said so asks this
 * afterwards, and gives back if not; Linux differs: it takes, and panics later.
 * Context: before the hand-over.
 */
bool early_memory_suffices(void);

/* How totalram_pages() moves, for those who ask: a line with memblock=debug, after @step. */
void totalram_report(const char *step);

/**
 * free_reserved_area() - whole pages of [@start, @end) go to the buddy
 * @start, @end: addresses in the direct map or the image
 * @poison: byte to fill them with, -1: leave
 * @name: owner; "Freeing %s memory: %ldK" if a page results; NULL: silent
 *
 * Context: after mem_init().  Tells the ledger.  Return: pages freed.
 */
unsigned long free_reserved_area(void *start, void *end, int poison, const char *name);

#define POISON_FREE_INITMEM	0xcc

/* Pages in memory regions of all nodes. */
unsigned long get_num_physpages(void);

void mm_init_reset(void);	/* tests only */

#endif /* MM_MM_INIT_H */
