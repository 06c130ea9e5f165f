// SPDX-License-Identifier: GPL-2.0-only
/*
 * mm/memblock/memblock.c as Linux's test-suite wants it: one unit, after its "internal.h",
 * which defines the buddy's side.  The sources are the kernel's own, by symlink.
 */
#include "mm/port.h"
#include "mm/memblock.h"

#include "internal.h"
#ifdef SUITE_SINCE	/* later than 6.12: prepare says so */
#include "mm_init.h"

static inline void reserve_bootmem_region(phys_addr_t start, phys_addr_t end, int nid)
{
	(void)start;
	(void)end;
	(void)nid;
}

#define memblock_free_pages(page, pfn, order)	(memblock_free_pages)(pfn, order)
#endif

#include "mm/memblock/memblock_array.c"
#include "mm/memblock/memblock_range.c"
#include "mm/memblock/memblock.c"
#include "mm/memblock/memblock_alloc.c"
#include "mm/memblock/memblock_iter.c"
#include "mm/memblock/memblock_numa.c"
#include "mm/memblock/memblock_limit.c"
#include "mm/memblock/memblock_free.c"
#include "mm/memblock/memblock_debug.c"
#include "mm/memblock/memblock_since.c"

#ifdef SUITE_SINCE
/* Reservations have flags and nodes. */
__attribute__((constructor)) static void be_later(void)
{
	memblock_set_rsrv_kern(true);
}
#endif

#ifdef MEMBLOCK_DEBUG
/* internal.h has its own switch, on from the start. */
__attribute__((constructor)) static void speak(void)
{
	memblock_set_verbose(memblock_debug);
}
#endif
