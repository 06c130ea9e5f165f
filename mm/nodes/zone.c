// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes, zones, and where the pages of each are.
 */
#include "mm/zone.h"

#include "mm/ledger.h"
#include "mm/nodes/movable.h"		/* movable_zone_excludes_mirror() */
#include "mm/numa_memblks.h"	/* numa_online_nodes */

struct pglist_data *node_data[MAX_NUMNODES];
struct pglist_data *first_node;
int nr_node_ids;
struct zone **zone_table;
unsigned int nr_zones;

static struct zone_range *ranges;
static unsigned int nr_ranges;

const char *const zone_names[MAX_NR_ZONES] = { "DMA", "DMA32", "Normal", "Movable", "Device" };
const char *const migratetype_names[MIGRATE_TYPES] = {
	"Unmovable", "Movable", "Reclaimable", "HighAtomic", "CMA", "Isolate",
};

/* ---- nodes ------------------------------------------------------------------ */

static void __init add_node(int nid, struct pglist_data *node)
{
	node->node_id = nid;
	node_data[nid] = node;
	nr_node_ids = MAX(nr_node_ids, nid + 1);
	first_node = node_data[node_next(0)];
}

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

	memset(phys_to_virt(pa), 0, size);
	add_node(nid, phys_to_virt(pa));
}

void __init alloc_offline_node_data(int nid)
{
	const size_t size = sizeof(struct pglist_data);
	struct pglist_data *node = memblock_alloc(size, SMP_CACHE_BYTES);

	if (!node)
		panic("Cannot allocate %zu bytes for node %d data", size, nid);
	ledger_name(virt_to_phys(node), size, "node data");
	add_node(nid, node);
}

int node_next(int nid)
{
	for (; nid < nr_node_ids; nid++)
		if (node_data[nid])
			return nid;
	return MAX_NUMNODES;
}

bool node_online(int nid)
{
	return numa_valid_node(nid) && node_data[nid] &&
	       (node_data[nid]->node_present_pages || node_isset(&numa_online_nodes, nid));
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

/*
 * The zone of @node that a page at @pfn belongs to, and where that zone ends.
 * @movable: where the node's ZONE_MOVABLE begins, for pages like this one
 */
static enum zone_type zone_at(unsigned long movable, unsigned long pfn,
			      const unsigned long zone_end[NR_ZONES], unsigned long *end)
{
	enum zone_type index = ZONE_DMA;

	if (pfn >= movable) {
		*end = PFN_LIMIT;
		return ZONE_MOVABLE;
	}
	while (index < ZONE_NORMAL && pfn >= zone_end[index])
		index++;
	*end = index < ZONE_NORMAL ? zone_end[index] : PFN_LIMIT;
	*end = MIN(*end, movable);
	return index;
}

/*
 * Mirrored memory stays out of ZONE_MOVABLE if there is a ZONE_NORMAL to be in.
 * Linux differs: without one such memory is in no zone.
 */
static unsigned long __init movable_from(const struct pglist_data *node,
					 const struct memblock_region *r)
{
	bool normal = node->node_zones[ZONE_NORMAL].spanned_pages != 0;

	if (!node->movable_pfn)
		return PFN_LIMIT;
	return movable_zone_excludes_mirror() && memblock_is_mirror(r) && normal ?
		       PFN_LIMIT : node->movable_pfn;
}

static void __init add_ranges(struct pglist_data *node, unsigned long start, unsigned long end,
			      unsigned long movable, const unsigned long zone_end[NR_ZONES])
{
	while (start < end) {
		unsigned long border;
		enum zone_type index = zone_at(movable, start, zone_end, &border);
		struct zone *zone = &node->node_zones[index];

		border = MIN(border, end);
		if (nr_ranges && ranges[nr_ranges - 1].end == start &&
		    ranges[nr_ranges - 1].zone == zone)
			ranges[nr_ranges - 1].end = border;
		else
			ranges[nr_ranges++] = (struct zone_range){ start, border, zone };
		zone->present_pages += border - start;
		start = border;
	}
}

/* The span of @zone if it lies in one. */
static const struct page_span *__init only_span(const struct zone *zone)
{
	const struct page_span *only = NULL;

	for (unsigned int i = 0; i < nr_ranges; i++) {
		const struct page_span *span = page_span_of(ranges[i].start);

		if (ranges[i].zone != zone)
			continue;
		if ((only && only != span) || page_span_of(ranges[i].end - 1) != span)
			return NULL;
		only = span;
	}
	return only;
}

static unsigned int __init count_zones(void)
{
	unsigned int count = 0;
	int nid;

	for_each_node(nid)
		for (unsigned int i = 0; i < NR_ZONES; i++)
			count += populated_zone(&node_data[nid]->node_zones[i]);
	return count;
}

/* Number the zones that have pages. */
static void __init number_zones(void)
{
	const unsigned int count = count_zones();
	int nid;

	if (count > MAX_ZONES)
		panic("zones: %u have pages, %d can be numbered; try numa=off", count, MAX_ZONES);
	zone_table = memblock_alloc_or_panic(count * sizeof(*zone_table), SMP_CACHE_BYTES);
	ledger_name(virt_to_phys(zone_table), count * sizeof(*zone_table), "zone ranges");
	for_each_node(nid) {
		for (unsigned int i = 0; i < NR_ZONES; i++) {
			struct zone *zone = &node_data[nid]->node_zones[i];

			if (!populated_zone(zone))
				continue;
			zone->id = (uint16_t)nr_zones;
			zone->span = only_span(zone);
			zone_table[nr_zones++] = zone;
		}
	}
}

void __init zone_ranges_init(const unsigned long zone_end[NR_ZONES])
{
	unsigned long start, end;
	size_t max = (size_t)nr_node_ids + NR_ZONES, bytes;
	int i, nid;

	for_each_page_range(i, &start, &end, &nid)
		max++;
	bytes = max * sizeof(*ranges);
	ranges = memblock_alloc(bytes, SMP_CACHE_BYTES);
	if (!ranges)
		panic("zones: no %zu bytes for the table of %zu ranges", bytes, max);
	ledger_name(virt_to_phys(ranges), bytes, "zone ranges");
	for_each_page_range(i, &start, &end, &nid) {
		struct pglist_data *node = node_data[numa_valid_node(nid) ? nid : 0];

		add_ranges(node, start, MIN(end, PFN_NONE),
			   movable_from(node, &memblock.memory.regions[i]), zone_end);
	}
	number_zones();
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
	first_node = NULL;
	nr_node_ids = 0;
	nr_zones = 0;
	ranges = NULL;
	nr_ranges = 0;
	distance_hook = local_distance;
	page_group_by_mobility_disabled = false;
	min_free_kbytes = 0;
	memset(easy_ways, 0, sizeof(easy_ways));
}
