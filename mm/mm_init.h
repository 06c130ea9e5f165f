/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From memblock to the buddy, in this order:
 *
 *	zone_sizes_init()	setup_arch(), nodes known: page map, zones, their lines
 *	mm_core_init()		start_kernel(): zonelists, mem_init()
 *	  mem_init()		memblock_free_all(), the ledger's line
 *	page_alloc_init_late()	watermarks, "Memory:", memblock_discard()
 *	mm_initcalls()		CMA areas, pools of huge pages
 *	free_initrd, free_initmem	free_reserved_area() of mm/release.h
 */
#ifndef MM_MM_INIT_H
#define MM_MM_INIT_H

#include "kernel/lib/types.h"
#include "mm/vmstat.h"	/* struct image_sizes */

/**
 * zone_sizes_init() - free_area_init() with the zones of a PC: 16 MiB, 4 GiB, rest
 *
 * Needs the direct map of all RAM and memblock's nodes.
 */
void zone_sizes_init(void);

/** mm_core_init() - zonelists and hand-over; afterwards alloc_pages() works */
void mm_core_init(void);

/** mem_init() - the hand-over alone */
void mem_init(void);

/** page_alloc_init_late() - what may wait until allocation works */
void page_alloc_init_late(const struct image_sizes *image);

/** mm_initcalls() - what Linux does in its initcalls: CMA areas, then pools of huge pages */
void mm_initcalls(void);

#endif /* MM_MM_INIT_H */
