/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Law 8 from inside: the page tables are what the kernel says they are.
 * tests/qemu/tables.case looks at them from outside as well.
 */
#include <asm/cpufeature.h>
#include "arch/x86_64/paging.h"
#include "kernel/lib/sections.h"
#include "kernel/selftest.h"

#include <arch/memory.h>

SELFTEST(page_tables_are_what_they_say)
{
	/* memblock's arrays may be gone by now: RAM is checked at boot and from outside. */
	expect_eq(t, paging_check(NULL), 0);
}

static void expect_rights(struct ktap *t, const void *va, bool write, bool exec)
{
	struct pt_walk w;

	if (!expect_true(t, pt_walk((uint64_t)va, &w)))
		return;
	expect_eq(t, w.write, write);
	if (cpu.nx)
		expect_eq(t, w.exec, exec);
}

SELFTEST(page_tables_protect_the_image)
{
	struct pt_walk w;

	expect_rights(t, _stext, false, true);
	expect_rights(t, __start_rodata, false, false);
	if (__end_ro_after_init - __start_ro_after_init > 0)
		expect_rights(t, __start_ro_after_init, false, false);
	expect_rights(t, __end_ro_after_init, true, false);
	expect_rights(t, boot_stack, true, false);
	expect_true(t, !pt_walk(0, &w));
	expect_true(t, !pt_walk((uint64_t)boot_stack_guard, &w));
	expect_true(t, !pt_walk((uint64_t)__init_begin, &w));
	expect_rights(t, phys_to_virt(virt_to_phys(_stext)), false, false);
}
