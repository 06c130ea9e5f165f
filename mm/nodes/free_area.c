// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where zones lie and what pages they have, from memblock's regions to struct zone and the
 * table of ranges; and Linux's lines about it.
 *
 * Linux initialises a descriptor per page here; ours need none (page.h), so what
 * remains is arithmetic and the log.
 */
#include "mm/free_area.h"

#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */
#include "mm/memblock.h"
#include "mm/memblock_event.h"		/* ledger_owned() */
#include "mm/nodes/movable.h"
#include "mm/numa_memblks.h"		/* numa_nodes.possible */

/*
 * Linux keeps descriptors for whole sections of 128 MiB, and "unavailable" in its log are those
 * that have no RAM behind them; the lines here count the same pages.
 */
#define SECTION_PAGES	(1UL << 15)

/*
 * Linux differs: it prints a line for each range and each hole, however many there are.  A map
 * of 10000 pieces would spend half a minute at a serial port with it.
 */
#define RANGE_LINES	256

/* Zone i covers pfns [start[i], end[i]) of every node; ZONE_MOVABLE is cut from the others. */
struct zone_limits {
	unsigned long	start[NR_ZONES];
	unsigned long	end[NR_ZONES];
};

/* ---- lines ------------------------------------------------------------------------- */

static void __init print_pfn_range(const char *head, unsigned long start, unsigned long end)
{
	pr_info("%s[mem %#018llx-%#018llx]\n", head, (unsigned long long)PFN_PHYS(start),
		(unsigned long long)PFN_PHYS(end) - 1);
}

static void __init print_zone_ranges(const struct zone_limits *limits)
{
	char head[16];

	pr_info("Zone ranges:\n");
	for (unsigned int i = 0; i < MAX_NR_ZONES; i++) {
		if (i == ZONE_MOVABLE)
			continue;
		if (i == ZONE_DEVICE || limits->start[i] == limits->end[i]) {
			pr_info("  %-8s empty\n", zone_names[i]);
			continue;
		}
		ksnprintf(head, sizeof(head), "  %-8s ", zone_names[i]);
		print_pfn_range(head, limits->start[i], limits->end[i]);
	}
}

static void __init print_node_ranges(void)
{
	unsigned int ranges = 0;
	unsigned long start, end;
	char head[24];
	int i, nid;

	pr_info("Movable zone start for each node\n");
	for_each_node(nid)
		if (node_data[nid]->movable_pfn)
			pr_info("  Node %d: %#018llx\n", nid,
				(unsigned long long)PFN_PHYS(node_data[nid]->movable_pfn));
	pr_info("Early memory node ranges\n");
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
		if (ranges++ >= RANGE_LINES)
			continue;
		ksnprintf(head, sizeof(head), "  node %3d: ", nid_of_memory(nid));
		print_pfn_range(head, start, end);
	}
	if (ranges > RANGE_LINES)
		pr_info("  %u ranges more, the last ends at %#llx\n", ranges - RANGE_LINES,
			(unsigned long long)memblock_end_of_DRAM());
}

/* ---- zones ---------------------------------------------------------------------- */

static void __init set_zone_limits(struct zone_limits *limits,
				   const unsigned long max_zone_pfn[NR_ZONES])
{
	unsigned long start = PFN_UP(memblock_start_of_DRAM());

	for (unsigned int i = 0; i < ZONE_MOVABLE; i++) {
		limits->start[i] = start;
		limits->end[i] = MAX(max_zone_pfn[i], start);
		start = limits->end[i];
	}
}

/*
 * Return: where the highest zone with memory begins.  ZONE_MOVABLE is cut from that one only:
 * the lower zones are kept for devices that reach no further.
 */
static unsigned long __init find_usable_zone_for_movable(const struct zone_limits *limits)
{
	unsigned int i = ZONE_NORMAL;

	while (i && limits->start[i] == limits->end[i])
		i--;
	return limits->start[i];
}

/* First page, span and present pages of @node, by memblock's regions. */
static void __init calculate_node_totalpages(struct pglist_data *node)
{
	unsigned long start, end, low = ~0UL, high = 0;
	int i, nid;

	for_each_page_range(i, &start, &end, &nid) {
		if (nid_of_memory(nid) != node->node_id)
			continue;
		low = MIN(low, start);
		high = MAX(high, end);
		node->node_present_pages += end - start;
	}
	if (high) {
		node->node_start_pfn = low;
		node->node_spanned_pages = high - low;
	}
}

/*
 * The part of the node's span that a zone covers:
 *
 *	node		[--------------------------------------)
 *	zone limits	|   DMA  |       DMA32      |   Normal
 *	movable_pfn	                       ^
 *	zones		[-- DMA -|---- DMA32 --][--- Movable --)
 */
