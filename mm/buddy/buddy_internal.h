/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside of the buddy.  For mm/buddy*.c, mm/page_*.c and mm/buddy/handover.c only.
 */
#ifndef MM_BUDDY_BUDDY_INTERNAL_H
#define MM_BUDDY_BUDDY_INTERNAL_H

#include "mm/buddy.h"
#include "mm/buddy/buddy_bits.h"

static inline uint64_t units_free(const struct units *units)
{
	return units->lo & ~units->hi;
}

/* ---- orders ---------------------------------------------------------------------- */

/**
 * struct shape - where and how blocks of an order are described
 * @block: the units of the first possible block in a member
 * @member_mask, @member_shift: offset of pfn's member from struct page_span.at[@level]
 * @unit_order, @unit_mask: the unit of pfn in it
 * @inside: bits that the pfn of a block does not have
 * @split: not of a chunk, which may mean nothing
 */
struct shape {
	uint64_t	block;
	uint64_t	member_mask;
	uint64_t	inside;
	uint8_t		level, member_shift, unit_order, unit_mask, split;
};

#define BELOW_CHUNK(order) {							\
	.block = (1ULL << (1U << (order))) - 1, .inside = (1UL << (order)) - 1,	\
	.level = LEVEL_CHUNK, .member_mask = ~0ULL << UNITS_SHIFT,		\
	.member_shift = CHUNK_ORDER - UNITS_SHIFT, .unit_mask = CHUNK_PAGES - 1, \
}

/* The largest may be more than a pageblock. */
#define OF_CHUNKS(order) {							\
	.block = (order) > PAGEBLOCK_ORDER ? 1ULL << LARGEST_UNIT :		\
		 (1ULL << (1U << ((order) - CHUNK_ORDER))) - 1,			\
	.inside = (1UL << (order)) - 1,						\
	.level = LEVEL_PAGEBLOCK, .member_mask = ~0ULL << PAGEBLOCK_SHIFT,	\
	.member_shift = PAGEBLOCK_ORDER - PAGEBLOCK_SHIFT,			\
	.unit_order = CHUNK_ORDER,						\
	.unit_mask = (order) > PAGEBLOCK_ORDER ? 0 : PAGEBLOCK_CHUNKS - 1,	\
	.split = ALL_CHUNKS,							\
}

/* A table and not a choice, because which order comes next is what no processor can guess. */
static const struct shape shapes[BITS_ORDERS] = {
	BELOW_CHUNK(0), BELOW_CHUNK(1), BELOW_CHUNK(2), BELOW_CHUNK(3), BELOW_CHUNK(4),
	BELOW_CHUNK(5), OF_CHUNKS(6), OF_CHUNKS(7), OF_CHUNKS(8), OF_CHUNKS(9), OF_CHUNKS(10),
};

_Static_assert(MAX_PAGE_ORDER <= 10, "rows of shapes");

/**
 * struct place - of a block: where its states are
 * @block: its units there
 * @further: all of them but the first
 */
struct place {
	struct units	*units;
	uint64_t	block, further;
};

static inline struct place place_of(const struct shape *shape, const struct page_span *span,
				    unsigned long pfn)
{
	const uint64_t block = shape->block << (pfn >> shape->unit_order & shape->unit_mask);

	return (struct place){
		.units = (struct units *)(span->at[shape->level] +
					  (pfn >> shape->member_shift & shape->member_mask)),
		.block = block,
		.further = block & (block - 1),
	};
}

/*
 * The same for an order below CHUNK_ORDER: less to compute.  What goes beyond the chunk, because
 * it is not aligned, comes in at page 0; that is no further page of any block, so
 * is_used() says no.
 */
static inline struct place place_in_chunk(unsigned int order, const struct page_span *span,
					  unsigned long pfn)
{
	const uint64_t block = bits_turn(bits_block(order), pfn);

	return (struct place){
		.units = span_chunk(span, pfn),
		.block = block,
		.further = block ^ 1ULL << pfn % CHUNK_PAGES,
	};
}

/* A block that is nothing becomes an allocated one, or the other way round. */
static inline void toggle_nothing(const struct place *place)
{
	place->units->hi ^= place->block;
	place->units->lo ^= place->further;
}

/* A block that is free becomes an allocated one, or the other way round. */
static inline void toggle_free(const struct place *place)
{
	place->units->hi ^= place->block;
	place->units->lo ^= place->block ^ place->further;
}

/*
 * Is there an allocated block of just these units, which begins there?  One behind them is looked
 * at, too: a block that goes on there is larger.
 */
static inline bool is_used(const struct place *place)
{
	const uint64_t block = place->block, first = block ^ place->further;
	const uint64_t further = place->units->lo & place->units->hi;

	return (place->units->hi & first) && (further & (block | block << 1)) == place->further;
}

/* The same of place_in_chunk(), in fewer instructions. */
static inline bool is_used_in_chunk(const struct place *place, unsigned long pfn)
{
	const uint64_t hi = place->units->hi, further = place->units->lo & hi;

	return (hi >> pfn % CHUNK_PAGES & 1) &&
	       (further & (place->block | place->block << 1)) == place->further;
}

