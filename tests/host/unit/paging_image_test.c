// SPDX-License-Identifier: GPL-2.0-only
/*
 * The image's map, law 8 and whether it can fail, walks and dumps, temporary mappings.
 */
#include "arch/x86_64/paging.h"
#include "arch/x86_64/paging/paging_internal.h"
#include "host_console.h"
#include "host_mmu.h"
#include "kernel/lib/align.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "ktap.h"
#include "paging_machine.h"

#include <arch/memory.h>
#include <arch/paging.h>
#include <string.h>

static const struct machine pc = { "pc", .ram = { LOW_RAM, { 1 M, 0x7fe0000 } } };

/* ---- the image; the numbers are those of host_paging_setup ---- */

static void expect_image(phys_addr_t pa, bool mapped, bool write, bool exec)
{
	struct pt_walk w;

	expect_eq(pt_walk(host_paging_setup.image_base + pa, &w), mapped);
	if (!mapped)
		return;
	expect_eq(w.pa, pa);
	expect_eq(w.write, write);
	expect_eq(w.exec, exec);
}

KTAP_TEST(test_image_is_writable_or_executable_never_both)
{
	struct pt_walk w;

	machine_boot(&pc);
	expect_image(0x100000, true, false, true);	/* text          */
	expect_image(0x11ffff, true, false, true);
	expect_image(0x120000, true, false, false);	/* rodata        */
	expect_image(0x130000, true, true, false);	/* ro_after_init */
	expect_image(0x132000, true, true, false);	/* data          */
	expect_image(0x138000, true, false, true);	/* init text     */
	expect_image(0x148000, false, false, false);	/* stack guard   */
	expect_image(0x149000, true, true, false);	/* stack         */
	expect_image(0x164000, false, false, false);	/* behind it     */
	expect_image(0xff000, false, false, false);	/* before it     */
	expect_false(pt_walk(0, &w));			/* NULL          */
	expect_false(pt_walk(0x100000, &w));		/* no identity   */
}

KTAP_TEST(test_mark_rodata_ro_seals_what_boot_wrote)
{
	unsigned long flushes;

	machine_boot(&pc);
	flushes = host_mmu.full_flushes;
	mark_rodata_ro();
	expect_image(0x130000, true, false, false);
	expect_image(0x132000, true, true, false);
	expect_true(host_mmu.full_flushes > flushes);
	expect_log("Write protecting the kernel read-only data: 216k");
	expect_log("x86/mm: Checked W+X mappings: passed, no W+X pages found.");
}

KTAP_TEST(test_released_image_is_unmapped_and_ordinary_memory)
{
	unsigned long flushes;
	struct pt_walk w;

	machine_boot(&pc);
	mark_rodata_ro();
	expect_true(pt_walk(host_paging_setup.direct_base + 0x138000, &w) && !w.write);
	flushes = host_mmu.full_flushes;
	paging_release_image(0x138000, 0x140000);
	expect_eq(host_mmu.full_flushes, flushes + 1);	/* the CPU forgets what it knew of it */
	expect_image(0x138000, false, false, false);
	expect_image(0x13f000, false, false, false);
	expect_image(0x140000, true, true, false);
	expect_true(pt_walk(host_paging_setup.direct_base + 0x138000, &w) && w.write && !w.exec);
	expect_eq(paging_check(paging_ram_memblock), 0);
}

KTAP_TEST(test_image_in_a_large_page_gets_pages_of_its_own)
{
	static const struct machine m = { "", .ram = { { 0, 3 G } }, .gbpages = true };

	machine_boot(&m);
	expect_eq(paging_check(paging_ram_memblock), 0);
	mark_rodata_ro();
	paging_release_image(0x138000, 0x140000);
	expect_eq(paging_check(paging_ram_memblock), 0);
	machine_check_counts();
}

KTAP_TEST(test_too_large_an_image_is_refused)
{
	struct paging_setup set = host_paging_setup;

	machine_describe_memory(&pc);
	set.parts[9].end = 0x1000000;
	paging_setup(&set);
	expect_panic("raise PAGING_FIXED_PAGES") {
		init_mem_mapping(0x7fe0000);
	}
}

