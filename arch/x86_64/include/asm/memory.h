/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x86_64's part of <arch/memory.h>: where physical memory appears in the kernel's address space.
 *
 *	page_offset_base + pa	the direct map: every page of RAM, never executable
 *	KERNEL_MAP_BASE + pa	the kernel image only, linked at this address
 *
 * The entry code maps the first 4 GiB at page_offset_base, so phys_to_virt() works from
 * the first C instruction for addresses below that; init_mem_mapping() extends it to all
 * RAM.  The base depends on the number of paging levels and never changes once in C.
 */
#ifndef ASM_MEMORY_H
#define ASM_MEMORY_H

#include "kernel/lib/types.h"

#define PAGE_SHIFT	12

#define KERNEL_MAP_BASE	0xffffffff80000000UL
#define KERNEL_MAP_SIZE	0x40000000UL		/* 1 GiB: more than any image we build */

#define PAGE_OFFSET_L4	0xffff888000000000UL	/* Linux's values, so that tools agree */
#define PAGE_OFFSET_L5	0xff11000000000000UL

/* Set by boot/x86_64/entry64.asm, before the first C instruction; constant after boot. */
extern uint64_t page_offset_base;
#define PAGE_OFFSET	page_offset_base

/* Bytes that boot/x86_64/entry32.asm maps at PAGE_OFFSET. */
#define EARLY_MAP_SIZE	0x100000000UL

/* 16 MiB, because the ISA bus has 24 address lines; 4 GiB. */
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

/* The direct-map address of @pa.  @pa must be mapped there; nothing is checked. */
static inline void *phys_to_virt(phys_addr_t pa)
{
	return (void *)(PAGE_OFFSET + pa);
}

/* The physical address behind @va, an address of the kernel image or of the direct map. */
static inline phys_addr_t virt_to_phys(const volatile void *va)
{
	uint64_t addr = (uint64_t)va;

	return addr >= KERNEL_MAP_BASE ? addr - KERNEL_MAP_BASE : addr - PAGE_OFFSET;
}

#endif /* ASM_MEMORY_H */
