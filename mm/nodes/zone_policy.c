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

/*
 * The node to try after those in @used: the local one, then the nearest, where a node
 * counts as a little farther if its id is below ours, and the more often it already
 * heads a distance group.  (Linux also avoids nodes with CPUs; when it builds the lists
 * at boot no CPU has joined a node yet.)
 */
static int __init find_next_best_node(int local, struct nodemask *used)
{
	unsigned long best_score = ~0UL;
	int nid, best = -1;

	for_each_node(nid) {
		unsigned long score = (unsigned long)node_distance(local, nid);

		if (node_isset(used, nid) || !node_data[nid]->node_present_pages)
			continue;
		if (nid == local) {
			best = nid;
			break;
		}
		score += nid < local ? 1UL : 0UL;
		score = score * MAX_NUMNODES + node_data[nid]->load;
		if (score < best_score) {
			best_score = score;
			best = nid;
		}
	}
	node_set(used, best);
	return best;
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

static void __init build_zonelists(struct pglist_data *node)
{
	size_t bytes = (zone_index.nr_zones + 1) * sizeof(struct zone *);
	struct nodemask used = { 0 };
	unsigned int count = 0;
	int nid, previous = node->node_id;

	node->node_zonelist = ledger_owned(memblock_alloc(bytes, SMP_CACHE_BYTES), bytes,
					   "zonelists");
	if (!node->node_zonelist)
		panic("zonelists: no %zu bytes for node %d", bytes, node->node_id);

	pr_info("Fallback order for Node %d: ", node->node_id);
	while ((nid = find_next_best_node(node->node_id, &used)) >= 0) {
		if (node_distance(node->node_id, nid) != node_distance(node->node_id, previous))
			node_data[nid]->load++;
		previous = nid;
		count += build_zonerefs_node(node_data[nid], node->node_zonelist + count);
		if (nid == node->node_id)
			node->node_zonelist_own = count;
		pr_cont("%d ", nid);
	}
	pr_cont("\n");
	for (unsigned int highest = 0; highest < NR_ZONES; highest++)
		for (unsigned int i = count; i-- > 0;)
			if (node->node_zonelist[i]->index <= highest)
				node->first_zone[highest] = node->node_zonelist[i];
}

void __init build_all_zonelists(void)
{
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
	for_each_node(nid) {
		build_zonelists(node_data[nid]);
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
