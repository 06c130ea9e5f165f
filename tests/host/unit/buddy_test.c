// SPDX-License-Identifier: GPL-2.0-only
/*
 * The buddy proper: order of lists, borders, and equality with a naive model after
 * every step of long random walks and of all short walks.
 */
#include "ktap.h"

#include "buddy_model.h"
#include "mm/buddy.h"
#include "mm/memblock.h"
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm/release.h"
#include "mm_machine.h"

static struct buddy_model model;

static uint64_t random_state = 88172645463325252ULL;

static unsigned long random_below(unsigned long n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned long)(random_state % n);
}

/* One zone of @pages pages at 16 MiB, all free; the page map lies in DMA. */
static struct zone *one_zone(unsigned long pages)
{
	static struct mm_machine machine;
	unsigned long freed;

	machine = (struct mm_machine){
		.ram = { { 0x100000, 0xf00000, 0 }, { SZ_16M, pages << PAGE_SHIFT, 0 } },
		.reserved = { { SZ_16M, pages << PAGE_SHIFT, 0 } },
		.dirty = true,
	};
	mm_machine_reset();
	mm_machine_memory(&machine);
	mm_machine_hand_over();
	memblock_phys_free(SZ_16M, pages << PAGE_SHIFT);
	freed = free_reserved_area(phys_to_virt(SZ_16M),
				   phys_to_virt(SZ_16M + (pages << PAGE_SHIFT)), -1, NULL);
	require_eq(freed, pages);
	model_init(&model, zone_of_pfn(PFN_DOWN(SZ_16M)));
	return model.zone;
}

static void give(struct zone *zone, unsigned long pfn, unsigned int order)
{
	__free_one_page(zone, page_span_of(pfn), pfn, order);
}

static unsigned long take(struct zone *zone, unsigned int order)
{
	return __rmqueue_smallest(zone, order, MIGRATE_MOVABLE);
}

static unsigned long nr_free(const struct zone *zone, unsigned int order)
{
	unsigned long blocks[NR_PAGE_ORDERS];

	buddy_count(zone, blocks);
	return blocks[order];
}

KTAP_TEST(test_buddy_split_returns_lowest_keeps_upper_halves)
{
	struct zone *zone = one_zone(1024);
	const unsigned long base = PFN_DOWN(SZ_16M);

	expect_eq(nr_free(zone, MAX_PAGE_ORDER), 1024 >> MAX_PAGE_ORDER);
	expect_eq(take(zone, 0), base);
	for (unsigned int order = 0; order < MAX_PAGE_ORDER; order++) {
		expect_eq(nr_free(zone, order), 1);
		expect_eq(buddy_first(zone, order, MIGRATE_MOVABLE), base + (1UL << order));
	}
	expect_eq(take(zone, 3), base + 8);
	expect_eq(nr_free(zone, 3), 0);
	expect_eq(take(zone, 3), base + 16);	/* of the order 4 block */
	give(zone, base + 8, 3);
	give(zone, base + 16, 3);
	give(zone, base, 0);
	expect_eq(nr_free(zone, MAX_PAGE_ORDER), 1024 >> MAX_PAGE_ORDER);
	expect_eq(zone->listed_pages, 1024);
}

KTAP_TEST(test_buddy_chunk_freed_into_last_is_given_from_first)
{
	struct zone *zone = one_zone(4096);
	unsigned long pfn[256];

	for (unsigned int i = 0; i < 256; i++)
		pfn[i] = take(zone, 0);
	/* Chunks of 64 pages; no two of these are buddies. */
	give(zone, pfn[4], 0);
	give(zone, pfn[68], 0);
	give(zone, pfn[20], 0);
	give(zone, pfn[132], 0);
	expect_eq(take(zone, 0), pfn[132]);
	expect_eq(take(zone, 0), pfn[68]);
	expect_eq(take(zone, 0), pfn[4]);	/* of one chunk the lowest */
	expect_eq(take(zone, 0), pfn[20]);
}

