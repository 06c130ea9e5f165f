/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * After the hand-over: nothing of value is free, and the bytes add up.
 *
 * What is of value is asked from those who know it at first hand -- the
 * linker's symbols, the loader's list, the page map -- and never from
 * memblock or the ledger, whose mistake would hide itself.  What is free is
 * read from the buddy's lists.  The mutation cases (tests/qemu/mutation.case)
 * prove that these tests can fail.
 */
#include "boot/acpi.h"
#include "boot/boot_info.h"
#include "kernel/lib/sections.h"
#include "kernel/selftest.h"
#include "mm/buddy.h"
#include "mm/cma.h"
#include "mm/crash.h"
#include "mm/hugetlb.h"
#include "mm/ledger.h"
#include "mm/ledger_sum.h"
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm/totalram.h"

#include <arch/memory.h>

/* Complain if a free block of any zone touches [base, base + size). */
static void expect_not_free(struct ktap *t, phys_addr_t base, phys_addr_t size, const char *what)
{
	unsigned long first = PFN_DOWN(base), end = PFN_DOWN(base + size - 1) + 1;
	unsigned int complaints = 0;
	struct zone *zone;

	t->checks++;
	if (!size)
		return;
	drain_all_pages();
	for_each_populated_zone(zone)
		for (unsigned int list = 0; list < NR_PAGE_ORDERS * MIGRATE_TYPES; list++) {
			unsigned int order = list / MIGRATE_TYPES;
			unsigned long pfn = buddy_first(zone, order, list % MIGRATE_TYPES);

			for (; pfn != PFN_NONE; pfn = buddy_next(pfn, order)) {
				if (pfn >= end || pfn + BIT(order) <= first || complaints++ > 3)
					continue;
				ktap_fail(t, "%s at %#llx, %llu bytes: block %#lx, order %u is free",
					  what, (unsigned long long)base, (unsigned long long)size,
					  pfn, order);
			}
		}
}

static void expect_image_not_free(struct ktap *t, const char *start, const char *end,
				  const char *what)
{
	expect_not_free(t, virt_to_phys(start), (phys_addr_t)(end - start), what);
}

SELFTEST(free_blocks_not_in_image)
{
	expect_image_not_free(t, _text, _etext, ".text");
	expect_image_not_free(t, __start_rodata, __end_rodata, ".rodata");
	expect_image_not_free(t, __start_ro_after_init, __end_ro_after_init, "ro_after_init");
	expect_image_not_free(t, _sdata, _edata, ".data");
	expect_image_not_free(t, __bss_start, __bss_stop, ".bss");
	expect_image_not_free(t, boot_stack_guard, boot_stack_top, "boot stack");
}

SELFTEST(free_blocks_not_in_boot_info)
{
	for (uint32_t i = 0; i < boot_info.nr_extents; i++) {
		const struct boot_extent *e = &boot_info.extents[i];

		expect_not_free(t, e->range.base, e->range.size, e->owner);
	}
	expect_true(t, boot_info.nr_extents > 0);
}

SELFTEST(free_blocks_not_in_modules)
{
	if (!boot_info.nr_modules)
		ktap_skip(t, "no module");
	for (uint32_t i = 0; i < boot_info.nr_modules; i++) {
		const struct boot_module *m = &boot_info.modules[i];

		t->checks++;
		if (!m->refused && !m->freed)
			expect_not_free(t, m->range.base, m->range.size, "module");
	}
}

/* ACPI tables, good or bad, wherever the firmware put them: other code will read them. */
SELFTEST(free_blocks_not_in_acpi_tables)
{
	const struct acpi_table *table;

	for (unsigned int i = 0; (table = acpi_table_at(i)); i++)
		expect_not_free(t, table->pa, table->length, table->signature);
	if (!t->checks)
		ktap_skip(t, "no ACPI");
}

SELFTEST(free_blocks_not_in_page_map)
{
	for (unsigned int i = 0; i < page_span_count(); i++) {
		const struct page_span *span = page_span_get(i);
		const char *map = (const char *)span_page(span, span->start);
		const char *block = (const char *)span_block(span, span->start);

		expect_not_free(t, virt_to_phys(map), span->pages * sizeof(struct page),
				"page map");
		expect_not_free(t, virt_to_phys(block),
				(span->pages >> PAGEBLOCK_ORDER) * sizeof(struct pageblock),
				"pageblocks");
		expect_not_free(t, virt_to_phys(span_chunk(span, span->start)),
				(span->pages >> CHUNK_ORDER) * sizeof(struct units), "chunks");
	}
	expect_not_free(t, virt_to_phys(page_map.index),
			page_map.index_slots * sizeof(*page_map.index), "page index");
}

SELFTEST(free_blocks_not_in_takers)
{
	const struct hstate *h;

	expect_not_free(t, crashk_res.base, crashk_res.size, "crash kernel");
	expect_not_free(t, crashk_low_res.base, crashk_low_res.size, "low crash kernel");
	for (unsigned int i = 0; (h = hugetlb_get(i)); i++) {
		phys_addr_t pa;

		for (pa = h->first_early; pa; pa = hugetlb_next(h, pa, true))
			expect_not_free(t, pa, PAGE_SIZE << h->order, "huge page");
		for (pa = h->first; pa; pa = hugetlb_next(h, pa, false))
			expect_not_free(t, pa, PAGE_SIZE << h->order, "huge page");
	}
}

/* A pool that grows and shrinks leaves everything as it was. */
SELFTEST(takers_give_back)
{
	struct hstate *h = size_to_hstate(SZ_2M);
	unsigned long pages, free;
	struct page *page;

	if (!h) {
		ktap_skip(t, "no huge pages");
		return;
	}
	drain_all_pages();
	pages = h->pages;
	free = nr_free_pages();
	hugetlb_resize(h, pages + 3);
	expect_eq(t, nr_free_pages() + (h->pages - pages) * 512, free);
	expect_eq(t, hugetlb_resize(h, pages), pages);
	page = cma_alloc(3, 0);
	expect_eq(t, !page, !cma_area.active);
	if (page)
		expect_true(t, cma_release(page, 3));
	expect_eq(t, nr_free_pages(), free);
	expect_true(t, ledger_check());
}

SELFTEST(ledger_is_even)
{
	struct ledger_sum sum;

	expect_true(t, ledger_check());
	ledger_get_sum(&sum);
	expect_eq(t, sum.buddy + sum.reserved + sum.rounding + sum.withheld, sum.usable);
	expect_eq(t, sum.buddy, (totalram_pages() - hugetlb_early_pages()) * PAGE_SIZE);
	expect_eq(t, sum.unnamed, 0);
}

/* Ledger and buddy agree: no record of the ledger is on a free list. */
SELFTEST(ledger_records_are_not_free)
{
	struct ledger_entry e;

	for (unsigned int i = 0; ledger_get(i, &e); i++)
		expect_not_free(t, e.base, e.size, e.owner ? e.owner : "(unnamed)");
}
