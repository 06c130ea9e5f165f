/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each CPU has of its own.
 *
 * this_cpu(), of <arch/percpu.h>, is the state of the CPU that asks.  The boot CPU's is part of the
 * image, the others' come from memblock, each on its CPU's node: setup_per_cpu_areas() in
 * mm/takers/percpu.c.  What is here is written by its CPU only, without a lock; nobody else may
 * look at it but to report.  The types of the rooms above are only declared, so that the ground
 * floor can hold their fields.
 */
#ifndef KERNEL_LIB_PERCPU_H
#define KERNEL_LIB_PERCPU_H

#include "kernel/lib/printk.h"		/* enum log_level, sizes */

#include <arch/percpu.h>		/* this_cpu() */

struct page_span;
struct per_cpu_pages;
struct zone;

/**
 * struct preferred_zone - where alloc_pages() takes blocks for one set of GFP flags
 * @zone: the first zone of the CPU's zonelist, if all of it is in one span; NULL: not known, the
 *	zonelist must be read
 * @pcp: the CPU's stacks of @type in @zone
 * @mark: with more free pages than this in @zone no request comes near its low watermark
 * @type: migrate type
 *
 * setup_preferred_zones() in mm/page_alloc/page_alloc.c fills it, mm/nodes/ forgets it.
 */
struct preferred_zone {
	struct zone	*zone;
	struct per_cpu_pages *pcp;
	unsigned long	mark;
	unsigned int	type;
};

#define PREFERRED_ZONES	32	/* by the lowest five bits of a gfp_t: zones and mobility */

/* The line that printk() has not completed yet: @active if there is one, @cut if it is full. */
struct open_line {
	bool		active;
	bool		cut;
	enum log_level	level;
	uint64_t	ns;
	size_t		len;
	char		text[LOG_LINE_MAX];
};

/**
 * struct per_cpu - state per CPU
 * @self: the address of this very struct; first, because this_cpu() reads it
 * @cpu: the CPU's number, 0 for the boot CPU; constant after boot
 * @calls_done: the number of the last call of on_each_cpu() that this CPU has served
 * @many_cpus: more than one CPU runs: page_alloc_many_cpus() (mm/page_alloc.h) sets it
 * @plain_orders: blocks of an order below that can be had and freed without atomic operations: all
 *	orders as long as one CPU runs, then none
 * @next: the area of the next CPU, NULL behind the last; constant after boot
 * @drain_wanted: another CPU wants what is on the stacks: written by anybody, atomically
 * @printk_depth: printk() calls in progress: a fault inside of one may print, too
 * @trap_depth: exceptions in progress: a fault may happen while one is reported
 * @open_line: what the last printk() left without a newline
 * @printk_message: text being made, the second of a printk() inside a printk()
 * @page_span_recent: the span in which a page descriptor was last found: a hint, which is checked
 *	before it is used; valid from page_map_init() on
 * @stacks: the CPU's stacks of blocks freed last, of all zones (mm/pcp.h)
 */
struct per_cpu {
	struct per_cpu		*self;
	unsigned int		cpu;
	unsigned int		calls_done;
	bool			many_cpus;
	bool			drain_wanted;
	unsigned int		plain_orders;
	struct per_cpu		*next;
	const struct page_span	*page_span_recent;
	struct per_cpu_pages	*stacks;
	struct preferred_zone	preferred_zones[PREFERRED_ZONES];
	unsigned int		printk_depth;
	unsigned int		trap_depth;
	struct open_line	open_line;
	char			printk_message[2][PRINTK_MESSAGE_SIZE];
};

extern struct per_cpu boot_cpu;

/* Every CPU's area, the boot CPU's first. */
#define for_each_cpu_area(area)	for (area = &boot_cpu; area; area = area->next)

/* The number of the CPU this runs on: 0 for the boot CPU, and wherever there is no other. */
static inline unsigned int smp_processor_id(void)
{
	return this_cpu()->cpu;
}

#endif /* KERNEL_LIB_PERCPU_H */
