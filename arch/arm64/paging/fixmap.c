// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fixmap: mappings that need no allocation, and windows to physical memory.
 */
#include "arch/arm64/paging.h"
#include "arch/arm64/paging/paging_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/bug.h"

#include <arch/memory.h>
#include <asm/sysreg.h>

static void set_page(uint64_t *table, uint64_t va, phys_addr_t pa, uint64_t prot)
{
	volatile uint64_t *entry = &table[pt_index(va, PT_4K)];

	*entry = prot ? ALIGN_DOWN(pa, PAGE_SIZE) | prot | PTE_VALID | PTE_TABLE : 0;
	tlb_flush_page(va);
}

void *fix_map_device(enum fix_page page, phys_addr_t pa)
{
	const uint64_t va = FIX_PAGES + page * PAGE_SIZE;

	set_page(static_tables.pages_4k, va, pa, PROT_DEVICE);
	return (void *)(va + pa % PAGE_SIZE);
}

/* A window a level: a walk has one table of each in its hands. */
uint64_t *table_window(phys_addr_t pa, unsigned int level)
{
	const uint64_t va = FIX_PAGES + (FIX_TABLE + level) * PAGE_SIZE;
	const uint64_t now = static_tables.pages_4k[pt_index(va, PT_4K)];

	if (!(now & PTE_VALID) || (now & PTE_ADDR) != pa) {
		set_page(static_tables.pages_4k, va, 0, 0);
		set_page(static_tables.pages_4k, va, pa, PROT_RW);
	}
	return (uint64_t *)va;
}

const void *fixmap_remap_fdt(phys_addr_t pa, uint64_t size)
{
	const phys_addr_t base = ALIGN_DOWN(pa, pt_size(PT_2M));

	for (uint64_t at = 0; at < pa - base + size; at += pt_size(PT_2M))
		static_tables.fixmap_2m[pt_index(FIX_FDT + at, PT_2M)] =
			(base + at) | PROT_RO | PTE_VALID;
	tables_written();
	return (const void *)(FIX_FDT + (pa - base));
}

/* ---- early_memremap() ---------------------------------------------------------------- */

/* Pages of the mapping in each slot, 0: free; and where it begins.  boot only. */
static struct {
	size_t		size[EARLY_MEMREMAP_SLOTS];
	const void	*va[EARLY_MEMREMAP_SLOTS];
} remap;

static uint64_t slot_va(unsigned int slot, size_t page)
{
	return FIXMAP_BASE + (slot * (size_t)EARLY_MEMREMAP_PAGES + page) * PAGE_SIZE;
}

void *early_memremap(phys_addr_t pa, size_t size)
{
	unsigned int slot = 0;
	const size_t pages = (pa % PAGE_SIZE + size + PAGE_SIZE - 1) / PAGE_SIZE;

	while (slot < EARLY_MEMREMAP_SLOTS && remap.size[slot])
		slot++;
	if (WARN_ON(!size || size > PHYS_ADDR_MAX - pa || pages > EARLY_MEMREMAP_PAGES ||
		    slot == EARLY_MEMREMAP_SLOTS))
		return NULL;
	for (size_t i = 0; i < pages; i++)
		set_page(static_tables.memremap_4k, slot_va(slot, i), pa + i * PAGE_SIZE, PROT_RW);
	remap.size[slot] = size;
	remap.va[slot] = (void *)(slot_va(slot, 0) + pa % PAGE_SIZE);
	return (void *)(slot_va(slot, 0) + pa % PAGE_SIZE);
}

void early_memunmap(void *va, size_t size)
{
	unsigned int slot = 0;

	while (slot < EARLY_MEMREMAP_SLOTS && (!remap.size[slot] || remap.va[slot] != va))
		slot++;
	if (WARN_ON(slot == EARLY_MEMREMAP_SLOTS || remap.size[slot] != size))
		return;
	for (size_t i = 0; i < EARLY_MEMREMAP_PAGES; i++)
		set_page(static_tables.memremap_4k, slot_va(slot, i), 0, 0);
	remap.size[slot] = 0;
}

unsigned int early_memremap_count(void)
{
	unsigned int n = 0;

	for (unsigned int slot = 0; slot < EARLY_MEMREMAP_SLOTS; slot++)
		n += remap.size[slot] != 0;
	return n;
}
