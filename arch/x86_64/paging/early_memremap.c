// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fixmap window: 2 MiB of address space, cut into 8 slots of 64 pages.
 *
 *	FIXMAP_BASE	+0x40000	+0x80000	...	+0x200000
 *	|---- slot 0 ----|---- slot 1 ----|---- ...	--------|
 */

#include <arch/paging.h>

#include "arch/x86_64/paging/mmu.h"
#include "arch/x86_64/paging/paging_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/bug.h"

#include <arch/memory.h>

typedef unsigned long long ull;

/*
 * In use during boot only; what is wanted later is reached through the direct map.
 * @va: what the caller got; NULL: the slot is free
 */
static struct slot {
	void	*va;
	size_t	size;
} slots[EARLY_MEMREMAP_SLOTS];

static unsigned int pages_of(phys_addr_t pa, size_t size)
{
	return (unsigned int)(((pa % PAGE_SIZE) + size + PAGE_SIZE - 1) / PAGE_SIZE);
}

static struct slot *find_slot(const void *va)
{
	for (unsigned int i = 0; i < EARLY_MEMREMAP_SLOTS; i++)
		if (slots[i].va == va)
			return &slots[i];
	return NULL;
}

static unsigned int first_page(const struct slot *slot)
{
	return (unsigned int)(slot - slots) * EARLY_MEMREMAP_PAGES;
}

static bool fits_a_slot(phys_addr_t pa, size_t size)
{
	size_t max = EARLY_MEMREMAP_PAGES * PAGE_SIZE;

	return size && size <= max && size - 1 <= PHYS_ADDR_MAX - pa &&
	       pages_of(pa, size) <= EARLY_MEMREMAP_PAGES;
}

void *early_memremap(phys_addr_t pa, size_t size)
{
	struct slot *slot = find_slot(NULL);
	phys_addr_t page = ALIGN_DOWN(pa, PAGE_SIZE);
	unsigned int first;

	if (WARN(!fits_a_slot(pa, size),
		 "early_memremap: cannot map %zu bytes at %#llx: 1..%u pages without wrap\n",
		 size, (ull)pa, EARLY_MEMREMAP_PAGES))
		return NULL;
	if (WARN(!slot, "early_memremap: %#llx, %zu bytes: all %u slots in use; unmap one first\n",
		 (ull)pa, size, EARLY_MEMREMAP_SLOTS))
		return NULL;

	first = first_page(slot);
	for (unsigned int i = 0; i < pages_of(pa, size); i++)
		fixmap_set(first + i, page + i * PAGE_SIZE, PTE_RW);
	slot->va = mmu_pointer(FIXMAP_BASE + first * PAGE_SIZE + (pa - page), pa);
	slot->size = size;
	return slot->va;
}

void early_memunmap(void *va, size_t size)
{
	struct slot *slot = va ? find_slot(va) : NULL;

	if (WARN(!slot, "early_memunmap: %p is not mapped by early_memremap()\n", va))
		return;
	if (WARN(slot->size != size, "early_memunmap: %p: size not consistent %zu != %zu\n", va,
		 size, slot->size))
		return;
	for (unsigned int i = 0; i < EARLY_MEMREMAP_PAGES; i++)
		fixmap_set(first_page(slot) + i, 0, 0);
	*slot = (struct slot){ 0 };
}

unsigned int early_memremap_count(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < EARLY_MEMREMAP_SLOTS; i++)
		n += slots[i].va != NULL;
	return n;
}
