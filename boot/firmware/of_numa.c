// SPDX-License-Identifier: GPL-2.0-only
/*
 * NUMA by the device tree (see boot/of_numa.h), with Linux's rule that the last memory
 * node decides: if it has no numa-node-id, there are no nodes.
 *
 * Linux differs: it finds memory nodes below buses, too, and translates their addresses; here
 * those below the root count.
 */
#include "boot/of_numa.h"

#include "boot/of_fdt.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "mm/numa_memblks.h"

#define OF_NUMA		"OF: NUMA: "
#define NO_ID		UINT32_MAX	/* no numa-node-id; larger than any */

static uint32_t __init node_id(const struct fdt_node *node)
{
	return fdt_u32(&of_fdt.fdt, node, "numa-node-id", NO_ID);
}

/* Linux's words, also for an id that nobody could mean. */
static bool __init id_is_too_large(uint32_t nid)
{
	if (nid < MAX_NUMNODES)
		return false;
	pr_warn(OF_NUMA "Node id %u exceeds maximum value\n", nid);
	return true;
}

static void __init of_numa_parse_cpu_nodes(void)
{
	struct fdt_node cpus, cpu;

	if (!fdt_find_child(&of_fdt.fdt, &of_fdt.root, "cpus", &cpus))
		return;
	for (cpu = cpus; fdt_next_child(&of_fdt.fdt, &cpus, &cpu);) {
		if (!fdt_prop_is(&of_fdt.fdt, &cpu, "device_type", "cpu") ||
		    !fdt_has(&of_fdt.fdt, &cpu, "numa-node-id") || id_is_too_large(node_id(&cpu)))
			continue;
		numa_set_parsed((int)node_id(&cpu));
	}
}

/* All of `reg`, even where linux,usable-memory replaced it. */
static int __init add_memory_node(const struct fdt_node *node)
{
	const uint32_t nid = node_id(node);
	struct boot_range range;
	struct fdt_value reg;
	int r = id_is_too_large(nid) ? -EINVAL : 0, ranges = 0;

	fdt_prop(&of_fdt.fdt, node, "reg", &reg);
	for (; !r && of_take_range(&reg, &range); ranges++) {
		if (range.size > PHYS_ADDR_MAX - range.base)
			r = -EINVAL;
		else
			r = numa_add_memblk((int)nid, range.base, range.base + range.size);
	}
	if (!r && ranges) {
		numa_set_parsed((int)nid);
		return 0;
	}
	pr_err(OF_NUMA "bad property in memory node\n");
	return r ? r : -EINVAL;
}

static int __init of_numa_parse_memory_nodes(void)
{
	struct fdt_node node = of_fdt.root;
	int r = -EINVAL;

	while (fdt_next_child(&of_fdt.fdt, &of_fdt.root, &node)) {
		if (!fdt_prop_is(&of_fdt.fdt, &node, "device_type", "memory"))
			continue;
		r = -EINVAL;
		if (!fdt_has(&of_fdt.fdt, &node, "numa-node-id"))
			continue;
		r = add_memory_node(&node);
		if (r)
			return r;
	}
	return r;
}

static int __init set_distances(struct fdt_value matrix)
{
	uint64_t a, b, d;

	while (fdt_take_cells(&matrix, 1, &a) && fdt_take_cells(&matrix, 1, &b) &&
	       fdt_take_cells(&matrix, 1, &d)) {
		if ((a == b && d != LOCAL_DISTANCE) || (a != b && d <= LOCAL_DISTANCE)) {
			pr_err(OF_NUMA "Invalid distance[node%d -> node%d] = %d\n", (int)a, (int)b,
			       (int)d);
			return -EINVAL;
		}
		numa_set_distance((int)a, (int)b, (int)d);
		if (b > a)
			numa_set_distance((int)b, (int)a, (int)d);
	}
	return 0;
}

static int __init of_numa_parse_distance_map(void)
{
	struct fdt_node node = { 0 };
	struct fdt_value matrix;

	while (fdt_next_node(&of_fdt.fdt, &node)) {
		if (!fdt_compatible(&of_fdt.fdt, &node, "numa-distance-map-v1"))
			continue;
		pr_info(OF_NUMA "parsing numa-distance-map-v1\n");
		if (!fdt_prop(&of_fdt.fdt, &node, "distance-matrix", &matrix)) {
			pr_err(OF_NUMA "No distance-matrix property in distance-map\n");
			return -EINVAL;
		}
		if (matrix.len < 4) {
			pr_err(OF_NUMA "Invalid distance-matrix\n");
			return -EINVAL;
		}
		return set_distances(matrix);
	}
	return 0;
}

int __init of_numa_init(void)
{
	int r;

	of_numa_parse_cpu_nodes();
	r = of_numa_parse_memory_nodes();
	return r ? r : of_numa_parse_distance_map();
}
