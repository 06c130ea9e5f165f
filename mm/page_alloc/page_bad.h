/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reports of frees and pages that are wrong, and of exhaustion.
 *
 * At most PAGE_BAD_REPORTS reports a boot, then only a count.  The allocator is not changed: a
 * block stays allocated or, if its poison is gone, is leaked.
 */
#ifndef MM_PAGE_ALLOC_PAGE_BAD_H
#define MM_PAGE_ALLOC_PAGE_BAD_H

#include "mm/page_alloc.h"

#define PAGE_BAD_REPORTS	60	/* Linux: 60 a minute */
#define PAGE_FAILURE_REPORTS	3	/* of exhaustion; Linux: one per 10 s */

/** bad_page() - @caller freed @order at @pfn, which is no such block: say why */
void bad_page(unsigned long pfn, unsigned int order, unsigned long caller);

/** warn_alloc() - there is no memory for @caller */
void warn_alloc(gfp_t gfp, unsigned int order, unsigned long caller);

/** check_page_poison() - is every byte of a fresh block still PAGE_POISON?  Reports it if not */
bool check_page_poison(unsigned long pfn, unsigned int order);

/**
 * struct page_bad - how often something was told
 * @lock: there is one writer at a time and one report; no other lock is held when it is taken
 * @pages: bad pages, those not printed too
 * @failures: allocations for which there was no memory
 */
struct page_bad {
	struct spinlock	lock;
	unsigned long	pages, failures;
};

extern struct page_bad page_bad;

#endif /* MM_PAGE_ALLOC_PAGE_BAD_H */
