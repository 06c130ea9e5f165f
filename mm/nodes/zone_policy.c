// SPDX-License-Identifier: GPL-2.0-only
/*
 * In which order zones are tried for memory, and how many pages each keeps back.
 */
#include "mm/zone.h"

#include "mm/memblock.h"
#include "mm/memblock_event.h"	/* ledger_owned() */
#include "mm/nodemask.h"

unsigned long min_free_kbytes;			/* constant after boot */
bool page_group_by_mobility_disabled;		/* constant after boot */

/* ---- zonelists ------------------------------------------------------------------ */

#define NODE_SCORES	(UINT8_MAX + 3)		/* see node_score() */

/**
 * struct node_order - the nodes that have pages, in order
 * @by_load: by how often they head a distance group, then by id: as for equal distances
 * @by_score: for one local node, as they will be tried
 * @distance: from the local node, by id
 * @heads: those whose load has grown since @by_load was made
 * @place: where in @by_score the next node of a score goes
 */
struct node_order {
	unsigned int	count;
	uint16_t	by_load[MAX_NUMNODES], by_score[MAX_NUMNODES];
	uint8_t		distance[MAX_NUMNODES];
	struct nodemask	heads;
	uint16_t	place[NODE_SCORES];
};

/*
 * Nodes of lower scores are tried earlier: the local one, then the nearest, where a node counts as
 * a little farther if its id is below that of the local one.  Of the same score those are tried
 * earlier that have headed a distance group less often.  (Linux also avoids nodes with CPUs; when
 * it builds the lists at boot no CPU has joined a node yet.)
 */
static inline unsigned int node_score(const struct node_order *order, int local, int nid)
{
	return nid == local ? 0 : order->distance[nid] + 1U + (nid < local);
}

/* Should the node @nid stand behind @other in @by_load? */
static bool __init node_is_behind(int nid, int other)
{
	const unsigned int load = node_data[nid]->load, others = node_data[other]->load;

	return load != others ? load > others : nid > other;
}

/*
 * Brings @by_load up to date: the heads, each with one more than before, are still in order, and
 * so are all others; the two are merged, from the end.
 */
static void __init sort_by_load(struct node_order *order)
{
	uint16_t *const nodes = order->by_load, *const heads = order->by_score;
	unsigned int rest = 0, nr_heads = 0, to = order->count;

	for (unsigned int i = 0; i < order->count; i++) {
		if (node_isset(&order->heads, nodes[i]))
			heads[nr_heads++] = nodes[i];
		else
			nodes[rest++] = nodes[i];
	}
	while (nr_heads) {
		if (rest && node_is_behind(nodes[rest - 1], heads[nr_heads - 1]))
			nodes[--to] = nodes[--rest];
		else
			nodes[--to] = heads[--nr_heads];
	}
	order->heads = (struct nodemask){ 0 };
}

/* Fills @by_score: counts the nodes of each score, which says where the next score begins. */
static void __init sort_by_score(struct node_order *order, int local)
{
	const uint16_t *const nodes = order->by_load, *const end = nodes + order->count;
	unsigned int start = 0;

	memset(order->place, 0, sizeof(order->place));
	for (const uint16_t *nid = nodes; nid < end; nid++) {
		order->distance[*nid] = (uint8_t)node_distance(local, *nid);
		order->place[node_score(order, local, *nid)]++;
	}
	for (unsigned int score = 0; start < order->count; score++) {
		const unsigned int count = order->place[score];

		order->place[score] = (uint16_t)start;
		start += count;
	}
	for (const uint16_t *nid = nodes; nid < end; nid++)
		order->by_score[order->place[node_score(order, local, *nid)]++] = *nid;
}

/* The populated zones of @node, highest first.  Return: how many. */
static unsigned int __init build_zonerefs_node(struct pglist_data *node, struct zone **list)
{
	unsigned int count = 0;

	for (unsigned int i = NR_ZONES; i-- > 0;)
		if (populated_zone(&node->node_zones[i]))
			list[count++] = &node->node_zones[i];
	return count;
}

/**
 * struct node_line - "Fallback order" of one node, printed by pieces
 *
 * A printk() for each of the n^2 ids took two thirds of the time that all lists of 256 nodes take.
 */
struct node_line {
	unsigned int	len;
	char		text[128];
};

static void __init node_line_flush(struct node_line *line)
{
	pr_cont("%.*s", (int)line->len, line->text);
	line->len = 0;
}

/* Appends @nid and a space. */
static void __init node_line_add(struct node_line *line, unsigned int nid)
{
	unsigned int len = 2U + (nid > 9) + (nid > 99) + (nid > 999);
	char *end;

	_Static_assert(MAX_NUMNODES <= 10000, "four digits");
	if (line->len + len > sizeof(line->text))
		node_line_flush(line);
	line->len += len;
	end = line->text + line->len;
	*--end = ' ';
	while (--len) {
		*--end = (char)('0' + nid % 10);
		nid /= 10;
	}
}

/* The first zone of @node's list for each highest zone that a request allows. */
static void __init find_first_zones(struct pglist_data *node)
{
	for (unsigned int highest = 0; highest < NR_ZONES; highest++) {
		struct zone **zone = node->node_zonelist;

		while (*zone && (*zone)->index > highest)
			zone++;
		node->first_zone[highest] = *zone;
	}
}

