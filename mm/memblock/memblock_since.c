// SPDX-License-Identifier: GPL-2.0-only
/*
 * What memblock's API has got in Linux since 6.12 (see mm/memblock_since.h).
 */
#include "mm/memblock_since.h"

#include "mm/memblock/memblock_internal.h"

/* ---- reservations that know whose they are ------------------------------------------- */

int __memblock_reserve(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags)
{
	int rc = mb_reserve(base, size, nid, flags, RET_IP);

	mb_tell(MEMBLOCK_OP_RESERVE, base, size, nid, flags, RET_IP, rc);
	return rc;
}

int memblock_reserved_mark_kern(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_flag(&memblock.reserved, base, size, true, MEMBLOCK_RSRV_KERN,
				    RET_IP);
}

static phys_addr_t reserved_size_with(enum memblock_flags flag, phys_addr_t limit, int nid)
{
	struct memblock_region *r;
	phys_addr_t bytes = 0;

	for_each_reserved_mem_region(r) {
		if (!(r->flags & flag))
			continue;
		if (numa_valid_node(nid) && memblock_get_region_node(r) != nid)
			continue;
		if (r->base < limit)
			bytes += MIN(mb_end(r), limit) - r->base;
	}
	return bytes;
}

phys_addr_t memblock_reserved_kern_size(phys_addr_t limit, int nid)
{
	return reserved_size_with(MEMBLOCK_RSRV_KERN, limit, nid);
}

phys_addr_t memblock_reserved_hugetlb_size(phys_addr_t limit, int nid)
{
	return reserved_size_with(MEMBLOCK_RSRV_HUGETLB, limit, nid);
}

/* ---- gigantic pages ------------------------------------------------------------------- */

/* The debug lines name the allocator itself as the caller of the reservation. */
#define HUGETLB_IP	((unsigned long)memblock_alloc_hugetlb + 1)

void *memblock_alloc_hugetlb(phys_addr_t size, int nid, bool exact_nid)
{
	struct mb_wish wish = { size, size, 0, MEMBLOCK_ALLOC_ACCESSIBLE, nid };
	phys_addr_t addr;

	if (unlikely(mb_state.verbose))
		printk(KERN_INFO "memblock_alloc_hugetlb: %llu bytes, nid=%d, exact_nid=%d %pS\n",
		       (unsigned long long)size, nid, exact_nid, (void *)RET_IP);
	addr = mb_find_for_array(&wish, MEMBLOCK_NONE);
	if (!addr && !exact_nid && numa_valid_node(nid)) {
		wish.nid = NUMA_NO_NODE;
		addr = mb_find_for_array(&wish, MEMBLOCK_NONE);
	}
	if (addr && mb_reserve(addr, size, wish.nid, MEMBLOCK_RSRV_KERN | MEMBLOCK_RSRV_HUGETLB,
			       HUGETLB_IP))
		addr = 0;
	if (addr)
		accept_memory(addr, size);
	mb_tell(MEMBLOCK_OP_ALLOC, addr, size, wish.nid, MEMBLOCK_RSRV_HUGETLB, RET_IP,
		addr ? 0 : -ENOMEM);
	return addr ? phys_to_virt(addr) : NULL;
}

/* ---- scratch ---------------------------------------------------------------------------- */

int memblock_mark_kho_scratch(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_flag(&memblock.memory, base, size, true, MEMBLOCK_KHO_SCRATCH,
				    RET_IP);
}

int memblock_clear_kho_scratch(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_flag(&memblock.memory, base, size, false, MEMBLOCK_KHO_SCRATCH,
				    RET_IP);
}

void memblock_set_kho_scratch_only(void)
{
	mb_state.scratch_only = true;
	mb_set_search();
}

void memblock_clear_kho_scratch_only(void)
{
	mb_state.scratch_only = false;
	mb_set_search();
}
