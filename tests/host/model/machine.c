/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Helpers of the doubling tests; see machine.h.
 */
#include "tests/host/model/machine.h"

#include "kernel/lib/align.h"		/* ALIGN_UP() MIN() */
#include "mm/memblock/memblock_internal.h"	/* struct mb_block */
#include "tests/host/include/ktap.h"	/* expect_true() */
#include "tests/host/model/mbtest.h"	/* mbtest_reset() */

struct model machine;

void machine_reset(bool bottom_up)
{
	mbtest_reset();
	model_init(&machine, page_grid, 1024);
	model_add(&machine.memory, 0, 1024, MAX_NUMNODES, 0);
	machine.bottom_up = bottom_up;
	model_to_memblock(&machine);
	memblock_set_bottom_up(bottom_up);
	memblock_allow_resize();
}

phys_addr_t cell(size_t c)
{
	return page_grid.base + c * page_grid.unit;
}

phys_addr_t array_bytes(unsigned long entries)
{
	return ALIGN_UP((phys_addr_t)entries * sizeof(struct memblock_region), PAGE_SIZE);
}

void comb(struct model_type *t, size_t first, size_t n)
{
	for (size_t i = 0; i < n; i++)
		model_add(t, first + 2 * i, first + 2 * i + 1, MAX_NUMNODES, 0);
}

phys_addr_t place(unsigned long entries, phys_addr_t start, phys_addr_t end)
{
	struct model_query q = {
		.size = array_bytes(entries), .align = PAGE_SIZE, .start = start, .end = end,
		.nid = NUMA_NO_NODE, .flags = machine.mirror ? MEMBLOCK_MIRROR : 0,
	};
	phys_addr_t at = model_find(&machine, &q);

	if (!at && q.flags) {
		q.flags = 0;
		at = model_find(&machine, &q);
	}
	return at;
}

phys_addr_t place_outside(unsigned long entries, size_t first, size_t end)
{
	phys_addr_t at = place(entries, cell(end), 0);

	return at ? at : place(entries, 0, MIN(cell(first), machine.limit));
}

void machine_reserve(phys_addr_t at, phys_addr_t bytes)
{
	size_t first = (size_t)((at - page_grid.base) / page_grid.unit);

	model_add(&machine.reserved, first, first + bytes / page_grid.unit, MAX_NUMNODES, 0);
}

phys_addr_t array_at(const struct memblock_type *type)
{
	const struct mb_block *b = type == &memblock.memory ? &mb_state.memory_block :
							      &mb_state.reserved_block;

	expect_true(type->regions >= b->first);
	expect_true(type->regions + type->cnt <= b->first + b->slots);
	return virt_to_phys(b->first);
}

void expect_same(void)
{
	expect_true(model_same(&machine, false));
}
