// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at the kernel's tables: dumps for people and tools, and law 8 as a function.
 *
 * Everything here reads the tables entry by entry as the CPU would and believes nothing
 * that paging.c remembers.
 */
#include "arch/x86_64/paging.h"
#include "arch/x86_64/paging/paging_internal.h"
#include "kernel/lib/align.h"
#include "kernel/lib/printk.h"
#include "mm/memblock.h"		/* memblock.memory */

#include <arch/memory.h>

typedef unsigned long long ull;

/* ---- dumps ---- */

void pt_dump_walk(uint64_t va, paging_print_fn print)
{
	static const char *const table_name[] = { "", "PT", "PD", "PDPT", "PML4", "PML5" };
	struct pt_walk w;

	pt_walk(va, &w);
	for (unsigned int l = w.top; l >= w.level; l--)
		print("pt: %-4s[%3u] %#018llx %s\n", table_name[l], pt_index(va, l),
		      (ull)w.entry[l], l > w.level ? "table" : w.mapped ? "page" : "empty");
	if (!w.mapped) {
		print("pt: %#018llx is not mapped: hole of %s\n", (ull)va, pt_level_name(w.level));
		return;
	}
	print("pt: %#018llx -> %#018llx %s %c%c%c%c%c\n", (ull)va, (ull)w.pa,
	      pt_level_name(w.level), w.user ? 'u' : '-', w.write ? 'w' : '-',
	      w.exec ? 'x' : '-', w.global ? 'g' : '-', w.uncached ? 'c' : '-');
}

/* One line of a range; tests/qemu/checks/tables reads it. */
static void print_range(const struct pt_range *r, paging_print_fn print)
{
	print("pt: %#018llx-%#018llx -> %#018llx %s %c%c%c%c%c\n", (ull)r->first, (ull)r->last,
	      (ull)r->pa, pt_level_name(r->level), r->user ? 'u' : '-', r->write ? 'w' : '-',
	      r->exec ? 'x' : '-', r->global ? 'g' : '-', r->uncached ? 'c' : '-');
}

void pt_dump_ranges(paging_print_fn print)
{
	struct pt_range r;
	unsigned long n = 0;

	for (uint64_t va = 0; pt_next_kernel_range(va, &r); ) {
		print_range(&r, print);
		n++;
		va = r.last + 1;
		if (!va)
			break;
	}
	print("pt: %lu ranges, %lu tables\n", n, kernel_page_table()->tables);
}

/* ---- law 8 ---- */

/* Say what is wrong with @r; returns the 1 that goes to the count. */
static unsigned long offence(const struct pt_range *r, const char *what)
{
	pr_err("paging: law 8 broken: %s:\n", what);
	print_range(r, printk);
	return 1;
}

static uint64_t direct_map_size(const struct paging_setup *s)
{
	return s->levels == 5 ? 1UL << 55 : 1UL << 46;
}

static unsigned long check_direct(const struct paging_setup *s, const struct pt_range *r)
{
	unsigned long bad = 0;

	if (r->pa != r->first - s->direct_base)
		bad += offence(r, "direct map is not linear");
	if (r->exec && s->nx)
		bad += offence(r, "direct map is executable");
	if (r->uncached)
		bad += offence(r, "RAM is not cached");
	return bad;
}

static const struct image_part *find_part(const struct paging_setup *s, phys_addr_t pa)
{
	for (const struct image_part *p = s->parts; p->start != p->end; p++)
		if (pa >= p->start && pa < p->end)
			return p;
	return NULL;
}

/* May the direct map write the page at @pa? */
static bool alias_writable(const struct paging_setup *s, phys_addr_t pa)
{
	struct pt_walk w;

	return pt_walk(s->direct_base + pa, &w) && w.write;
}

static unsigned long check_image_page(const struct paging_setup *s, uint64_t va)
{
	const struct image_part *part = find_part(s, va - s->image_base);
	struct pt_range page = { 0 };
	struct pt_walk w;

	pt_walk(va, &w);
	page = (struct pt_range){
		.first = va, .last = va + PAGE_SIZE - 1, .pa = w.pa, .level = w.level,
		.write = w.write, .exec = w.exec, .user = w.user, .global = w.global,
	};
	if (!part || !part->flags)
		return offence(&page, "page is no part of the image, or a guard, or released");
	if (w.write && !(part->flags & PTE_W))
		return offence(&page, "constant part of the image is writable");
	if (s->nx && w.exec != !(part->flags & PTE_NX))
		return offence(&page, "image page has not the execute right of its part");
	if (!w.write && alias_writable(s, w.pa))
		return offence(&page, "read-only page is writable through the direct map");
	return 0;
}

static unsigned long check_image(const struct paging_setup *s, const struct pt_range *r)
{
	unsigned long bad = 0;

	if (r->pa != r->first - s->image_base)
		bad += offence(r, "image is not where it was linked");
	for (uint64_t va = r->first; va <= r->last; va += PAGE_SIZE)
		bad += check_image_page(s, va);
	return bad;
}

