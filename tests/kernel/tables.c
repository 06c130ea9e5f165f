/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Law 8 from inside: the page tables are what the kernel says they are.
 * tests/qemu/tables.case looks at them from outside as well.
 */
#include <asm/cpufeature.h>
#include <asm/regs.h>
#include "arch/x86_64/pagetable.h"
#include "arch/x86_64/paging.h"
#include "kernel/lib/sections.h"
#include "kernel/selftest.h"
#include "mm/page_alloc.h"

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

/* A page of tables must be marked as no block at all. */
static bool table_is_kept(struct ktap *t, phys_addr_t table, unsigned int level)
{
	struct page_state state;

	t->checks++;
	page_get_state(PFN_DOWN(table), &state);
	if (state.mark != MARK_FREE)
		return true;
	ktap_fail(t, "page table of level %u at %#llx is in free block %#lx, order %u", level,
		  (unsigned long long)table, state.head, state.order);
	return false;
}

/*
 * Walk all tables from CR3, without recursion: at[l] is the next entry to look
 * at in table[l].  Stops at the first free table: below it is garbage.
 */
SELFTEST(free_blocks_not_in_page_tables)
{
	unsigned int level = cpu_la57_active() ? 5 : 4;
	const unsigned int top = level;
	phys_addr_t table[PT_LEVELS + 1];
	unsigned int at[PT_LEVELS + 1] = { 0 };

	table[level] = read_cr3() & PTE_ADDR;
	if (!table_is_kept(t, table[level], level))
		return;
	while (level <= top) {
		const uint64_t *entries = phys_to_virt(table[level]);

		if (at[level] == PT_ENTRIES) {
			at[level++] = 0;
			continue;
		}
		uint64_t entry = entries[at[level]++];

		if (!(entry & PTE_P) || level == PT_4K || (level <= PT_1G && entry & PTE_PS))
			continue;
		if (!table_is_kept(t, entry & PTE_ADDR, level - 1))
			return;
		table[--level] = entry & PTE_ADDR;
	}
}
