// SPDX-License-Identifier: GPL-2.0-only
/*
 * Law: where there is no memory for the table of distances, what is told about it is what Linux
 * tells, and nodes are as far apart as nodes of which nothing is known.
 */
#include "ktap.h"

#include "host_console.h"
#include "mm/memblock.h"
#include "mm/nodes/numa_meminfo.h"	/* numa_distance_rows() */
#include "mm/numa_memblks.h"
#include "mm/zone.h"			/* node_distance() */
#include "mm_machine.h"

/* As Linux: told once that there is no table, and once of the first distance after that. */
KTAP_TEST(test_numa_distances_without_memory_for_the_table)
{
	mm_machine_reset();
	mm_machine_memory(&mm_machine_1g);
	memblock_reserve(0, memblock_end_of_DRAM());
	numa_set_parsed(1);
	host_console_reset();
	for (int i = 0; i < 4; i++)
		numa_set_distance(i / 2, i % 2, i % 3 ? 40 : 10);
	expect_eq(host_console_count("can't allocate distance table!"), 1);
	expect_eq(host_console_count("node ids are out of bound"), 1);
	expect_log("Warning: node ids are out of bound, from=0 to=1 distance=40");
	expect_eq(numa_distance_rows(), 0);
	expect_eq(node_distance(0, 1), REMOTE_DISTANCE);

	/* After a reset there is another try, which finds memory. */
	numa_reset_distance();
	memblock_phys_free(0, memblock_end_of_DRAM());
	numa_set_distance(0, 1, 40);
	expect_eq(numa_distance_rows(), 2);
	expect_eq(node_distance(0, 1), 40);
}
