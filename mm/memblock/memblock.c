// SPDX-License-Identifier: GPL-2.0-only
/*
 * The public operations on the two arrays, and the questions about them.  mm/memblock.h is
 * their contract.
 *
 * Each operation prints its line (memblock=debug), leaves the work to memblock_range.c, and
 * calls memblock_event().
 */
#include "mm/memblock/memblock_internal.h"

#include "mm/memblock_since.h"	/* memblock_reserved_kern_size() */

unsigned long max_low_pfn;		/* constant after boot */
unsigned long min_low_pfn;		/* constant after boot */
unsigned long max_pfn;			/* constant after boot */
unsigned long long max_possible_pfn;	/* constant after boot */

/* ---- adding and removing --------------------------------------------------------- */

int memblock_add(phys_addr_t base, phys_addr_t size)
{
	int rc;

	mb_trace("memblock_add", base, size, RET_IP);
	rc = memblock_add_range(&memblock.memory, base, size, MAX_NUMNODES, MEMBLOCK_NONE);
	mb_tell(MEMBLOCK_OP_ADD, base, size, MAX_NUMNODES, MEMBLOCK_NONE, RET_IP, rc);
	return rc;
}

int memblock_add_node(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags)
{
	int rc;

	if (unlikely(mb_state.verbose))
		mb_log_add_node(base, size, nid, flags, RET_IP);
	rc = memblock_add_range(&memblock.memory, base, size, nid, flags);
	mb_tell(MEMBLOCK_OP_ADD, base, size, nid, flags, RET_IP, rc);
	return rc;
}

#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
int memblock_physmem_add(phys_addr_t base, phys_addr_t size)
{
	mb_trace("memblock_physmem_add", base, size, RET_IP);
	return memblock_add_range(&physmem, base, size, MAX_NUMNODES, MEMBLOCK_NONE);
}
#endif

int memblock_remove(phys_addr_t base, phys_addr_t size)
{
	int rc;

	mb_trace("memblock_remove", base, size, RET_IP);
	rc = memblock_remove_range(&memblock.memory, base, size);
	mb_tell(MEMBLOCK_OP_REMOVE, base, size, NUMA_NO_NODE, MEMBLOCK_NONE, RET_IP, rc);
	return rc;
}

int mb_reserve(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags,
	       unsigned long caller)
{
	if (unlikely(mb_state.verbose))
		mb_log_reserve(base, size, nid, flags, caller);
	if (!mb_state.rsrv_kern) {
		nid = MAX_NUMNODES;
		flags = MEMBLOCK_NONE;
	}
	return memblock_add_range(&memblock.reserved, base, size, nid, flags);
}

/* Kept out of memblock_reserve(), whose way is short as long as nobody wants to know more. */
static __noinline int reserve_carefully(phys_addr_t base, phys_addr_t size, unsigned long caller)
{
	return mb_reserve(base, size, NUMA_NO_NODE, MEMBLOCK_NONE, caller);
}

int memblock_reserve(phys_addr_t base, phys_addr_t size)
{
	int rc = unlikely(mb_state.careful) ? reserve_carefully(base, size, RET_IP) :
		 memblock_add_range(&memblock.reserved, base, size, MAX_NUMNODES, MEMBLOCK_NONE);

	mb_tell(MEMBLOCK_OP_RESERVE, base, size, NUMA_NO_NODE, MEMBLOCK_NONE, RET_IP, rc);
	return rc;
}

int memblock_reserve_kern(phys_addr_t base, phys_addr_t size)
{
	int rc = mb_reserve(base, size, NUMA_NO_NODE, MEMBLOCK_RSRV_KERN, RET_IP);

	mb_tell(MEMBLOCK_OP_RESERVE, base, size, NUMA_NO_NODE,
		mb_state.rsrv_kern ? MEMBLOCK_RSRV_KERN : MEMBLOCK_NONE, RET_IP, rc);
	return rc;
}

void memblock_set_rsrv_kern(bool on)
{
	mb_state.rsrv_kern = on;
	mb_state.careful = mb_state.rsrv_kern || mb_state.verbose;
}

int mb_free(phys_addr_t base, phys_addr_t size, unsigned long caller)
{
	int rc;

	mb_trace("memblock_phys_free", base, size, caller);
	rc = memblock_remove_range(&memblock.reserved, base, size);
	mb_tell(MEMBLOCK_OP_FREE, base, size, NUMA_NO_NODE, MEMBLOCK_NONE, caller, rc);
	return rc;
}

int memblock_phys_free(phys_addr_t base, phys_addr_t size)
{
	return mb_free(base, size, RET_IP);
}

