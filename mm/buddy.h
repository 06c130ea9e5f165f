/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buddy allocator proper: blocks of 2^order pages on lists by order and
 * migrate type, in one zone.  No policy: watermarks, fallback to other zones and
 * the detection of misuse are page_alloc.h's.  No locks: one CPU.
 *
 * Split and merge never leave the zone, which includes its node:
 *
 *	order 2		[       A       |       B       ]	B = A ^ 4: buddies
 *	order 1		[  C    |   D   ]			D = C ^ 2
 */
#ifndef MM_BUDDY_H
#define MM_BUDDY_H

#include "mm/zone.h"

/** buddy_init_zone() - empty lists */
void buddy_init_zone(struct zone *zone);

/**
 * buddy_take() - a block of exactly @order off the lists of @type
 * @want: type of the request, kept with the block
 *
 * The smallest sufficient block, first of its list; what is split off goes to the
 * front of the lower lists, the lowest part is returned, marked as allocated.
 *
 * Return: its first page (buddy_take_page()) or pfn (buddy_take()); NULL, PFN_NONE if
 * @type has no such block.
 */
struct page *buddy_take_page(struct zone *zone, unsigned int order, enum migratetype type,
			     enum migratetype want);
unsigned long buddy_take(struct zone *zone, unsigned int order, enum migratetype type,
			 enum migratetype want);

/**
 * buddy_give() - an allocated block becomes free and merges with free buddies
 * @span: of @pfn
 * @pfn: first page of the block
 */
void buddy_give(struct zone *zone, const struct page_span *span, unsigned long pfn,
		unsigned int order);

/**
 * buddy_take_hot() - the smallest block of @type, cut to single hot pages
 * @pfn: gets them, the first to be used last; room for HOT_BATCH
 *
 * Return: how many, at most HOT_BATCH; 0 if the lists of @type are empty.
 */
#define HOT_ORDER	4
#define HOT_BATCH	(1U << HOT_ORDER)
unsigned int buddy_take_hot(struct zone *zone, enum migratetype type, unsigned long *pfn);

/** buddy_give_hot() - @count hot pages go to the lists and merge */
void buddy_give_hot(struct zone *zone, const unsigned long *pfn, unsigned int count);

/**
 * buddy_seed() - a block that has never been in the buddy becomes free
 *
 * @pfn is aligned to @order, all its pages are RAM of @zone and under no head.  Goes
 * to the end of its list.
 */
void buddy_seed(struct zone *zone, unsigned long pfn, unsigned int order);

/**
 * buddy_carve() - take [@pfn, @pfn + 2^@order) out of the free block around it
 *
 * Marked as allocated; the rest of the block stays free.
 * Return: false if the pages are not inside one free block of at least @order.
 */
bool buddy_carve(struct zone *zone, unsigned long pfn, unsigned int order);

/**
 * buddy_split_allocated() - one allocated block becomes 2^@order single pages
 *
 * Each can be freed on its own afterwards.
 */
void buddy_split_allocated(struct zone *zone, unsigned long pfn, unsigned int order);

/**
 * buddy_move_pageblock() - free blocks inside the pageblock of @pfn go to @type's lists
 *
 * The pageblock's type changes too.  Blocks larger than a pageblock move whole.
 * Return: pages moved.
 */
unsigned long buddy_move_pageblock(struct zone *zone, unsigned long pfn, enum migratetype type);

/* Pages in the pageblock of @pfn that are free or were allocated for movable or other use. */
struct pageblock_use {
	unsigned long free, movable, other;
};

void buddy_pageblock_use(const struct zone *zone, unsigned long pfn, struct pageblock_use *use);

/** buddy_first() - first pfn on the list of @order and @type, PFN_NONE if empty */
unsigned long buddy_first(const struct zone *zone, unsigned int order, enum migratetype type);

/** buddy_next() - the one after @pfn on its list of @order; for walking, no changes */
unsigned long buddy_next(unsigned long pfn, unsigned int order);

enum migratetype pageblock_type(unsigned long pfn);
void set_pageblock_type(unsigned long pfn, enum migratetype type);

/**
 * buddy_broken() - check every list, mark and counter of a zone
 * Return: NULL, or what is wrong; *@where is the pfn.
 */
const char *buddy_broken(const struct zone *zone, unsigned long *where);

#endif /* MM_BUDDY_H */
