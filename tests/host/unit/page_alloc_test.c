// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page allocator: flags, watermarks, fallback, exhaustion, contents, and every
 * misuse of every kind.
 */
#include "ktap.h"

#include "host_console.h"
#include "mm/buddy.h"
#include "mm/ledger_find.h"
#include "mm/memblock.h"
#include "mm/page_alloc.h"
#include "mm/page_owner.h"
#include "mm/page_wipe.h"
#include "mm/pcp.h"
#include "mm_machine.h"

KTAP_SETUP
{
	mm_machine_boot(&mm_machine_1g);
}

/* ---- misuse -------------------------------------------------------------------- */

enum victim {
	V_DOUBLE, V_DOUBLE_MERGED, V_TOO_LARGE, V_TOO_SMALL, V_UNALIGNED, V_MIDDLE, V_RESERVED,
	V_HOLE, V_WILD, V_NULL, V_NEVER, V_HUGE_ORDER, V_LARGEST_TWICE, V_LARGEST_MIDDLE,
	V_CHUNK_END,
};

static const struct misuse {
	const char	*name;
	enum victim	victim;
	const char	*why;
} misuses[] = {
	{ "double free", V_DOUBLE, "double free: page is free already" },
	{ "double free after a merge", V_DOUBLE_MERGED, "double free: page is inside a free block" },
	{ "order too large", V_TOO_LARGE, "wrong order" },
	{ "order too small", V_TOO_SMALL, "wrong order: the block has another one" },
	{ "not aligned", V_UNALIGNED, "wrong order: page is not aligned to it" },
	{ "middle of a block", V_MIDDLE, "page is in the middle of an allocated block" },
	{ "reserved page", V_RESERVED, "page is reserved, it was never allocated" },
	{ "page in a hole", V_HOLE, "page is in a hole, it is no RAM" },
	{ "wild pfn", V_WILD, "no such page: pfn is outside of every zone" },
	{ "NULL", V_NULL, "no such page: pfn is outside of every zone" },
	{ "never allocated", V_NEVER, "double free: page is inside a free block" },
	{ "order above the largest", V_HUGE_ORDER, "order is larger than any block" },
	{ "largest block twice", V_LARGEST_TWICE, "double free" },
	{ "twice a block that ends a chunk", V_CHUNK_END, "wrong order: page is not aligned to it" },
	{ "middle of a largest block", V_LARGEST_MIDDLE, "page is in the middle of an allocated block" },
};

static void commit_misuse(enum victim victim)
{
	struct page *block = alloc_pages(GFP_KERNEL, 3), *one = alloc_page(GFP_KERNEL);
	struct page *largest = alloc_pages(GFP_KERNEL, MAX_PAGE_ORDER);

	switch (victim) {
	case V_DOUBLE:
		alloc_page(GFP_KERNEL);		/* its buddy, so that it does not merge */
		__free_page(one);
		return __free_page(one);
	case V_DOUBLE_MERGED:
		__free_pages(block + 0, 3);
		return __free_page(block + 1);
	case V_TOO_LARGE:
		return __free_pages(one, 1);
	case V_TOO_SMALL:
		return __free_pages(block, 2);
	case V_UNALIGNED:
		return __free_pages(alloc_page(GFP_KERNEL), 4);
	case V_MIDDLE:
		return __free_page(block + 5);
	case V_RESERVED:
		return free_pages((unsigned long)phys_to_virt(SZ_16M), 0);
	case V_HOLE:
		return free_pages((unsigned long)phys_to_virt(0xa0000), 0);
	case V_WILD:
		return free_pages((unsigned long)phys_to_virt(SZ_4G), 0);
	case V_NULL:
		return __free_page(NULL);
	case V_NEVER:
		return __free_page(pfn_to_page(0x30001));
	case V_CHUNK_END:
		/* Pages 62 and 63 are a block; 2 more would be in the next chunk. */
		require_eq(alloc_contig_range(0x20000 + 61, 0x20000 + 68, 0), 0);
		return __free_pages(pfn_to_page(0x20000 + 62), 2);
	case V_HUGE_ORDER:
		return __free_pages(one, 60);
	case V_LARGEST_TWICE:
		__free_pages(largest, MAX_PAGE_ORDER);
		return __free_pages(largest, MAX_PAGE_ORDER);
	case V_LARGEST_MIDDLE:
		return __free_pages(largest + MAX_ORDER_NR_PAGES / 2, MAX_PAGE_ORDER - 1);
	}
}

