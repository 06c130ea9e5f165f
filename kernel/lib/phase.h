/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the time of a boot goes: the TSC at the beginning of each of its phases.
 *
 * Under QEMU's `-icount shift=0,sleep=off` a tick is an instruction, so that the numbers
 * are the same on every host: scripts/bench-guest.
 */
#ifndef KERNEL_LIB_PHASE_H
#define KERNEL_LIB_PHASE_H

#include "kernel/lib/types.h"

#define BOOT_PHASES	20

/**
 * struct boot_phase - a stretch of boot, up to the begin of the next
 * @name: a constant
 * @start: TSC
 */
struct boot_phase {
	const char	*name;
	uint64_t	start;
};

/** boot_phase_set_clock() - who tells the time, in the CPU's ticks; before that all begin at 0 */
void boot_phase_set_clock(uint64_t (*clock)(void));

/** boot_phase() - a phase begins; those that find no room are part of the last */
void boot_phase(const char *name);

/** boot_phase_get() - phase number @i, NULL past the last; number 0 is the 32-bit entry */
const struct boot_phase *boot_phase_get(unsigned int i);

/* TSC when boot/x86_64/entry32.asm knew that there is one. */
extern uint64_t boot_entry_tsc;

#endif /* KERNEL_LIB_PHASE_H */
