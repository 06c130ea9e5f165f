// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hand-over, with the real memblock: Linux's lines, every byte in the ledger,
 * metadata in proportion to RAM, nothing reserved on a free list.
 */
#include "ktap.h"

#include "host_console.h"
#include "host_phys.h"
#include "kernel/lib/trace.h"
#include "mm/buddy.h"
#include "mm/ledger_sum.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/memblock_event.h"
#include "mm/mm_init.h"
#include "mm/numa_memblks.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm/release.h"
#include "mm/totalram.h"
#include "mm/nodes/movable.h"
#include "mm_machine.h"

KTAP_TEST(test_mm_init_1g_prints_linux_lines)
{
	mm_machine_boot(&mm_machine_1g);
	expect_log("Zone ranges:");
	expect_log("  DMA      [mem 0x0000000000001000-0x0000000000ffffff]");
	expect_log("  DMA32    [mem 0x0000000001000000-0x000000003ffdffff]");
	expect_log("  Normal   empty");
	expect_log("  Device   empty");
	expect_log("Movable zone start for each node");
	expect_log("Early memory node ranges");
	expect_log("  node   0: [mem 0x0000000000001000-0x000000000009efff]");
	expect_log("  node   0: [mem 0x0000000000100000-0x000000003ffdffff]");
	expect_log("Initmem setup node 0 [mem 0x0000000000001000-0x000000003ffdffff]");
	expect_log("On node 0, zone DMA: 1 pages in unavailable ranges");
	expect_log("On node 0, zone DMA: 97 pages in unavailable ranges");
	expect_log("On node 0, zone DMA32: 32 pages in unavailable ranges");
	expect_log("Fallback order for Node 0: 0 ");
	expect_log("Built 1 zonelists, mobility grouping on.  Total pages: 262014");
	expect_log("Policy zone: DMA32");
	expect_log("K/1048056K available (16K kernel code, 4K rwdata, 8K rodata, 4K init, 12K bss, ");
	expect_mm_sound();
	expect_eq(node_data[0]->node_zones[ZONE_DMA].spanned_pages, 4095);
	expect_eq(node_data[0]->node_zones[ZONE_DMA].present_pages, 3998);
	expect_eq(node_data[0]->node_zones[ZONE_DMA32].spanned_pages, 258016);
	expect_eq(node_data[0]->node_zones[ZONE_DMA32].present_pages, 258016);
}

KTAP_TEST(test_mm_init_6g_hole_belongs_to_zone_above)
{
	mm_machine_boot(&mm_machine_6g);
	expect_log("  Normal   [mem 0x0000000100000000-0x00000001bfffffff]");
	expect_log("On node 0, zone Normal: 32 pages in unavailable ranges");
	expect_log("Total pages: 1572734");
	expect_log("Policy zone: Normal");
	expect_mm_sound();
}

static const struct mm_machine numa_machine = {
	.name = "two nodes",
	.ram = { { 0x1000, 0x9ec00, 0 }, { 0x100000, 0x1ff00000, 0 },
		 { 0x20000000, 0x1ffe0000, 2 } },
	.reserved = { { 0, 0x200000, 0 } },
};

KTAP_TEST(test_mm_init_memoryless_node_uses_the_others)
{
	mm_machine_reset();
	mm_machine_memory(&numa_machine);
	node_set(&numa_nodes.possible, 1);
	numa_set_online(1);		/* without, it would not be counted as "built" */
	mm_machine_hand_over();
	expect_log("Initmem setup node 1 as memoryless");
	expect_log("Fallback order for Node 0: 0 2 ");
	expect_log("Fallback order for Node 1: 2 0 ");
	expect_log("Fallback order for Node 2: 2 0 ");
	expect_log("Built 3 zonelists");
	expect_log("On node 2, zone DMA32: 32 pages in unavailable ranges");
	expect_mm_sound();
}

/* ---- shapes of RAM --------------------------------------------------------------- */

