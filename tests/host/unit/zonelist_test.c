// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order in which zones are tried, beside the plain way: of the nodes that were not tried yet
 * the one with the lowest score is looked for, again and again.
 *
 * Law: build_all_zonelists() makes the lists, the first zones and the lines of the plain way, for
 * any distances, and any nodes without memory.
 */
#include "ktap.h"

#include "host_console.h"
#include "mm/memblock.h"
#include "mm/mm_init.h"
#include "mm/nodes/numa_meminfo.h"
#include "mm_machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES		160
#define NODE_SIZE	(4UL << 20)

static unsigned int seed, loads[NODES];
static uint8_t distances[NODES * NODES];

static unsigned int rnd(unsigned int n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
}

static int plain_next(int local, const bool *used)
{
	unsigned long best_score = ~0UL;
	int best = -1;

	for (int nid = 0; nid < NODES; nid++) {
		unsigned long score = (unsigned long)node_distance(local, nid) + (nid < local);

		if (used[nid] || !node_data[nid] || !node_data[nid]->node_present_pages)
			continue;
		if (nid == local)
			return nid;
		score = score * MAX_NUMNODES + loads[nid];
		if (score < best_score) {
			best_score = score;
			best = nid;
		}
	}
	return best;
}

/* One list, and the next load of each node.  @line: as it should be printed. */
static void expect_plain_list(const struct pglist_data *node, char *line)
{
	const struct zone *first[NR_ZONES] = { NULL };
	int nid, previous = node->node_id;
	bool used[NODES] = { false };
	unsigned int count = 0;

	line += sprintf(line, "Fallback order for Node %d: ", node->node_id);
	while ((nid = plain_next(node->node_id, used)) >= 0) {
		used[nid] = true;
		loads[nid] += node_distance(node->node_id, nid) !=
			      node_distance(node->node_id, previous);
		previous = nid;
		line += sprintf(line, "%d ", nid);
		for (unsigned int i = NR_ZONES; i-- > 0;) {
			const struct zone *zone = &node_data[nid]->node_zones[i];

			if (!populated_zone(zone))
				continue;
			expect_true(node->node_zonelist[count++] == zone);
			for (unsigned int highest = i; highest < NR_ZONES; highest++)
				first[highest] = first[highest] ? first[highest] : zone;
		}
		if (nid == node->node_id)
			expect_eq(node->node_zonelist_own, count);
	}
	expect_true(!node->node_zonelist[count]);
	for (unsigned int highest = 0; highest < NR_ZONES; highest++)
		expect_true(node->first_zone[highest] == first[highest]);
}

/* A distance is @near + a number below @spread; of 8 nodes @gaps have no RAM. */
static const struct {
	const char	*name;
	bool		table;
	unsigned int	near, spread, gaps;
} cases[] = {
	{ .name = "no table: 10 and 20" },
	{ .name = "all nodes equally far, some without RAM", .table = true, .near = 20,
	  .spread = 1, .gaps = 3 },
	{ .name = "two distances", .table = true, .near = 20, .spread = 2 },
	{ .name = "as on servers", .table = true, .near = 11, .spread = 12, .gaps = 1 },
	{ .name = "any distances, 0 too", .table = true, .near = 0, .spread = 256, .gaps = 2 },
	{ .name = "the farthest only", .table = true, .near = 254, .spread = 2, .gaps = 6 },
};

static void build_nodes(unsigned int gaps)
{
	mm_machine_reset();
	memblock_allow_resize();
	for (int nid = 0; nid < NODES; nid++) {
		node_set(&numa_nodes.possible, nid);
		if (nid == 77 || rnd(8) >= gaps)
			memblock_add_node(NODE_SIZE * (phys_addr_t)(nid + 1), NODE_SIZE, nid,
					  MEMBLOCK_NONE);
	}
	max_low_pfn = max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	zone_sizes_init();
}

KTAP_TABLE_TEST(test_zonelists_are_those_of_the_plain_way, cases, c)
{
	static char line[NODES * 5 + 64];
	int nid;

	seed = 12;
	build_nodes(c->gaps);
	for (unsigned int i = 0; i < NODES * NODES; i++)
		distances[i] = (uint8_t)(c->near + (c->spread ? rnd(c->spread) : 0));
	if (c->table)
		numa_distances = (struct numa_distances){ .table = distances, .rows = NODES };
	memset(loads, 0, sizeof(loads));
	build_all_zonelists();
	for_each_node(nid) {
		expect_plain_list(node_data[nid], line);
		expect_log(line);
	}
}
