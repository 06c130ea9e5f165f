/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine that tests of lying ACPI tables boot: 128 MiB, the kernel at 16 MiB.
 */
#ifndef TESTS_HOST_MACHINE_128M_H
#define TESTS_HOST_MACHINE_128M_H

#include "ktap.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/nodemask.h"
#include "srat_tables.h"

#define M	* 1048576ULL

static inline void machine_128m_memory(void)
{
	memblock_add(0x1000, 0x9e000);
	memblock_add(1 M, 127 M);
	memblock_reserve(0, 1 M);
	memblock_reserve(16 M, 1 M);
}

/* Into SRAT: half of it is of each node. */
static inline void two_nodes(struct table_body *srat)
{
	srat_memory(srat, 0, 0, 64 M, 1);
	srat_memory(srat, 1, 64 M, 64 M, 1);
}

/* All RAM is there, has one of so many nodes, and no flag remains of what was not believed. */
static inline void expect_nodes(unsigned int nodes)
{
	struct nodemask seen = { 0 };
	const struct memblock_region *r;
	phys_addr_t bytes = 0;
	unsigned int n = 0;
	int nid;

	for_each_mem_region(r) {
		bytes += r->size;
		node_set(&seen, r->nid);
		expect_true(numa_valid_node(r->nid));
		expect_true(r->flags == MEMBLOCK_NONE);
	}
	expect_eq(bytes, 127 M + 0x9e000);
	for_each_node_in(nid, &seen)
		n++;
	expect_eq(n, nodes);
}

#endif /* TESTS_HOST_MACHINE_128M_H */
