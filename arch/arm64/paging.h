/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is mapped where, and with which rights (asm/memory.h has the picture).
 *
 *	direct map	every whole page of RAM that is not NOMAP, never executable; read-only
 *			where the image is constant
 *	image		by the page, W or X but never both; nothing below a stack
 *	fixmap		the device tree, the UART, windows
 *
 * Everything else is unmapped: the lower half, holes, no-map regions.
 */
#ifndef ARCH_ARM64_PAGING_H
#define ARCH_ARM64_PAGING_H

#include <arch/paging.h>
#include <asm/pgtable.h>

/* Map one page for good, device memory; the address of @pa's byte. */
void *fix_map_device(enum fix_page page, phys_addr_t pa);

/**
 * fixmap_remap_fdt() - map [@pa, @pa + @size), at most 2 MiB, read-only, for good
 *
 * Calls for the same @pa with a larger size are allowed.  Return: the address of @pa's byte.
 */
const void *fixmap_remap_fdt(phys_addr_t pa, uint64_t size);

/**
 * paging_init() - the direct map of memblock.memory, by map_mem()
 *
 * Tables are allocated from memblock, from anywhere, and written through a window.  From here on
 * phys_to_virt() works, and memblock's arrays may grow.
 */
void paging_init(void);

/** map_mem_again() - what has become RAM since paging_init() joins the direct map, by the page */
void map_mem_again(void);

/* What the CPU does with one address. */
struct pt_walk {
	unsigned int	level;			/* of the last entry looked at */
	uint64_t	entry[PT_LEVELS + 1];	/* entry[l], level <= l <= PT_LEVELS */
	bool		mapped;
	phys_addr_t	pa;			/* of the byte; 0 if not mapped */
};

/* Follow @va through the kernel's tables.  Return: w->mapped. */
bool pt_walk(uint64_t va, struct pt_walk *w);

/** paging_check() - law 8: no page both writable and executable.  Return: number of such pages */
unsigned long paging_check(void);

#endif /* ARCH_ARM64_PAGING_H */