KTAP_TEST(test_buddy_takes_from_the_chunk_with_the_least_to_spare)
{
	struct zone *zone = one_zone(4096);
	unsigned long pfn[128];

	for (unsigned int i = 0; i < 128; i++)
		pfn[i] = take(zone, 0);
	give(zone, pfn[70], 0);
	for (unsigned int i = 0; i < 4; i++)
		give(zone, pfn[i], 0);
	give(zone, pfn[9], 0);
	expect_eq(take(zone, 0), pfn[70]);	/* the other chunk has four pages in a row */
	expect_eq(take(zone, 0), pfn[9]);	/* there, the smallest block */
	expect_eq(take(zone, 1), pfn[0]);
	expect_eq(take(zone, 0), pfn[2]);
}

KTAP_TEST(test_buddy_block_likely_to_merge_waits_at_the_tail)
{
	struct zone *zone = one_zone(4096);
	unsigned long pfn[32];

	if (MAX_PAGE_ORDER == CHUNK_ORDER)
		return;			/* a chunk merges with nothing */
	for (unsigned int i = 0; i < 32; i++)
		pfn[i] = take(zone, 5);
	give(zone, pfn[2], 5);
	give(zone, pfn[3], 5);		/* an order 6 block at 2 */
	give(zone, pfn[20], 5);
	give(zone, pfn[0], 5);		/* its buddy 1 would make 0..3 whole */
	expect_eq(take(zone, 5), pfn[20]);
	expect_eq(take(zone, 5), pfn[0]);
}

KTAP_TEST(test_buddy_borders_of_zone_and_node_hold)
{
	static const struct mm_machine machine = {
		.ram = { { 0x100000, 0xf00000, 0 }, { SZ_16M, 0x401000, 0 },
			 { 0x1401000, 0x7ff000, 1 } },
		.reserved = { { 0x1400000, 0x2000, 0 } },
	};
	struct zone *low, *high;

	mm_machine_boot(&machine);
	free_reserved_area(phys_to_virt(0x1400000), phys_to_virt(0x1402000), -1, NULL);
	low = zone_of_pfn(0x1400);
	high = zone_of_pfn(0x1401);
	expect_eq(low->nid, 0);
	expect_eq(high->nid, 1);
	for (unsigned long pfn = 0x1400; pfn < 0x1402; pfn++) {
		struct page_state state;

		page_get_state(pfn, &state);
		expect_eq(state.mark, MARK_FREE);
		expect_eq(state.order, 0);	/* free buddies of two nodes */
	}
	expect_mm_sound();
	expect_true(zone_of_pfn(0xfff) != zone_of_pfn(0x1000));
}

KTAP_TEST(test_buddy_carve_takes_exactly_these_pages)
{
	struct zone *zone = one_zone(2048);
	const unsigned long base = PFN_DOWN(SZ_16M);

	expect_true(buddy_carve(zone, base + 1024 + 37, 0));
	expect_false(buddy_carve(zone, base + 1024 + 37, 0));
	expect_false(buddy_carve(zone, base + 1024 + 32, 3));
	expect_true(buddy_carve(zone, base + 1024 + 40, 3));
	expect_true(buddy_carve(zone, base, MAX_PAGE_ORDER));
	expect_eq(zone->listed_pages, 2048 - MAX_ORDER_NR_PAGES - 9);
	model_alloc(&model, base + 1024 + 37, 0);
	model_alloc(&model, base + 1024 + 40, 3);
	model_alloc(&model, base, MAX_PAGE_ORDER);
	expect_null(model_compare(&model));
	expect_mm_sound();
	buddy_split_allocated(zone, base, MAX_PAGE_ORDER);
	for (unsigned long i = 0; i < MAX_ORDER_NR_PAGES; i++)
		give(zone, base + i * 5 % MAX_ORDER_NR_PAGES, 0);
	give(zone, base + 1024 + 37, 0);
	give(zone, base + 1024 + 40, 3);
	expect_eq(nr_free(zone, MAX_PAGE_ORDER), 2048 >> MAX_PAGE_ORDER);
	expect_mm_sound();
}

/* ---- random walks ------------------------------------------------------------------ */

#define HELD	3000

static struct held {
	unsigned long	pfn;
	unsigned int	order;
} held[HELD];

