// SPDX-License-Identifier: GPL-2.0-only
/*
 * cma=: what the word may say, what becomes of the area.
 */
#include "ktap.h"

#include "host_console.h"
#include "kernel/lib/params.h"
#include "mm/buddy.h"
#include "mm/cma.h"
#include "mm/ledger.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm/totalram.h"
#include "mm_machine.h"
#include "tests/host/include/lib_reset.h"

#define M	* (1ULL << 20)
#define G	* (1ULL << 30)

static const struct mm_machine machine_6g = {
	.name = "6 GiB",
	.ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 0xbfee0000 - 0x100000, 0 }, { 4 G, 3 G, 0 } },
	.reserved = { { 0, 0x100000, 0 }, { 16 M, 48 M, 0 } },
};

static void boot(const struct mm_machine *machine, const char *cmdline)
{
	mm_machine_reset();
	params_reset();
	mm_machine_memory(machine);
	parse_early_param(cmdline);
	dma_contiguous_reserve(memblock_end_of_DRAM());
	mm_machine_hand_over();
}

static const struct {
	const char	*name;
	const char	*cmdline;
	phys_addr_t	base, size;
	const char	*log[2];
} words[] = {
	{ "no word", "", 0, 0, { NULL } },
	{ "0", "cma=0", 0, 0, { NULL } },
	{ "no value", "cma", 0, 0, { "Config string not provided", "Malformed early option 'cma'" } },
	{ "garbage", "cma=x", 0, 0, { NULL } },
	{ "size", "cma=64M", 4 G, 64 M, { "cma: Reserved 64 MiB at 0x0000000100000000 on node -1" } },
	{ "rounded up", "cma=1", 4 G, 2 M, { "cma: Reserved 2 MiB at 0x0000000100000000" } },
	{ "last wins", "cma=64M cma=16M", 4 G, 16 M, { NULL } },
	{ "too large to go above first", "cma=2560M@64M-0xbfe00000", 0x1fe00000, 2560 M, { NULL } },
	{ "fixed", "cma=64M@256M", 256 M, 64 M, { "cma: Reserved 64 MiB at 0x0000000010000000" } },
	{ "fixed above", "cma=64M@5G", 5 G, 64 M, { NULL } },
	{ "in a range", "cma=64M@256M-1G", 960 M, 64 M, { NULL } },
	{ "fixed, misaligned", "cma=64M@257M", 0, 0,
	  { "cma: Region at 0x0000000010100000 must be aligned to 0x0000000000200000 bytes",
	    "cma: Failed to reserve 64 MiB on node -1" } },
	{ "over the kernel", "cma=64M@32M", 0, 0, { "cma: Failed to reserve 64 MiB on node -1" } },
	{ "more than RAM", "cma=64G", 0, 0,
	  { "cma: Size (0x0000001000000000) of region at 0x0000000000000000 exceeds limit (0x00000001c0000000)",
	    "cma: Failed to reserve 65536 MiB on node -1" } },
	{ "all of RAM", "cma=7G", 0, 0, { "cma: Failed to reserve 7168 MiB on node -1" } },
	{ "fixed beyond RAM", "cma=64M@64G", 0, 0, { "exceeds limit", "cma: Failed" } },
	{ "fixed in the hole", "cma=64M@3G", 0, 0,
	  { "cma: Region at 0x00000000c0000000 of 0x0000000004000000 bytes is not all RAM", "cma: Failed" } },
	{ "fixed over the end of low RAM", "cma=64M@3040M", 0, 0, { "is not all RAM" } },
	{ "wraps", "cma=64M@0xfffffffffe000000", 0, 0, { "cma: Failed" } },
	{ "range backwards", "cma=64M@1G-512M", 0, 0, { "exceeds limit", "cma: Failed" } },
	{ "absurd", "cma=16E", 0, 0, { NULL } },
	{ "nearly absurd", "cma=15E", 0, 0, { "exceeds limit", "cma: Failed" } },
};

KTAP_TABLE_TEST(test_cma_words, words, c)
{
	boot(&machine_6g, c->cmdline);
	for (size_t i = 0; i < ARRAY_SIZE(c->log) && c->log[i]; i++)
		expect_log(c->log[i]);
	expect_eq(PFN_PHYS(cma_area.count), c->size);
	expect_eq(cma_area.active, c->size != 0);
	if (c->size)
		expect_eq(PFN_PHYS(cma_area.base_pfn), c->base);
	else
		expect_no_log("cma: Reserved");
	expect_mm_sound();
	expect_eq(bad_page_count(), 0);
}

