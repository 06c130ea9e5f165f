// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking and giving blocks.
 *
 * What costs time in a buddy allocator is cache lines, and branches that nobody can
 * predict.  Hence: the states of 64 pages, which say whether a free is right too, are
 * half a cache line (page.h); a block is taken or given by changing two words, without a
 * loop over orders; lists hold chunks and pageblocks, by their largest free block, and a
 * chunk moves between them without asking whether it has to.
 *
 *	take 1 page	1 1 1 1 0 0 1 0		a block of just this order if there is one,
 *			            ^		else the lowest that has room
 *	give 2 pages	1 1 1 1 1 1 0 0		whatever is free together has merged
 *			        ^^^
 *
 * Invariant between calls: every chunk is on the list of its largest free block, unless it
 * is hot or warm (zone.h); no chunk is wholly free, unless hot: it is a free unit of its
 * pageblock; the same for pageblocks and their chunks; zone->avail has at least the
 * bits of the lists that are not empty.  buddy_broken() checks it.
 */
#include "mm/buddy_internal.h"

/* ---- pageblocks --------------------------------------------------------------------- */

/* The other pageblock of the largest block that @pfn is in, if it is free as a whole. */
static inline struct pageblock *whole_buddy(const struct zone *zone, const struct page_span *span,
					    unsigned long pfn)
{
	const unsigned long buddy = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES) ^ PAGEBLOCK_NR_PAGES;
	struct pageblock *block = span_block(span, buddy);

	if (MAX_PAGE_ORDER == PAGEBLOCK_ORDER || !page_span_has(span, buddy))
		return NULL;
	return block_free(block) == ALL_CHUNKS && block->zone == zone ? block : NULL;
}

/* The free pageblock of @pfn, on no list, and its free buddy become one block. */
static void unite(struct zone *zone, const struct page_span *span, unsigned long pfn,
		  struct pageblock *buddy, bool end)
{
	struct pageblock *block = span_block(span, pfn);
	const unsigned int type = block->type;

	head_leave(&buddy->head);
	head_init(&buddy->head);
	head_init(&block->head);
	block->lo = buddy->lo = 0;
	buddy->type = (uint8_t)type;
	block = span_block(span, ALIGN_DOWN(pfn, MAX_ORDER_NR_PAGES));
	block->flags |= BLOCK_FREE;
	list_add(zone, &block->head, MAX_PAGE_ORDER, type, end);
}

void block_changed(struct zone *zone, const struct page_span *span, unsigned long pfn, bool end)
{
	struct pageblock *block = span_block(span, pfn), *buddy;
	const unsigned int list = block_list(block_free(block));

	head_leave(&block->head);
	if (list == PAGEBLOCK_ORDER || list == PAGEBLOCK_ORDER - 1) {
		buddy = whole_buddy(zone, span, pfn);
		if (buddy && list == PAGEBLOCK_ORDER && types_may_merge(block->type, buddy->type))
			return unite(zone, span, pfn, buddy, end);
		end |= buddy && list < PAGEBLOCK_ORDER;
	}
	list_add(zone, &block->head, list, block->type, end);
}

void chunk_whole(struct zone *zone, const struct page_span *span, unsigned long pfn,
			    bool end)
{
	struct pageblock *block = span_block(span, pfn);

	block->split ^= (uint8_t)unit_bit(pfn);
	block->lo |= (uint8_t)unit_bit(pfn);
	block_changed(zone, span, pfn, end);
}

void cut_largest(struct zone *zone, const struct page_span *span, unsigned long pfn)
{
	struct pageblock *block = span_block(span, pfn);
	struct pageblock *upper = span_block(span, pfn + PAGEBLOCK_NR_PAGES);

	head_leave(&block->head);
	block->flags ^= BLOCK_FREE;
	block->lo = upper->lo = ALL_CHUNKS;
	upper->zone = zone;
	list_add(zone, &upper->head, PAGEBLOCK_ORDER, block->type, false);
	list_add(zone, &block->head, PAGEBLOCK_ORDER, block->type, false);
}

/* ---- warm chunks -------------------------------------------------------------------- */

__noinline void settle_oldest(struct zone *zone)
{
	struct chunk *chunk = chunk_of(zone->warm.next);
	const struct page_span *span = member_span(zone, chunk);
	const unsigned long pfn = chunk_pfn(span, chunk);
	struct pageblock *block = span_block(span, pfn);

	head_leave(&chunk->head);
	zone->nr_warm--;
	block->apart ^= (uint8_t)unit_bit(pfn);
	chunk_settle(zone, block, chunk, pfn, zone->warm_end);
}

void settle_warm(struct zone *zone)
{
	while (zone->nr_warm)
		settle_oldest(zone);
}

