/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arithmetic on the words of a chunk or pageblock (page.h): bit i is unit i, a block is
 * an aligned run of 2^order units.  Without branches, because which order comes next is
 * what no processor can guess.
 */
#ifndef MM_BUDDY_BUDDY_BITS_H
#define MM_BUDDY_BUDDY_BITS_H

#include "kernel/lib/types.h"

#define BITS_ORDER_MAX	6U	/* 64 units */
#define BITS_ORDERS	16U	/* tables; above 6 there are no blocks */

/* Every aligned block of an order: all its units but the last, and the last. */
static const struct bits_order {
	uint64_t	rest, last;
} bits_orders[BITS_ORDERS] = {
	{ 0x0000000000000000, 0xffffffffffffffff }, { 0x5555555555555555, 0xaaaaaaaaaaaaaaaa },
	{ 0x7777777777777777, 0x8888888888888888 }, { 0x7f7f7f7f7f7f7f7f, 0x8080808080808080 },
	{ 0x7fff7fff7fff7fff, 0x8000800080008000 }, { 0x7fffffff7fffffff, 0x8000000080000000 },
	{ 0x7fffffffffffffff, 0x8000000000000000 },
};

/* 2^order units from bit 0. */
static const uint64_t bits_blocks[BITS_ORDERS] = {
	0x1, 0x3, 0xf, 0xff, 0xffff, 0xffffffff, 0xffffffffffffffff,
};

static inline uint64_t bits_block(unsigned int order)
{
	return bits_blocks[order];
}

/* All bits @by places up; those that leave come in below. */
static inline uint64_t bits_turn(uint64_t bits, unsigned long by)
{
	return bits << by % 64 | bits >> -by % 64;
}

/*
 * The last units of all aligned blocks of @order in which every unit is set.  In a block
 * with a unit that is not, adding to those but the last carries into the last:
 *
 *	unset	0 0 0 0  0 0 1 0		two blocks of 4, the last unit on the left
 *	+ rest	0 1 1 1  1 0 0 1 -> carried
 */
static inline uint64_t bits_runs(uint64_t units, unsigned int order)
{
	const struct bits_order *o = &bits_orders[order];

	return ~(((~units & o->rest) + o->rest) | ~units) & o->last;
}

/* The first unit of the first of the blocks of @order that bits_runs() found. */
static inline unsigned int bits_first(uint64_t runs, unsigned int order)
{
	return (unsigned int)__builtin_ctzll(runs) & ~0U << order;
}

/* The order of the largest block in @units, which are not none. */
static inline unsigned int bits_top(uint64_t units)
{
	uint64_t runs = units & units >> 1;
	unsigned int top = (runs & 0x5555555555555555) != 0;

	runs &= runs >> 2;
	top += (runs & 0x1111111111111111) != 0;
	runs &= runs >> 4;
	top += (runs & 0x0101010101010101) != 0;
	runs &= runs >> 8;
	top += (runs & 0x0001000100010001) != 0;
	runs &= runs >> 16;
	top += (runs & 0x0000000100000001) != 0;
	return top + (units == ~0ULL);
}

/* The same for at most 8 units. */
static inline unsigned int bits_top8(unsigned int units)
{
	unsigned int runs = units & units >> 1;
	unsigned int top = (runs & 0x55) != 0;

	runs &= runs >> 2;
	top += (runs & 0x11) != 0;
	return top + (units == 0xff);
}

/* Of the blocks of @order in @units, those whose buddy is not among them. */
static inline uint64_t bits_single(uint64_t units, unsigned int order)
{
	const uint64_t pairs = bits_runs(units, order + 1);

	return bits_runs(units, order) & ~(pairs | pairs >> (1U << order));
}

/* A block of just @order in @units, or one inside of a larger; the lowest.  There is one. */
static inline unsigned int bits_best(uint64_t units, unsigned int order)
{
	const uint64_t single = bits_single(units, order);

	return bits_first(single ? single : bits_runs(units, order), order);
}

/* Set bits.  There is no instruction for it that every CPU has, nor libgcc. */
static inline unsigned long bits_count(uint64_t bits)
{
	bits -= bits >> 1 & 0x5555555555555555;
	bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
	bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return bits * 0x0101010101010101 >> 56;
}

#endif /* MM_BUDDY_BUDDY_BITS_H */