KTAP_TABLE_TEST(page_alloc_misuse, misuses, c)
{
	unsigned long free;

	commit_misuse(c->victim);
	expect_eq(bad_page_count(), 1);
	expect_log("BUG: Bad page state in process swapper  pfn:");
	expect_log(c->why);
	expect_mm_sound();
	/* Life goes on. */
	free = nr_free_pages();
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		__free_pages(alloc_pages(GFP_KERNEL, order), order);
	expect_eq(nr_free_pages(), free);
	expect_eq(bad_page_count(), 1);
	expect_mm_sound();
}

KTAP_TEST(test_page_alloc_reports_are_limited)
{
	for (unsigned int i = 0; i < 1000; i++)
		free_pages((unsigned long)phys_to_virt(SZ_16M), 0);
	expect_eq(bad_page_count(), 1000);
	expect_log("further messages suppressed");
}

KTAP_TEST(test_page_alloc_reference_keeps_the_block)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);
	unsigned long free = nr_free_pages();

	get_page(page);
	expect_eq(page_count(page), 2);
	__free_pages(page, 2);
	expect_eq(nr_free_pages(), free);
	__free_pages(page, 2);
	expect_eq(nr_free_pages(), free + 4);
	expect_mm_sound();
}

/* Two chunks in random blocks, every pfn and order of them: freed is only what is there. */
KTAP_TEST(test_page_alloc_refuses_every_free_of_what_is_no_block)
{
	const unsigned long base = 0x20000;
	uint64_t random = 88172645463325252ULL;
	unsigned long wrong = 0;

	for (unsigned int round = 0; round < 30; round++) {
		unsigned long free;

		for (unsigned long pfn = base; pfn < base + 2 * CHUNK_PAGES;) {
			unsigned long pages;

			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			pages = MIN(1 + random % 24, base + 2 * CHUNK_PAGES - pfn);
			if (random >> 20 & 3)
				require_eq(alloc_contig_range(pfn, pfn + pages, __GFP_COMP), 0);
			pfn += pages;
		}
		free = nr_free_pages();
		for (unsigned int i = 0; i < 2 * CHUNK_PAGES * (NR_PAGE_ORDERS + 1); i++) {
			const unsigned long pfn = base + i % (2 * CHUNK_PAGES);
			const unsigned int order = i / (2 * CHUNK_PAGES);
			struct page_state state;

			page_get_state(pfn, &state);
			if (state.mark == MARK_ALLOC && state.head == pfn && state.order == order)
				continue;
			__free_pages(pfn_to_page(pfn), order);
			expect_eq(bad_page_count(), ++wrong);
		}
		expect_eq(nr_free_pages(), free);
		expect_mm_sound();
		for (unsigned long pfn = base; pfn < base + 2 * CHUNK_PAGES; pfn++) {
			struct page_state state;

			page_get_state(pfn, &state);
			if (state.mark == MARK_ALLOC)
				__free_pages(pfn_to_page(state.head), state.order);
		}
		drain_all_pages();
	}
	expect_eq(bad_page_count(), wrong);
	expect_true(wrong > 30 * 2 * CHUNK_PAGES * NR_PAGE_ORDERS);
}

/* ---- flags -------------------------------------------------------------------------- */

