// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPU's side of paging.  Not hosted.
 */
#include "arch/x86_64/paging/mmu.h"

#include <asm/cpufeature.h>
#include <asm/regs.h>

void mmu_load_root(phys_addr_t root)
{
	write_cr3(root);
	mmu_flush_all();
}

void mmu_flush_page(uint64_t va)
{
	invlpg((const void *)va);
}

/* Clearing CR4.PGE is what forgets global pages; it is set again, or for the first time. */
void mmu_flush_all(void)
{
	uint64_t cr4 = read_cr4();

	write_cr4(cr4 & ~CR4_PGE);
	write_cr3(read_cr3());
	if (cpu.pge)
		write_cr4(cr4 | CR4_PGE);
}

void *mmu_pointer(uint64_t va, phys_addr_t pa)
{
	(void)pa;
	return (void *)va;
}