void memblock_free(void *ptr, size_t size)
{
	if (ptr)
		mb_free(virt_to_phys(ptr), size, RET_IP);
}

/* ---- flags ------------------------------------------------------------------------- */

int memblock_setclr_flag(struct memblock_type *type, phys_addr_t base, phys_addr_t size, bool set,
			 enum memblock_flags flag, unsigned long caller)
{
	struct mb_change change = { .set = set ? flag : MEMBLOCK_NONE,
				    .clear = set ? MEMBLOCK_NONE : flag };
	int rc = mb_change(type, base, size, &change);

	mb_tell(set ? MEMBLOCK_OP_SET_FLAG : MEMBLOCK_OP_CLEAR_FLAG, base, size, NUMA_NO_NODE,
		flag, caller, rc);
	return rc;
}

int memblock_mark_hotplug(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_flag(&memblock.memory, base, size, true, MEMBLOCK_HOTPLUG, RET_IP);
}

int memblock_clear_hotplug(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_flag(&memblock.memory, base, size, false, MEMBLOCK_HOTPLUG,
				    RET_IP);
}

int memblock_mark_mirror(phys_addr_t base, phys_addr_t size)
{
	if (!mirrored_kernelcore)
		return 0;
	mb_state.has_mirror = true;
	mb_set_search();
	return memblock_setclr_flag(&memblock.memory, base, size, true, MEMBLOCK_MIRROR, RET_IP);
}

bool memblock_has_mirror(void)
{
	return mb_state.has_mirror;
}

int memblock_mark_nomap(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_flag(&memblock.memory, base, size, true, MEMBLOCK_NOMAP, RET_IP);
}

int memblock_clear_nomap(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_flag(&memblock.memory, base, size, false, MEMBLOCK_NOMAP,
				    RET_IP);
}

int memblock_reserved_mark_noinit(phys_addr_t base, phys_addr_t size)
{
	return memblock_setclr_flag(&memblock.reserved, base, size, true, MEMBLOCK_RSRV_NOINIT,
				    RET_IP);
}

/* ---- asking -------------------------------------------------------------------------- */

phys_addr_t memblock_phys_mem_size(void)
{
	return memblock.memory.total_size;
}

phys_addr_t memblock_reserved_size(void)
{
	return memblock.reserved.total_size;
}

/*
 * Linux differs: it wraps to a huge number if more is reserved than exists.  Since 6.16 only what
 * the kernel has taken for itself counts as reserved.
 */
unsigned long memblock_estimated_nr_free_pages(void)
{
	phys_addr_t memory = memblock_phys_mem_size(), reserved = memblock_reserved_size();

	if (mb_state.rsrv_kern)
		reserved = memblock_reserved_kern_size(MEMBLOCK_ALLOC_ANYWHERE, NUMA_NO_NODE);

	return memory > reserved ? PFN_DOWN(memory - reserved) : 0;
}

phys_addr_t memblock_start_of_DRAM(void)
{
	return memblock.memory.cnt ? memblock.memory.regions[0].base : 0;
}

/* Linux differs: it reads in front of the array if there is no memory. */
phys_addr_t memblock_end_of_DRAM(void)
{
	const struct memblock_type *mem = &memblock.memory;

	return mem->cnt ? mb_end(&mem->regions[mem->cnt - 1]) : 0;
}

bool memblock_is_memory(phys_addr_t addr)
{
	return memblock_search(&memblock.memory, addr);
}

bool memblock_is_map_memory(phys_addr_t addr)
{
	const struct memblock_region *r = memblock_search(&memblock.memory, addr);

	return r && !memblock_is_nomap(r);
}

bool memblock_is_reserved(phys_addr_t addr)
{
	return memblock_search(&memblock.reserved, addr);
}

bool memblock_is_region_memory(phys_addr_t base, phys_addr_t size)
{
	const struct memblock_region *r = memblock_search(&memblock.memory, base);

	return r && mb_end(r) >= phys_range_end(base, size);
}

bool memblock_is_region_reserved(phys_addr_t base, phys_addr_t size)
{
	return memblock_overlaps_region(&memblock.reserved, base, size);
}

/*
 * Does the first region that ends above @base begin below the range's end?  An empty
 * range [base, base) meets only a region that begins strictly below @base.
 */
bool memblock_overlaps_region(struct memblock_type *type, phys_addr_t base, phys_addr_t size)
{
	unsigned long i = mb_first_above(type, base);

	return i < type->cnt && type->regions[i].base < phys_range_end(base, size);
}

unsigned long memblock_addrs_overlap(phys_addr_t base1, phys_addr_t size1,
				     phys_addr_t base2, phys_addr_t size2)
{
	return base1 < base2 + size2 && base2 < base1 + size1;
}
