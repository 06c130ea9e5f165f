/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From "firmware says" to "memblock knows": which node memory belongs to.
 *
 * A finder (SRAT, or the fallback of one node) describes nodes as blocks:
 *
 *	numa_add_memblk()	this range belongs to that node
 *	numa_set_parsed()	this node exists, with or without memory
 *	numa_set_distance()	how far two nodes are apart
 *
 * numa_memblks_init() runs it, checks and tidies its list, lets numa=fake rewrite
 * it, and only then gives nodes to memblock's regions.  Either all regions have a
 * node afterwards or it fails and the next finder starts from nothing.
 *
 * Ranges are half open here; printed inclusive.  Context of everything: boot CPU,
 * before free_area_init(); what may be called later says so.
 */
#ifndef MM_NUMA_MEMBLKS_H
#define MM_NUMA_MEMBLKS_H

#include "mm/memblock.h"
#include "mm/nodemask.h"

#define LOCAL_DISTANCE		10
#define REMOTE_DISTANCE		20

/* Blocks in a list; a finder that has more fails.  Linux's limit. */
#define NR_NODE_MEMBLKS		(MAX_NUMNODES * 2)

/**
 * numa_add_memblk() - [@start, @end) belongs to node @nid
 *
 * Empty: ignored.  @end before @start, or no valid node: ignored with a warning.
 * Return: 0, or -EINVAL if the list is full.
 */
int numa_add_memblk(int nid, phys_addr_t start, phys_addr_t end);

/**
 * numa_fill_memblks() - blocks that [@start, @end) overlaps grow until they cover it
 *
 *	[@start, @end)	    |----------------------------|
 *	blocks		       [=0=)      [==1==)  [=0=)
 *	grown		    [==0====)[=====1===)[====0===)
 *
 * All grow down, to where the one below ends or to @start, the highest also up to @end.
 * Return: false if there is no such block; then nothing has changed.
 */
bool numa_fill_memblks(phys_addr_t start, phys_addr_t end);

/** numa_set_parsed() - node @nid exists */
void numa_set_parsed(int nid);

/** numa_set_online() - node @nid has a CPU, or a device like one: online even without memory */
void numa_set_online(int nid);

/**
 * numa_set_distance() - the distance between two nodes, in one direction
 *
 * The first call makes the table, for the nodes known by then: 10 local, 20 remote.
 * An id outside it or a distance that cannot be is ignored; the first one is told.
 */
void numa_set_distance(int from, int to, int distance);

/** numa_reset_distance() - back to 10 and 20; frees the table */
void numa_reset_distance(void);

/**
 * numa_memblks_init() - ask @find and give memblock's regions their nodes
 * @find: returns 0 or a negative error after the calls above
 * @force_top_down: end movable_node's bottom-up phase once @find knows what is hotpluggable
 *
 * Return: 0; or negative: nothing found, or what was found makes no sense (a line
 * says why).  Then regions may have nodes and flags that the next call clears.
 */
int numa_memblks_init(int (*find)(void), bool force_top_down);

/**
 * struct numa_nodes - what the successful numa_memblks_init() found; constant after boot
 * @possible: all nodes: with memory, CPUs or only a name
 * @online: those of them that numa_set_online() was told of
 */
struct numa_nodes {
	struct nodemask	possible, online;
};

extern struct numa_nodes numa_nodes;

/* numa=fake=@text, remembered; the last one counts. */
void numa_emulation_request(char *text);

/* numa=off: made-up nodes are made and told, and then not used. */
void numa_emulation_forbid(bool forbid);

#endif /* MM_NUMA_MEMBLKS_H */
