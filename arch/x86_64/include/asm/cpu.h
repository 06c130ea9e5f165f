/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x86_64's part of <arch/cpu.h>.
 */
#ifndef ASM_CPU_H
#define ASM_CPU_H

#include <stdint.h>

static inline void local_irq_disable(void)
{
	__asm__ volatile("cli" : : : "memory");
}

static inline void cpu_relax(void)
{
	__asm__ volatile("pause");
}

/* Only an NMI or a debugger wakes the CPU, and it stops again. */
__attribute__((noreturn)) static inline void cpu_halt(void)
{
	for (;;)
		__asm__ volatile("cli; hlt" : : : "memory");
}

/* With interrupts off: let one come, and be back with interrupts off.  None is missed. */
static inline void cpu_wait_for_interrupt(void)
{
	__asm__ volatile("sti; hlt; cli" : : : "memory");
}

/* The time-stamp counter. */
static inline uint64_t get_cycles(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

#endif /* ASM_CPU_H */
