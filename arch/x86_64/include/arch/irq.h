/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts and waiting.  This kernel polls: interrupts stay off for its whole life.
 */
#ifndef ARCH_IRQ_H
#define ARCH_IRQ_H

static inline void local_irq_disable(void)
{
	__asm__ volatile("cli" : : : "memory");
}

/* Inside a loop that waits for a device. */
static inline void cpu_relax(void)
{
	__asm__ volatile("pause");
}

/* Stop for good; only an NMI or a debugger wakes the CPU, and it stops again. */
__attribute__((noreturn)) static inline void cpu_halt(void)
{
	for (;;)
		__asm__ volatile("cli; hlt" : : : "memory");
}

#endif /* ARCH_IRQ_H */
