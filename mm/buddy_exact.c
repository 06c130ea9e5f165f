// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks and pageblocks chosen by address instead of by list.
 */
#include "mm/buddy_internal.h"

/* A free block is under no bit any more and leaves its list. */
static void take_off(struct zone *zone, const struct page_span *span, unsigned long pfn,
		     unsigned int order)
{
	struct chunk *chunk = span_chunk(span, pfn);
	const uint64_t before = chunk->free;

	zone->nr_free[order]--;
	if (order < CHUNK_ORDER) {
		chunk->free ^= 1ULL << tree_bit(pfn, order);
		chunk_relist(zone, span, chunk, pfn, before, false);
		return;
	}
	list_remove(zone, span, pfn, head_of(span, pfn, order), order);
	if (order == MAX_PAGE_ORDER) {
		span_block(span, pfn)->flags &= (uint8_t)~BLOCK_FREE;
		span_begin_chunks(span, pfn);
	} else {
		chunk->free = 0;
	}
}

/* A part of what take_off() took; its buddy is not free. */
static void put_back(struct zone *zone, const struct page_span *span, unsigned long pfn,
		     unsigned int order, unsigned int type)
{
	struct chunk *chunk = span_chunk(span, pfn);
	const uint64_t before = chunk->free;

	zone->nr_free[order]++;
	if (order < CHUNK_ORDER) {
		chunk->free |= 1ULL << tree_bit(pfn, order);
		chunk_relist(zone, span, chunk, pfn, before, false);
	} else {
		chunk->free = CHUNK_WHOLE;
		list_push(zone, span, pfn, &chunk->head, order, type);
	}
}

/* Pages under no bit become an allocated block. */
static void mark_used(const struct zone *zone, const struct page_span *span, unsigned long pfn,
		      unsigned int order)
{
	struct chunk *chunk = span_chunk(span, pfn);
	const uint16_t bits = head_bits(zone, order, 0);

	if (order == MAX_PAGE_ORDER) {
		span_block(span, pfn)->flags |= BLOCK_ALLOC;
		span_block(span, pfn)->head.bits = bits;
		return;
	}
	chunk->used |= 1ULL << tree_bit(pfn, MIN(order, (unsigned int)CHUNK_ORDER));
	if (!chunk->free)
		chunk->head.bits = bits;
}

__attribute__((cold)) bool buddy_carve(struct zone *zone, unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);
	struct page_state state;

	page_get_state(pfn, &state);
	if (state.mark != MARK_FREE || state.hot || state.order < order ||
	    state.zone_id != zone->id)
		return false;
	count_free(zone, state.type, -(1L << order));
	take_off(zone, span, state.head, state.order);
	while (state.order > order) {
		unsigned long half = state.head + (1UL << --state.order);

		put_back(zone, span, pfn < half ? half : state.head, state.order, state.type);
		if (pfn >= half)
			state.head = half;
	}
	mark_used(zone, span, pfn, order);
	return true;
}

__attribute__((cold))
void buddy_split_allocated(struct zone *zone, unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);

	if (order == MAX_PAGE_ORDER) {
		span_block(span, pfn)->flags &= (uint8_t)~BLOCK_ALLOC;
		span_begin_chunks(span, pfn);
	} else {
		span_chunk(span, pfn)->used &=
			~(1ULL << tree_bit(pfn, MIN(order, (unsigned int)CHUNK_ORDER)));
	}
	for (unsigned long end = pfn + (1UL << order); pfn < end; pfn++)
		mark_used(zone, span, pfn, 0);
}

/* ---- pageblocks ------------------------------------------------------------------------------ */

enum migratetype pageblock_type(unsigned long pfn)
{
	return (enum migratetype)*type_of(page_span_of(pfn), pfn);
}

void set_pageblock_type(unsigned long pfn, enum migratetype type)
{
	*type_of(page_span_of(pfn), pfn) = (uint8_t)type;
}

/* A block of CHUNK_ORDER or more changes its list. */
static void move_large(struct zone *zone, const struct page_span *span,
		       const struct page_state *state, enum migratetype type)
{
	struct head *head = head_of(span, state->head, state->order);

	list_remove(zone, span, state->head, head, state->order);
	count_free(zone, state->type, -(1L << state->order));
	list_push(zone, span, state->head, head, state->order, type);
	count_free(zone, type, 1L << state->order);
}

/* The chunk around @pfn, with smaller free blocks, changes its list unless it has. */
static void move_chunk(struct zone *zone, const struct page_span *span, unsigned long pfn,
		       enum migratetype type)
{
	struct chunk *chunk = span_chunk(span, pfn);
	const unsigned int top = tree_top(chunk->free), from = type_on_list(&chunk->head);
	const long pages = (long)tree_pages(chunk->free);

	if (from == type)
		return;
	pfn = chunk_name(span, pfn);
	list_remove(zone, span, pfn, &chunk->head, top);
	count_free(zone, from, -pages);
	list_push(zone, span, pfn, &chunk->head, top, type);
	count_free(zone, type, pages);
}

__attribute__((cold))
unsigned long buddy_move_pageblock(struct zone *zone, unsigned long pfn, enum migratetype type)
{
	unsigned long start = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES), moved = 0;
	struct page_state state;

	page_get_state(start, &state);
	if (state.mark == MARK_FREE && state.order > PAGEBLOCK_ORDER && state.zone_id == zone->id) {
		const struct page_span *span = page_span_of(state.head);

		move_large(zone, span, &state, type);
		*type_of(span, state.head) = (uint8_t)type;
		*type_of(span, state.head + PAGEBLOCK_NR_PAGES) = (uint8_t)type;
		return 1UL << state.order;
	}
	*type_of(page_span_of(pfn), pfn) = (uint8_t)type;
	for (unsigned long p = start; p < start + PAGEBLOCK_NR_PAGES;) {
		page_get_state(p, &state);
		if (state.mark == MARK_FREE && !state.hot && state.zone_id == zone->id) {
			if (state.order < CHUNK_ORDER)
				move_chunk(zone, page_span_of(p), p, type);
			else
				move_large(zone, page_span_of(p), &state, type);
			moved += 1UL << state.order;
		}
		p += state.mark == MARK_NONE ? 1 : 1UL << state.order;
	}
	return moved;
}

void buddy_pageblock_use(const struct zone *zone, unsigned long pfn, struct pageblock_use *use)
{
	unsigned long start = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES);
	struct page_state state;

	*use = (struct pageblock_use){ 0 };
	for (unsigned long p = start; p < start + PAGEBLOCK_NR_PAGES; p += 1UL << state.order) {
		page_get_state(p, &state);
		if (state.zone_id != zone->id || state.mark == MARK_NONE) {
			use->other += state.mark == MARK_NONE ? 1 : 1UL << state.order;
			continue;
		}
		if (state.mark == MARK_FREE)
			use->free += 1UL << state.order;
		else if (state.type == MIGRATE_MOVABLE)
			use->movable += 1UL << state.order;
		else
			use->other += 1UL << state.order;
	}
}
