// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reserved pages that become ordinary memory late: what callers may get wrong about a range, and
 * pages that no zone has.
 */
#include "ktap.h"

#include "mm/buddy.h"
#include "mm/ledger.h"
#include "mm/memblock_event.h"
#include "mm/page_alloc.h"
#include "mm/release.h"
#include "mm_machine.h"

#define RESERVED	0x20000UL	/* first page of a pageblock, and of a largest block */
#define RESERVED_PAGES	0x280UL		/* it and the first half of the next */
#define HOLE		0x50000000UL

static const struct mm_machine machine = {
	.ram = { { 0x100000, 0x3ff00000, 0 } },
	.reserved = { { 0x20000000, 0x280000, 0 } },
};

KTAP_SETUP
{
	mm_machine_boot(&machine);
}

/*
 *	pageblocks	|---------------|---------------|
 *	reserved	 =======================
 *	range		        [~~~~~~~~~~~~~~~~~)
 *	released	        [===============)
 */
KTAP_TEST(test_release_range_from_the_middle_of_a_pageblock)
{
	const unsigned long free = nr_free_pages();

	expect_eq(free_reserved_range(RESERVED + 0x100, 0x200), 0x180);
	expect_eq(bad_page_count(), 0x80);
	expect_eq(nr_free_pages(), free + 0x180);
	ledger_release((RESERVED + 0x100) << PAGE_SHIFT, 0x180UL << PAGE_SHIFT);
	expect_mm_sound();
}

/* The words of the second half of a largest block are those of pages never given. */
KTAP_TEST(test_release_second_half_of_a_largest_block_is_refused)
{
	struct page *block = alloc_pages(GFP_KERNEL, MAX_PAGE_ORDER);
	unsigned long pfn, free = nr_free_pages();

	require_true(block);
	pfn = page_to_pfn(block) + MAX_ORDER_NR_PAGES / 2;
	expect_eq(free_reserved_range(pfn, MAX_ORDER_NR_PAGES / 2), 0);
	expect_eq(bad_page_count(), MAX_ORDER_NR_PAGES / 2);
	expect_eq(nr_free_pages(), free);
	__free_pages(block, MAX_PAGE_ORDER);
	expect_mm_sound();
}

/* Somebody reserved what is no RAM: such a page is nobody's to give, and that is reported. */
KTAP_TEST(test_release_reserved_page_that_is_no_ram_is_reported)
{
	mm_machine_reset();
	mm_machine_memory(&machine);
	ledger_reserve(HOLE, PAGE_SIZE, "hole");
	mm_machine_hand_over();
	expect_false(free_reserved_page(PFN_DOWN(HOLE)));
	expect_eq(bad_page_count(), 1);
}
