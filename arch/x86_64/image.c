// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own place and its parts, from the linker's symbols, and what paging is told of
 * them.  Not hosted.
 */
#include "arch/x86_64/image.h"

#include "arch/x86_64/paging.h"
#include "arch/x86_64/traps.h"		/* trap_stacks */
#include "kernel/lib/init.h"
#include "kernel/lib/sections.h"

#include <arch/memory.h>
#include <asm/cpufeature.h>
#include <asm/regs.h>

/*
 * Tables are needed before anything can be allocated; these pages are part of .bss.  They are
 * taken by paging.c, boot only, and stay page tables for ever.
 */
static struct {
	uint8_t	fixed[PAGING_FIXED_PAGES][PAGE_SIZE];
	uint8_t	pool[PAGING_POOL_PAGES][PAGE_SIZE];
} table_pages __attribute__((aligned(PAGE_SIZE)));

struct boot_range kernel_image(void)
{
	phys_addr_t base = virt_to_phys(_text);

	return (struct boot_range){ base, virt_to_phys(_end) - base };
}

static struct image_part __init *add_part(struct image_part *p, const char *start,
					  const char *end, uint64_t flags)
{
	*p = (struct image_part){ __pa(start), __pa(end), flags };
	return start == end ? p : p + 1;
}

/* Guards come first: the first part that holds an address decides. */
static void __init describe_image(struct image_part *p)
{
	p = add_part(p, boot_stack_guard, boot_stack_guard + PAGE_SIZE, 0);
	for (unsigned int i = 0; i < TRAP_STACK_COUNT; i++)
		p = add_part(p, trap_stacks + i * TRAP_STACK_STRIDE,
			     trap_stacks + i * TRAP_STACK_STRIDE + PAGE_SIZE, 0);
	p = add_part(p, _text, _etext, PTE_RX);
	p = add_part(p, __start_rodata, __end_rodata, PTE_RO);
	p = add_part(p, __start_ro_after_init, __end_ro_after_init, PTE_RW);
	p = add_part(p, __end_ro_after_init, _edata, PTE_RW);
	p = add_part(p, __init_begin, _sinittext, PTE_RW);	/* 32-bit entry: never run again */
	p = add_part(p, _sinittext, _einittext, PTE_RX);
	p = add_part(p, __initdata_begin, __initdata_end, PTE_RW);
	p = add_part(p, __bss_start, __bss_stop, PTE_RW);
}

void __init early_paging_init(void)
{
	struct paging_setup set = {
		.nx = cpu.nx, .pge = cpu.pge, .pse = cpu.pse, .gbpages = cpu.gbpages,
		.levels = cpu_la57_active() ? 5 : 4,
		.direct_base = PAGE_OFFSET,
		.image_base = KERNEL_MAP_BASE,
		.early_root = read_cr3() & PTE_ADDR,
		.early_limit = EARLY_MAP_SIZE,
		.image_start = __pa(_text), .image_end = __pa(_end),
		.rodata_start = __pa(__start_rodata), .rodata_end = __pa(__end_ro_after_init),
		.fixed = __pa(table_pages.fixed), .fixed_end = __pa(table_pages.pool),
		.pool = __pa(table_pages.pool), .pool_end = __pa(&table_pages + 1),
	};

	describe_image(set.parts);
	paging_setup(&set);
}
