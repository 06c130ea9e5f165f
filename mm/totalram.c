// SPDX-License-Identifier: GPL-2.0-only
/*
 * The count of pages that are ordinary memory, and a line about each step that changes it.
 *
 *	memblock_free_all()		counts for the first time: all pages of the hand-over
 *	memblock_free_late()		memblock_free.c: doubled arrays, late releases
 *	free_reserved_*()		release.c: the initrd, boot code, named ranges
 *	gather_bootmem_prealloc()	hugetlb.c: huge pages that memblock gave
 */
#include "mm/totalram.h"

#include "mm/memblock.h"	/* memblock_is_verbose() */
#include "mm/port.h"

/* One writer, the boot CPU; with more of them changes become atomic. */
static unsigned long total_pages;

void totalram_pages_add(long pages)
{
	total_pages += (unsigned long)pages;
}

unsigned long totalram_pages(void)
{
	return total_pages;
}

void totalram_report(const char *step)
{
	if (memblock_is_verbose())
		pr_info("totalram_pages: %lu after %s\n", totalram_pages(), step);
}
