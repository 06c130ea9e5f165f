// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reserved pages that become ordinary memory after the hand-over: what memblock_free_late(), an
 * initrd, the init code, CMA areas and pools of huge pages give back.
 *
 * Callers may be mistaken, so every page is checked; what is not reserved is reported.
 */
#include "mm/release.h"

#include "mm/block_place.h"
#include "mm/blocks.h"
#include "mm/buddy.h"
#include "mm/handover.h"	/* memblock_free_late_page() */
#include "mm/ledger.h"
#include "mm/memblock.h"	/* memblock_is_memory() */
#include "mm/page_alloc/page_bad.h"
#include "mm/page_wipe.h"
#include "mm/pcp.h"
#include "mm/totalram.h"

/* A block of reserved pages of @zone goes to the buddy for the first time. */
static void release_block(struct zone *zone, unsigned long pfn, unsigned int order)
{
	wipe_pages(pfn, order);
	buddy_seed(zone, page_span_of(pfn), pfn, order);
}

/* Is a page that no zone has somebody's, so that two nodes share it?  Else it is no RAM. */
static bool is_shared_page(unsigned long pfn)
{
	struct ledger_entry entry;

	return memblock_is_memory(PFN_PHYS(pfn)) && ledger_find_record(PFN_PHYS(pfn), &entry);
}

/* Return: false if the page is in a block, or on a stack. */
static bool release_reserved(struct zone *zone, unsigned long pfn)
{
	bool reserved;

	drain_pages_zone(zone);		/* else the page is searched for on all the stacks */
	spin_lock(&zone->lock);
	reserved = page_is_reserved(pfn);
	if (reserved)
		release_block(zone, pfn, 0);
	spin_unlock(&zone->lock);
	return reserved;
}

static bool release_page(unsigned long pfn, unsigned long caller)
{
	struct zone *zone = zone_of_pfn(pfn);

	if (!zone && is_shared_page(pfn))
		return false;
	if (zone && release_reserved(zone, pfn))
		return true;
	bad_page(pfn, 0, caller);
	return false;
}

__noinline bool memblock_free_late_page(unsigned long pfn)
{
	return release_page(pfn, RET_IP);
}

__noinline bool free_reserved_page(unsigned long pfn)
{
	bool freed = release_page(pfn, RET_IP);

	totalram_pages_add(freed);
	return freed;
}

/* ---- ranges ------------------------------------------------------------------------------ */

/* Is all of @pfn's pageblock that is in @span reserved? */
static bool was_never_given(const struct page_span *span, unsigned long pfn)
{
	const struct pageblock *block = span_block(span, pfn);
	struct page_state state;

	if (units_lo(&block->units) | units_hi(&block->units) | block->split)
		return false;
	page_get_state(pfn, &state);		/* it may be the second half of a largest block */
	return state.mark == MARK_NONE;
}

/* The first page at or after @pfn, below @end, that is not reserved; @end if all are. */
static unsigned long reserved_until(unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		const struct page_span *span = page_span_of(pfn);

		if (span && was_never_given(span, pfn))
			pfn = MIN(end, ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES) + PAGEBLOCK_NR_PAGES);
		else if (page_is_reserved(pfn))
			pfn++;
		else
			break;
	}
	return pfn;
}

static void release_blocks(struct zone *zone, unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		const unsigned int order = largest_block_order(pfn, end, MAX_PAGE_ORDER);

		release_block(zone, pfn, order);
		pfn += 1UL << order;
	}
}

__noinline unsigned long free_reserved_range(unsigned long pfn, unsigned long pages)
{
	const unsigned long end = pfn + pages;
	const struct zone_range *range;
	unsigned long freed = 0;

	while (pfn < end && (range = zone_range_from(pfn)) && range->start < end) {
		unsigned long start = MAX(pfn, range->start);

		/* A pageblock whose blocks are all on stacks reads like one never given. */
		drain_pages_zone(range->zone);
		spin_lock(&range->zone->lock);
		pfn = reserved_until(start, MIN(end, range->end));
		release_blocks(range->zone, start, pfn);
		spin_unlock(&range->zone->lock);
		freed += pfn - start;
		if (pfn == start)
			bad_page(pfn++, 0, RET_IP);
	}
	totalram_pages_add((long)freed);
	return freed;
}

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
		pr_info("Freeing %s memory: %luK\n", name, freed << (PAGE_SHIFT - 10));
		totalram_report(name);
	}
	return freed;
}