static const struct {
	const char		*name;
	struct mm_machine	machine;
} shapes[] = {
	{ "16 MiB full of 0xa5",
	  { .ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 0xf00000, 0 } },
	    .reserved = { { 0, 0x1a3000, 0 } }, .dirty = true } },
	{ "4 MiB", { .ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 0x2e0000, 0 } },
		     .reserved = { { 0, 0x180000, 0 } }, .dirty = true } },
	{ "pfn 0 is free", { .ram = { { 0, 0x2000000, 0 } }, .reserved = { { 0x800000, 1, 0 } } } },
	{ "1 TiB, AMD hole", { .ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 0xbff00000, 0 },
					{ 0x10000000000, 0xff40000000, 0 } },
			       .reserved = { { 0, 0x200000, 0 } } } },
	{ "16 TiB", { .ram = { { 0x100000, 0xbff00000, 0 }, { SZ_4G, 0xfff40000000, 0 } },
		      .reserved = { { 0, 0x200000, 0 } } } },
	{ "64 MiB low, a page at 60 TiB",
	  { .ram = { { 0x100000, 0x3f00000, 0 }, { 0x3c0000000000, 0x1000, 0 } },
	    .reserved = { { 0, 0x200000, 0 } } } },
	{ "node border in the middle of a block",
	  { .ram = { { 0x100000, 0x1233000, 0 }, { 0x1333000, 0x2000000, 1 } },
	    .reserved = { { 0, 0x200000, 0 } } } },
	{ "pieces of pages", { .ram = { { 0x100001, 0x3000123, 0 }, { 0x4000ff0, 0x20, 0 },
					{ 0x5000fff, 0x2003, 0 } },
			       .reserved = { { 0x100100, 0x123456, 0 }, { 0x2000001, 5, 0 },
					     { 0x2000111, 7, 0 } } } },
};

/* Law 5 and law 4 on a machine as it stands. */
static void take_all_and_give_back(void)
{
	enum { LIMIT = 60000 };
	static struct page *pages[LIMIT];
	static unsigned int orders[LIMIT];
	unsigned long before[NR_PAGE_ORDERS], after[NR_PAGE_ORDERS];
	unsigned int count = 0;

	mm_histogram(before);
	while (count < LIMIT) {
		unsigned int order = count % 7 ? 0 : count % 11;

		pages[count] = alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_MEMALLOC | __GFP_NOWARN,
					   order);
		orders[count] = order;
		if (pages[count])
			count++;
		else if (!order)
			break;
		else
			order = 0, orders[count] = 0,
			pages[count] = alloc_pages(GFP_KERNEL | __GFP_MEMALLOC | __GFP_NOWARN, 0);
		if (!pages[count] && !order)
			break;
	}
	expect_mm_sound();
	for (unsigned int i = 0; i < count; i++)
		__free_pages(pages[i], orders[i]);
	mm_histogram(after);
	expect_mem_eq(before, after, sizeof(before));
	expect_mm_sound();
}

KTAP_TABLE_TEST(mm_init_shapes, shapes, c)
{
	phys_addr_t ram = 0;

	mm_machine_boot(&c->machine);
	expect_mm_sound();
	expect_eq(bad_page_count(), 0);
	for (unsigned int i = 0; i < zone_range_count(); i++)
		ram += (zone_range_get(i)->end - zone_range_get(i)->start) << PAGE_SHIFT;
	/* 5.02 bytes a page, and 16 KiB for the tables of a tiny machine */
	expect_true(page_map_bytes() < ram / PAGE_SIZE * 5 * 11 / 10 + 0x4000);
	take_all_and_give_back();
}

KTAP_TEST(test_mm_init_4096_single_pages_stay_proportional)
{
	mm_machine_reset();
	memblock_add(0x100000, SZ_16M);
	memblock_allow_resize();
	for (unsigned long i = 0; i < 4096; i++)
		memblock_add_node(SZ_4G + i * SZ_1M + (i % 3) * SZ_4K, PAGE_SIZE, 0, MEMBLOCK_NONE);
	mm_machine_hand_over();
	expect_mm_sound();
	/* One range and one hole below 4 GiB, then 4096 of either, each with a section's rest. */
	expect_eq(host_console_count("  node   0: [mem "), 256);
	expect_log("  3841 ranges more, the last ends at 0x1fff01000");
	expect_eq(host_console_count("pages in unavailable ranges"), 257);
	expect_log("3842 holes more, ");
	expect_eq(nr_free_pages() << PAGE_SHIFT >> 20, 30);
	expect_true(page_map_bytes() < SZ_2M);
	take_all_and_give_back();
}

/* ---- law 3 -------------------------------------------------------------------------- */

/*
 * Law: whatever pieces memory is in, every page has a descriptor.  The largest free piece is
 * 40 KiB here: the spans' 80 KiB of descriptors do not fit in one, nor do the 64 of the second
 * span, which is cut in two.
 */
