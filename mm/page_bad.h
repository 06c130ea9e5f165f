/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telling of pages that are not what somebody thinks they are.
 *
 * At most PAGE_BAD_REPORTS reports a boot, then only a count.  Nothing here changes
 * the allocator: what is wrong stays as it is, leaked at worst.
 */
#ifndef MM_PAGE_BAD_H
#define MM_PAGE_BAD_H

#include "mm/page_alloc.h"

#define PAGE_BAD_REPORTS	60	/* Linux: 60 a minute */
#define PAGE_FAILURE_REPORTS	3	/* of exhaustion; Linux: one per 10 s */

/** page_bad_free() - @caller freed @order at @pfn, which is no such block: say why */
void page_bad_free(unsigned long pfn, unsigned int order, unsigned long caller);

/** page_alloc_failure() - there is no memory for @caller */
void page_alloc_failure(gfp_t gfp, unsigned int order, unsigned long caller);

/** page_poison_intact() - is every byte of a fresh block still PAGE_POISON?  Reports if not */
bool page_poison_intact(unsigned long pfn, unsigned int order);

void page_bad_reset(void);	/* tests only */

#endif /* MM_PAGE_BAD_H */
