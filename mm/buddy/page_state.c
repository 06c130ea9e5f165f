// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is this page part of?  And references, which few blocks ever have.
 */
#include "mm/buddy/pcp.h"

/* ---- the block around a page ------------------------------------------------------ */

static bool is_used_from(struct units *units, unsigned int unit, unsigned int order)
{
	const uint64_t block = bits_block(order) << unit;
	const struct place place = { units, block, block & (block - 1) };

	return is_used(&place);
}

/*
 * The block around @unit in words of states: its first unit and order.
 * Return: MARK_NONE if the unit is in no block.
 */
static enum page_mark find_block(struct units *units, unsigned int *unit, unsigned int *order)
{
	const uint64_t bit = 1ULL << *unit, free = units_free(units);

	*order = 0;
	if (!((units->lo | units->hi) & bit))
		return MARK_NONE;
	if (units->hi & bit) {
		const uint64_t firsts = units->hi & ~units->lo & (bit | (bit - 1));

		*unit = 63 - (unsigned int)__builtin_clzll(firsts);
		while (*order < BITS_ORDER_MAX - 1 && !is_used_from(units, *unit, *order))
			++*order;
		return MARK_ALLOC;
	}
	while (*order + 1 < BITS_ORDER_MAX &&
	       bits_runs(free, *order + 1) >> (*unit | ~(~0U << (*order + 1))) & 1)
		++*order;
	*unit &= ~0U << *order;
	return MARK_FREE;
}

static void fill_state(const struct page_span *span, enum page_mark mark, struct page_state *state)
{
	const struct pageblock *block = span_block(span, state->head);

	state->mark = mark;
	state->zone_id = block->zone->id;
	state->type = block->type;
	if (mark == MARK_ALLOC)
		state->refcount = page_references(span, state->head);
}

/* A pageblock may say more than what chunks are: that with the page before it is one block. */
static enum page_mark find_largest(const struct page_span *span, unsigned long pfn,
				   struct page_state *state)
{
	const struct units *units;

	state->head = ALIGN_DOWN(pfn, MAX_ORDER_NR_PAGES);
	state->order = MAX_PAGE_ORDER;
	units = &span_block(span, state->head)->units;
	if (!page_span_has(span, state->head) || !((units->lo | units->hi) >> LARGEST_UNIT))
		return MARK_NONE;
	return units->hi >> LARGEST_UNIT ? MARK_ALLOC : MARK_FREE;
}

static enum page_mark find_in_block(const struct page_span *span, unsigned long pfn,
				    struct page_state *state)
{
	struct units *units = &span_block(span, pfn)->units;
	unsigned int unit = unit_of(pfn), shift = CHUNK_ORDER;
	unsigned long start = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES);
	enum page_mark mark;

	if (chunk_is_split(span, pfn)) {
		units = span_chunk(span, pfn);
		unit = pfn % CHUNK_PAGES;
		shift = 0;
		start = ALIGN_DOWN(pfn, CHUNK_PAGES);
	}
	mark = find_block(units, &unit, &state->order);
	state->head = start + ((unsigned long)unit << shift);
	state->order += shift;
	return mark;
}

void page_get_state(unsigned long pfn, struct page_state *state)
{
	const struct page_span *span = page_span_of(pfn);
	const struct zone *zone;
	enum page_mark mark;

	*state = (struct page_state){ .mark = MARK_NONE, .head = pfn };
	if (!span)
		return;
	mark = find_largest(span, pfn, state);
	if (mark == MARK_NONE)
		mark = find_in_block(span, pfn, state);
	if (mark == MARK_NONE && (zone = zone_of_pfn(pfn)) && pcp_find(zone, pfn, state)) {
		mark = MARK_FREE;
		state->stacked = true;
	}
	if (mark != MARK_NONE)
		fill_state(span, mark, state);
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
	block_set(block, block->zone, block->type, block->flags | BLOCK_REFS);
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
