// SPDX-License-Identifier: GPL-2.0-only
/*
 * The options of what pages contain, and filling pages that become free.  The poison is checked
 * by mm/page_alloc/page_bad.c, when a page is allocated.
 */
#include "mm/page_wipe.h"

#include "kernel/lib/params.h"	/* early_param() */
#include "mm/port.h"

unsigned int page_options;

void wipe_pages(unsigned long pfn, unsigned int order)
{
	size_t bytes = PAGE_SIZE << order;

	if (page_options & PAGE_POISONING)
		memset(phys_to_virt(PFN_PHYS(pfn)), PAGE_POISON, bytes);
	else if (page_options & INIT_ON_FREE)
		memset(phys_to_virt(PFN_PHYS(pfn)), 0, bytes);
}

/* ---- command line ---------------------------------------------------------------------------- */

static int __init parse_page_option(char *val, unsigned int option)
{
	if (!val || !strcmp(val, "1") || !strcmp(val, "on") || !strcmp(val, "y"))
		page_options |= option;
	else if (!strcmp(val, "0") || !strcmp(val, "off") || !strcmp(val, "n"))
		page_options &= ~option;
	else
		return -EINVAL;
	return 0;
}

static int __init parse_init_on_alloc(char *val)
{
	return parse_page_option(val, INIT_ON_ALLOC);
}
early_param("init_on_alloc", parse_init_on_alloc, "1: zero pages when they are allocated");

static int __init parse_init_on_free(char *val)
{
	return parse_page_option(val, INIT_ON_FREE);
}
early_param("init_on_free", parse_init_on_free, "1: zero pages when they are freed");

static int __init parse_page_poison(char *val)
{
	return parse_page_option(val, PAGE_POISONING);
}
early_param("page_poison", parse_page_poison, "1: fill free pages with 0xaa and check it");
