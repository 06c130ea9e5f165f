/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every way to hand a page back that is wrong, on purpose.
 *
 * Law: a wrong free is reported once, changes no counter and breaks no list, and the
 * block it was about stays usable.  What the reports say is tests/qemu/misuse.case's.
 * They run only when named: a log with "BUG" in it is no log of a healthy machine.
 */
#include "kernel/lib/sections.h"	/* _text */
#include "kernel/selftest.h"
#include "mm/buddy.h"
#include "mm/cma.h"
#include "mm/crash.h"
#include "mm/hugetlb.h"
#include "mm/ledger_sum.h"
#include "mm/memblock.h"
#include "mm/mm_init.h"		/* free_reserved_area() */
#include "mm/page_alloc.h"
#include "mm/pcp.h"
#include "mm/release.h"
#include "mm/totalram.h"

#include <arch/memory.h>

/* What must be the same behind a misuse, except for the count of reports. */
struct account {
	unsigned long	free, total, bad;
};

static struct account take_account(void)
{
	return (struct account){ nr_free_pages(), totalram_pages(), bad_page_count() };
}

static void expect_reported(struct ktap *t, const struct account *before, unsigned long reports)
{
	struct account now = take_account();
	struct zone *zone;

	expect_eq(t, now.bad - before->bad, reports);
	expect_eq(t, now.free, before->free);
	expect_eq(t, now.total, before->total);
	expect_true(t, ledger_check());
	for_each_populated_zone(zone) {
		unsigned long where = 0;
		const char *broken = buddy_broken(zone, &where);

		if (broken)
			ktap_fail(t, "zone %s: %s at pfn %#lx", zone->name, broken, where);
	}
}

SELFTEST(report_misuse_double_free)
{
	for (unsigned int order = 0; order <= MAX_PAGE_ORDER; order += 5) {
		struct page *page = alloc_pages(GFP_KERNEL, order);
		struct account before;

		if (!expect_true(t, page))
			return;
		__free_pages(page, order);
		before = take_account();
		__free_pages(page, order);
		expect_reported(t, &before, 1);
	}
}

SELFTEST(report_misuse_wrong_order)
{
	struct page *page = alloc_pages(GFP_KERNEL, 3);
	struct account before = take_account();

	if (!expect_true(t, page))
		return;
	__free_pages(page, 2);
	__free_pages(page, 4);
	__free_pages(page, 0);
	__free_pages(page, MAX_PAGE_ORDER + 1);
	__free_pages(page, ~0U);
	expect_reported(t, &before, 5);
	expect_eq(t, page_count(page), 1);
	__free_pages(page, 3);
	expect_eq(t, bad_page_count(), before.bad + 5);
}

SELFTEST(report_misuse_unaligned_and_middle)
{
	struct page *page = alloc_pages(GFP_KERNEL, 4);
	struct account before = take_account();
	unsigned long pfn = page_to_pfn(page);

	if (!expect_true(t, page))
		return;
	__free_pages(pfn_to_page(pfn + 3), 1);	/* unaligned head */
	__free_pages(pfn_to_page(pfn + 8), 3);	/* aligned, but the middle */
	__free_pages(pfn_to_page(pfn + 5), 0);
	expect_reported(t, &before, 3);
	__free_pages(page, 4);
	expect_eq(t, bad_page_count(), before.bad + 3);
}

/* Ranges may be freed in parts, blocks may not. */
SELFTEST(report_misuse_part_of_a_block)
{
	struct page *page = alloc_pages(GFP_KERNEL, 4);
	struct account before = take_account();
	unsigned long pfn = page_to_pfn(page);

	if (!expect_true(t, page))
		return;
	free_contig_range(pfn, 2);
	free_contig_range(pfn + 15, 1);
	expect_reported(t, &before, 3);
	free_contig_range(pfn, 16);
	expect_eq(t, bad_page_count(), before.bad + 3);
}

SELFTEST(report_misuse_reserved_page)
{
	struct account before = take_account();

	__free_pages(virt_to_page(_text), 0);
	free_pages((unsigned long)zone_index.zone, 0);
	expect_reported(t, &before, 2);
}

SELFTEST(report_misuse_wild_page)
{
	struct account before = take_account();
	struct page *page;

	__free_pages(NULL, 0);
	__free_pages((struct page *)~0UL, 0);
	page = pfn_to_page(zone_index.first_node->node_start_pfn);
	__free_pages((struct page *)((uintptr_t)page + 1), 0);
	free_pages((unsigned long)phys_to_virt(1ULL << 45), 0);
	expect_reported(t, &before, 4);
}

