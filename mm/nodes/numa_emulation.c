// SPDX-License-Identifier: GPL-2.0-only
/*
 * numa=fake=: cut the nodes there are, or the one there is, into made-up ones.
 *
 *	fake=N		N nodes in all, of about equal size
 *	fake=SIZE	nodes of that size; has an M or G in it
 *	fake=NU		N parts of each physical node, holes counted as memory
 *	...:d,d,...,	their distances, row by row; a number without a comma behind it does not
 *			count, and what is missing is physical (not after a U)
 *
 * Physical nodes are used in turn, each from its first block upwards:
 *
 *	physical	[--------- 0 ---------)[--------- 1 ---------)
 *	fake=4		[--- 0 ---)[--- 2 ---) [--- 1 ---)[--- 3 ---)
 *
 * No useless rest is left: less than 32 MiB below 4 GiB, and less than a node at the end of a
 * block, go to the node below.
 */
#include "mm/nodes/numa_meminfo.h"

#include "kernel/lib/params.h"		/* memparse(), get_option() */
#include "mm/memblock.h"
#include "mm/port.h"
#include "mm/zone.h"			/* node_distance() */

typedef unsigned long long ull;

#define MIN_NODE	(32 * SZ_1M)	/* and the unit of sizes */
#define DMA32_END	PFN_PHYS(MAX_DMA32_PFN)

struct fake_plan {
	const struct numa_meminfo	*phys;
	struct numa_meminfo		*fake;		/* behind phys's blocks */
	phys_addr_t			size;		/* of a node */
	unsigned int			bigger;		/* so many first nodes get 32 MiB more */
	int				ids;		/* node ids are made modulo this */
	bool				uniform;	/* holes do not make a node longer */
	int				made;		/* nodes so far */
	phys_addr_t			*used_up_to;	/* of each physical block */
};

#define NUMBER_AND_COMMA	2		/* what get_option() found */

struct numa_faking numa_faking __initbss;

void __init numa_emulation_request(char *text)
{
	numa_faking.text = text;
}

void __init numa_emulation_forbid(bool forbid)
{
	numa_faking.forbidden = forbid;
}

/* Bytes of [start, end) without the whole pages of it that are no RAM. */
static phys_addr_t __init ram_bytes_in(phys_addr_t start, phys_addr_t end)
{
	unsigned long first = PFN_UP(start), last = PFN_DOWN(end), holes, s, e;
	int i, nid;

	if (first >= last)
		return end - start;
	holes = last - first;
	for_each_mem_pfn_range(i, MAX_NUMNODES, &s, &e, &nid) {
		s = MAX(s, first);
		e = MIN(e, last);
		holes -= s < e ? e - s : 0;
	}
	return end - start - PFN_PHYS(holes);
}

/* The first block of physical node @nid (NUMA_NO_NODE: any) that is not used up, or -1. */
static int __init next_unused_block(const struct fake_plan *plan, int nid)
{
	for (unsigned int i = 0; i < plan->phys->nr_blks; i++)
		if ((nid == NUMA_NO_NODE || plan->phys->blk[i].nid == nid) &&
		    plan->used_up_to[i] < plan->phys->blk[i].end)
			return (int)i;
	return -1;
}

static int __init emu_setup_memblk(struct fake_plan *plan, unsigned int block, phys_addr_t end)
{
	int nid = plan->made % plan->ids;
	phys_addr_t start = plan->used_up_to[block];

	if (plan->fake->nr_blks == plan->fake->max_blks) {
		pr_err("NUMA: Too many emulated memblks, failing emulation\n");
		return -EINVAL;
	}
	numa_add_memblk_to(plan->fake, nid, start, end);
	plan->used_up_to[block] = end;
	if (numa_faking.phys_of[nid] < 0)
		numa_faking.phys_of[nid] = (int16_t)plan->phys->blk[block].nid;
	plan->made++;
	pr_info("Faking node %d at [mem %#018llx-%#018llx] (%lluMB)\n", nid, (ull)start,
		(ull)end - 1, (ull)(end - start) >> 20);
	return 0;
}

/* Where the node that begins at @start ends, at most at @limit, the end of its block. */
static phys_addr_t __init node_end(const struct fake_plan *plan, phys_addr_t start,
				   phys_addr_t limit)
{
	phys_addr_t end = start + plan->size;

	if ((unsigned int)plan->made < plan->bigger)
		end += MIN_NODE;
	while (!plan->uniform && end < limit && ram_bytes_in(start, end) < plan->size)
		end += MIN_NODE;
	if (end < DMA32_END && ram_bytes_in(end, DMA32_END) < MIN_NODE)
		end = DMA32_END;
	if (end >= limit || (!plan->uniform && ram_bytes_in(end, limit) < plan->size))
		end = limit;
	return end;
}

