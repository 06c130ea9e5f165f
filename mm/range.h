/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ranges of physical addresses: (base, size) in bytes covers [base, base + size).
 */
#ifndef MM_RANGE_H
#define MM_RANGE_H

#include "kernel/lib/types.h"

/**
 * phys_range_end() - the end of a range, cut at the end of the address space
 *
 * Return: base + size; PHYS_ADDR_MAX where the sum does not fit, so that the last byte of
 * the address space is in no range (Linux's memblock_cap_size()).
 */
/*@ assigns \nothing;
    ensures base + size <= PHYS_ADDR_MAX ==> \result == base + size;
    ensures base + size > PHYS_ADDR_MAX ==> \result == PHYS_ADDR_MAX;
*/
static inline phys_addr_t phys_range_end(phys_addr_t base, phys_addr_t size)
{
	return size > PHYS_ADDR_MAX - base ? PHYS_ADDR_MAX : base + size;
}

#endif /* MM_RANGE_H */
