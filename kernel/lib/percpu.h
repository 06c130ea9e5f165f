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

/**
 * struct per_cpu - state per CPU
 * @printk_depth: printk() calls in progress: a fault inside of one may print, too
 */
struct per_cpu {
	unsigned int	printk_depth;
};

extern struct per_cpu boot_cpu;

static inline struct per_cpu *this_cpu(void)
{
	return &boot_cpu;
}

#endif /* KERNEL_LIB_PERCPU_H */