__noinline void chunk_filled(struct zone *zone, const struct page_span *span, unsigned long pfn)
{
	struct pageblock *block = span_block(span, pfn);
	struct chunk *chunk = span_chunk(span, pfn);

	if (block->type < HOT_TYPES && zone->hot[block->type].chunk == chunk)
		return;
	head_leave(&chunk->head);
	zone->nr_warm--;
	block->apart ^= (uint8_t)unit_bit(pfn);
	chunk_whole(zone, span, pfn, zone->warm_end);
}

/* ---- take --------------------------------------------------------------------------- */

unsigned int buddy_avail(struct zone *zone, enum migratetype type)
{
	unsigned int avail = 0;

	settle_warm(zone);
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		avail |= (unsigned int)!list_empty(&zone->list[type][order]) << order;
	return avail;
}

/* A member has lost its largest block, perhaps: to the front of list @to. */
static inline void list_sink(struct zone *zone, struct head *head, unsigned int to,
			     unsigned int type)
{
	head_leave(head);
	list_add(zone, head, to, type, false);
}

/* A block of @order below CHUNK_ORDER out of the first chunk on the list of @from. */
static inline unsigned long take_pages(struct zone *zone, unsigned int order, unsigned int from,
				       unsigned int type)
{
	struct chunk *chunk = chunk_of(zone->list[type][from].next);
	uint64_t free = chunk_free(chunk);
	const unsigned int page = bits_best(free, order);
	const uint64_t pages = bits_block(order) << page;

	chunk->lo ^= 1ULL << page;
	chunk->hi |= pages;
	count_free(zone, type, -(1L << order));
	list_sink(zone, &chunk->head, chunk_list(free ^ pages), type);
	return chunk_pfn(member_span(zone, chunk), chunk) + page;
}

/*
 * 2^@order free pages, CHUNK_ORDER to PAGEBLOCK_ORDER, out of the first pageblock on the
 * list of @from or of the first largest block.  Not free afterwards, not allocated yet.
 */
static inline unsigned long take_units(struct zone *zone, unsigned int order, unsigned int from,
				       unsigned int type)
{
	struct pageblock *block = block_of(zone->list[type][from].next);
	const struct page_span *span = member_span(zone, block);
	unsigned int unit, free;

	if (from > PAGEBLOCK_ORDER)
		cut_largest(zone, span, block_pfn(span, block));
	free = block_free(block);
	unit = bits_best(free, order - CHUNK_ORDER);
	free &= ~((unsigned int)bits_block(order - CHUNK_ORDER) << unit);
	block->lo &= (uint8_t)(free | block->hi);
	list_sink(zone, &block->head, block_list(free), type);
	return block_pfn(span, block) + ((unsigned long)unit << CHUNK_ORDER);
}

/* Units that are nothing become one allocated block. */
static inline void mark_units(struct pageblock *block, unsigned long pfn, unsigned int order)
{
	const unsigned int first = unit_bit(pfn);
	const unsigned int units = (unsigned int)bits_block(order - CHUNK_ORDER) * first;

	block->lo |= (uint8_t)(units ^ first);
	block->hi |= (uint8_t)units;
}

static unsigned long take_largest(struct zone *zone, unsigned int type)
{
	struct pageblock *block = block_of(zone->list[type][MAX_PAGE_ORDER].next);

	head_leave(&block->head);
	head_init(&block->head);
	block->flags ^= BLOCK_FREE | BLOCK_USED;
	return block_pfn(member_span(zone, block), block);
}

/* Out of whole chunks: of one the first 2^@order pages, or some. */
static __noinline unsigned long take_large(struct zone *zone, unsigned int order,
					   unsigned int from, unsigned int type)
{
	const struct page_span *span;
	struct chunk *chunk;
	unsigned long pfn;

	count_free(zone, type, -(1L << order));
	if (order > PAGEBLOCK_ORDER)
		return take_largest(zone, type);
	pfn = take_units(zone, MAX(order, (unsigned int)CHUNK_ORDER), from, type);
	span = zone_span_of(zone, pfn);
	if (order >= CHUNK_ORDER) {
		mark_units(span_block(span, pfn), pfn, order);
		return pfn;
	}
	chunk = span_chunk(span, pfn);
	begin_chunk(span_block(span, pfn), chunk, unit_bit(pfn), ALL_PAGES ^ 1, bits_block(order));
	list_add(zone, &chunk->head, CHUNK_ORDER - 1, type, false);
	return pfn;
}

/* The smallest list from @order up that is not empty; LIST_NONE: none. */
static inline unsigned int list_from(struct zone *zone, unsigned int order, unsigned int type)
{
	unsigned int from;

	settle_warm(zone);
	for (;;) {
		from = (unsigned int)__builtin_ctz((zone->avail[type] | 1U << LIST_NONE) &
						   ~0U << order);
		if (from == LIST_NONE || !list_empty(&zone->list[type][from]))
			return from;
		zone->avail[type] &= (uint16_t)~BIT(from);
	}
}

