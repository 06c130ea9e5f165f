/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the buddy: members on lists, and the state of the hand-over.
 *
 * A member of a list is a struct units: a chunk on lists below CHUNK_ORDER, the first words of a
 * struct pageblock on the others.  Its list is that of the largest block of free units in it,
 * LIST_NONE if nothing of it is free.
 */
#ifndef MM_BUDDY_BUDDY_INTERNAL_H
#define MM_BUDDY_BUDDY_INTERNAL_H

#include "mm/block_place.h"
#include "mm/buddy.h"
#include "mm/pcp.h"	/* stacks_offset() */

/* ---- pageblocks ------------------------------------------------------------------ */

/* A pageblock's zone, type or flags change, and with them the stacks that frees go to. */
static inline void block_set(struct pageblock *block, struct zone *zone, unsigned int type,
			     unsigned int flags)
{
	const unsigned long stacks =
		zone && type < PCP_TYPES && !flags ? stacks_offset(zone, type) : NO_STACKS;

	__atomic_store_n(&block->zone, zone, __ATOMIC_RELAXED);
	__atomic_store_n(&block->type, (uint8_t)type, __ATOMIC_RELAXED);
	/* Whoever sees BLOCK_REFS sees the zeroes that were written before. */
	__atomic_store_n(&block->flags, (uint8_t)flags, __ATOMIC_RELEASE);
	__atomic_store_n(&block->stacks, stacks, __ATOMIC_RELAXED);
}

static inline void block_set_type(struct pageblock *block, unsigned int type)
{
	block_set(block, block->zone, type, block->flags);
}

static inline bool types_may_merge(unsigned int a, unsigned int b)
{
	return a == b || (a <= MIGRATE_RECLAIMABLE && b <= MIGRATE_RECLAIMABLE);
}

/* @pages on lists of @type became free; negative: they were taken. */
static inline void count_free(struct zone *zone, unsigned int type, long pages)
{
	__atomic_store_n(&zone->listed_pages, zone->listed_pages + (unsigned long)pages,
			 __ATOMIC_RELAXED);
	if (unlikely(type == MIGRATE_CMA))
		zone->free_cma_pages += (unsigned long)pages;
}

/* ---- rings ----------------------------------------------------------------------- */

/* A head on no list is a ring of one, so head_leave() needs no condition. */
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

static inline bool ring_is_empty(const struct head *list)
{
	return list->next == list;
}

/* The chunk or the pageblock that a head is in. */
static inline struct units *chunk_of_head(struct head *head)
{
	return (struct units *)((char *)head - offsetof(struct units, head));
}

static inline struct pageblock *pageblock_of_head(struct head *head)
{
	return (struct pageblock *)((char *)head - offsetof(struct pageblock, units.head));
}

static inline const struct page_span *member_span(const struct zone *zone, const void *member)
{
	return likely(zone->span) ? zone->span : page_span_of_member(member);
}

/* The pfn of unit 0 of a chunk or pageblock; it may be below @span's start. */
static inline unsigned long chunk_pfn(const struct page_span *span, const struct units *chunk)
{
	return ((uintptr_t)chunk - span->at[LEVEL_CHUNK]) >> UNITS_SHIFT << CHUNK_ORDER;
}

static inline unsigned long block_pfn(const struct page_span *span, const struct pageblock *block)
{
	return ((uintptr_t)block - span->at[LEVEL_PAGEBLOCK]) >> PAGEBLOCK_SHIFT <<
	       PAGEBLOCK_ORDER;
}

/* ---- lists ----------------------------------------------------------------------- */

/* A head on no list goes to that of @order, which may be LIST_NONE, and @type; @end: at its end. */
static inline void list_join(struct zone *zone, struct head *head, unsigned int order,
			     unsigned int type, bool end)
{
	struct head *list = &zone->list[type][order];

	head_join(head, end ? list->previous : list);
	/* The bit is set already nearly always: a branch costs less than a store each time. */
	if (unlikely(!(zone->avail[type] & 1U << order)))
		zone->avail[type] |= (uint16_t)BIT(order);
}

/* The list of a chunk with the free pages @free. */
static inline unsigned int chunk_list(uint64_t free)
{
	return bits_top(free) + (free ? 0 : LIST_NONE);
}

/* The list of a pageblock with the free units @free: chunks, or the largest block. */
static inline unsigned int block_list(uint64_t free)
{
	if (PAGEBLOCKS_PER_BLOCK > 1 && unlikely(free >> LARGEST_UNIT))
		return MAX_PAGE_ORDER;
	return bits_top8((unsigned int)free) + (free ? CHUNK_ORDER : LIST_NONE);
}

