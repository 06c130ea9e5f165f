/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the buddy.  For mm/buddy*.c and mm/handover.c only.
 */
#ifndef MM_BUDDY_INTERNAL_H
#define MM_BUDDY_INTERNAL_H

#include "mm/buddy.h"

#define MARK_WORD_PAGES	32	/* pages whose marks share a word */
#define MARK_WORD_ORDER	5

static inline struct page *head_of(const struct page_span *span, unsigned long pfn,
				   unsigned int order)
{
	return unlikely(order == MAX_PAGE_ORDER) ? &span_block(span, pfn)->head :
						   span_page(span, pfn);
}

/* The head of another block on the same list; mostly in the span we are in. */
static inline struct page *peer_of(const struct page_span *span, unsigned long pfn,
				   unsigned int order)
{
	if (unlikely(!page_span_has(span, pfn)))
		span = page_span_of(pfn);
	return head_of(span, pfn, order);
}

static inline unsigned long link_get(const struct page *page, unsigned int i)
{
	return page->lo[i] | (unsigned long)page->hi[i] << 32;
}

static inline void link_set(struct page *page, unsigned int i, unsigned long pfn)
{
	page->lo[i] = (uint32_t)pfn;
	page->hi[i] = (uint8_t)(pfn >> 32);
}

static inline uint16_t head_bits(const struct zone *zone, unsigned int order, unsigned int type)
{
	return (uint16_t)(order | (uint32_t)zone->id << PAGE_ZONE_SHIFT | type << PAGE_TYPE_SHIFT);
}

static inline unsigned int type_on_list(const struct page *page)
{
	return page->bits >> PAGE_TYPE_SHIFT;
}

static inline void mark_set(const struct page_span *span, unsigned long pfn, enum page_mark mark)
{
	uint64_t *word = span_marks(span, pfn);

	*word = (*word & ~(3ULL << mark_shift(pfn))) | (uint64_t)mark << mark_shift(pfn);
}

/*
 * From here on the marks of @pfn's block mean something: no heads.  The block learns
 * its zone, or that it has several.
 */
static inline void block_begin_marks(const struct zone *zone, const struct page_span *span,
				     unsigned long pfn)
{
	struct page_block *block = span_block(span, pfn);
	const uint16_t bits = (uint16_t)((uint32_t)zone->id << PAGE_ZONE_SHIFT);
	uint64_t *word = span_marks(span, ALIGN_DOWN(pfn, MAX_ORDER_NR_PAGES));

	if (likely(block->flags & BLOCK_MARKED)) {
		if (unlikely((block->head.bits & PAGE_ZONE_MASK) != bits))
			block->flags |= BLOCK_SHARED;
		return;
	}
	for (unsigned long i = 0; i < MAX_ORDER_NR_PAGES / MARK_WORD_PAGES; i++)
		word[i] = 0;
	block->head.bits = bits;
	block->flags |= BLOCK_MARKED;
}

static inline uint8_t *type_of(const struct page_span *span, unsigned long pfn)
{
	return &span_block(span, pfn)->type[pfn >> PAGEBLOCK_ORDER & (PAGEBLOCKS_PER_BLOCK - 1)];
}

static inline bool types_may_merge(unsigned int a, unsigned int b)
{
	return a == b || (a <= MIGRATE_RECLAIMABLE && b <= MIGRATE_RECLAIMABLE);
}

/* @pages became free (taken: negative) with lists of @type. */
static inline void count_free(struct zone *zone, unsigned int type, long pages)
{
	zone->free_pages += (unsigned long)pages;
	if (unlikely(type == MIGRATE_CMA))
		zone->free_cma_pages += (unsigned long)pages;
}

/* ---- lists --------------------------------------------------------------------- */

/*
 * Whoever changes a list's end from or to "empty" keeps zone->avail up to date: those
 * who change many lists in one go do it once, at the end, because one word changed
 * ten times in a row is the longest wait in the whole allocator.
 */

/* The only block of a list that was empty; avail is the caller's. */
static inline void list_begin(struct zone *zone, unsigned long pfn, struct page *page,
			      unsigned int order, unsigned int type)
{
	struct free_list *list = &zone->list[order][type];

	link_set(page, 0, PFN_NONE);
	page->bits = head_bits(zone, order, type);
	list->first = list->last = pfn;
	zone->nr_free[order]++;
}

/* To the front; avail is the caller's. */
static inline void list_push_only(struct zone *zone, const struct page_span *span,
				  unsigned long pfn, struct page *page, unsigned int order,
				  unsigned int type)
{
	struct free_list *list = &zone->list[order][type];
	unsigned long first = list->first;

	link_set(page, 0, first);
	page->bits = head_bits(zone, order, type);
	list->first = pfn;
	zone->nr_free[order]++;
	if (first == PFN_NONE)
		list->last = pfn;
	else
		link_set(peer_of(span, first, order), 1, pfn);
}

/* To the end; avail is the caller's. */
static inline void list_append_only(struct zone *zone, const struct page_span *span,
				    unsigned long pfn, struct page *page, unsigned int order,
				    unsigned int type)
{
	struct free_list *list = &zone->list[order][type];
	unsigned long last = list->last;

	link_set(page, 0, PFN_NONE);
	page->bits = head_bits(zone, order, type);
	list->last = pfn;
	zone->nr_free[order]++;
	if (list->first == PFN_NONE) {
		list->first = pfn;
	} else {
		link_set(page, 1, last);
		link_set(peer_of(span, last, order), 0, pfn);
	}
}

/* Return: true if the list is empty now; avail is the caller's. */
static inline bool list_remove_only(struct zone *zone, const struct page_span *span,
				    unsigned long pfn, const struct page *page, unsigned int order,
				    unsigned int type)
{
	struct free_list *list = &zone->list[order][type];
	unsigned long next = link_get(page, 0), previous;

	zone->nr_free[order]--;
	if (list->first == pfn) {
		list->first = next;
		return next == PFN_NONE;
	}
	previous = link_get(page, 1);
	link_set(peer_of(span, previous, order), 0, next);
	if (next == PFN_NONE)
		list->last = previous;
	else
		link_set(peer_of(span, next, order), 1, previous);
	return false;
}

static inline void list_push(struct zone *zone, const struct page_span *span, unsigned long pfn,
			     struct page *page, unsigned int order, unsigned int type)
{
	list_push_only(zone, span, pfn, page, order, type);
	zone->avail[type] |= (uint16_t)BIT(order);
}

static inline void list_remove(struct zone *zone, const struct page_span *span, unsigned long pfn,
			       const struct page *page, unsigned int order)
{
	unsigned int type = type_on_list(page);

	if (list_remove_only(zone, span, pfn, page, order, type))
		zone->avail[type] &= (uint16_t)~BIT(order);
}

/* What an allocated head says of itself. */
static inline void head_allocated(struct page *page, uint16_t bits)
{
	page->lo[1] = 1;
	page->bits = bits;
}

#endif /* MM_BUDDY_INTERNAL_H */
