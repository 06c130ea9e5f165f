// SPDX-License-Identifier: GPL-2.0-only
/*
 * What free pages contain: nothing in particular, unless the command line wants zeroes or
 * poison.  page_bad.c checks the poison.
 */
#include "mm/page_alloc.h"

#include "kernel/lib/params.h"	/* early_param() */
#include "mm/page_bad.h"

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

static int __init parse_switch(char *val, unsigned int what)
{
	if (!val || !strcmp(val, "1") || !strcmp(val, "on") || !strcmp(val, "y"))
		page_options |= what;
	else if (!strcmp(val, "0") || !strcmp(val, "off") || !strcmp(val, "n"))
		page_options &= ~what;
	else
		return -EINVAL;
	return 0;
}

static int __init parse_init_on_alloc(char *val)
{
	return parse_switch(val, INIT_ON_ALLOC);
}
early_param("init_on_alloc", parse_init_on_alloc, "1: zero pages when they are allocated");

static int __init parse_init_on_free(char *val)
{
	return parse_switch(val, INIT_ON_FREE);
}
early_param("init_on_free", parse_init_on_free, "1: zero pages when they are freed");

static int __init parse_page_poison(char *val)
{
	return parse_switch(val, PAGE_POISONING);
}
early_param("page_poison", parse_page_poison, "1: fill free pages with 0xaa and check it");

void page_alloc_reset(void)
{
	page_options = 0;
	page_bad_reset();
}
