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
