/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Node ids.
 *
 * Two values mean "no node", as in Linux: NUMA_NO_NODE (-1) and MAX_NUMNODES.
 * Everything that asks "is this a node?" asks numa_valid_node().
 */
#ifndef MM_NUMA_H
#define MM_NUMA_H

#include <stdbool.h>

#ifdef CONFIG_NUMA
#ifndef CONFIG_NODES_SHIFT
#define CONFIG_NODES_SHIFT	10	/* 1024 nodes: what distributions build */
#endif
#define NODES_SHIFT		CONFIG_NODES_SHIFT
#else
#define NODES_SHIFT		0
#endif

#define MAX_NUMNODES		(1 << NODES_SHIFT)
#define NUMA_NO_NODE		(-1)

static inline bool numa_valid_node(int nid)
{
	return nid >= 0 && nid < MAX_NUMNODES;
}

/* `movable_node` on the command line: HOTPLUG memory is kept free of kernel data. */
extern bool movable_node_enabled;

static inline bool movable_node_is_enabled(void)
{
	return movable_node_enabled;
}

#endif /* MM_NUMA_H */
