/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What assembly and C know of each other: boot/arm64/head.S and vectors.S.
 */
#ifndef ASM_ENTRY_H
#define ASM_ENTRY_H

#include "kernel/lib/types.h"

/* x0..x3 as the loader left them; constant after boot. */
extern uint64_t boot_args[4];

/* The stack of exceptions and the page below it, which is never mapped. */
extern char trap_stack_guard[], trap_stack[], trap_stack_top[];

/* The first tables; paging/early_map.c, called by head.S with the MMU off. */
void early_map(void);

/* Where a fault at probe_load(), or at one of the three calls, goes on. */
extern char probe_fault[], call_failed[];
extern char semihost_instruction[], smc_instruction[], hvc_instruction[];
bool probe_load(uint64_t va, uint8_t *value);

#endif /* ASM_ENTRY_H */
