// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page allocator asked for what makes no sense: nodes that are not there, sizes without
 * end, before there is memory.  No wild access, no silence, no walk of a day.
 */
#include "ktap.h"

#include "host_console.h"
#include "mm/buddy.h"
#include "mm/memblock.h"		/* max_pfn */
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm/page_wipe.h"
#include "mm/pcp.h"
#include "mm_machine.h"

KTAP_SETUP
{
	mm_machine_boot(&mm_machine_1g);
}

/* What the command line wants of fresh pages it wants of these, too. */
KTAP_TEST(test_page_hostile_contig_looks_after_contents)
{
	unsigned long pfn = 0x803;
	char *mem = phys_to_virt(PFN_PHYS(pfn));

	mm_machine_reset();
	mm_machine_memory(&mm_machine_small);
	page_options = INIT_ON_ALLOC | PAGE_POISONING;
	mm_machine_hand_over();
	require_eq(alloc_contig_range(pfn, pfn + 30, 0), 0);
	expect_true(mm_filled(mem, 0, 30 * PAGE_SIZE));
	free_contig_range(pfn, 30);
	expect_true(mm_filled(mem, PAGE_POISON, 30 * PAGE_SIZE));
	mem[20 * PAGE_SIZE] = 1;
	expect_eq(alloc_contig_range(pfn, pfn + 30, 0), -EBUSY);
	expect_log("pagealloc: memory corruption");
	expect_eq(bad_page_count(), 1);
	expect_mm_sound();
}

/* Sizes that nobody has: reported, not walked through. */
KTAP_TEST(test_page_hostile_endless_frees_end)
{
	void *mem = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);
	struct page *page = alloc_contig_pages(3, 1, GFP_KERNEL, 0);
	unsigned long bad;

	free_contig_range(page_to_pfn(page), ~0UL);
	expect_true(bad_page_count() > 0 && bad_page_count() <= max_pfn);
	bad = bad_page_count();
	free_contig_range(PFN_NONE, 1UL << 51);
	free_contig_range(~0UL, 1UL << 51);
	expect_eq(bad_page_count(), bad + 2);
	free_pages_exact(mem, ~0UL);
	expect_true(bad_page_count() <= bad + max_pfn);
	expect_mm_sound();
}

/* Only what alloc_contig_*() or split_page() made are single pages, and not with __GFP_COMP. */
static void expect_whole(unsigned long pfn, unsigned long pages)
{
	const unsigned long bad = bad_page_count(), free = nr_free_pages();

	free_contig_range(pfn, pages - 1);
	free_contig_range(pfn + pages / 2, pages - pages / 2);
	free_contig_range(pfn, 1);
	expect_true(bad_page_count() >= bad + 3);
	expect_eq(nr_free_pages(), free);
	expect_mm_sound();
}

KTAP_TEST(test_page_hostile_part_of_a_block_is_no_range)
{
	for (unsigned int order = 1; order <= MAX_PAGE_ORDER; order++) {
		const unsigned long pages = 1UL << order, free = nr_free_pages(), at = 0x20000;
		struct page *page = alloc_pages(GFP_KERNEL, order);
		unsigned long bad;

		require_eq(alloc_contig_range(at, at + pages, __GFP_COMP), 0);
		expect_whole(page_to_pfn(page), pages);
		expect_whole(at, pages);
		bad = bad_page_count();
		free_contig_range(at, pages);
		split_page(page, order);
		free_contig_range(page_to_pfn(page) + 1, pages - 1);
		free_contig_range(page_to_pfn(page), 1);
		expect_eq(nr_free_pages(), free);
		expect_eq(bad_page_count(), bad);
		expect_mm_sound();
	}
}

KTAP_TEST(test_page_hostile_contig_leaves_cma_alone)
{
	const unsigned long zone_pages = node_data[0]->node_zones[ZONE_DMA32].spanned_pages;

	/* All of the zone but one block, far from the kernel. */
	for (unsigned long pfn = 0x1000; pfn < 0x1000 + zone_pages; pfn += PAGEBLOCK_NR_PAGES)
		if (pfn - 0x20000 >= MAX_ORDER_NR_PAGES)
			move_freepages_block(zone_of_pfn(pfn), pfn, MIGRATE_CMA);
	expect_eq(page_to_pfn(alloc_contig_pages(33, 1, GFP_KERNEL, 0)), 0x20000);
	expect_mm_sound();
}

/* Of nodes that are not there nobody gets the memory of another if he says so. */
KTAP_TEST(test_page_hostile_node_that_is_not_there)
{
	static const int nids[] = { 1, MAX_NUMNODES - 1, MAX_NUMNODES, -2 };

	for (size_t i = 0; i < ARRAY_SIZE(nids); i++) {
		const gfp_t gfp = GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN;

		expect_null(alloc_pages_node(nids[i], gfp, 0));
		expect_null(alloc_contig_pages(1, 1, gfp, nids[i]));
		expect_true(alloc_pages_node(nids[i], GFP_KERNEL, 0) != NULL);
		expect_true(alloc_contig_pages(1, 1, GFP_KERNEL, nids[i]) != NULL);
	}
	expect_true(alloc_pages_node(NUMA_NO_NODE, GFP_KERNEL | __GFP_THISNODE, 0) != NULL);
}

