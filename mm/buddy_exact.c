// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks and pageblocks chosen by address instead of by list.
 */
#include "mm/buddy_internal.h"

/* A free block leaves its list; its pages are under no head. */
static void take_off(struct zone *zone, const struct page_span *span, unsigned long head,
		     unsigned int order)
{
	list_remove(zone, span, head, head_of(span, head, order), order);
	if (order == MAX_PAGE_ORDER) {
		span_block(span, head)->flags &= (uint8_t)~BLOCK_FREE;
		block_begin_marks(zone, span, head);
	} else {
		mark_set(span, head, MARK_NONE);
	}
}

__attribute__((cold)) bool buddy_carve(struct zone *zone, unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);
	struct page_state state;
	unsigned int type;

	page_get_state(pfn, &state);
	if (state.mark != MARK_FREE || state.order < order || state.zone_id != zone->id)
		return false;
	type = state.type;
	count_free(zone, type, -(1L << order));
	take_off(zone, span, state.head, state.order);
	if (order == MAX_PAGE_ORDER) {
		span_block(span, pfn)->flags |= BLOCK_ALLOC;
		head_allocated(&span_block(span, pfn)->head, head_bits(zone, order, type));
		return true;
	}
	while (state.order > order) {
		unsigned long half = state.head + (1UL << --state.order);
		unsigned long rest = pfn < half ? half : state.head;

		if (pfn >= half)
			state.head = half;
		list_push(zone, span, rest, span_page(span, rest), state.order, type);
		mark_set(span, rest, MARK_FREE);
	}
	mark_set(span, pfn, MARK_ALLOC);
	head_allocated(span_page(span, pfn), head_bits(zone, order, type));
	return true;
}

__attribute__((cold))
void buddy_split_allocated(struct zone *zone, unsigned long pfn, unsigned int order)
{
	const struct page_span *span = page_span_of(pfn);
	unsigned int type = type_on_list(head_of(span, pfn, order));

	if (order == MAX_PAGE_ORDER) {
		span_block(span, pfn)->flags &= (uint8_t)~BLOCK_ALLOC;
		block_begin_marks(zone, span, pfn);
	}
	for (unsigned long end = pfn + (1UL << order); pfn < end; pfn++) {
		mark_set(span, pfn, MARK_ALLOC);
		head_allocated(span_page(span, pfn), head_bits(zone, 0, type));
	}
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

__attribute__((cold))
unsigned long buddy_move_pageblock(struct zone *zone, unsigned long pfn, enum migratetype type)
{
	const struct page_span *span = page_span_of(pfn);
	unsigned long start = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES), moved = 0;
	struct page_state state;

	page_get_state(start, &state);
	if (state.mark == MARK_FREE && state.order > PAGEBLOCK_ORDER &&
	    state.zone_id == zone->id) {
		struct page *page = head_of(span, state.head, state.order);

		list_remove(zone, span, state.head, page, state.order);
		count_free(zone, state.type, -(1L << state.order));
		list_push(zone, span, state.head, page, state.order, type);
		count_free(zone, type, 1L << state.order);
		*type_of(span, state.head) = (uint8_t)type;
		*type_of(span, state.head + PAGEBLOCK_NR_PAGES) = (uint8_t)type;
		return 1UL << state.order;
	}
	*type_of(span, pfn) = (uint8_t)type;
	for (unsigned long p = start; p < start + PAGEBLOCK_NR_PAGES;) {
		page_get_state(p, &state);
		if (state.mark == MARK_FREE && state.zone_id == zone->id) {
			struct page_span *own = page_span_of(p);

			list_remove(zone, own, p, span_page(own, p), state.order);
			count_free(zone, state.type, -(1L << state.order));
			list_push(zone, own, p, span_page(own, p), state.order, type);
			count_free(zone, type, 1L << state.order);
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
