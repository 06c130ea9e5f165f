// SPDX-License-Identifier: GPL-2.0-only
/*
 * memblock as at power on, for tests: see tests/host/include/memblock_reset.h.
 */
#include "tests/host/include/memblock_reset.h"

#include "mm/memblock/memblock_internal.h"

void memblock_reset(void)
{
	mb_state = (struct mb_state){ 0 };
	memblock = (struct memblock){
		.current_limit = MEMBLOCK_ALLOC_ANYWHERE,
		.memory = { .max = ARRAY_SIZE(mb_state.memory_init),
			    .regions = mb_state.memory_init, .name = "memory" },
		.reserved = { .max = ARRAY_SIZE(mb_state.reserved_init),
			      .regions = mb_state.reserved_init, .name = "reserved" },
	};
#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
	physmem = (struct memblock_type){ .max = ARRAY_SIZE(mb_state.physmem_init),
					  .regions = mb_state.physmem_init, .name = "physmem" };
#endif
	mirrored_kernelcore = false;
}
