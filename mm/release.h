/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reserved pages that become ordinary memory after the hand-over (mm/page_alloc/release.c).
 *
 * Context: after mem_init(), one CPU.  A page that is not reserved is reported as a bad page and
 * left alone; one that is reserved but that no zone has (two nodes share it) is left alone.
 */
#ifndef MM_RELEASE_H
#define MM_RELEASE_H

#include "kernel/lib/types.h"

/**
 * free_reserved_page() - the reserved page @pfn goes to the buddy and counts as totalram
 *
 * The ledger is not told.  Return: true if it went to the buddy.
 */
bool free_reserved_page(unsigned long pfn);

/**
 * free_reserved_range() - the same for @pages pages from @pfn, in the largest blocks they make
 *
 * What is no RAM is passed over.  The ledger is not told.  Return: pages that went to the buddy.
 */
unsigned long free_reserved_range(unsigned long pfn, unsigned long pages);

/**
 * free_reserved_area() - the whole pages of [@start, @end) go to the buddy, one by one
 * @start, @end: addresses in the direct map or the image
 * @poison: byte to fill them with, -1: leave
 * @name: owner; "Freeing %s memory: %ldK" if a page results; NULL: silent
 *
 * Tells the ledger.  Return: pages freed.
 */
unsigned long free_reserved_area(void *start, void *end, int poison, const char *name);

#define POISON_FREE_INITMEM	0xcc

#endif /* MM_RELEASE_H */
