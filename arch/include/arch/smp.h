/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Starting other CPUs and waking them; kernel/lib/smp.h has what is the same on every machine.
 * <asm/smp.h> supplies
 *
 *	CPU_STACK_SIZE		bytes of memory that the stacks of one CPU take, in whole pages
 *	SMP_SETUP_PERCPU	1 if Linux says here how many CPUs and nodes it is built for
 *	SMP_BOOTING		what Linux says before it starts them
 */
#ifndef ARCH_SMP_H
#define ARCH_SMP_H

#include "kernel/lib/types.h"

#include <asm/smp.h>

/**
 * arch_map_cpu_stack() - give CPU number @cpu its stacks, over guard pages
 * @pa: CPU_STACK_SIZE zeroed bytes, page aligned
 *
 * Return: where its stack begins.  Context: while memblock allocates.
 */
uint64_t arch_map_cpu_stack(unsigned int cpu, phys_addr_t pa);

/**
 * arch_prepare_cpus() - get ready to start CPUs
 *
 * Return: NULL, or why none can be started.
 */
const char *arch_prepare_cpus(void);

/*
 * Start CPU number @cpu, in two steps 10 ms apart; the second may be repeated.  When it is in the
 * kernel its state changes from CPU_STARTING to CPU_ARRIVED, and to CPU_ONLINE.
 */
void arch_reset_cpu(unsigned int cpu);
void arch_start_cpu(unsigned int cpu);

#endif /* ARCH_SMP_H */
