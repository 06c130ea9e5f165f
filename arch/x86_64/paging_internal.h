/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of paging share.  Included by paging.c, ptdump.c, early_memremap.c and
 * their tests only.
 */
#ifndef ARCH_X86_64_PAGING_INTERNAL_H
#define ARCH_X86_64_PAGING_INTERNAL_H

#include "arch/x86_64/paging.h"

/* As given to paging_setup(). */
const struct paging_setup *paging_get_setup(void);

/* The tables init_mem_mapping() builds; in use once paging_is_live(). */
struct page_table *kernel_page_table(void);
bool paging_is_live(void);

/* Allocation of table pages; the symbol is what memblock's debug lines show. */
phys_addr_t alloc_low_pages(void);

/* Set one page of the fixmap window: entry @index leads to @pa, or nowhere if @flags is 0. */
void fixmap_set(unsigned int index, phys_addr_t pa, uint64_t flags);

#endif /* ARCH_X86_64_PAGING_INTERNAL_H */
