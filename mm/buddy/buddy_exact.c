// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks and pageblocks chosen by address instead of by list.
 */
#include "mm/buddy/buddy_internal.h"
#include "mm/pcp.h"			/* drain_pages_zone() */

/* The free block of @order, below CHUNK_ORDER, at @pfn becomes allocated. */
static void carve_pages(struct zone *zone, const struct page_span *span, unsigned long pfn,
			unsigned int order)
{
	struct pageblock *block = span_block(span, pfn);
	struct units *chunk = span_chunk(span, pfn);

	if (!chunk_is_split(span, pfn)) {
		units_set_lo(&block->units, units_lo(&block->units) ^ unit_bit(pfn));
		block_changed(zone, span, pfn, false);
		begin_chunk(block, chunk, pfn, ALL_PAGES, 0);
	}
	units_set_lo(chunk, units_lo(chunk) ^ 1ULL << pfn % CHUNK_PAGES);
	units_or_hi(chunk, bits_block(order) << pfn % CHUNK_PAGES);
	head_leave(&chunk->head);
	chunk_join(zone, block, chunk, pfn, false);
}

/* The same for CHUNK_ORDER and more. */
static void carve_units(struct zone *zone, const struct page_span *span, unsigned long pfn,
			unsigned int order)
{
	const struct place place = place_of(&shapes[order], span, pfn);

	block_take(&place);
	block_changed(zone, span, pfn, false);
}

static bool carve(struct zone *zone, unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);
	struct page_state state;

	page_get_state(pfn, &state);
	if (state.mark != MARK_FREE || state.stacked || state.order < order ||
	    state.zone_id != zone->id)
		return false;
	count_free(zone, state.type, -(1L << order));
	if (state.order > PAGEBLOCK_ORDER && order < state.order)
		cut_largest(zone, span, state.head);
	if (order < CHUNK_ORDER)
		carve_pages(zone, span, pfn, order);
	else
		carve_units(zone, span, pfn, order);
	return true;
}

__attribute__((cold)) bool buddy_carve(struct zone *zone, unsigned long pfn, unsigned int order)
{
	bool carved;

	drain_pages_zone(zone);
	spin_lock(&zone->lock);
	carved = carve(zone, pfn, order);
	spin_unlock(&zone->lock);
	return carved;
}

__attribute__((cold))
void buddy_split_allocated(struct zone *zone, unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);
	const unsigned long end = pfn + (1UL << order);

	if (order < CHUNK_ORDER) {
		struct units *chunk = span_chunk(span, pfn);

		units_set_lo(chunk, units_lo(chunk) & ~(bits_block(order) << pfn % CHUNK_PAGES));
		return;
	}
	units_clear_hi(&span_block(span, pfn)->units, 1U << LARGEST_UNIT);
	for (; pfn < end; pfn += CHUNK_PAGES) {
		struct pageblock *block = span_block(span, pfn);

		block_set(block, zone, block->type, block->flags);
		units_set_lo(&block->units, units_lo(&block->units) & ~(uint64_t)unit_bit(pfn));
		units_clear_hi(&block->units, unit_bit(pfn));
		begin_chunk(block, span_chunk(span, pfn), pfn, 0, ALL_PAGES);
	}
}

/* ---- pageblocks ------------------------------------------------------------------------------ */

enum migratetype get_pageblock_migratetype(unsigned long pfn)
{
	return (enum migratetype)span_block(page_span_of(pfn), pfn)->type;
}

void set_pageblock_migratetype(unsigned long pfn, enum migratetype type)
{
	block_set_type(span_block(page_span_of(pfn), pfn), type);
}

/*
 * A member with @pages free pages goes from the @list of type @from to the same of @type.
 * Return: @pages.
 */
static unsigned long move_member(struct zone *zone, struct head *head, unsigned int list,
				 unsigned long pages, unsigned int from, enum migratetype type)
{
	head_leave(head);
	list_join(zone, head, list, type, false);
	count_free(zone, from, -(long)pages);
	count_free(zone, type, (long)pages);
	return pages;
}

/* Move the part of a pageblock around @pfn that is in @span.  Return: free pages moved. */
static unsigned long move_part(struct zone *zone, const struct page_span *span, unsigned long pfn,
			       enum migratetype type)
{
	const unsigned long start = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES);
	struct pageblock *block = span_block(span, pfn);
	const unsigned int from = block->type;
	unsigned long moved;

	block_set_type(block, type);
	moved = move_member(zone, &block->units.head, block_list(units_free(&block->units)),
			    bits_count(units_free(&block->units)) << CHUNK_ORDER, from, type);
	for (unsigned int unit = 0; unit < PAGEBLOCK_CHUNKS; unit++) {
		struct units *chunk = span_chunk(span, start + unit * CHUNK_PAGES);

		if (block->split >> unit & 1)
			moved += move_member(zone, &chunk->head, chunk_list(units_free(chunk)),
					     bits_count(units_free(chunk)), from, type);
	}
	return moved;
}

/* Move a block of two pageblocks, the second of which is on no list.  Return: free pages moved. */
static unsigned long move_largest(struct zone *zone, const struct page_state *block,
				  enum migratetype type)
{
	struct pageblock *first = span_block(page_span_of(block->head), block->head);
	const bool is_free = block->mark == MARK_FREE;

	set_pageblock_migratetype(block->head, type);
	set_pageblock_migratetype(block->head + PAGEBLOCK_NR_PAGES, type);
	return move_member(zone, &first->units.head, is_free ? MAX_PAGE_ORDER : LIST_NONE,
			   is_free ? MAX_ORDER_NR_PAGES : 0, block->type, type);
}

/*
 * The span of the first page of @zone in [*@pfn, @end), which is stored to @pfn; NULL if there is
 * none.  A pageblock may have parts in several spans.
 */
static const struct page_span *next_part_in_zone(const struct zone *zone, unsigned long *pfn,
					 unsigned long end)
{
	for (; *pfn < end; ++*pfn) {
		const struct page_span *span = page_span_of(*pfn);

		if (!span)
			continue;
		if (span_block(span, *pfn)->zone == zone)
			return span;
		*pfn = MIN(end, span->start + span->pages) - 1;
	}
	return NULL;
}

__attribute__((cold))
unsigned long __move_freepages_block(struct zone *zone, unsigned long pfn, enum migratetype type)
{
	unsigned long start = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES), moved = 0;
	const unsigned long end = start + PAGEBLOCK_NR_PAGES;
	const struct page_span *span;
	struct page_state state;

	page_get_state(start, &state);
	if (state.order > PAGEBLOCK_ORDER)
		return state.zone_id == zone->id ? move_largest(zone, &state, type) : 0;
	for (; (span = next_part_in_zone(zone, &start, end)); start = span->start + span->pages)
		moved += move_part(zone, span, start, type);
	return moved;
}

unsigned long move_freepages_block(struct zone *zone, unsigned long pfn, enum migratetype type)
{
	unsigned long moved;

	drain_pages_zone(zone);
	spin_lock(&zone->lock);
	moved = __move_freepages_block(zone, pfn, type);
	spin_unlock(&zone->lock);
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
