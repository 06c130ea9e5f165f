/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <arch/cpu.h> of host builds: the CPU a test asks for.  Same names as the kernel's.
 */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include "kernel/lib/types.h"

struct cpu_features {
	bool		nx;
	bool		pse;
	bool		pge;
	bool		gbpages;
	bool		la57;
	unsigned int	phys_bits;
	unsigned int	virt_bits;
};

/* tests/host/host_cpu.c: NX, 46 address bits, 4 levels; tests may change it. */
extern struct cpu_features cpu;

bool cpu_la57_active(void);

/* Time stands still. */
static inline uint64_t rdtsc(void)
{
	return 0;
}

#endif /* ARCH_CPU_H */
