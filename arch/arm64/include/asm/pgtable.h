/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables of 4K pages: bits of an entry, levels, and where the fixed mappings are.
 */
#ifndef ASM_PGTABLE_H
#define ASM_PGTABLE_H

#include "kernel/lib/types.h"

#define PTE_VALID	BIT(0)
#define PTE_TABLE	BIT(1)		/* above the last level: a table; in it: a page */
#define PTE_DEVICE	BIT(2)		/* MAIR entry 1 instead of 0 */
#define PTE_READONLY	BIT(7)
#define PTE_SHARED	(3UL << 8)	/* inner shareable */
#define PTE_ACCESSED	BIT(10)
#define PTE_CONTIGUOUS	BIT(52)		/* one of 16 neighbours that may share a TLB entry */
#define PTE_PXN		BIT(53)		/* not executable by the kernel */
#define PTE_UXN		BIT(54)
#define PTE_ADDR	0x0000fffffffff000UL

/* What leaves are made of, without the bits of their level. */
#define PROT_RO		(PTE_SHARED | PTE_ACCESSED | PTE_UXN | PTE_PXN | PTE_READONLY)
#define PROT_RW		(PTE_SHARED | PTE_ACCESSED | PTE_UXN | PTE_PXN)
#define PROT_RX		(PTE_SHARED | PTE_ACCESSED | PTE_UXN | PTE_READONLY)
#define PROT_DEVICE	(PTE_ACCESSED | PTE_UXN | PTE_PXN | PTE_DEVICE)

#define MAIR_NORMAL_WB	0xffUL		/* entry 0 */
#define MAIR_DEVICE	0x00UL		/* entry 1: nGnRnE */

/* Levels count from the page upwards. */
enum { PT_4K = 1, PT_2M, PT_1G, PT_512G, PT_LEVELS = PT_512G };

#define PT_ENTRIES	512U
#define PT_CONTIGUOUS	16U		/* entries */

static inline unsigned int pt_shift(unsigned int level)
{
	return 12 + 9 * (level - 1);
}

static inline uint64_t pt_size(unsigned int level)
{
	return 1UL << pt_shift(level);
}

static inline unsigned int pt_index(uint64_t va, unsigned int level)
{
	return (unsigned int)(va >> pt_shift(level)) % PT_ENTRIES;
}

/* Is @entry of a table of @level a page or a block, not a table and not nothing? */
static inline bool pt_is_leaf(uint64_t entry, unsigned int level)
{
	return (entry & PTE_VALID) && (level == PT_4K || !(entry & PTE_TABLE));
}

/*
 * The fixmap: 2 MiB each for early_memremap(), for single pages, and for the device tree (its
 * 2 MiB may begin anywhere).
 */
#define FIXMAP_BASE	0xffffffffff400000UL
#define FIX_PAGES	(FIXMAP_BASE + 0x200000)
#define FIX_FDT		(FIXMAP_BASE + 0x400000)
#define FIX_FDT_SIZE	0x400000UL

/* Single pages. */
enum fix_page { FIX_UART, FIX_TABLE, FIX_UART_OTHER = 7, FIX_TABLES };

/* Tables that are part of the image: nothing could be allocated when they were needed. */
struct static_tables {
	uint64_t	root[PT_ENTRIES];		/* TTBR1 */
	uint64_t	image_1g[PT_ENTRIES], image_2m[PT_ENTRIES];
	uint64_t	image_4k[2][PT_ENTRIES];
	uint64_t	fixmap_1g[PT_ENTRIES], fixmap_2m[PT_ENTRIES];
	uint64_t	memremap_4k[PT_ENTRIES], pages_4k[PT_ENTRIES];
	uint64_t	id_root[PT_ENTRIES];		/* TTBR0, until the MMU is on */
	uint64_t	id_1g[PT_ENTRIES], id_2m[PT_ENTRIES];
} __attribute__((aligned(4096)));

/* In arch/arm64/paging/early_map.c, which fills it; then paging's. */
extern struct static_tables static_tables;

#endif /* ASM_PGTABLE_H */
