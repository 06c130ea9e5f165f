// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reserved memory of the device tree, in Linux's two passes (see boot/of_reserved_mem.h).
 *
 *	pass 1	before page tables: static nodes are reserved in the order of the tree, then nodes
 *		with a size only get a place
 *	pass 2	after them: static nodes are listed and initialised, for only then there is memory
 *		for a list of any length
 */
#include "boot/of_reserved_mem.h"

#include "boot/of_fdt.h"
#include "kernel/lib/align.h"
#include "kernel/lib/compiler.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"		/* ledger_reserve() */
#include "mm/page.h"			/* PAGEBLOCK_NR_PAGES */
#include "mm/range.h"

#define OF_RMEM		"OF: reserved mem: "
#define MIB(size)	((unsigned long)((size) >> 20))

typedef unsigned long long ull;

/*
 * @regions: @first, or an array of @max from memblock
 * @nr: regions listed; @counted: nodes that pass 1 has found
 * @dynamic: regions of @regions that pass 1 has placed: the first ones
 * @unmapped: no-map regions that are RAM like any other since pass 2
 * @asked: how often of_reserved_mem_is_shared() had to search the tree
 * boot only, but @regions and @nr: constant after boot
 */
static struct {
	const struct boot_info	*info;
	reserved_mem_init_fn	init;
	struct reserved_mem	*regions;
	unsigned int		nr, max, counted, dynamic, unmapped, asked;
	struct reserved_mem	first[MAX_RESERVED_REGIONS];
} rmem;

const struct reserved_mem *of_reserved_mem_get(unsigned int i)
{
	return i < rmem.nr ? &rmem.regions[i] : NULL;
}

/* ---- whose it is ---------------------------------------------------------------------- */

#define ASKED_MAX	64U	/* each time the whole tree is searched */

/* Does a range of @reg touch @r? */
static bool __init reg_touches(struct fdt_value reg, struct boot_range r)
{
	struct boot_range range;

	while (of_take_range(&reg, &range)) {
		range.size = phys_range_end(range.base, range.size) - range.base;
		if (boot_overlap(range, r))
			return true;
	}
	return false;
}

/* Does any node of /reserved-memory but the one at @self touch @r? */
static bool __init another_node_touches(struct boot_range r, uint64_t self)
{
	struct fdt_node parent, node;
	struct fdt_value reg;

	if (!fdt_find_child(&of_fdt.fdt, &of_fdt.root, "reserved-memory", &parent))
		return false;
	for (node = parent; fdt_next_child(&of_fdt.fdt, &parent, &node);)
		if (node.at != self && fdt_available(&of_fdt.fdt, &node) &&
		    fdt_prop(&of_fdt.fdt, &node, "reg", &reg) && reg_touches(reg, r))
			return true;
	for (unsigned int i = 0; i < rmem.nr; i++) {
		const struct reserved_mem *other = &rmem.regions[i];

		if (other->node != self &&
		    boot_overlap((struct boot_range){ other->base, other->size }, r))
			return true;
	}
	return false;
}

bool __init of_reserved_mem_is_shared(const struct reserved_mem *region)
{
	const struct boot_range r = { region->base, region->size };
	struct boot_range other;

	if (rmem.asked++ >= ASKED_MAX || boot_range_user(rmem.info, r, &other) ||
	    boot_overlap(of_fdt.elfcorehdr, r) || another_node_touches(r, region->node))
		return true;
	for (uint32_t i = 0; fdt_reservation(&of_fdt.fdt, i, &other.base, &other.size); i++) {
		other.size = phys_range_end(other.base, other.size) - other.base;
		if (boot_overlap(other, r))
			return true;
	}
	return false;
}

/* ---- the list ------------------------------------------------------------------------ */

/*
 * A region that was placed is reserved as well and stays so.  A static one is asked about when
 * there is a direct map already, without it.
 * Linux differs: it has no place in there afterwards, and whoever gets one of its pages faults.
 */
static void __init give_back_nomap(const struct reserved_mem *r)
{
	memblock_clear_nomap(r->base, r->size);
	if (memblock_is_region_reserved(r->base, r->size))
		return;
	ledger_clear(r->base, r->size);
	rmem.unmapped++;
}

/* Linux differs: it gives back what others have reserved, too, be it the kernel. */
static void __init give_back(const struct reserved_mem *r)
{
	if (of_reserved_mem_is_shared(r))
		pr_warn(OF_RMEM "not only %s has reserved memory there; kept\n", r->name);
	else if (r->nomap)
		give_back_nomap(r);
	else
		memblock_phys_free(r->base, r->size);
}

