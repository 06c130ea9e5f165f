/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Blocks freed last, in front of the buddy: per zone, migrate type and order a stack.
 *
 *	alloc_pages()	<- pcp <- buddy: a block, or for single pages all of a chunk
 *	__free_pages()	-> pcp -> buddy: of a full stack, the older half
 *
 * What was freed last is what the CPU's caches still have, and neither push nor pop depends
 * on the order.  A block here is "nothing" in the words of states (page.h), counted as
 * free and not merged; a request that finds nothing else drains all stacks of the zone before
 * it looks elsewhere, so nobody ever misses it.  Those of a migrate type hold at most an
 * eleventh of their zone and 64 pages.
 *
 * Linux has such lists for orders 0 to 3 and 9.
 */
#ifndef MM_BUDDY_PCP_H
#define MM_BUDDY_PCP_H

#include "mm/buddy/buddy_internal.h"

/**
 * setup_zone_pageset() - room for the stacks of a zone whose present pages are known
 *
 * Without memory for it, and where pages are wiped when they become free, the zone has none,
 * which costs time only.
 * Context: once, before memblock_free_all().
 */
void setup_zone_pageset(struct zone *zone);

/* The stack of single pages of @type, which is empty, gets those of a chunk.  Return: any? */
bool pcp_refill(struct zone *zone, enum migratetype type);

/* The older half of a stack goes to the buddy.  Return: false if that is nothing. */
bool pcp_spill(struct zone *zone, struct per_cpu_pages *pcp, unsigned int order);

/* Which block on a stack of @zone has @pfn?  A search; reports only.  Return: found */
bool pcp_find(const struct zone *zone, unsigned long pfn, struct page_state *state);

#endif /* MM_BUDDY_PCP_H */