/* ---- law 8 can fail ---- */

static const struct offence {
	const char	*name;
	phys_addr_t	pa;
	bool		image;
	uint64_t	set, clear;
	const char	*says;
} offences[] = {
	{ "text writable", 0x100000, true, PTE_W, 0, "writable and executable" },
	{ "data executable", 0x132000, true, 0, PTE_NX, "writable and executable" },
	{ "rodata executable", 0x120000, true, 0, PTE_NX, "execute right" },
	{ "rodata writable", 0x120000, true, PTE_W, 0, "constant part" },
	{ "guard mapped", 0x148000, true, 0, 0, "guard" },
	{ "text alias writable", 0x100000, false, PTE_W, 0, "through the direct map" },
	{ "RAM executable", 0x400000, false, 0, PTE_NX | PTE_W, "direct map is executable" },
	{ "RAM not cached", 0x400000, false, PTE_PCD, 0, "not cached" },
	{ "RAM missing", 0x400000, false, 0, PTE_P, "law 8 broken: RAM [mem" },
	{ "RAM elsewhere", 0x400000, false, 0x1000000, 0, "not linear" },
	{ "page too many", 0x7fe0000, false, 0, 0, "law 8 broken: RAM [mem" },
	{ "mapping nowhere", 0xffffd00000000000, true, 0, 0, "nothing belongs here" },
};

/* The kernel makes no tables after init_mem_mapping(); what a test breaks may need some. */
static phys_addr_t spare_table(void)
{
	static phys_addr_t next = 0x1000000;

	return next += PAGE_SIZE;
}

KTAP_TABLE_TEST(test_law_8_notices, offences, o)
{
	struct page_table *pt = kernel_page_table();
	uint64_t va;

	machine_boot(&pc);
	expect_eq(paging_check(paging_ram_memblock), 0);
	pt->alloc = spare_table;

	va = o->pa + (o->image ? host_paging_setup.image_base : host_paging_setup.direct_base);
	if (o->pa > 1 T)
		va = o->pa;
	if (!o->set && !o->clear)
		pt_map(pt, va, o->pa % (1 T), PAGE_SIZE, PT_4K, PTE_RW, NULL);
	else
		pt_change(pt, va, o->pa == 0x400000 ? SZ_2M : PAGE_SIZE, o->set, o->clear, NULL);
	expect_true(paging_check(paging_ram_memblock) > 0);
	expect_log(o->says);
}

/* ---- walks and dumps ---- */

KTAP_TEST(test_walk_of_strange_addresses)
{
	static const uint64_t strange[] = {
		0, 0x7fffffffffff, 0x800000000000, 0xffff7fffffffffff, 0xffff800000000000,
		0xffff887fffffffff, 0xffffffffffffffff, 0x8000000000000000,
	};
	struct pt_walk w;

	machine_boot(&pc);
	for (size_t i = 0; i < ARRAY_SIZE(strange); i++) {
		expect_false(pt_walk(strange[i], &w));
		expect_eq(w.pa, 0);
	}
	pt_dump_walk(0x800000000000, printk);
	expect_log("pt: 0x0000800000000000 is not mapped");
	pt_dump_walk(host_paging_setup.direct_base + 0x400123, printk);
	expect_log("pt: PML4[273]");
	expect_log("pt: 0xffff888000400123 -> 0x0000000000400123 2M -w-g-");
}

KTAP_TEST(test_dump_shows_every_range_once)
{
	machine_boot(&pc);
	pt_dump_ranges(printk);
	expect_log("pt: 0xffff888000000000-0xffff8880000fffff -> 0x0000000000000000 4k -w-g-");
	expect_log("pt: 0xffff888000200000-0xffff888007dfffff -> 0x0000000000200000 2M -w-g-");
	expect_log("pt: 0xffffffff80100000-0xffffffff8011ffff -> 0x0000000000100000 4k --xg-");
	expect_log("pt: 0xffffffff80120000-0xffffffff8012ffff -> 0x0000000000120000 4k ---g-");
	expect_log("pt: 13 ranges");
}

