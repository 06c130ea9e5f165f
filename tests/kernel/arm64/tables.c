/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Law 8 from inside: the page tables are what the kernel says they are.
 * tests/qemu/arm64-tables.case looks at them from outside as well.
 */
#include "arch/arm64/paging.h"
#include "arch/arm64/paging/paging_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/sections.h"
#include "kernel/lib/string.h"		/* memcmp() */
#include "kernel/selftest.h"
#include "mm/ledger_find.h"
#include "mm/memblock.h"
#include "mm/page_alloc.h"

#include <arch/memory.h>
#include <arch/traps.h>			/* probe_read_byte() */
#include <asm/entry.h>			/* trap_stack_guard */

SELFTEST(page_tables_are_what_they_say)
{
	expect_eq(t, paging_check(), 0);
}

static void expect_rights(struct ktap *t, const void *va, bool write, bool exec)
{
	struct pt_walk w;

	if (!expect_true(t, pt_walk((uint64_t)va, &w)))
		return;
	expect_eq(t, !(w.entry[w.level] & PTE_READONLY), write);
	expect_eq(t, !(w.entry[w.level] & PTE_PXN), exec);
	expect_true(t, w.entry[w.level] & PTE_UXN);
}

SELFTEST(page_tables_protect_the_image)
{
	struct pt_walk w;

	expect_rights(t, _stext, false, true);
	expect_rights(t, __start_rodata, false, false);
	if (__end_ro_after_init - __start_ro_after_init > 0)
		expect_rights(t, __start_ro_after_init, false, false);
	expect_rights(t, _sdata, true, false);
	expect_rights(t, boot_stack, true, false);
	expect_true(t, !pt_walk(0, &w));
	expect_true(t, !pt_walk((uint64_t)boot_stack_guard, &w));
	expect_true(t, !pt_walk((uint64_t)trap_stack_guard, &w));
	expect_true(t, !pt_walk((uint64_t)__init_begin, &w));
	expect_rights(t, phys_to_virt(virt_to_phys(_stext)), false, false);
	expect_rights(t, phys_to_virt(virt_to_phys(__init_begin)), true, false);
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
	expect_readable(t, (uint64_t)trap_stack_guard, false);
	expect_readable(t, (uint64_t)__init_begin, false);
	expect_readable(t, FIXMAP_BASE, false);
	expect_readable(t, PAGE_END, false);
	expect_readable(t, (uint64_t)phys_to_virt(memblock_end_of_DRAM()), false);
}

/* memblock's arrays are still there: whole pages of regions are mapped, those of no-map are not. */
SELFTEST(paging_direct_map_is_memblocks_ram)
{
	const struct memblock_region *r;
	struct pt_walk w;

	for_each_mem_region(r) {
		const phys_addr_t end = ALIGN_DOWN(r->base + r->size, PAGE_SIZE);
		phys_addr_t pa = ALIGN_UP(r->base, PAGE_SIZE);

		while (pa < end && !t->failed) {
			if (pt_walk((uint64_t)phys_to_virt(pa), &w) == memblock_is_nomap(r) ||
			    (w.mapped && w.pa != pa))
				ktap_fail(t, "%#llx of a region with flags %#x leads to %#llx",
					  (unsigned long long)pa, (unsigned int)r->flags,
					  (unsigned long long)w.pa);
			pa = memblock_is_nomap(r) ? pa + PAGE_SIZE :
			     ALIGN_DOWN(pa, pt_size(w.level)) + pt_size(w.level);
		}
		t->checks++;
	}
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

/*
 * All tables of the direct map, without recursion: each is reserved, in no free block, and
 * paging_init() has counted it; so has it the leaves.
 */
SELFTEST(paging_tables_are_owned_and_counted)
{
	const unsigned int top_end = pt_index(PAGE_END - 1, PT_LEVELS);
	phys_addr_t table[PT_LEVELS + 1] = { [PT_LEVELS] = virt_to_phys(static_tables.root) };
	unsigned int at[PT_LEVELS + 1] = { 0 }, level = PT_LEVELS;
	unsigned long tables = 0, leaves[PT_LEVELS + 1] = { 0 };
	struct ledger_answer answer;
	struct page_state state;

	while (at[PT_LEVELS] <= top_end) {
		uint64_t entry;

		if (at[level] == PT_ENTRIES) {
			at[level++] = 0;
			continue;
		}
		entry = table_window(table[level], level)[at[level]++];
		if (!(entry & PTE_VALID))
			continue;
		if (pt_is_leaf(entry, level)) {
			leaves[level]++;
			continue;
		}
		tables++;
		table[--level] = entry & PTE_ADDR;
		ledger_find(table[level], &answer);
		page_get_state(PFN_DOWN(table[level]), &state);
		if (answer.state != LEDGER_RESERVED || state.mark != MARK_NONE)
			return ktap_fail(t, "table of level %u at %#llx is not reserved", level,
					 (unsigned long long)table[level]);
	}
	expect_eq(t, tables, paging.tables);
	for (unsigned int l = PT_4K; l <= PT_1G; l++)
		expect_eq(t, leaves[l], paging.direct[l]);
}
