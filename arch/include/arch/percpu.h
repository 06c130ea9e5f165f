/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a CPU has of its own.  <asm/percpu.h>, the architecture's own, supplies inline
 *
 *	struct per_cpu *this_cpu(void)	the state of the CPU this runs on, in one instruction; works
 *					from the first C instruction
 *
 * Users include "kernel/lib/percpu.h", which says what stands in it.
 */
#ifndef ARCH_PERCPU_H
#define ARCH_PERCPU_H

#include <asm/percpu.h>

#endif /* ARCH_PERCPU_H */
