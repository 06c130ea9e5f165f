/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this CPU is and can do.
 */
#ifndef ASM_CPUFEATURE_H
#define ASM_CPUFEATURE_H

#include "kernel/lib/types.h"

struct cpu_features {
	unsigned int	phys_bits;	/* width of an address that tables can hold: 32..48 */
	uint32_t	midr;		/* maker and model */
	uint64_t	mpidr;		/* number among the CPUs */
};

/* Filled by cpu_init(); constant after boot. */
extern struct cpu_features cpu;

#endif /* ASM_CPUFEATURE_H */
