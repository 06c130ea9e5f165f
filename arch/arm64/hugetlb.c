// SPDX-License-Identifier: GPL-2.0-only
/*
 * Huge pages of a 4K granule: blocks of 2 MiB and 1 GiB, and 16 neighbours marked contiguous,
 * of pages or of 2 MiB.
 */
#include <arch/paging.h>

#include "kernel/lib/align.h"
#include "kernel/lib/types.h"	/* ARRAY_SIZE() */

bool arch_hugetlb_supported(void)
{
	return true;
}

const char *arch_hugetlb_size_name(phys_addr_t size)
{
	switch (size) {
	case SZ_1G:
		return "1.00 GiB";
	case 16 * SZ_2M:
		return "32.0 MiB";
	case SZ_2M:
		return "2.00 MiB";
	case 16 * PAGE_SIZE:
		return "64.0 KiB";
	default:
		return NULL;
	}
}

phys_addr_t arch_hugetlb_size(unsigned int i)
{
	static const phys_addr_t sizes[] = { SZ_1G, 16 * SZ_2M, SZ_2M, 16 * PAGE_SIZE };

	return i < ARRAY_SIZE(sizes) ? sizes[i] : 0;
}

phys_addr_t arch_hugetlb_default_size(void)
{
	return SZ_2M;
}

phys_addr_t arch_hugetlb_gigantic_size(void)
{
	return SZ_1G;
}
