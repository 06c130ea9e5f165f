/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * crashkernel=: room for a second kernel that looks at the ruins of the first.
 *
 *	crashkernel=SIZE[@OFFSET]		here or anywhere, below 4 GiB first
 *	crashkernel=LO-[HI]:SIZE[,...][@OFFSET]	SIZE by amount of RAM, first range that fits
 *	crashkernel=SIZE,high			above 4 GiB first, and then a low part too
 *	crashkernel=SIZE,low			how large the low part is
 *
 * As in Linux the word is looked for in the raw command line, so quotes and `--` mean
 * nothing to it; of several the last one counts.
 */
#ifndef MM_CRASH_H
#define MM_CRASH_H

#include "kernel/lib/types.h"

/** struct crash_area - [base, base + size); size 0: nothing reserved */
struct crash_area {
	phys_addr_t	base;
	phys_addr_t	size;
};

/* The area, and its part below 4 GiB if the area itself is above. */
extern struct crash_area crashk_res, crashk_low_res;

/**
 * reserve_crashkernel() - do what the command line says
 * @cmdline: raw
 *
 * Failure costs a line and nothing else: no half reservation stays behind.
 * Context: after nodes are known, before zones are sized.
 */
void reserve_crashkernel(const char *cmdline);

/* ---- for tests ---- */

/** struct crash_request - what the command line asks for; size 0: nothing */
struct crash_request {
	phys_addr_t	size;
	phys_addr_t	base;		/* 0: anywhere */
	phys_addr_t	low_size;	/* with @high; of a fixed area there is no low part */
	bool		high;
};

/** parse_crashkernel() - the words for a machine of @ram bytes; says what it does not understand */
struct crash_request parse_crashkernel(const char *cmdline, phys_addr_t ram);

#endif /* MM_CRASH_H */
