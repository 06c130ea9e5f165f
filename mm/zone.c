// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes, zones, and where the pages of each are.
 */
#include "mm/zone.h"

#include "mm/ledger.h"

struct pglist_data *node_data[MAX_NUMNODES];
int nr_node_ids;

static struct zone_range *ranges;
static unsigned int nr_ranges;

const char *const zone_names[MAX_NR_ZONES] = { "DMA", "DMA32", "Normal", "Movable", "Device" };
const char *const migratetype_names[MIGRATE_TYPES] = {
	"Unmovable", "Movable", "Reclaimable", "HighAtomic", "CMA", "Isolate",
};

/* ---- nodes ------------------------------------------------------------------ */

void __init alloc_node_data(int nid)
{
	const size_t size = sizeof(struct pglist_data);
	phys_addr_t pa;
	int where;

	if (!numa_valid_node(nid) || node_data[nid])
		return;
	pa = memblock_phys_alloc_try_nid(size, SMP_CACHE_BYTES, nid);
	if (!pa)
		panic("Cannot allocate %zu bytes for node %d data", size, nid);
	ledger_name(pa, size, "node data");
	pr_info("NODE_DATA(%d) allocated [mem %#010llx-%#010llx]\n", nid, (unsigned long long)pa,
		(unsigned long long)(pa + size - 1));
	where = memblock_search_pfn_nid(PFN_DOWN(pa), NULL, NULL);
	if (where != nid && numa_valid_node(where))
		pr_info("    NODE_DATA(%d) on node %d\n", nid, where);

	node_data[nid] = phys_to_virt(pa);
	memset(node_data[nid], 0, size);
	node_data[nid]->node_id = nid;
	node_data[nid]->has_cpu = !nr_node_ids;
	nr_node_ids = MAX(nr_node_ids, nid + 1);
}

int node_next(int nid)
{
	for (; nid < nr_node_ids; nid++)
		if (node_data[nid])
			return nid;
	return MAX_NUMNODES;
}

static struct zone *zone_from(unsigned int id)
{
	for (; id < (unsigned int)nr_node_ids * NR_ZONES; id++)
		if (node_data[id / NR_ZONES] && populated_zone(zone_from_id(id)))
			return zone_from_id(id);
	return NULL;
}

struct zone *first_zone(void)
{
	return zone_from(0);
}

struct zone *next_zone(struct zone *zone)
{
	return zone_from(zone->id + 1U);
}

static int local_distance(int from, int to)
{
	return from == to ? 10 : 20;
}

static int (*distance_hook)(int from, int to) = local_distance;

int node_distance(int from, int to)
{
	return distance_hook(from, to);
}

void set_node_distance(int (*distance)(int from, int to))
{
	distance_hook = distance ? distance : local_distance;
}

/* ---- ranges ------------------------------------------------------------------- */

/* The zone of @node that a page at @pfn belongs to, and where that zone ends. */
static enum zone_type zone_at(const struct pglist_data *node, unsigned long pfn,
			      const unsigned long zone_end[NR_ZONES], unsigned long *end)
{
	enum zone_type index = ZONE_DMA;

	if (node->movable_pfn && pfn >= node->movable_pfn) {
		*end = PFN_LIMIT;
		return ZONE_MOVABLE;
	}
	while (index < ZONE_NORMAL && pfn >= zone_end[index])
		index++;
	*end = index < ZONE_NORMAL ? zone_end[index] : PFN_LIMIT;
	if (node->movable_pfn)
		*end = MIN(*end, node->movable_pfn);
	return index;
}

static void __init add_ranges(struct pglist_data *node, unsigned long start, unsigned long end,
			      const unsigned long zone_end[NR_ZONES])
{
	while (start < end) {
		unsigned long border;
		enum zone_type index = zone_at(node, start, zone_end, &border);
		struct zone *zone = &node->node_zones[index];

		border = MIN(border, end);
		ranges[nr_ranges++] = (struct zone_range){ start, border, zone };
		zone->present_pages += border - start;
		start = border;
	}
}

void __init zone_ranges_init(const unsigned long zone_end[NR_ZONES])
{
	unsigned long start, end;
	size_t max = (size_t)nr_node_ids + NR_ZONES, bytes;
	int i, nid;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid)
		max++;
	bytes = max * sizeof(*ranges);
	ranges = memblock_alloc(bytes, SMP_CACHE_BYTES);
	if (!ranges)
		panic("zones: no %zu bytes for the table of %zu ranges", bytes, max);
	ledger_name(virt_to_phys(ranges), bytes, "zone ranges");
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid)
		add_ranges(node_data[numa_valid_node(nid) ? nid : 0], start, MIN(end, PFN_NONE),
			   zone_end);
}

unsigned int zone_range_count(void)
{
	return nr_ranges;
}

const struct zone_range *zone_range_get(unsigned int i)
{
	return &ranges[i];
}

const struct zone_range *zone_range_from(unsigned long pfn)
{
	unsigned int low = 0, high = nr_ranges;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;

		if (ranges[mid].end <= pfn)
			low = mid + 1;
		else
			high = mid;
	}
	return low < nr_ranges ? &ranges[low] : NULL;
}

struct zone *zone_of_pfn(unsigned long pfn)
{
	const struct zone_range *range = zone_range_from(pfn);

	return range && range->start <= pfn ? range->zone : NULL;
}

void zones_reset(void)
{
	memset(node_data, 0, sizeof(node_data));
	nr_node_ids = 0;
	ranges = NULL;
	nr_ranges = 0;
	distance_hook = local_distance;
	page_group_by_mobility_disabled = false;
	min_free_kbytes = 0;
}
