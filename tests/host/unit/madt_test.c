// SPDX-License-Identifier: GPL-2.0-only
/*
 * From MADT and SRAT to CPUs with memory: boot/firmware/madt.c, arch/x86_64/topology.c,
 * mm/takers/percpu.c.
 */
#include "ktap.h"

#include "arch/x86_64/smp.h"
#include "boot/acpi.h"
#include "boot/madt.h"
#include "boot/srat.h"
#include "host_console.h"
#include "kernel/lib/smp.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/mm_init.h"
#include "mm/percpu.h"
#include "mm_machine.h"
#include "srat_tables.h"

#include <arch/memory.h>
#include <arch/smp.h>
#include <asm/cpufeature.h>

#include <string.h>

static const struct smp switched_on = {
	.cpus = &smp.boot, .nr = 1, .possible = 1, .online = 1,
	.wish = { .nr_cpus = NR_CPUS, .max_cpus = NR_CPUS },
	.boot = { .state = CPU_ONLINE, .area = &boot_cpu, .nid = -1 },
};

static struct table_body madt;

static void begin(void)
{
	mm_machine_reset();
	fake_tables_clear();
	smp = switched_on;
	cpu.x2apic = false;
	cpu.apic_id = 0;
	console_loglevel = LOG_DEBUG + 1;
	madt.n = 0;
	put(&madt, 8, 0);
}

static void narrow(uint8_t id, uint32_t flags)
{
	put(&madt, 4, 0x0800u | (uint32_t)id << 24);
	put(&madt, 4, flags);
}

static void wide(uint32_t id, uint32_t flags)
{
	put(&madt, 4, 0x1009);
	put(&madt, 4, id);
	put(&madt, 4, flags);
	put(&madt, 4, 0);
}

/* With the page map in place, as in setup_arch(). */
static void find_cpus_on(const struct mm_machine *machine)
{
	fake_table_add("APIC", 1, madt.bytes, madt.n);
	mm_machine_memory(machine);
	zone_sizes_init();
	init_possible_cpus();
}

static void find_cpus(void)
{
	find_cpus_on(&mm_machine_1g);
}

KTAP_TEST(test_four_cpus_in_the_order_of_the_table)
{
	begin();
	narrow(0, 1);
	narrow(2, 1);
	narrow(1, 1);
	narrow(3, 1);
	find_cpus();
	expect_log("CPU topo: Allowing 4 present CPUs plus 0 hotplug CPUs");
	expect_eq(smp.nr, 4);
	expect_eq(smp.cpus[1].hardware_id, 2);
	expect_eq(smp.cpus[2].hardware_id, 1);
	setup_per_cpu_areas();
	expect_log("setup_percpu: NR_CPUS:8192 nr_cpumask_bits:4 nr_cpu_ids:4 nr_node_ids:1");
	expect_log("pcpu-alloc: [0] 0 1 2 3 \n");
}

/* One CPU costs no memory, and neither does a machine without a MADT. */
KTAP_TEST(test_one_cpu_takes_nothing)
{
	phys_addr_t before;

	for (unsigned int entries = 0; entries < 2; entries++) {
		begin();
		if (entries)
			narrow(0, 1);
		fake_table_add("APIC", 1, madt.bytes, madt.n);
		mm_machine_memory(&mm_machine_1g);
		zone_sizes_init();
		before = memblock_reserved_size();
		init_possible_cpus();
		setup_per_cpu_areas();
		expect_eq(memblock_reserved_size(), before);
		expect_eq(smp.nr, 1);
		expect_log("CPU topo: Allowing 1 present CPUs plus 0 hotplug CPUs");
	}
}

static void some_are_off(void)
{
	narrow(0, 1);
	narrow(1, 0);		/* never */
	narrow(2, 2);		/* one day */
	narrow(3, 1);
}

static void some_come_twice(void)
{
	narrow(0, 1);
	narrow(1, 1);
	narrow(1, 1);
	narrow(0, 1);
	wide(1, 1);
}

