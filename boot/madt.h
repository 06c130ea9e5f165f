/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MADT: which CPUs firmware knows of.
 */
#ifndef BOOT_MADT_H
#define BOOT_MADT_H

#include "kernel/lib/types.h"

/**
 * struct madt_cpu - an entry for a CPU
 * @apic_id: what the machine calls it
 * @enabled: it is there; else it may be plugged in later
 */
struct madt_cpu {
	uint32_t	apic_id;
	bool		enabled;
};

/**
 * acpi_madt_cpus() - hand each CPU of the MADT to @take, in the order of the table
 * @context: handed on
 *
 * Entries of CPUs that are neither there nor ever will be are left out, as are ids that mean "all
 * CPUs".  The table is foreign input: an id may come twice, and it may be any.
 */
void acpi_madt_cpus(void (*take)(const struct madt_cpu *cpu, void *context), void *context);

#endif /* BOOT_MADT_H */
