// SPDX-License-Identifier: GPL-2.0-only
/*
 * From memblock's regions to zones, and from zones to a running buddy.
 *
 * Linux initialises a descriptor per page here; ours need none (page.h), so what
 * remains is arithmetic, Linux's log lines, and the hand-over.
 */
#include "mm/mm_init.h"

#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */
#include "mm/buddy/pcp.h"		/* setup_zone_pageset() */
#include "mm/cma.h"
#include "mm/hugetlb.h"
#include "mm/ledger.h"
#include "mm/ledger_sum.h"
#include "mm/nodes/movable.h"
#include "mm/numa_memblks.h"	/* numa_possible */
#include "mm/page_alloc.h"
#include "mm/page_owner.h"
#include "mm/system_hash.h"

/* Linux keeps descriptors for whole sections of 128 MiB; the log counts in them. */
#define SECTION_PAGES	(1UL << 15)

/*
 * Linux differs: it prints a line for each range and each hole, however many there are.  A map
 * of 10000 pieces would spend half a minute at a serial port with it.
 */
#define RANGE_LINES	256

/* Zone i covers pfns [zone_start[i], zone_end[i]). */
static unsigned long zone_start[NR_ZONES] __initdata;
static unsigned long zone_end[NR_ZONES] __initdata;

/* ---- the log of zones --------------------------------------------------------- */

static void __init print_pfn_range(const char *head, unsigned long start, unsigned long end)
{
	pr_info("%s[mem %#018llx-%#018llx]\n", head, (unsigned long long)PFN_PHYS(start),
		(unsigned long long)PFN_PHYS(end) - 1);
}

static void __init print_zone_ranges(void)
{
	char head[16];

	pr_info("Zone ranges:\n");
	for (unsigned int i = 0; i < MAX_NR_ZONES; i++) {
		if (i == ZONE_MOVABLE)
			continue;
		if (i == ZONE_DEVICE || zone_start[i] == zone_end[i]) {
			pr_info("  %-8s empty\n", zone_names[i]);
			continue;
		}
		ksnprintf(head, sizeof(head), "  %-8s ", zone_names[i]);
		print_pfn_range(head, zone_start[i], zone_end[i]);
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
		ksnprintf(head, sizeof(head), "  node %3d: ", numa_valid_node(nid) ? nid : 0);
		print_pfn_range(head, start, end);
	}
	if (ranges > RANGE_LINES)
		pr_info("  %u ranges more, the last ends at %#llx\n", ranges - RANGE_LINES,
			(unsigned long long)memblock_end_of_DRAM());
}

/* ---- zones ---------------------------------------------------------------------- */

static void __init set_zone_limits(const unsigned long max_zone_pfn[NR_ZONES])
{
	unsigned long start = PFN_UP(memblock_start_of_DRAM());

	for (unsigned int i = 0; i < ZONE_MOVABLE; i++) {
		zone_start[i] = start;
		zone_end[i] = MAX(max_zone_pfn[i], start);
		start = zone_end[i];
	}
}

/* Memory below can never be movable: it is what the lower zones are for. */
static unsigned long __init highest_zone_start(void)
{
	unsigned int i = ZONE_NORMAL;

	while (i && zone_start[i] == zone_end[i])
		i--;
	return zone_start[i];
}