static void __init zone_spanned_pages_in_node(const struct zone_limits *limits,
					      const struct pglist_data *node, struct zone *zone)
{
	unsigned long node_end = node->node_start_pfn + node->node_spanned_pages;
	unsigned long start, end;

	if (zone->index == ZONE_MOVABLE) {
		start = node->movable_pfn;
		end = start ? node_end : 0;
	} else {
		start = MAX(node->node_start_pfn, limits->start[zone->index]);
		end = MIN(node_end, limits->end[zone->index]);
		if (node->movable_pfn &&
		    (!movable_zone_excludes_mirror() || start >= node->movable_pfn))
			end = MIN(end, node->movable_pfn);
	}
	if (start < end) {
		zone->zone_start_pfn = start;
		zone->spanned_pages = end - start;
	}
}

static void __init print_initmem(const struct pglist_data *node)
{
	char head[40];

	if (!node->node_spanned_pages) {
		pr_info("Initmem setup node %d as memoryless\n", node->node_id);
		return;
	}
	ksnprintf(head, sizeof(head), "Initmem setup node %d ", node->node_id);
	print_pfn_range(head, node->node_start_pfn,
			node->node_start_pfn + node->node_spanned_pages);
}

/* The zones of @node get their names and spans; pages they get later, from the ranges. */
static void __init free_area_init_node(const struct zone_limits *limits, struct pglist_data *node)
{
	for (unsigned int i = 0; i < NR_ZONES; i++) {
		struct zone *zone = &node->node_zones[i];

		zone->index = (enum zone_type)i;
		zone->nid = node->node_id;
		zone->name = zone_names[i];
		zone_init_free_lists(zone);
		zone_spanned_pages_in_node(limits, node, zone);
	}
	print_initmem(node);
}

/* ---- ranges ------------------------------------------------------------------- */

/*
 * The zone of @node that a page at @pfn belongs to, and where that zone ends.
 * @movable: where the node's ZONE_MOVABLE begins, for pages like this one
 */
