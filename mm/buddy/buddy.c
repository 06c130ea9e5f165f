// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking and giving blocks.
 *
 * What costs time in a buddy allocator is cache lines and branches that nobody can predict.
 * Hence: the states of 64 pages, which also tell whether a free is right, are half a cache line
 * (mm/page.h); a block is taken or given by changing two words, without a loop over orders; lists
 * hold chunks and pageblocks by their largest free block, and most frees do not change that.
 *
 *	take 1 page	1 1 1 1 0 0 1 0		the lowest free block of just this order, else
 *			            ^		the lowest free page
 *	give 2 pages	1 1 1 1 1 1 0 0		merging is no operation: free blocks are the
 *			        ^^^		aligned runs of free units
 *
 * Invariants between calls, which buddy_broken() checks:
 *	(1) every split chunk is on the list of its largest free block, of its pageblock's type;
 *	    a pageblock of which anything was ever given likewise;
 *	(2) no split chunk is wholly free: it is a free unit of its pageblock then.  No two
 *	    pageblocks that make a largest block are both wholly free, if their types may merge;
 *	(3) struct pageblock.below of a split chunk is that of its free pages;
 *	(4) the bit of a list that is not empty is set in zone->avail.
 */
#include "mm/buddy/buddy_internal.h"

/* ---- pageblocks --------------------------------------------------------------------- */

/* The other pageblock of the largest block around @pfn if all of it is free, else NULL. */
static inline struct pageblock *whole_buddy(const struct zone *zone, const struct page_span *span,
					    unsigned long pfn)
{
	const unsigned long buddy = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES) ^ PAGEBLOCK_NR_PAGES;
	struct pageblock *block = span_block(span, buddy);

	if (PAGEBLOCKS_PER_BLOCK == 1 || !page_span_has(span, buddy))
		return NULL;
	return units_free(&block->units) == ALL_CHUNKS && block->zone == zone ? block : NULL;
}

/* The free pageblock of @pfn, which is on no list, and its free buddy become one block. */
static void unite(struct zone *zone, const struct page_span *span, unsigned long pfn,
		  struct pageblock *buddy, bool end)
{
	struct pageblock *block = span_block(span, pfn);

	head_leave(&buddy->units.head);
	head_init(&buddy->units.head);
	head_init(&block->units.head);
	units_set_lo(&block->units, 0);
	units_set_lo(&buddy->units, 0);
	block_set_type(buddy, block->type);
	block = span_block(span, ALIGN_DOWN(pfn, MAX_ORDER_NR_PAGES));
	units_set_lo(&block->units, 1U << LARGEST_UNIT);
	block_join(zone, block, end);
}

void block_changed(struct zone *zone, const struct page_span *span, unsigned long pfn, bool end)
{
	struct pageblock *block = span_block(span, pfn), *buddy;
	const unsigned int list = block_list(units_free(&block->units));

	head_leave(&block->units.head);
	if (list == PAGEBLOCK_ORDER || list == PAGEBLOCK_ORDER - 1) {
		buddy = whole_buddy(zone, span, pfn);
		if (buddy && list == PAGEBLOCK_ORDER && types_may_merge(block->type, buddy->type))
			return unite(zone, span, pfn, buddy, end);
		end |= buddy && list < PAGEBLOCK_ORDER;
	}
	block_join(zone, block, end);
}

void cut_largest(struct zone *zone, const struct page_span *span, unsigned long pfn)
{
	struct pageblock *block = span_block(span, pfn);
	struct pageblock *upper = span_block(span, pfn + PAGEBLOCK_NR_PAGES);

	head_leave(&block->units.head);
	units_set_lo(&block->units, ALL_CHUNKS);
	units_set_lo(&upper->units, ALL_CHUNKS);
	block_set(upper, zone, block->type, upper->flags);
	block_join(zone, upper, false);
	block_join(zone, block, false);
}

__noinline void chunk_grown(struct zone *zone, const struct page_span *span, unsigned long pfn,
			    bool end)
{
	struct pageblock *block = span_block(span, pfn);
	struct units *chunk = span_chunk(span, pfn);

	head_leave(&chunk->head);
	if (likely(units_free(chunk) != ALL_PAGES))
		return chunk_join(zone, block, chunk, pfn, end);
	__atomic_store_n(&block->split, (uint8_t)(block->split ^ unit_bit(pfn)), __ATOMIC_RELEASE);
	units_set_lo(&block->units, units_lo(&block->units) | unit_bit(pfn));
	block_changed(zone, span, pfn, end);
}

/* ---- take --------------------------------------------------------------------------- */

/*
 * The lowest list from that of @order up that is not empty; LIST_NONE: all are.
 *
 *	avail		0 0 1 0 0 1 0	list 0 on the right, order 2: list 4 may have a member
 *	| LIST_NONE	1 0 1 0 0 1 0	so that the search always ends
 *	& ~0 << order	1 0 1 0 0 0 0
 */
