/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables: what is mapped, and short-lived mappings of physical memory that need not be
 * RAM (firmware tables, loader data): 8 slots of 64 pages, as in Linux.
 */
#ifndef ARCH_PAGING_H
#define ARCH_PAGING_H

#include <arch/memory.h>

#include "kernel/lib/types.h"

#define EARLY_MEMREMAP_SLOTS	8
#define EARLY_MEMREMAP_PAGES	64

/* Largest size that fits a slot wherever @pa lies in its page. */
#define EARLY_MEMREMAP_MAX	((EARLY_MEMREMAP_PAGES - 1) * PAGE_SIZE)

/**
 * early_memremap() - map [pa, pa + size) somewhere
 *
 * Writable, never executable, cached.  Works from the beginning of setup_arch() on, before and
 * after the direct map is built; every mapping must be given back.
 * Return: the address of @pa's byte; NULL, with a
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

/* True if phys_to_virt() works for all of [start, end).  Context: after init_mem_mapping(). */
bool direct_map_covers(phys_addr_t start, phys_addr_t end);

/* Byte after the last one in the direct map: what memblock's current limit may be raised to. */
phys_addr_t get_max_mapped(void);

/* Take write permission from constants and __ro_after_init data; checks law 8 and says so. */
void mark_rodata_ro(void);

/**
 * paging_release_image() - part of the image is not needed any more
 * @start, @end: physical, borders of parts: [__pa(__init_begin), __pa(__init_end))
 *
 * Unmaps it from the image's addresses and makes its pages ordinary memory in the direct
 * map, where the caller may then poison and free them.
 */
void paging_release_image(phys_addr_t start, phys_addr_t end);

/* The DirectMap lines of /proc/meminfo, one call of @print each. */
void arch_report_meminfo(int (*print)(const char *fmt, ...));

/* False if this CPU has no huge pages at all. */
bool arch_hugetlb_supported(void);

/* Name of a size of huge pages that the CPU has, "2.00 MiB"; NULL: it has not. */
const char *arch_hugetlb_size_name(phys_addr_t size);

/* The sizes in the order in which they are registered, @i = 0, 1, ...; 0: no more. */
phys_addr_t arch_hugetlb_size(unsigned int i);

/* Bytes of a huge page of the default size, and of one that only memblock has for sure. */
phys_addr_t arch_hugetlb_default_size(void);
phys_addr_t arch_hugetlb_gigantic_size(void);

#endif /* ARCH_PAGING_H */
