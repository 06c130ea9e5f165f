/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPU this runs on.  <asm/cpu.h>, the architecture's own, supplies inline
 *
 *	void local_irq_disable(void)	no interrupts from now on; this kernel polls
 *	void cpu_relax(void)		inside a loop that waits for a device
 *	void cpu_halt(void)		stop for good; does not return
 *	uint64_t get_cycles(void)	a counter that rises with time, from the first instruction
 */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include <asm/cpu.h>

/* Ask what this CPU can do.  First call of start_kernel(); prints nothing, may be repeated. */
void cpu_init(void);

/* One line about it; printed once the log works. */
void cpu_report(void);

#endif /* ARCH_CPU_H */