static inline unsigned int list_from(struct zone *zone, unsigned int order, unsigned int type)
{
	unsigned int from;

	for (;;) {
		from = (unsigned int)__builtin_ctz((zone->avail[type] | 1U << LIST_NONE) &
						   ~0U << order);
		if (from == LIST_NONE || !ring_is_empty(&zone->list[type][from]))
			return from;
		zone->avail[type] &= (uint16_t)~BIT(from);
	}
}

unsigned int buddy_smallest(struct zone *zone, unsigned int order, enum migratetype type)
{
	return list_from(zone, order, type);
}

/* An allocated block of @order below CHUNK_ORDER out of the first chunk on the list of @from. */
static inline unsigned long take_pages(struct zone *zone, unsigned int order, unsigned int from,
				       unsigned int type)
{
	struct units *chunk = chunk_of_head(zone->list[type][from].next);
	const struct page_span *span = member_span(zone, chunk);
	const unsigned long pfn = chunk_pfn(span, chunk);
	const unsigned int page = bits_best(units_free(chunk), order);

	units_set_lo(chunk, units_lo(chunk) ^ 1ULL << page);
	units_or_hi(chunk, bits_block(order) << page);
	count_free(zone, type, -(1L << order));
	head_leave(&chunk->head);
	chunk_join(zone, span_block(span, pfn), chunk, pfn, false);
	return pfn + page;
}

/*
 * 2^@order free pages, CHUNK_ORDER to PAGEBLOCK_ORDER, out of the first pageblock on the
 * list of @from or of the first largest block.  Not free afterwards, not allocated yet.
 */
static inline unsigned long take_units(struct zone *zone, unsigned int order, unsigned int from,
				       unsigned int type)
{
	struct pageblock *block = pageblock_of_head(zone->list[type][from].next);
	const struct page_span *span = member_span(zone, block);
	unsigned int unit;

	if (from > PAGEBLOCK_ORDER)
		cut_largest(zone, span, block_pfn(span, block));
	unit = bits_best(units_free(&block->units), order - CHUNK_ORDER);
	units_set_lo(&block->units,
		     units_lo(&block->units) ^ bits_block(order - CHUNK_ORDER) << unit);
	head_leave(&block->units.head);
	block_join(zone, block, false);
	return block_pfn(span, block) + ((unsigned long)unit << CHUNK_ORDER);
}

static unsigned long take_largest(struct zone *zone, unsigned int type)
{
	struct pageblock *block = pageblock_of_head(zone->list[type][MAX_PAGE_ORDER].next);

	head_leave(&block->units.head);
	units_set_lo(&block->units, 0);
	units_or_hi(&block->units, 1U << LARGEST_UNIT);
	block_join(zone, block, false);
	return block_pfn(member_span(zone, block), block);
}

/*
 * An allocated block of @order for which whole chunks are needed: some of them or, below
 * CHUNK_ORDER, the first pages of one.
 */
static __noinline unsigned long take_large(struct zone *zone, unsigned int order,
					   unsigned int from, unsigned int type)
{
	const struct page_span *span;
	struct units *chunk;
	struct place place;
	unsigned long pfn;

	count_free(zone, type, -(1L << order));
	if (order > PAGEBLOCK_ORDER)
		return take_largest(zone, type);
	pfn = take_units(zone, MAX(order, (unsigned int)CHUNK_ORDER), from, type);
	span = zone_span_of(zone, pfn);
	if (order >= CHUNK_ORDER) {
		place = place_of(&shapes[order], span, pfn);
		block_allocate(&place);
		return pfn;
	}
	chunk = span_chunk(span, pfn);
	begin_chunk(span_block(span, pfn), chunk, pfn, ALL_PAGES ^ 1, bits_block(order));
	chunk_join(zone, span_block(span, pfn), chunk, pfn, false);
	return pfn;
}

unsigned long __rmqueue_smallest(struct zone *zone, unsigned int order, enum migratetype type)
{
	const unsigned int from = list_from(zone, order, type);

	if (from < CHUNK_ORDER)
		return take_pages(zone, order, from, type);
	return likely(from != LIST_NONE) ? take_large(zone, order, from, type) : PFN_NONE;
}

struct units *buddy_take_chunk(struct zone *zone, enum migratetype type, unsigned long *pfn,
			       uint64_t *pages)
{
	const unsigned int from = list_from(zone, 0, type);
	const struct page_span *span;
	struct units *chunk;

	if (from == LIST_NONE)
		return NULL;
	*pages = ALL_PAGES;
	if (from < CHUNK_ORDER) {
		chunk = chunk_of_head(zone->list[type][from].next);
		span = member_span(zone, chunk);
		*pfn = chunk_pfn(span, chunk);
		*pages = units_free(chunk);
		units_set_lo(chunk, units_lo(chunk) ^ *pages);
		head_leave(&chunk->head);
	} else {
		*pfn = take_units(zone, CHUNK_ORDER, from, type);
		span = zone_span_of(zone, *pfn);
		chunk = span_chunk(span, *pfn);
		begin_chunk(span_block(span, *pfn), chunk, *pfn, 0, 0);
	}
	count_free(zone, type, -(long)bits_count(*pages));
	chunk_join(zone, span_block(span, *pfn), chunk, *pfn, false);
	return chunk;
}