unsigned long buddy_take(struct zone *zone, unsigned int order, enum migratetype type)
{
	const unsigned int from = list_from(zone, order, type);

	if (from < CHUNK_ORDER)
		return take_pages(zone, order, from, type);
	return likely(from != LIST_NONE) ? take_large(zone, order, from, type) : PFN_NONE;
}

__noinline bool buddy_take_hot(struct zone *zone, enum migratetype type)
{
	struct hot_chunk *hot = &zone->hot[type];
	const struct page_span *span;
	unsigned int from;

	buddy_drop_hot(zone, type);
	from = list_from(zone, 0, type);
	if (from == LIST_NONE)
		return false;
	if (from < CHUNK_ORDER) {
		hot->chunk = chunk_of(zone->list[type][from].next);
		span = member_span(zone, hot->chunk);
		hot->pfn = chunk_pfn(span, hot->chunk);
		head_leave(&hot->chunk->head);
	} else {
		hot->pfn = take_units(zone, CHUNK_ORDER, from, type);
		span = zone_span_of(zone, hot->pfn);
		hot->chunk = span_chunk(span, hot->pfn);
		begin_chunk(span_block(span, hot->pfn), hot->chunk, unit_bit(hot->pfn), ALL_PAGES,
			    0);
	}
	span_block(span, hot->pfn)->apart |= (uint8_t)unit_bit(hot->pfn);
	hot->map = span->map + hot->pfn * sizeof(struct page);
	return true;
}

void buddy_drop_hot(struct zone *zone, enum migratetype type)
{
	struct hot_chunk *hot = &zone->hot[type];
	struct chunk *chunk = hot->chunk;
	const struct page_span *span;

	if (!chunk)
		return;
	hot->chunk = NULL;
	head_init(&chunk->head);
	span = member_span(zone, chunk);
	span_block(span, hot->pfn)->apart ^= (uint8_t)unit_bit(hot->pfn);
	if (!chunk_free(chunk))
		return;
	if (chunk_free(chunk) == ALL_PAGES)
		chunk_whole(zone, span, hot->pfn, false);
	else
		chunk_settle(zone, span_block(span, hot->pfn), chunk, hot->pfn, false);
}

void buddy_settle(struct zone *zone)
{
	settle_warm(zone);
	for (unsigned int type = 0; type < HOT_TYPES; type++)
		buddy_drop_hot(zone, (enum migratetype)type);
}

/* ---- give ---------------------------------------------------------------------------- */

static void give_largest(struct zone *zone, const struct page_span *span, unsigned long pfn,
			 bool end)
{
	struct pageblock *block = span_block(span, pfn);

	block->flags = (uint8_t)((block->flags & ~BLOCK_USED) | BLOCK_FREE);
	list_add(zone, &block->head, MAX_PAGE_ORDER, block->type, end);
}

void buddy_give(struct zone *zone, const struct page_span *span, unsigned long pfn,
		unsigned int order)
{
	struct pageblock *block = span_block(span, pfn);
	struct chunk *chunk = span_chunk(span, pfn);

	count_free(zone, block->type, 1L << order);
	if (order < CHUNK_ORDER) {
		chunk->lo ^= 1ULL << pfn % CHUNK_PAGES;
		chunk->hi ^= bits_block(order) << pfn % CHUNK_PAGES;
		chunk_given(zone, span, block, chunk, pfn, false);
	} else if (order <= PAGEBLOCK_ORDER) {
		block->lo ^= (uint8_t)unit_bit(pfn);
		block->hi ^= (uint8_t)(bits_block(order - CHUNK_ORDER) * unit_bit(pfn));
		block_changed(zone, span, pfn, false);
	} else {
		give_largest(zone, span, pfn, false);
	}
}

void buddy_seed(struct zone *zone, const struct page_span *span, unsigned long pfn,
		unsigned int order)
{
	struct pageblock *block = span_block(span, pfn);
	struct chunk *chunk = span_chunk(span, pfn);

	block->zone = zone;
	count_free(zone, block->type, 1L << order);
	if (order < CHUNK_ORDER) {
		if (!(block->split & unit_bit(pfn)))
			begin_chunk(block, chunk, unit_bit(pfn), 0, 0);
		chunk->lo |= bits_block(order) << pfn % CHUNK_PAGES;
		chunk_given(zone, span, block, chunk, pfn, true);
	} else if (order <= PAGEBLOCK_ORDER) {
		block->lo |= (uint8_t)(bits_block(order - CHUNK_ORDER) * unit_bit(pfn));
		block_changed(zone, span, pfn, true);
	} else {
		give_largest(zone, span, pfn, true);
	}
}
