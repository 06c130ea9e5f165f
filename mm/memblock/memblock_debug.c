// SPDX-License-Identifier: GPL-2.0-only
/*
 * What memblock prints: one line per operation with memblock=debug, the two arrays as
 * Linux dumps them, and one array as Linux's debugfs shows it.  Layouts are Linux 6.12's to
 * the character; ends are printed inclusive.  Nothing here allocates.
 */
#include "mm/memblock/memblock_internal.h"

void memblock_set_verbose(bool on)
{
	mb_state.verbose = on;
	mb_state.careful = mb_state.rsrv_kern || mb_state.verbose;
}

bool memblock_is_verbose(void)
{
	return mb_state.verbose;
}

bool memblock_is_stepping(void)
{
	return mb_state.step;
}

/* ---- operations ------------------------------------------------------------------- */

/* The size is printed as the caller gave it, so the last byte may wrap, as in Linux. */
void mb_log_range(const char *what, phys_addr_t base, phys_addr_t size, unsigned long caller)
{
	phys_addr_t last = base + size - 1;

	printk(KERN_INFO "%s: [%pa-%pa] %pS\n", what, &base, &last, (void *)caller);
}

void mb_log_reserve(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags,
		    unsigned long caller)
{
	phys_addr_t last = base + size - 1;

	if (mb_state.rsrv_kern)
		printk(KERN_INFO "__memblock_reserve: [%pa-%pa] nid=%d flags=%x %pS\n", &base, &last,
		       nid, (unsigned int)flags, (void *)caller);
	else
		mb_log_range("memblock_reserve", base, size, caller);
}

void mb_log_add_node(phys_addr_t base, phys_addr_t size, int nid, enum memblock_flags flags,
		     unsigned long caller)
{
	phys_addr_t last = base + size - 1;

	printk(KERN_INFO "memblock_add_node: [%pa-%pa] nid=%d flags=%x %pS\n", &base, &last, nid,
	       (unsigned int)flags, (void *)caller);
}

void mb_log_phys_alloc(const struct mb_wish *wish, unsigned long caller)
{
	printk(KERN_INFO
	       "memblock_phys_alloc_range: %llu bytes align=0x%llx from=%pa max_addr=%pa %pS\n",
	       (unsigned long long)wish->size, (unsigned long long)wish->align, &wish->start,
	       &wish->end, (void *)caller);
}

void mb_log_alloc(const char *func, const struct mb_wish *wish, unsigned long caller)
{
	printk(KERN_INFO "%s: %llu bytes align=0x%llx nid=%d from=%pa max_addr=%pa %pS\n", func,
	       (unsigned long long)wish->size, (unsigned long long)wish->align, wish->nid,
	       &wish->start, &wish->end, (void *)caller);
}

/* ---- dumps ---------------------------------------------------------------------------- */

static void dump_region(const char *name, unsigned int i, const struct memblock_region *r,
			memblock_print_fn *print)
{
	phys_addr_t base = r->base, size = r->size, last = base + size - 1;

#ifdef CONFIG_NUMA
	if (numa_valid_node(r->nid)) {
		print(KERN_INFO " %s[0x%x]\t[%pa-%pa], %pa bytes on node %d flags: 0x%x\n", name,
		      i, &base, &last, &size, r->nid, (unsigned int)r->flags);
		return;
	}
#endif
	print(KERN_INFO " %s[0x%x]\t[%pa-%pa], %pa bytes flags: 0x%x\n", name, i, &base, &last,
	      &size, (unsigned int)r->flags);
}

static void dump_type(const struct memblock_type *type, memblock_print_fn *print)
{
	print(KERN_INFO " %s.cnt  = 0x%lx\n", type->name, type->cnt);
	for (unsigned int i = 0; i < type->cnt; i++)
		dump_region(type->name, i, &type->regions[i], print);
}

void memblock_dump(memblock_print_fn *print)
{
	print(KERN_INFO "MEMBLOCK configuration:\n");
	print(KERN_INFO " memory size = %pa reserved size = %pa\n", &memblock.memory.total_size,
	      &memblock.reserved.total_size);
	dump_type(&memblock.memory, print);
	dump_type(&memblock.reserved, print);
#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
	dump_type(&physmem, print);
#endif
}

void memblock_dump_all(void)
{
	if (mb_state.verbose)
		memblock_dump(printk);
}

/* ---- as debugfs ------------------------------------------------------------------------- */

static const struct {
	unsigned int	flag;
	const char	*name;
} flag_names[] = {
	{ MEMBLOCK_HOTPLUG, "HOTPLUG" },
	{ MEMBLOCK_MIRROR, "MIRROR" },
	{ MEMBLOCK_NOMAP, "NOMAP" },
	{ MEMBLOCK_DRIVER_MANAGED, "DRV_MNG" },
	{ MEMBLOCK_RSRV_NOINIT, "RSV_NIT" },
	/* Only of later releases: */
	{ MEMBLOCK_RSRV_KERN, "RSV_KERN" },
	{ MEMBLOCK_KHO_SCRATCH, "KHO_SCRATCH" },
	{ MEMBLOCK_RSRV_HUGETLB, "RSV_HUGETLB" },
};

static void show_flags(unsigned int flags, memblock_print_fn *print)
{
	const char *bar = "";

	if (!flags)
		print("NONE");
	for (size_t i = 0; i < ARRAY_SIZE(flag_names) - (mb_state.rsrv_kern ? 0 : 3); i++) {
		if (!(flags & flag_names[i].flag))
			continue;
		print("%s%s", bar, flag_names[i].name);
		flags &= ~flag_names[i].flag;
		bar = "|";
	}
	if (flags)
		print("%sUNKNOWN", bar);
	print("\n");
}

void memblock_show_type(const struct memblock_type *type, memblock_print_fn *print)
{
	for (unsigned int i = 0; i < type->cnt; i++) {
		const struct memblock_region *r = &type->regions[i];
		phys_addr_t base = r->base, last = mb_end(r) - 1;
		int nid = memblock_get_region_node(r);

		print("%4u: %pa..%pa ", i, &base, &last);
		if (numa_valid_node(nid))
			print("%4d ", nid);
		else
			print("%4c ", 'x');
		show_flags(r->flags, print);
	}
}
