/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names that memblock's API has got in Linux since 6.12: for a caller written for a later
 * release.  mm/memblock.h has the conventions; mm/README.md, "Since 6.12", the releases.
 *
 * They mean something only after memblock_set_rsrv_kern(true): without it no reservation has a
 * flag of these.  memblock_reserve_kern() is in mm/memblock.h, for this kernel calls it whichever
 * release it behaves like.
 */
#ifndef MM_MEMBLOCK_SINCE_H
#define MM_MEMBLOCK_SINCE_H

#include "mm/memblock.h"

/* memblock_reserve() with a node and flags, as given; of 6.16. */
int __memblock_reserve(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags);

/* Set MEMBLOCK_RSRV_KERN in what is reserved of the range. */
int memblock_reserved_mark_kern(phys_addr_t base, phys_addr_t size);

/*
 * Bytes below @limit that are reserved with MEMBLOCK_RSRV_KERN, or as gigantic pages, on node
 * @nid; on any if that is no node.
 */
phys_addr_t memblock_reserved_kern_size(phys_addr_t limit, int nid);
phys_addr_t memblock_reserved_hugetlb_size(phys_addr_t limit, int nid);

/**
 * memblock_alloc_hugetlb() - a gigantic page, aligned by its size; of 7.3
 * @size: bytes, a power of two
 * @exact_nid: true: fail rather than take another node's memory
 *
 * Never of mirrored memory by preference; contents undefined.  Return: NULL if there is none.
 */
void *memblock_alloc_hugetlb(phys_addr_t size, int nid, bool exact_nid);

/*
 * Scratch: the only memory that is given out while memblock_set_kho_scratch_only() is in
 * force, in a kernel that another has started and handed memory over to.
 */
int memblock_mark_kho_scratch(phys_addr_t base, phys_addr_t size);
int memblock_clear_kho_scratch(phys_addr_t base, phys_addr_t size);
void memblock_set_kho_scratch_only(void);
void memblock_clear_kho_scratch_only(void);

static inline bool memblock_is_kho_scratch(const struct memblock_region *m)
{
	return m->flags & MEMBLOCK_KHO_SCRATCH;
}

#endif /* MM_MEMBLOCK_SINCE_H */