KTAP_TEST(test_mm_init_descriptors_in_pieces)
{
	static const struct mm_machine two_spans = {
		.ram = { { SZ_1M, SZ_16M, 0 }, { SZ_1G, 4 * SZ_16M, 0 } },
		.reserved = { { SZ_1M, SZ_16M, 0 } },
	};

	mm_machine_reset();
	mm_machine_memory(&two_spans);
	for (phys_addr_t pa = SZ_1G; pa < SZ_1G + 4 * SZ_16M; pa += SZ_1M)
		ledger_reserve(pa, SZ_1M - 0xa000, "early taker");
	mm_machine_hand_over();
	expect_eq(page_span_count(), 3);
	expect_eq(page_span_get(1)->pages, page_span_get(2)->pages);
	for (unsigned int i = 0; i < page_span_count(); i++) {
		const struct page_span *span = page_span_get(i);

		for (unsigned long pfn = span->start; pfn < span->start + span->pages; pfn++)
			expect_eq(page_to_pfn(pfn_to_page(pfn)), pfn);
	}
	expect_mm_sound();
}

KTAP_TEST(test_mm_init_nothing_reserved_is_free)
{
	struct memblock_region *r;

	mm_machine_boot(&mm_machine_1g);
	for_each_reserved_mem_region(r)
		for (unsigned long pfn = PFN_DOWN(r->base); pfn < PFN_UP(r->base + r->size); pfn++)
			if (zone_of_pfn(pfn))
				require_true(page_is_reserved(pfn));
}

KTAP_TEST(test_mm_init_initrd_goes_back)
{
	const phys_addr_t base = 0x3fee4000, end = 0x3ffe0000;
	unsigned long managed, total;
	struct ledger_sum before, after;
	struct trace_event event;

	mm_machine_boot(&mm_machine_1g);
	ledger_get_sum(&before);
	managed = nr_free_pages();
	total = totalram_pages();
	expect_eq(free_reserved_area(phys_to_virt(base), phys_to_virt(end), -1, "initrd"), 252);
	expect_log("Freeing initrd memory: 1008K");
	expect_eq(nr_free_pages() - managed, 252);
	expect_eq(totalram_pages() - total, 252);
	ledger_get_sum(&after);
	expect_eq(before.reserved - after.reserved, 0xfc000);
	expect_eq(before.rounding, after.rounding);
	expect_mm_sound();
	/* Twice is refused, page by page, and changes nothing. */
	expect_eq(free_reserved_area(phys_to_virt(base), phys_to_virt(base + 0x2000), -1, "x"), 0);
	expect_eq(bad_page_count(), 2);
	expect_mm_sound();
	memblock_free_late(0x200000, 0x3000);
	expect_eq(bad_page_count(), 5);
	expect_mm_sound();
	memblock_free_late(0x1000000, 0x3000);
	expect_eq(bad_page_count(), 5);
	expect_eq(totalram_pages() - total, 255);
	expect_mm_sound();
	/* Of less than a page nothing comes, and nothing is told to have come. */
	memblock_free_late(0x1005100, 0x80);
	expect_true(trace_get(trace_count() - 1, &event));
	expect_str_eq(event.op, "free_late");
	expect_eq(totalram_pages() - total, 255);
	expect_mm_sound();
}

/* Two nodes meet inside of pages that were reserved before anybody knew: no zone has these. */
KTAP_TEST(test_mm_init_page_of_two_nodes_is_not_freed_nor_bad)
{
	const phys_addr_t up = 0x20000123, down = 0x30000456;
	unsigned long free;

	mm_machine_reset();
	mm_machine_memory(&mm_machine_1g);
	ledger_reserve(up - 0x1123, 0x4000, "initrd");
	ledger_reserve(down - 0x1456, 0x4000, "late");
	memblock_set_node(up, down - up, &memblock.memory, 1);
	mm_machine_hand_over();
	free = nr_free_pages();
	expect_eq(free_reserved_area(phys_to_virt(up - 0x1123), phys_to_virt(up + 0x2edd), -1, "x"),
		  3);
	memblock_free_late(down - 0x1456, 0x4000);
	expect_eq(nr_free_pages(), free + 6);
	expect_eq(bad_page_count(), 0);
	expect_mm_sound();
	memblock_free_late(0x50000000, PAGE_SIZE);	/* nobody's */
	expect_eq(bad_page_count(), 1);
}

