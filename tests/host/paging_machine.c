// SPDX-License-Identifier: GPL-2.0-only
/*
 * Machines for the tests of paging (see paging_machine.h).
 */
#include "paging_machine.h"

#include "arch/x86_64/paging.h"
#include "arch/x86_64/paging/paging_internal.h"
#include "host_mmu.h"
#include "kernel/lib/align.h"
#include "ktap.h"
#include "ledger_reset.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"
#include "tests/host/include/memblock_reset.h"

#include <arch/memory.h>
#include <arch/paging.h>

typedef unsigned long long ull;

bool machine_verbose;

phys_addr_t machine_ram_end(const struct machine *m)
{
	phys_addr_t end = 0;

	for (const struct machine_span *s = m->ram; s->start != s->end; s++)
		end = s->end;
	return ALIGN_DOWN(end, PAGE_SIZE);
}

void machine_describe_memory(const struct machine *m)
{
	host_phys_reset();
	memblock_reset();
	ledger_reset();
	memblock_reserve(0, 1 M);
	ledger_reserve(host_paging_setup.image_start,
		       host_paging_setup.image_end - host_paging_setup.image_start, "kernel image");
	for (const struct machine_span *s = m->taken; s->start != s->end; s++)
		memblock_reserve(s->start, s->end - s->start);
	for (const struct machine_span *s = m->ram; s->start != s->end; s++)
		memblock_add(s->start, s->end - s->start);
	memblock_trim_memory(PAGE_SIZE);
	memblock_allow_resize();
	memblock_set_current_limit(1 M);
	memblock_set_bottom_up(m->bottom_up);
	memblock_set_verbose(machine_verbose);
}

void machine_boot(const struct machine *m)
{
	struct paging_setup set = host_paging_setup;

	set.gbpages = m->gbpages;
	set.pse = !m->no_pse;
	set.nx = !m->no_nx;
	if (m->la57) {
		set.levels = 5;
		set.direct_base = 0xff11000000000000UL;
	}
	machine_describe_memory(m);
	host_mmu = (struct host_mmu){ 0 };
	paging_setup(&set);
	init_mem_mapping(m->end ? m->end : machine_ram_end(m));
}

/* ---- the naive view ---- */

/* Is all of [start, end) one stretch of RAM, or one page of the first MiB? */
static bool is_ram(const struct machine *m, phys_addr_t start, phys_addr_t end)
{
	for (const struct machine_span *s = m->ram; s->start != s->end; s++)
		if (start >= ALIGN_UP(s->start, PAGE_SIZE) && end <= ALIGN_DOWN(s->end, PAGE_SIZE))
			return true;
	return end - start == PAGE_SIZE && end <= 1 M;
}

/* Does the image forbid writing some of [start, end)? */
static bool holds_constants(phys_addr_t start, phys_addr_t end)
{
	const struct paging_setup *s = &host_paging_setup;

	for (const struct image_part *p = s->parts; p->start != p->end; p++)
		if (p->start < end && p->end > start && p->flags &&
		    (!(p->flags & PTE_W) ||
		     (p->start >= s->rodata_start && p->end <= s->rodata_end)))
			return true;
	return false;
}

/* Level of the page that should map @pa; 0: none. */
static unsigned int want_level(const struct machine *m, phys_addr_t pa)
{
	for (unsigned int l = m->no_pse ? PT_4K : m->gbpages ? PT_1G : PT_2M; l > 0; l--) {
		phys_addr_t start = ALIGN_DOWN(pa, pt_size(l));
		phys_addr_t end = start + pt_size(l);

		/* Constants of the image have pages of their own. */
		if ((l == PT_4K || !holds_constants(start, end)) && is_ram(m, start, end))
			return l;
	}
	return 0;
}

static bool page_ok(const struct machine *m, phys_addr_t pa)
{
	unsigned int level = want_level(m, pa);
	bool write = !holds_constants(pa, pa + PAGE_SIZE);
	struct pt_walk w;

	pt_walk(paging_get_setup()->direct_base + pa, &w);
	if (w.mapped == (level != 0) &&
	    (!level || (w.level == level && w.pa == pa && w.write == write &&
			w.exec == m->no_nx && !w.user && w.global)))
		return true;
	expect_fail("%s: page %#llx: want level %u write %d; have mapped %d level %u pa %#llx write %d exec %d",
		    m->name, (ull)pa, level, write, w.mapped, w.level, (ull)w.pa, w.write, w.exec);
	return false;
}

bool machine_pages_ok(const struct machine *m, phys_addr_t from, phys_addr_t to, phys_addr_t step)
{
	for (phys_addr_t pa = ALIGN_DOWN(from, PAGE_SIZE); pa < to; pa += step)
		if (!page_ok(m, pa))
			return false;
	return true;
}

bool machine_border_ok(const struct machine *m, phys_addr_t border, phys_addr_t around)
{
	return machine_pages_ok(m, border - MIN(border, around), border + around, PAGE_SIZE);
}

void machine_check_pages(const struct machine *m)
{
	phys_addr_t end = machine_ram_end(m) + 16 M;
	phys_addr_t stride = end <= 256 M ? PAGE_SIZE :
			     ALIGN_DOWN(end / 50021, PAGE_SIZE) + PAGE_SIZE;

	if (!machine_pages_ok(m, 0, 6 M, PAGE_SIZE) || !machine_pages_ok(m, 0, end, stride))
		return;
	for (const struct machine_span *s = m->ram; s->start != s->end; s++)
		if (!machine_border_ok(m, s->start, 4 M) || !machine_border_ok(m, s->end, 4 M))
			return;
}

/* ---- the tables themselves ---- */

static bool may_hold_table(phys_addr_t pa)
{
	const struct paging_setup *s = paging_get_setup();

	return (pa >= s->fixed && pa < s->fixed_end) || (pa >= s->pool && pa < s->pool_end) ||
	       (memblock_is_memory(pa) && memblock_is_reserved(pa) && pa >= s->image_end);
}

static unsigned long count_tables(phys_addr_t table, unsigned int level)
{
	const uint64_t *entry = phys_to_virt(table);
	unsigned long n = 1;

	if (!may_hold_table(table))
		expect_fail("table at %#llx, level %u, is not reserved RAM", (ull)table, level);
	for (unsigned int i = 0; i < PT_ENTRIES && level > PT_4K; i++)
		if ((entry[i] & PTE_P) && !(entry[i] & PTE_PS))
			n += count_tables(entry[i] & PTE_ADDR, level - 1);
	return n;
}

void machine_check_counts(void)
{
	const struct paging_setup *s = paging_get_setup();
	unsigned long pages[PT_1G + 1] = { 0 };
	struct paging_counts counts;
	struct pt_range r;

	for (uint64_t va = s->direct_base; pt_next_kernel_range(va, &r) && r.first < s->image_base;
	     va = r.last + 1)
		pages[r.level] += (r.last - r.first + 1) >> pt_shift(r.level);

	paging_get_counts(&counts);
	for (unsigned int l = PT_4K; l <= PT_1G; l++)
		expect_eq(counts.direct[l], pages[l]);
	expect_eq(count_tables(kernel_page_table()->root, s->levels), counts.tables);
}

void machine_check(const struct machine *m)
{
	expect_eq(host_mmu.root, kernel_page_table()->root);
	expect_eq(get_max_mapped(), machine_ram_end(m));
	machine_check_pages(m);
	machine_check_counts();
	expect_eq(paging_check(paging_ram_memblock), 0);
	expect_no_log("law 8");
}
