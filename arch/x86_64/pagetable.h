/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x86_64 page tables as a data structure: fill, protect, clear, walk.
 *
 * Knows the format (4 or 5 levels, pages of 4K, 2M, 1G) and nothing about what is mapped
 * where; that is paging.c.  Tables are physical pages, touched only through
 * phys_to_virt(), so the same object runs over fake memory in tests/host.
 *
 * Nothing here flushes a TLB: callers that take rights away do.
 */
#ifndef ARCH_X86_64_PAGETABLE_H
#define ARCH_X86_64_PAGETABLE_H

#include "kernel/lib/types.h"

#define PTE_P		BIT(0)		/* present                             */
#define PTE_W		BIT(1)		/* writable                            */
#define PTE_U		BIT(2)		/* user; never set here                */
#define PTE_PWT		BIT(3)
#define PTE_PCD		BIT(4)		/* not cached                          */
#define PTE_A		BIT(5)		/* accessed                            */
#define PTE_D		BIT(6)		/* written to                          */
#define PTE_PS		BIT(7)		/* levels 2 and 3: a page, not a table */
#define PTE_G		BIT(8)		/* survives a CR3 load                 */
#define PTE_NX		BIT(63)		/* not executable                      */
#define PTE_ADDR	0x000ffffffffff000UL

/*
 * What leaves are made of.  A and D are set beforehand: the CPU need not write to the
 * tables.  PTE_NX and PTE_G drop out where the CPU has no such bit (see page_table.legal).
 */
#define PTE_RO		(PTE_P | PTE_A | PTE_G | PTE_NX)
#define PTE_RW		(PTE_RO | PTE_W | PTE_D)
#define PTE_RX		(PTE_P | PTE_A | PTE_G)
#define PTE_TABLE	(PTE_P | PTE_W | PTE_A)

/* Levels count from the page upwards, as in Linux's PG_LEVEL_*. */
enum pt_level { PT_4K = 1, PT_2M, PT_1G, PT_512G, PT_256T, PT_LEVELS = PT_256T };

#define PT_ENTRIES	512U

/* log2 of the bytes one entry of a table at @level covers. */
static inline unsigned int pt_shift(unsigned int level)
{
	return 12 + 9 * (level - 1);
}

/* Bytes one entry of a table at @level covers. */
static inline uint64_t pt_size(unsigned int level)
{
	return 1UL << pt_shift(level);
}

static inline unsigned int pt_index(uint64_t va, unsigned int level)
{
	return (unsigned int)(va >> pt_shift(level)) % PT_ENTRIES;
}

struct page_table {
	phys_addr_t	root;
	unsigned int	levels;			/* 4 or 5                                    */
	uint64_t	legal;			/* entry bits this CPU accepts                */
	phys_addr_t	(*alloc)(void);		/* a zeroed page; does not return without one */
	unsigned long	tables;			/* pages alloc() gave                         */
};

/**
 * pt_map() - make [va, va + size) lead to [pa, pa + size)
 * @va, @pa, @size: multiples of 4096; @va and @pa equal modulo the size of a page of @level
 * @level: largest page to use, PT_4K, PT_2M or PT_1G
 * @flags: PTE_RO, PTE_RW, PTE_RX
 * @made: if not NULL, made[l] counts the new pages of level l
 *
 * Fills what is not mapped yet; a page that is there keeps its target and its rights.  Where
 * a table already stands in place of a large page, the table is filled instead.
 * A page of @level is used even where [va, va + size) covers only part of it: the caller
 * has made sure that all of it may be mapped.
 */
void pt_map(struct page_table *pt, uint64_t va, phys_addr_t pa, uint64_t size,
	    unsigned int level, uint64_t flags, unsigned long made[PT_1G + 1]);

/**
 * pt_change() - set and clear bits of every page in [va, va + size)
 * @set, @clear: PTE_* bits; clearing PTE_P empties the entry
 * @made: as in pt_map(); a split page is counted off its level and onto the lower one
 *
 * Large pages that are only partly covered are split first (needs a page of pt->alloc).
 * What is not mapped stays so.
 */
void pt_change(struct page_table *pt, uint64_t va, uint64_t size, uint64_t set, uint64_t clear,
	       unsigned long made[PT_1G + 1]);

/**
 * pt_lend() - let @to see what only @from knows, along the path to @va
 *
 * At each level from the root down to where @to's path ends, entries that are empty in @to
 * are copied from @from.  The tables below are shared from then on.  Nothing is allocated.
 */
void pt_lend(struct page_table *to, const struct page_table *from, uint64_t va);

/* The physical address of the 4K-level table for @va; makes it, and those above, if missing. */
phys_addr_t pt_leaf_table(struct page_table *pt, uint64_t va);

/* What the CPU does with one address, step by step. */
struct pt_walk {
	uint64_t	va;
	unsigned int	top;			/* level of the root table: 4 or 5            */
	unsigned int	level;			/* where the walk ended: level of the last entry */
	uint64_t	entry[PT_LEVELS + 1];	/* entry[l], valid for level <= l <= top      */
	bool		mapped;			/* entry[level] is a page                     */
	phys_addr_t	pa;			/* of @va itself; 0 if not mapped             */
	bool		write, exec, user;	/* all levels taken together                  */
	bool		global, uncached;
};

/*
 * Follow @va from pt->root.  Also answers for unmapped and non-canonical addresses (the
 * latter are unmapped at the top).  Return: w->mapped.
 */
bool pt_walk_table(const struct page_table *pt, uint64_t va, struct pt_walk *w);

/* One stretch of neighbouring pages of equal size and rights. */
struct pt_range {
	uint64_t	first, last;		/* inclusive: the last page ends at 2^64      */
	phys_addr_t	pa;			/* of @first; physically contiguous           */
	unsigned int	level;
	bool		write, exec, user, global, uncached;
};

/*
 * Find the first such stretch that begins at or above @va.
 * Return: false if nothing is mapped from there up.
 */
bool pt_next_range(const struct page_table *pt, uint64_t va, struct pt_range *r);

/* "4k", "2M", "1G": as in Linux's debug lines; "512G", "256T" for holes. */
const char *pt_level_name(unsigned int level);

#endif /* ARCH_X86_64_PAGETABLE_H */
