// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of phases (see phase.h).
 */
#include "kernel/lib/phase.h"

struct boot_phases boot_phases;

void boot_phase_set_clock(uint64_t (*clock)(void))
{
	boot_phases.ticks = clock;
}

void boot_phase(const char *name)
{
	struct boot_phases *p = &boot_phases;

	if (!p->nr)
		p->list[p->nr++] = (struct boot_phase){ "entry", p->entry };
	if (p->nr < BOOT_PHASES)
		p->list[p->nr++] = (struct boot_phase){ name, p->ticks ? p->ticks() : 0 };
}

const struct boot_phase *boot_phase_get(unsigned int i)
{
	return i < boot_phases.nr ? &boot_phases.list[i] : NULL;
}
