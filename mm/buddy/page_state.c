// SPDX-License-Identifier: GPL-2.0-only
/*
 * The block around a page, for reports and rare operations; and references, which few blocks have.
 */
#include "mm/block_place.h"
#include "mm/buddy/buddy_internal.h"	/* block_set() */
#include "mm/pcp.h"			/* pcp_find() */

/* ---- the block around a page ------------------------------------------------------ */

/*
 * An allocated block is a first unit (10) and the further ones (11) behind it:
 *
 *	unit	7 6 5 4 3 2 1 0
 *	hi	0 0 1 1 1 1 0 0
 *	lo	0 1 1 1 1 0 0 0
 *		    ^ @unit	first unit 2, 4 units: order 2
 */
static void find_allocated(const struct units *units, unsigned int *unit, unsigned int *order)
{
	const uint64_t further = units_hi(units) & units_lo(units);
	unsigned int count = 1;

	while (*unit && (further >> *unit & 1))
		--*unit;
	while (*unit + count < 64 && (further >> (*unit + count) & 1))
		count++;
	*order = 31U - (unsigned int)__builtin_clz(count);
}

/* Are all units of the aligned block of @order around @unit among @units? */
static bool has_block_around(uint64_t units, unsigned int unit, unsigned int order)
{
	const uint64_t block = bits_block(order) << (unit & ~0U << order);

	return (units & block) == block;
}

/* A free block is the largest aligned block around @unit of which all units are free. */
static void find_free(uint64_t free, unsigned int *unit, unsigned int *order)
{
	*order = 0;
	while (*order + 1 < BITS_ORDER_MAX && has_block_around(free, *unit, *order + 1))
		++*order;
	*unit &= ~0U << *order;
}

/*
 * The block around @unit: its first unit and its order.  A block of all 64 pages of a chunk is one
 * of its pageblock, so orders end below BITS_ORDER_MAX.
 * Return: MARK_NONE if the unit is in no block, or in one on a stack, whose first unit is 00.
 */
static enum page_mark find_in_units(const struct units *units, unsigned int *unit,
				    unsigned int *order)
{
	*order = 0;
	if (units_hi(units) >> *unit & 1) {
		find_allocated(units, unit, order);
		return units_hi(units) >> *unit & 1 ? MARK_ALLOC : MARK_NONE;
	}
	if (!(units_lo(units) >> *unit & 1))
		return MARK_NONE;
	find_free(units_free(units), unit, order);
	return MARK_FREE;
}

static void fill_state(const struct page_span *span, enum page_mark mark, struct page_state *state)
{
	const struct pageblock *block = span_block(span, state->head);

	state->mark = mark;
	state->zone_id = __atomic_load_n(&block->zone, __ATOMIC_RELAXED)->id;
	state->type = __atomic_load_n(&block->type, __ATOMIC_RELAXED);
	if (mark == MARK_ALLOC)
		state->refcount = page_references(span, state->head);
}

/* Is @pfn in a block of two pageblocks, whose state is behind the chunks of the first? */
static enum page_mark find_largest(const struct page_span *span, unsigned long pfn,
				   struct page_state *state)
{
	const struct units *units;

	state->head = ALIGN_DOWN(pfn, MAX_ORDER_NR_PAGES);
	state->order = MAX_PAGE_ORDER;
	units = &span_block(span, state->head)->units;
	if (!page_span_has(span, state->head) ||
	    !((units_lo(units) | units_hi(units)) >> LARGEST_UNIT))
		return MARK_NONE;
	return units_hi(units) >> LARGEST_UNIT ? MARK_ALLOC : MARK_FREE;
}

static enum page_mark find_in_pageblock(const struct page_span *span, unsigned long pfn,
					struct page_state *state)
{
	const struct units *units = &span_block(span, pfn)->units;
	unsigned int unit = unit_of(pfn), shift = CHUNK_ORDER;
	unsigned long start = ALIGN_DOWN(pfn, PAGEBLOCK_NR_PAGES);
	enum page_mark mark;

	if (chunk_is_split(span, pfn)) {
		units = span_chunk(span, pfn);
		unit = pfn % CHUNK_PAGES;
		shift = 0;
		start = ALIGN_DOWN(pfn, CHUNK_PAGES);
	}
	mark = find_in_units(units, &unit, &state->order);
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
		mark = find_in_pageblock(span, pfn, state);
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
	if (!(__atomic_load_n(&span_block(span, head)->flags, __ATOMIC_ACQUIRE) & BLOCK_REFS))
		return 1;
	return 1 + __atomic_load_n(&span_page(span, head)->more, __ATOMIC_RELAXED);
}

unsigned int page_count(const struct page *page)
{
	struct page_state state;

	page_get_state(page_to_pfn(page), &state);
	return state.refcount;
}

/* From here on struct page.more of all pages of @pfn's pageblock is valid: no more references. */
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
	struct zone *zone;

	page_get_state(page_to_pfn(page), &state);
	if (WARN(state.mark != MARK_ALLOC, "get_page: page at %p is not allocated\n", (void *)page))
		return;
	span = page_span_of(state.head);
	zone = zone_from_id(state.zone_id);
	spin_lock(&zone->lock);
	begin_references(span, state.head);
	spin_unlock(&zone->lock);
	__atomic_fetch_add(&span_page(span, state.head)->more, 1, __ATOMIC_RELAXED);
}

bool page_put_reference(const struct page_span *span, unsigned long pfn)
{
	uint32_t more = page_references(span, pfn) - 1;

	while (more)
		if (__atomic_compare_exchange_n(&span_page(span, pfn)->more, &more, more - 1, true,
						__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			return false;
	return true;
}