static void walk_step(struct zone *zone, unsigned int *count)
{
	unsigned int order = random_below(10) < 7 ? 0 : (unsigned int)random_below(NR_PAGE_ORDERS);
	const char *what = NULL;

	if (*count < HELD && random_below(2)) {
		enum migratetype type = (enum migratetype)random_below(3);
		unsigned long pfn = __rmqueue_smallest(zone, order, type);

		if (pfn == PFN_NONE)
			return;
		what = model_alloc(&model, pfn, order);
		held[(*count)++] = (struct held){ pfn, order };
	} else if (*count) {
		struct held *h = &held[random_below(*count)];

		give(zone, h->pfn, h->order);
		what = model_free(&model, h->pfn, h->order);
		*h = held[--*count];
	}
	if (what)
		expect_fail("%s", what);
}

KTAP_TEST(test_buddy_equals_model_on_a_random_walk)
{
	struct zone *zone = one_zone(8192);
	unsigned int count = 0;

	/* A pageblock of each type, so that merges meet foreign types. */
	move_freepages_block(zone, PFN_DOWN(SZ_16M), MIGRATE_UNMOVABLE);
	move_freepages_block(zone, PFN_DOWN(SZ_16M) + 2048, MIGRATE_RECLAIMABLE);
	for (unsigned int step = 0; step < 200000; step++) {
		walk_step(zone, &count);
		if (step % 1000 == 0) {
			const char *what = model_compare(&model);

			if (what)
				expect_fail("step %u: %s", step, what);
			expect_mm_sound();
		}
	}
	while (count) {
		count--;
		give(zone, held[count].pfn, held[count].order);
	}
	expect_eq(nr_free(zone, MAX_PAGE_ORDER), 8192 >> MAX_PAGE_ORDER);
	expect_mm_sound();
}

/* ---- all walks of a zone of 16 pages ------------------------------------------------- */

#define TINY_PAGES	16
#define TINY_DEPTH	9

/* All that an operation on the tiny zone can change. */
struct tiny_state {
	struct zone		zone;
	struct page		pages[TINY_PAGES];
	struct pageblock	block;
	struct units		chunk;
	uint8_t			free[TINY_PAGES], head[TINY_PAGES];
};

static unsigned long tiny_walks;

static void tiny_copy(struct zone *zone, struct tiny_state *state, bool save)
{
	const struct page_span *span = page_span_of(zone->zone_start_pfn);
	const unsigned long pfn = zone->zone_start_pfn;
	const struct model_part parts[] = {
		{ zone, &state->zone, sizeof(*zone) },
		{ span_page(span, pfn), state->pages, sizeof(state->pages) },
		{ span_block(span, pfn), &state->block, sizeof(state->block) },
		{ span_chunk(span, pfn), &state->chunk, sizeof(state->chunk) },
		{ model.free, state->free, sizeof(state->free) },
		{ model.head, state->head, sizeof(state->head) },
	};

	model_copy_parts(parts, ARRAY_SIZE(parts), save);
}

static void tiny_check(struct zone *zone)
{
	const char *what = model_compare(&model);
	unsigned long where;

	tiny_walks++;
	if (!what)
		what = buddy_broken(zone, &where);
	if (what) {
		expect_fail("walk %lu: %s", tiny_walks, what);
		ktap_leave();
	}
}

static void tiny_walk(struct zone *zone, unsigned int depth)
{
	struct tiny_state state;

	if (!depth)
		return;
	tiny_copy(zone, &state, true);
	for (unsigned int order = 0; order <= 4; order++) {
		unsigned long pfn = take(zone, order);

		if (pfn == PFN_NONE)
			break;
		if (model_alloc(&model, pfn, order))
			expect_fail("gave away what is not free");
		tiny_check(zone);
		tiny_walk(zone, depth - 1);
		tiny_copy(zone, &state, false);
	}
	for (unsigned int i = 0; i < TINY_PAGES; i++) {
		if (!model.head[i])
			continue;
		give(zone, model.start + i, model.head[i] - 1U);
		model_free(&model, model.start + i, model.head[i] - 1U);
		tiny_check(zone);
		tiny_walk(zone, depth - 1);
		tiny_copy(zone, &state, false);
	}
}

KTAP_TEST(test_buddy_equals_model_on_every_walk_of_9_steps_on_16_pages)
{
	struct zone *zone = one_zone(TINY_PAGES);

	tiny_walk(zone, TINY_DEPTH);
	expect_true(tiny_walks > 500000);
}