static void some_are_wide(void)
{
	narrow(0, 1);
	narrow(0xff, 1);	/* all of them: no CPU */
	wide(254, 1);
	wide(300, 1);
	wide(0xffffffff, 1);
}

static void the_boot_cpu_is_missing(void)
{
	narrow(5, 1);
	narrow(6, 1);
}

static void four(void)
{
	for (uint8_t id = 0; id < 4; id++)
		narrow(id, 1);
}

static void one_is_cut(void)
{
	narrow(0, 1);
	narrow(1, 1);
	put(&madt, 4, 0xff020800);	/* length 8, and 4 are left */
}

static void one_has_no_length(void)
{
	narrow(0, 1);
	put(&madt, 8, 0);
	narrow(1, 1);
}

#define WISH	.nr_cpus = NR_CPUS, .max_cpus = NR_CPUS

static const struct {
	const char	*name;
	void		(*entries)(void);
	struct smp_wish	wish;
	unsigned int	cpus, possible;
	const char	*says;
} odd[] = {
	{ .name = "disabled ones do not count, those for later do", .entries = some_are_off,
	  .wish = { WISH }, .cpus = 2, .possible = 3,
	  .says = "Allowing 2 present CPUs plus 1 hotplug CPUs" },
	{ .name = "an id counts once", .entries = some_come_twice, .wish = { WISH }, .cpus = 2,
	  .possible = 2,
	  .says = "3 entries of the MADT have an APIC id again; left out, the first is APIC id 1" },
	{ .name = "ids of more than 8 bits need an x2APIC", .entries = some_are_wide,
	  .wish = { WISH }, .cpus = 2, .possible = 2,
	  .says = "1 CPUs have APIC ids above 254, and there is no x2APIC; left out, the first is APIC id 300" },
	{ .name = "the boot CPU is there, listed or not", .entries = the_boot_cpu_is_missing,
	  .wish = { WISH }, .cpus = 3, .possible = 3,
	  .says = "the boot CPU, APIC id 0, is not in the MADT" },
	{ .name = "nosmp", .entries = four, .wish = { .off = true, WISH }, .cpus = 1,
	  .possible = 1, .says = "CPU topo: Limiting to 1 possible CPUs\n"
				 "CPU topo: CPU limit of 1 reached. Ignoring further CPUs\n"
				 "CPU topo: Allowing 1 present CPUs plus 0 hotplug CPUs\n"
				 "CPU topo: Rejected CPUs 3\n" },
	{ .name = "possible_cpus=2", .entries = four, .wish = { .possible = 2, WISH }, .cpus = 2,
	  .possible = 2, .says = "CPU topo: Limiting to 2 possible CPUs\n"
				 "CPU topo: CPU limit of 2 reached. Ignoring further CPUs\n" },
	{ .name = "nr_cpus=3", .entries = four,
	  .wish = { .nr_cpus = 3, .max_cpus = NR_CPUS }, .cpus = 3, .possible = 3,
	  .says = "CPU topo: CPU limit of 3 reached. Ignoring further CPUs\n"
		  "CPU topo: Allowing 3 present CPUs plus 0 hotplug CPUs\n"
		  "CPU topo: Rejected CPUs 1\n" },
	{ .name = "maxcpus=2 knows of all", .entries = four,
	  .wish = { .nr_cpus = NR_CPUS, .max_cpus = 2 }, .cpus = 4, .possible = 4,
	  .says = "Allowing 4 present CPUs" },
	{ .name = "an entry that passes the end", .entries = one_is_cut, .wish = { WISH },
	  .cpus = 2, .possible = 2, .says = "[APIC:0x00] entry of type 0 at" },
	{ .name = "an entry without a length", .entries = one_has_no_length, .wish = { WISH },
	  .cpus = 1, .possible = 1, .says = "[APIC:0x00] Invalid zero length" },
};

KTAP_TABLE_TEST(test_odd_tables, odd, c)
{
	begin();
	smp.wish = c->wish;
	c->entries();
	find_cpus();
	expect_eq(smp.nr, c->cpus);
	expect_eq(smp.possible, c->possible);
	expect_log(c->says);
}

