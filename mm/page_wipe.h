/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What free pages contain: nothing in particular, unless the command line wants zeroes or poison.
 */
#ifndef MM_PAGE_WIPE_H
#define MM_PAGE_WIPE_H

#include "kernel/lib/types.h"

/*
 * Bits of page_options, from init_on_alloc=1, init_on_free=1, page_poison=1, page_owner=on.
 * setup_per_cpu_pageset() reads them: where pages are wiped when they become free, there are no
 * stacks (mm/pcp.h).
 */
#define INIT_ON_ALLOC	0x01U	/* pages are zeroed when they are allocated	*/
#define INIT_ON_FREE	0x02U	/* ... when they become free			*/
#define PAGE_POISONING	0x04U	/* filled with PAGE_POISON then, which is checked */
#define PAGE_OWNER	0x08U	/* page_owner.h					*/
#define OPTIONS_ALLOC	(INIT_ON_ALLOC | PAGE_POISONING | PAGE_OWNER)
#define OPTIONS_FREE	(INIT_ON_FREE | PAGE_POISONING)

/* Constant after boot: written while the command line is parsed. */
extern unsigned int page_options;

#define PAGE_POISON	0xaa	/* fills free pages with page_poison=1, as Linux */

/** wipe_pages() - fill the 2^@order pages at @pfn, which become free, as page_options want */
void wipe_pages(unsigned long pfn, unsigned int order);

#endif /* MM_PAGE_WIPE_H */
