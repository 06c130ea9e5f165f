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
 * A change of state is one or two operations on words, whatever the order.  Onto a stack and off
 * it, only the first unit's bit of "hi" changes:
 *
 *	allocated	10 11 11 11	is freed: the bit of hi is cleared
 *	on a stack	00 11 11 11	is allocated: the bit is set
 *	free		01 01 01 01
 *
 * This is for the buddy and for the fast paths of the page allocator, in which it is inlined; the
 * lists are no concern of it.  tests/host/unit/block_place_test.c has the plain way beside it.
 */
#ifndef MM_BLOCK_PLACE_H
#define MM_BLOCK_PLACE_H

#include "mm/page.h"
#include "mm/unit_bits.h"
#include "mm/zone.h"	/* struct stacked */

/*
 * ---- the two words among CPUs -----------------------------------------------------
 *
 * "lo" changes under zone->lock only.  Of "hi", the first unit of a block changes without it, too,
 * when the block goes onto a stack or off it; whoever clears it has the block.  So with many CPUs
 * "hi" is written by atomic operations only.  Units of which lo is set are free, or further ones
 * of a block; neither changes without the lock, so who has it can tell free units by two loads.
 */
static inline uint64_t units_lo(const struct units *units)
{
	return __atomic_load_n(&units->lo, __ATOMIC_RELAXED);
}

static inline uint64_t units_hi(const struct units *units)
{
	return __atomic_load_n(&units->hi, __ATOMIC_RELAXED);
}

static inline void units_set_lo(struct units *units, uint64_t lo)
{
	__atomic_store_n(&units->lo, lo, __ATOMIC_RELAXED);
}

static inline void units_or_hi(struct units *units, uint64_t bits)
{
	if (!many_cpus() || MUTATE(lost_update))
		units->hi |= bits;
	else
		__atomic_fetch_or(&units->hi, bits, __ATOMIC_RELEASE);
}

/* Return: the word as it was. */
static inline uint64_t units_clear_hi(struct units *units, uint64_t bits)
{
	uint64_t hi;

	if (many_cpus() && !MUTATE(lost_update))
		return __atomic_fetch_and(&units->hi, ~bits, __ATOMIC_ACQ_REL);
	hi = units_hi(units);
	units->hi = hi & ~bits;
	return hi;
}

/* The free units of a chunk or pageblock: state 01. */
static inline uint64_t units_free(const struct units *units)
{
	return units_lo(units) & ~units_hi(units);
}

/**
 * struct shape - where and how blocks of an order are described
 * @block: the units of the first possible block in a member, which is a chunk or a pageblock
 * @member_mask, @member_shift: offset of pfn's member from struct page_span.at[@level]
 * @unit_order, @unit_mask: the number of pfn's unit in it
 */
struct shape {
	uint64_t	block;
	uint64_t	member_mask;
	uint8_t		level, member_shift, unit_order, unit_mask;
};

#define SHAPE_OF_PAGES(order) {							\
	.block = (1ULL << (1U << (order))) - 1,					\
	.level = LEVEL_CHUNK, .member_mask = ~0ULL << UNITS_SHIFT,		\
	.member_shift = CHUNK_ORDER - UNITS_SHIFT, .unit_mask = CHUNK_PAGES - 1, \
}

/* A block of more than a pageblock has one unit, LARGEST_UNIT. */
#define SHAPE_OF_CHUNKS(order) {						\
	.block = (order) > PAGEBLOCK_ORDER ? 1ULL << LARGEST_UNIT :		\
		 (1ULL << (1U << ((order) - CHUNK_ORDER))) - 1,			\
	.level = LEVEL_PAGEBLOCK, .member_mask = ~0ULL << PAGEBLOCK_SHIFT,	\
	.member_shift = PAGEBLOCK_ORDER - PAGEBLOCK_SHIFT,			\
	.unit_order = CHUNK_ORDER,						\
	.unit_mask = (order) > PAGEBLOCK_ORDER ? 0 : PAGEBLOCK_CHUNKS - 1,	\
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
 * @unit: the first of them, but 0 for LARGEST_UNIT
 */
struct place {
	struct units	*units;
	uint64_t	block, further;
	unsigned int	unit;
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
	const unsigned int unit = (unsigned int)(pfn >> shape->unit_order) & shape->unit_mask;
	const uint64_t block = shape->block << unit;

	return (struct place){
		.units = (struct units *)(span->at[shape->level] +
					  (pfn >> shape->member_shift & shape->member_mask)),
		.block = block,
		.further = block & (block - 1),
		.unit = unit,
	};
}

/** block_allocate() - a block whose units are untracked becomes allocated; under zone->lock */
static inline void block_allocate(const struct place *place)
{
	units_set_lo(place->units, units_lo(place->units) | place->further);
	units_or_hi(place->units, place->block);
}

/** block_take() - a free block becomes allocated; under zone->lock */
static inline void block_take(const struct place *place)
{
	units_set_lo(place->units, units_lo(place->units) ^ (place->block ^ place->further));
	units_or_hi(place->units, place->block);
}

/** units_give() - untracked @units, or those of blocks off stacks, become free; under zone->lock */
static inline void units_give(struct units *units, uint64_t bits)
{
	units_clear_hi(units, bits);
	units_set_lo(units, units_lo(units) | bits);
}

/**
 * struct block_pattern - what the words of a block look like, moved down to its first unit
 * @block: the units of the block
 * @with_next: and the one behind them
 * @first: the first of them
 * @large: all bits set: the units are chunks; else 0: they are pages
 */
struct block_pattern {
	uint64_t	block, with_next, first, large;
};

