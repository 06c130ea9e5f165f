// SPDX-License-Identifier: GPL-2.0-only
/*
 * What free pages contain: nothing in particular, unless the command line wants zeroes or
 * poison.  page_bad.c checks the poison.
 */
#include "mm/page_alloc.h"

#include "kernel/lib/params.h"	/* early_param() */
#include "mm/page_bad.h"

bool init_on_alloc, init_on_free, page_poisoning;

void wipe_pages(unsigned long pfn, unsigned int order)
{
	size_t bytes = PAGE_SIZE << order;

	if (page_poisoning)
		memset(phys_to_virt(PFN_PHYS(pfn)), PAGE_POISON, bytes);
	else if (init_on_free)
		memset(phys_to_virt(PFN_PHYS(pfn)), 0, bytes);
}

/* ---- command line ---------------------------------------------------------------------------- */

static int __init parse_switch(char *val, bool *what)
{
	if (!val || !strcmp(val, "1") || !strcmp(val, "on") || !strcmp(val, "y"))
		*what = true;
	else if (!strcmp(val, "0") || !strcmp(val, "off") || !strcmp(val, "n"))
		*what = false;
	else
		return -EINVAL;
	return 0;
}

static int __init parse_init_on_alloc(char *val)
{
	return parse_switch(val, &init_on_alloc);
}
early_param("init_on_alloc", parse_init_on_alloc, "1: zero pages when they are allocated");

static int __init parse_init_on_free(char *val)
{
	return parse_switch(val, &init_on_free);
}
early_param("init_on_free", parse_init_on_free, "1: zero pages when they are freed");

static int __init parse_page_poison(char *val)
{
	return parse_switch(val, &page_poisoning);
}
early_param("page_poison", parse_page_poison, "1: fill free pages with 0xaa and check it");

void page_alloc_reset(void)
{
	init_on_alloc = init_on_free = page_poisoning = false;
	page_bad_reset();
}
