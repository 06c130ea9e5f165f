// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/firmware/srat.c: CPUs that the MADT lists and nobody starts.
 */
#include "ktap.h"

#include "boot/acpi.h"
#include "boot/srat.h"
#include "host_console.h"
#include "mm_machine.h"
#include "srat_tables.h"

static void reset(void)
{
	mm_machine_reset();
	fake_tables_clear();
}

KTAP_TEST(test_cpus_that_are_not_started_are_counted)
{
	reset();
	fake_madt(4);
	acpi_report_cpus();
	expect_log("cpu: 4 CPUs are there, one runs; not started: 3");
}

/* 5 entries: CPU 0, it again, a slot for one, one without entry, a wide one; the rest is cut. */
KTAP_TEST(test_only_cpus_that_are_there_are_counted)
{
	struct table_body b = { 0 };

	reset();
	put(&b, 8, 0);
	put(&b, 8, 0x0000000100000800);
	put(&b, 8, 0x0000000100000800);
	put(&b, 8, 0x0000000201010800);		/* may be plugged in later */
	put(&b, 8, 0x0000000002020800);
	put(&b, 8, 0x0000012c00001009);		/* x2APIC id 300 */
	put(&b, 8, 0x0000000000000001);
	put(&b, 4, 0xff030800);			/* longer than the table */
	fake_table_add("APIC", 1, b.bytes, b.n);
	acpi_report_cpus();
	expect_log("cpu: 2 CPUs are there, one runs; not started: 1");
}

KTAP_TEST(test_one_cpu_is_nothing_to_say)
{
	reset();
	acpi_report_cpus();
	fake_madt(1);
	acpi_report_cpus();
	expect_no_log("not started");
}
