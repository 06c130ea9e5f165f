// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPU's side of paging.  Not hosted.
 */
#include "arch/x86_64/paging/mmu.h"

#include "arch/x86_64/pagetable.h"	/* PTE_PWT */
#include "kernel/lib/smp.h"		/* on_each_cpu() */

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

/*
 * Entry 1 of the page attribute table, which PTE_PWT alone selects, becomes "write combining"; the
 * others are as Linux has them.  Nothing was mapped with it before, so nothing is cached by it.
 */
#define PAT_WRITE_COMBINING	0x0407050600070106UL

uint64_t mmu_write_combining(void)
{
	if (!(cpuid(1, 0).edx & CPUID_PAT))
		return PTE_PCD | PTE_PWT;
	wrmsr(MSR_PAT, PAT_WRITE_COMBINING);
	mmu_flush_all();
	return PTE_PWT;
}

static void flush_this_cpu(void *info)
{
	(void)info;
	mmu_flush_all();
}

void mmu_flush_all_cpus(void)
{
	on_each_cpu(flush_this_cpu, NULL);
}

void *mmu_pointer(uint64_t va, phys_addr_t pa)
{
	(void)pa;
	return (void *)va;
}