KTAP_TEST(test_wide_ids_with_an_x2apic)
{
	begin();
	cpu.x2apic = true;
	some_are_wide();
	find_cpus();
	expect_eq(smp.nr, 3);
	expect_eq(smp.cpus[2].hardware_id, 300);
}

static const struct mm_machine mm_machine_64m = {
	.name = "64 MiB", .ram = { { 0x1000, 0x9f000, 0 }, { 0x100000, 0x3f00000, 0 } },
};

/* Those that are too many are counted, those for which there is no memory too. */
KTAP_TEST(test_four_thousand)
{
	begin();
	cpu.x2apic = true;
	for (uint32_t id = 0; id < 4000; id++)
		wide(id, 1);
	smp.wish.nr_cpus = 3000;
	find_cpus_on(&mm_machine_64m);
	expect_eq(smp.nr, 3000);
	expect_log("CPU topo: Rejected CPUs 1000");
	setup_per_cpu_areas();
	expect_log("percpu: 3000 CPUs of 24K each are more than a quarter of the");
	expect_true(smp.nr > 300 && smp.nr < 700);
	expect_true(smp.cpus[smp.nr - 1].area != NULL);
}

/* ---- memory ---- */

static const struct mm_machine two_nodes = {
	.name = "two nodes",
	.ram = {
		{ 0x1000, 0x9f000, 0 }, { 0x100000, 0x0ff00000, 0 }, { 0x10000000, 0x10000000, 1 },
	},
};

static int node_at(const void *area)
{
	return virt_to_phys(area) < 0x10000000 ? 0 : 1;
}

/* The law: a CPU's area and its stack are on its node, owned by name, and zero. */
KTAP_TEST(test_areas_are_on_their_nodes)
{
	static struct table_body srat;
	struct ledger_entry entry;

	begin();
	four();
	fake_table_add("APIC", 1, madt.bytes, madt.n);
	srat_begin(&srat);
	srat_cpu(&srat, 0, 0, 1);
	srat_cpu(&srat, 1, 1, 1);
	srat_cpu(&srat, 0, 2, 1);
	srat_cpu(&srat, 1, 3, 1);
	srat_memory(&srat, 0, 0, 0x10000000, 1);
	srat_memory(&srat, 1, 0x10000000, 0x10000000, 1);
	srat_done(&srat, 3);
	acpi_numa_init();
	mm_machine_memory(&two_nodes);
	zone_sizes_init();
	init_possible_cpus();
	setup_per_cpu_areas();
	for (unsigned int n = 1; n < 4; n++) {
		struct per_cpu *area = smp.cpus[n].area;

		expect_eq(smp.cpus[n].nid, (int)n % 2);
		expect_eq(node_at(area), (int)n % 2);
		expect_eq(node_at((void *)(uintptr_t)(smp.cpus[n].stack_top - 1)), (int)n % 2);
		expect_true(area->self == area);
		expect_eq(area->cpu, n);
		expect_eq(area->printk_depth, 0);
		expect_true(ledger_find_record(virt_to_phys(area), &entry));
		expect_str_eq(entry.owner, "per-CPU areas");
	}
	expect_log("pcpu-alloc: [0] 0 [1] 1 [0] 2 [1] 3 \n");
}

KTAP_TEST(test_cpus_behind_a_gic_number_the_nodes)
{
	static struct table_body srat;

	begin();
	srat_begin(&srat);
	srat_memory(&srat, 5, 0, 64ULL << 20, 1);
	srat_memory(&srat, 3, 64ULL << 20, 64ULL << 20, 1);
	srat_gicc(&srat, 7, 0, 0);		/* disabled: takes no number */
	srat_gicc(&srat, 3, 1, 1);
	srat_done(&srat, 3);
	expect_eq(acpi_numa_init(), 0);
	expect_log("ACPI: SRAT: Node 1 PXM 5 [mem 0x00000000-0x03ffffff]");
	expect_log("ACPI: SRAT: Node 0 PXM 3 [mem 0x04000000-0x07ffffff]");
}
