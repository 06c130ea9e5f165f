// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page allocator driven by bytes: allocations, right and wrong frees and releases, exact
 * ranges, splits, references, types that change, drains.  After each input every list is
 * sound, the ledger even, and freeing what is held restores the histogram of the beginning.
 */
#include "fuzz.h"
#include "host_phys.h"
#include "mm/buddy.h"
#include "mm/ledger.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm/release.h"
#include "mm_machine.h"

#define HELD	256

static const struct mm_machine machine = {
	.name = "8 MiB on two nodes",
	.ram = { { 0x100000, 0x433000, 0 }, { 0x533000, 0x3cd000, 1 } },
	.reserved = { { 0x300000, 0x7000, 0 }, { 0x600123, 0x2345, 0 } },
	.dirty = true,
};

static struct {
	unsigned long	pfn;
	unsigned long	pages;		/* 0: nothing; of a range: not a power of two, maybe */
	unsigned int	order;		/* NR_PAGE_ORDERS: a range */
} held[HELD];

static void take(unsigned int slot, uint8_t what)
{
	static const gfp_t gfps[] = {
		GFP_KERNEL, GFP_HIGHUSER_MOVABLE, GFP_KERNEL | __GFP_RECLAIMABLE,
		GFP_KERNEL | __GFP_MEMALLOC, GFP_KERNEL | __GFP_DMA, GFP_ATOMIC,
		GFP_KERNEL | __GFP_ZERO, GFP_KERNEL | __GFP_THISNODE,
	};
	unsigned int order = (what & 0x1f) % (NR_PAGE_ORDERS + 1);
	struct page *page = alloc_pages_node(slot & 1, gfps[what >> 5] | __GFP_NOWARN,
					     order % NR_PAGE_ORDERS);

	if (!page)
		return;
	if (held[slot].pages)
		abort();
	held[slot].pfn = page_to_pfn(page);
	held[slot].order = order % NR_PAGE_ORDERS;
	held[slot].pages = 1UL << held[slot].order;
}

static void give(unsigned int slot)
{
	if (held[slot].order == NR_PAGE_ORDERS)
		free_contig_range(held[slot].pfn, held[slot].pages);
	else
		__free_pages(pfn_to_page(held[slot].pfn), held[slot].order);
	held[slot].pages = 0;
}

/* A free that must be refused: nothing is held under exactly this page and order. */
static void misuse(unsigned long pfn, unsigned int order)
{
	struct page_state state;
	unsigned long free = nr_free_pages();

	page_get_state(pfn, &state);
	if (state.mark == MARK_ALLOC && state.head == pfn && state.order == order)
		return;
	__free_pages(pfn_to_page(pfn), order);
	if (state.mark == MARK_ALLOC && state.order)
		free_contig_range(pfn, 1);
	if (nr_free_pages() != free)
		abort();
}

static void take_range(unsigned int slot, unsigned long pfn, unsigned long pages)
{
	if (alloc_contig_range(pfn, pfn + pages, 0))
		return;
	held[slot].pfn = pfn;
	held[slot].pages = pages;
	held[slot].order = NR_PAGE_ORDERS;
}

/* A release that must be refused: nothing of it is reserved. */
static void release(unsigned long pfn, unsigned long pages)
{
	const unsigned long free = nr_free_pages();

	for (unsigned long i = 0; i < pages; i++)
		if (page_is_reserved(pfn + i))
			return;
	if (free_reserved_range(pfn, pages) || nr_free_pages() != free)
		abort();
}

/* A second reference, and back to one; or single pages instead of the block. */
static void refer_or_split(unsigned int slot, bool split)
{
	struct page *page = page_at(held[slot].pfn);

	if (held[slot].order == NR_PAGE_ORDERS)
		return;
	if (split) {
		split_page(page, held[slot].order);
		held[slot].order = NR_PAGE_ORDERS;
	} else {
		get_page(page);
		__free_pages(page, held[slot].order);
		if (page_count(page) != 1)
			abort();
	}
}

static void retype(unsigned long pfn, unsigned int type)
{
	struct zone *zone = zone_of_pfn(pfn);

	if (zone)
		move_freepages_block(zone, pfn, (enum migratetype)(type % PCP_TYPES));
}

static void step(uint8_t op, uint8_t slot, uint8_t what)
{
	const unsigned long pfn = 0x100 + (unsigned long)what * 8 + (slot & 7);

	if (op < 140)
		held[slot].pages ? give(slot) : take(slot, what);
	else if (op < 170)
		misuse(pfn, slot % (NR_PAGE_ORDERS + 2));
	else if (op < 190 && held[slot].pages)
		misuse(held[slot].pfn + (what & 3), what % NR_PAGE_ORDERS);
	else if (op < 220 && !held[slot].pages)
		take_range(slot, pfn, op * 3UL - 560);
	else if (op < 225)
		drain_all_pages();
	else if (op < 232)
		retype(pfn, slot);
	else if (op < 238)
		release(pfn, slot);
	else if (op < 250 && held[slot].pages)
		refer_or_split(slot, op & 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned long before[NR_PAGE_ORDERS], after[NR_PAGE_ORDERS];

	if (host_phys_size != SZ_16M)
		host_phys_init(SZ_16M);
	mm_machine_boot(&machine);
	memset(held, 0, sizeof(held));
	mm_histogram(before);
	for (size_t i = 0; i + 2 < size; i += 3)
		step(data[i], data[i + 1], data[i + 2]);
	expect_mm_sound();
	for (unsigned int slot = 0; slot < HELD; slot++)
		if (held[slot].pages)
			give(slot);
	mm_histogram(after);
	expect_mm_sound();
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		if (before[order] != after[order])
			abort();
	return 0;
}
