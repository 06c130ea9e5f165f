// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes and what zones keep back, at the borders of each rule.
 */
#include "ktap.h"

#include "host_console.h"
#include "kernel/lib/params.h"
#include "mm/cma.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/memblock_event.h"
#include "mm/mm_init.h"
#include "mm/nodes/movable.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm/takers.h"
#include "mm_machine.h"
#include "tests/host/include/lib_reset.h"

#include <arch/memory.h>

#include <stdio.h>
#include <string.h>

#define M	* (1ULL << 20)

/* RAM of @pages from 1 MiB on, one zone. */
static void boot_pages(unsigned long pages)
{
	const struct mm_machine machine = {
		.name = "pages", .ram = { { 1 M, (phys_addr_t)pages << PAGE_SHIFT, 0 } },
	};

	mm_machine_boot(&machine);
}

/* Grouping needs a pageblock for each type. */
KTAP_TEST(test_policy_mobility_grouping_begins_at_one_pageblock_a_type)
{
	boot_pages(512 * MIGRATE_TYPES);
	expect_log("mobility grouping on.  Total pages: 3072");
	expect_false(page_group_by_mobility_disabled);
	boot_pages(512 * MIGRATE_TYPES - 1);
	expect_log("mobility grouping off.  Total pages: 3071");
	expect_true(page_group_by_mobility_disabled);
}

/* ZONE_MOVABLE is no memory of the kernel's: no lowmem, no policy zone, a minimum of its own. */
KTAP_TEST(test_policy_movable_zone_is_not_lowmem)
{
	const struct zone *zones, *movable;
	unsigned long low;

	mm_machine_reset();
	mm_machine_memory(&mm_machine_1g);
	zone_movable.kernelcore.percent = 50;
	mm_machine_hand_over();
	zone_movable.kernelcore.percent = 0;
	zones = node_data[0]->node_zones;
	movable = &zones[ZONE_MOVABLE];
	expect_ne(movable->present_pages, 0);
	expect_log("Policy zone: DMA32");
	low = zones[ZONE_DMA].managed_pages + zones[ZONE_DMA32].managed_pages;
	expect_true(min_free_kbytes * min_free_kbytes <= low * 4 * 16);
	expect_true((min_free_kbytes + 1) * (min_free_kbytes + 1) > low * 4 * 16);
	expect_eq(zones[ZONE_DMA32].watermark[WMARK_MIN],
		  min_free_kbytes / 4 * zones[ZONE_DMA32].managed_pages / low);
	expect_eq(movable->watermark[WMARK_MIN], movable->managed_pages / 1024);
	expect_eq(zones[ZONE_DMA32].lowmem_reserve[ZONE_MOVABLE], movable->managed_pages / 256);
	expect_eq(zones[ZONE_DMA].lowmem_reserve[ZONE_MOVABLE],
		  (zones[ZONE_DMA32].managed_pages + movable->managed_pages) / 256);
}

/* The first node is that of the lowest id, whoever was made first. */
KTAP_TEST(test_policy_first_node_has_the_lowest_id)
{
	mm_machine_reset();
	memblock_add_node(1 M, 16 M, 3, MEMBLOCK_NONE);
	memblock_add_node(17 M, 16 M, 1, MEMBLOCK_NONE);
	alloc_node_data(3);
	expect_true(zone_index.first_node == NODE_DATA(3));
	expect_no_log("NODE_DATA(3) on node");
	alloc_node_data(1);
	expect_true(zone_index.first_node == NODE_DATA(1));
	expect_eq(nr_node_ids, 4);
	alloc_node_data(2);
	expect_true(zone_index.first_node == NODE_DATA(1));
	expect_eq(nr_node_ids, 4);
	expect_eq(node_next(0), 1);
	expect_eq(node_next(2), 2);
	expect_eq(node_next(3), 3);
	expect_eq(node_next(4), MAX_NUMNODES);
}

/* No room at home: elsewhere, and a line says where; outside of any node nothing is said. */
KTAP_TEST(test_policy_node_data_elsewhere_is_said)
{
	mm_machine_reset();
	memblock_add_node(1 M, 16 M, 2, MEMBLOCK_NONE);
	memblock_add_node(17 M, 16 M, 5, MEMBLOCK_NONE);
	ledger_reserve(17 M, 16 M, "full");
	alloc_node_data(5);
	expect_log("    NODE_DATA(5) on node 2");
	mm_machine_reset();
	memblock_add_node(1 M, 16 M, NUMA_NO_NODE, MEMBLOCK_NONE);
	alloc_node_data(7);
	expect_log("NODE_DATA(7) allocated");
	expect_no_log("NODE_DATA(7) on node");
}

/* What takers must leave counts the page map as long as it is not there. */
KTAP_TEST(test_policy_early_room_counts_the_page_map_once)
{
	const phys_addr_t rest = 128 << 10;

	mm_machine_reset();
	mm_machine_memory(&mm_machine_1g);
	expect_eq(early_room_needed(),
		  rest + (memblock_phys_mem_size() >> PAGE_SHIFT) * sizeof(struct page) * 5 / 4);
	mm_machine_hand_over();
	expect_eq(get_num_physpages(), 262014);
	expect_eq(early_room_needed(), rest);
}