/* The other way in: pages that memblock or its users say they have kept so far. */
SELFTEST(report_misuse_release_of_free_page)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);
	struct account before = take_account();
	unsigned long pfn = page_to_pfn(page);

	if (!expect_true(t, page))
		return;
	memblock_free_late(PFN_PHYS(pfn), 2 * PAGE_SIZE);	/* allocated */
	expect_true(t, !free_reserved_page(pfn));
	expect_reported(t, &before, 3);
	__free_pages(page, 2);
	drain_all_pages();
	before = take_account();
	memblock_free_late(PFN_PHYS(pfn), PAGE_SIZE);		/* free */
	memblock_free_late(PFN_PHYS(1ULL << 33), PAGE_SIZE);	/* 32 TiB: no page at all */
	expect_reported(t, &before, 2);
}

/* Pages of a free block that nobody was ever given, its first one too. */
SELFTEST(report_misuse_never_given)
{
	struct page *page = alloc_pages(GFP_KERNEL, 5);
	struct account before;

	if (!expect_true(t, page))
		return;
	__free_pages(page, 5);
	drain_all_pages();
	before = take_account();
	__free_pages(page, 0);
	__free_pages(pfn_to_page(page_to_pfn(page) + 8), 3);
	__free_pages(pfn_to_page(page_to_pfn(page) + 31), 0);
	__free_pages(page, 5);
	expect_reported(t, &before, 4);
}

static void free_at(phys_addr_t pa, unsigned int order)
{
	__free_pages(pfn_to_page(PFN_DOWN(pa)), order);
}

/* What is no RAM: a hole inside of a zone, and ACPI tables behind its end. */
SELFTEST(report_misuse_hole)
{
	struct account before = take_account();

	free_at(0xa0000, 0);
	free_at(PFN_PHYS(max_pfn), 0);
	free_reserved_page(0xb8);
	expect_reported(t, &before, 3);
}

/*
 * Memory that was taken before the hand-over is not the buddy's to free.  What was given back
 * is: it can be neither freed nor released once more.
 */
SELFTEST(report_misuse_takers)
{
	struct hstate *h = size_to_hstate(SZ_1G);
	phys_addr_t huge = h ? h->first_early : 0, start, size;
	struct account before = take_account();

	if (!expect_true(t, huge && reserve_mem_find_by_name("misused", &start, &size)))
		return;
	free_at(crashk_res.base, 9);
	free_at(huge + SZ_2M, 9);
	free_at(start, 0);
	expect_reported(t, &before, 3);

	expect_true(t, reserve_mem_release_by_name("misused"));
	hugetlb_resize(h, 0);
	drain_all_pages();
	before = take_account();
	expect_true(t, !reserve_mem_release_by_name("misused"));
	memblock_free_late(start, PAGE_SIZE);
	free_at(start, 0);
	free_reserved_range(PFN_DOWN(huge), 3);
	free_at(huge, MAX_PAGE_ORDER);
	free_reserved_area(__init_begin, __init_begin + 2 * PAGE_SIZE, -1, NULL);
	hugetlb_resize(h, 0);
	expect_reported(t, &before, 8);
}

/*
 * Somebody frees a page that a pool has, and part of it is somebody else's by now: the pool
 * notices, and goes no further, for the way to its other pages was in that one.
 */
SELFTEST(report_misuse_huge_page)
{
	struct hstate *h = size_to_hstate(SZ_2M);
	struct account before;
	unsigned long pfn;

	if (!expect_true(t, h && hugetlb_resize(h, 3) == 3))
		return;
	pfn = PFN_DOWN(h->first);
	free_at(h->first, h->order);
	expect_eq(t, alloc_contig_range(pfn + 3, pfn + 4, 0), 0);
	before = take_account();
	expect_eq(t, hugetlb_resize(h, 0), 0);
	expect_reported(t, &before, 1);
	free_contig_range(pfn + 3, 1);
}

SELFTEST(report_misuse_cma)
{
	struct page *page = cma_alloc(4, 0);
	unsigned long pfn = page_to_pfn(page);
	struct account before;

	if (!expect_true(t, page && cma_release(page, 4)))
		return;
	before = take_account();
	cma_release(page, 2);					/* once more */
	expect_true(t, !cma_release(virt_to_page(_text), 1));	/* not of the area */
	expect_true(t, !cma_release(page, cma_area.count + 1));
	free_contig_range(pfn, 1);
	expect_reported(t, &before, 3);
}

/* memblock's time is over: it answers, and changes nothing of the buddy's. */
SELFTEST(report_misuse_memblock)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct account before = take_account();

	t->warns = 2;
	expect_true(t, page && !memblock_alloc(64, 64) && !memblock_phys_alloc(64, 64));
	memblock_phys_free(page_to_phys(page), PAGE_SIZE);
	memblock_reserve(page_to_phys(page), PAGE_SIZE);
	memblock_remove(page_to_phys(page), PAGE_SIZE);
	expect_reported(t, &before, 0);
	expect_eq(t, page_count(page), 1);
	__free_page(page);
}