#define PATTERN_OF_PAGES(order) {						\
	.block = (1ULL << (1U << (order))) - 1, .first = 1,			\
	.with_next = (2ULL << (1U << (order))) - 1,				\
}

/* LARGEST_UNIT stays where it is: a block that has it begins at chunk 0 of its pageblock. */
#define PATTERN_OF_CHUNKS(order) {						\
	.block = (order) > PAGEBLOCK_ORDER ? 1ULL << LARGEST_UNIT :		\
		 (1ULL << (1U << ((order) - CHUNK_ORDER))) - 1,			\
	.with_next = (order) > PAGEBLOCK_ORDER ? 3ULL << LARGEST_UNIT :		\
		     (2ULL << (1U << ((order) - CHUNK_ORDER))) - 1,		\
	.first = (order) > PAGEBLOCK_ORDER ? 1ULL << LARGEST_UNIT : 1,		\
	.large = ~0ULL,								\
}

static const struct block_pattern block_patterns[BITS_ORDERS] = {
	PATTERN_OF_PAGES(0), PATTERN_OF_PAGES(1), PATTERN_OF_PAGES(2), PATTERN_OF_PAGES(3),
	PATTERN_OF_PAGES(4), PATTERN_OF_PAGES(5), PATTERN_OF_CHUNKS(6), PATTERN_OF_CHUNKS(7),
	PATTERN_OF_CHUNKS(8), PATTERN_OF_CHUNKS(9), PATTERN_OF_CHUNKS(10),
};

/* The units of a block on a stack. */
static inline uint64_t units_of_stacked(unsigned int order, const struct stacked *stacked)
{
	return block_patterns[order].block << stacked->at % 64;
}

/* Its first unit, as a bit: the only one that changes when it becomes allocated. */
static inline uint64_t first_of_stacked(unsigned int order, const struct stacked *stacked)
{
	return block_patterns[order].first << stacked->at % 64;
}

/**
 * struct claim - what a free must know of the block it found
 * @units: its words
 * @unit: where it begins in them, but 0 for LARGEST_UNIT
 */
struct claim {
	struct units	*units;
	unsigned int	unit;
};

/* Do the words, moved down to its first unit, show a block?  See block_is_allocated(). */
static inline bool pattern_fits(const struct block_pattern *pattern, uint64_t hi, uint64_t lo)
{
	return (hi & (lo ^ pattern->first) & pattern->with_next) == pattern->block;
}

/**
 * block_is_allocated() - is there an allocated block of exactly @order at @pfn?
 * @block: the pageblock of @pfn
 * @order: at most MAX_PAGE_ORDER
 * @claim: for block_claim()
 *
 * Without a branch on the order: it would be mispredicted every other time in a mix of all orders,
 * which makes a free take twice as long.  The words are moved down, so that the first unit is bit
 * 0:
 *
 *	order 2 at page 8	hi  . . 1 1 1 1 . . .	moved		? 1 1 1 1
 *				lo  . . 1 1 1 0 . . .	moved ^ 1	? 1 1 1 1
 *				both, of @with_next	must be		0 1 1 1 1
 *
 * So bit 0 is 10, the others of the block are 11, and the one behind it is not.  What is moved in
 * at the top is 0, so a block that would reach beyond its word is none.
 */
static __always_inline bool block_is_allocated(const struct page_span *span,
					       const struct pageblock *block, unsigned long pfn,
					       unsigned int order, struct claim *claim)
{
	const struct block_pattern *pattern = &block_patterns[order];
	unsigned int first = unit_of(pfn);
	uintptr_t units = (uintptr_t)span_chunk(span, pfn);

	if (unlikely(pfn % CHUNK_PAGES & pattern->large))
		return false;
	if (unlikely(!((block_split(block) | pattern->large) >> first & 1)))
		return false;
	/* Either the page's number, or, of an aligned pfn, the chunk's. */
	first = (unsigned int)(pfn + (first & pattern->large)) % 64;
	units += ((uintptr_t)block - units) & pattern->large;
	claim->units = (struct units *)units;
	claim->unit = first;
	return likely(pattern_fits(pattern, units_hi(claim->units) >> first,
				   units_lo(claim->units) >> first));
}

/*
 * block_claim() among many CPUs.  Another may have freed the same block since block_is_allocated():
 * of all who clear the bit, one saw it set.  It may even have been given to somebody as a block of
 * another order; from now on it cannot change, so he looks again, and puts the bit back if he was
 * mistaken.
 */
static inline bool block_claim_shared(struct units *units, unsigned int unit,
					  unsigned int order)
{
	const struct block_pattern *pattern = &block_patterns[order];
	const uint64_t first = pattern->first << unit;

	if (MUTATE(claim_without_look))
		cpu_relax();		/* others may come in between */
	if (!(units_clear_hi(units, first) & first) && !MUTATE(claim_without_look))
		return false;
	if (pattern_fits(pattern, (units_hi(units) | first) >> unit, units_lo(units) >> unit))
		return true;
	units_or_hi(units, first);
	return false;
}

/* block_claim() while there is one CPU. */
static __always_inline void block_claim_plain(const struct claim *claim, unsigned int order)
{
	claim->units->hi ^= block_patterns[order].first << claim->unit;
}

/**
 * block_claim() - whoever frees an allocated block takes it, as one that lies on a stack
 * @claim: of block_is_allocated(), which was true
 *
 * Return: false: it was freed by somebody else; nothing has changed.
 */
static inline bool block_claim(const struct claim *claim, unsigned int order)
{
	if (many_cpus())
		return block_claim_shared(claim->units, claim->unit, order);
	block_claim_plain(claim, order);
	return true;
}

#endif /* MM_BLOCK_PLACE_H */
