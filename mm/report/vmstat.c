// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux's views of zones, column for column.  Counters of things this kernel does
 * not have (LRU lists, slab, per-cpu lists) are printed as 0, so that tools written
 * for Linux find their lines.
 */
#include "mm/vmstat.h"

#include "mm/buddy.h"
#include "mm/cma.h"		/* totalcma_pages */
#include "mm/hugetlb.h"
#include "mm/page_alloc.h"
#include "mm/page_wipe.h"
#include "mm/pcp.h"
#include "mm/totalram.h"

#define COUNT_LIMIT	100000UL	/* Linux stops counting a list here */

void buddyinfo_print(vmstat_print_fn *print)
{
	struct zone *zone;

	drain_all_pages();
	for_each_populated_zone(zone) {
		unsigned long blocks[NR_PAGE_ORDERS];

		buddy_count(zone, blocks);
		print("Node %d, zone %8s ", zone->nid, zone->name);
		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
			print("%6lu ", blocks[order]);
		print("\n");
	}
}

void buddy_report(void)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		unsigned long blocks[NR_PAGE_ORDERS];

		buddy_count(zone, blocks);
		pr_info("buddy: Node %d, zone %8s", zone->nid, zone->name);
		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
			pr_cont(" %6lu", blocks[order]);
		pr_cont("\n");
	}
}

/* ---- pagetypeinfo -------------------------------------------------------------- */

static void print_free_counts(vmstat_print_fn *print, const struct zone *zone,
			      enum migratetype type)
{
	print("Node %4d, zone %8s, type %12s ", zone->nid, zone->name, migratetype_names[type]);
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
		unsigned long pfn = buddy_first(zone, order, type), count = 0;

		for (; pfn != PFN_NONE && count < COUNT_LIMIT; pfn = buddy_next(pfn, order))
			count++;
		print("%s%6lu ", pfn != PFN_NONE ? ">" : "", count);
	}
	print("\n");
}

/* Pageblocks with RAM of @zone, by type; one on a border counts where it begins. */
static void print_block_counts(vmstat_print_fn *print, const struct zone *zone)
{
	unsigned long counts[MIGRATE_TYPES] = { 0 }, next = 0;

	for (unsigned int i = 0; i < zone_range_count(); i++) {
		const struct zone_range *range = zone_range_get(i);
		unsigned long pfn = MAX(range->start, next);

		if (range->zone != zone)
			continue;
		while (pfn < range->end) {
			counts[get_pageblock_migratetype(pfn)]++;
			pfn = next = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES) + PAGEBLOCK_NR_PAGES;
		}
	}
	print("Node %d, zone %8s ", zone->nid, zone->name);
	for (unsigned int type = 0; type < MIGRATE_TYPES; type++)
		print("%12lu ", counts[type]);
	print("\n");
}

static void print_node_types(vmstat_print_fn *print, int nid)
{
	struct zone *zone;

	print("Page block order: %d\n", PAGEBLOCK_ORDER);
	print("Pages per block:  %lu\n\n", PAGEBLOCK_NR_PAGES);
	print("%-43s ", "Free pages count per migrate type at order");
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		print("%6u ", order);
	print("\n");
	for_each_populated_zone(zone)
		for (unsigned int type = 0; zone->nid == nid && type < MIGRATE_TYPES; type++)
			print_free_counts(print, zone, (enum migratetype)type);

	print("\n%-23s", "Number of blocks type ");
	for (unsigned int type = 0; type < MIGRATE_TYPES; type++)
		print("%12s ", migratetype_names[type]);
	print("\n");
	for_each_populated_zone(zone)
		if (zone->nid == nid)
			print_block_counts(print, zone);
}

/* As in Linux the heads are repeated for each node. */
void pagetypeinfo_print(vmstat_print_fn *print)
{
	int nid;

	drain_all_pages();
	for_each_node(nid)
		if (node_data[nid]->node_present_pages)
			print_node_types(print, nid);
}

/* ---- zoneinfo -------------------------------------------------------------------- */

