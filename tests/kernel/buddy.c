/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buddy as it was handed over: sound, and back where it started after
 * everything has been allocated and freed again.
 */
#include "kernel/selftest.h"
#include "mm/buddy.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"

#include <arch/memory.h>

/*
 * Blocks that a test holds.  They are listed in chunks of their own and not
 * touched: otherwise the host would have to back all of a large guest's RAM.
 */
#define HOLD_LIMIT_PAGES	(64UL * SZ_1G / PAGE_SIZE)	/* a descriptor each is touched */

struct held_list {
	struct held_list	*next;
	unsigned long	used;
	struct {
		unsigned long	pfn;
		unsigned long	order;
	} block[];
};

struct histogram {
	unsigned long	blocks[NR_PAGE_ORDERS];
	unsigned long	pages;
};

static struct histogram take_histogram(void)
{
	struct histogram h = { .pages = nr_free_pages() };
	struct zone *zone;

	drain_all_pages();
	for_each_populated_zone(zone) {
		unsigned long blocks[NR_PAGE_ORDERS];

		buddy_count(zone, blocks);
		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
			h.blocks[order] += blocks[order];
	}
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

	drain_all_pages();
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
		expect_eq(t, pages, zone->listed_pages);
	}
}

/* 256 KiB a chunk, or a page where that would be all there is. */
static unsigned int list_order(void)
{
	return nr_free_pages() > 64UL * SZ_1M / PAGE_SIZE ? 6 : 0;
}

static struct held_list *new_list(struct held_list *next, unsigned int order)
{
	unsigned long at = __get_free_pages(GFP_ATOMIC | __GFP_NOWARN, order);
	struct held_list *c = (struct held_list *)at;

	if (c)
		*c = (struct held_list){ .next = next };
	return c;
}

/* All there is, down to the last page, as long as it can be written down. */
static struct held_list *hold_everything(unsigned int at, unsigned long *pages)
{
	unsigned long room = ((PAGE_SIZE << at) - sizeof(struct held_list)) /
			     sizeof(((struct held_list *)0)->block[0]);
	struct held_list *c = new_list(NULL, at), *more;
	int order = MAX_PAGE_ORDER;

	while (c && order >= 0) {
		struct page *page;

		if (c->used == room) {
			more = new_list(c, at);
			if (!more)
				break;
			c = more;
		}
		page = alloc_pages(GFP_ATOMIC | __GFP_NOWARN | __GFP_MEMALLOC | __GFP_HIGHMEM |
				   __GFP_MOVABLE, (unsigned int)order);	/* any zone */
		if (!page) {
			order--;
			continue;
		}
		c->block[c->used].pfn = page_to_pfn(page);
		c->block[c->used++].order = (unsigned long)order;
		*pages += BIT(order);
	}
	return c;
}

SELFTEST(buddy_free_all_restores_histogram)
{
	struct histogram before = take_histogram();
	unsigned long held = 0;
	unsigned int order = list_order();

	if (before.pages > HOLD_LIMIT_PAGES) {
		ktap_skip(t, "more than 64 GiB");
		return;
	}
	struct held_list *c = hold_everything(order, &held);

	ktap_note(t, "held %lu of %lu pages", held, before.pages);
	expect_true(t, held > before.pages / 2);
	expect_true(t, !alloc_pages(GFP_ATOMIC | __GFP_NOWARN, MAX_PAGE_ORDER));
	while (c) {
		struct held_list *done = c;

		for (unsigned long i = 0; i < c->used; i++)
			__free_pages(pfn_to_page(c->block[i].pfn), (unsigned int)c->block[i].order);
		c = c->next;
		free_pages((unsigned long)done, order);
	}
	expect_same_histogram(t, &before);
}

struct held {
	struct held	*next;
	unsigned long	order;
};

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
