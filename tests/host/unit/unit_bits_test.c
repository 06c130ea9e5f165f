// SPDX-License-Identifier: GPL-2.0-only
/*
 * mm/unit_bits.h beside plain loops over units: every pattern of 16 units at each of four places,
 * alone and with all others set, and random words of many densities.
 */
#include "mm/unit_bits.h"

#include "ktap.h"

/* ---- the plain way ---------------------------------------------------------------- */

static bool is_set(uint64_t units, unsigned int unit)
{
	return units >> unit & 1;
}

static bool plain_is_block(uint64_t units, unsigned int first, unsigned int order)
{
	for (unsigned int i = first; i < first + (1U << order); i++)
		if (i >= 64 || !is_set(units, i))
			return false;
	return true;
}

static uint64_t plain_runs(uint64_t units, unsigned int order)
{
	uint64_t last = 0;

	for (unsigned int first = 0; first < 64; first += 1U << order)
		if (plain_is_block(units, first, order))
			last |= 1ULL << (first + (1U << order) - 1);
	return last;
}

static unsigned int plain_top(uint64_t units)
{
	for (unsigned int order = BITS_ORDER_MAX; order; order--)
		if (plain_runs(units, order))
			return order;
	return 0;
}

static uint64_t plain_single(uint64_t units, unsigned int order)
{
	uint64_t last = 0;

	for (unsigned int first = 0; first < 64; first += 1U << order)
		if (plain_is_block(units, first, order) &&
		    !plain_is_block(units, first ^ 1U << order, order))
			last |= 1ULL << (first + (1U << order) - 1);
	return last;
}

static unsigned int plain_best(uint64_t units, unsigned int order)
{
	for (unsigned int first = 0; first < 64; first += 1U << order)
		if (plain_is_block(units, first, order) &&
		    !plain_is_block(units, first ^ 1U << order, order))
			return first;
	for (unsigned int first = 0; first < 64; first += 1U << order)
		if (plain_is_block(units, first, order))
			return first;
	return 64;
}

static unsigned int plain_count(uint64_t units)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < 64; i++)
		count += is_set(units, i);
	return count;
}

/* ---- the comparison ----------------------------------------------------------------- */

static void compare(uint64_t units)
{
	bool same = bits_top(units) == plain_top(units) && bits_count(units) == plain_count(units);

	for (unsigned int order = 0; order <= BITS_ORDER_MAX; order++) {
		same &= bits_runs(units, order) == plain_runs(units, order);
		same &= bits_single(units, order) == plain_single(units, order);
		if (plain_runs(units, order))
			same &= bits_best(units, order) == plain_best(units, order);
	}
	if (!same)
		expect_fail("units %#llx: not what the plain way says", KTAP_ULL(units));
}

KTAP_TEST(test_unit_bits_every_pattern_of_16_units)
{
	for (uint64_t pattern = 0; pattern < 1 << 16; pattern++) {
		const unsigned int at = pattern % 4 * 16;

		compare(pattern << at);
		compare(pattern << at | ~(0xffffULL << at));
	}
}

KTAP_TEST(test_unit_bits_random_words)
{
	uint64_t random = 88172645463325252ULL, words[4] = { 0, ~0ULL, 0, ~0ULL };

	compare(0);
	compare(~0ULL);
	for (unsigned int i = 0; i < 100000; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		words[0] = random;			/* half of the units */
		words[1] = words[3] | random;		/* more and more of them */
		words[2] = words[2] & random;		/* fewer and fewer */
		words[3] = i % 8 ? words[1] : random;
		words[2] = i % 8 ? words[2] : random;
		for (unsigned int w = 0; w < 4; w++)
			compare(words[w]);
	}
}

KTAP_TEST(test_unit_bits_of_8_units)
{
	for (unsigned int units = 0; units < 256; units++)
		expect_eq(bits_top8(units), plain_top(units));
}

KTAP_TEST(test_unit_bits_blocks_and_rotation)
{
	for (unsigned int order = 0; order <= BITS_ORDER_MAX; order++)
		for (unsigned int i = 0; i < 64; i++)
			expect_eq(is_set(bits_block(order), i), i < 1U << order);
	for (unsigned int by = 0; by < 200; by++)
		for (unsigned int i = 0; i < 64; i++)
			expect_eq(bits_rotate(1ULL << i, by), 1ULL << (i + by) % 64);
}
