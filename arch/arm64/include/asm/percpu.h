/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arm64's part of <arch/percpu.h>: one CPU runs.
 */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

extern struct per_cpu boot_cpu;

static inline struct per_cpu *this_cpu(void)
{
	return &boot_cpu;
}

#endif /* ASM_PERCPU_H */