static const struct {
	const char	*name;
	gfp_t		gfp;
	enum zone_type	zone;
	enum migratetype type;
} gfps[] = {
	{ "KERNEL", GFP_KERNEL, ZONE_NORMAL, MIGRATE_UNMOVABLE },
	{ "DMA", GFP_KERNEL | __GFP_DMA, ZONE_DMA, MIGRATE_UNMOVABLE },
	{ "DMA32", GFP_KERNEL | __GFP_DMA32, ZONE_DMA32, MIGRATE_UNMOVABLE },
	{ "HIGHUSER", GFP_HIGHUSER, ZONE_NORMAL, MIGRATE_UNMOVABLE },
	{ "HIGHUSER_MOVABLE", GFP_HIGHUSER_MOVABLE, ZONE_MOVABLE, MIGRATE_MOVABLE },
	{ "MOVABLE alone", GFP_USER | __GFP_MOVABLE, ZONE_NORMAL, MIGRATE_MOVABLE },
	{ "MOVABLE DMA32", GFP_USER | __GFP_MOVABLE | __GFP_DMA32, ZONE_DMA32, MIGRATE_MOVABLE },
	{ "RECLAIMABLE", GFP_KERNEL | __GFP_RECLAIMABLE, ZONE_NORMAL, MIGRATE_RECLAIMABLE },
};

KTAP_TABLE_TEST(page_alloc_gfp, gfps, c)
{
	expect_eq(gfp_zone(c->gfp), c->zone);
	expect_eq(gfp_migratetype(c->gfp), c->type);
}

KTAP_TEST(test_page_alloc_zone_by_flags)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_DMA);

	expect_true(page_to_phys(page) < SZ_16M);
	__free_page(page);
	page = alloc_page(GFP_KERNEL);
	expect_true(page_to_phys(page) >= SZ_16M);
	__free_page(page);
}

KTAP_TEST(test_page_alloc_order_too_large_warns_once)
{
	expect_null(alloc_pages(GFP_KERNEL, MAX_PAGE_ORDER + 1));
	expect_null(alloc_pages(GFP_KERNEL, 63));
	expect_warns(1);
}

static const struct mm_machine two_nodes = {
	.name = "two nodes",
	.ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 0x1ff00000, 0 },
		 { 0x20000000, 0x10000000, 1 } },
	.reserved = { { 0, 0x200000, 0 } },
};

KTAP_TEST(test_page_alloc_node_first_then_others)
{
	struct page *page;
	unsigned int on_node = 0;

	mm_machine_boot(&two_nodes);
	page = alloc_pages_node(1, GFP_KERNEL, 0);
	expect_true(page_to_phys(page) >= 0x20000000);
	__free_page(page);
	while ((page = alloc_pages_node(1, GFP_KERNEL | __GFP_THISNODE | __GFP_NOWARN,
					MAX_PAGE_ORDER)))
		on_node += page_to_phys(page) >= 0x20000000;
	expect_true(on_node > 50);
	page = alloc_pages_node(1, GFP_KERNEL, MAX_PAGE_ORDER);
	expect_true(page && page_to_phys(page) < 0x20000000);
	expect_mm_sound();
}

/* ---- watermarks ------------------------------------------------------------ */

