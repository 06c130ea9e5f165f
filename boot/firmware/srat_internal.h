/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What srat.c remembers.
 */
#ifndef BOOT_FIRMWARE_SRAT_INTERNAL_H
#define BOOT_FIRMWARE_SRAT_INTERNAL_H

#include "boot/srat.h"
#include "kernel/lib/types.h"
#include "mm/numa.h"			/* MAX_NUMNODES */

#define MAX_APIC_ID	32768U

/**
 * struct srat_state - reading the tables; boot only
 * @disabled: numa=noacpi, or SRAT makes no sense
 * @revision: SRAT's
 * @node_of: by proximity domain, -1: none yet
 * @nr_memory: memory entries believed
 * @present: CPUs of the MADT, a bit by APIC id
 */
extern struct srat_state {
	bool		disabled;
	uint8_t		revision;
	int16_t		node_of[MAX_NUMNODES];
	int		nr_nodes;
	unsigned int	nr_memory;
	uint64_t	present[MAX_APIC_ID / 64];
} srat_state;

#endif /* BOOT_FIRMWARE_SRAT_INTERNAL_H */
