/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the buddy.  For mm/buddy*.c and mm/handover.c only.
 */
#ifndef MM_BUDDY_INTERNAL_H
#define MM_BUDDY_INTERNAL_H

#include "mm/buddy.h"

static inline struct head *head_of(const struct page_span *span, unsigned long pfn,
				   unsigned int order)
{
	return unlikely(order == MAX_PAGE_ORDER) ? &span_block(span, pfn)->head :
						   &span_chunk(span, pfn)->head;
}

/* The head of another block on the same list; mostly in the span we are in. */
static inline struct head *peer_of(const struct page_span *span, unsigned long pfn,
				   unsigned int order)
{
	if (unlikely(!page_span_has(span, pfn)))
		span = page_span_of(pfn);
	return head_of(span, pfn, order);
}

static inline unsigned long link_get(const struct head *head, unsigned int i)
{
	return head->lo[i] | (unsigned long)head->hi[i] << 32;
}

static inline void link_set(struct head *head, unsigned int i, unsigned long pfn)
{
	head->lo[i] = (uint32_t)pfn;
	head->hi[i] = (uint8_t)(pfn >> 32);
}

static inline uint16_t head_bits(const struct zone *zone, unsigned int order, unsigned int type)
{
	return (uint16_t)(order | (uint32_t)zone->id << PAGE_ZONE_SHIFT | type << PAGE_TYPE_SHIFT);
}

static inline unsigned int type_on_list(const struct head *head)
{
	return head->bits >> PAGE_TYPE_SHIFT;
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
 * Of blocks of CHUNK_ORDER and above, and of chunks by the order of their largest free
 * block.  nr_free is the caller's.
 *
 * Whoever changes a list's end from or to "empty" keeps zone->avail up to date: those
 * who change many lists in one go do it once, at the end, because one word changed
 * ten times in a row is the longest wait in the whole allocator.
 */

/* The only block of a list that was empty; avail is the caller's. */
static inline void list_begin(struct zone *zone, unsigned long pfn, struct head *head,
			      unsigned int order, unsigned int type)
{
	struct free_list *list = &zone->list[order][type];

	link_set(head, 0, PFN_NONE);
	head->bits = head_bits(zone, order, type);
	list->first = list->last = pfn;
}

/* To the front; avail is the caller's. */
static inline void list_push_only(struct zone *zone, const struct page_span *span,
				  unsigned long pfn, struct head *head, unsigned int order,
				  unsigned int type)
{
	struct free_list *list = &zone->list[order][type];
	unsigned long first = list->first;

	link_set(head, 0, first);
	head->bits = head_bits(zone, order, type);
	list->first = pfn;
	if (first == PFN_NONE)
		list->last = pfn;
	else
		link_set(peer_of(span, first, order), 1, pfn);
}

/* To the end; avail is the caller's. */
static inline void list_append_only(struct zone *zone, const struct page_span *span,
				    unsigned long pfn, struct head *head, unsigned int order,
				    unsigned int type)
{
	struct free_list *list = &zone->list[order][type];
	unsigned long last = list->last;

	link_set(head, 0, PFN_NONE);
	head->bits = head_bits(zone, order, type);
	list->last = pfn;
	if (list->first == PFN_NONE) {
		list->first = pfn;
	} else {
		link_set(head, 1, last);
		link_set(peer_of(span, last, order), 0, pfn);
	}
}

/* Return: true if the list is empty now; avail is the caller's. */
static inline bool list_remove_only(struct zone *zone, const struct page_span *span,
				    unsigned long pfn, const struct head *head, unsigned int order,
				    unsigned int type)
{
	struct free_list *list = &zone->list[order][type];
	unsigned long next = link_get(head, 0), previous;

	if (list->first == pfn) {
		list->first = next;
		return next == PFN_NONE;
	}
	previous = link_get(head, 1);
	link_set(peer_of(span, previous, order), 0, next);
	if (next == PFN_NONE)
		list->last = previous;
	else
		link_set(peer_of(span, next, order), 1, previous);
	return false;
}

static inline void list_push(struct zone *zone, const struct page_span *span, unsigned long pfn,
			     struct head *head, unsigned int order, unsigned int type)
{
	list_push_only(zone, span, pfn, head, order, type);
	zone->avail[type] |= (uint16_t)BIT(order);
}

static inline void list_remove(struct zone *zone, const struct page_span *span, unsigned long pfn,
			       const struct head *head, unsigned int order)
{
	unsigned int type = type_on_list(head);

	if (list_remove_only(zone, span, pfn, head, order, type))
		zone->avail[type] &= (uint16_t)~BIT(order);
}

/* ---- the tree of a chunk ---------------------------------------------------------- */

static inline unsigned int tree_order(unsigned int bit)
{
	return (unsigned int)__builtin_clz(63U - bit) - 26;
}

/* The order of the largest block in a tree that is not empty. */
static inline unsigned int tree_top(uint64_t tree)
{
	return (unsigned int)__builtin_clz((unsigned int)__builtin_clzll(tree)) - 26;
}

/* First page, in the chunk, of the block of @order with @bit. */
static inline unsigned int tree_page(unsigned int bit, unsigned int order)
{
	return (bit - 64U + (64U >> order)) << order;
}

static inline unsigned int tree_up(unsigned int bit)
{
	return 32 + bit / 2;
}

/* The lower half; the upper one is the next bit. */
static inline unsigned int tree_down(unsigned int bit)
{
	return (bit - 32) * 2;
}

/* All blocks of @order. */
static inline uint64_t tree_level(unsigned int order)
{
	return ((1ULL << (32U >> order)) - 1) << (64U - (64U >> order));
}

/* Pages in all blocks of a tree. */
static inline unsigned long tree_pages(uint64_t tree)
{
	unsigned long pages = 0;

	for (; tree; tree &= tree - 1)
		pages += 1UL << tree_order((unsigned int)__builtin_ctzll(tree));
	return pages;
}

/* What the lists call a chunk: its first page that is in @span. */
static inline unsigned long chunk_name(const struct page_span *span, unsigned long pfn)
{
	return MAX(ALIGN_DOWN(pfn, CHUNK_PAGES), span->start);
}

/*
 * The free blocks of the chunk around @pfn were @before: if the largest is of another
 * order now, the chunk goes to that one's list.  Neither has CHUNK_WHOLE.
 */
static inline void chunk_relist(struct zone *zone, const struct page_span *span,
				struct chunk *chunk, unsigned long pfn, uint64_t before, bool tail)
{
	const uint64_t now = chunk->free;
	const unsigned int top = now ? tree_top(now) : NR_PAGE_ORDERS;
	const unsigned int old = before ? tree_top(before) : NR_PAGE_ORDERS;
	unsigned int type;

	if (likely(top == old))
		return;
	pfn = chunk_name(span, pfn);
	if (before)
		list_remove(zone, span, pfn, &chunk->head, old);
	if (!now)
		return;
	type = *type_of(span, pfn);
	if (tail)
		list_append_only(zone, span, pfn, &chunk->head, top, type);
	else
		list_push_only(zone, span, pfn, &chunk->head, top, type);
	zone->avail[type] |= (uint16_t)BIT(top);
}

#endif /* MM_BUDDY_INTERNAL_H */