KTAP_TEST(test_page_alloc_watermarks_by_formula)
{
	struct zone *dma = &node_data[0]->node_zones[ZONE_DMA];
	struct zone *dma32 = &node_data[0]->node_zones[ZONE_DMA32];
	struct zone *movable = &node_data[0]->node_zones[ZONE_MOVABLE];
	unsigned long lowmem = dma->managed_pages + dma32->managed_pages;
	unsigned long pages_min = min_free_kbytes / 4, tmp;

	expect_true(min_free_kbytes * min_free_kbytes <= lowmem * 4 * 16);
	expect_true((min_free_kbytes + 1) * (min_free_kbytes + 1) > lowmem * 4 * 16);
	tmp = pages_min * dma32->managed_pages / lowmem;
	expect_eq(dma32->watermark[WMARK_MIN], tmp);
	tmp = tmp / 4 > dma32->managed_pages / 1000 ? tmp / 4 : dma32->managed_pages / 1000;
	expect_eq(dma32->watermark[WMARK_LOW], dma32->watermark[WMARK_MIN] + tmp);
	expect_eq(dma32->watermark[WMARK_HIGH], dma32->watermark[WMARK_LOW] + tmp);
	expect_eq(dma32->watermark[WMARK_PROMO], dma32->watermark[WMARK_HIGH] + tmp);
	for (unsigned int mark = 0; mark < NR_WMARK; mark++)
		expect_eq(movable->watermark[mark], 32);	/* empty, as in Linux */
	expect_eq(dma->lowmem_reserve[ZONE_DMA], 0);
	expect_eq(dma->lowmem_reserve[ZONE_DMA32], dma32->managed_pages / 256);
	expect_eq(dma->lowmem_reserve[ZONE_DEVICE], dma32->managed_pages / 256);
	expect_eq(dma32->lowmem_reserve[ZONE_MOVABLE], 0);
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

static const struct {
	const char	*name;
	gfp_t		gfp;
	unsigned int	order;
} exhaustions[] = {
	{ "order 0", GFP_KERNEL, 0 },
	{ "order 3, movable", GFP_HIGHUSER_MOVABLE, 3 },
	{ "largest order", GFP_KERNEL, MAX_PAGE_ORDER },
	{ "DMA", GFP_KERNEL | __GFP_DMA, 0 },
	{ "everything", GFP_KERNEL | __GFP_MEMALLOC, 0 },
};

KTAP_TABLE_TEST(page_alloc_exhaustion, exhaustions, c)
{
	unsigned long before[NR_PAGE_ORDERS], after[NR_PAGE_ORDERS], count, again;
	phys_addr_t chain;

	mm_machine_boot(&machine_64m);
	mm_histogram(before);
	chain = exhaust(c->gfp, c->order, &count);
	expect_true(count > 0);
	expect_log("page allocation failure: order:");
	if (c->gfp & __GFP_MEMALLOC)
		expect_eq(nr_free_pages(), 0);
	else if (!(c->gfp & __GFP_DMA))
		expect_true(nr_free_pages() >= node_data[0]->node_zones[1].watermark[WMARK_MIN]);
	for (unsigned int i = 0; i < 100; i++)
		expect_null(alloc_pages(c->gfp, c->order));
	expect_log("further messages suppressed");
	expect_mm_sound();
	give_back(chain, c->order);
	mm_histogram(after);
	expect_mem_eq(before, after, sizeof(before));
	chain = exhaust(c->gfp, c->order, &again);
	expect_eq(count, again);
	give_back(chain, c->order);
	expect_mm_sound();
}

KTAP_TEST(test_page_alloc_lower_zone_keeps_its_reserve)
{
	unsigned long count;
	phys_addr_t chain;
	struct page *page;
	struct zone *dma;

	mm_machine_boot(&machine_64m);
	dma = &node_data[0]->node_zones[ZONE_DMA];
	chain = exhaust(GFP_KERNEL | __GFP_NOWARN, 0, &count);
	expect_true(zone_free_pages(dma) >= dma->lowmem_reserve[ZONE_NORMAL]);
	page = alloc_page(GFP_KERNEL | __GFP_DMA);
	expect_true(page != NULL);
	__free_page(page);
	give_back(chain, 0);
}

/* ---- fallback ------------------------------------------------------------ */

KTAP_TEST(test_page_alloc_unmovable_claims_whole_pageblocks)
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned long pfn = page_to_pfn(page);

	/* All is movable at boot: the first request converts the block it takes. */
	expect_eq(get_pageblock_migratetype(pfn), MIGRATE_UNMOVABLE);
	for (unsigned int i = 1; i < PAGEBLOCK_NR_PAGES; i++)
		expect_eq(get_pageblock_migratetype(page_to_pfn(alloc_page(GFP_KERNEL))),
			  MIGRATE_UNMOVABLE);
	expect_mm_sound();
}

