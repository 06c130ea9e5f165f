/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine after boot: control registers, probing, places.
 */
#include <asm/cpufeature.h>
#include <asm/regs.h>
#include "arch/x86_64/traps.h"
#include "kernel/lib/sections.h"
#include "kernel/lib/string.h"
#include "kernel/main.h"
#include "kernel/selftest.h"

#include <arch/memory.h>
#include <arch/traps.h>

/* Whatever the firmware left: these bits and no others (design: written whole). */
SELFTEST(cpu_control_registers)
{
	uint64_t cr4 = CR4_PAE | BIT(6) /* MCE */ | (cpu.pge ? CR4_PGE : 0);

	expect_eq(t, read_cr0(), 0x80010031UL);		/* PG WP NE ET PE */
	expect_eq(t, read_cr4() & ~CR4_LA57, cr4);
	expect_eq(t, rdmsr(MSR_EFER) & ~0x500UL, cpu.nx ? EFER_NXE : 0);	/* LME LMA */
	expect_eq(t, PAGE_OFFSET, cpu_la57_active() ? PAGE_OFFSET_L5 : PAGE_OFFSET_L4);
}

/* A probe of what is not there comes back, and leaves the value alone. */
SELFTEST(traps_probe)
{
	uint8_t value = 0x5a;

	expect_true(t, !probe_read_byte(0, &value));
	expect_true(t, !probe_read_byte((uint64_t)boot_stack_guard, &value));
	expect_true(t, !probe_read_byte((uint64_t)trap_stacks, &value));
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
		{ (uint64_t)trap_stacks, "exception stack guard page" },
		{ (uint64_t)trap_stacks + PAGE_SIZE, "exception stack" },
		{ (uint64_t)start_kernel, "kernel text" },
		{ (uint64_t)constant, "kernel read-only data" },
		{ (uint64_t)&variable, "kernel bss" },
		{ (uint64_t)phys_to_virt(0x1000), "direct map" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *place = address_place(cases[i].va);

		t->checks++;
		if (strcmp(place, cases[i].place) != 0)
			ktap_fail(t, "%#llx is called \"%s\", not \"%s\"",
				  (unsigned long long)cases[i].va, place, cases[i].place);
	}
}

/* ---- exceptions that come when nothing is as it should be; only when named ----------------- */

/* What comes whenever it likes has a stack of its own; here there is no other. */
SELFTEST(crash_nmi)
{
	(void)t;
	__asm__ volatile("xor %%esp, %%esp; int $2" : : : "memory");
}

SELFTEST(crash_machine_check)
{
	(void)t;
	__asm__ volatile("xor %%esp, %%esp; int $18" : : : "memory");
}

/* An interrupt nobody asked for, of a vector that has no gate. */
SELFTEST(crash_spurious)
{
	(void)t;
	__asm__ volatile("int $0xee");
}
