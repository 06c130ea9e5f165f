/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paging on the real CPU: the tables are loaded, rights are enforced, the direct map is the
 * e820 map's RAM.  The rights of the image are in tables.c.
 */
#include "arch/x86_64/paging.h"

#include <asm/cpufeature.h>
#include "arch/x86_64/map/e820_internal.h"
#include "arch/x86_64/paging/paging_internal.h"
#include <asm/regs.h>
#include "arch/x86_64/traps.h"
#include "kernel/lib/align.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sections.h"
#include "kernel/lib/string.h"		/* memcmp() */
#include "kernel/selftest.h"
#include "mm/ledger_find.h"

#include <arch/memory.h>
#include <arch/paging.h>
#include <arch/traps.h>			/* probe_read_byte() */

/* RAM as the map has it, for paging_check(): memblock's arrays may be gone by now. */
static bool next_e820_ram(unsigned long *i, phys_addr_t *start, phys_addr_t *end)
{
	for (*start = *end = 0; *i < e820_table->nr_entries; (*i)++) {
		const struct e820_entry *e = &e820_table->entries[*i];

		if (!e820_is_ram(e))
			continue;
		if (*end && e->addr != *end)
			break;		/* a stretch of its own: next time */
		*start = *end ? *start : e->addr;
		*end = e->addr + e->size;
	}
	*start = ALIGN_UP(*start, PAGE_SIZE);
	*end = ALIGN_DOWN(*end, PAGE_SIZE);
	/* Less than a page: an empty stretch, which paging_check() skips. */
	*end = MAX(*start, *end);
	return *end != 0;
}

SELFTEST(paging_direct_map_is_the_ram_of_the_map)
{
	expect_eq(t, paging_check(next_e820_ram), 0);
}

SELFTEST(paging_cpu_obeys_the_tables)
{
	expect_true(t, paging_is_live());
	expect_eq(t, read_cr3() & PTE_ADDR, kernel_page_table()->root);
	expect_true(t, read_cr0() & CR0_WP);
	expect_eq(t, (read_cr4() & CR4_PGE) != 0, cpu.pge);
	expect_eq(t, (rdmsr(MSR_EFER) & EFER_NXE) != 0, cpu.nx);
	expect_eq(t, kernel_page_table()->levels, cpu_la57_active() ? 5 : 4);
}

/* What the walk says is unmapped faults, and the other way round. */
static void expect_readable(struct ktap *t, uint64_t va, bool readable)
{
	struct pt_walk w;
	uint8_t byte;

	expect_eq(t, probe_read_byte(va, &byte), readable);
	expect_eq(t, pt_walk(va, &w), readable);
}

SELFTEST(paging_holes_fault)
{
	expect_readable(t, 0, false);
	expect_readable(t, virt_to_phys(_text), false);		/* identity map */
	expect_readable(t, (uint64_t)boot_stack_guard, false);
	expect_readable(t, (uint64_t)trap_stacks, false);
	expect_readable(t, PAGE_OFFSET + get_max_mapped(), false);
	expect_readable(t, PAGE_OFFSET + get_max_mapped() - 1, true);
	expect_readable(t, PAGE_OFFSET, true);
	expect_readable(t, FIXMAP_BASE, false);
	expect_readable(t, 0x800000000000, false);
	if (!e820__mapped_any(0xfee00000, 0xfee01000, E820_TYPE_RAM))
		expect_readable(t, PAGE_OFFSET + 0xfee00000, false);
}

SELFTEST(paging_early_memremap_shows_the_same_bytes)
{
	phys_addr_t pa = virt_to_phys(_text) + 0x80;
	char *p = early_memremap(pa, 2 * PAGE_SIZE);

	if (!expect_true(t, p))
		return;
	expect_true(t, memcmp(p, _text + 0x80, 2 * PAGE_SIZE) == 0);
	early_memunmap(p, 2 * PAGE_SIZE);
	expect_readable(t, (uint64_t)p, false);
	expect_eq(t, early_memremap_count(), 0);
}

/* Every table below the one at @table, which is of @level, belongs to somebody. */
static unsigned long check_owned(struct ktap *t, phys_addr_t table, unsigned int level)
{
	const uint64_t *entries = phys_to_virt(table);
	struct ledger_answer answer;
	unsigned long n = 1;

	ledger_find(table, &answer);
	if (answer.state != LEDGER_RESERVED)
		ktap_fail(t, "table of level %u at %#llx is not reserved", level,
			  (unsigned long long)table);
	for (unsigned int i = 0; i < PT_ENTRIES && level > PT_4K; i++)
		if ((entries[i] & PTE_P) && !(entries[i] & PTE_PS))
			n += check_owned(t, entries[i] & PTE_ADDR, level - 1);
	return n;
}

SELFTEST(paging_tables_are_owned_and_counted)
{
	struct page_table *pt = kernel_page_table();

	expect_eq(t, check_owned(t, pt->root, pt->levels), pt->tables);
}

SELFTEST(paging_counters_are_what_the_tables_hold)
{
	unsigned long pages[PT_1G + 1] = { 0 };
	struct paging_counts counts;
	struct pt_range r;

	for (uint64_t va = PAGE_OFFSET; pt_next_kernel_range(va, &r) && r.first < KERNEL_MAP_BASE;
	     va = r.last + 1)
		pages[r.level] += (r.last - r.first + 1) >> pt_shift(r.level);
	paging_get_counts(&counts);
	for (unsigned int l = PT_4K; l <= PT_1G; l++)
		expect_eq(t, counts.direct[l], pages[l]);
}

/* Not a test by itself: what tests/qemu/checks/tables compares with QEMU's `info tlb`. */
SELFTEST(report_paging)
{
	ktap_note(t, "the kernel's own report of its tables:");
	arch_report_meminfo(printk);
	pt_dump_ranges(printk);
	expect_true(t, kernel_page_table()->tables);
}
