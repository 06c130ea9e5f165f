/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arm64's part of <arch/cpu.h>.
 */
#ifndef ASM_CPU_H
#define ASM_CPU_H

#include <stdint.h>

static inline void local_irq_disable(void)
{
	__asm__ volatile("msr daifset, #0xf" : : : "memory");
}

static inline void cpu_relax(void)
{
	__asm__ volatile("yield");
}

/* An event that is pending wakes the CPU, and it stops again. */
__attribute__((noreturn)) static inline void cpu_halt(void)
{
	for (;;)
		__asm__ volatile("msr daifset, #0xf; wfi" : : : "memory");
}

/* The virtual counter of the generic timer. */
static inline uint64_t get_cycles(void)
{
	uint64_t count;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(count) : : "memory");
	return count;
}

#endif /* ASM_CPU_H */
