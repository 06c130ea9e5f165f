/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arithmetic on the words that hold the states of a chunk or a pageblock (mm/page.h): bit i is
 * unit i, and a block of order n is 2^n units that begin at a multiple of 2^n.
 *
 * Orders of requests follow no pattern, so a branch on the order is mispredicted half of the
 * time; these functions use tables and arithmetic instead.  tests/host/unit/unit_bits_test.c
 * has a plain loop beside each of them, tests/proofs/bits.c a definition: the two are proved to be
 * the same for every word and order.
 */
#ifndef MM_UNIT_BITS_H
#define MM_UNIT_BITS_H

#include "kernel/lib/types.h"

#define BITS_ORDER_MAX	6U	/* a block of all 64 units */
#define BITS_ORDERS	16U	/* rows of the tables; in those above 6 there are no blocks */

/* Of all aligned blocks of an order: every unit but the last of each, and the last of each. */
static const struct bits_order {
	uint64_t	rest, last;
} bits_orders[BITS_ORDERS] = {
	{ 0x0000000000000000, 0xffffffffffffffff }, { 0x5555555555555555, 0xaaaaaaaaaaaaaaaa },
	{ 0x7777777777777777, 0x8888888888888888 }, { 0x7f7f7f7f7f7f7f7f, 0x8080808080808080 },
	{ 0x7fff7fff7fff7fff, 0x8000800080008000 }, { 0x7fffffff7fffffff, 0x8000000080000000 },
	{ 0x7fffffffffffffff, 0x8000000000000000 },
};

static const uint64_t bits_blocks[BITS_ORDERS] = {
	0x1, 0x3, 0xf, 0xff, 0xffff, 0xffffffff, 0xffffffffffffffff,
};

/* The 2^@order units from unit 0 on; @order at most BITS_ORDER_MAX. */
static inline uint64_t bits_block(unsigned int order)
{
	return bits_blocks[order];
}

/* All bits move up by @by % 64 places; those that leave at the top come in at the bottom. */
static inline uint64_t bits_rotate(uint64_t bits, unsigned long by)
{
	return bits << by % 64 | bits >> -by % 64;
}

/*
 * The last unit of each aligned block of @order in which every unit is set.
 *
 * One addition looks into all blocks at once.  In a block with an unset unit among those before
 * the last, adding ones to all of these carries into the last:
 *
 *	units		1 1 1 1  1 1 0 1		two blocks of 4, the last unit on the left
 *	~units & rest	0 0 0 0  0 0 1 0
 *	+ rest		0 1 1 1  1 0 0 1
 *	                         ^ carried: not this block
 *
 * No carry leaves a block, because the bit of the last unit is clear before the addition.
 */
static inline uint64_t bits_runs(uint64_t units, unsigned int order)
{
	const struct bits_order *o = &bits_orders[order];

	return ~(((~units & o->rest) + o->rest) | ~units) & o->last;
}

/* The first unit of the lowest block of @order of those that bits_runs() found, which are some. */
static inline unsigned int bits_first(uint64_t runs, unsigned int order)
{
	return (unsigned int)__builtin_ctzll(runs) & ~0U << order;
}

/*
 * The order of the largest block in @units; 0 also if there is none.  A loop over bits_runs() takes
 * 2 % longer for a mix of all orders, 14 % for pages freed at random (`make bench-host`).
 *
 * Halving: after step k bit i of "runs" says that the 2^(k+1) units from i on are set.  Of these
 * bits only those of aligned i are blocks; each step that finds one adds 1.
 *
 *	units			0 1 1 1  1 0 1 1	unit 0 on the right
 *	& >> 1			0 0 1 1  0 0 0 1	pairs; aligned at 0, 4: order 1
 *	& >> 2			0 0 0 0  0 0 0 0	no four together
 */
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

/*
 * The last unit of each block of @order in @units whose buddy is not in @units as a whole; @order
 * at most BITS_ORDER_MAX.
 *
 *	units, order 1		0 0 1 1  1 1 1 1	unit 0 on the right
 *	blocks of order 1	    x    x   x
 *	blocks of order 2	         x		and, 2 units down, the other half of it
 *	result			    x
 *
 * Of order 6 there is one block and no pair: "pairs" is 0, and the shift is by 64 % 64.
 */
static inline uint64_t bits_single(uint64_t units, unsigned int order)
{
	const uint64_t pairs = bits_runs(units, order + 1);

	return bits_runs(units, order) & ~(pairs | pairs >> (1U << order) % 64);
}

/*
 * The first unit of the block of @order to take from @units: the lowest that bits_single() finds,
 * else the lowest there is, which is inside of a larger.  There must be one.
 */
static inline unsigned int bits_best(uint64_t units, unsigned int order)
{
	const uint64_t single = bits_single(units, order);

	return bits_first(single ? single : bits_runs(units, order), order);
}

/* How many bits are set.  The kernel has no libgcc, and not every CPU the instruction. */
static inline unsigned long bits_count(uint64_t bits)
{
	bits -= bits >> 1 & 0x5555555555555555;
	bits = (bits & 0x3333333333333333) + (bits >> 2 & 0x3333333333333333);
	bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return bits * 0x0101010101010101 >> 56;
}

#endif /* MM_UNIT_BITS_H */
