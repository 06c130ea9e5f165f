// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of things, from memblock's regions to a running buddy (see mm_init.h).
 */
#include "mm/mm_init.h"

#include "kernel/lib/dialect.h"
#include "mm/buddy.h"		/* handover_begin() */
#include "mm/cma.h"
#include "mm/free_area.h"
#include "mm/hugetlb.h"
#include "mm/ledger_sum.h"
#include "mm/memblock.h"
#include "mm/page_alloc.h"
#include "mm/page_owner.h"
#include "mm/pcp.h"		/* setup_per_cpu_pageset() */
#include "mm/totalram.h"
#include "mm/vmstat.h"

static void __init setup_pagesets(void)
{
	struct per_cpu *area;
	unsigned int cpus = 0;

	for_each_cpu_area(area)
		cpus++;
	for_each_cpu_area(area)
		setup_per_cpu_pageset(area, cpus, zone_index.first_node->node_id);
}

void __init zone_sizes_init(void)
{
	/* Where the map's last page is; ACPI data above RAM counts, as in Linux. */
	unsigned long end = MAX(PFN_DOWN(memblock_end_of_DRAM()), max_low_pfn);
	const unsigned long max_zone_pfn[NR_ZONES] = {
		[ZONE_DMA] = MIN(MAX_DMA_PFN, end),
		[ZONE_DMA32] = MIN(MAX_DMA32_PFN, end),
		[ZONE_NORMAL] = end,
	};

	alloc_all_node_data();			/* nodes that no finder has made	*/
	page_map_init();			/* a descriptor for each page of RAM	*/
	page_owner_init();			/* page_owner=				*/
	free_area_init(max_zone_pfn);		/* nodes get zones, zones get pages	*/
	if (dialect->hugepages_after_zones)
		hugetlb_bootmem_alloc();	/* hugepages= of 1G, if an early word	*/
	setup_pagesets();			/* stacks of blocks freed last		*/
	print_unavailable_ranges();		/* what the zones have no pages for	*/
}

void __init mem_init(void)
{
	totalram_report("boot");
	handover_begin();			/* the buddy takes blocks from memblock	*/
	memblock_free_all();			/* memblock's last act			*/
	handover_end();				/* the last chunk is closed		*/
	ledger_close();				/* every byte must be accounted for	*/
	totalram_report("memblock_free_all");
}

void __init mm_core_init(void)
{
	build_all_zonelists();			/* which zone is asked after which	*/
	setup_preferred_zones();		/* the first of them, by GFP flags	*/
	report_meminit();			/* "mem auto-init:"			*/
	mem_init();				/* from now on alloc_pages() works	*/
}

void __init page_alloc_init_late(const struct image_sizes *image)
{
	gather_bootmem_prealloc();		/* hugepages= of memblock count as managed */
	mem_init_print_info(image);		/* "Memory:"				*/
	if (!ARCH_KEEP_MEMBLOCK) {
		memblock_discard();		/* arrays that were allocated go back	*/
		totalram_report("memblock_discard");
	}
}

void __init mm_initcalls(void)
{
	cma_init_reserved_areas();		/* cma= joins the buddy			*/
	setup_per_zone_wmarks();		/* how much each zone keeps back	*/
	setup_preferred_zones();		/* with these watermarks		*/
	hugetlb_init();				/* hugepages= are taken from the buddy	*/
}
