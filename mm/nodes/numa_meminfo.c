// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of memory blocks by node: the one that the finder fills, and how a list is tidied.
 *
 * Invariant after numa_cleanup_meminfo(): blocks are RAM at least in part, not empty,
 * and no address is in blocks of two nodes.  They need not be sorted.
 */
#include "mm/nodes/numa_meminfo.h"

#include "kernel/lib/dialect.h"
#include "mm/memblock.h"
#include "mm/port.h"

struct numa_found numa_found __initbss;

/* ---- the finder's list -------------------------------------------------------------- */

void __init numa_forget_found(void)
{
	numa_found.list = (struct numa_meminfo){ .max_blks = NR_NODE_MEMBLKS,
						 .blk = numa_found.blk };
	numa_found.nr_sorted = 0;
	numa_found.parsed = (struct nodemask){ 0 };
}

int __init numa_add_memblk_to(struct numa_meminfo *list, int nid, phys_addr_t start,
			      phys_addr_t end)
{
	if (start == end)
		return 0;
	if (start > end || !numa_valid_node(nid)) {
		pr_warn("Warning: invalid memblk %s %d " RANGE "\n", dialect->bad_range, nid,
			RANGE_ARGS(start, end));
		return 0;
	}
	if (list->nr_blks == list->max_blks) {
		pr_err("too many memblk ranges\n");
		return -EINVAL;
	}
	list->blk[list->nr_blks++] = (struct numa_memblk){ start, end, nid };
	return 0;
}

int __init numa_add_memblk(int nid, phys_addr_t start, phys_addr_t end)
{
	return numa_add_memblk_to(&numa_found.list, nid, start, end);
}

/* Put the numbers of all blocks into the scratch, in order of their start. */
static void __init sort_blocks(void)
{
	phys_addr_t *number = numa_found.scratch;

	for (; numa_found.nr_sorted < numa_found.list.nr_blks; numa_found.nr_sorted++) {
		const phys_addr_t start = numa_found.blk[numa_found.nr_sorted].start;
		unsigned int at = numa_found.nr_sorted;

		for (; at && numa_found.blk[number[at - 1]].start > start; at--)
			number[at] = number[at - 1];
		number[at] = numa_found.nr_sorted;
	}
}

bool __init numa_fill_memblks(phys_addr_t start, phys_addr_t end)
{
	struct numa_memblk *highest = NULL;
	phys_addr_t covered = start;	/* from @start up to here */

	sort_blocks();
	for (unsigned int i = 0; i < numa_found.nr_sorted; i++) {
		struct numa_memblk *b = &numa_found.blk[numa_found.scratch[i]];

		if (b->start >= end || b->end <= start)
			continue;
		b->start = MIN(b->start, covered);	/* not below the blocks before it */
		if (b->end >= covered)
			highest = b;
		covered = MAX(covered, b->end);
	}
	if (highest)
		highest->end = MAX(covered, end);
	return highest;
}

void __init numa_set_parsed(int nid)
{
	node_set(&numa_found.parsed, nid);
}

int __init numa_count_found(void)
{
	int nid, highest = -1;

	for_each_node_in(nid, &numa_found.parsed)
		highest = nid;
	for (unsigned int i = 0; i < numa_found.list.nr_blks; i++)
		highest = MAX(highest, numa_found.blk[i].nid);
	return highest + 1;
}

/* ---- tidying a list ------------------------------------------------------------- */

static void __init numa_remove_memblk_from(struct numa_meminfo *list, unsigned int i)
{
	list->nr_blks--;
	memmove(&list->blk[i], &list->blk[i + 1], (list->nr_blks - i) * sizeof(list->blk[0]));
}

/*
 * Only what holds RAM counts, and of that what lies between RAM's ends:
 *
 *	block	    [-----------)		[----)
 *	RAM		[----)   [-----)
 *	kept		[-------)
 *
 * (Linux keeps the rest in a second list, to know the node of memory plugged in later.)
 */
