// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of memory blocks by node, and its way into memblock.
 *
 * Invariant after numa_cleanup_meminfo(): blocks are RAM at least in part, not empty,
 * and no address is in blocks of two nodes.  They need not be sorted.
 */
#include "mm/numa_memblks.h"

#include "mm/ledger.h"
#include "mm/port.h"
#include "mm/zone.h"		/* MAX_ZONES */

typedef unsigned long long ull;

#define RANGE		"[mem %#010llx-%#010llx]"
#define RANGE_ARGS(start, end)	(ull)(start), (ull)(end) - 1

/* This much RAM may be in no block (Linux: before it makes a finder's answer worthless). */
#define UNCOVERED_MAX	SZ_1M

/* Lines about RAM without a node; the rest is summed up. */
#define ORPHAN_LINES	8

struct nodemask numa_possible, numa_online_nodes;

/* 64 KiB that free_initmem() gives back. */
static struct numa_memblk blocks[NR_NODE_MEMBLKS] __initbss;
phys_addr_t numa_scratch[NR_NODE_MEMBLKS] __initbss;

static struct numa_meminfo meminfo;
static unsigned int nr_sorted;		/* so many blocks are in numa_scratch, by start */
static struct nodemask parsed __initbss;

/* ---- the list ------------------------------------------------------------------- */

int __init numa_add_memblk_to(struct numa_meminfo *list, int nid, phys_addr_t start,
			      phys_addr_t end)
{
	if (start == end)
		return 0;
	if (start > end || !numa_valid_node(nid)) {
		pr_warn("Warning: invalid memblk node %d " RANGE "\n", nid, RANGE_ARGS(start, end));
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
	return numa_add_memblk_to(&meminfo, nid, start, end);
}

/* Keep the numbers of all blocks in numa_scratch, in order of their start. */
static void __init sort_blocks(void)
{
	for (; nr_sorted < meminfo.nr_blks; nr_sorted++) {
		unsigned int at = nr_sorted;

		for (; at && meminfo.blk[numa_scratch[at - 1]].start > meminfo.blk[nr_sorted].start;
		     at--)
			numa_scratch[at] = numa_scratch[at - 1];
		numa_scratch[at] = nr_sorted;
	}
}

bool __init numa_fill_memblks(phys_addr_t start, phys_addr_t end)
{
	struct numa_memblk *highest = NULL;
	phys_addr_t covered = start;	/* from @start up to here */

	sort_blocks();
	for (unsigned int i = 0; i < nr_sorted; i++) {
		struct numa_memblk *b = &meminfo.blk[numa_scratch[i]];

		if (b->start >= end || b->end <= start)
			continue;
		b->start = MIN(b->start, covered);	/* still behind those before it */
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
	node_set(&parsed, nid);
}

void __init numa_set_online(int nid)
{
	node_set(&numa_online_nodes, nid);
}

/* One more than the highest node heard of, 0 if there is none. */
static int __init count_nodes(void)
{
	int nid, highest = -1;

	for_each_node_in(nid, &parsed)
		highest = nid;
	for (unsigned int i = 0; i < meminfo.nr_blks; i++)
		highest = MAX(highest, meminfo.blk[i].nid);
	return highest + 1;
}

/* ---- distances ------------------------------------------------------------------ */

static uint8_t *distances;
static int nr_distances;		/* rows; -1: there was no memory for the table */

static int default_distance(int from, int to)
{
	return from == to ? LOCAL_DISTANCE : REMOTE_DISTANCE;
}

static bool __init alloc_distances(void)
{
	int rows = count_nodes();
	size_t bytes = (size_t)rows * (size_t)rows;

	distances = memblock_alloc(bytes, PAGE_SIZE);
	if (!distances) {
		pr_warn("Warning: can't allocate distance table!\n");
		nr_distances = -1;
		return false;
	}
	ledger_name(virt_to_phys(distances), bytes, "NUMA distances");
	nr_distances = rows;
	for (int i = 0; i < rows; i++)
		for (int j = 0; j < rows; j++)
			distances[i * rows + j] = (uint8_t)default_distance(i, j);
	pr_debug("NUMA: Initialized distance table, cnt=%d\n", rows);
	return true;
}

void __init numa_set_distance(int from, int to, int distance)
{
	static bool told_id, told_value;

	if (nr_distances < 0 || (!distances && !alloc_distances()))
		return;
	if (from < 0 || to < 0 || from >= nr_distances || to >= nr_distances) {
		if (!told_id)
			pr_warn("Warning: node ids are out of bound, from=%d to=%d distance=%d\n",
				from, to, distance);
		told_id = true;
		return;
	}
	if (distance != (uint8_t)distance || (from == to && distance != LOCAL_DISTANCE)) {
		if (!told_value)
			pr_warn("Warning: invalid distance parameter, from=%d to=%d distance=%d\n",
				from, to, distance);
		told_value = true;
		return;
	}
	distances[from * nr_distances + to] = (uint8_t)distance;
}

int __init numa_distance_rows(void)
{
	return MAX(nr_distances, 0);
}

void __init numa_reset_distance(void)
{
	if (distances)
		memblock_free(distances, (size_t)nr_distances * (size_t)nr_distances);
	distances = NULL;
	nr_distances = 0;
}

int numa_distance(int from, int to)
{
	if (from < 0 || to < 0 || from >= nr_distances || to >= nr_distances)
		return default_distance(from, to);
	return distances[from * nr_distances + to];
}

/* ---- tidying the list ------------------------------------------------------------- */

static void __init remove_blk(struct numa_meminfo *list, unsigned int i)
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
			remove_blk(list, i);
			continue;
		}
		b->start = MAX(b->start, low);
		b->end = MIN(b->end, high);
		i++;
	}
}