/* Such a page goes with the lower region, and so do the node's and the zone's ends. */
KTAP_TEST(test_mm_init_page_in_which_hotplug_begins_is_within_its_zone)
{
	const phys_addr_t end = 0x20000000;
	const struct zone *zone;

	mm_machine_reset();
	mm_machine_memory(&mm_machine_1g);
	memblock_mark_hotplug(end - 0x1800, 0x1800);
	memblock_remove(end, 0x40000000);
	memblock_remove(end - 0x1000, 0x1000);
	ledger_set_ram(memblock_phys_mem_size());
	mm_machine_hand_over();
	zone = &node_data[0]->node_zones[ZONE_DMA32];
	expect_eq(zone->zone_start_pfn + zone->spanned_pages, PFN_DOWN(end) - 1);
	expect_eq(zone->spanned_pages, zone->present_pages);
	expect_eq(node_data[0]->node_present_pages, zone->present_pages + 3998);
	expect_mm_sound();
}

/* 300 nodes have 300 zones, which can be numbered; cut in two they would be 600. */
KTAP_TEST(test_mm_init_movable_zones_that_cannot_be_numbered_are_given_up)
{
	const struct zone *zone;
	unsigned int zones = 0;

	mm_machine_reset();
	memblock_allow_resize();
	for (int nid = 0; nid < 300; nid++)
		memblock_add_node(0x1000000 + (phys_addr_t)nid * 0x800000, 0x800000, nid,
				  MEMBLOCK_NONE);
	ledger_set_ram(memblock_phys_mem_size());
	zone_movable.kernelcore.percent = 50;
	mm_machine_hand_over();
	zone_movable.kernelcore.percent = 0;
	expect_log("zones: 600 have pages, 512 can be numbered; no ZONE_MOVABLE");
	for_each_populated_zone(zone) {
		zones++;
		expect_ne(zone->index, ZONE_MOVABLE);
		expect_eq(zone->spanned_pages, zone->present_pages);
	}
	expect_eq(zones, 300);
	expect_mm_sound();
}

/* Nodes that meet at an odd 2 MiB, and in the middle of 2 MiB: no block is of both. */
KTAP_TEST(test_mm_init_blocks_end_where_a_node_does)
{
	static const phys_addr_t borders[] = { 0x2200000, 0x2300000, 0x2280000, 0x2201000 };

	for (unsigned int i = 0; i < 4; i++) {
		const struct mm_machine machine = {
			.name = "border",
			.ram = { { 0x1000000, borders[i] - 0x1000000, 0 },
				 { borders[i], 0x4000000 - borders[i], 1 } },
		};
		const gfp_t all = GFP_KERNEL | __GFP_MEMALLOC | __GFP_NOWARN;
		struct page *page[40];
		struct zone *zone;
		unsigned int n;

		mm_machine_boot(&machine);
		for (n = 0; (page[n] = alloc_pages(all, 9)); n++)
			;
		while (n)
			__free_pages(page[--n], 9);
		drain_all_pages();
		for_each_populated_zone(zone) {
			unsigned long blocks[NR_PAGE_ORDERS], pages = 0;

			buddy_count(zone, blocks);
			for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
				pages += blocks[order] << order;
			expect_eq(pages, zone->managed_pages);
		}
		expect_mm_sound();
	}
}

/* Of a late release only whole pages leave, in the buddy and in the ledger alike. */
KTAP_TEST(test_mm_init_late_release_of_parts_of_pages)
{
	static const struct { phys_addr_t from, size; unsigned long pages; } parts[] = {
		{ 0x800, 0x2000, 1 }, { 0x1, 0x3fff, 3 }, { 0, 0x3fff, 3 }, { 0x801, 0xffe, 0 },
		{ 0, 0x4000, 4 },
	};

	for (unsigned int i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const phys_addr_t late = 0x20000000;
		struct ledger_sum before, after;

		mm_machine_reset();
		mm_machine_memory(&mm_machine_1g);
		ledger_reserve(late, 0x4000, "late");
		mm_machine_hand_over();
		ledger_get_sum(&before);
		memblock_free_late(late + parts[i].from, parts[i].size);
		ledger_get_sum(&after);
		expect_eq(after.buddy - before.buddy, parts[i].pages << PAGE_SHIFT);
		expect_eq(before.reserved - after.reserved, parts[i].pages << PAGE_SHIFT);
		expect_mm_sound();
	}
}
