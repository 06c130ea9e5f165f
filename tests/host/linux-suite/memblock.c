// SPDX-License-Identifier: GPL-2.0-only
/*
 * mm/memblock/memblock.c as Linux's test-suite wants it: one unit, after its "internal.h",
 * which defines the buddy's side.  The sources are the kernel's own, by symlink.
 */
#include "mm/port.h"
#include "mm/memblock.h"

#include "internal.h"

#include "mm/memblock/memblock_array.c"
#include "mm/memblock/memblock_range.c"
#include "mm/memblock/memblock.c"
#include "mm/memblock/memblock_alloc.c"
#include "mm/memblock/memblock_iter.c"
#include "mm/memblock/memblock_numa.c"
#include "mm/memblock/memblock_limit.c"
#include "mm/memblock/memblock_free.c"
#include "mm/memblock/memblock_debug.c"

#ifdef MEMBLOCK_DEBUG
/* internal.h has its own switch, on from the start. */
__attribute__((constructor)) static void speak(void)
{
	memblock_set_verbose(memblock_debug);
}
#endif
