/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many pages are ordinary memory: Linux's totalram_pages.
 *
 * Everybody who gives reserved pages to the buddy counts them here himself, right after he has
 * given them.  totalram_pages_add() is declared in mm/handover.h, because memblock calls it.
 */
#ifndef MM_TOTALRAM_H
#define MM_TOTALRAM_H

#include "mm/handover.h"	/* totalram_pages_add() */

/** totalram_pages() - pages counted since boot; 0 before memblock_free_all() */
unsigned long totalram_pages(void);

/**
 * totalram_report() - with memblock=debug a line with the count, after @step
 * @step: what has changed it
 */
void totalram_report(const char *step);

#endif /* MM_TOTALRAM_H */
