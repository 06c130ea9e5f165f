// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes on a PC: by SRAT, or one for all memory.
 *
 * Linux also asks AMD's northbridge of 2003; ours does not.
 */
#include "arch/x86_64/numa.h"

#include "arch/x86_64/e820.h"		/* e820_user_words() */
#include "boot/srat.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/params.h"		/* early_param() */
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "mm/numa_memblks.h"
#include "mm/takers.h"			/* check_memory_size() */
#include "mm/zone.h"			/* alloc_node_data() */

#include <arch/memory.h>

bool numa_off __initdata;		/* boot only: numa=off */

static int __init parse_numa(char *val)
{
	if (!val)
		return -EINVAL;
	if (strncmp(val, "off", 3) == 0)
		numa_off = true;
	if (strncmp(val, "fake=", 5) == 0)
		numa_emulation_request(val + 5);
	if (strncmp(val, "noacpi", 6) == 0)
		disable_srat();
	return 0;	/* nohmat: heterogeneous memory's attributes are never read */
}
early_param("numa", parse_numa,
	    "off | noacpi | nohmat | fake=N | fake=SIZE | fake=NU, with distances fake=N:d00,d01,...");

/* Where neither SRAT nor the command line says anything, all memory is node 0. */
static int __init dummy_numa_init(void)
{
	phys_addr_t end = PFN_PHYS(max_pfn);

	pr_info("%s\n", numa_off ? "NUMA turned off" : "No NUMA configuration found");
	pr_info("Faking a node at [mem %#018llx-%#018llx]\n", 0ULL, (unsigned long long)end - 1);
	numa_set_parsed(0);
	return numa_add_memblk(0, 0, end);
}

/* Nodes with memory get their data; those without are made by free_area_init(). */
static void __init numa_register_nodes(void)
{
	struct nodemask memory = { 0 };
	unsigned long start, end;
	int i, nid;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid)
		node_set(&memory, nid);
	for_each_node_in(nid, &memory)
		alloc_node_data(nid);
	memblock_dump_all();
}

void __init initmem_init(void)
{
	numa_emulation_forbid(numa_off);
	if ((numa_off || numa_memblks_init(acpi_numa_init, true) < 0) &&
	    numa_memblks_init(dummy_numa_init, true) < 0) {
		numa_emulation_request(NULL);	/* only numa=fake= can fail on one node */
		numa_memblks_init(dummy_numa_init, true);
	}
	if (movable_node_is_enabled())		/* only now it is known what may be used */
		check_memory_size(0, e820_user_words());
	numa_register_nodes();
}