static void __init find_node_span(struct pglist_data *node)
{
	unsigned long start, end, low = ~0UL, high = 0;
	int i, nid;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid) {
		if ((numa_valid_node(nid) ? nid : 0) != node->node_id)
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
 * What of the node's span a zone covers:
 *
 *	node		[--------------------------------------)
 *	zone limits	|   DMA  |       DMA32      |   Normal
 *	movable_pfn	                       ^
 *	zones		[-- DMA -|---- DMA32 --][--- Movable --)
 */
static void __init set_zone_span(struct pglist_data *node, struct zone *zone)
{
	unsigned long node_end = node->node_start_pfn + node->node_spanned_pages;
	unsigned long start, end;

	if (zone->index == ZONE_MOVABLE) {
		start = node->movable_pfn;
		end = start ? node_end : 0;
	} else {
		start = MAX(node->node_start_pfn, zone_start[zone->index]);
		end = MIN(node_end, zone_end[zone->index]);
		if (node->movable_pfn &&
		    (!movable_zone_excludes_mirror() || start >= node->movable_pfn))
			end = MIN(end, node->movable_pfn);
	}
	if (start < end) {
		zone->zone_start_pfn = start;
		zone->spanned_pages = end - start;
	}
}

static void __init init_node_zones(struct pglist_data *node)
{
	for (unsigned int i = 0; i < NR_ZONES; i++) {
		struct zone *zone = &node->node_zones[i];

		zone->index = (enum zone_type)i;
		zone->nid = node->node_id;
		zone->name = zone_names[i];
		buddy_init_zone(zone);
		set_zone_span(node, zone);
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

/* What the holes behind the first RANGE_LINES had; the lines before them are not repeated. */
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
static void __init print_unavailable_ranges(void)
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

void __init free_area_init(const unsigned long max_zone_pfn[NR_ZONES])
{
	unsigned long start, end;
	struct zone *zone;
	int i, nid;

	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid)
		alloc_node_data(numa_valid_node(nid) ? nid : 0);
	page_map_init();
	page_owner_init();
	set_zone_limits(max_zone_pfn);
	for_each_node(nid)
		find_node_span(node_data[nid]);
	find_zone_movable_pfns_for_nodes(highest_zone_start());
	print_zone_ranges();
	print_node_ranges();
	for (nid = 0; nid < MAX_NUMNODES; nid++) {
		if (!node_data[nid] && node_isset(&numa_possible, nid))
			alloc_offline_node_data(nid);
		if (!node_data[nid])
			continue;
		init_node_zones(node_data[nid]);
		print_initmem(node_data[nid]);
	}
	zone_ranges_init(zone_end);
	for_each_populated_zone(zone)
		zone->managed_pages = zone->present_pages;
	for_each_populated_zone(zone)
		setup_zone_pageset(zone);
	print_unavailable_ranges();
}

#define EARLY_ROOM	(2 * SZ_64K)	/* node data, zonelists, what devices' maps need */

bool early_memory_suffices(void)
{
	phys_addr_t start, end, need = EARLY_ROOM, largest = 0;
	uint64_t i;

	if (!page_map_bytes())
		need += PFN_DOWN(memblock_phys_mem_size()) * sizeof(struct page) * 5 / 4;
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL)
		largest = MAX(largest, end - start);
	return largest >= need;
}

void __init zone_sizes_init(void)
{
	/* Where the map's last page is; ACPI data above RAM counts, as in Linux. */
	unsigned long end = MAX(PFN_DOWN(memblock_end_of_DRAM()), max_low_pfn);
	const unsigned long max_zone_pfn[NR_ZONES] = {
		[ZONE_DMA] = MIN(PFN_DOWN(SZ_16M), end),
		[ZONE_DMA32] = MIN(PFN_DOWN(SZ_4G), end),
		[ZONE_NORMAL] = end,
	};

	free_area_init(max_zone_pfn);
}

/* ---- hand-over --------------------------------------------------------------------- */

void totalram_report(const char *step)
{
	if (memblock_is_verbose())
		pr_info("totalram_pages: %lu after %s\n", totalram_pages(), step);
}

void zones_clear_managed_pages(void)
{
	struct zone *zone;

	for_each_populated_zone(zone)
		zone->managed_pages = 0;
}

void __init mem_init(void)
{
	totalram_report("boot");
	memblock_free_all();
	ledger_close();
	totalram_report("memblock_free_all");
}

void __init mm_core_init(void)
{
	build_all_zonelists();
	pr_info("mem auto-init: stack:off, heap alloc:%s, heap free:%s\n",
		page_options & INIT_ON_ALLOC ? "on" : "off",
		page_options & INIT_ON_FREE ? "on" : "off");
	mem_init();
}

unsigned long get_num_physpages(void)
{
	unsigned long pages = 0;
	int nid;

	for_each_node(nid)
		pages += node_data[nid]->node_present_pages;
	return pages;
}

#define K(pages)	((pages) << (PAGE_SHIFT - 10))

void __init page_alloc_init_late(const struct image_sizes *image)
{
	unsigned long physpages = get_num_physpages();

	gather_bootmem_prealloc();
	pr_info("Memory: %luK/%luK available (%luK kernel code, %luK rwdata, %luK rodata, "
		"%luK init, %luK bss, %luK reserved, %luK cma-reserved)\n",
		K(nr_free_pages()), K(physpages), image->code / 1024, image->rwdata / 1024,
		image->rodata / 1024, image->init / 1024, image->bss / 1024,
		K(physpages - totalram_pages() - totalcma_pages),
		K(totalcma_pages));
	memblock_discard();
	totalram_report("memblock_discard");
}

void __init mm_initcalls(void)
{
	cma_init_reserved_areas();
	setup_per_zone_wmarks();
	hugetlb_init();
}

/* ---- releases after the hand-over ------------------------------------------------------ */

unsigned long free_reserved_area(void *start, void *end, int poison, const char *name)
{
	phys_addr_t run = ALIGN_UP(virt_to_phys(start), PAGE_SIZE), pa = run;
	phys_addr_t last = ALIGN_DOWN(virt_to_phys(end), PAGE_SIZE);
	unsigned long freed = 0;

	for (; pa < last; pa += PAGE_SIZE) {
		/* By the direct map: the image's own mapping may be read-only by now. */
		if (poison >= 0)
			memset(phys_to_virt(pa), poison, PAGE_SIZE);
		if (free_reserved_page(PFN_DOWN(pa))) {
			freed++;
			continue;
		}
		ledger_release(run, pa - run);
		run = pa + PAGE_SIZE;
	}
	if (run < last)
		ledger_release(run, last - run);
	if (freed && name) {
		pr_info("Freeing %s memory: %luK\n", name, K(freed));
		totalram_report(name);
	}
	return freed;
}

void mm_init_reset(void)
{
	cma_reset();
	hugetlb_reset();
	system_hash_reset();
	memset(zone_start, 0, sizeof(zone_start));
	memset(zone_end, 0, sizeof(zone_end));
}