static unsigned long check_device(const struct paging_setup *s, const struct pt_range *r)
{
	unsigned long bad = 0;

	if (r->exec && s->nx)
		bad += offence(r, "memory of a device is executable");
	if (direct_map_covers(r->pa, r->pa + 1) && r->pa >= SZ_1M)
		bad += offence(r, "memory of a device is RAM");
	return bad;
}

static unsigned long check_range(const struct paging_setup *s, const struct pt_range *r)
{
	unsigned long bad = 0;

	if (r->write && r->exec && s->nx)
		bad += offence(r, "writable and executable");
	if (r->user)
		bad += offence(r, "open to user mode");

	if (r->first >= FIXMAP_BASE && r->last < FIXMAP_BASE + FIXMAP_SIZE)
		bad += r->exec && s->nx ? offence(r, "fixmap is executable") : 0;
	else if (r->first >= DEVICE_MAP_BASE && r->last < DEVICE_MAP_BASE + DEVICE_MAP_SIZE)
		bad += check_device(s, r);
	else if (r->first >= CPU_SLOTS_BASE && r->last < CPU_SLOTS_END)
		bad += r->exec && s->nx ? offence(r, "a stack is executable") : 0;
	else if (r->first >= s->image_base)
		bad += check_image(s, r);
	else if (r->first >= s->direct_base && r->last - s->direct_base < direct_map_size(s))
		bad += check_direct(s, r);
	else
		bad += offence(r, "nothing belongs here");
	return bad;
}

/* A stretch of the physical address space, [start, end). */
struct span {
	phys_addr_t	start, end;
};

/* The first stretch at or above @from that the direct map has, whatever its page sizes. */
static bool next_mapped_span(const struct paging_setup *s, phys_addr_t from, struct span *out)
{
	struct pt_range r;

	if (!pt_next_kernel_range(s->direct_base + from, &r) ||
	    r.first - s->direct_base >= direct_map_size(s))
		return false;
	*out = (struct span){ r.first - s->direct_base, r.last + 1 - s->direct_base };
	while (pt_next_kernel_range(r.last + 1, &r) && r.first == s->direct_base + out->end)
		out->end = r.last + 1 - s->direct_base;
	return true;
}

/* The first MiB, then what @ram yields; stretches that touch become one. */
struct wanted {
	paging_ram_fn	ram;
	unsigned long	i;
	struct span	ahead;		/* read but not yet returned; empty: nothing left */
};

static void wanted_read(struct wanted *w)
{
	do {
		if (!w->ram(&w->i, &w->ahead.start, &w->ahead.end)) {
			w->ahead = (struct span){ 0, 0 };
			return;
		}
		w->ahead.start = MAX(w->ahead.start, SZ_1M);
	} while (w->ahead.start >= w->ahead.end);
}

static bool next_wanted_span(struct wanted *w, struct span *out)
{
	if (w->ahead.start == w->ahead.end)
		return false;
	*out = w->ahead;
	wanted_read(w);
	while (w->ahead.start != w->ahead.end && w->ahead.start == out->end) {
		out->end = w->ahead.end;
		wanted_read(w);
	}
	return true;
}

/* Stop at the first difference: what follows it would only repeat it. */
static unsigned long check_coverage(const struct paging_setup *s, paging_ram_fn ram)
{
	struct wanted wanted = { .ram = ram, .ahead = { 0, SZ_1M } };
	struct span want = { 0, 0 }, have = { 0, 0 };
	bool more_want, more_have;

	do {
		more_want = next_wanted_span(&wanted, &want);
		more_have = next_mapped_span(s, have.end, &have);
		if (more_want == more_have &&
		    (!more_want || (want.start == have.start && want.end == have.end)))
			continue;
		pr_err("paging: law 8 broken: RAM [mem %#010llx-%#010llx], direct map [mem %#010llx-%#010llx]%s\n",
		       (ull)want.start, (ull)want.end - 1, (ull)have.start, (ull)have.end - 1,
		       more_want == more_have ? "" : more_want ? " is short" : " has more");
		return 1;
	} while (more_want);
	return 0;
}

unsigned long paging_check(paging_ram_fn ram)
{
	const struct paging_setup *s = paging_get_setup();
	unsigned long bad = 0;
	struct pt_range r;

	for (uint64_t va = 0; pt_next_kernel_range(va, &r); ) {
		bad += check_range(s, &r);
		va = r.last + 1;
		if (!va)
			break;
	}
	if (ram)
		bad += check_coverage(s, ram);
	return bad;
}

bool paging_ram_memblock(unsigned long *i, phys_addr_t *start, phys_addr_t *end)
{
	while (*i < memblock.memory.cnt) {
		const struct memblock_region *r = &memblock.memory.regions[(*i)++];

		*start = ALIGN_UP(r->base, PAGE_SIZE);
		*end = ALIGN_DOWN(r->base + r->size, PAGE_SIZE);
		if (*start < *end)
			return true;
	}
	return false;
}
