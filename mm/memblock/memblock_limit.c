// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making memory smaller: by amount, by range, by alignment.
 */
#include "mm/memblock/memblock_internal.h"

/* The address below which there are @limit bytes of memory; PHYS_ADDR_MAX if there are fewer. */
static phys_addr_t __find_max_addr(phys_addr_t limit)
{
	struct memblock_region *r;

	for_each_mem_region(r) {
		if (limit <= r->size)
			return r->base + limit;
		limit -= r->size;
	}
	return PHYS_ADDR_MAX;
}

/* @whole: flags of the regions that no cap cuts. */
static void tell_cap(phys_addr_t base, phys_addr_t end, enum memblock_flags whole,
		     unsigned long caller)
{
	mb_tell(MEMBLOCK_OP_CAP, base, end - base, NUMA_NO_NODE, whole, caller, 0);
}

void memblock_enforce_memory_limit(phys_addr_t limit)
{
	phys_addr_t top = __find_max_addr(limit);

	if (!limit || top == PHYS_ADDR_MAX)
		return;
	memblock_remove_range(&memblock.memory, top, PHYS_ADDR_MAX);
	memblock_remove_range(&memblock.reserved, top, PHYS_ADDR_MAX);
	tell_cap(0, top, MEMBLOCK_NONE, RET_IP);
}

/*
 * Drop what lies outside [base, end), cut what crosses a border; NOMAP stays whole.
 *
 * Linux differs: it splits a NOMAP region at the borders and leaves it split, so that
 * two touching regions agree and its array is not in normal form.
 */
static void cap_memory(phys_addr_t base, phys_addr_t end)
{
	struct memblock_type *mem = &memblock.memory;
	unsigned long out = 0;

	for (unsigned long i = 0; i < mem->cnt; i++) {
		struct memblock_region r = mem->regions[i];
		phys_addr_t from = MAX(r.base, base), to = MIN(mb_end(&r), end);

		if (!memblock_is_nomap(&r)) {
			mem->total_size -= r.size - (from < to ? to - from : 0);
			if (from >= to)
				continue;
			r = mb_part(&r, from, to);
		}
		mem->regions[out++] = r;
	}
	if (out < mem->cnt)
		memblock_remove_region(mem, out, mem->cnt - out);
}

/*
 * As if memory was split at both borders, which takes two entries, needed or not.  A range
 * that is empty once it is cut at the end of the address space meets no memory: all goes.
 */
static void cap_range(phys_addr_t base, phys_addr_t size, unsigned long caller)
{
	phys_addr_t end = phys_range_end(base, size);

	if (base < end && mb_room_for_split(&memblock.memory, base, size))
		return;
	cap_memory(base, end);
	memblock_remove_range(&memblock.reserved, 0, base);
	memblock_remove_range(&memblock.reserved, end, PHYS_ADDR_MAX);
	tell_cap(base, end, MEMBLOCK_NOMAP, caller);
}

void memblock_cap_memory_range(phys_addr_t base, phys_addr_t size)
{
	if (!size)
		return;
	if (!memblock.memory.total_size) {
		pr_warn("%s: No memory registered yet\n", __func__);
		return;
	}
	cap_range(base, size, RET_IP);
}

void memblock_mem_limit_remove_map(phys_addr_t limit)
{
	phys_addr_t top = __find_max_addr(limit);

	if (!limit || top == PHYS_ADDR_MAX)
		return;
	cap_range(0, top, RET_IP);
}

/*
 * Round inward, in one pass:
 *
 *	page	|-------|-------|-------|
 *	in	    [=====] [=======]
 *	out	             [======]	the first region vanished
 *
 * total_size loses only what vanishes, as in Linux.  Linux differs: where rounding up
 * passes the end of the address space, it makes a region that begins at 0.
 */
void memblock_trim_memory(phys_addr_t align)
{
	struct memblock_type *mem = &memblock.memory;
	unsigned long out = 0;

	if (!align)		/* Linux differs: it removes all memory */
		return;
	for (unsigned long i = 0; i < mem->cnt; i++) {
		struct memblock_region r = mem->regions[i];
		phys_addr_t base = ALIGN_UP(r.base, align), end = ALIGN_DOWN(mb_end(&r), align);

		if (base < r.base || base >= end) {
			mem->total_size -= r.size;
			continue;
		}
		mem->regions[out++] = mb_part(&r, base, end);
	}
	if (out < mem->cnt)
		memblock_remove_region(mem, out, mem->cnt - out);
	mb_tell(MEMBLOCK_OP_TRIM, 0, align, NUMA_NO_NODE, MEMBLOCK_NONE, RET_IP, 0);
}