static bool __init overlap(const struct numa_memblk *a, const struct numa_memblk *b)
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

/* Join list->blk[j] to list->blk[i] if no other node has memory between them. */
static bool __init join(struct numa_meminfo *list, unsigned int i, unsigned int j)
{
	phys_addr_t *join_limit = numa_scratch;	/* joinable_up_to(); moves with the blocks */
	struct numa_memblk *a = &list->blk[i], *b = &list->blk[j];
	phys_addr_t start = MIN(a->start, b->start), end = MAX(a->end, b->end);
	phys_addr_t limit = a->start <= b->start ? join_limit[i] : join_limit[j];

	if (a->nid != b->nid || end > limit)
		return false;
	pr_info("NUMA: Node %d " RANGE " + " RANGE " -> " RANGE "\n", a->nid,
		RANGE_ARGS(a->start, a->end), RANGE_ARGS(b->start, b->end), RANGE_ARGS(start, end));
	a->start = start;
	a->end = end;
	join_limit[i] = limit;
	remove_blk(list, j);
	memmove(&join_limit[j], &join_limit[j + 1], (list->nr_blks - j) * sizeof(join_limit[0]));
	return true;
}

/* Complain about blocks that overlap.  Return: false if they are of different nodes. */
static bool __init may_be_neighbours(const struct numa_memblk *a, const struct numa_memblk *b)
{
	if (!overlap(a, b))
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
		numa_scratch[i] = joinable_up_to(list, &list->blk[i]);
	for (unsigned int i = 0; i < list->nr_blks; i++) {
		for (unsigned int j = i + 1; j < list->nr_blks;) {
			if (!may_be_neighbours(&list->blk[i], &list->blk[j]))
				return -EINVAL;
			if (!join(list, i, j))
				j++;
		}
	}
	return 0;
}

/* ---- into memblock ------------------------------------------------------------------ */

static void __init set_nodes(struct memblock_type *type)
{
	for (unsigned int i = 0; i < meminfo.nr_blks; i++) {
		const struct numa_memblk *b = &meminfo.blk[i];

		memblock_set_node(b->start, b->end - b->start, type, b->nid);
	}
}

/* A node with anything of the kernel's in it cannot be unplugged, whatever SRAT says. */
static void __init clear_hotplug_of_kernel_nodes(void)
{
	const struct memblock_region *r;
	struct nodemask kernel = { 0 };

	for_each_reserved_mem_region(r)
		node_set(&kernel, memblock_get_region_node(r));
	for (unsigned int i = 0; i < meminfo.nr_blks; i++) {
		const struct numa_memblk *b = &meminfo.blk[i];

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
 * mistrusted, makes Linux oops when it looks for node -1.  Here its neighbour takes it.
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
			(ull)untold, told - ORPHAN_LINES);
	return 0;
}

/*
 * Linux differs: fewer nodes can be told apart by a page's descriptor.  Count the zones
 * below and above 16 MiB and 4 GiB that nodes have pages in; movable ones may double them.
 */
static bool __init zones_can_be_numbered(void)
{
	static const unsigned long borders[] = { 0, SZ_16M, SZ_4G, ~0UL };
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

static int __init register_blocks(void)
{
	numa_possible = parsed;
	for (unsigned int i = 0; i < meminfo.nr_blks; i++)
		node_set(&numa_possible, meminfo.blk[i].nid);
	set_nodes(&memblock.memory);
	set_nodes(&memblock.reserved);
	clear_hotplug_of_kernel_nodes();
	if (!memblock_validate_numa_coverage(UNCOVERED_MAX))
		return -EINVAL;
	return adopt_orphans() || !zones_can_be_numbered() ? -EINVAL : 0;
}

/* Nothing of an earlier, failed attempt may remain. */
static void __init forget_nodes(void)
{
	meminfo = (struct numa_meminfo){ .max_blks = NR_NODE_MEMBLKS, .blk = blocks };
	nr_sorted = 0;
	parsed = numa_possible = numa_online_nodes = (struct nodemask){ 0 };
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
	ret = numa_cleanup_meminfo(&meminfo);
	if (ret < 0)
		return ret;
	numa_emulation(&meminfo, &parsed);
	return register_blocks();
}

void numa_memblks_reset(void)
{
	meminfo.nr_blks = 0;
	parsed = numa_possible = numa_online_nodes = (struct nodemask){ 0 };
	distances = NULL;
	nr_distances = 0;
	numa_emulation_request(NULL);
	numa_emulation_forbid(false);
}