/* A node from each physical node of @set in turn, until all are used up. */
static int __init make_nodes(struct fake_plan *plan, const struct nodemask *set)
{
	bool more = true;
	int nid;

	while (more) {
		more = false;
		for_each_node_in(nid, set) {
			int block = next_unused_block(plan, nid);

			if (block < 0)
				continue;
			if (emu_setup_memblk(plan, (unsigned int)block,
				      node_end(plan, plan->used_up_to[block],
					       plan->phys->blk[block].end)))
				return -EINVAL;
			more = true;
		}
	}
	return 0;
}

static void __init raise_size(struct fake_plan *plan, phys_addr_t least)
{
	least = ALIGN_UP(MAX(least, (phys_addr_t)MIN_NODE), MIN_NODE);
	if (plan->size < least) {
		pr_err("Fake node size %lluMB too small, increasing to %lluMB\n",
		       (ull)plan->size >> 20, (ull)least >> 20);
		plan->size = least;
	}
	plan->size = ALIGN_DOWN(plan->size, MIN_NODE);
}

/* fake=N */
static int __init split_nodes_interleave(struct fake_plan *plan, const struct nodemask *set, int n)
{
	phys_addr_t share;

	if (n <= 0)
		return -EINVAL;
	if (n > MAX_NUMNODES) {
		pr_info("numa=fake=%d too large, reducing to %d\n", n, MAX_NUMNODES);
		n = MAX_NUMNODES;
	}
	share = ram_bytes_in(0, PFN_PHYS(max_pfn)) / (unsigned int)n;
	plan->size = ALIGN_DOWN(share, MIN_NODE);
	plan->bigger = (unsigned int)((share - plan->size) * (unsigned int)n / MIN_NODE);
	plan->ids = n;
	if (!plan->size) {
		pr_err("Not enough memory for each node.  NUMA emulation disabled.\n");
		return -EINVAL;
	}
	return make_nodes(plan, set);
}

/* fake=SIZE */
static int __init split_nodes_size_interleave(struct fake_plan *plan, const struct nodemask *set,
					      phys_addr_t size)
{
	plan->size = MIN(size, PFN_PHYS(max_pfn));
	if (!size)
		return -EINVAL;
	raise_size(plan, ram_bytes_in(0, PFN_PHYS(max_pfn)) / MAX_NUMNODES);
	return make_nodes(plan, set);
}

/*
 * fake=NU.  There are as many rounds as nodes, and each cuts the node of the first block that is
 * left.  So nodes are not always cut in the order of their ids, and if some have no memory the
 * last rounds find nothing to cut.
 */
static int __init split_each(struct fake_plan *plan, const struct nodemask *parsed, unsigned long n)
{
	const int parts = (int)n;	/* Linux counts in an int, but demands @n */
	int round;

	if (!parts)
		return -EINVAL;
	plan->uniform = true;
	for_each_node_in(round, parsed) {
		int block = next_unused_block(plan, NUMA_NO_NODE), before = plan->made;
		phys_addr_t left = 0;
		struct nodemask one = { 0 };

		if (block >= 0)
			left = plan->phys->blk[block].end - plan->used_up_to[block];
		plan->size = PFN_PHYS(PFN_DOWN(left) / (unsigned long)parts);
		raise_size(plan, plan->size);
		if (block < 0)
			continue;
		node_set(&one, plan->phys->blk[block].nid);
		if (make_nodes(plan, &one))
			return -EINVAL;
		if ((unsigned long)(plan->made - before) < n) {
			pr_info("%s: phys: %d only got %d of %ld nodes, failing\n",
				"numa_emulation", round, plan->made - before, (long)n);
			return -EINVAL;
		}
	}
	return 0;
}

/* Fill @fake.  @text: moved behind what was understood. */
static int __init fake_nodes(const struct numa_meminfo *list, const struct nodemask *parsed,
			struct numa_meminfo *fake, char **text)
{
	struct fake_plan plan = { .phys = list, .fake = fake, .ids = MAX_NUMNODES,
			     .used_up_to = numa_found.scratch };
	struct nodemask set = { 0 };
	phys_addr_t number;
	char *end;
	int ret;

