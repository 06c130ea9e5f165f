/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From memblock to the buddy, in this order:
 *
 *	zone_sizes_init()	setup_arch(), nodes known: page map, zones, their lines
 *	mm_core_init()		start_kernel(): zonelists, mem_init()
 *	  mem_init()		memblock_free_all(), the ledger's line
 *	page_alloc_init_late()	"Memory:", memblock_discard()
 *	mm_initcalls()		CMA areas, watermarks, pools of huge pages
 *	free_initrd_mem, free_initmem	free_reserved_area() of mm/release.h
 */
#ifndef MM_MM_INIT_H
#define MM_MM_INIT_H

#include "kernel/lib/types.h"
#include "mm/vmstat.h"	/* struct image_sizes */

/**
 * zone_sizes_init() - page map, nodes and zones; the zones end where <arch/memory.h> says
 *
 * Needs the direct map of all RAM and memblock's nodes.
 */
void zone_sizes_init(void);

/** mm_core_init() - zonelists and hand-over; afterwards alloc_pages() works.  Once */
void mm_core_init(void);

/** mem_init() - the hand-over alone */
void mem_init(void);

/**
 * page_alloc_init_late() - the "Memory:" line, and memblock's arrays go back
 * @image: sizes of the kernel's parts, for the line
 */
void page_alloc_init_late(const struct image_sizes *image);

/** mm_initcalls() - what Linux does in initcalls: CMA areas, watermarks, pools of huge pages */
void mm_initcalls(void);

#endif /* MM_MM_INIT_H */
