// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is this page part of?  And references, which few blocks ever have.
 */
#include "mm/buddy_internal.h"

/* ---- the block around a page ------------------------------------------------------ */

/*
 * The block around @unit in words of states: its first unit and order.
 * Return: MARK_NONE if the unit is in no block.
 */
static enum page_mark find_block(uint64_t lo, uint64_t hi, unsigned int *unit, unsigned int *order)
{
	const uint64_t bit = 1ULL << *unit;

	*order = 0;
	if (!((lo | hi) & bit))
		return MARK_NONE;
	if (hi & bit) {
		const uint64_t firsts = hi & ~lo & (bit | (bit - 1));

		*unit = 63 - (unsigned int)__builtin_clzll(firsts);
		while (*order < BITS_ORDER_MAX - 1 &&
		       !is_used(lo, hi, *unit, bits_block(*order)))
			++*order;
		return MARK_ALLOC;
	}
	if ((lo & ~hi) == ALL_PAGES)
		*order = CHUNK_ORDER;
	while (*order + 1 < BITS_ORDER_MAX &&
	       bits_runs(lo & ~hi, *order + 1) >> (*unit | ~(~0U << (*order + 1))) & 1)
		++*order;
	*unit &= ~0U << *order;
	return MARK_FREE;
}

static void fill_state(const struct pageblock *block, const struct chunk *chunk,
		       enum page_mark mark, struct page_state *state)
{
	state->mark = mark;
	state->zone_id = block->zone->id;
	state->type = block->type;
	state->hot = mark == MARK_FREE && chunk && (block->apart & unit_bit(state->head));
	if (mark == MARK_ALLOC)
		state->refcount = page_references(page_span_of(state->head), state->head);
}

/* Is @pfn in a block of MAX_PAGE_ORDER that is larger than a pageblock? */
static bool find_largest(const struct page_span *span, unsigned long pfn, struct page_state *state)
{
	const struct pageblock *block;

	state->head = ALIGN_DOWN(pfn, MAX_ORDER_NR_PAGES);
	state->order = MAX_PAGE_ORDER;
	block = span_block(span, state->head);
	if (!page_span_has(span, state->head) || !(block->flags & (BLOCK_FREE | BLOCK_USED)))
		return false;
	fill_state(block, NULL, block->flags & BLOCK_FREE ? MARK_FREE : MARK_ALLOC, state);
	return true;
}

void page_get_state(unsigned long pfn, struct page_state *state)
{
	const struct page_span *span = page_span_of(pfn);
	const struct chunk *chunk = NULL;
	const struct pageblock *block;
	enum page_mark mark;
	unsigned int unit;

	*state = (struct page_state){ .mark = MARK_NONE, .head = pfn };
	if (!span || find_largest(span, pfn, state))
		return;
	block = span_block(span, pfn);
	if (chunk_is_split(span, pfn)) {
		chunk = span_chunk(span, pfn);
		unit = pfn % CHUNK_PAGES;
		mark = find_block(chunk->lo, chunk->hi, &unit, &state->order);
		state->head = ALIGN_DOWN(pfn, CHUNK_PAGES) + unit;
	} else {
		unit = unit_of(pfn);
		mark = find_block(block->lo, block->hi, &unit, &state->order);
		state->head = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES) + (unit << CHUNK_ORDER);
		state->order += CHUNK_ORDER;
	}
	if (mark != MARK_NONE)
		fill_state(block, chunk, mark, state);
	else
		*state = (struct page_state){ .mark = MARK_NONE, .head = pfn };
}

bool page_is_reserved(unsigned long pfn)
{
	struct page_state state;

	page_get_state(pfn, &state);
	return state.mark == MARK_NONE && pfn_valid(pfn);
}

/* ---- references ----------------------------------------------------------------- */

unsigned int page_references(const struct page_span *span, unsigned long head)
{
	return 1 + (span_block(span, head)->flags & BLOCK_REFS ? span_page(span, head)->more : 0);
}

unsigned int page_count(const struct page *page)
{
	struct page_state state;

	page_get_state(page_to_pfn(page), &state);
	return state.refcount;
}

/* From here on struct page of all pages around @pfn says something: no more references. */
static void begin_references(const struct page_span *span, unsigned long pfn)
{
	struct pageblock *block = span_block(span, pfn);
	const unsigned long start = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES);

	if (block->flags & BLOCK_REFS)
		return;
	for (unsigned long p = start; p < start + PAGEBLOCK_NR_PAGES; p++)
		if (page_span_has(span, p))
			span_page(span, p)->more = 0;
	block->flags |= BLOCK_REFS;
}

void get_page(struct page *page)
{
	struct page_state state;
	const struct page_span *span;

	page_get_state(page_to_pfn(page), &state);
	if (WARN(state.mark != MARK_ALLOC, "get_page: page at %p is not allocated\n", (void *)page))
		return;
	span = page_span_of(state.head);
	begin_references(span, state.head);
	span_page(span, state.head)->more++;
}

bool page_put_reference(const struct page_span *span, unsigned long pfn)
{
	if (likely(page_references(span, pfn) == 1))
		return true;
	span_page(span, pfn)->more--;
	return false;
}