KTAP_TEST(test_cma_pageblocks_are_cma_and_nothing_else_is)
{
	unsigned long cma = 0;

	boot(&machine_6g, "cma=64M@256M");
	for (unsigned int i = 0; i < zone_range_count(); i++) {
		const struct zone_range *range = zone_range_get(i);

		for (unsigned long pfn = range->start; pfn < range->end;
		     pfn = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES) + PAGEBLOCK_NR_PAGES)
			cma += get_pageblock_migratetype(pfn) == MIGRATE_CMA;
	}
	expect_eq(cma, 32);
	expect_eq(get_pageblock_migratetype(256 M >> PAGE_SHIFT), MIGRATE_CMA);
	expect_eq(get_pageblock_migratetype((320 M >> PAGE_SHIFT) - 1), MIGRATE_CMA);
	expect_log(" 65536K cma-reserved)");
}

/* The border of two zones is inside: nobody could merge such blocks. */
KTAP_TEST(test_cma_across_zones_is_given_up)
{
	static const struct mm_machine tiny_low = {
		.ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 127 M, 0 } },
		.reserved = { { 0, 0x200000, 0 } },
	};
	unsigned long total;

	boot(&tiny_low, "");
	total = totalram_pages();
	boot(&tiny_low, "cma=8M@12M");
	expect_log("cma: Reserved 8 MiB at 0x0000000000c00000 on node -1");
	expect_log("cma: CMA area reserved could not be activated");
	expect_eq(cma_area.count, 0);
	expect_eq(totalcma_pages, 0);
	expect_eq(totalram_pages(), total);
	expect_mm_sound();
	expect_eq(bad_page_count(), 0);
}

/* A border of memblock's regions is no border of RAM, nor of a zone. */
KTAP_TEST(test_cma_where_hotplug_begins)
{
	mm_machine_reset();
	params_reset();
	mm_machine_memory(&machine_6g);
	memblock_mark_hotplug(5 G, 1 G);
	parse_early_param("cma=64M@5088M");
	dma_contiguous_reserve(memblock_end_of_DRAM());
	mm_machine_hand_over();
	expect_log("cma: Reserved 64 MiB at 0x000000013e000000 on node -1");
	expect_true(cma_area.active);
	expect_eq(cma_area.count, 64 M >> PAGE_SHIFT);
	expect_mm_sound();
	expect_eq(bad_page_count(), 0);
}

/* Movable pages may live there, others never. */
KTAP_TEST(test_cma_unmovable_stays_out)
{
	static const struct mm_machine machine = {
		.ram = { { 0x100000, 255 M, 0 } }, .reserved = { { 0, 0x200000, 0 } },
	};
	unsigned long inside = 0, taken = 0;
	struct page *page;

	boot(&machine, "cma=64M@64M");
	while ((page = alloc_pages(GFP_KERNEL | __GFP_NOWARN | __GFP_MEMALLOC, 0))) {
		phys_addr_t pa = page_to_phys(page);

		inside += pa >= 64 M && pa < 128 M;
		taken++;
	}
	expect_eq(inside, 0);
	expect_true(taken > (180 M >> PAGE_SHIFT));
	expect_true(alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN | __GFP_MEMALLOC, 0) != NULL);
	expect_mm_sound();
}

KTAP_TEST(test_cma_alloc_and_release)
{
	unsigned long before[NR_PAGE_ORDERS], after[NR_PAGE_ORDERS];
	struct page *all, *part;

	boot(&machine_6g, "cma=64M@256M");
	drain_all_pages();
	mm_histogram(before);
	part = cma_alloc(5, 3);
	require_true(part != NULL);
	expect_eq(page_to_phys(part), 256 M);
	expect_null(cma_alloc(64 M >> PAGE_SHIFT, 0));		/* not in one piece any more */
	expect_false(cma_release(pfn_to_page(1 G >> PAGE_SHIFT), 5));
	expect_false(cma_release(part, 1 G >> PAGE_SHIFT));
	expect_true(cma_release(part, 5));
	all = cma_alloc(64 M >> PAGE_SHIFT, 0);
	require_true(all != NULL);
	expect_null(cma_alloc(1, 0));
	expect_null(cma_alloc(0, 0));
	expect_true(cma_release(all, 64 M >> PAGE_SHIFT));
	drain_all_pages();
	mm_histogram(after);
	expect_mem_eq(before, after, sizeof(after));
	expect_mm_sound();
	expect_eq(bad_page_count(), 0);
}