static const char *const node_counters[] = {
	"nr_inactive_anon", "nr_active_anon", "nr_inactive_file", "nr_active_file",
	"nr_unevictable", "nr_slab_reclaimable", "nr_slab_unreclaimable", "nr_isolated_anon",
	"nr_isolated_file", "workingset_nodes", "workingset_refault_anon",
	"workingset_refault_file", "workingset_activate_anon", "workingset_activate_file",
	"workingset_restore_anon", "workingset_restore_file", "workingset_nodereclaim",
	"nr_anon_pages", "nr_mapped", "nr_file_pages", "nr_dirty", "nr_writeback",
	"nr_writeback_temp", "nr_shmem", "nr_shmem_hugepages", "nr_shmem_pmdmapped",
	"nr_file_hugepages", "nr_file_pmdmapped", "nr_anon_transparent_hugepages",
	"nr_vmscan_write", "nr_vmscan_immediate_reclaim", "nr_dirtied", "nr_written",
	"nr_throttled_written", "nr_kernel_misc_reclaimable", "nr_foll_pin_acquired",
	"nr_foll_pin_released", "nr_kernel_stack", "nr_page_table_pages",
	"nr_sec_page_table_pages", "nr_iommu_pages", "nr_swapcached", "pgpromote_success",
	"pgpromote_candidate", "pgdemote_kswapd", "pgdemote_direct", "pgdemote_khugepaged",
};

static const char *const zone_counters[] = {
	"nr_zone_inactive_anon", "nr_zone_active_anon", "nr_zone_inactive_file",
	"nr_zone_active_file", "nr_zone_unevictable", "nr_zone_write_pending", "nr_mlock",
	"nr_bounce", "nr_zspages",
};

static const char *const numa_counters[] = {
	"numa_miss", "numa_foreign", "numa_interleave",
};

static void print_zone_sizes(vmstat_print_fn *print, const struct zone *zone)
{
	print("  pages free     %lu\n        boost    %lu\n        min      %lu\n"
	      "        low      %lu\n        high     %lu\n        promo    %lu\n"
	      "        spanned  %lu\n        present  %lu\n        managed  %lu\n"
	      "        cma      %lu\n        protection: (",
	      zone_free_pages(zone), 0UL, zone->watermark[WMARK_MIN], zone->watermark[WMARK_LOW],
	      zone->watermark[WMARK_HIGH], zone->watermark[WMARK_PROMO], zone->spanned_pages,
	      zone->present_pages, zone->managed_pages, zone->cma_pages);
	for (unsigned int i = 0; i < MAX_NR_ZONES; i++)
		print("%s%lu", i ? ", " : "", zone->lowmem_reserve[i]);
	print(")\n");
}

