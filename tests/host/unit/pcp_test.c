// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stacks in front of the buddy: what is given next, who can see it, when it goes back, and
 * that the public functions with stacks of two blocks do what a naive model does, for every
 * short walk on a zone of 16 pages.
 */
#include "ktap.h"

#include "buddy_model.h"
#include "host_console.h"
#include "mm/buddy.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm/release.h"
#include "mm_machine.h"

#define GFP	(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN)

KTAP_SETUP
{
	mm_machine_boot(&mm_machine_1g);
}

static struct per_cpu_pages *pcp_of(const struct page *page, unsigned int order)
{
	return &zone_stacks(zone_of_pfn(page_to_pfn(page)), MIGRATE_MOVABLE)[order];
}

KTAP_TEST(test_pcp_gives_what_was_freed_last_whatever_the_order)
{
	for (unsigned int order = 0; order < MIN(9, MAX_PAGE_ORDER); order++) {
		struct page *a = alloc_pages(GFP, order), *b = alloc_pages(GFP, order);

		__free_pages(a, order);
		__free_pages(b, order);
		expect_eq(stacked_pfn(&pcp_of(a, order)->top[-1]), page_to_pfn(b));
		expect_ptr_eq(alloc_pages(GFP, order), b);
		expect_ptr_eq(alloc_pages(GFP, order), a);
	}
	expect_mm_sound();
}

KTAP_TEST(test_pcp_gives_single_pages_of_a_new_chunk_in_order)
{
	struct page *first;

	/* Those that were cut before come first. */
	do {
		first = alloc_page(GFP);
	} while (pcp_count(pcp_of(first, 0)) != CHUNK_PAGES - 1);
	expect_eq(page_to_pfn(first) % CHUNK_PAGES, 0);
	for (unsigned int i = 1; i < CHUNK_PAGES; i++)
		expect_ptr_eq(alloc_page(GFP), first + i);
	expect_eq(pcp_count(pcp_of(first, 0)), 0);
	expect_mm_sound();
}

KTAP_TEST(test_pcp_block_is_free_and_stacked_until_drained)
{
	struct page_state state;
	unsigned long pfn, free;
	struct page *page;

	/* One that was cut from a larger block: the lowest part of it is given first. */
	do {
		page = alloc_pages(GFP, 2);
		pfn = page_to_pfn(page);
		page_get_state(pfn ^ 4, &state);
	} while (state.mark != MARK_FREE || state.order < 2);
	free = nr_free_pages();
	__free_pages(page, 2);
	expect_eq(nr_free_pages(), free + 4);
	page_get_state(pfn + 3, &state);
	expect_eq(state.mark, MARK_FREE);
	expect_true(state.stacked);
	expect_eq(state.head, pfn);
	expect_eq(state.order, 2);
	expect_eq(state.type, MIGRATE_MOVABLE);
	expect_false(page_is_reserved(pfn));
	expect_mm_sound();
	drain_all_pages();
	page_get_state(pfn + 3, &state);
	expect_eq(state.mark, MARK_FREE);
	expect_false(state.stacked);
	expect_true(state.order > 2);		/* with all that it was cut from */
	expect_eq(nr_free_pages(), free + 4);
	expect_mm_sound();
}

KTAP_TEST(test_pcp_second_free_is_seen_on_the_stack)
{
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
		struct page *page = alloc_pages(GFP, order);
		const unsigned long bad = bad_page_count(), free = nr_free_pages();

		__free_pages(page, order);
		__free_pages(page, order);
		expect_eq(bad_page_count(), bad + 1);
		if (order)
			__free_pages(page + 1, 0);
		expect_eq(bad_page_count(), bad + 1 + !!order);
		expect_eq(nr_free_pages(), free + (1UL << order));
		expect_mm_sound();
	}
	expect_log("double free");
}

