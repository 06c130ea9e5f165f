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
		}
	}
}

/* As block_is_allocated() says for the block at @pfn; its place must be that of place_of(). */
static bool is_allocated(unsigned long pfn, unsigned int order)
{
	const struct place want = place_at(pfn, order);
	struct claim claim;

	if (!block_is_allocated(&span, span_block(&span, pfn), pfn, order, &claim))
		return false;
	expect_ptr_eq(claim.units, want.units);
	expect_eq(claim.unit, want.unit);
	return true;
}

/* The allocated block at @pfn is freed onto a stack, where no free finds it, and off it again. */
static void push_and_pop(unsigned long pfn, unsigned int order, const struct plain *plain)
{
	struct stacked stacked;
	struct claim claim;
	struct units want;

	expect_true(block_is_allocated(&span, span_block(&span, pfn), pfn, order, &claim));
	expect_true(block_claim(&claim, order));
	expect_false(is_allocated(pfn, order));
	want = *plain->units;
	plain_set(plain, UNTRACKED, FURTHER);
	expect_mem_eq(plain->units, &want, sizeof(want));
	stacked = stacked_block(claim.units, pfn, claim.unit);
	expect_eq(stacked_pfn(&stacked), pfn);
	units_or_hi(stacked.units, first_of_stacked(order, &stacked));
}

KTAP_TEST(test_block_place_changes_of_state)
{
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
		const struct place place = place_at(START + MAX_ORDER_NR_PAGES, order);
		const struct plain plain = plain_place(START + MAX_ORDER_NR_PAGES, order);
		const unsigned long pfn = START + MAX_ORDER_NR_PAGES;
		struct units want;

		span_block(&span, pfn)->split = order < CHUNK_ORDER;

		plain_set(&plain, FREE, FREE);
		expect_false(is_allocated(pfn, order));
		block_take(&place);
		want = *plain.units;
		expect_true(is_allocated(pfn, order));
		plain_set(&plain, FIRST, FURTHER);
		expect_mem_eq(plain.units, &want, sizeof(want));
		push_and_pop(pfn, order, &plain);
		expect_mem_eq(plain.units, &want, sizeof(want));
		plain_set(&plain, UNTRACKED, UNTRACKED);
		block_allocate(&place);
		expect_mem_eq(plain.units, &want, sizeof(want));
		plain_set(&plain, UNTRACKED, FURTHER);
		units_give(place.units, place.block);
		want = *plain.units;
		plain_set(&plain, FREE, FREE);
		expect_mem_eq(plain.units, &want, sizeof(want));
	}
}

/* Units [0, count) full of blocks up to @largest, each allocated, free or untracked. */
static void fill_units(struct units *units, unsigned int count, unsigned int largest)
{
	for (unsigned int unit = 0; unit < count;) {
		unsigned int order = random_below(largest + 1);
		const enum state state = (enum state)random_below(3);
		struct plain plain;

		while (unit % (1U << order))
			order--;
		plain = (struct plain){ units, unit, 1U << order };
		plain_set(&plain, state, state == FIRST ? FURTHER : state);
		unit += 1U << order;
	}
}

/* The first two pageblocks: a largest block, or all kinds of others; what is not valid is noise. */
static void fill_pageblocks(void)
{
	const bool largest = PAGEBLOCKS_PER_BLOCK > 1 && random_below(4) == 0;
	const struct plain plain = plain_place(START, MAX_PAGE_ORDER);

	for (unsigned int i = 0; i < 2; i++) {
		blocks[i].split = largest || random_below(2) ? 0 :
				  (uint8_t)random_below(1U << PAGEBLOCK_CHUNKS);
		blocks[i].units.lo = blocks[i].units.hi = 0;
		if (!largest)
			fill_units(&blocks[i].units, PAGEBLOCK_CHUNKS,
				   PAGEBLOCK_ORDER - CHUNK_ORDER);
		blocks[i].units.lo &= ~(uint64_t)blocks[i].split;
		blocks[i].units.hi &= ~(uint64_t)blocks[i].split;
	}
	if (largest)
		plain_set(&plain, (enum state)random_below(3), FURTHER);
	for (unsigned int i = 0; i < 2 * PAGEBLOCK_CHUNKS; i++)
		fill_units(&chunks[i], CHUNK_PAGES, CHUNK_ORDER - 1);
}

/* Any page and order may be freed, also one that is not aligned or reaches beyond the chunk. */
KTAP_TEST(test_block_place_knows_allocated_blocks_from_all_others)
{
	unsigned long found[NR_PAGE_ORDERS] = { 0 };

	for (unsigned int round = 0; round < 20000; round++) {
		fill_pageblocks();
		for (unsigned int i = 0; i < 4 * NR_PAGE_ORDERS; i++) {
			const unsigned int order = i / 4, at = random_below(2 * PAGEBLOCK_NR_PAGES);
			const unsigned long pfn = START + (i % 4 ? at & ~0U << order : at);
			const struct plain plain = plain_place(pfn, order);
			struct claim claim;
			bool want = pfn % (1UL << order) == 0;

			if (order < CHUNK_ORDER)
				want = want && chunk_is_split(&span, pfn);
			want = want && plain_is_allocated(&plain);
			found[order] += want;
			if (block_is_allocated(&span, span_block(&span, pfn), pfn, order,
					       &claim) != want)
				expect_fail("pfn %#lx order %u: should be %u", pfn, order, want);
		}
	}
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		expect_true(found[order] > 100);
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
