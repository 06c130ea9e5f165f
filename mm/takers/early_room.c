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

void __init mm_early_takers(phys_addr_t limit, const char *cmdline)
{
	dma_contiguous_reserve(limit);				/* cma=		*/
	hugetlb_cma_reserve(arch_hugetlb_gigantic_size());	/* hugetlb_cma=	*/
	if (!dialect->hugepages_after_zones)
		hugetlb_bootmem_alloc();			/* hugepages=	*/
	reserve_crashkernel(cmdline);				/* crashkernel=	*/
}
