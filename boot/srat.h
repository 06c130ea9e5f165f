/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SRAT and SLIT: what firmware says about nodes and their distances.
 */
#ifndef BOOT_SRAT_H
#define BOOT_SRAT_H

#include "kernel/lib/types.h"

/**
 * acpi_numa_init() - a finder for numa_memblks_init()
 *
 * Reads SRAT's CPU entries, then its memory entries, then SLIT, with Linux's lines.
 * Nodes are numbered as their proximity domains first appear.  Tables are foreign
 * input: every length is checked, and what makes no sense costs the table its
 * credit, never the boot.
 *
 * Return: 0 if there are nodes with memory; negative: use one node for everything.
 */
int acpi_numa_init(void);

/**
 * acpi_cpu_nodes() - tell which node each CPU of SRAT is on
 * @take: called for each enabled entry whose domain has a node; a CPU may come twice
 * @context: handed on
 *
 * Context: after acpi_numa_init(); silent where SRAT was not used.
 */
void acpi_cpu_nodes(void (*take)(uint32_t apic_id, int nid, void *context), void *context);

/** disable_srat() - numa=noacpi: do not use SRAT */
void disable_srat(void);

#endif /* BOOT_SRAT_H */