/* ---- give ---------------------------------------------------------------------------- */

void __free_one_page(struct zone *zone, const struct page_span *span, unsigned long pfn,
		     unsigned int order)
{
	const struct place place = place_of(&shapes[order], span, pfn);
	const struct pageblock *block = span_block(span, pfn);

	units_give(place.units, place.block);
	count_free(zone, block->type, 1L << order);
	if (order < CHUNK_ORDER)
		chunk_given(zone, span, block, place.units, pfn, false);
	else
		block_changed(zone, span, pfn, false);
}

/* The untracked @pages of the split chunk at @pfn become free; @end: it goes to its list's end. */
static inline void give_pages(struct zone *zone, const struct page_span *span, unsigned long pfn,
			      uint64_t pages, bool end)
{
	struct units *chunk = span_chunk(span, pfn);
	uint64_t free;

	units_give(chunk, pages);
	free = units_free(chunk);
	if (list_below(free, chunk_list(free)) != span_block(span, pfn)->below[unit_of(pfn)])
		chunk_grown(zone, span, pfn, end);
}

/*
 * Those blocks at the beginning of @blocks[] that the same chunk describes become free.
 * Return: how many.
 */
static inline unsigned int give_same_chunk(struct zone *zone, const struct stacked *blocks,
					   unsigned int count, unsigned int order)
{
	const struct stacked *at = blocks, *const end = blocks + count;
	const unsigned long pfn = stacked_pfn(blocks);
	uint64_t free = 0;

	do {
		free |= units_of_stacked(order, at);
	} while (++at < end && at->units == blocks->units);
	give_pages(zone, zone_span_of(zone, pfn), pfn, free, false);
	return (unsigned int)(at - blocks);
}

/* Blocks off a stack are of its type, but another CPU may have changed that of a pageblock. */
static void count_stacked(struct zone *zone, const struct stacked *blocks, unsigned int count,
			  unsigned int order)
{
	count_free(zone, MIGRATE_MOVABLE, (long)((unsigned long)count << order));
	for (unsigned int i = 0; zone->cma_pages && i < count; i++) {
		const unsigned long pfn = stacked_pfn(&blocks[i]);

		if (span_block(zone_span_of(zone, pfn), pfn)->type == MIGRATE_CMA)
			zone->free_cma_pages += 1UL << order;
	}
}

void buddy_give_untracked(struct zone *zone, const struct stacked *blocks, unsigned int count,
			  unsigned int order)
{
	unsigned int i = 0;

	count_stacked(zone, blocks, count, order);
	while (order < CHUNK_ORDER && i < count)
		i += give_same_chunk(zone, blocks + i, count - i, order);
	for (; i < count; i++) {
		const unsigned long pfn = stacked_pfn(&blocks[i]);

		units_give(blocks[i].units, units_of_stacked(order, &blocks[i]));
		block_changed(zone, zone_span_of(zone, pfn), pfn, false);
	}
}

void buddy_seed_pages(struct zone *zone, const struct page_span *span, unsigned long pfn,
		      uint64_t pages)
{
	const unsigned long count = bits_count(pages);
	struct pageblock *block = span_block(span, pfn);
	struct units *chunk = span_chunk(span, pfn);

	block_set(block, zone, block->type, block->flags);
	count_free(zone, block->type, (long)count);
	zone->managed_pages += count;
	if (chunk_is_split(span, pfn)) {
		give_pages(zone, span, pfn, pages, true);
		return;
	}
	begin_chunk(block, chunk, pfn, pages, 0);
	if (pages == ALL_PAGES)
		chunk_grown(zone, span, pfn, true);
	else
		chunk_join(zone, block, chunk, pfn, true);
}

void buddy_seed(struct zone *zone, const struct page_span *span, unsigned long pfn,
		unsigned int order)
{
	struct pageblock *block = span_block(span, pfn);

	if (order < CHUNK_ORDER) {
		buddy_seed_pages(zone, span, pfn, bits_block(order) << pfn % CHUNK_PAGES);
		return;
	}
	block_set(block, zone, block->type, block->flags);
	count_free(zone, block->type, 1L << order);
	zone->managed_pages += 1UL << order;
	units_give(&block->units, place_of(&shapes[order], span, pfn).block);
	block_changed(zone, span, pfn, true);
}
