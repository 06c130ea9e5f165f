// SPDX-License-Identifier: GPL-2.0-only
/*
 * Claims about arithmetic on bits, for every input: tests/proofs/bits has clang reduce each
 * claim_*() to straight-line code and asks z3 whether it can return false.
 *
 * Beside the function of the kernel stands its definition, which looks at one unit, or one
 * block, after the other.
 */
#include "mm/memblock/memblock_alloc.c"
#include "mm/unit_bits.h"

#define UNROLLED	_Pragma("clang loop unroll(full)")
#define ALWAYS		static inline __attribute__((always_inline))

/* One claim for each order of blocks, or for each power of two. */
#define CLAIM(name, n)	bool claim_##name##_##n(uint64_t x, uint64_t y);	\
			bool claim_##name##_##n(uint64_t x, uint64_t y)		\
			{ return name(x, y, n); }
#define CLAIM_OF_ORDERS(name)	CLAIM(name, 0) CLAIM(name, 1) CLAIM(name, 2) CLAIM(name, 3)	\
				CLAIM(name, 4) CLAIM(name, 5) CLAIM(name, 6)

/* ---- blocks in a word (mm/unit_bits.h) -------------------------------------------------- */

/* All of the block of @order that begins at @first. */
ALWAYS bool whole(uint64_t units, unsigned int first, unsigned int order)
{
	const uint64_t block = (order == 6 ? ~0ULL : (1ULL << (1U << order)) - 1) << first;

	return (units & block) == block;
}

ALWAYS bool alone(uint64_t units, unsigned int first, unsigned int order)
{
	return whole(units, first, order) &&
	       (order == 6 || !whole(units, first ^ 1U << order, order));
}

ALWAYS bool runs(uint64_t units, uint64_t unused, unsigned int order)
{
	uint64_t want = 0;

	(void)unused;
	UNROLLED for (unsigned int first = 0; first < 64; first += 1U << order)
		want |= (uint64_t)whole(units, first, order) << (first + (1U << order) - 1);
	return bits_runs(units, order) == want;
}
CLAIM_OF_ORDERS(runs)

ALWAYS bool single(uint64_t units, uint64_t unused, unsigned int order)
{
	uint64_t want = 0;

	(void)unused;
	UNROLLED for (unsigned int first = 0; first < 64; first += 1U << order)
		want |= (uint64_t)alone(units, first, order) << (first + (1U << order) - 1);
	return bits_single(units, order) == want;
}
CLAIM_OF_ORDERS(single)

/* The lowest block that is alone, else the lowest; there must be one. */
ALWAYS bool best(uint64_t units, uint64_t unused, unsigned int order)
{
	unsigned int lowest = 64, lone = 64;

	(void)unused;
	UNROLLED for (unsigned int n = 64 >> order; n; n--) {
		const unsigned int first = (n - 1) << order;

		lowest = whole(units, first, order) ? first : lowest;
		lone = alone(units, first, order) ? first : lone;
	}
	return lowest == 64 || bits_best(units, order) == (lone < 64 ? lone : lowest);
}
CLAIM_OF_ORDERS(best)

ALWAYS bool first(uint64_t units, uint64_t unused, unsigned int order)
{
	unsigned int lowest = 64;

	(void)unused;
	UNROLLED for (unsigned int n = 64 >> order; n; n--)
		lowest = whole(units, (n - 1) << order, order) ? (n - 1) << order : lowest;
	return lowest == 64 || bits_first(bits_runs(units, order), order) == lowest;
}
CLAIM_OF_ORDERS(first)

ALWAYS bool block(uint64_t unused, uint64_t unused_too, unsigned int order)
{
	(void)unused;
	(void)unused_too;
	return whole(bits_block(order), 0, order) &&
	       (order == 6 || !(bits_block(order) >> (1U << order)));
}
CLAIM_OF_ORDERS(block)

/* The largest order of which there is a block, of orders below @orders. */
ALWAYS unsigned int largest(uint64_t units, unsigned int orders)
{
	unsigned int want = 0;

	UNROLLED for (unsigned int order = 1; order < orders; order++) {
		bool any = false;

		UNROLLED for (unsigned int at = 0; at < 64; at += 1U << order)
			any |= whole(units, at, order);
		want = any ? order : want;
	}
	return want;
}

ALWAYS bool top(uint64_t units, uint64_t unused, unsigned int orders)
{
	(void)unused;
	return bits_top(units) == largest(units, orders);
}
CLAIM(top, 7)

ALWAYS bool top8(uint64_t units, uint64_t unused, unsigned int orders)
{
	(void)unused;
	return bits_top8((unsigned int)(units & 0xff)) == largest(units & 0xff, orders);
}
CLAIM(top8, 4)

ALWAYS bool count(uint64_t units, uint64_t unused, unsigned int bits)
{
	unsigned long want = 0;

	(void)unused;
	UNROLLED for (unsigned int i = 0; i < bits; i++)
		want += units >> i & 1;
	return bits_count(units) == want;
}
CLAIM(count, 64)

/* Bit @i comes to (i + by) % 64. */
ALWAYS bool rotate(uint64_t units, uint64_t by, unsigned int bits)
{
	const uint64_t rotated = bits_rotate(units, by);
	bool same = true;

	UNROLLED for (unsigned int i = 0; i < bits; i++)
		same &= (rotated >> (i + by) % 64 & 1) == (units >> i & 1);
	return same;
}
CLAIM(rotate, 64)

/* ---- rounding (memblock_alloc.c), as its contract has it ------------------------------------- */

ALWAYS bool down(uint64_t addr, uint64_t other, unsigned int shift)
{
	const uint64_t align = 1ULL << shift, got = round_down_to(addr, align);

	return got <= addr && addr - got < align && got % align == 0 &&
	       (other % align || other > addr || other <= got);
}

/* 0: the next multiple is 2^64 */
ALWAYS bool up(uint64_t addr, uint64_t other, unsigned int shift)
{
	const uint64_t align = 1ULL << shift, got = round_up_to(addr, align);

	return addr == 0 ||
	       ((!got || (addr <= got && got - addr < align && got % align == 0)) &&
		(other % align || other < addr || (0 < got && got <= other)));
}

#define CLAIM_OF_8(name, from)	CLAIM(name, from##0) CLAIM(name, from##1) CLAIM(name, from##2)	\
				CLAIM(name, from##3) CLAIM(name, from##4) CLAIM(name, from##5)	\
				CLAIM(name, from##6) CLAIM(name, from##7)
#define CLAIM_OF_SHIFTS(name)	CLAIM_OF_8(name, 00) CLAIM_OF_8(name, 01) CLAIM_OF_8(name, 02)	\
				CLAIM_OF_8(name, 03) CLAIM_OF_8(name, 04) CLAIM_OF_8(name, 05)	\
				CLAIM_OF_8(name, 06) CLAIM_OF_8(name, 07)
/* Octal: 000 to 077. */
CLAIM_OF_SHIFTS(down)
CLAIM_OF_SHIFTS(up)
