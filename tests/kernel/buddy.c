/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buddy as it was handed over: sound, and back where it started after
 * everything has been allocated and freed again.
 */
#include "kernel/selftest.h"
#include "mm/buddy.h"
#include "mm/page_alloc.h"

#include <arch/memory.h>

/* Touching every block of a larger guest would make the host back it all. */
#define ALL_RAM_LIMIT_PAGES	(8UL * SZ_1G / PAGE_SIZE)

struct histogram {
	unsigned long	blocks[NR_PAGE_ORDERS];
	unsigned long	pages;
};

static struct histogram take_histogram(void)
{
	struct histogram h = { .pages = nr_free_pages() };
	struct zone *zone;

	for_each_populated_zone(zone)
		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
			h.blocks[order] += zone->nr_free[order];
	return h;
}

static void expect_same_histogram(struct ktap *t, const struct histogram *before)
{
	struct histogram now = take_histogram();

	expect_eq(t, now.pages, before->pages);
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		if (now.blocks[order] != before->blocks[order])
			ktap_fail(t, "order %u: %lu blocks, %lu before", order, now.blocks[order],
				  before->blocks[order]);
}

SELFTEST(buddy_is_sound)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		unsigned long where = 0;
		const char *broken = buddy_broken(zone, &where);

		t->checks++;
		if (broken)
			ktap_fail(t, "zone %s: %s at pfn %#lx", zone->name, broken, where);
	}
}

/* The free lists hold as many pages as the counters say, all inside their zone. */
SELFTEST(buddy_lists_match_counters)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		unsigned long pages = 0;

		for (unsigned int list = 0; list < NR_PAGE_ORDERS * MIGRATE_TYPES; list++) {
			unsigned int order = list / MIGRATE_TYPES;
			unsigned long pfn = buddy_first(zone, order, list % MIGRATE_TYPES);

			for (; pfn != PFN_NONE; pfn = buddy_next(pfn, order)) {
				pages += BIT(order);
				if (pfn >= zone->zone_start_pfn && pfn % BIT(order) == 0 &&
				    pfn + BIT(order) <= zone_end_pfn(zone))
					continue;
				ktap_fail(t, "zone %s: odd block %#lx, order %u", zone->name, pfn,
					  order);
			}
		}
		expect_eq(t, pages, zone->free_pages);
	}
}

/* Blocks that a test holds, chained through their own first bytes. */
struct held {
	struct held	*next;
	unsigned long	order;
};

static struct held *hold_everything(unsigned long *pages)
{
	struct held *all = NULL;

	for (int order = MAX_PAGE_ORDER; order >= 0; order--) {
		unsigned long addr;

		while ((addr = __get_free_pages(GFP_ATOMIC | __GFP_NOWARN | __GFP_MEMALLOC,
						(unsigned int)order))) {
			*(struct held *)addr = (struct held){ all, (unsigned long)order };
			all = (struct held *)addr;
			*pages += BIT(order);
		}
	}
	return all;
}

SELFTEST(buddy_free_all_restores_histogram)
{
	struct histogram before = take_histogram();
	unsigned long held = 0;

	if (before.pages > ALL_RAM_LIMIT_PAGES) {
		ktap_skip(t, "too much RAM to touch");
		return;
	}
	struct held *all = hold_everything(&held);

	ktap_note(t, "held %lu of %lu pages", held, before.pages);
	expect_true(t, held > before.pages / 2);
	expect_true(t, !alloc_pages(GFP_ATOMIC | __GFP_NOWARN, MAX_PAGE_ORDER));
	while (all) {
		struct held *block = all;

		all = block->next;
		free_pages((unsigned long)block, (unsigned int)block->order);
	}
	expect_same_histogram(t, &before);
}

/* One page at a time, so that every merge is exercised; 64 MiB at most. */
SELFTEST(buddy_pages_merge_again)
{
	struct histogram before = take_histogram();
	struct held *all = NULL;
	unsigned long wanted = before.pages / 2;

	if (wanted > 64 * SZ_1M / PAGE_SIZE)
		wanted = 64 * SZ_1M / PAGE_SIZE;
	for (unsigned long i = 0; i < wanted; i++) {
		struct held *page = (struct held *)get_zeroed_page(GFP_KERNEL);

		if (!page)
			break;
		expect_true(t, !page->next && !page->order);
		page->next = all;
		all = page;
	}
	while (all) {
		struct held *page = all;

		all = page->next;
		free_page((unsigned long)page);
	}
	expect_same_histogram(t, &before);
}