/* Zone, type or flags of a pageblock change. */
static inline void block_set(struct pageblock *block, struct zone *zone, unsigned int type,
			     unsigned int flags)
{
	block->zone = zone;
	block->type = (uint8_t)type;
	block->flags = (uint8_t)flags;
	block->pcp = zone && type < PCP_TYPES && !flags ? zone->pcp[type] : no_pcp;
}

static inline void block_set_type(struct pageblock *block, unsigned int type)
{
	block_set(block, block->zone, type, block->flags);
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
static inline struct units *chunk_of(struct head *head)
{
	return (struct units *)((char *)head - offsetof(struct units, head));
}

static inline struct pageblock *block_of(struct head *head)
{
	return (struct pageblock *)((char *)head - offsetof(struct pageblock, units.head));
}

static inline const struct page_span *member_span(const struct zone *zone, const void *member)
{
	return likely(zone->span) ? zone->span : page_span_of_member(member);
}

/* The first page that a member describes, in @span or before it. */
static inline unsigned long chunk_pfn(const struct page_span *span, const struct units *chunk)
{
	return ((uintptr_t)chunk - span->at[LEVEL_CHUNK]) >> UNITS_SHIFT << CHUNK_ORDER;
}

static inline unsigned long block_pfn(const struct page_span *span, const struct pageblock *block)
{
	return ((uintptr_t)block - span->at[LEVEL_PAGEBLOCK]) >> PAGEBLOCK_SHIFT <<
	       PAGEBLOCK_ORDER;
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

/* The list of a chunk's free pages. */
static inline unsigned int chunk_list(uint64_t free)
{
	return bits_top(free) + (free ? 0 : LIST_NONE);
}

/* The list of a pageblock's free units: chunks and the largest block. */
static inline unsigned int block_list(uint64_t free)
{
	if (PAGEBLOCKS_PER_BLOCK > 1 && unlikely(free >> LARGEST_UNIT))
		return MAX_PAGE_ORDER;
	return bits_top8((unsigned int)free) + (free ? CHUNK_ORDER : LIST_NONE);
}

/* struct pageblock.below of a chunk with @free pages that is on @list. */
static inline uint8_t list_below(uint64_t free, unsigned int list)
{
	return (uint8_t)(free ? list + 1 : 0);
}

/*
 * A chunk on no list goes to its own.  Half a chunk waits at the end if it is likely to merge
 * soon: the chunk beside it is free.
 */
static inline void chunk_join(struct zone *zone, struct pageblock *block, struct units *chunk,
			      unsigned long pfn, bool end)
{
	const uint64_t free = units_free(chunk);
	const unsigned int list = chunk_list(free);

	block->below[unit_of(pfn)] = list_below(free, list);
	end |= (list == CHUNK_ORDER - 1) &
	       (units_free(&block->units) >> unit_of(pfn ^ CHUNK_PAGES));
	list_add(zone, &chunk->head, list, block->type, end);
}

/* The same for a pageblock. */
static inline void block_join(struct zone *zone, struct pageblock *block, bool end)
{
	list_add(zone, &block->units.head, block_list(units_free(&block->units)), block->type,
		 end);
}

/* The chunk at @pfn, which says nothing, begins to; on no list, as if nothing of it were free. */
static inline void begin_chunk(struct pageblock *block, struct units *chunk, unsigned long pfn,
			       uint64_t lo, uint64_t hi)
{
	block->split |= (uint8_t)unit_bit(pfn);
	block->below[unit_of(pfn)] = 0;
	chunk->lo = lo;
	chunk->hi = hi;
	head_init(&chunk->head);
}

/* ---- giving ---------------------------------------------------------------------------- */

/* The free units of the pageblock around @pfn have changed: to its list, or merge. */
void block_changed(struct zone *zone, const struct page_span *span, unsigned long pfn, bool end);

/* The chunk at @pfn has a larger free block than before. */
void chunk_grown(struct zone *zone, const struct page_span *span, unsigned long pfn, bool end);

/* The free block of MAX_PAGE_ORDER, larger than a pageblock, at @pfn becomes two pageblocks. */
void cut_largest(struct zone *zone, const struct page_span *span, unsigned long pfn);

/*
 * Pages of @chunk around @pfn have become free in its words.  It has a larger block if they
 * are in one of a size that it had none of:
 *
 *	below 2		1 1 1 1 0 0 0 1		two pairs have become one of 4
 *			    ^
 */
static inline void chunk_given(struct zone *zone, const struct page_span *span,
			       const struct pageblock *block, const struct units *chunk,
			       unsigned long pfn, bool end)
{
	const unsigned int page = pfn % CHUNK_PAGES, below = block->below[unit_of(pfn)];

	if (!(~units_free(chunk) & bits_block(below) << (page & ~0U << below)))
		chunk_grown(zone, span, pfn, end);
}

#endif /* MM_BUDDY_BUDDY_INTERNAL_H */
