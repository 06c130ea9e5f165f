/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the time of a boot goes: the CPU's ticks at the beginning of each of its phases.
 *
 * Under QEMU's `-icount shift=0,sleep=off` a tick is an instruction, so that the numbers
 * are the same on every host; scripts/bench-guest prints them.
 */
#ifndef KERNEL_LIB_PHASE_H
#define KERNEL_LIB_PHASE_H

#include "kernel/lib/types.h"

#define BOOT_PHASES	20

/**
 * struct boot_phase - a stretch of boot, up to the begin of the next
 * @name: a constant
 * @start: in ticks of the CPU
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

/**
 * struct boot_phases - constant after boot
 * @entry: ticks at the machine's first instructions, stored there by the entry code
 * @ticks: the CPU's counter, NULL: all phases begin at 0
 */
extern struct boot_phases {
	uint64_t		entry;		/* first: the entry code has no other offset */
	uint64_t		(*ticks)(void);
	struct boot_phase	list[BOOT_PHASES];
	unsigned int		nr;
} boot_phases;

#endif /* KERNEL_LIB_PHASE_H */