KTAP_TEST(test_page_alloc_movable_steals_small_blocks_without_claiming)
{
	unsigned long count, pfn;
	struct page *page;

	mm_machine_boot(&machine_64m);
	pfn = PFN_DOWN(exhaust(GFP_KERNEL | __GFP_MEMALLOC | __GFP_NOWARN, 0, &count));
	free_pages((unsigned long)phys_to_virt(PFN_PHYS(pfn)), 0);
	page = alloc_page(GFP_HIGHUSER_MOVABLE | __GFP_MEMALLOC);
	expect_eq(page_to_pfn(page), pfn);
	expect_eq(get_pageblock_migratetype(pfn), MIGRATE_UNMOVABLE);
	expect_mm_sound();
}

/* ---- contents ------------------------------------------------------------ */

KTAP_TEST(test_page_alloc_zero_flag_zeroes)
{
	unsigned long addr = __get_free_pages(GFP_KERNEL, 2);

	memset((void *)addr, 0x5a, 4 * PAGE_SIZE);
	free_pages(addr, 2);
	expect_eq(__get_free_pages(GFP_KERNEL | __GFP_ZERO, 2), addr);
	expect_true(mm_filled((void *)addr, 0, 4 * PAGE_SIZE));
	free_pages(addr, 2);
}

/* As if the command line had said so. */
static void boot_with(unsigned int options)
{
	mm_machine_reset();
	mm_machine_memory(&mm_machine_small);
	page_options = options;
	mm_machine_hand_over();
}

KTAP_TEST(test_page_alloc_init_on_free_zeroes)
{
	unsigned long addr;

	boot_with(INIT_ON_FREE);
	addr = __get_free_page(GFP_KERNEL);
	memset((void *)addr, 0x5a, PAGE_SIZE);
	free_page(addr);
	expect_true(mm_filled((void *)addr, 0, PAGE_SIZE));
}

KTAP_TEST(test_page_alloc_poison_finds_a_write_after_free)
{
	unsigned long addr, other;

	boot_with(PAGE_POISONING);
	addr = __get_free_page(GFP_KERNEL);
	other = __get_free_page(GFP_KERNEL);
	expect_eq(bad_page_count(), 0);		/* the hand-over has poisoned what it gave */
	free_page(addr);
	expect_true(mm_filled((void *)addr, PAGE_POISON, PAGE_SIZE));
	((char *)addr)[100] = 1;
	expect_ne(__get_free_page(GFP_KERNEL), addr);
	expect_eq(bad_page_count(), 1);
	expect_log("pagealloc: memory corruption");
	free_page(other);
	expect_mm_sound();
}

/* ---- owners ------------------------------------------------------------------------- */

static __noinline struct page *somebody(unsigned int order)
{
	struct page *page = alloc_pages(GFP_KERNEL, order);

	expect_true(page != NULL);
	return page;
}

static bool is_inside(unsigned long address, const void *function)
{
	return address - (unsigned long)function < 0x400;
}

