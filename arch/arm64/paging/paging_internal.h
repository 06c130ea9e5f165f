/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of paging share.
 */
#ifndef ARCH_ARM64_PAGING_PAGING_INTERNAL_H
#define ARCH_ARM64_PAGING_PAGING_INTERNAL_H

#include "arch/arm64/paging.h"

/**
 * struct paging - constant after boot
 * @live: the direct map is there
 * @rodata_full, @kfence_interval: what the command line says
 * @pages_only: no blocks, no contiguous entries in the direct map
 * @max_mapped: byte after the last one of the direct map
 * @direct: entries of each level in the direct map; @tables: pages allocated for it
 */
struct paging {
	bool		live;
	bool		rodata_full;
	bool		pages_only;
	uint64_t	kfence_interval;
	phys_addr_t	max_mapped;
	unsigned long	direct[PT_1G + 1];
	unsigned long	tables;
};

extern struct paging paging;

/* The table at @pa for reading and writing, until the next call with the same @level. */
uint64_t *table_window(phys_addr_t pa, unsigned int level);

#endif /* ARCH_ARM64_PAGING_PAGING_INTERNAL_H */