static void __init build_zonelists(struct pglist_data *node, struct node_order *order)
{
	size_t bytes = (zone_index.nr_zones + 1) * sizeof(struct zone *);
	const int local = node->node_id;
	int previous = node_distance(local, local);
	struct node_line line = { .len = 0 };
	unsigned int count = 0;

	node->node_zonelist = ledger_owned(memblock_alloc(bytes, SMP_CACHE_BYTES), bytes,
					   "zonelists");
	if (!node->node_zonelist)
		panic("zonelists: no %zu bytes for node %d", bytes, local);

	pr_info("Fallback order for Node %d: ", local);
	sort_by_load(order);
	sort_by_score(order, local);
	for (unsigned int i = 0; i < order->count; i++) {
		const int nid = order->by_score[i];

		if (order->distance[nid] != previous) {
			node_data[nid]->load++;
			node_set(&order->heads, nid);
		}
		previous = order->distance[nid];
		count += build_zonerefs_node(node_data[nid], node->node_zonelist + count);
		if (nid == local)
			node->node_zonelist_own = count;
		node_line_add(&line, (unsigned int)nid);
	}
	node_line_flush(&line);
	pr_cont("\n");
	find_first_zones(node);
}

void __init build_all_zonelists(void)
{
	struct node_order order = { 0 };
	unsigned int nr_nodes = 0;
	unsigned long total = 0;
	enum zone_type policy_zone = ZONE_DMA;
	struct zone *zone;
	int nid;

	for_each_populated_zone(zone) {
		total += zone->managed_pages - zone->watermark[WMARK_HIGH];
		if (zone->index < ZONE_MOVABLE)
			policy_zone = MAX(policy_zone, zone->index);
	}
	for_each_node(nid)
		if (node_data[nid]->node_present_pages)
			order.by_load[order.count++] = (uint16_t)nid;
	for_each_node(nid) {
		build_zonelists(node_data[nid], &order);
		nr_nodes += node_online(nid);
	}
	page_group_by_mobility_disabled = total < PAGEBLOCK_NR_PAGES * MIGRATE_TYPES;
	pr_info("Built %u zonelists, mobility grouping %s.  Total pages: %ld\n", nr_nodes,
		page_group_by_mobility_disabled ? "off" : "on", (long)total);
	pr_info("Policy zone: %s\n", zone_names[policy_zone]);
	forget_preferred_zones();
}

/* ---- watermarks ----------------------------------------------------------------- */

static unsigned long isqrt(unsigned long x)
{
	unsigned long root = 0;

	for (unsigned long bit = 1UL << 31; bit; bit >>= 1)
		if ((root | bit) <= x / (root | bit))
			root |= bit;
	return root;
}

/* Pages of the zones up to Normal, which the kernel's own requests may use. */
static unsigned long lowmem_zone_pages(bool above_high)
{
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone) {
		if (zone->index > ZONE_NORMAL)
			continue;
		pages += zone->managed_pages;
		if (above_high)
			pages -= MIN(zone->watermark[WMARK_HIGH], zone->managed_pages);
	}
	return pages;
}

static void setup_zone_wmarks(struct zone *zone, unsigned long pages_min, unsigned long lowmem)
{
	unsigned long share = lowmem ? pages_min * zone->managed_pages / lowmem : 0;
	unsigned long min = share, delta;

	if (zone->index == ZONE_MOVABLE)
		min = MIN(MAX(zone->managed_pages / 1024, 32UL), 128UL);
	delta = MAX(share / 4, zone->managed_pages * 10 / 10000);
	for (unsigned int mark = WMARK_MIN; mark < NR_WMARK; mark++)
		zone->watermark[mark] = min + mark * delta;
}

/*
 * A request that could use a higher zone must leave this much of a lower one to those
 * who cannot: the more memory above, the more.
 */
static void setup_per_zone_lowmem_reserve(struct pglist_data *node)
{
	static const unsigned int ratio[NR_ZONES] = { 256, 256, 32, 0 };

	for (unsigned int i = 0; i < NR_ZONES; i++) {
		struct zone *zone = &node->node_zones[i];
		unsigned long above = 0;

		for (unsigned int j = i + 1; j < MAX_NR_ZONES; j++) {
			if (j < NR_ZONES)
				above += node->node_zones[j].managed_pages;
			zone->lowmem_reserve[j] =
				ratio[i] && zone->managed_pages ? above / ratio[i] : 0;
		}
	}
}

void setup_per_zone_wmarks(void)
{
	unsigned long kbytes = isqrt(lowmem_zone_pages(true) * (PAGE_SIZE / 1024) * 16);
	unsigned long lowmem = lowmem_zone_pages(false);
	int nid;

	min_free_kbytes = MIN(MAX(kbytes, 128UL), 262144UL);
	for_each_node(nid) {
		for (unsigned int i = 0; i < NR_ZONES; i++)
			setup_zone_wmarks(&node_data[nid]->node_zones[i],
					  min_free_kbytes / (PAGE_SIZE / 1024), lowmem);
		setup_per_zone_lowmem_reserve(node_data[nid]);
	}
	forget_preferred_zones();
}
