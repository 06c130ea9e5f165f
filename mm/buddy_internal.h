/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the buddy.  For mm/buddy*.c, mm/page_*.c and mm/handover.c only.
 */
#ifndef MM_BUDDY_INTERNAL_H
#define MM_BUDDY_INTERNAL_H

#include "mm/buddy.h"
#include "mm/buddy_bits.h"

static inline uint64_t chunk_free(const struct chunk *chunk)
{
	return chunk->lo & ~chunk->hi;
}

static inline unsigned int block_free(const struct pageblock *block)
{
	return block->lo & ~(unsigned int)block->hi;
}

/*
 * Is there, in words of states, an allocated block of just as many units as are set in
 * @block, from @unit on?  One more is looked at: a block that goes on there is larger.
 */
static inline bool is_used(uint64_t lo, uint64_t hi, unsigned int unit, uint64_t block)
{
	return (hi >> unit & 1) && ((lo & hi) >> unit & (2 * block + 1)) == block - 1;
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

/* On no list: a ring of one, so that leaving it needs no question. */
static inline void head_init(struct head *head)
{
	head->next = head->previous = head;
}

static inline void head_leave(struct head *head)
{
	head->previous->next = head->next;
	head->next->previous = head->previous;
}

static inline void head_join(struct head *head, struct head *previous)
{
	struct head *next = previous->next;

	head->next = next;
	head->previous = previous;
	next->previous = head;
	previous->next = head;
}

static inline bool list_empty(const struct head *list)
{
	return list->next == list;
}

/* What a member of a list of an order below CHUNK_ORDER is; or of one above. */
static inline struct chunk *chunk_of(struct head *head)
{
	return (struct chunk *)((char *)head - offsetof(struct chunk, head));
}

static inline struct pageblock *block_of(struct head *head)
{
	return (struct pageblock *)((char *)head - offsetof(struct pageblock, head));
}

static inline const struct page_span *member_span(const struct zone *zone, const void *member)
{
	return likely(zone->span) ? zone->span : page_span_of_member(member);
}

/* The first page that a member describes, in @span or before it. */
static inline unsigned long chunk_pfn(const struct page_span *span, const struct chunk *chunk)
{
	return ((uintptr_t)chunk - span->chunks) / sizeof(*chunk) << CHUNK_ORDER;
}

static inline unsigned long block_pfn(const struct page_span *span, const struct pageblock *block)
{
	return ((uintptr_t)block - span->blocks) / sizeof(*block) << PAGEBLOCK_ORDER;
}

/* Onto the list of @order, LIST_NONE too; @end: at its end. */
static inline void list_add(struct zone *zone, struct head *head, unsigned int order,
			    unsigned int type, bool end)
{
	struct head *list = &zone->list[type][order];

	const uintptr_t other = (uintptr_t)list ^ (uintptr_t)list->previous;

	/* A choice that is no branch. */
	head_join(head, (struct head *)((uintptr_t)list ^ (other & -(uintptr_t)end)));
	/* Written rarely, so nobody waits for it. */
	if (unlikely(!(zone->avail[type] & 1U << order)))
		zone->avail[type] |= (uint16_t)BIT(order);
}

/* The list of a chunk's or pageblock's free units; the top of none is 0. */
static inline unsigned int chunk_list(uint64_t free)
{
	return bits_top(free) + (free ? 0 : LIST_NONE);
}

static inline unsigned int block_list(unsigned int free)
{
	return bits_top8(free) + (free ? CHUNK_ORDER : LIST_NONE);
}

/* A chunk that says nothing begins to, on no list. */
static inline void begin_chunk(struct pageblock *block, struct chunk *chunk, unsigned int bit,
			       uint64_t lo, uint64_t hi)
{
	block->split |= (uint8_t)bit;
	chunk->lo = lo;
	chunk->hi = hi;
	head_init(&chunk->head);
}

/* ---- giving ---------------------------------------------------------------------------- */

/* The free chunks of the pageblock around @pfn have changed: to its list, or merge. */
void block_changed(struct zone *zone, const struct page_span *span, unsigned long pfn, bool end);

/* All pages of the chunk at @pfn, on no list, are free: it is a free unit of its pageblock. */
void chunk_whole(struct zone *zone, const struct page_span *span, unsigned long pfn, bool end);

/* The free block of MAX_PAGE_ORDER, larger than a pageblock, at @pfn becomes two pageblocks. */
void cut_largest(struct zone *zone, const struct page_span *span, unsigned long pfn);

/*
 * A chunk with free pages that is on no list goes to its own.  Half a chunk waits at the end
 * if it is likely to merge soon: the chunk beside it is free.
 */
static inline void chunk_settle(struct zone *zone, const struct pageblock *block,
				struct chunk *chunk, unsigned long pfn, bool end)
{
	const unsigned int list = chunk_list(chunk_free(chunk));

	end |= (list == CHUNK_ORDER - 1) & (block_free(block) >> unit_of(pfn ^ CHUNK_PAGES));
	list_add(zone, &chunk->head, list, block->type, end);
}

/* The oldest warm chunk, or all, go to their lists. */
void settle_oldest(struct zone *zone);
void settle_warm(struct zone *zone);

/* All pages of a chunk that is apart are free. */
void chunk_filled(struct zone *zone, const struct page_span *span, unsigned long pfn);

/*
 * Pages of @chunk, with @pfn, have become free: it becomes warm, if it is not hot or warm.
 * @end: pages that were never free before
 */
static inline void chunk_given(struct zone *zone, const struct page_span *span,
			       struct pageblock *block, struct chunk *chunk, unsigned long pfn,
			       bool end)
{
	if (!(block->apart & unit_bit(pfn))) {
		if (unlikely(zone->warm_end != end)) {
			settle_warm(zone);
			zone->warm_end = end;
		}
		block->apart |= (uint8_t)unit_bit(pfn);
		head_leave(&chunk->head);
		head_join(&chunk->head, zone->warm.previous);
		if (unlikely(++zone->nr_warm > WARM_CHUNKS))
			settle_oldest(zone);
	}
	if (unlikely(chunk_free(chunk) == ALL_PAGES))
		chunk_filled(zone, span, pfn);
}

#endif /* MM_BUDDY_INTERNAL_H */
