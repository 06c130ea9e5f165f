/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <asm/memory.h> of host builds: pages and borders as on x86_64, physical memory as an offset
 * into the mapping of host_phys.h.
 */
#ifndef ASM_MEMORY_H
#define ASM_MEMORY_H

#include "tests/host/include/host_phys.h"
#include "kernel/lib/types.h"

#define PAGE_SHIFT	12
#define EARLY_MAP_SIZE	0x100000000UL
#define MAX_DMA_PFN	(0x1000000UL >> PAGE_SHIFT)
#define MAX_DMA32_PFN	(0x100000000UL >> PAGE_SHIFT)

/* Linux's choices for memory's takers on this architecture. */
#define NUMA_UNCOVERED_MAX	0x100000UL
#define CMA_SIZE_DEFAULT	0UL
#define CMA_FROM		0x100000000UL
#define CRASH_ALIGN		0x1000000UL
#define CRASH_ADDR_HIGH_MAX	(64UL << 40)
#define CRASH_LOW_SIZE		(256UL << 20)	/* max(swiotlb's 64M + 8M, 256M) */
#define HUGETLB_FREES_VMEMMAP	1
#define ARCH_KEEP_MEMBLOCK	0
#define INITMEM_NAME		"unused kernel image (initmem)"

static inline void *phys_to_virt(phys_addr_t pa)
{
	return host_phys_to_virt(pa);
}

static inline phys_addr_t virt_to_phys(const volatile void *va)
{
	return host_virt_to_phys((const void *)(uintptr_t)va);
}

#define PAGE_OFFSET	((unsigned long)(uintptr_t)phys_to_virt(0))
#endif /* ASM_MEMORY_H */
