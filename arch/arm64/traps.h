/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What vectors.S and traps.c share.
 */
#ifndef ARCH_ARM64_TRAPS_H
#define ARCH_ARM64_TRAPS_H

#include "kernel/lib/types.h"

/* What vectors.S leaves on the stack, lowest address first. */
struct trap_frame {
	uint64_t	x[31];		/* x[29] is the frame pointer, x[30] the link register */
	uint64_t	sp;		/* SP_EL0 */
	uint64_t	elr;
	uint64_t	spsr;
	uint64_t	index;		/* of the vector, 0..15 */
	uint64_t	unused;
};

/* C entry of every exception, called by vectors.S only. */
void trap_handle(struct trap_frame *frame);

#endif /* ARCH_ARM64_TRAPS_H */
