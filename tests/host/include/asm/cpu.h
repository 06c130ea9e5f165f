/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <asm/cpu.h> of host builds: who waits, waits for another thread; time stands still.
 */
#ifndef ASM_CPU_H
#define ASM_CPU_H

#include <sched.h>
#include <stdint.h>

static inline void cpu_relax(void)
{
	sched_yield();
}

/* No program stops for good. */
__attribute__((noreturn)) static inline void cpu_halt(void)
{
	__builtin_trap();
}

static inline uint64_t get_cycles(void)
{
	return 0;
}

#endif /* ASM_CPU_H */
