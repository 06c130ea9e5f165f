/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buddy allocator proper (mm/buddy/): blocks of 2^order pages on lists by order and migrate
 * type, in one zone.  Watermarks, fallback to other types and zones and the detection of misuse
 * are mm/page_alloc/'s.
 *
 * Context: the caller has zone->lock, but for the hand-over, which needs none, and buddy_carve()
 * and move_freepages_block(), which take it; buddy_broken() wants that no other CPU uses the zone.
 *
 * Split and merge never leave the zone, which includes its node:
 *
 *	order 2		[       A       |       B       ]	B = A ^ 4: buddies
 *	order 1		[  C    |   D   ]			D = C ^ 2
 */
#ifndef MM_BUDDY_H
#define MM_BUDDY_H

#include "mm/zone.h"

/* ---- the hand-over (handover.c) ------------------------------------------------------- */

/**
 * handover_begin(), handover_end() - mem_init() calls memblock_free_all() between these two
 *
 * Between them memblock_free_pages() (mm/handover.h) gives blocks to the buddy, in ascending order.
 * Some of them are counted as free only at the end.
 */
void handover_begin(void);
void handover_end(void);

/* ---- blocks ---------------------------------------------------------------------------- */

/**
 * __rmqueue_smallest() - a block of exactly @order off the lists of @type
 *
 * From the list of the smallest sufficient order, its first chunk or pageblock; of
 * several blocks in it the smallest, then the lowest.  The lowest part of it is returned,
 * marked as allocated.
 *
 * Return: the pfn of its first page; PFN_NONE if @type has no such block.
 */
unsigned long __rmqueue_smallest(struct zone *zone, unsigned int order, enum migratetype type);

/**
 * __free_one_page() - a block that block_claim() took becomes free and merges with free buddies
 * @span: of @pfn
 * @pfn: first page of the block
 */
void __free_one_page(struct zone *zone, const struct page_span *span, unsigned long pfn,
		     unsigned int order);

/**
 * buddy_give_untracked() - the @count blocks of @order in @blocks[] become free on lists and merge
 *
 * They come from the stacks of @zone (mm/pcp.h).  It costs less if blocks of one chunk are
 * neighbours in @blocks[].
 */
void buddy_give_untracked(struct zone *zone, const struct stacked *blocks, unsigned int count,
			  unsigned int order);

/**
 * buddy_take_chunk() - all free pages of the chunk of @type with the least to spare
 * @pfn, @pages: its first page, and a bit for each page that was free, are stored there
 *
 * They are on no list afterwards, and untracked.
 * Return: the chunk's words; NULL if the lists of @type are empty.
 */
struct units *buddy_take_chunk(struct zone *zone, enum migratetype type, unsigned long *pfn,
			       uint64_t *pages);

/** buddy_smallest() - the smallest order from @order up of which @type has a block, or LIST_NONE */
unsigned int buddy_smallest(struct zone *zone, unsigned int order, enum migratetype type);

/**
 * buddy_seed() - a block that has never been in the buddy becomes managed, and free
 *
 * @pfn is aligned to @order, all its pages are reserved RAM of @zone and @span.  It goes to the end
 * of its list.
 */
void buddy_seed(struct zone *zone, const struct page_span *span, unsigned long pfn,
		unsigned int order);

/** buddy_seed_pages() - the same for pages of @pfn's chunk: bit i of @pages is its page i */
void buddy_seed_pages(struct zone *zone, const struct page_span *span, unsigned long pfn,
		      uint64_t pages);

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
 * move_freepages_block() - free blocks inside the pageblock of @pfn go to @type's lists
 *
 * The pageblock's type changes too.  Blocks larger than a pageblock move whole.
 * Return: pages moved.
 */
unsigned long move_freepages_block(struct zone *zone, unsigned long pfn, enum migratetype type);

/* The same by one who has the lock, and has drained the stacks. */
unsigned long __move_freepages_block(struct zone *zone, unsigned long pfn, enum migratetype type);

/* Pages in the pageblock of @pfn that are free or were allocated for movable or other use. */
struct pageblock_use {
	unsigned long free, movable, other;
};

/** buddy_pageblock_use() - count them; pages of other zones and reserved ones are "other" */
void buddy_pageblock_use(const struct zone *zone, unsigned long pfn, struct pageblock_use *use);

/** buddy_count() - free blocks by order, those on stacks too; walks lists below PAGEBLOCK_ORDER */
void buddy_count(const struct zone *zone, unsigned long blocks[NR_PAGE_ORDERS]);

/** buddy_first() - a free block of exactly @order with lists of @type, PFN_NONE if none */
unsigned long buddy_first(const struct zone *zone, unsigned int order, enum migratetype type);

/**
 * buddy_next() - the one after the free block @pfn of @order, PFN_NONE after the last
 *
 * No block may be taken or given during the walk.
 */
unsigned long buddy_next(unsigned long pfn, unsigned int order);

/**
 * get_pageblock_migratetype() - migrate type of the pageblock around @pfn, which has a descriptor
 * set_pageblock_migratetype() - change it; free blocks stay on the lists they are on, so only for
 *	pageblocks without any (move_freepages_block() moves them)
 */
enum migratetype get_pageblock_migratetype(unsigned long pfn);
void set_pageblock_migratetype(unsigned long pfn, enum migratetype type);

/**
 * buddy_broken() - check every list, mark and counter of a zone
 * Return: NULL, or what is wrong; *@where is the pfn.
 */
const char *buddy_broken(const struct zone *zone, unsigned long *where);

#endif /* MM_BUDDY_H */
