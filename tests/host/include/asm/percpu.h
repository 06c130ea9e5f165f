/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <asm/percpu.h> of host builds: a thread is a CPU.  The first one is the boot CPU; another may
 * point host_cpu at an area of its own before it calls anything.
 */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

extern _Thread_local struct per_cpu *host_cpu;

static inline struct per_cpu *this_cpu(void)
{
	return host_cpu;
}

#endif /* ASM_PERCPU_H */
