/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the loader's block to a machine with memblock, direct map, nodes and zones.
 */
#ifndef ARCH_X86_64_SETUP_H
#define ARCH_X86_64_SETUP_H

#include "kernel/lib/types.h"

/**
 * setup_arch() - everything about memory that is the PC's own
 * @magic: EAX at entry, says which loader it was
 * @info: physical address of the loader's block
 *
 * Context: second half of boot begins after it: mm_core_init() may be called.
 */
void setup_arch(uint32_t magic, phys_addr_t info);

#endif /* ARCH_X86_64_SETUP_H */