/* struct pageblock.below of a chunk with the free pages @free, which is on @list. */
static inline uint8_t list_below(uint64_t free, unsigned int list)
{
	return (uint8_t)(free ? list + 1 : 0);
}

/*
 * A chunk on no list goes to its own.  Half a chunk goes to the end of its list, to be taken last,
 * if the chunk beside it is free: it is likely to merge soon.
 */
static inline void chunk_join(struct zone *zone, struct pageblock *block, struct units *chunk,
			      unsigned long pfn, bool end)
{
	const uint64_t free = units_free(chunk);
	const unsigned int list = chunk_list(free);

	block->below[unit_of(pfn)] = list_below(free, list);
	end |= (list == CHUNK_ORDER - 1) &
	       (units_free(&block->units) >> unit_of(pfn ^ CHUNK_PAGES));
	list_join(zone, &chunk->head, list, block->type, end);
}

/* The same for a pageblock. */
static inline void block_join(struct zone *zone, struct pageblock *block, bool end)
{
	list_join(zone, &block->units.head, block_list(units_free(&block->units)), block->type,
		  end);
}

/*
 * The chunk at @pfn, invalid until now, becomes split, with the states @lo and @hi.  It is on no
 * list, and noted as if nothing of it were free.
 */
static inline void begin_chunk(struct pageblock *block, struct units *chunk, unsigned long pfn,
			       uint64_t lo, uint64_t hi)
{
	block->below[unit_of(pfn)] = 0;
	units_set_lo(chunk, lo);
	__atomic_store_n(&chunk->hi, hi, __ATOMIC_RELAXED);
	head_init(&chunk->head);
	/* Last: whoever sees that the chunk is split reads its words. */
	__atomic_store_n(&block->split, (uint8_t)(block->split | unit_bit(pfn)), __ATOMIC_RELEASE);
}

/* ---- giving ------------------------------------------------------------------------ */

/*
 * The free units of the pageblock around @pfn have changed: it goes to its list, or merges with
 * its buddy.  @end: to the end of the list.
 */
void block_changed(struct zone *zone, const struct page_span *span, unsigned long pfn, bool end);

/* The chunk at @pfn has a larger free block than before: to its list, or it becomes a unit. */
void chunk_grown(struct zone *zone, const struct page_span *span, unsigned long pfn, bool end);

/* The free block of MAX_PAGE_ORDER, larger than a pageblock, at @pfn becomes two pageblocks. */
void cut_largest(struct zone *zone, const struct page_span *span, unsigned long pfn);

/*
 * Pages of @chunk around @pfn have become free in its words.  It has a larger free block than
 * before if the aligned block of one order more than that, around @pfn, is free now:
 *
 *	below 2		1 1 1 1 0 0 0 1		two pairs have become one of 4
 *			    ^ pfn
 */
static inline void chunk_given(struct zone *zone, const struct page_span *span,
			       const struct pageblock *block, const struct units *chunk,
			       unsigned long pfn, bool end)
{
	const unsigned int page = pfn % CHUNK_PAGES, below = block->below[unit_of(pfn)];

	if (!(~units_free(chunk) & bits_block(below) << (page & ~0U << below)))
		chunk_grown(zone, span, pfn, end);
}

/* ---- the hand-over (handover.c) ----------------------------------------------------- */

/**
 * struct handover - how far memblock_free_all() has come; boot only
 *
 * @start, @pages, @zone, @span: the pages [@start, @start + @pages) around the last block are of
 *	this zone and span; @pages 0: not known
 * @run_next: a largest block at this pfn continues a run of them; PFN_NONE: there is no run
 * @run_end: the first pfn behind @zone and @span that a largest block could have
 * @run_last: the pageblock of the run's last block
 * @chunk_start: first pfn of the open chunk, whose pages go to the buddy together
 * @chunk_pages: its pages in @zone and @span; 0: no chunk is open
 * @chunk_missing: those of them that have not come yet
 */
struct handover {
	bool			running;
	unsigned long		start;
	unsigned long		pages;
	struct zone		*zone;
	const struct page_span	*span;
	unsigned long		run_next;
	unsigned long		run_end;
	struct pageblock	*run_last;
	unsigned long		chunk_start;
	uint64_t		chunk_pages;
	uint64_t		chunk_missing;
};

extern struct handover handover;

#endif /* MM_BUDDY_BUDDY_INTERNAL_H */
