// SPDX-License-Identifier: GPL-2.0-only
/*
 * How far nodes are apart: what a finder has said, or 10 and 20.
 */
#include "mm/nodes/numa_meminfo.h"

#include "kernel/lib/dialect.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"	/* ledger_owned() */
#include "mm/port.h"
#include "mm/zone.h"		/* node_distance() */

struct numa_distances numa_distances;

static int default_distance(int from, int to)
{
	return from == to ? LOCAL_DISTANCE : REMOTE_DISTANCE;
}

static bool __init numa_alloc_distance(void)
{
	int rows = numa_count_found();
	size_t bytes = (size_t)rows * (size_t)rows;

	numa_distances.table = ledger_owned(memblock_alloc(bytes, PAGE_SIZE), bytes,
					    "NUMA distances");
	if (!numa_distances.table) {
		pr_warn("Warning: can't allocate distance table!\n");
		numa_distances.rows = -1;
		return false;
	}
	numa_distances.rows = rows;
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < rows; j++)
			numa_distances.table[i * rows + j] = (uint8_t)default_distance(i, j);
	if (!dialect->distance_table_silent)
		pr_debug("NUMA: Initialized distance table, cnt=%d\n", rows);
	return true;
}

void __init numa_set_distance(int from, int to, int distance)
{
	/* Without memory for the table rows stays -1: every id of a later call is out of bound. */
	if (!numa_distances.rows && !numa_alloc_distance())
		return;
	if (from < 0 || to < 0 || from >= numa_distances.rows || to >= numa_distances.rows) {
		if (!numa_distances.told_id)
			pr_warn("Warning: node ids are out of bound, from=%d to=%d distance=%d\n",
				from, to, distance);
		numa_distances.told_id = true;
		return;
	}
	if (distance != (uint8_t)distance || (from == to && distance != LOCAL_DISTANCE)) {
		if (!numa_distances.told_value)
			pr_warn("Warning: invalid distance parameter, from=%d to=%d distance=%d\n",
				from, to, distance);
		numa_distances.told_value = true;
		return;
	}
	numa_distances.table[from * numa_distances.rows + to] = (uint8_t)distance;
}

int __init numa_distance_rows(void)
{
	return MAX(numa_distances.rows, 0);
}

void __init numa_reset_distance(void)
{
	size_t rows = (size_t)numa_distances.rows;

	if (numa_distances.table)
		memblock_free(numa_distances.table, rows * rows);
	numa_distances.table = NULL;
	numa_distances.rows = 0;
}

int node_distance(int from, int to)
{
	if (from < 0 || to < 0 || from >= numa_distances.rows || to >= numa_distances.rows)
		return default_distance(from, to);
	return numa_distances.table[from * numa_distances.rows + to];
}
