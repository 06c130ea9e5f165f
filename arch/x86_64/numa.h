/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which memory belongs to which node.
 */
#ifndef ARCH_X86_64_NUMA_H
#define ARCH_X86_64_NUMA_H

#include "kernel/lib/types.h"

/**
 * initmem_init() - give every memory and reserved region its node, make the nodes exist
 *
 * By SRAT and SLIT if they make sense and numa=off or noacpi do not forbid it, else one
 * node for all memory; then as numa=fake= says.  Prints Linux's lines up to the second
 * dump of memblock.  Ends movable_node's phase of allocating from the bottom.
 *
 * Context: after the direct map and the ACPI tables' reservation, before zone_sizes_init().
 */
void initmem_init(void);

/* numa=off was said; Linux's name. */
extern bool numa_off;

#endif /* ARCH_X86_64_NUMA_H */
