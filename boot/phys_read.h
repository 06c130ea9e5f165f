/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading physical memory that need not be RAM: firmware tables, what the loader left.
 */
#ifndef BOOT_PHYS_READ_H
#define BOOT_PHYS_READ_H

#include "kernel/lib/types.h"

/* Where phys_read() refuses: boot_info.phys_end, or EARLY_MAP_SIZE until that is known. */
phys_addr_t phys_read_limit(void);

/**
 * phys_read() - copy @n bytes at @pa to @to
 *
 * Works from early_paging_init() on, before and after the direct map is built.
 *
 * Return: false, and nothing is read, if the span wraps or passes phys_read_limit().
 */
bool phys_read(void *to, phys_addr_t pa, size_t n);

/* Sum of the @n bytes at @pa, as firmware's checksums want it; -1 as for phys_read(). */
int phys_sum(phys_addr_t pa, size_t n);

/* The mark was found at @pa: true if the whole of what begins there is valid. */
typedef bool (*phys_scan_fn)(phys_addr_t pa, const void *ctx);

/**
 * phys_scan() - search [start, end) in steps of 16 bytes for @n bytes like @mark
 * @ok: asked about each place found
 *
 * Return: the first place @ok agrees to, or 0.
 */
phys_addr_t phys_scan(phys_addr_t start, phys_addr_t end, const char *mark, size_t n,
		      phys_scan_fn ok, const void *ctx);

#endif /* BOOT_PHYS_READ_H */
