// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of phases (see phase.h).
 */
#include "kernel/lib/phase.h"

uint64_t boot_entry_tsc;

static struct boot_phase phases[BOOT_PHASES];
static unsigned int nr_phases;
static uint64_t (*ticks)(void);

void boot_phase_set_clock(uint64_t (*clock)(void))
{
	ticks = clock;
}

void boot_phase(const char *name)
{
	if (!nr_phases)
		phases[nr_phases++] = (struct boot_phase){ "entry", boot_entry_tsc };
	if (nr_phases < BOOT_PHASES)
		phases[nr_phases++] = (struct boot_phase){ name, ticks ? ticks() : 0 };
}

const struct boot_phase *boot_phase_get(unsigned int i)
{
	return i < nr_phases ? &phases[i] : NULL;
}
