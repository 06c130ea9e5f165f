/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each CPU has of its own.
 *
 * One instance for now, the boot CPU's: this_cpu() is a constant address.  What is here is
 * written by its CPU only, without a lock; nobody else may look at it but to report.  The
 * types of the rooms above are only declared, so that the ground floor can hold their fields.
 */
#ifndef KERNEL_LIB_PERCPU_H
#define KERNEL_LIB_PERCPU_H

#include "kernel/lib/printk.h"		/* enum log_level, sizes */

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
 * @printk_depth: printk() calls in progress: a fault inside of one may print, too
 * @trap_depth: exceptions in progress: a fault may happen while one is reported
 * @open_line: what the last printk() left without a newline
 * @printk_message: text being made, the second of a printk() inside a printk()
 */
struct per_cpu {
	unsigned int		printk_depth;
	unsigned int		trap_depth;
	struct open_line	open_line;
	char			printk_message[2][PRINTK_MESSAGE_SIZE];
};

extern struct per_cpu boot_cpu;

static inline struct per_cpu *this_cpu(void)
{
	return &boot_cpu;
}

#endif /* KERNEL_LIB_PERCPU_H */
