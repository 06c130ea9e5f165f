// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reference 2: one bit per block of every order, two bits a frame in all, and above
 * each order's bitmap a summary of one bit per non-empty word, twice.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define NO_BLOCK (~0UL)
#define LEVELS	4	/* 2^20 blocks: 16384 words, 256, 4, 1 */

struct bitmap {
	uint64_t	*level[LEVELS];
};

static struct bitmap maps[BENCH_ORDERS];

static unsigned long words(unsigned int order, unsigned int level)
{
	unsigned long bits = BENCH_PAGES >> order;

	for (unsigned int i = 0; i < level; i++)
		bits = (bits + 63) / 64;
	return (bits + 63) / 64;
}

static void reset(void)
{
	for (unsigned int o = 0; o < BENCH_ORDERS; o++)
		for (unsigned int l = 0; l < LEVELS; l++) {
			if (!maps[o].level[l])
				maps[o].level[l] = malloc(words(o, l) * 8);
			memset(maps[o].level[l], 0, words(o, l) * 8);
		}
}

static bool test(unsigned int order, unsigned long block)
{
	return maps[order].level[0][block / 64] >> (block % 64) & 1;
}

static void set(unsigned int order, unsigned long block)
{
	for (unsigned int l = 0; l < LEVELS; l++, block /= 64) {
		uint64_t *word = &maps[order].level[l][block / 64], old = *word;

		*word = old | 1ULL << (block % 64);
		if (old)
			return;
	}
}

static void clear(unsigned int order, unsigned long block)
{
	for (unsigned int l = 0; l < LEVELS; l++, block /= 64) {
		uint64_t *word = &maps[order].level[l][block / 64];

		*word &= ~(1ULL << (block % 64));
		if (*word)
			return;
	}
}

static unsigned long lowest(unsigned int order)
{
	unsigned long i = 0;

	for (unsigned int l = LEVELS; l-- > 0;) {
		uint64_t word = maps[order].level[l][i];

		if (!word)
			return NO_BLOCK;
		i = i * 64 + (unsigned long)__builtin_ctzll(word);
	}
	return i;
}

static void give(unsigned long page, unsigned int order)
{
	unsigned long block = page >> order;

	for (; order < BENCH_ORDERS - 1 && test(order, block ^ 1); order++, block /= 2)
		clear(order, block ^ 1);
	set(order, block);
}

static void *take(unsigned int order)
{
	for (unsigned int o = order; o < BENCH_ORDERS; o++) {
		unsigned long block = lowest(o);

		if (block == NO_BLOCK)
			continue;
		clear(o, block);
		for (; o > order; block *= 2)
			set(--o, block * 2 + 1);
		return (void *)((block << order) + 1);
	}
	return NULL;
}

/* There are no descriptors: a handle is a number that is not NULL. */
static void drop(void *handle, unsigned int order)
{
	give((unsigned long)handle - 1, order);
}

static double bytes_per_page(void)
{
	unsigned long bytes = 0;

	for (unsigned int o = 0; o < BENCH_ORDERS; o++)
		for (unsigned int l = 0; l < LEVELS; l++)
			bytes += words(o, l) * 8;
	return (double)bytes / BENCH_PAGES;
}

const struct bench_allocator bench_bitmap = {
	.name = "bitmaps", .reset = reset, .seed = give, .alloc = take, .free = drop,
	.bytes_per_page = bytes_per_page,
};
