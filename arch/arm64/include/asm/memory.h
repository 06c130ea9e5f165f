/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arm64's part of <arch/memory.h>: where physical memory appears in the kernel's address space.
 *
 *	PAGE_OFFSET + pa - memstart_addr	the direct map, from map_mem() on
 *	KIMAGE_VADDR + offset in the image	the kernel, wherever it was loaded
 *	FIXMAP_BASE				8 MiB, in the last GiB
 *
 * Pages of 4K, addresses of 48 bits, four levels of tables.
 */
#ifndef ASM_MEMORY_H
#define ASM_MEMORY_H

#include "kernel/lib/types.h"

#define PAGE_SHIFT	12

#define PAGE_OFFSET	0xffff000000000000UL	/* Linux's values, so that tools agree */
#define PAGE_END	0xffff800000000000UL
#define KIMAGE_VADDR	0xffff800080000000UL
#define KIMAGE_ALIGN	0x200000UL		/* where a loader may put the image */

/* Where the direct map begins: RAM's first address, rounded down; by arm64_memblock_init(). */
extern phys_addr_t memstart_addr;

/* KIMAGE_VADDR minus where the loader put the image; set by arch/arm64/paging/early_map.c. */
extern uint64_t kimage_voffset;

/* Before map_mem() nothing is mapped but the image: not one page. */
#define EARLY_MAP_SIZE	1UL

/*
 * The first frame that a device of 32 address bits cannot reach, or the end of RAM, if that is
 * lower or RAM begins above.  ZONE_DMA32 is empty.
 */
extern unsigned long arm64_dma_limit_pfn;
#define MAX_DMA_PFN	arm64_dma_limit_pfn
#define MAX_DMA32_PFN	arm64_dma_limit_pfn

/* Linux's choices for memory's takers on this architecture, as Debian builds it. */
#define NUMA_UNCOVERED_MAX	0UL
#define CMA_SIZE_DEFAULT	(64UL << 20)
#define CMA_FROM		0x100000000UL
#define CRASH_ALIGN		0x200000UL
#define CRASH_ADDR_HIGH_MAX	(1UL << 48)
#define CRASH_LOW_SIZE		(128UL << 20)
#define HUGETLB_FREES_VMEMMAP	0
#define ARCH_KEEP_MEMBLOCK	1
#define INITMEM_NAME		"unused kernel"

static inline void *phys_to_virt(phys_addr_t pa)
{
	return (void *)(PAGE_OFFSET + (pa - memstart_addr));
}

static inline phys_addr_t virt_to_phys(const volatile void *va)
{
	uint64_t addr = (uint64_t)va;

	return addr >= PAGE_END ? addr - kimage_voffset : addr - PAGE_OFFSET + memstart_addr;
}

#endif /* ASM_MEMORY_H */
