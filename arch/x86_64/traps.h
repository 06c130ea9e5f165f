/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What traps.asm and the tables of exceptions share.
 */
#ifndef ARCH_X86_64_TRAPS_H
#define ARCH_X86_64_TRAPS_H

#include <arch/memory.h>		/* PAGE_SIZE */

/*
 * Stacks for #DF, NMI and #MC in one array, each with a guard page below that
 * init_mem_mapping() unmaps:   | guard | stack . . . | guard | stack . . . | ...
 */
#define TRAP_STACK_COUNT	3
#define TRAP_STACK_STRIDE	(3 * PAGE_SIZE)
extern char trap_stacks[TRAP_STACK_COUNT * TRAP_STACK_STRIDE];

/* What the entry stubs of traps.asm leave on the stack, lowest address first. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss;
};

/* Interrupts: another CPU has work for this one; nobody sent it. */
#define VECTOR_CALL	32
#define VECTOR_SPURIOUS	33
#define VECTORS		34

/* Use the table of exceptions and interrupts that trap_init() has made, on another CPU. */
void trap_load(void);

/* C entry of every exception, called by traps.asm only. */
void trap_handle(struct trap_frame *frame);

#endif /* ARCH_X86_64_TRAPS_H */
