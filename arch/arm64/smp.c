// SPDX-License-Identifier: GPL-2.0-only
/*
 * One CPU runs; firmware's list of the others is not read.
 */
#include <arch/smp.h>

#include "kernel/lib/bug.h"
#include "kernel/lib/panic.h"

uint64_t arch_map_cpu_stack(unsigned int cpu, phys_addr_t pa)
{
	panic("CPU %u: no place for a stack at %#llx", cpu, (unsigned long long)pa);
}

const char *arch_prepare_cpus(void)
{
	return "this architecture starts none";
}

void arch_reset_cpu(unsigned int cpu)
{
	(void)cpu;
	BUG();
}

void arch_start_cpu(unsigned int cpu)
{
	(void)cpu;
	BUG();
}
