/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the state of a block is kept, and how it changes.
 *
 * A block of order n at pfn is described by 2^n units of one word pair (mm/page.h): pages of a
 * chunk below CHUNK_ORDER, else chunks of a pageblock, else the one unit behind the chunks.  A
 * place is the address of the word pair and a mask of the units:
 *
 *	order 2 at pfn 0x48		chunk 1, pages 8 to 11
 *
 *	page	15  .  .  . 11 10  9  8  7  .  .  .  .  .  .  0
 *	block	 0  0  0  0  1  1  1  1  0  0  0  0  0  0  0  0
 *	further	 0  0  0  0  1  1  1  0  0  0  0  0  0  0  0  0	all but the first
 *
 * A change of state is two exclusive ors, whatever the order:
 *
 *	untracked 00 <-> allocated	hi ^= block	lo ^= further
 *	free	  01 <-> allocated	hi ^= block	lo ^= block ^ further
 *
 * This is for the buddy and for the fast paths of the page allocator, in which it is inlined; the
 * lists are no concern of it.  tests/host/unit/block_place_test.c has the plain way beside it.
 */
#ifndef MM_BLOCK_PLACE_H
#define MM_BLOCK_PLACE_H

#include "mm/page.h"
#include "mm/unit_bits.h"

/* The free units of a chunk or pageblock: state 01. */
static inline uint64_t units_free(const struct units *units)
{
	return units->lo & ~units->hi;
}

/**
 * struct shape - where and how blocks of an order are described
 * @block: the units of the first possible block in a member, which is a chunk or a pageblock
 * @member_mask, @member_shift: offset of pfn's member from struct page_span.at[@level]
 * @unit_order, @unit_mask: the number of pfn's unit in it
 * @inside: bits of a pfn that are 0 at the start of a block
 * @split: chunks that need not be split (struct pageblock.split) for @level to be valid
 */
struct shape {
	uint64_t	block;
	uint64_t	member_mask;
	uint64_t	inside;
	uint8_t		level, member_shift, unit_order, unit_mask, split;
};

#define SHAPE_OF_PAGES(order) {							\
	.block = (1ULL << (1U << (order))) - 1, .inside = (1UL << (order)) - 1,	\
	.level = LEVEL_CHUNK, .member_mask = ~0ULL << UNITS_SHIFT,		\
	.member_shift = CHUNK_ORDER - UNITS_SHIFT, .unit_mask = CHUNK_PAGES - 1, \
}

/* A block of more than a pageblock has one unit, LARGEST_UNIT. */
#define SHAPE_OF_CHUNKS(order) {						\
	.block = (order) > PAGEBLOCK_ORDER ? 1ULL << LARGEST_UNIT :		\
		 (1ULL << (1U << ((order) - CHUNK_ORDER))) - 1,			\
	.inside = (1UL << (order)) - 1,						\
	.level = LEVEL_PAGEBLOCK, .member_mask = ~0ULL << PAGEBLOCK_SHIFT,	\
	.member_shift = PAGEBLOCK_ORDER - PAGEBLOCK_SHIFT,			\
	.unit_order = CHUNK_ORDER,						\
	.unit_mask = (order) > PAGEBLOCK_ORDER ? 0 : PAGEBLOCK_CHUNKS - 1,	\
	.split = ALL_CHUNKS,							\
}

/*
 * By order.  A table and no branches, because orders of requests follow no pattern: with branches a
 * mix of all orders takes 9 % longer (`make bench-host`, uniform orders).
 */
static const struct shape shapes[BITS_ORDERS] = {
	SHAPE_OF_PAGES(0), SHAPE_OF_PAGES(1), SHAPE_OF_PAGES(2), SHAPE_OF_PAGES(3),
	SHAPE_OF_PAGES(4), SHAPE_OF_PAGES(5), SHAPE_OF_CHUNKS(6), SHAPE_OF_CHUNKS(7),
	SHAPE_OF_CHUNKS(8), SHAPE_OF_CHUNKS(9), SHAPE_OF_CHUNKS(10),
};

_Static_assert(MAX_PAGE_ORDER <= 10, "rows of shapes");

/**
 * struct place - where the state of a block is kept
 * @units: the word pair
 * @block: its units in there
 * @further: all of them but the first
 */
struct place {
	struct units	*units;
	uint64_t	block, further;
};

/**
 * place_of() - the place of the block at @pfn
 * @shape: &shapes[order]
 * @span: the span of @pfn
 * @pfn: a multiple of 2^order
 *
 * Below CHUNK_ORDER the place is valid only if the chunk is split.
 */
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

/**
 * place_in_chunk() - the same for an order below CHUNK_ORDER, for any @pfn
 *
 * It computes less, because the table has only the mask: 9 instructions of an allocation of one
 * page, 11 of a free.  A block that is not aligned and would reach
 * beyond the chunk has its last pages at page 0 and up.  Page 0 of a chunk is further page of no
 * block, so place_is_allocated() says no for such a place.
 */
static inline struct place place_in_chunk(unsigned int order, const struct page_span *span,
					  unsigned long pfn)
{
	const uint64_t block = bits_rotate(bits_block(order), pfn);

	return (struct place){
		.units = span_chunk(span, pfn),
		.block = block,
		.further = block ^ 1ULL << pfn % CHUNK_PAGES,
	};
}

/** toggle_untracked() - an untracked block becomes an allocated one, or the other way round */
static inline void toggle_untracked(const struct place *place)
{
	place->units->hi ^= place->block;
	place->units->lo ^= place->further;
}

/** toggle_free() - a free block becomes an allocated one, or the other way round */
static inline void toggle_free(const struct place *place)
{
	place->units->hi ^= place->block;
	place->units->lo ^= place->block ^ place->further;
}

/**
 * place_is_allocated() - is there an allocated block of exactly the units of @place?
 *
 * Its first unit must be 10, its others 11, and the unit behind it must not be 11, for then the
 * block would be larger:
 *
 *	asked for	. . x x x x . .		block of 4; further: the upper three
 *	further (11)	. 0 1 1 1 0 . .		equal to "further" in all of block | block << 1
 */
static inline bool place_is_allocated(const struct place *place)
{
	const uint64_t block = place->block, first = block ^ place->further;
	const uint64_t further = place->units->lo & place->units->hi;

	return (place->units->hi & first) && (further & (block | block << 1)) == place->further;
}

/*
 * The same of place_in_chunk(), which knows the number of the first page and need not take it from
 * the masks: 8 of the 75 instructions of a free of one page.
 */
static inline bool place_is_allocated_in_chunk(const struct place *place, unsigned long pfn)
{
	const uint64_t hi = place->units->hi, further = place->units->lo & hi;

	return (hi >> pfn % CHUNK_PAGES & 1) &&
	       (further & (place->block | place->block << 1)) == place->further;
}

#endif /* MM_BLOCK_PLACE_H */
