// SPDX-License-Identifier: GPL-2.0-only
/*
 * One node for all memory: what Linux falls back to without SRAT.
 */
#include "arch/x86_64/numa.h"

#include "kernel/lib/printk.h"
#include "mm/memblock.h"
#include "mm/zone.h"			/* alloc_node_data() */

#include <arch/memory.h>

void initmem_init(void)
{
	phys_addr_t end = PFN_PHYS(max_pfn);

	memblock_set_bottom_up(false);	/* movable_node's bottom-up phase ends here */
	pr_info("No NUMA configuration found\n");
	pr_info("Faking a node at [mem %#018llx-%#018llx]\n", 0ULL, (unsigned long long)end - 1);

	memblock_set_node(memblock_start_of_DRAM(), end - memblock_start_of_DRAM(),
			  &memblock.memory, 0);
	memblock_set_node(memblock_start_of_DRAM(), end - memblock_start_of_DRAM(),
			  &memblock.reserved, 0);
	alloc_node_data(0);
	memblock_dump_all();
}
