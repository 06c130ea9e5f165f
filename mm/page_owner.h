/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_owner=on: who has asked for a block of the page allocator's?
 *
 * As Linux's page owner, but the caller's address only: 4 bytes a page, of which the first of
 * each block is used.  Without the word nothing is kept and nothing costs time.
 */
#ifndef MM_PAGE_OWNER_H
#define MM_PAGE_OWNER_H

#include "mm/page.h"

/** page_owner_init() - memory for it, if the command line wants it; after page_map_init() */
void page_owner_init(void);

/* @caller has got the 2^@order pages at @pfn as blocks of 2^@each pages. */
void page_owner_set(unsigned long pfn, unsigned int order, unsigned int each,
		    unsigned long caller);

/* Who got the block at @pfn last; 0: not known. */
unsigned long page_owner_get(unsigned long pfn);

#endif /* MM_PAGE_OWNER_H */
