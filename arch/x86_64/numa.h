/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which memory belongs to which node.
 */
#ifndef ARCH_X86_64_NUMA_H
#define ARCH_X86_64_NUMA_H

/**
 * initmem_init() - give every memory and reserved region its node, make the nodes exist
 *
 * Context: after the direct map and the ACPI tables' reservation, before zone_sizes_init().
 */
void initmem_init(void);

#endif /* ARCH_X86_64_NUMA_H */
