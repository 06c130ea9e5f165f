// SPDX-License-Identifier: GPL-2.0-only
/*
 * MADT -> CPUs (ACPI 6.5, 5.2.12).
 *
 *	36 address of the local APICs	40 flags	44 entries, each type, length, ...
 *
 *	entry		length	APIC id	flags
 *	0 CPU		8	3	4
 *	9 x2APIC CPU	16	4	8
 *
 *	flags: bit 0 the CPU is there, bit 1 it may be switched on later
 */
#include "boot/madt.h"

#include "boot/firmware/acpi_entries.h"
#include "kernel/lib/init.h"

#define MADT_ENTRIES	44U
#define MADT_LAPIC	0
#define MADT_X2APIC	9
#define MADT_ENABLED	1U
#define MADT_PRESENT	3U	/* enabled, or may be switched on later */

#define LAPIC_ALL	0xffU		/* what all CPUs are addressed by: no CPU's id */
#define X2APIC_ALL	0xffffffffU

/* Who asks for CPUs. */
struct madt_taker {
	void	(*take)(const struct madt_cpu *cpu, void *context);
	void	*context;
};

static void __init tell(const struct madt_taker *taker, uint32_t apic_id, uint32_t flags)
{
	if (flags & MADT_PRESENT)
		taker->take(&(struct madt_cpu){ .apic_id = apic_id,
						.enabled = flags & MADT_ENABLED },
			    taker->context);
}

static bool __init take_madt_entry(const struct acpi_entry *e, void *context)
{
	if (e->type == MADT_LAPIC && e->body[1] != LAPIC_ALL)
		tell(context, e->body[1], entry_32(e, 4));
	else if (e->type == MADT_X2APIC && entry_32(e, 4) != X2APIC_ALL)
		tell(context, entry_32(e, 4), entry_32(e, 8));
	return true;
}

void __init acpi_madt_cpus(void (*take)(const struct madt_cpu *cpu, void *context), void *context)
{
	const struct acpi_table *madt = acpi_find_table("APIC");
	struct madt_taker taker = { .take = take, .context = context };

	if (madt)
		acpi_walk(madt, MADT_ENTRIES, MADT_LAPIC, take_madt_entry, &taker);
}
