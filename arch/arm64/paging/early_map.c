// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first page tables, made while the MMU is off.
 *
 * This code runs where the loader put it, not where it is linked: a symbol's address here is
 * the physical one, and a pointer that the linker wrote into a table would be wrong.  The image
 * is mapped by the page, with the rights it keeps; the first 2 MiB of it also where they are.
 */
#include "kernel/lib/init.h"
#include "kernel/lib/sections.h"

#include <arch/memory.h>
#include <asm/entry.h>
#include <asm/pgtable.h>

struct static_tables static_tables;
uint64_t kimage_voffset __ro_after_init;

_Static_assert(__builtin_offsetof(struct static_tables, id_root) == 9 * PAGE_SIZE,
	       "ID_ROOT of head.S");

#define PHYS(symbol)	((uint64_t)(symbol))

static void __init enter(uint64_t *table, uint64_t va, unsigned int level, const uint64_t *to)
{
	table[pt_index(va, level)] = PHYS(to) | PTE_VALID | PTE_TABLE;
}

/* Image pages [start, end) with these rights. */
static void __init map_part(const char *start, const char *end, uint64_t prot)
{
	uint64_t *table = static_tables.image_4k[0];
	const uint64_t base = PHYS(_text);

	for (uint64_t pa = PHYS(start); pa < PHYS(end); pa += PAGE_SIZE)
		table[(pa - base) / PAGE_SIZE] = pa | prot | PTE_VALID | PTE_TABLE;
}

/* What lies below a stack is not mapped: an overflow is an exception. */
static void __init unmap_page(const char *page)
{
	static_tables.image_4k[0][(PHYS(page) - PHYS(_text)) / PAGE_SIZE] = 0;
}

void __init early_map(void)
{
	struct static_tables *t = &static_tables;
	const uint64_t base = PHYS(_text), fixmap = FIXMAP_BASE;

	kimage_voffset = KIMAGE_VADDR - base;

	enter(t->root, KIMAGE_VADDR, PT_512G, t->image_1g);
	enter(t->image_1g, KIMAGE_VADDR, PT_1G, t->image_2m);
	enter(t->image_2m, KIMAGE_VADDR, PT_2M, t->image_4k[0]);
	enter(t->image_2m, KIMAGE_VADDR + pt_size(PT_2M), PT_2M, t->image_4k[1]);
	map_part(_text, _etext, PROT_RX);
	map_part(__start_rodata, __end_rodata, PROT_RO);
	map_part(__start_ro_after_init, __end_ro_after_init, PROT_RW);
	map_part(_sinittext, _einittext, PROT_RX);
	map_part(__initdata_begin, __initdata_end, PROT_RW);
	map_part(_sdata, _edata, PROT_RW);
	map_part(__bss_start, __bss_stop, PROT_RW);
	unmap_page(boot_stack_guard);
	unmap_page(trap_stack_guard);

	enter(t->root, fixmap, PT_512G, t->fixmap_1g);
	enter(t->fixmap_1g, fixmap, PT_1G, t->fixmap_2m);
	enter(t->fixmap_2m, fixmap, PT_2M, t->memremap_4k);
	enter(t->fixmap_2m, FIX_PAGES, PT_2M, t->pages_4k);

	enter(t->id_root, base, PT_512G, t->id_1g);
	enter(t->id_1g, base, PT_1G, t->id_2m);
	t->id_2m[pt_index(base, PT_2M)] = base | (PROT_RX | PTE_VALID);
}
