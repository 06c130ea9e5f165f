/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is mapped where, and with which rights.
 *
 *	PAGE_OFFSET + pa	direct map: [0, 1 MiB) and every whole page of RAM, never
 *				executable; pages of 4K, 2M, 1G
 *	KERNEL_MAP_BASE + pa	the kernel image, 4K pages, W or X but never both
 *	DEVICE_MAP_BASE		memory of devices, never executable: paging_map_device()
 *	CPU_SLOTS_BASE		64 KiB a CPU: its stacks, each over a hole (arch/x86_64/smp.h)
 *	FIXMAP_BASE		2 MiB for early_memremap()
 *
 * Everything else is unmapped: page 0, the identity map, stack guards, holes, ACPI tables.
 * What is not RAM is touched through early_memremap().
 */
#ifndef ARCH_X86_64_PAGING_H
#define ARCH_X86_64_PAGING_H

#include "arch/x86_64/pagetable.h"
#include "kernel/lib/types.h"

#include <arch/paging.h>

#define DEVICE_MAP_BASE	0xffffffffc0000000UL	/* in the last GiB, up to the slots */
#define DEVICE_MAP_SIZE	0x1f000000UL
#define CPU_SLOTS_BASE	0xffffffffdf000000UL
#define CPU_SLOT_SIZE	0x10000UL
#define CPU_SLOTS_END	0xffffffffff000000UL	/* 8192 of them */
/* The boot CPU has its stacks elsewhere; its slot has the registers of the local APIC. */
#define APIC_VIRTUAL	CPU_SLOTS_BASE
#define FIXMAP_SIZE	0x200000UL
#define FIXMAP_BASE	0xffffffffff400000UL	/* in the last GiB, above the image's two */

/* Part of the kernel image: physical [start, end), page aligned. */
struct image_part {
	phys_addr_t	start, end;
	uint64_t	flags;		/* PTE_RX, PTE_RO, PTE_RW; 0: a guard, leave unmapped */
};

#define IMAGE_PARTS	16

/*
 * All that paging needs to be told.  The kernel fills it from the linker's symbols and the
 * CPU (mmu.c), tests invent one.
 */
struct paging_setup {
	bool		nx, pge, pse, gbpages;	/* what the CPU has switched on or offers      */
	unsigned int	levels;			/* 4 or 5                                      */
	uint64_t	direct_base;		/* PAGE_OFFSET                                 */
	uint64_t	image_base;		/* KERNEL_MAP_BASE                             */
	phys_addr_t	early_root;		/* table in use now; 0: everything is reachable */
	phys_addr_t	early_limit;		/* phys_to_virt() works below this             */
	struct image_part parts[IMAGE_PARTS];	/* first match counts; ends at start == end    */
	phys_addr_t	image_start, image_end;	/* all of it                                   */
	phys_addr_t	rodata_start, rodata_end; /* becomes read-only in mark_rodata_ro()     */
	phys_addr_t	fixed, fixed_end;	/* zeroed pages for root, image and fixmap     */
	phys_addr_t	pool, pool_end;		/* zeroed pages for the direct map's first tables */
};

/*
 * Linux's early buffer is 16 pages with 5-level support; where the 17th comes
 * from is visible in the log, so ours is the same.
 */
#define PAGING_POOL_PAGES	16
/* The root, down from there to the image's page table (below 2 MiB), two for the fixmap. */
#define PAGING_FIXED_PAGES	7

/*
 * Take over the tables of the entry code.  After this early_memremap() works.  early_paging_init()
 * calls it with the facts, tests and the simulator directly.
 */
void paging_setup(const struct paging_setup *setup);

/**
 * init_mem_mapping() - build the direct map and the kernel's own map, and load them
 * @end: byte after the last page frame of RAM (max_pfn << PAGE_SHIFT)
 *
 * Maps [0, 1 MiB), then memblock.memory within [1 MiB, end): from the top downwards in
 * growing steps, or upwards from the kernel if memblock_bottom_up().  Tables come from a
 * static pool, then from memblock memory that is mapped already.  Panics if none is left.
 *
 * Context: after the last change to memblock.memory and the reservation of what is in use;
 * page 0 and everything that is not RAM is out of phys_to_virt()'s reach from here on.
 */
void init_mem_mapping(phys_addr_t end);

/**
 * paging_map_device() - map memory of a device for ever: writes are combined, nothing is cached
 * @pa, @size: any alignment; must not touch RAM
 *
 * Pages of 2M if @pa is a multiple of 2M and what they cover behind the end is no RAM of memblock's
 * either: a device's memory is a power of two large and lies at a multiple of its size.  Else pages
 * of 4K, whose tables come from memblock ("page tables").
 *
 * Context: after init_mem_mapping(), while memblock allocates.
 * Return: the address of @pa's byte; NULL if there is no room for it.
 */
void *paging_map_device(phys_addr_t pa, uint64_t size);

/**
 * paging_map_slots() - map something into the slots of CPUs
 * @va: page aligned, inside the slots, where nothing is mapped
 * @flags: PTE_RW, with PTE_PCD and PTE_PWT for a device
 *
 * Context: after init_mem_mapping(), while memblock allocates.
 */
void paging_map_slots(uint64_t va, phys_addr_t pa, uint64_t size, uint64_t flags);

/**
 * struct paging_counts - what paging_get_counts() knows
 * @direct: pages (not bytes) of each size in the direct map, indexed by PT_4K..PT_1G
 * @tables: 4 KiB pages that all page tables take
 */
struct paging_counts {
	unsigned long	direct[PT_1G + 1];
	unsigned long	tables;
};

/* As they are now; zeros before init_mem_mapping(). */
void paging_get_counts(struct paging_counts *counts);

/* Where dumps go: printk(), or the monitor's or a test's sink. */
typedef int (*paging_print_fn)(const char *fmt, ...);

/* The kernel's tables: see pagetable.h.  For the monitor's `pt ADDR` and the self-tests. */
bool pt_walk(uint64_t va, struct pt_walk *w);
bool pt_next_kernel_range(uint64_t va, struct pt_range *r);

/* Print the walk of @va, one line a level; or every range of the kernel's tables. */
void pt_dump_walk(uint64_t va, paging_print_fn print);
void pt_dump_ranges(paging_print_fn print);

/*
 * The RAM that law 8 is checked against: step through it in ascending order, starting with
 * *i == 0.  Return: false after the last.  Half open.
 */
typedef bool (*paging_ram_fn)(unsigned long *i, phys_addr_t *start, phys_addr_t *end);

/* From memblock.memory; good until memblock_discard(). */
bool paging_ram_memblock(unsigned long *i, phys_addr_t *start, phys_addr_t *end);

/**
 * paging_check() - law 8: the tables are what the kernel says they are
 * @ram: what the direct map must cover besides [0, 1 MiB); NULL: do not check that
 *
 * No page both writable and executable, nor executable in the image and writable in the
 * direct map; nothing for user mode; direct map exact, linear and never executable; page 0
 * and the guards unmapped.  Prints each offence.  Return: number of offences.
 */
unsigned long paging_check(paging_ram_fn ram);

#endif /* ARCH_X86_64_PAGING_H */