/* Two nodes, so two spans, and a hole that has no descriptors. */
static const struct mm_machine machine_with_hole = {
	.name = "two spans",
	.ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 0x3f00000, 0 }, { SZ_4G, 0x4000000, 1 } },
	.reserved = { { 0, 0x200000, 0 } },
};

/* A block by address: as good as by descriptor, whichever span the last free was in. */
KTAP_TEST(test_page_hostile_addresses)
{
	mm_machine_boot(&machine_with_hole);
	for (unsigned int i = 0; i < 4 * NR_PAGE_ORDERS; i++) {
		const unsigned int order = i / 4, nid = i % 2;
		struct page *page = alloc_pages_node((int)nid, GFP_KERNEL | __GFP_THISNODE, order);
		const unsigned long at = (unsigned long)page_address(page), free = nr_free_pages();
		const unsigned long bad[] = {
			at + (PAGE_SIZE << order),			/* not allocated */
			order ? at + PAGE_SIZE : at + PAGE_SIZE / 2 + PAGE_SIZE,
			(unsigned long)phys_to_virt(SZ_4G / 2),		/* in the hole */
			(unsigned long)phys_to_virt(0x180000),		/* reserved */
			(unsigned long)phys_to_virt(SZ_4G * 4),		/* behind all RAM */
		};

		require_eq(page_to_pfn(page) >= PFN_DOWN(SZ_4G), nid);
		for (unsigned int j = 0; j < ARRAY_SIZE(bad); j++)
			free_pages(bad[j], order);
		free_pages(at, order + 1);
		free_pages(at, order - 1);
		free_pages(at, order ^ 64);
		free_pages(0, order);
		expect_eq(bad_page_count(), (i + 1) * (ARRAY_SIZE(bad) + 3) + i);
		expect_eq(nr_free_pages(), free);
		expect_mm_sound();
		free_pages(at, order);
		expect_eq(nr_free_pages(), free + (1UL << order));
		free_pages(at, order);
		expect_eq(bad_page_count(), (i + 1) * (ARRAY_SIZE(bad) + 4));
		expect_mm_sound();
	}
}

/* Where blocks by address come from: as by descriptor, but never highmem; zeroed if wanted. */
KTAP_TEST(test_page_hostile_fresh_addresses)
{
	for (unsigned int order = 0; order < NR_PAGE_ORDERS + 2; order++) {
		const unsigned long free = nr_free_pages(), at =
			__get_free_pages(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN, order);
		struct page_state state;

		require_eq(!at, order > MAX_PAGE_ORDER);
		if (!at)
			continue;
		page_get_state(PFN_DOWN(virt_to_phys((void *)at)), &state);
		expect_eq(state.mark, MARK_ALLOC);
		expect_eq(state.order, order);
		expect_eq(state.type, MIGRATE_MOVABLE);
		memset((void *)at, 0xa5, PAGE_SIZE << order);
		free_pages(at, order);
		expect_eq(__get_free_pages(GFP_HIGHUSER_MOVABLE | __GFP_ZERO, order), at);
		expect_true(mm_filled((void *)at, 0, PAGE_SIZE << order));
		free_pages(at, order);
		expect_eq(nr_free_pages(), free);
	}
	expect_eq(bad_page_count(), 0);
	expect_mm_sound();
}

/* Nothing is there yet, or not all of it: no memory, and no wild access. */
KTAP_TEST(test_page_hostile_before_there_is_anything)
{
	struct page *page;
	struct page_state state;

	mm_machine_reset();
	for (unsigned int stage = 0; stage < 2; stage++) {
		expect_null(alloc_pages(GFP_KERNEL | __GFP_NOWARN, 0));
		expect_null(alloc_pages_node(0, GFP_KERNEL | __GFP_NOWARN, 3));
		expect_null(alloc_contig_pages(1, 1, GFP_KERNEL, 0));
		expect_true(alloc_contig_range(0x200, 0x201, 0) < 0);
		page = page_at(0x200);
		__free_pages(page, 0);
		__free_pages(page, MAX_PAGE_ORDER);
		free_pages((unsigned long)phys_to_virt(0x200000), 0);
		expect_eq(__get_free_pages(GFP_KERNEL | __GFP_NOWARN, 0), 0);
		free_contig_range(0x200, 2);
		split_page(page, 1);
		expect_eq(page_count(page), 0);
		page_get_state(0x200, &state);
		expect_eq(state.mark, MARK_NONE);
		expect_eq(bad_page_count(), (stage + 1) * 6 - 1);	/* of no page one report */
		drain_all_pages();
		mm_machine_memory(&mm_machine_small);
		if (!stage)
			zone_sizes_init();
	}
}
