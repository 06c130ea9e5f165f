/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPU's side of paging: the few things done to it.  mmu.c does them to the machine,
 * tests/host/host_mmu.c counts them.
 */
#ifndef ARCH_X86_64_PAGING_MMU_H
#define ARCH_X86_64_PAGING_MMU_H

#include "kernel/lib/types.h"

/* Use the tables at @root from now on; forgets all translations, global ones too. */
void mmu_load_root(phys_addr_t root);

/* Forget the translation of the page at @va. */
void mmu_flush_page(uint64_t va);

/* Forget all translations, global ones too. */
void mmu_flush_all(void);

/* The same on every CPU.  Context: the boot CPU. */
void mmu_flush_all_cpus(void);

/*
 * Have the CPU combine writes to pages that are mapped with the bits returned, PTE_PWT, PTE_PCD.
 * Where it cannot, they are written one by one.  Reads are never cached.
 */
uint64_t mmu_write_combining(void);

/*
 * The pointer through which C reaches @va, a page of the kernel's address space that was
 * mapped to @pa.  Without an MMU (tests) that is phys_to_virt(@pa).
 */
void *mmu_pointer(uint64_t va, phys_addr_t pa);

#endif /* ARCH_X86_64_PAGING_MMU_H */
