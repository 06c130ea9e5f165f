// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings that are made after the direct map, and stay: devices' memory (a framebuffer, which may
 * lie anywhere), and what the slots of CPUs have.
 */
#include "arch/x86_64/paging.h"
#include "arch/x86_64/paging/mmu.h"
#include "arch/x86_64/paging/paging_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/bug.h"
#include "kernel/lib/init.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/string.h"
#include "mm/ledger.h"
#include "mm/memblock.h"

#include <arch/memory.h>

/* alloc_low_pages() ends with init_mem_mapping(); what comes later is late, and small. */
static phys_addr_t __init alloc_late_table(void)
{
	phys_addr_t pa = memblock_phys_alloc_range(PAGE_SIZE, PAGE_SIZE, SZ_1M, get_max_mapped());

	if (!pa)
		panic("paging: no memory for a page table of a device's memory or a CPU's stacks");
	ledger_name(pa, PAGE_SIZE, "page tables");
	return virt_to_phys(memset(phys_to_virt(pa), 0, PAGE_SIZE));
}

/* May pages of 2M cover [start, end), which are whole pages? */
static bool __init large_pages_fit(phys_addr_t start, phys_addr_t end)
{
	return paging.set.pse && start % SZ_2M == 0 && end <= PHYS_ADDR_MAX - SZ_2M &&
	       !memblock_overlaps_region(&memblock.memory, start, ALIGN_UP(end, SZ_2M) - start);
}

void __init *paging_map_device(phys_addr_t pa, uint64_t size)
{
	const phys_addr_t start = ALIGN_DOWN(pa, PAGE_SIZE);
	phys_addr_t end;
	uint64_t va;

	if (!size || size > DEVICE_MAP_SIZE || size > PHYS_ADDR_MAX - pa - PAGE_SIZE)
		return NULL;
	end = ALIGN_UP(pa + size, PAGE_SIZE);
	va = MAX(paging.device_next, DEVICE_MAP_BASE) + start % SZ_2M;
	if (end - start > DEVICE_MAP_BASE + DEVICE_MAP_SIZE - va)
		return NULL;

	paging.pt.alloc = alloc_late_table;
	pt_map(&paging.pt, va, start, end - start, large_pages_fit(start, end) ? PT_2M : PT_4K,
	       PTE_RW | mmu_write_combining(), NULL);
	paging.pt.alloc = alloc_low_pages;
	paging.device_next = ALIGN_UP(va + (end - start), SZ_2M);
	return mmu_pointer(va + pa % PAGE_SIZE, pa);
}

void __init paging_map_slots(uint64_t va, phys_addr_t pa, uint64_t size, uint64_t flags)
{
	BUG_ON(va < CPU_SLOTS_BASE || va + size > CPU_SLOTS_END);
	paging.pt.alloc = alloc_late_table;
	pt_map(&paging.pt, va, pa, size, PT_4K, flags, NULL);
	paging.pt.alloc = alloc_low_pages;
}
