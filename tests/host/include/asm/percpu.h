/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <asm/percpu.h> of host builds: a thread is a CPU.  The first one is the boot CPU; another may
 * point host_cpu at an area of its own before it calls anything.
 */
#ifndef ASM_PERCPU_H
#define ASM_PERCPU_H

/* Of the program itself, so it is one load, as in the kernel. */
extern _Thread_local struct per_cpu *host_cpu __attribute__((tls_model("local-exec")));

static inline struct per_cpu *this_cpu(void)
{
#ifdef __x86_64__
	struct per_cpu *area;

	/* As the kernel's: not volatile, so one load does for a function. */
	__asm__("mov %%fs:host_cpu@tpoff, %0" : "=r"(area));
	return area;
#else
	return host_cpu;
#endif
}

#endif /* ASM_PERCPU_H */
