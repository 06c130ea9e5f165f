// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a 32-bit kernel does at the hand-over (mm/QUESTIONS.md): the direct map ends at
 * max_low_pfn, memblock_free_all() gives the buddy what lies below, and free_highpages() of
 * Linux's 32-bit kernel the rest, page by page.  Kernels of 64 bits have no such memory; here
 * the real memblock and buddy are made to.
 *
 *	RAM	[0x40000000 ........ low: 760 MiB ........ 0x6f7fffff | ... high ... 0xbfffffff]
 *	given	     memblock_free_all()                                free_highpages()
 */
#include "ktap.h"

#include "mm/memblock.h"
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm/release.h"
#include "mm/totalram.h"
#include "mm_machine.h"

#define MIB(n)	((n) * (phys_addr_t)SZ_1M)
#define RAM	0x40000000ULL
#define LOWMEM	MIB(760)		/* what 32-bit ARM maps with 3 GiB for programs */
#define HIGHMEM	(RAM + LOWMEM)

static const struct mm_machine board = {
	.name = "2 GiB from 1 GiB on",
	.ram = { { RAM, MIB(2048), 0 } },
	.reserved = { { RAM + 0x8000, MIB(8), 0 }, { HIGHMEM + MIB(16) + 0x800, 0x1000, 0 } },
};

/* Up to the hand-over, with a direct map that ends at page frame @end. */
static void hand_over_below(unsigned long end)
{
	mm_machine_reset();
	mm_machine_memory(&board);
	max_pfn = PFN_DOWN(memblock_end_of_DRAM());
	max_low_pfn = end;
	memblock_set_current_limit(PFN_PHYS(end));	/* no allocation where nothing is mapped */
	memblock_set_bottom_up(true);			/* the border's surroundings stay free */
	zone_sizes_init();
	mm_core_init();
}

static bool is_free(phys_addr_t pa)
{
	struct page_state state;

	page_get_state(PFN_DOWN(pa), &state);
	return state.mark == MARK_FREE;
}

/* As Linux's does it: memory that is free in memblock and not NOMAP, the part above the border. */
static unsigned long free_highpages(void)
{
	phys_addr_t start, end;
	unsigned long pages = 0;
	uint64_t i;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL) {
		unsigned long pfn = MAX(PFN_UP(start), max_low_pfn);

		for (; pfn < PFN_DOWN(end); pfn++)
			pages += free_reserved_page(pfn);
	}
	return pages;
}

KTAP_TEST(test_highmem_is_given_after_the_hand_over)
{
	const unsigned long reserved_high = 2;	/* a page's worth that begins inside of one */
	unsigned long low, high;

	hand_over_below(PFN_DOWN(HIGHMEM));
	low = totalram_pages();
	expect_true(low < LOWMEM >> PAGE_SHIFT);
	expect_true(is_free(HIGHMEM - PAGE_SIZE));
	expect_false(is_free(HIGHMEM));
	expect_false(is_free(RAM + MIB(2048) - PAGE_SIZE));

	high = free_highpages();
	expect_eq(high, (MIB(2048) - LOWMEM) / PAGE_SIZE - reserved_high);
	expect_eq(totalram_pages(), low + high);
	expect_true(is_free(HIGHMEM));
	expect_true(is_free(RAM + MIB(2048) - PAGE_SIZE));
	expect_false(is_free(HIGHMEM + MIB(16)));
	expect_false(is_free(HIGHMEM + MIB(16) + PAGE_SIZE));
}

/* Blocks do not care where they came from: pages of both sides of the border merge. */
KTAP_TEST(test_highmem_merges_with_low_memory)
{
	struct page_state state;

	hand_over_below(PFN_DOWN(HIGHMEM) + 1);
	free_highpages();
	drain_all_pages();
	page_get_state(PFN_DOWN(HIGHMEM), &state);
	expect_eq(state.mark, MARK_FREE);
	expect_eq(state.order, MAX_PAGE_ORDER);
}
