// SPDX-License-Identifier: GPL-2.0-only
/*
 * The takers that run before zones are sized, and what they must leave for those behind them.
 */
#include "mm/takers.h"

#include "kernel/lib/dialect.h"
#include "mm/cma.h"
#include "mm/crash.h"
#include "mm/hugetlb.h"
#include "mm/memblock.h"
#include "mm/memblock_iter.h"	/* for_each_mem_range() */
#include "mm/page.h"		/* page_map_bytes() */

#include <arch/paging.h>	/* arch_hugetlb_gigantic_size() */

#define EARLY_ROOM	(2 * SZ_64K)	/* node data, zonelists, what devices' maps need */

phys_addr_t early_room_needed(void)
{
	phys_addr_t need = EARLY_ROOM;

	if (!page_map_bytes())
		need += PFN_DOWN(memblock_phys_mem_size()) * sizeof(struct page) * 5 / 4;
	return need;
}

bool early_memory_suffices(void)
{
	phys_addr_t start, end, largest = 0;
	uint64_t i;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL)
		largest = MAX(largest, end - start);
	return largest >= early_room_needed();
}

void __init check_memory_size(unsigned int tables, const char *words)
{
	uint64_t pages = 0, free = 0, need, i;
	phys_addr_t start, end;

	for_each_mem_range(i, &start, &end)
		pages += PFN_DOWN(end) - PFN_UP(start);
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL)
		free += end - start;
	need = EARLY_ROOM + pages * sizeof(struct page) * 9 / 8 + pages * tables;
	if (free >= need)
		return;
	panic("not enough memory: %lluK are free, %lluK are needed, give %lluK more%s%s%s",
	      (unsigned long long)free >> 10, (unsigned long long)need >> 10,
	      (unsigned long long)(need - free + 1023) >> 10,
	      movable_node_is_enabled() ? "; with movable_node hotpluggable memory does not count" : "",
	      words[0] ? "; given: " : "", words);
}

void __init mm_early_takers(phys_addr_t limit, const char *cmdline)
{
	dma_contiguous_reserve(limit);				/* cma=		*/
	hugetlb_cma_reserve(arch_hugetlb_gigantic_size());	/* hugetlb_cma=	*/
	if (!dialect->hugepages_after_zones)
		hugetlb_bootmem_alloc();			/* hugepages=	*/
	reserve_crashkernel(cmdline);				/* crashkernel=	*/
}