/* Filled to the last page by the tests, so not too large. */
static const struct mm_machine machine_64m = {
	.name = "64 MiB",
	.ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 0x3f00000, 0 } },
	.reserved = { { 0, 0x200000, 0 } },
};

/* Take blocks of @order until there is none.  They are chained through their memory. */
static phys_addr_t exhaust(gfp_t gfp, unsigned int order, unsigned long *count)
{
	phys_addr_t chain = 0;
	struct page *page;

	for (*count = 0; (page = alloc_pages(gfp, order)); ++*count) {
		phys_addr_t pa = page_to_phys(page);

		*(phys_addr_t *)phys_to_virt(pa) = chain;
		chain = pa;
	}
	return chain;
}

static void give_back(phys_addr_t chain, unsigned int order)
{
	while (chain) {
		phys_addr_t next = *(phys_addr_t *)phys_to_virt(chain);

		free_pages((unsigned long)phys_to_virt(chain), order);
		chain = next;
	}
}

/* Down to the minimum, here an odd one; __GFP_HIGH may have half of that, too, rounded down. */
KTAP_TEST(test_policy_high_requests_may_have_half_the_minimum)
{
	struct mm_machine machine = machine_64m;
	const struct zone *zone;
	unsigned long count, min;
	phys_addr_t chain, more;

	do {
		machine.ram[1].size -= 1UL << 20;
		mm_machine_boot(&machine);
		zone = &node_data[0]->node_zones[ZONE_DMA32];
		min = zone->watermark[WMARK_MIN];
	} while (min % 2 == 0 && machine.ram[1].size > 32UL << 20);
	expect_eq(min % 2, 1);
	chain = exhaust(GFP_KERNEL | __GFP_NOWARN, 0, &count);
	expect_eq(zone_free_pages(zone), min);
	more = exhaust(GFP_KERNEL | __GFP_HIGH | __GFP_NOWARN, 0, &count);
	expect_eq(zone_free_pages(zone), min - min / 2);
	give_back(more, 0);
	give_back(chain, 0);
	expect_mm_sound();
}

/* Free pages of a CMA area are none to a request that cannot move: the minimum is of others. */
KTAP_TEST(test_policy_minimum_is_not_made_of_cma_pages)
{
	const struct zone *zone;
	unsigned long count;
	phys_addr_t chain;

	mm_machine_reset();
	params_reset();
	mm_machine_memory(&machine_64m);
	parse_early_param("cma=24M");
	dma_contiguous_reserve(memblock_end_of_DRAM());
	mm_machine_hand_over();
	zone = &node_data[0]->node_zones[ZONE_DMA32];
	expect_eq(zone->cma_pages, 6144);
	chain = exhaust(GFP_KERNEL | __GFP_NOWARN, 0, &count);
	expect_eq(zone->free_cma_pages, 6144);
	expect_eq(zone_free_pages(zone) - zone->free_cma_pages, zone->watermark[WMARK_MIN]);
	give_back(chain, 0);
	expect_mm_sound();
}

/* All that is needed in one piece suffices, a byte less does not. */
KTAP_TEST(test_policy_early_memory_suffices_to_the_byte)
{
	for (int less = 0; less < 2; less++) {
		phys_addr_t need;

		mm_machine_reset();
		memblock_add_node(1 M, 16 M, 0, MEMBLOCK_NONE);
		need = early_room_needed();
		memblock_reserve(1 M, 15 M - need + (less ? 1 : 0));
		memblock_reserve(16 M, 960 << 10);	/* a second piece does not help */
		expect_eq(early_memory_suffices(), !less);
	}
}

/* What a node is described by is zero whatever was there, and is made once. */
KTAP_TEST(test_policy_node_data_is_clean_and_made_once)
{
	const struct pglist_data *node;
	char line[80];
	phys_addr_t pa;

	mm_machine_reset();
	memblock_add_node(1 M, 16 M, 0, MEMBLOCK_NONE);
	memset(phys_to_virt(1 M), 0xa5, 16 M);
	alloc_node_data(0);
	node = NODE_DATA(0);
	require_true(node);
	expect_eq(node->node_present_pages, 0);
	expect_eq(node->movable_pfn, 0);
	pa = virt_to_phys(node);
	snprintf(line, sizeof(line), "NODE_DATA(0) allocated [mem %#010llx-%#010llx]",
		 (unsigned long long)pa, (unsigned long long)(pa + sizeof(*node) - 1));
	expect_log(line);
	alloc_node_data(0);
	alloc_node_data(NUMA_NO_NODE);
	alloc_node_data(MAX_NUMNODES);
	expect_true(NODE_DATA(0) == node);
	expect_eq(nr_node_ids, 1);
	expect_eq(memblock_reserved_size(), sizeof(*node));
}