KTAP_TEST(test_pcp_full_stack_spills_the_older_half)
{
	static struct page *pages[2 * 4096 + 2];
	struct per_cpu_pages *pcp;
	unsigned int high;

	for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
		pages[i] = alloc_page(GFP);
	pcp = pcp_of(pages[0], 0);
	drain_all_pages();
	high = pcp_high(pcp);
	require_true(high >= 512 && high <= 4096);
	for (unsigned int i = 0; i < high; i++)
		__free_page(pages[2 * i]);	/* no two are buddies */
	expect_eq(pcp_count(pcp), high);
	__free_page(pages[2 * high]);
	expect_eq(pcp_count(pcp), high / 2 + 1);
	expect_eq(stacked_pfn(&pcp->blocks[0]), page_to_pfn(pages[2 * ((high + 1) / 2)]));
	expect_eq(stacked_pfn(&pcp->top[-1]), page_to_pfn(pages[2 * high]));
	expect_mm_sound();
}

/* A stack that is full keeps a quarter of its room then, until memory is plenty again. */
KTAP_TEST(test_pcp_stack_is_low_while_memory_is_scarce)
{
	static struct page *pages[2 * 1024 + 2];
	struct per_cpu_pages *pcp;
	unsigned long room;
	struct zone *zone;

	for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
		pages[i] = alloc_pages(GFP, 1);
	pcp = pcp_of(pages[0], 1);
	zone = zone_of_pfn(page_to_pfn(pages[0]));
	room = pcp_room(pcp);
	require_true(room >= 64 && room <= 1024);
	while (zone->listed_pages > zone->managed_pages / 4)
		require_true(alloc_pages(GFP, MAX_PAGE_ORDER) != NULL);
	drain_all_pages();
	for (unsigned long i = 0; i <= room; i++) {
		__free_pages(pages[2 * i], 1);
		expect_true(pcp_count(pcp) <= room);
	}
	expect_true(pcp_count(pcp) <= room / 4);
	expect_eq(pcp_high(pcp), room / 4);
	expect_mm_sound();
	while (pcp_count(pcp))
		alloc_pages(GFP, 1);
	alloc_pages(GFP, 1);
	expect_eq(pcp_high(pcp), room / 4);
	mm_machine_boot(&mm_machine_1g);
	alloc_pages(GFP, 1);
	expect_eq(pcp_high(pcp_of(pages[0], 1)), room);
}

/* Whoever needs a block that stacks keep from merging gets it. */
KTAP_TEST(test_pcp_is_drained_before_a_request_fails)
{
	struct page *page, *list = NULL;
	unsigned long count = 0;

	drain_all_pages();
	/* All memory in single pages, which know each other by their contents. */
	while ((page = alloc_page(GFP | __GFP_MEMALLOC))) {
		*(struct page **)page_address(page) = list;
		list = page;
		count++;
	}
	require_true(count > 200000);
	while ((page = list)) {
		list = *(struct page **)page_address(page);
		__free_page(page);
	}
	expect_true(pcp_count(pcp_of(page_at(PFN_DOWN(SZ_1G / 2)), 0)) > 0);
	for (unsigned int i = 0; i < 200; i++)
		expect_true(alloc_pages(GFP, MAX_PAGE_ORDER) != NULL);
	expect_mm_sound();
}

KTAP_TEST(test_pcp_holds_at_most_an_eleventh_of_a_zone)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		unsigned long pages = 0;

		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
			pages += pcp_room(&zone_stacks(zone, MIGRATE_MOVABLE)[order]) << order;
		expect_true(pages <= MAX(zone->present_pages / 11, CHUNK_PAGES));
	}
}

KTAP_TEST(test_pcp_does_not_take_what_needs_a_closer_look)
{
	struct page *page = alloc_pages(GFP, 1);
	const struct per_cpu_pages *pcp = pcp_of(page, 1);
	const unsigned int count = pcp_count(pcp);

	get_page(page);
	__free_pages(page, 1);
	expect_eq(page_count(page), 1);
	__free_pages(page, 1);
	expect_eq(pcp_count(pcp), count);	/* pages around it may have references, too */
	expect_mm_sound();
}

/* ---- all walks of a zone of 16 pages ------------------------------------------------- */

