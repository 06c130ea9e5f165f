/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x86_64's part of <arch/smp.h>.  The stacks of a CPU as they lie in its slot of the kernel's
 * address space, each over a page that is missing; traces climb from left to right:
 *
 *	| guard | #DF | guard | NMI | guard | #MC | guard | stack | (nothing) |
 *	  4 K     8 K   4 K     8 K   4 K     8 K   4 K     16 K    8 K
 */
#ifndef ASM_SMP_H
#define ASM_SMP_H

#define CPU_TRAP_STACK_SIZE	0x2000UL
#define CPU_MAIN_STACK_SIZE	0x4000UL
#define CPU_STACK_SIZE		(3 * CPU_TRAP_STACK_SIZE + CPU_MAIN_STACK_SIZE)

#define SMP_SETUP_PERCPU	1
#define SMP_BOOTING	"smpboot: x86: Booting SMP configuration:"

#endif /* ASM_SMP_H */