static void __init fdt_init_reserved_mem_node(const struct reserved_mem *r,
					      const struct fdt_node *node)
{
	const phys_addr_t last = r->base + r->size - 1;
	const int err = rmem.init ? rmem.init(r, node) : -ENOENT;

	if (err && err != -ENOENT) {
		pr_info(OF_RMEM "node %s compatible matching fail\n", r->name);
		give_back(r);
		return;
	}
	pr_info(OF_RMEM "%pa..%pa (%lu KiB) %s %s %s\n", &r->base, &last,
		(unsigned long)(r->size / 1024), r->nomap ? "nomap" : "map",
		r->reusable ? "reusable" : "non-reusable", r->name);
}

static void __init fdt_reserved_mem_save_node(const struct fdt_node *node, struct boot_range range)
{
	struct reserved_mem *r = &rmem.regions[rmem.nr];

	if (rmem.nr == rmem.max) {
		pr_err(OF_RMEM "not enough space for all defined regions.\n");
		return;
	}
	*r = (struct reserved_mem){
		.name = node->name, .node = node->at, .base = range.base, .size = range.size,
		.nomap = fdt_has(&of_fdt.fdt, node, "no-map"),
		.reusable = fdt_has(&of_fdt.fdt, node, "reusable"),
	};
	rmem.nr++;
	fdt_init_reserved_mem_node(r, node);
}

/* ---- pass 1: static nodes ------------------------------------------------------------ */

/* /reserved-memory, if it counts in the root's cells. */
static bool __init find_reserved_memory(struct fdt_node *node)
{
	const struct fdt *fdt = &of_fdt.fdt;

	if (!fdt_find_child(fdt, &of_fdt.root, "reserved-memory", node))
		return false;
	if (fdt_u32(fdt, node, "#address-cells", ~of_fdt.address_cells) == of_fdt.address_cells &&
	    fdt_u32(fdt, node, "#size-cells", ~of_fdt.size_cells) == of_fdt.size_cells &&
	    fdt_has(fdt, node, "ranges"))
		return true;
	pr_err(OF_RMEM "Reserved memory: unsupported node format, ignoring\n");
	return false;
}

static uint32_t __init pair_size(void)
{
	return 4 * (of_fdt.address_cells + of_fdt.size_cells);
}

/* `reg` of @node; false, with a line, if it is not made of whole pairs. */
static bool __init whole_reg(const struct fdt_node *node, struct fdt_value *reg)
{
	fdt_prop(&of_fdt.fdt, node, "reg", reg);
	if (!reg->len || !(reg->len % pair_size()))
		return true;
	pr_err(OF_RMEM "Reserved memory: invalid reg property in '%s', skipping node.\n",
	       node->name);
	return false;
}

/*
 * A range that is neither RAM nor in use needs no mark; one in use must stay mapped.
 * What would wrap is cut at the end of the address space.
 */
__attribute__((always_inline))
static inline int early_init_dt_reserve_memory(struct boot_range r, const char *owner, bool nomap)
{
	r.size = phys_range_end(r.base, r.size) - r.base;
	if (!r.size)
		return -EINVAL;
	if (!nomap)
		return ledger_reserve(r.base, r.size, owner);
	if (memblock_overlaps_region(&memblock.memory, r.base, r.size) &&
	    memblock_is_region_reserved(r.base, r.size))
		return -EBUSY;
	if (of_memory_is_full() || memblock_mark_nomap(r.base, r.size))
		return -ENOSPC;
	ledger_fill(r.base, r.size, owner, RET_IP);
	return 0;
}

/* ---- pass 1: nodes that want a place ---------------------------------------------------- */

/*
 * Which way to search [from, to): away from a region already placed at its border, so that
 * regions lie together.
 */
static bool __init search_bottom_up(phys_addr_t from, phys_addr_t to, bool usual)
{
	bool low = false, high = false;

	for (unsigned int i = 0; i < rmem.dynamic; i++) {
		const struct reserved_mem *r = &rmem.regions[i];

		low |= from >= r->base && from <= r->base + r->size;
		high |= to >= r->base && to <= r->base + r->size;
	}
	return low == high ? usual : low;
}

__attribute__((always_inline))
static inline phys_addr_t alloc_in(struct boot_range want, phys_addr_t from, phys_addr_t to,
				   bool nomap)
{
	const bool usual = memblock_bottom_up();
	phys_addr_t pa;

	if (to != MEMBLOCK_ALLOC_ANYWHERE)
		memblock_set_bottom_up(search_bottom_up(from, to, usual));
	pa = memblock_phys_alloc_range(want.size, want.base, from, to);
	memblock_set_bottom_up(usual);
	if (pa && nomap && memblock_mark_nomap(pa, want.size)) {
		memblock_phys_free(pa, want.size);
		return 0;
	}
	return pa;
}

/*
 * @name of @node as one number of @cells; @missing if it is not there.
 * Return: false, with a line, if it has another length.
 */
