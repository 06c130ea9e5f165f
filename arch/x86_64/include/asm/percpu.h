/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x86_64's part of <arch/percpu.h>: the base of GS is the CPU's struct per_cpu, whose first
 * member is its own address.  boot/x86_64/entry64.asm sets it, before the first C instruction;
 * nothing ever changes it.
 */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

struct per_cpu;

static inline struct per_cpu *this_cpu(void)
{
	struct per_cpu *area;

	/* Not volatile: the same on every call, so that one load does for a function. */
	__asm__("mov %%gs:0, %0" : "=r"(area));
	return area;
}

#endif /* ASM_PERCPU_H */
