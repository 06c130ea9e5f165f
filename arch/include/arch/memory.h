/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages and addresses.  <asm/memory.h>, the architecture's own, supplies
 *
 *	PAGE_SHIFT			of the smallest page
 *	PAGE_OFFSET			where the direct map begins; may be a variable
 *	EARLY_MAP_SIZE			bytes from physical 0 on that phys_to_virt() reaches from
 *					the first C instruction to init_mem_mapping()
 *	MAX_DMA_PFN, MAX_DMA32_PFN	first page frame behind ZONE_DMA and ZONE_DMA32: what the
 *					oldest devices, and those of 32 bits, cannot reach
 *	NUMA_UNCOVERED_MAX		bytes of RAM that may be in no node's block
 *	CMA_SIZE_DEFAULT		of the area that is reserved without cma=; 0: none
 *	CMA_FROM			where areas are placed from below, if there is as much RAM
 *					above it: what devices of 32 bits cannot reach
 *	CRASH_ALIGN			of crashkernel= areas
 *	CRASH_ADDR_HIGH_MAX		the end of what a crash kernel itself can map
 *	CRASH_LOW_SIZE			of its part that devices of 32 bits can reach
 *	HUGETLB_FREES_VMEMMAP		1 if Linux can give back what describes a huge page's tail
 *	ARCH_KEEP_MEMBLOCK		1 if memblock's arrays live on after boot, and hear of what
 *					is given back later
 *	INITMEM_NAME			what the log calls the memory that only boot needed
 *	phys_to_virt(pa)		the direct-map address of @pa, which must be mapped
 *	virt_to_phys(va)		the physical address behind an address of the direct map
 *					or of the kernel's image
 *
 * as macros or inline functions that do no more than arithmetic and check nothing.
 */
#ifndef ARCH_MEMORY_H
#define ARCH_MEMORY_H

#include <asm/memory.h>

#include "kernel/lib/types.h"

#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))

#define __va(pa)	phys_to_virt((phys_addr_t)(pa))
#define __pa(va)	virt_to_phys((const volatile void *)(va))

/* Whole pages: PFN_UP rounds up, PFN_DOWN rounds down, both give a page frame number. */
#define PFN_UP(pa)	(((pa) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(pa)	((pa) >> PAGE_SHIFT)
#define PFN_PHYS(pfn)	((phys_addr_t)(pfn) << PAGE_SHIFT)

#endif /* ARCH_MEMORY_H */
