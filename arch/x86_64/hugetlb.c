// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which huge pages an x86 has: 2 MiB, and 1 GiB if the CPU says so (pdpe1gb); none
 * if it denies both.
 */
#include <arch/paging.h>

#include "kernel/lib/align.h"		/* SZ_2M, SZ_1G */

#include <asm/cpufeature.h>

bool arch_hugetlb_supported(void)
{
	return cpu.pse;
}

const char *arch_hugetlb_size_name(phys_addr_t size)
{
	if (size == SZ_1G && cpu.gbpages)
		return "1.00 GiB";
	return size == SZ_2M ? "2.00 MiB" : NULL;
}

phys_addr_t arch_hugetlb_size(unsigned int i)
{
	return i == 0 ? SZ_1G : i == 1 ? SZ_2M : 0;
}

phys_addr_t arch_hugetlb_default_size(void)
{
	return SZ_2M;
}

phys_addr_t arch_hugetlb_gigantic_size(void)
{
	return SZ_1G;
}
