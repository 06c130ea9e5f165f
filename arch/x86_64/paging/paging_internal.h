/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of paging share: direct_map.c, early_memremap.c, rodata.c and ptdump.c call
 * paging.c, which calls none of them.
 */
#ifndef ARCH_X86_64_PAGING_PAGING_INTERNAL_H
#define ARCH_X86_64_PAGING_PAGING_INTERNAL_H

#include "arch/x86_64/paging.h"

/*
 * All there is to remember; filled by paging_setup(), changed by init_mem_mapping() and, when
 * what only boot needed goes, by rodata.c: constant after boot.
 */
extern struct paging {
	struct paging_setup set;
	struct page_table pt;
	phys_addr_t	fixed_next;
	phys_addr_t	pool_next;
	bool		no_gbpages;		/* nogbpages was said                      */
	bool		pool_allowed;		/* for the range being mapped              */
	phys_addr_t	min_mapped, max_mapped;	/* of the direct map: where tables may lie */
	phys_addr_t	fixmap_table;
	unsigned long	direct[PT_1G + 1];	/* pages of each size                      */
	uint64_t	device_next;		/* first free address of DEVICE_MAP        */
	bool		live;
} paging;

/* As given to paging_setup(). */
const struct paging_setup *paging_get_setup(void);

/* The tables init_mem_mapping() builds; in use once paging_is_live(). */
struct page_table *kernel_page_table(void);
bool paging_is_live(void);

/* Allocation of table pages; the symbol is what memblock's debug lines show. */
phys_addr_t alloc_low_pages(void);

/* Map the image: every part with its rights, guards not at all. */
void paging_map_image(void);

/* True if the image's own mapping of @p may never be written once boot is over. */
bool image_is_constant(const struct image_part *p);

/* No back door: what the image may not write, the direct map may not write either. */
void paging_protect_aliases(void);

/* Set one page of the fixmap window: entry @index leads to @pa, or nowhere if @flags is 0. */
void fixmap_set(unsigned int index, phys_addr_t pa, uint64_t flags);

#endif /* ARCH_X86_64_PAGING_PAGING_INTERNAL_H */
