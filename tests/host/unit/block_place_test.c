// SPDX-License-Identifier: GPL-2.0-only
/*
 * mm/block_place.h, and mm/page.h's way from any pointer to a pfn, beside the plain way: a state
 * per page or chunk, and a loop.
 */
#include "mm/block_place.h"

#include "ktap.h"

#define PAGES		(4 * PAGEBLOCK_NR_PAGES)
#define START		(32 * MAX_ORDER_NR_PAGES)	/* pfn of the span's first page */

static struct units chunks[PAGES / CHUNK_PAGES];
static struct pageblock blocks[PAGES / PAGEBLOCK_NR_PAGES];
static struct page pages[PAGES];
static struct page_span span;

static uint64_t random_state = 88172645463325252ULL;

static unsigned int random_below(unsigned int n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned int)(random_state % n);
}

KTAP_SETUP
{
	memset(chunks, 0, sizeof(chunks));
	memset(blocks, 0, sizeof(blocks));
	span = (struct page_span){
		.start = START, .pages = PAGES,
		.map = (uintptr_t)pages - START * sizeof(struct page),
		.first = (uintptr_t)pages, .bytes = sizeof(pages),
		.at[LEVEL_CHUNK] = (uintptr_t)chunks - (START / CHUNK_PAGES) * sizeof(chunks[0]),
		.at[LEVEL_PAGEBLOCK] = (uintptr_t)blocks -
				       (START / PAGEBLOCK_NR_PAGES) * sizeof(blocks[0]),
	};
}

/* ---- the plain way ------------------------------------------------------------------ */

enum state { UNTRACKED, FREE, FIRST, FURTHER };

static enum state state_of(const struct units *units, unsigned int unit)
{
	return (enum state)((units->hi >> unit & 1) << 1 | (units->lo >> unit & 1));
}

/* Where a block's state is: the words, its first unit there and how many it has. */
struct plain {
	struct units	*units;
	unsigned int	first, count;
};

static struct plain plain_place(unsigned long pfn, unsigned int order)
{
	const unsigned long index = pfn - START;

	if (order < CHUNK_ORDER)
		return (struct plain){ &chunks[index / CHUNK_PAGES], index % CHUNK_PAGES,
				       1U << order };
	if (order > PAGEBLOCK_ORDER)
		return (struct plain){ &blocks[index / PAGEBLOCK_NR_PAGES].units, LARGEST_UNIT, 1 };
	return (struct plain){ &blocks[index / PAGEBLOCK_NR_PAGES].units,
			       index % PAGEBLOCK_NR_PAGES / CHUNK_PAGES,
			       1U << (order - CHUNK_ORDER) };
}

static void plain_set(const struct plain *plain, enum state first, enum state further)
{
	for (unsigned int i = 0; i < plain->count; i++) {
		const uint64_t bit = 1ULL << (plain->first + i), state = i ? further : first;

		plain->units->lo = (plain->units->lo & ~bit) | (state & 1 ? bit : 0);
		plain->units->hi = (plain->units->hi & ~bit) | (state & 2 ? bit : 0);
	}
}

static bool plain_is_allocated(const struct plain *plain)
{
	if (state_of(plain->units, plain->first) != FIRST)
		return false;
	for (unsigned int i = 1; i < plain->count; i++)
		if (state_of(plain->units, plain->first + i) != FURTHER)
			return false;
	return plain->first + plain->count == 64 ||
	       state_of(plain->units, plain->first + plain->count) != FURTHER;
}

/* ---- places --------------------------------------------------------------------------- */

static struct place place_at(unsigned long pfn, unsigned int order)
{
	return place_of(&shapes[order], &span, pfn);
}

KTAP_TEST(test_block_place_is_where_the_block_is)
{
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
		for (unsigned long pfn = START; pfn < START + PAGES; pfn += 1UL << order) {
			const struct place place = place_at(pfn, order);
			const struct plain plain = plain_place(pfn, order);
			uint64_t block = 0;

			for (unsigned int i = 0; i < plain.count; i++)
				block |= 1ULL << (plain.first + i);
			expect_ptr_eq(place.units, plain.units);
			expect_eq(place.block, block);
			expect_eq(place.further, block & ~(1ULL << plain.first));
			expect_eq(pfn & shapes[order].inside, 0);
			if (order < CHUNK_ORDER) {
				const struct place small = place_in_chunk(order, &span, pfn);

				expect_mem_eq(&small, &place, sizeof(place));
			}
		}
	}
}

KTAP_TEST(test_block_place_changes_of_state)
{
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
		const struct place place = place_at(START + MAX_ORDER_NR_PAGES, order);
		const struct plain plain = plain_place(START + MAX_ORDER_NR_PAGES, order);
		struct units want;

		for (unsigned int i = 0; i < 4; i++) {
			plain_set(&plain, FIRST, FURTHER);
			want = *plain.units;
			expect_true(place_is_allocated(&place));
			plain_set(&plain, i % 2 ? FREE : UNTRACKED, i % 2 ? FREE : UNTRACKED);
			expect_false(place_is_allocated(&place));
			if (i % 2)
				toggle_free(&place);
			else
				toggle_untracked(&place);
			expect_mem_eq(plain.units, &want, sizeof(want));
			if (i % 2)
				toggle_free(&place);
			else
				toggle_untracked(&place);
			expect_eq(state_of(plain.units, plain.first), i % 2 ? FREE : UNTRACKED);
		}
	}
}

/* A chunk full of blocks, each allocated, free or untracked. */
static void fill_chunk(void)
{
	for (unsigned int page = 0; page < CHUNK_PAGES;) {
		unsigned int order = random_below(CHUNK_ORDER);
		const enum state state = (enum state)random_below(3);
		struct plain plain;

		while (page % (1U << order))
			order--;
		plain = (struct plain){ chunks, page, 1U << order };
		plain_set(&plain, state, state == FIRST ? FURTHER : state);
		page += 1U << order;
	}
}

/* Any page and order may be freed, also one that is not aligned or reaches beyond the chunk. */
KTAP_TEST(test_block_place_knows_allocated_blocks_from_all_others)
{
	for (unsigned int round = 0; round < 20000; round++) {
		fill_chunk();
		for (unsigned int order = 0; order < CHUNK_ORDER; order++) {
			const unsigned int page = random_below(CHUNK_PAGES);
			const struct place any = place_in_chunk(order, &span, START + page);
			const struct plain plain = { chunks, page, 1U << order };
			const bool aligned = page % (1U << order) == 0;

			const bool want = aligned && plain_is_allocated(&plain);

			if (place_is_allocated(&any) != want ||
			    place_is_allocated_in_chunk(&any, START + page) != want)
				expect_fail("lo %#llx hi %#llx page %u order %u",
					    KTAP_ULL(chunks[0].lo), KTAP_ULL(chunks[0].hi), page,
					    order);
		}
	}
}

/* ---- descriptors to pfns --------------------------------------------------------------- */

KTAP_TEST(test_block_place_any_pointer_as_a_descriptor)
{
	const uintptr_t first = (uintptr_t)pages, end = first + sizeof(pages);

	for (unsigned int i = 0; i < 200000; i++) {
		uintptr_t at = first - 64 + random_below(sizeof(pages) + 128);
		unsigned long pfn;

		if (i % 4 == 0)
			at = random_state;
		pfn = span_pfn_unchecked(&span, (const struct page *)at);
		if (at >= first && at < end && at % sizeof(struct page) == 0)
			expect_eq(pfn, START + (at - first) / sizeof(struct page));
		else
			expect_false(page_span_has(&span, pfn));
	}
}