KTAP_TEST(test_page_owner_knows_the_caller_of_every_block)
{
	struct ledger_answer answer;
	unsigned long contig;
	struct page *page;

	boot_with(PAGE_OWNER);
	expect_log("page_owner is enabled");
	for (unsigned int order = 0; order < MAX_PAGE_ORDER; order++) {
		page = somebody(order);
		expect_true(is_inside(page_owner_get(page_to_pfn(page)), somebody));
		__free_pages(page, order);
	}
	page = somebody(3);
	ledger_find(page_to_phys(page) + 0x7fff, &answer);
	expect_eq(answer.state, LEDGER_ALLOCATED);
	expect_true(is_inside(answer.caller, somebody));
	split_page(page, 3);
	for (unsigned int i = 0; i < 8; i++)
		expect_true(is_inside(page_owner_get(page_to_pfn(page + i)), somebody));
	for (unsigned int i = 0; i < 8; i++)
		__free_page(page + i);
	ledger_find(page_to_phys(page), &answer);
	expect_eq(answer.caller, 0);		/* free: nobody's */
	__free_page(page);
	expect_log("page: last allocated by ");
	page = alloc_contig_pages(24, 1, GFP_KERNEL, 0);
	contig = page_to_pfn(page);
	expect_false(is_inside(page_owner_get(contig), somebody));
	expect_true(page_owner_get(contig) != 0);
	free_contig_range(contig, 24);
	expect_mm_sound();
}

KTAP_TEST(test_page_owner_is_off_without_the_word)
{
	struct page *page = somebody(0);

	expect_eq(page_owner_get(page_to_pfn(page)), 0);
	expect_no_log("page_owner");
	__free_page(page);
}

/* ---- exact and large ------------------------------------------------------------ */

KTAP_TEST(test_page_alloc_exact_keeps_only_what_was_asked)
{
	unsigned long before[NR_PAGE_ORDERS], after[NR_PAGE_ORDERS], free = nr_free_pages();
	void *mem;

	mm_histogram(before);
	mem = alloc_pages_exact(5 * PAGE_SIZE - 1, GFP_KERNEL);
	expect_eq(free - nr_free_pages(), 5);
	expect_mm_sound();
	free_pages_exact(mem, 5 * PAGE_SIZE - 1);
	mm_histogram(after);
	expect_mem_eq(before, after, sizeof(before));
	expect_null(alloc_pages_exact(0, GFP_KERNEL));
	expect_null(alloc_pages_exact(SZ_1G, GFP_KERNEL));
	expect_null(alloc_pages_exact(~0UL, GFP_KERNEL));
}

KTAP_TEST(test_page_alloc_contig_gives_a_gigabyte_and_takes_it_in_parts)
{
	const unsigned long gigabyte = SZ_1G >> PAGE_SHIFT;
	unsigned long before[NR_PAGE_ORDERS], after[NR_PAGE_ORDERS], pfn;
	struct page *page;

	mm_machine_boot(&mm_machine_6g);
	mm_histogram(before);
	page = alloc_contig_pages(gigabyte, gigabyte, GFP_KERNEL, 0);
	require_true(page != NULL);
	pfn = page_to_pfn(page);
	expect_eq(pfn % gigabyte, 0);
	expect_mm_sound();
	free_contig_range(pfn + 3, 100000);
	expect_mm_sound();
	free_contig_range(pfn + 100003, gigabyte - 100003);
	free_contig_range(pfn, 3);
	mm_histogram(after);
	expect_mem_eq(before, after, sizeof(before));
	expect_eq(bad_page_count(), 0);
	expect_mm_sound();
	expect_null(alloc_contig_pages(gigabyte * 5, 1, GFP_KERNEL, 0));
}

KTAP_TEST(test_page_alloc_contig_range_is_all_or_nothing)
{
	unsigned long free = nr_free_pages();

	expect_eq(alloc_contig_range(0x20001, 0x20fff, 0), 0);
	expect_eq(free - nr_free_pages(), 0xffe);
	expect_eq(alloc_contig_range(0x1f000, 0x20002, 0), -EBUSY);
	expect_eq(free - nr_free_pages(), 0xffe);
	expect_eq(alloc_contig_range(0x5, 0x5, 0), -EINVAL);
	expect_eq(alloc_contig_range(0xa0, 0xb0, 0), -EINVAL);
	expect_eq(alloc_contig_range(0x1000, 0x1001, 0), -EBUSY);	/* the kernel */
	free_contig_range(0x20001, 0xffe);
	expect_eq(free, nr_free_pages());
	expect_mm_sound();
}