static bool __init exact_number(const struct fdt_node *node, const char *name, uint32_t cells,
				uint64_t *number)
{
	struct fdt_value v;

	*number = 0;
	if (!fdt_prop(&of_fdt.fdt, node, name, &v))
		return true;
	if (v.len == cells * 4 && fdt_take_cells(&v, cells, number))
		return true;
	pr_err(OF_RMEM "invalid %s property in '%s' node.\n", name, node->name);
	return false;
}

/* The alignment in @want->base, the size in @want->size.  False: a line says why not. */
static bool __init read_wish(const struct fdt_node *node, struct boot_range *want)
{
	const struct fdt *fdt = &of_fdt.fdt;

	if (!exact_number(node, "size", of_fdt.size_cells, &want->size) ||
	    !exact_number(node, "alignment", of_fdt.address_cells, &want->base))
		return false;
	if (fdt_compatible(fdt, node, "shared-dma-pool") && fdt_has(fdt, node, "reusable") &&
	    !fdt_has(fdt, node, "no-map"))
		want->base = MAX(want->base, (uint64_t)PFN_PHYS(PAGEBLOCK_NR_PAGES));
	if (!want->base)
		want->base = SMP_CACHE_BYTES;
	if (!(want->base & (want->base - 1)))
		return true;
	/* Linux differs: it rounds with such a number all the same, to anywhere. */
	pr_err(OF_RMEM "alignment %#llx of '%s' is no power of two\n", (ull)want->base, node->name);
	return false;
}

/*
 * Where @node shall be; 0: nowhere.
 * Linux differs: it "places" a size of 0, and lists a region that ends before it begins.
 */
__attribute__((always_inline))
static inline phys_addr_t find_place(const struct fdt_node *node, struct boot_range want)
{
	const bool nomap = fdt_has(&of_fdt.fdt, node, "no-map");
	struct fdt_value ranges;
	struct boot_range in;
	phys_addr_t pa = 0;

	if (!want.size || (nomap && of_memory_is_full()))
		return 0;
	if (!fdt_prop(&of_fdt.fdt, node, "alloc-ranges", &ranges))
		return alloc_in(want, 0, MEMBLOCK_ALLOC_ANYWHERE, nomap);
	while (!pa && of_take_range(&ranges, &in))
		pa = alloc_in(want, in.base, phys_range_end(in.base, in.size), nomap);
	return pa;
}

__attribute__((always_inline))
static inline void alloc_reserved_mem_size(const struct fdt_node *node)
{
	struct boot_range want;
	struct fdt_value ranges;
	phys_addr_t pa;

	if (!read_wish(node, &want))
		return;
	fdt_prop(&of_fdt.fdt, node, "alloc-ranges", &ranges);
	if (ranges.len % pair_size()) {
		pr_err(OF_RMEM "invalid alloc-ranges property in '%s', skipping node.\n",
		       node->name);
		return;
	}
	pa = find_place(node, want);
	if (!pa) {
		pr_err(OF_RMEM "failed to allocate memory for node '%s': size %lu MiB\n",
		       node->name, MIB(want.size));
		return;
	}
	ledger_name(pa, want.size, node->name);
	fdt_reserved_mem_save_node(node, (struct boot_range){ pa, want.size });
	rmem.dynamic = rmem.nr;
}

/* ---- pass 1 -------------------------------------------------------------------------- */

static __noinline void __init fdt_scan_reserved_mem(void)
{
	struct fdt_node parent, node, late[MAX_RESERVED_REGIONS];
	unsigned int nr_late = 0;
	struct boot_range range;
	struct fdt_value reg;

	if (!find_reserved_memory(&parent))
		return;
	for (node = parent; fdt_next_child(&of_fdt.fdt, &parent, &node);) {
		const bool nomap = fdt_has(&of_fdt.fdt, &node, "no-map");

		if (!fdt_available(&of_fdt.fdt, &node) || !whole_reg(&node, &reg))
			continue;
		rmem.counted += reg.len != 0;
		if (!reg.len && fdt_has(&of_fdt.fdt, &node, "size")) {
			if (nr_late < MAX_RESERVED_REGIONS)
				late[nr_late++] = node;
			else
				pr_err(OF_RMEM "too many defined dynamic regions, skip '%s'\n",
				       node.name);
		}
		while (of_take_range(&reg, &range))
			if (early_init_dt_reserve_memory(range, node.name, nomap))
				pr_err(OF_RMEM "Reserved memory: failed to reserve memory for node '%s': base %pa, size %lu MiB\n",
				       node.name, &range.base, MIB(range.size));
	}
	for (unsigned int i = 0; i < nr_late; i++)
		alloc_reserved_mem_size(&late[i]);
	rmem.counted += rmem.nr;
}

