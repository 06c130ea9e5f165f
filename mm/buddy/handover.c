// SPDX-License-Identifier: GPL-2.0-only
/*
 * Seeding: memblock_free_all() gives all free pages to the buddy.
 *
 * Blocks come in ascending order, each as large as its alignment and the end of its free range
 * allow:
 *
 *	range		  [---------------------------------)
 *	blocks		  [0|  1  |       3       |  2  | 0 )	orders
 *
 * Nearly all of RAM are runs of largest blocks, which never merge: such a block costs its first
 * pageblock and a link at the end of a list.  Blocks below CHUNK_ORDER are at the ends of ranges;
 * those of one chunk are collected and go to the buddy together:
 *
 *	pages of a chunk	63 . . . . . . . . . . . . . . . 0
 *	chunk_pages		 1 1 1 1 1 1 1 1 1 1 1 1 0 0 0 0	0: another zone's or span's
 *	chunk_missing		 1 1 1 1 0 0 0 1 1 0 0 1 0 0 0 0	not free, or not yet told
 *	to the buddy		 0 0 0 0 1 1 1 0 0 1 1 0 0 0 0 0	chunk_pages ^ chunk_missing
 *
 * The chunk is closed when a block of another chunk comes, and by handover_end().  What fits
 * neither is seeded alone.  Releases later in life are mm/page_alloc/release.c's.
 */
#include "mm/handover.h"

#include "mm/buddy/buddy_internal.h"
#include "mm/page_wipe.h"

struct handover handover;

/* ---- the open chunk ------------------------------------------------------------------ */

/* Return: false if the block is in another chunk, or has come already. */
static inline bool add_to_open_chunk(unsigned long pfn, unsigned int order)
{
	const uint64_t pages = bits_block(order) << pfn % CHUNK_PAGES;

	if (ALIGN_DOWN(pfn, CHUNK_PAGES) != handover.chunk_start || ~handover.chunk_missing & pages)
		return false;
	handover.chunk_missing ^= pages;
	return true;
}

static void close_chunk(void)
{
	const uint64_t pages = handover.chunk_pages ^ handover.chunk_missing;

	if (pages)
		buddy_seed_pages(handover.zone, handover.span, handover.chunk_start, pages);
	handover.chunk_pages = handover.chunk_missing = 0;
}

/* The chunk around @pfn, or the part of it that is in the zone and span of the hand-over. */
static void open_chunk(unsigned long pfn)
{
	const unsigned long start = ALIGN_DOWN(pfn, CHUNK_PAGES);
	const unsigned long end = handover.start + handover.pages;
	uint64_t pages = ALL_PAGES;

	if (start < handover.start)
		pages <<= handover.start - start;
	if (end - start < CHUNK_PAGES)
		pages &= ALL_PAGES >> (CHUNK_PAGES - (end - start));
	handover.chunk_start = start;
	handover.chunk_pages = handover.chunk_missing = pages;
}

/* ---- runs of largest blocks ------------------------------------------------------------- */

/*
 * The next largest block of a run is described by the pageblock behind those of the last, and goes
 * behind it on the list.  Return: false if there is no run, or @pfn does not continue it.
 */
static inline bool extend_run(unsigned long pfn)
{
	struct pageblock *last = handover.run_last, *block;
	struct zone *zone = handover.zone;

	if (unlikely(pfn != handover.run_next || pfn >= handover.run_end))
		return false;
	block = last + PAGEBLOCKS_PER_BLOCK;
	if (unlikely(block->type != last->type))
		return false;
	units_set_lo(&block->units, 1U << LARGEST_UNIT);
	block->zone = zone;
	block->stacks = last->stacks;
	head_join(&block->units.head, &last->units.head);
	handover.run_last = block;
	handover.run_next = pfn + MAX_ORDER_NR_PAGES;
	zone->managed_pages += MAX_ORDER_NR_PAGES;
	zone->listed_pages += MAX_ORDER_NR_PAGES;
	return true;
}

/* The largest block at @pfn, just put on its list, may be the first of a run. */
static void begin_run(unsigned long pfn)
{
	handover.run_last = span_block(handover.span, pfn);
	if (MAX_PAGE_ORDER == PAGEBLOCK_ORDER || handover.run_last->type >= PCP_TYPES)
		return;
	handover.run_next = pfn + MAX_ORDER_NR_PAGES;
	handover.run_end = ALIGN_DOWN(handover.start + handover.pages, MAX_ORDER_NR_PAGES);
}

/* ---- all others --------------------------------------------------------------------------- */

/* A block that is in the zone and span of the hand-over as a whole. */
static void seed_here(unsigned long pfn, unsigned int order)
{
	if (order < CHUNK_ORDER) {
		open_chunk(pfn);
		add_to_open_chunk(pfn, order);
		return;
	}
	buddy_seed(handover.zone, handover.span, pfn, order);
	if (order == MAX_PAGE_ORDER)
		begin_run(pfn);
}

/* Find zone and span of the pages [pfn, end), and seed them, cut where either ends. */
static void seed_anywhere(unsigned long pfn, unsigned long end, unsigned int order)
{
	while (pfn < end) {
		const struct zone_range *range = zone_range_from(pfn);
		const struct page_span *span = page_span_of(pfn);

		if (!range || range->start > pfn || !span)
			return;		/* not described: above the highest page number */
		handover.start = MAX(range->start, span->start);
		handover.pages = MIN(range->end, span->start + span->pages) - handover.start;
		handover.zone = range->zone;
		handover.span = span;
		while (pfn + (1UL << order) > handover.start + handover.pages)
			order--;
		wipe_pages(pfn, order);
		buddy_seed(handover.zone, span, pfn, order);
		pfn += 1UL << order;
	}
}

/* A block that neither continues the run nor is in the open chunk. */
static __noinline void seed_block(unsigned long pfn, unsigned int order)
{
	const unsigned long end = pfn + (1UL << order);

	BUG_ON(!handover.running);
	handover.run_next = PFN_NONE;
	close_chunk();
	if (likely(pfn - handover.start < handover.pages &&
		   end - handover.start <= handover.pages && !(page_options & OPTIONS_FREE)))
		seed_here(pfn, order);
	else
		seed_anywhere(pfn, end, order);
}

/* ---- what memblock calls ------------------------------------------------------------------- */

void handover_begin(void)
{
	handover = (struct handover){ .running = true, .run_next = PFN_NONE };
}

void handover_end(void)
{
	close_chunk();
	handover.running = false;
	handover.run_next = PFN_NONE;
}

static __always_inline void __free_pages_core(unsigned long pfn, unsigned int order)
{
	if (order < CHUNK_ORDER ? add_to_open_chunk(pfn, order) :
				  order == MAX_PAGE_ORDER && likely(extend_run(pfn)))
		return;
	seed_block(pfn, order);
}

void memblock_free_pages(struct page *page, unsigned long pfn, unsigned int order)
{
	(void)page;
	__free_pages_core(pfn, order);
}

/* A page that was never given to the buddy is reserved; nothing has to be written for that. */
void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid)
{
	(void)start;
	(void)end;
	(void)nid;
}