#define TINY_PAGES	16
#define TINY_HIGH	2U
#define TINY_ORDERS	5
#define TINY_DEPTH	7

static struct buddy_model model;
static struct stacked tiny_stack[TINY_ORDERS][TINY_PAGES];
static unsigned long tiny_walks;

/* All that an operation on the tiny zone can change. */
struct tiny_state {
	struct zone		zone;
	struct per_cpu_pages	pcp[NR_PAGE_ORDERS];
	struct pageblock	block;
	struct units		chunk;
	struct stacked		stack[TINY_ORDERS][TINY_PAGES];
	uint8_t			free[TINY_PAGES], head[TINY_PAGES];
};

static void tiny_copy(struct zone *zone, struct tiny_state *state, bool save)
{
	const struct page_span *span = page_span_of(zone->zone_start_pfn);
	const unsigned long pfn = zone->zone_start_pfn;
	const struct model_part parts[] = {
		{ zone, &state->zone, sizeof(*zone) },
		{ zone_stacks(zone, MIGRATE_MOVABLE), state->pcp, sizeof(state->pcp) },
		{ span_block(span, pfn), &state->block, sizeof(state->block) },
		{ span_chunk(span, pfn), &state->chunk, sizeof(state->chunk) },
		{ tiny_stack, state->stack, sizeof(state->stack) },
		{ model.free, state->free, sizeof(state->free) },
		{ model.head, state->head, sizeof(state->head) },
	};

	model_copy_parts(parts, ARRAY_SIZE(parts), save);
}

/* Sound as it is, and equal to the model when it is drained; then as it was. */
static void tiny_check(struct zone *zone)
{
	const unsigned long bad = bad_page_count();
	struct tiny_state state;
	unsigned long where;
	const char *what = buddy_broken(zone, &where);

	tiny_walks++;
	tiny_copy(zone, &state, true);
	drain_pages_zone(zone);
	if (!what)
		what = buddy_broken(zone, &where);
	if (!what)
		what = model_compare(&model);
	if (!what && bad)
		what = "a good free was refused";
	if (what) {
		expect_fail("walk %lu: %s", tiny_walks, what);
		ktap_leave();
	}
	tiny_copy(zone, &state, false);
}

static void tiny_walk(struct zone *zone, unsigned int depth)
{
	struct tiny_state state;

	if (!depth)
		return;
	tiny_copy(zone, &state, true);
	for (unsigned int order = 0; order < TINY_ORDERS; order++) {
		struct page *page = alloc_pages(GFP | __GFP_MEMALLOC, order);
		const char *what;

		if (!page)
			break;
		what = model_alloc(&model, page_to_pfn(page), order);
		if (what)
			expect_fail("walk %lu: %s", tiny_walks, what);
		tiny_check(zone);
		tiny_walk(zone, depth - 1);
		tiny_copy(zone, &state, false);
	}
	for (unsigned int i = 0; i < TINY_PAGES; i++) {
		if (!model.head[i])
			continue;
		__free_pages(page_at(model.start + i), model.head[i] - 1U);
		model_free(&model, model.start + i, model.head[i] - 1U);
		tiny_check(zone);
		tiny_walk(zone, depth - 1);
		tiny_copy(zone, &state, false);
	}
	drain_pages_zone(zone);
	tiny_check(zone);
	tiny_walk(zone, depth - 1);
	tiny_copy(zone, &state, false);
}