KTAP_TEST(test_range_at_the_end_of_the_address_space)
{
	struct pt_range r;

	machine_boot(&pc);
	kernel_page_table()->alloc = spare_table;
	pt_map(kernel_page_table(), -PAGE_SIZE, 5 M, PAGE_SIZE, PT_4K, PTE_RW, NULL);
	expect_true(pt_next_kernel_range(-PAGE_SIZE, &r));
	expect_eq(r.first, -PAGE_SIZE);
	expect_eq(r.last, ~0UL);
	pt_dump_ranges(printk);
	expect_log("pt: 14 ranges");
}

KTAP_TEST(test_covers_ends_where_ram_ends)
{
	machine_boot(&pc);
	expect_true(direct_map_covers(0, 0x7fe0000));
	expect_true(direct_map_covers(0x7fdfff0, 0x7fe0000));
	expect_false(direct_map_covers(0x7fdfff0, 0x7fe0001));
	expect_false(direct_map_covers(4 G, 4 G + 1));
	expect_true(direct_map_covers(4 G, 4 G));
}

/* ---- early_memremap ---- */

KTAP_TEST(test_early_memremap_maps_what_is_not_ram)
{
	struct pt_walk w;
	char *p;

	machine_boot(&pc);
	strcpy(phys_to_virt(0xfee00ffe), "RSD PTR");	/* over a page border */
	p = early_memremap(0xfee00ffe, 36);
	expect_str_eq(p, "RSD PTR");
	expect_true(pt_walk(FIXMAP_BASE, &w) && w.pa == 0xfee00000 && !w.exec);
	expect_true(pt_walk(FIXMAP_BASE + PAGE_SIZE, &w) && w.pa == 0xfee01000);
	expect_false(pt_walk(FIXMAP_BASE + 2 * PAGE_SIZE, &w));
	expect_eq(early_memremap_count(), 1);
	expect_eq(paging_check(paging_ram_memblock), 0);
	early_memunmap(p, 36);
	expect_false(pt_walk(FIXMAP_BASE, &w));
	expect_eq(early_memremap_count(), 0);
}

KTAP_TEST(test_early_memremap_refuses)
{
	machine_boot(&pc);
	expect_null(early_memremap(0x1000, 0));
	expect_null(early_memremap(~0ULL - 10, 12));
	expect_null(early_memremap(0x1000, EARLY_MEMREMAP_PAGES * PAGE_SIZE + 1));
	expect_null(early_memremap(0x1001, EARLY_MEMREMAP_PAGES * PAGE_SIZE));
	expect_null(early_memremap(0x1000, ~0UL));
	expect_warns(5);
	expect_eq(early_memremap_count(), 0);
}

KTAP_TEST(test_early_memremap_slots_run_out_and_come_back)
{
	size_t size = EARLY_MEMREMAP_PAGES * PAGE_SIZE;
	void *slot[EARLY_MEMREMAP_SLOTS];

	machine_boot(&pc);
	for (size_t i = 0; i < EARLY_MEMREMAP_SLOTS; i++) {
		slot[i] = early_memremap(4 G + i M, size);
		expect_true(slot[i] != NULL);
	}
	expect_null(early_memremap(4 G, 1));
	early_memunmap(slot[5], 7);
	expect_log("size not consistent");
	early_memunmap(slot[5], size);
	early_memunmap(slot[5], size);			/* twice */
	expect_ptr_eq(early_memremap(4 G + 5 M, size), slot[5]);
	expect_warns(3);
	for (size_t i = 0; i < EARLY_MEMREMAP_SLOTS; i++)
		early_memunmap(slot[i], size);
	expect_eq(early_memremap_count(), 0);
}

/* ---- parameters: last, for they are obeyed once and stay ---- */

KTAP_TEST(test_nogbpages_wins_over_the_cpu)
{
	static const struct machine m = { "", .ram = { LOW_RAM, { 1 M, 3 G } }, .gbpages = true };
	struct paging_counts counts;

	parse_early_param("gbpages nogbpages");
	machine_boot(&m);
	expect_no_log("Using GB pages");
	paging_get_counts(&counts);
	expect_eq(counts.direct[PT_1G], 0);
	arch_report_meminfo(printk);
	expect_log("DirectMap1G:           0 kB");
}
