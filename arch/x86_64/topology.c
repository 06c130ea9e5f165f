// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which CPUs there are (see smp.h): firmware's list, cut down to what can be and what is wanted.
 *
 *	MADT ─► counted ─► records, from memblock ─► filled, each id once ─► nodes of SRAT
 */
#include "arch/x86_64/smp.h"

#include "boot/madt.h"
#include "boot/srat.h"			/* acpi_cpu_nodes() */
#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/smp.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"		/* ledger_owned() */

#include <asm/cpufeature.h>

#define APIC_ID_MAX	254U		/* of 8 bits, one means all; only x2APIC has more */

/* CPUs that are not used: how many, and the id of the first. */
struct left_out {
	unsigned int	nr;
	uint32_t	first;
};

/**
 * struct topology - the list while it is made
 * @enabled, @hotplug: entries of the MADT
 * @boot_listed: the boot CPU is the first, or was met in the second reading
 * @limit: how many CPUs are wanted
 * @cpus, @nr: the records made so far
 * @rejected: too many; @twice: an id again; @wide: an id that needs an x2APIC
 */
struct topology {
	unsigned int		enabled, hotplug;
	bool			boot_listed;
	unsigned int		limit;
	struct cpu_record	*cpus;
	unsigned int		nr;
	struct left_out		rejected, twice, wide;
};

static void __init count_entry(const struct madt_cpu *entry, void *context)
{
	struct topology *t = context;

	if (!entry->enabled)
		t->hotplug++;
	else if (t->enabled++ == 0)
		t->boot_listed = entry->apic_id == cpu.apic_id;
}

static void __init leave_out(struct left_out *why, uint32_t apic_id)
{
	if (!why->nr++)
		why->first = apic_id;
}

static struct cpu_record *__init find_record(const struct topology *t, uint32_t apic_id)
{
	for (unsigned int i = 0; i < t->nr; i++)
		if (t->cpus[i].hardware_id == apic_id)
			return &t->cpus[i];
	return NULL;
}

static void __init add_record(struct topology *t, uint32_t apic_id)
{
	if (t->nr == t->limit) {
		if (!t->rejected.nr)
			pr_info("CPU topo: CPU limit of %u reached. Ignoring further CPUs\n",
				t->limit);
		leave_out(&t->rejected, apic_id);
		return;
	}
	t->cpus[t->nr++] = (struct cpu_record){ .hardware_id = apic_id, .nid = -1 };
}

/* The boot CPU has a record before it is listed. */
static void __init take_entry(const struct madt_cpu *entry, void *context)
{
	struct topology *t = context;
	const struct cpu_record *known = find_record(t, entry->apic_id);

	if (!entry->enabled)
		return;
	if (!known && entry->apic_id > APIC_ID_MAX && !cpu.x2apic)
		leave_out(&t->wide, entry->apic_id);
	else if (!known)
		add_record(t, entry->apic_id);
	else if (known != t->cpus || t->boot_listed)
		leave_out(&t->twice, entry->apic_id);
	else
		t->boot_listed = true;
}

static void __init take_node(uint32_t apic_id, int nid, void *context)
{
	struct cpu_record *record = find_record(context, apic_id);

	if (record)
		record->nid = nid;
}

static void __init set_limit(struct topology *t)
{
	unsigned int possible = smp.wish.off ? 1U : smp.wish.possible;

	t->limit = smp.wish.nr_cpus;
	if (possible && possible < t->limit) {
		t->limit = possible;
		pr_info("CPU topo: Limiting to %u possible CPUs\n", t->limit);
	}
}

/* Room for every entry there is or may be; an id that comes twice leaves some unused. */
static void __init alloc_records(struct topology *t)
{
	const unsigned int most = MIN(t->enabled + 1, t->limit);
	const phys_addr_t bytes = most * sizeof(struct cpu_record);

	smp.boot.hardware_id = cpu.apic_id;
	t->cpus = &smp.boot;
	t->nr = 1;
	if (t->enabled < 2 || most < 2)
		return;
	t->cpus = ledger_owned(memblock_alloc(bytes, SMP_CACHE_BYTES), bytes, "CPU records");
	if (t->cpus) {
		t->cpus[0] = smp.boot;
		return;
	}
	pr_warn("CPU topo: no memory for %u records of CPUs\n", most);
	t->cpus = &smp.boot;
	t->limit = 1;
}

static void __init report_left_out(const struct left_out *why, const char *what)
{
	if (why->nr)
		pr_warn("CPU topo: %u %s; left out, the first is APIC id %u\n", why->nr, what,
			why->first);
}

void __init init_possible_cpus(void)
{
	struct topology topology = { 0 }, *t = &topology;

	set_limit(t);
	acpi_madt_cpus(count_entry, t);
	alloc_records(t);
	if (t->enabled > 1 || !t->boot_listed) {
		t->boot_listed = false;
		acpi_madt_cpus(take_entry, t);
		acpi_cpu_nodes(take_node, t);
	}
	smp_set_cpus(t->cpus, t->nr);
	smp.possible = MIN(t->nr + t->hotplug, t->limit);

	pr_info("CPU topo: Allowing %u present CPUs plus %u hotplug CPUs\n", t->nr,
		smp.possible - t->nr);
	if (t->rejected.nr)
		pr_info("CPU topo: Rejected CPUs %u\n", t->rejected.nr);
	if (t->enabled && !t->boot_listed)
		pr_warn("CPU topo: the boot CPU, APIC id %u, is not in the MADT\n", cpu.apic_id);
	report_left_out(&t->twice, "entries of the MADT have an APIC id again");
	report_left_out(&t->wide, "CPUs have APIC ids above 254, and there is no x2APIC");
}
