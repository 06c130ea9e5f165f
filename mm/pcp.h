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
 * stacks of one migrate type hold at most an eleventh of their zone, and 64 pages; of 4 GiB 2 %.
 *
 * With a block its stack keeps where its state is, so that a pop need not compute that.
 *
 * A CPU's stacks are an array, struct per_cpu.stacks, which this_cpu() leads to:
 *
 *	[ NO_STACKS | zone 0: unmovable | movable | reclaimable | zone 1: unmovable | ... ]
 *	   by order         by order
 *
 * A pageblock knows the offset in it, which is the same for every CPU.  The first ones are empty
 * and full, so nobody pushes or pops: their frees go to the lists.
 *
 * Nobody but its CPU writes a stack, so it has no lock; who takes blocks from lists or gives them
 * does so under zone->lock.  All functions here take that themselves, where it is needed.
 *
 * Linux has such lists for orders 0 to 3 and 9.
 */
#ifndef MM_PCP_H
#define MM_PCP_H

#include "mm/zone.h"

/* The stacks of the CPU of @area, by order, that are at @offset in its array. */
static inline struct per_cpu_pages *stacks_at(const struct per_cpu *area, unsigned long offset)
{
	return (struct per_cpu_pages *)((uintptr_t)area->stacks + offset);
}

/* Where the stacks of @type, below PCP_TYPES, in @zone are. */
static inline unsigned long stacks_offset(const struct zone *zone, unsigned int type)
{
	const unsigned long size = NR_PAGE_ORDERS * sizeof(struct per_cpu_pages);

	return zone->stacks ? zone->stacks + type * size : NO_STACKS;
}

/* This CPU's stacks of @type, below PCP_TYPES, in @zone: an array by order. */
static inline struct per_cpu_pages *zone_stacks(const struct zone *zone, unsigned int type)
{
	return stacks_at(this_cpu(), stacks_offset(zone, type));
}

/**
 * setup_per_cpu_pageset() - memory for the stacks of one of @cpus CPUs, on node @nid or elsewhere
 *
 * Zones for which there is no memory, or whose pages are wiped when they become free, have stacks
 * for no block, which costs time only.
 * Context: once a CPU, the boot CPU first, after the command line is parsed and free_area_init(),
 * before memblock_free_all().
 */
void setup_per_cpu_pageset(struct per_cpu *area, unsigned int cpus, int nid);

/**
 * pcp_set_height() - how many blocks may be on the stack @pcp from now on
 *
 * All it has room for while memory is plenty; else few, because what is on stacks does not merge.
 */
void pcp_set_height(const struct zone *zone, struct per_cpu_pages *pcp);

/**
 * rmqueue_bulk() - the stack of single pages of @type, which is empty, gets those of a chunk
 * Return: false if the lists of @type are empty, or the stack is too small for a chunk.
 */
bool rmqueue_bulk(struct zone *zone, enum migratetype type);

/**
 * free_pcppages_bulk() - room on the full stack @pcp of blocks of @order
 *
 * Its height is set anew; if it is full still, its older half goes to the lists.
 * Return: false if it can hold nothing.
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
 * drain_pages_zone() - all blocks on this CPU's stacks of @zone go to the lists and merge
 *
 * For those who count blocks or want chosen pages.
 */
void drain_pages_zone(struct zone *zone);

/**
 * drain_local_pages() - the same for all zones
 *
 * A CPU that will not allocate for long, because it idles or stops, calls it.
 */
void drain_local_pages(void);

/**
 * serve_drain() - drain_local_pages() if another CPU waits for it; a CPU that idles calls it often
 */
void serve_drain(void);

/** pcp_blocks() - blocks of @order in @zone on the stacks of all CPUs */
unsigned long pcp_blocks(const struct zone *zone, unsigned int order);

/**
 * zone_free_pages() - free pages of @zone, on lists and stacks
 *
 * Exact while no other CPU allocates or frees; else of some moment for each stack.
 */
unsigned long zone_free_pages(const struct zone *zone);

/** zone_alloc_count() - blocks of @zone that were ever given to somebody, for views and tests */
unsigned long zone_alloc_count(const struct zone *zone);

/**
 * drain_all_pages() - the stacks of all CPUs become empty
 *
 * Each CPU drains its own, when it next needs the lists or calls serve_drain().  One that does
 * neither for some milliseconds keeps what it has.
 * Context: no lock held.
 */
void drain_all_pages(void);

#endif /* MM_PCP_H */