static enum zone_type zone_at(unsigned long movable, unsigned long pfn,
			      const struct zone_limits *limits, unsigned long *end)
{
	enum zone_type index = ZONE_DMA;

	if (pfn >= movable) {
		*end = PFN_LIMIT;
		return ZONE_MOVABLE;
	}
	while (index < ZONE_NORMAL && pfn >= limits->end[index])
		index++;
	*end = index < ZONE_NORMAL ? limits->end[index] : PFN_LIMIT;
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

/* [start, end) of @zone, the highest so far; joins the range below if that is of @zone, too. */
static void __init add_range(struct zone *zone, unsigned long start, unsigned long end)
{
	struct zone_range *next = &zone_index.range[zone_index.nr_ranges];

	if (zone_index.nr_ranges && next[-1].end == start && next[-1].zone == zone) {
		next[-1].end = end;
		return;
	}
	*next = (struct zone_range){ start, end, zone };
	zone_index.nr_ranges++;
}

/* [start, end) of @node, cut where one of its zones ends. */
static void __init add_ranges(struct pglist_data *node, unsigned long start, unsigned long end,
			      unsigned long movable, const struct zone_limits *limits)
{
	while (start < end) {
		unsigned long border;
		enum zone_type index = zone_at(movable, start, limits, &border);
		struct zone *zone = &node->node_zones[index];

		border = MIN(border, end);
		add_range(zone, start, border);
		zone->present_pages += border - start;
		start = border;
	}
}

/* The span that has all pages of @zone; NULL if they are in several. */
static const struct page_span *__init only_span(const struct zone *zone)
{
	const struct page_span *only = NULL;

	for (unsigned int i = 0; i < zone_index.nr_ranges; i++) {
		const struct page_span *span = page_span_of(zone_index.range[i].start);

		if (zone_index.range[i].zone != zone)
			continue;
		if ((only && only != span) || page_span_of(zone_index.range[i].end - 1) != span)
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
	size_t bytes;
	int nid;

	BUG_ON(count > MAX_ZONES);	/* zones_can_be_numbered(), give_up_movable() */
	bytes = count * sizeof(struct zone *);
	zone_index.zone = ledger_owned(memblock_alloc_or_panic(bytes, SMP_CACHE_BYTES), bytes,
				       "zone ranges");
	for_each_node(nid) {
		for (unsigned int i = 0; i < NR_ZONES; i++) {
			struct zone *zone = &node_data[nid]->node_zones[i];

			if (!populated_zone(zone))
				continue;
			zone->id = (uint16_t)zone_index.nr_zones;
			zone->span = only_span(zone);
			zone_index.zone[zone_index.nr_zones++] = zone;
		}
	}
}

/* Cut memblock's memory at the borders of the zones; count the pages of each. */
static void __init cut_into_ranges(const struct zone_limits *limits)
{
	unsigned long start, end;
	int i, nid;

	for_each_page_range(i, &start, &end, &nid) {
		struct pglist_data *node = node_data[nid_of_memory(nid)];

		add_ranges(node, start, MIN(end, PFN_NONE),
			   movable_from(node, &memblock.memory.regions[i]), limits);
	}
}

/*
 * Linux differs: zones have a number in a page's descriptor, and not all of them fit.  The nodes'
 * own zones do, or nodes would not be used (numa_memblks.c), so those that may double them go.
 */
static void __init give_up_movable(const struct zone_limits *limits)
{
	int nid;

	pr_warn("zones: %u have pages, %d can be numbered; no ZONE_MOVABLE\n", count_zones(),
		MAX_ZONES);
	zone_index.nr_ranges = 0;
	for_each_node(nid) {
		struct pglist_data *node = node_data[nid];

		node->movable_pfn = 0;
		for (unsigned int i = 0; i < NR_ZONES; i++) {
			struct zone *zone = &node->node_zones[i];

			zone->zone_start_pfn = 0;
			zone->spanned_pages = 0;
			zone->present_pages = 0;
			zone_spanned_pages_in_node(limits, node, zone);
		}
	}
	cut_into_ranges(limits);
}

static void __init find_zone_ranges(const struct zone_limits *limits)
{
	unsigned long start, end;
	size_t max = (size_t)nr_node_ids + NR_ZONES, bytes;
	int i, nid;

	for_each_page_range(i, &start, &end, &nid)
		max++;
	bytes = max * sizeof(struct zone_range);
	zone_index.range = ledger_owned(memblock_alloc(bytes, SMP_CACHE_BYTES), bytes,
					"zone ranges");
	if (!zone_index.range)
		panic("zones: no %zu bytes for the table of %zu ranges", bytes, max);
	cut_into_ranges(limits);
	if (count_zones() > MAX_ZONES)
		give_up_movable(limits);
	number_zones();
}

/* ---- unavailable ranges ------------------------------------------------------------ */

/*
 * Pages of the hole [hole, end) that lie in a section with memory.  There is RAM right
 * before the hole (unless it begins at 0) and at its end, none inside:
 *
 *	sections |--------|--------|--------|--------|
 *	RAM	 =====                         ======
 *	counted	      xxxx                  xxx
 */
static unsigned long __init hole_pages(unsigned long hole, unsigned long end, bool ram_at_end)
{
	unsigned long low = hole ? ALIGN_UP(hole, SECTION_PAGES) : 0;
	unsigned long high = ram_at_end ? ALIGN_DOWN(end, SECTION_PAGES) : end;

	if (hole >= end)
		return 0;
	if (low >= high)
		return end - hole;
	return low - hole + (end - high);
}

/* Holes found so far; those behind the first RANGE_LINES get no line and are summed up. */
struct holes {
	unsigned int	count;
	unsigned long	pages;		/* of those that got no line */
};

static void __init print_unavailable(struct holes *holes, const struct zone *zone,
				     unsigned long pages)
{
	if (!pages)
		return;
	if (holes->count++ < RANGE_LINES)
		pr_info("On node %d, zone %s: %lu pages in unavailable ranges\n", zone->nid,
			zone->name, pages);
	else
		holes->pages += pages;
}

/* Holes go to the zone above them, the rest of the last section to the zone below it. */
void __init print_unavailable_ranges(void)
{
	const struct zone_range *range = NULL;
	struct holes holes = { 0, 0 };
	unsigned long hole = 0;

	for (unsigned int i = 0; i < zone_range_count(); i++) {
		range = zone_range_get(i);
		print_unavailable(&holes, range->zone, hole_pages(hole, range->start, true));
		hole = range->end;
	}
	if (range)
		print_unavailable(&holes, range->zone, ALIGN_UP(hole, SECTION_PAGES) - hole);
	if (holes.count > RANGE_LINES)
		pr_info("%u holes more, %lu pages in unavailable ranges\n",
			holes.count - RANGE_LINES, holes.pages);
}

/* ---- together ---------------------------------------------------------------------- */

void __init alloc_all_node_data(void)
{
	unsigned long start, end;
	int i, nid;

	for_each_page_range(i, &start, &end, &nid)
		alloc_node_data(nid_of_memory(nid));
}

void __init free_area_init(const unsigned long max_zone_pfn[NR_ZONES])
{
	struct zone_limits limits = { { 0 }, { 0 } };
	struct zone *zone;
	int nid;

	set_zone_limits(&limits, max_zone_pfn);
	for_each_node(nid)
		calculate_node_totalpages(node_data[nid]);
	find_zone_movable_pfns_for_nodes(find_usable_zone_for_movable(&limits));
	print_zone_ranges(&limits);
	print_node_ranges();
	for (nid = 0; nid < MAX_NUMNODES; nid++) {
		if (!node_data[nid] && node_isset(&numa_nodes.possible, nid))
			alloc_offline_node_data(nid);
		if (node_data[nid])
			free_area_init_node(&limits, node_data[nid]);
	}
	find_zone_ranges(&limits);
	for_each_populated_zone(zone)
		zone->managed_pages = zone->present_pages;
}