static void __init clip_to_ram(struct numa_meminfo *list)
{
	phys_addr_t low = memblock_start_of_DRAM(), high = memblock_end_of_DRAM();

	for (unsigned int i = 0; i < list->nr_blks;) {
		struct numa_memblk *b = &list->blk[i];

		if (!memblock_overlaps_region(&memblock.memory, b->start, b->end - b->start)) {
			numa_remove_memblk_from(list, i);
			continue;
		}
		b->start = MAX(b->start, low);
		b->end = MIN(b->end, high);
		i++;
	}
}

static bool __init blocks_overlap(const struct numa_memblk *a, const struct numa_memblk *b)
{
	return a->end > b->start && a->start < b->end;
}

/*
 * How far up a block may be joined with others of its node: to the start of the next
 * block of another node, or not at all (0) if one lies over its own start.  Joining
 * others does not change this: it never fills a gap that has a foreign block in it.
 */
static phys_addr_t __init joinable_up_to(const struct numa_meminfo *list,
					 const struct numa_memblk *b)
{
	phys_addr_t limit = PHYS_ADDR_MAX;

	for (unsigned int i = 0; i < list->nr_blks; i++) {
		const struct numa_memblk *other = &list->blk[i];

		if (other->nid == b->nid || other->end <= b->start)
			continue;
		if (other->start < b->start)
			return 0;
		limit = MIN(limit, other->start);
	}
	return limit;
}

/*
 * Join list->blk[j] to list->blk[i] if both are of one node and no other node has memory
 * between them.  The lower block's joinable_up_to() decides:
 *
 *	node 0	    [--a--)     [--b--)		one block, from a's start to b's end
 *	node 1	                       |[--x--)	  (limit of a: the start of x)
 *
 *	node 0	    [--a--)           [--b--)	they stay two: b ends above the limit of a
 *	node 1	           |[--x--)
 *
 * The limits of all blocks are in the scratch, in the order of the list.
 */
static bool __init join_blocks(struct numa_meminfo *list, unsigned int i, unsigned int j)
{
	struct numa_memblk *a = &list->blk[i], *b = &list->blk[j];
	phys_addr_t start = MIN(a->start, b->start), end = MAX(a->end, b->end);
	phys_addr_t *limits = numa_found.scratch;
	phys_addr_t limit = limits[a->start <= b->start ? i : j];

	if (a->nid != b->nid || end > limit)
		return false;
	pr_info("NUMA: Node %d " RANGE " + " RANGE " -> " RANGE "\n", a->nid,
		RANGE_ARGS(a->start, a->end), RANGE_ARGS(b->start, b->end), RANGE_ARGS(start, end));
	a->start = start;
	a->end = end;
	limits[i] = limit;
	numa_remove_memblk_from(list, j);
	memmove(&limits[j], &limits[j + 1], (list->nr_blks - j) * sizeof(limits[0]));
	return true;
}

/* Complain about blocks that overlap.  Return: false if they are of different nodes. */
static bool __init may_be_neighbours(const struct numa_memblk *a, const struct numa_memblk *b)
{
	if (!blocks_overlap(a, b))
		return true;
	if (a->nid != b->nid) {
		pr_err("node %d " RANGE " overlaps with node %d " RANGE "\n",
		       a->nid, RANGE_ARGS(a->start, a->end), b->nid, RANGE_ARGS(b->start, b->end));
		return false;
	}
	pr_warn("Warning: node %d " RANGE " overlaps with itself " RANGE "\n",
		a->nid, RANGE_ARGS(a->start, a->end), RANGE_ARGS(b->start, b->end));
	return true;
}

int __init numa_cleanup_meminfo(struct numa_meminfo *list)
{
	clip_to_ram(list);
	for (unsigned int i = 0; i < list->nr_blks; i++)
		numa_found.scratch[i] = joinable_up_to(list, &list->blk[i]);
	for (unsigned int i = 0; i < list->nr_blks; i++) {
		for (unsigned int j = i + 1; j < list->nr_blks;) {
			if (!may_be_neighbours(&list->blk[i], &list->blk[j]))
				return -EINVAL;
			if (!join_blocks(list, i, j))
				j++;
		}
	}
	return 0;
}