KTAP_TEST(test_pcp_equals_model_on_every_walk_of_7_steps_on_16_pages)
{
	static const struct mm_machine machine = {
		.ram = { { 0x100000, 0xf00000, 0 }, { SZ_16M, TINY_PAGES << PAGE_SHIFT, 0 } },
		.reserved = { { SZ_16M, TINY_PAGES << PAGE_SHIFT, 0 } },
		.dirty = true,
	};
	struct zone *zone;

	mm_machine_boot(&machine);
	while (alloc_page(GFP | __GFP_MEMALLOC))
		;				/* DMA memory: a request gets none of it */
	memblock_phys_free(SZ_16M, TINY_PAGES << PAGE_SHIFT);
	free_reserved_area(phys_to_virt(SZ_16M),
			   phys_to_virt(SZ_16M + (TINY_PAGES << PAGE_SHIFT)), -1, NULL);
	zone = zone_of_pfn(PFN_DOWN(SZ_16M));
	model_init(&model, zone);
	for (unsigned int order = 0; order < TINY_ORDERS; order++) {
		struct stacked *blocks = tiny_stack[order];

		zone_stacks(zone, MIGRATE_MOVABLE)[order] = (struct per_cpu_pages){
			.top = blocks, .blocks = blocks,
			.end = blocks + (order ? TINY_HIGH : TINY_PAGES),
			.room = order ? TINY_HIGH : TINY_PAGES,
		};
	}
	tiny_walk(zone, TINY_DEPTH);
	expect_true(tiny_walks > 50000);
}

/* ---- what a stack must not hide ------------------------------------------------------- */

/* Of a pageblock the last 64 pages are free, so a chunk is a block; all others are reserved. */
static const struct mm_machine chunk_machine = {
	.ram = { { 0x100000, 0x3ff00000, 0 } },
	.reserved = { { 0x20000000, 0x1c0000, 0 } },
	.dirty = true,
};

#define CHUNK_PFN	0x201c0UL

KTAP_TEST(test_pcp_block_is_not_released_with_what_is_reserved_around_it)
{
	unsigned long free;

	mm_machine_boot(&chunk_machine);
	require_eq(alloc_contig_range(CHUNK_PFN, CHUNK_PFN + CHUNK_PAGES, __GFP_COMP), 0);
	__free_pages(page_at(CHUNK_PFN), CHUNK_ORDER);
	require_eq(pcp_count(pcp_of(page_at(CHUNK_PFN), CHUNK_ORDER)), 1);
	free = nr_free_pages();
	expect_eq(free_reserved_range(0x20000, 0x200), 0x1c0);
	expect_eq(bad_page_count(), CHUNK_PAGES);
	expect_eq(nr_free_pages(), free + 0x1c0);
	ledger_release(0x20000000, 0x1c0000);
	expect_mm_sound();
}

static const char *broken(const struct zone *zone)
{
	unsigned long where;

	return buddy_broken(zone, &where);
}

/* The checks must be able to fail: a block twice on a stack, and one on another type's. */
KTAP_TEST(test_pcp_check_sees_a_block_twice_and_of_another_type)
{
	struct page *page = alloc_pages(GFP, 3);
	struct per_cpu_pages *pcp = pcp_of(page, 3);
	struct zone *zone = zone_of_pfn(page_to_pfn(page));
	struct per_cpu_pages *other = &zone_stacks(zone, MIGRATE_UNMOVABLE)[3];

	__free_pages(page, 3);
	*pcp->top = pcp->top[-1];
	pcp->top++;
	expect_str_eq(broken(zone), "a block on a stack has a state, or is on two");
	pcp->top--;
	expect_null(broken(zone));
	*other->top++ = *--pcp->top;
	expect_str_eq(broken(zone), "a block on a stack is none of this zone and type");
	*pcp->top++ = *--other->top;
	pcp->top[-1].at++;
	expect_str_eq(broken(zone), "a block on a stack has the place of another");
	pcp->top[-1].at--;
	pcp->top[-1].units++;
	expect_str_eq(broken(zone), "a block on a stack has the place of another");
	pcp->top[-1].units--;
	expect_mm_sound();
}

/* A stack that cannot hold a chunk's pages gets none. */
KTAP_TEST(test_pcp_low_stack_is_not_overrun)
{
	struct per_cpu_pages *pcp;
	struct page *page;

	drain_all_pages();
	page = alloc_page(GFP);
	pcp = pcp_of(page, 0);
	drain_all_pages();
	pcp->room = 5;
	pcp->end = pcp->blocks + 5;
	__free_page(page);
	for (unsigned int i = 0; i < 200; i++) {
		expect_true(alloc_page(GFP) != NULL);
		expect_true(pcp->top <= pcp->end);
	}
	expect_mm_sound();
}
