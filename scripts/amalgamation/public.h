/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands before the API in the amalgamated memblock.h: types, the port, pages.
 * scripts/amalgamate puts it where mm/memblock.h includes <arch/memory.h>.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memblock_port.h"

#define PHYS_ADDR_MAX	(~(phys_addr_t)0)

#ifndef PAGE_SIZE
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#endif
#ifndef PFN_PHYS
#define PFN_UP(pa)	((unsigned long)(((pa) + PAGE_SIZE - 1) >> PAGE_SHIFT))
#define PFN_DOWN(pa)	((unsigned long)((pa) >> PAGE_SHIFT))
#define PFN_PHYS(pfn)	((phys_addr_t)(pfn) << PAGE_SHIFT)
#endif

/*
 * printf() to the console in Linux's dialect: %pa takes a pointer to a phys_addr_t.  What
 * memblock_dump() and memblock_show_type() want as their argument.
 */
int memblock_printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* As at power on: for tests. */
void memblock_reset(void);

/* NULL if the array is sorted, disjoint and merged, else what is wrong, in words. */
struct memblock_type;
const char *memblock_type_broken(const struct memblock_type *type);