	for (unsigned int i = 0; i < MAX_NUMNODES; i++)
		numa_faking.phys_of[i] = -1;
	for (unsigned int i = 0; i < list->nr_blks; i++) {
		node_set(&set, list->blk[i].nid);
		plan.used_up_to[i] = list->blk[i].start;
	}

	/* Only a size may have a letter behind it. */
	number = kstrtoull(*text, &end, 0);
	if (strchr(*text, 'U'))
		ret = split_each(&plan, parsed, number);
	else if (strchr(*text, 'M') || strchr(*text, 'G'))
		ret = split_nodes_size_interleave(&plan, &set, memparse(*text, &end));
	else
		ret = split_nodes_interleave(&plan, &set, (int)number);	/* 2^32 + 2 is 2 */
	*text = end;	/* behind a U no distances are read */
	return ret;
}

/* ---- distances ------------------------------------------------------------------ */

struct dist_copy {
	uint8_t	*table;		/* NULL: the defaults */
	int	rows;
};

/* The physical distances: they are still needed when the table is replaced. */
static bool __init copy_distances(struct dist_copy *copy, int rows)
{
	copy->table = memblock_alloc((size_t)rows * (size_t)rows, PAGE_SIZE);
	copy->rows = rows;
	if (!copy->table) {
		pr_warn("NUMA: Warning: can't allocate copy of distance table, disabling emulation\n");
		return false;
	}
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < rows; j++)
			copy->table[i * rows + j] = (uint8_t)node_distance(i, j);
	return true;
}

static int __init physical_distance(const struct dist_copy *copy, int from, int to)
{
	if (from >= copy->rows || to >= copy->rows)
		return from == to ? LOCAL_DISTANCE : REMOTE_DISTANCE;
	return copy->table[from * copy->rows + to];
}

/* The request names distances of the first @named nodes only. */
static void __init set_distances(const struct dist_copy *copy, int named, int nodes)
{
	const int16_t *phys_of = numa_faking.phys_of;

	numa_faking.text += *numa_faking.text == ':';
	numa_reset_distance();
	for (int i = 0; i < nodes; i++) {
		for (int j = 0; j < nodes; j++) {
			int distance;

			if (i >= named || j >= named ||
			    get_option(&numa_faking.text, &distance) != NUMBER_AND_COMMA)
				distance = physical_distance(copy, phys_of[i], phys_of[j]);
			numa_set_distance(i, j, distance);
		}
	}
	if (copy->table)
		memblock_free(copy->table, (size_t)copy->rows * (size_t)copy->rows);
}

/*
 * Physical nodes that no made-up node is a part of get a node each behind the @named ones, without
 * memory.  Linux gives these the distances of physical nodes 1, 2, ..., whichever they are; its
 * orders of fallback show that, so it is the same here.
 * Return: nodes there are then.
 */
static int __init add_unnamed(const struct nodemask *parsed, int named)
{
	struct nodemask mask = { 0 };
	int nid, nodes = named;

	for (int i = 0; i < named; i++)
		node_set(&mask, numa_faking.phys_of[i]);
	for_each_node_in(nid, parsed) {
		if (node_isset(&mask, nid) || nodes == MAX_NUMNODES)
			continue;
		numa_faking.phys_of[nodes] = (int16_t)(nodes - named + 1);
		nodes++;
	}
	return nodes;
}

void __init numa_emulation(struct numa_meminfo *list, struct nodemask *parsed)
{
	struct numa_meminfo fake = {
		.max_blks = list->max_blks - list->nr_blks, .blk = list->blk + list->nr_blks,
	};
	struct dist_copy copy = { 0 };
	char *text = numa_faking.text;
	int rows = numa_distance_rows(), named = 0, nodes, ret;

	if (!text)
		return;
	ret = fake_nodes(list, parsed, &fake, &text);
	numa_faking.text = text;
	if (ret)
		return;
	if (numa_cleanup_meminfo(&fake) < 0) {
		pr_warn("NUMA: Warning: constructed meminfo invalid, disabling emulation\n");
		return;
	}
	if (numa_faking.forbidden)	/* only now, and silently, as in Linux */
		return;
	if (rows && !copy_distances(&copy, rows))
		return;
	memmove(list->blk, fake.blk, fake.nr_blks * sizeof(fake.blk[0]));
	list->nr_blks = fake.nr_blks;
	while (named < MAX_NUMNODES && numa_faking.phys_of[named] >= 0)
		named++;
	nodes = add_unnamed(parsed, named);
	*parsed = (struct nodemask){ 0 };
	for (int i = 0; i < nodes; i++)
		node_set(parsed, i);
	set_distances(&copy, named, nodes);
}
