/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Short-lived mappings of physical memory that is not RAM: firmware tables, loader data.
 *
 * 8 slots of 64 pages, as in Linux.  Works from early_paging_init() on, before and after
 * the direct map is built; every mapping must be given back.
 */
#ifndef ARCH_X86_64_PAGING_EARLY_MEMREMAP_H
#define ARCH_X86_64_PAGING_EARLY_MEMREMAP_H

#include "kernel/lib/types.h"

#define EARLY_MEMREMAP_SLOTS	8
#define EARLY_MEMREMAP_PAGES	64

/* Largest size that fits a slot wherever @pa lies in its page. */
#define EARLY_MEMREMAP_MAX	((EARLY_MEMREMAP_PAGES - 1) * 4096UL)

/**
 * early_memremap() - map [pa, pa + size) somewhere
 *
 * Writable, never executable, cached.  Return: the address of @pa's byte; NULL, with a
 * WARN, if size is 0, the span wraps or needs more than 64 pages, or all slots are taken.
 */
void *early_memremap(phys_addr_t pa, size_t size);

/*
 * Give back what early_memremap() returned, in any order.  WARNs, and leaves the mapping,
 * if @va is not such an address or @size is not the one asked for.
 */
void early_memunmap(void *va, size_t size);

/* Number of mappings not given back; 0 when boot is done. */
unsigned int early_memremap_count(void);

#endif /* ARCH_X86_64_PAGING_EARLY_MEMREMAP_H */
