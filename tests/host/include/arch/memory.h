/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <arch/memory.h> of host builds: pages as on x86_64, physical memory as an
 * offset into the mapping of host_phys.h.
 */
#ifndef ARCH_MEMORY_H
#define ARCH_MEMORY_H

#include "tests/host/include/host_phys.h"
#include "kernel/lib/types.h"

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))

static inline void *phys_to_virt(phys_addr_t pa)
{
	return host_phys_to_virt(pa);
}

static inline phys_addr_t virt_to_phys(const volatile void *va)
{
	return host_virt_to_phys((const void *)(uintptr_t)va);
}

#define PAGE_OFFSET	((unsigned long)(uintptr_t)phys_to_virt(0))
#define __va(pa)	phys_to_virt((phys_addr_t)(pa))
#define __pa(va)	virt_to_phys((const volatile void *)(va))

#define PFN_UP(pa)	(((pa) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(pa)	((pa) >> PAGE_SHIFT)
#define PFN_PHYS(pfn)	((phys_addr_t)(pfn) << PAGE_SHIFT)

#endif /* ARCH_MEMORY_H */