static __noinline void __init reserve_elfcorehdr(void)
{
	const struct boot_range *r = &of_fdt.elfcorehdr;

	if (!r->size)
		return;
	if (memblock_is_region_reserved(r->base, r->size)) {
		pr_warn("OF: fdt: elfcorehdr is overlapped\n");
		return;
	}
	ledger_reserve(r->base, r->size, "elfcorehdr");
	pr_info("OF: fdt: Reserving %llu KiB of memory at 0x%llx for elfcorehdr\n",
		(ull)r->size >> 10, (ull)r->base);
}

void __init early_init_fdt_scan_reserved_mem(const struct boot_info *info,
					     reserved_mem_init_fn init)
{
	uint64_t base, size;

	memset(&rmem, 0, sizeof(rmem));
	rmem.info = info;
	rmem.init = init;
	rmem.regions = rmem.first;
	rmem.max = MAX_RESERVED_REGIONS;
	reserve_elfcorehdr();
	fdt_scan_reserved_mem();
	for (uint32_t i = 0; fdt_reservation(&of_fdt.fdt, i, &base, &size); i++)
		ledger_reserve(base, phys_range_end(base, size) - base, "device tree reservation");
}

/* ---- pass 2 -------------------------------------------------------------------------- */

static int __init compare(const struct reserved_mem *a, const struct reserved_mem *b)
{
	if (a->base != b->base)
		return a->base < b->base ? -1 : 1;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return a->node < b->node ? -1 : a->node > b->node;
}

/* Let regions[i] sink until both below it are smaller. */
static void __init sink(unsigned int i, unsigned int n)
{
	struct reserved_mem *r = rmem.regions;

	for (unsigned int child; (child = 2 * i + 1) < n; i = child) {
		struct reserved_mem swap = r[i];

		if (child + 1 < n && compare(&r[child], &r[child + 1]) < 0)
			child++;
		if (compare(&r[i], &r[child]) >= 0)
			return;
		r[i] = r[child];
		r[child] = swap;
	}
}

/* Heapsort: a tree may list a hundred thousand. */
static void __init sort_regions(void)
{
	for (unsigned int i = rmem.nr / 2; i--;)
		sink(i, rmem.nr);
	for (unsigned int n = rmem.nr; n > 1; n--) {
		struct reserved_mem swap = rmem.regions[0];

		rmem.regions[0] = rmem.regions[n - 1];
		rmem.regions[n - 1] = swap;
		sink(0, n - 1);
	}
}

/* Of each region and its neighbour. */
static void __init rmem_check_overlap(void)
{
	sort_regions();
	for (unsigned int i = 0; i + 1 < rmem.nr; i++) {
		const struct reserved_mem *a = &rmem.regions[i], *b = a + 1;
		const phys_addr_t a_end = phys_range_end(a->base, a->size);
		const phys_addr_t b_end = phys_range_end(b->base, b->size);

		if (a->base && a_end > b->base)
			pr_err(OF_RMEM "OVERLAP DETECTED!\n%s (%pa--%pa) overlaps with %s (%pa--%pa)\n",
			       a->name, &a->base, &a_end, b->name, &b->base, &b_end);
	}
}

static bool __init grow_list(unsigned int wanted)
{
	const size_t bytes = wanted * sizeof(*rmem.regions);
	struct reserved_mem *regions;

	if (!wanted)
		return true;
	regions = ledger_owned(memblock_alloc(bytes, SMP_CACHE_BYTES), bytes,
			       "list of reserved memory");
	if (!regions) {
		pr_err(OF_RMEM "Failed to allocate memory for reserved_mem array with err: %d\n",
		       -ENOMEM);
		return false;
	}
	memcpy(regions, rmem.first, rmem.nr * sizeof(*regions));
	rmem.regions = regions;
	rmem.max = wanted;
	return true;
}

__noinline unsigned int __init fdt_scan_reserved_mem_reg_nodes(void)
{
	struct fdt_node parent, node;
	struct boot_range range;
	struct fdt_value reg;

	if (!fdt_find_child(&of_fdt.fdt, &of_fdt.root, "reserved-memory", &parent)) {
		pr_info(OF_RMEM "Reserved memory: No reserved-memory node in the DT\n");
		return 0;
	}
	if (!grow_list(rmem.counted) || !find_reserved_memory(&parent))
		return 0;
	for (node = parent; fdt_next_child(&of_fdt.fdt, &parent, &node);) {
		if (!fdt_available(&of_fdt.fdt, &node) || !whole_reg(&node, &reg) ||
		    !of_take_range(&reg, &range))
			continue;
		if (reg.len)
			pr_err(OF_RMEM "fdt_scan_reserved_mem_reg_nodes() ignores %d regions in node '%s'\n",
			       (int)(reg.len / pair_size()), node.name);
		if (range.size)
			fdt_reserved_mem_save_node(&node, range);
	}
	rmem_check_overlap();
	return rmem.unmapped;
}
