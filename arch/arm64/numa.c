// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes: by the device tree, or one for all memory.
 */
#include "arch/arm64/init.h"
#include "boot/acpi.h"
#include "boot/of_numa.h"
#include "boot/srat.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "mm/numa_memblks.h"
#include "mm/zone.h"			/* alloc_node_data() */

static bool numa_off __initdata;	/* boot only: numa=off */

static int __init parse_numa(char *val)
{
	if (!val || !str_has_prefix(val, "off"))
		return -EINVAL;
	numa_off = true;
	return 0;
}
early_param("numa", parse_numa, "off: one node for all memory");

static int __init dummy_numa_init(void)
{
	const phys_addr_t start = memblock_start_of_DRAM(), end = memblock_end_of_DRAM();

	if (numa_off)
		pr_info("NUMA: NUMA disabled\n");
	pr_info("NUMA: Faking a node at [mem %#018llx-%#018llx]\n", (unsigned long long)start,
		(unsigned long long)end - 1);
	numa_set_parsed(0);
	return numa_add_memblk(0, start, end);
}

/* Unlike on x86_64 a node without memory gets its data here, too, and is online. */
static void __init numa_register_nodes(void)
{
	struct nodemask memory = { 0 };
	unsigned long start, end;
	int i, nid;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid)
		node_set(&memory, nid);
	for_each_node_in(nid, &numa_nodes.possible) {
		if (!node_isset(&memory, nid))
			pr_info("NUMA: Initmem setup node %d [<memory-less node>]\n", nid);
		alloc_node_data(nid);
		numa_set_online(nid);
	}
}

void __init arch_numa_init(void)
{
	numa_emulation_forbid(true);	/* Linux's has no numa=fake= here */
	if (numa_off || numa_memblks_init(acpi_find_table("SRAT") ? acpi_numa_init : of_numa_init,
					  false) < 0)
		numa_memblks_init(dummy_numa_init, false);
	numa_register_nodes();
}
