// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a finder's list of blocks to memblock's regions (see numa_memblks.h).
 */
#include "mm/numa_memblks.h"

#include "mm/memblock.h"
#include "mm/nodes/numa_meminfo.h"
#include "mm/port.h"
#include "mm/zone.h"		/* MAX_ZONES */

/* Lines about RAM without a node; the rest is summed up. */
#define ORPHAN_LINES	8

struct numa_nodes numa_nodes;

void __init numa_set_online(int nid)
{
	node_set(&numa_nodes.online, nid);
}

static void __init set_nodes(struct memblock_type *type)
{
	for (unsigned int i = 0; i < numa_found.list.nr_blks; i++) {
		const struct numa_memblk *b = &numa_found.blk[i];

		memblock_set_node(b->start, b->end - b->start, type, b->nid);
	}
}

/* A node with anything of the kernel's in it cannot be unplugged, whatever SRAT says. */
static void __init numa_clear_kernel_node_hotplug(void)
{
	const struct memblock_region *r;
	struct nodemask kernel = { 0 };

	for_each_reserved_mem_region(r)
		node_set(&kernel, memblock_get_region_node(r));
	for (unsigned int i = 0; i < numa_found.list.nr_blks; i++) {
		const struct numa_memblk *b = &numa_found.blk[i];

		if (node_isset(&kernel, b->nid))
			memblock_clear_hotplug(b->start, b->end - b->start);
	}
}

/* The node of the region with a node that is nearest to memory.regions[i]; -1: none has. */
static int __init nearest_node(unsigned long i)
{
	const struct memblock_type *type = &memblock.memory;
	const struct memblock_region *r = &type->regions[i], *low = NULL, *high = NULL;

	for (unsigned long j = 0; j < type->cnt && !high; j++) {
		const struct memblock_region *other = &type->regions[j];

		if (!numa_valid_node(memblock_get_region_node(other)))
			continue;
		if (j < i)
			low = other;
		else
			high = other;
	}
	if (!low || !high)
		return low || high ? memblock_get_region_node(low ? low : high) : NUMA_NO_NODE;
	return memblock_get_region_node(r->base - (low->base + low->size) <=
					high->base - (r->base + r->size) ? low : high);
}

/*
 * Linux differs: RAM that no block covers, if it is too little for the finder to be
 * mistrusted, makes Linux oops when it looks for node -1.  Here the nearest node takes it.
 */
static int __init adopt_orphans(void)
{
	unsigned long told = 0;
	phys_addr_t untold = 0;

	for (unsigned long i = 0; i < memblock.memory.cnt; i++) {
		struct memblock_region r = memblock.memory.regions[i];
		int nid;

		if (numa_valid_node(memblock_get_region_node(&r)))
			continue;
		nid = nearest_node(i);
		if (nid == NUMA_NO_NODE)
			return -EINVAL;
		if (told++ < ORPHAN_LINES)
			pr_warn("NUMA: " RANGE " is in no node; node %d takes it\n",
				RANGE_ARGS(r.base, r.base + r.size), nid);
		else
			untold += r.size;
		memblock_set_node(r.base, r.size, &memblock.memory, nid);
		i -= i > 0;	/* it may have merged with the one below */
	}
	if (untold)
		pr_warn("NUMA: %llu bytes more in %lu places are in no node; the nearest take them\n",
			(unsigned long long)untold, told - ORPHAN_LINES);
	return 0;
}

/*
 * Linux differs: fewer nodes can be told apart by a page's descriptor.  Count the zones
 * below and above 16 MiB and 4 GiB that nodes have pages in; movable ones may double them.
 */
static bool __init zones_can_be_numbered(void)
{
	const phys_addr_t borders[] = {
		0, PFN_PHYS(MAX_DMA_PFN), PFN_PHYS(MAX_DMA32_PFN), PHYS_ADDR_MAX,
	};
	unsigned int count = 0;

	for (unsigned int i = 0; i + 1 < ARRAY_SIZE(borders); i++) {
		struct nodemask nodes = { 0 };
		const struct memblock_region *r;
		int nid;

		for_each_mem_region(r)
			if (r->base < borders[i + 1] && r->base + r->size > borders[i])
				node_set(&nodes, memblock_get_region_node(r));
		for_each_node_in(nid, &nodes)
			count++;
	}
	if (count <= MAX_ZONES)
		return true;
	pr_err("NUMA: nodes have %u zones, %d can be numbered; nodes are not used\n", count,
	       MAX_ZONES);
	return false;
}

static int __init numa_register_meminfo(void)
{
	numa_nodes.possible = numa_found.parsed;
	for (unsigned int i = 0; i < numa_found.list.nr_blks; i++)
		node_set(&numa_nodes.possible, numa_found.blk[i].nid);
	set_nodes(&memblock.memory);
	set_nodes(&memblock.reserved);
	numa_clear_kernel_node_hotplug();
	if (!memblock_validate_numa_coverage(NUMA_UNCOVERED_MAX))
		return -EINVAL;
	return adopt_orphans() || !zones_can_be_numbered() ? -EINVAL : 0;
}

/* Nothing of an earlier, failed attempt may remain. */
static void __init forget_nodes(void)
{
	numa_forget_found();
	numa_nodes = (struct numa_nodes){ 0 };
	memblock_set_node(0, PHYS_ADDR_MAX, &memblock.memory, NUMA_NO_NODE);
	memblock_set_node(0, PHYS_ADDR_MAX, &memblock.reserved, NUMA_NO_NODE);
	memblock_clear_hotplug(0, PHYS_ADDR_MAX);
	numa_reset_distance();
}

int __init numa_memblks_init(int (*find)(void), bool force_top_down)
{
	int ret;

	forget_nodes();
	ret = find();
	if (ret < 0)
		return ret;
	if (force_top_down)
		memblock_set_bottom_up(false);
	ret = numa_cleanup_meminfo(&numa_found.list);
	if (ret < 0)
		return ret;
	numa_emulation(&numa_found.list, &numa_found.parsed);
	return numa_register_meminfo();
}
