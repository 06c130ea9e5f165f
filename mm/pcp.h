/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stacks of blocks that were freed last, in front of the buddy's lists: per CPU, one for each
 * zone, migrate type and order.  Linux calls them pagesets or pcp lists.
 *
 *	alloc_pages()	<- stack <- lists: a block, or for single pages all free pages of a chunk
 *	__free_pages()	-> stack -> lists: of a full stack, the older half
 *
 * The block freed last is the one that the CPU's caches still have, and neither push nor pop
 * depends on the order.  A block on a stack is untracked (mm/page.h): counted as free by
 * zone_free_pages(), but not merged.  A request that finds nothing on the lists drains all stacks
 * of its zone before it goes to another zone or fails, so blocks on stacks are never missing.  The
 * stacks of one migrate type hold at most an eleventh of their zone, and 64 pages; of 4 GiB 3 %.
 *
 * With a block its stack keeps where its state is, so that a pop need not compute that.
 *
 * Linux has such lists for orders 0 to 3 and 9.
 */
#ifndef MM_PCP_H
#define MM_PCP_H

#include "mm/zone.h"

/*
 * This CPU's stacks of @type, below PCP_TYPES, in @zone: an array by order.  With the one CPU
 * there is they stand in the zone; with many they will be reached through this_cpu().
 */
static inline struct per_cpu_pages *zone_stacks(struct zone *zone, unsigned int type)
{
	return zone->pcp[type];
}

/**
 * setup_zone_pageset() - memory for the stacks of a zone whose present pages are known
 *
 * A zone for which there is no memory, or whose pages are wiped when they become free, has stacks
 * for no block, which costs time only.
 * Context: once a zone, after the command line is parsed, before memblock_free_all().
 */
void setup_zone_pageset(struct zone *zone);

/**
 * rmqueue_bulk() - the stack of single pages of @type, which is empty, gets those of a chunk
 * Return: false if the lists of @type are empty, or the stack is too small for a chunk.
 */
bool rmqueue_bulk(struct zone *zone, enum migratetype type);

/**
 * free_pcppages_bulk() - the older half of the stack @pcp of blocks of @order goes to the lists
 * Return: false if there is nothing on the stack.
 */
bool free_pcppages_bulk(struct zone *zone, struct per_cpu_pages *pcp, unsigned int order);

/**
 * pcp_find() - the block on a stack of @zone that has page @pfn
 * @state: its head and order are stored there
 *
 * A search of all stacks, for reports.  Return: false if there is none.
 */
bool pcp_find(const struct zone *zone, unsigned long pfn, struct page_state *state);

/**
 * drain_pages_zone() - all blocks on @zone's stacks go to the lists and merge
 *
 * For those who count blocks or want chosen pages.
 */
void drain_pages_zone(struct zone *zone);

/** zone_free_pages() - free pages of @zone, on lists and stacks */
unsigned long zone_free_pages(const struct zone *zone);

/** drain_all_pages() - the same for all zones */
void drain_all_pages(void);

#endif /* MM_PCP_H */
