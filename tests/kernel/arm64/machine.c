/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine after boot: system registers, probing, places.
 */
#include "kernel/lib/sections.h"
#include "kernel/lib/string.h"
#include "kernel/main.h"
#include "kernel/selftest.h"

#include <arch/memory.h>
#include <arch/traps.h>
#include <asm/entry.h>
#include <asm/pgtable.h>
#include <asm/sysreg.h>

#define SCTLR_ON	0x100dUL	/* I-cache, stack alignment, D-cache, MMU */
#define SCTLR_BAD	0x2000002UL	/* big endian data, alignment checks */
#define TCR_T0SZ	0x3fUL
#define TCR_EPD0	BIT(7)
#define TCR_T1SZ	(0x3fUL << 16)
#define TCR_TG1_4K	(2UL << 30)

/* Wherever the loader entered, at EL2 or EL1: this level, these bits. */
SELFTEST(cpu_control_registers)
{
	const uint64_t tcr = read_sysreg(tcr_el1);

	expect_eq(t, read_sysreg(CurrentEL) >> 2, 1);
	expect_eq(t, read_sysreg(sctlr_el1) & (SCTLR_ON | SCTLR_BAD), SCTLR_ON);
	expect_eq(t, read_sysreg(mair_el1), MAIR_NORMAL_WB | MAIR_DEVICE << 8);
	expect_eq(t, (tcr & TCR_T1SZ) >> 16, 64 - 48);
	expect_eq(t, tcr & (3UL << 30), TCR_TG1_4K);
	expect_true(t, tcr & TCR_EPD0);
	expect_eq(t, read_sysreg(ttbr1_el1) & PTE_ADDR, virt_to_phys(static_tables.root));
}

/* A probe of what is not there comes back, and leaves the value alone. */
SELFTEST(traps_probe)
{
	uint8_t value = 0x5a;

	expect_true(t, !probe_read_byte(0, &value));
	expect_true(t, !probe_read_byte((uint64_t)boot_stack_guard, &value));
	expect_true(t, !probe_read_byte((uint64_t)trap_stack_guard, &value));
	expect_true(t, !probe_read_byte(0x8000000000000000UL, &value));
	expect_eq(t, value, 0x5a);
	expect_true(t, probe_read_byte((uint64_t)"B", &value));
	expect_eq(t, value, 'B');
}

SELFTEST(traps_name_places)
{
	static const char constant[] = "x";
	static char variable;
	char local;
	const struct {
		uint64_t	va;
		const char	*place;
	} cases[] = {
		{ 0, "NULL page" },
		{ PAGE_SIZE, "lower half, where nothing is mapped" },
		{ 0x8000000000000000UL, "not a canonical address" },
		{ (uint64_t)boot_stack_guard, "boot stack guard page" },
		{ (uint64_t)&local, "boot stack" },
		{ (uint64_t)trap_stack_guard, "exception stack guard page" },
		{ (uint64_t)trap_stack_guard + PAGE_SIZE, "exception stack" },
		{ (uint64_t)start_kernel, "kernel text" },
		{ (uint64_t)constant, "kernel read-only data" },
		{ (uint64_t)&variable, "kernel bss" },
		{ (uint64_t)phys_to_virt(virt_to_phys(_text)), "direct map" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *place = address_place(cases[i].va);

		t->checks++;
		if (strcmp(place, cases[i].place) != 0)
			ktap_fail(t, "%#llx is called \"%s\", not \"%s\"",
				  (unsigned long long)cases[i].va, place, cases[i].place);
	}
}
