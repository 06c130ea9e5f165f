/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The top floor, called by nobody but the entry code.
 */
#ifndef KERNEL_MAIN_H
#define KERNEL_MAIN_H

#include "kernel/lib/compiler.h"
#include "kernel/lib/types.h"

/* "Daybreak 0.1 (gcc ...)": nothing that differs between two builds of one source. */
extern const char kernel_banner[];

/*
 * The first C function: everything, in order, until the machine stops.
 * @magic: what the loader left in EAX; PVH_MAGIC if it came by the PVH entry
 * @info: physical address of the loader's block
 */
__noreturn void start_kernel(uint32_t magic, phys_addr_t info);

/** free_initmem() - what only boot needed of the image becomes ordinary memory */
void free_initmem(void);

#endif /* KERNEL_MAIN_H */
