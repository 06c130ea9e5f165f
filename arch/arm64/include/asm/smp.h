/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arm64's part of <arch/smp.h>.
 */
#ifndef ASM_SMP_H
#define ASM_SMP_H

#define CPU_STACK_SIZE	0x4000UL

#define SMP_SETUP_PERCPU	0
#define SMP_BOOTING	"smp: starting"

#endif /* ASM_SMP_H */