/* ZONE_DEVICE has no pages here; Linux prints its rows all the same. */
static void print_device_zone(vmstat_print_fn *print)
{
	static const char *const rows[] = {
		"pages free ", "      boost", "      min", "      low", "      high", "      promo",
		"      spanned", "      present", "      managed", "      cma",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		print("  %-14s %d\n", rows[i], 0);
	print("        protection: (0, 0, 0, 0, 0)\n");
}

static void print_zone_counters(vmstat_print_fn *print, const struct zone *zone)
{
	print("      %-12s %lu\n", "nr_free_pages", zone_free_pages(zone));
	for (size_t i = 0; i < ARRAY_SIZE(zone_counters); i++)
		print("      %-12s %lu\n", zone_counters[i], 0UL);
	print("      %-12s %lu\n", "nr_free_cma", zone->free_cma_pages);
	print("      %-12s %lu\n", "nr_unaccepted", 0UL);
	print("      %-12s %lu\n", "numa_hit", zone_alloc_count(zone));
	for (size_t i = 0; i < ARRAY_SIZE(numa_counters); i++)
		print("      %-12s %lu\n", numa_counters[i], 0UL);
	print("      %-12s %lu\n", "numa_local", zone_alloc_count(zone));
	print("      %-12s %lu\n", "numa_other", 0UL);
	print("  pagesets\n    cpu: %i\n              count: %i\n              high:  %i\n"
	      "              batch: %i\n  vm stats threshold: %d\n", 0, 0, 0, 1, 0);
	print("  node_unreclaimable:  %u\n  start_pfn:           %lu\n", 0U, zone->zone_start_pfn);
}

static void print_node_zones(vmstat_print_fn *print, const struct pglist_data *node)
{
	bool first = true;

	for (unsigned int i = 0; i < MAX_NR_ZONES; i++) {
		const struct zone *zone = i < NR_ZONES ? &node->node_zones[i] : NULL;

		print("Node %d, zone %8s\n", node->node_id, zone_names[i]);
		if (!zone) {
			print_device_zone(print);
			continue;
		}
		if (populated_zone(zone) && first) {
			print("  per-node stats\n");
			for (size_t n = 0; n < ARRAY_SIZE(node_counters); n++)
				print("      %-12s %lu\n", node_counters[n], 0UL);
			first = false;
		}
		print_zone_sizes(print, zone);
		if (populated_zone(zone))
			print_zone_counters(print, zone);
	}
}

void zoneinfo_print(vmstat_print_fn *print)
{
	int nid;

	for_each_node(nid)
		if (node_online(nid))
			print_node_zones(print, node_data[nid]);
}

/* ---- meminfo ----------------------------------------------------------------------- */

static void print_kb(vmstat_print_fn *print, const char *name, unsigned long pages)
{
	print("%-15s %8lu kB\n", name, pages << (PAGE_SHIFT - 10));
}

/* What could be had without pushing anybody below the watermarks. */
static unsigned long available_pages(void)
{
	unsigned long free = nr_free_pages(), kept = 0;
	struct zone *zone;

	for_each_populated_zone(zone) {
		unsigned long reserve = 0;

		for (unsigned int i = 0; i < MAX_NR_ZONES; i++)
			reserve = MAX(reserve, zone->lowmem_reserve[i]);
		kept += MIN(reserve + zone->watermark[WMARK_HIGH], zone->managed_pages);
	}
	return free > kept ? free - kept : 0;
}

static const char *const meminfo_zeros[] = {
	"Buffers:", "Cached:", "SwapCached:", "Active:", "Inactive:", "Active(anon):",
	"Inactive(anon):", "Active(file):", "Inactive(file):", "Unevictable:", "Mlocked:",
	"SwapTotal:", "SwapFree:", "Zswap:", "Zswapped:", "Dirty:", "Writeback:", "AnonPages:",
	"Mapped:", "Shmem:", "KReclaimable:", "Slab:", "SReclaimable:", "SUnreclaim:",
	"KernelStack:", "PageTables:", "SecPageTables:", "NFS_Unstable:", "Bounce:",
	"WritebackTmp:", "CommitLimit:", "Committed_AS:", "VmallocTotal:", "VmallocUsed:",
	"VmallocChunk:", "Percpu:", "HardwareCorrupted:", "AnonHugePages:", "ShmemHugePages:",
	"ShmemPmdMapped:", "FileHugePages:", "FilePmdMapped:",
};

void meminfo_print(vmstat_print_fn *print, void (*extra)(vmstat_print_fn *print))
{
	unsigned long cma = 0, cma_free = 0;
	struct zone *zone;

	print_kb(print, "MemTotal:", totalram_pages());
	print_kb(print, "MemFree:", nr_free_pages());
	print_kb(print, "MemAvailable:", available_pages());
	for (size_t i = 0; i < ARRAY_SIZE(meminfo_zeros); i++)
		if (strcmp(meminfo_zeros[i], "HardwareCorrupted:") == 0)
			print("%s %5d kB\n", meminfo_zeros[i], 0);	/* this line alone is not padded */
		else
			print_kb(print, meminfo_zeros[i], 0);
	for_each_populated_zone(zone) {
		cma += zone->cma_pages;
		cma_free += zone->free_cma_pages;
	}
	if (cma) {
		print_kb(print, "CmaTotal:", cma);
		print_kb(print, "CmaFree:", cma_free);
	}
	print_kb(print, "Unaccepted:", 0);
	hugetlb_report_meminfo(print);
	if (extra)
		extra(print);
}

/* ---- lines of the boot --------------------------------------------------------------- */

#define K(pages)	((pages) << (PAGE_SHIFT - 10))

void __init mem_init_print_info(const struct image_sizes *image)
{
	unsigned long physpages = get_num_physpages();

	pr_info("Memory: %luK/%luK available (%luK kernel code, %luK rwdata, %luK rodata, "
		"%luK init, %luK bss, %luK reserved, %luK cma-reserved)\n",
		K(nr_free_pages()), K(physpages), image->code / 1024, image->rwdata / 1024,
		image->rodata / 1024, image->init / 1024, image->bss / 1024,
		K(physpages - totalram_pages() - totalcma_pages),
		K(totalcma_pages));
}

void __init report_meminit(void)
{
	pr_info("mem auto-init: stack:off, heap alloc:%s, heap free:%s\n",
		page_options & INIT_ON_ALLOC ? "on" : "off",
		page_options & INIT_ON_FREE ? "on" : "off");
	if (page_options & INIT_ON_FREE)
		pr_info("mem auto-init: clearing system memory may take some time...\n");
}
