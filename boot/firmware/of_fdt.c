// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory nodes and /chosen of the flattened device tree (see boot/of_fdt.h).
 */
#include "boot/of_fdt.h"

#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "mm/memblock.h"
#include "mm/range.h"

#define CELLS_MISSING	1U	/* of addresses and sizes, where the root does not say */
#define CELLS_MAX	16U
#define USABLE_RANGES	2
#define ARRAY_SLACK	4U	/* regions that the kernel itself may cut out of RAM */

typedef unsigned long long ull;

struct of_fdt of_fdt;

const char *of_text(const struct fdt_value *value)
{
	const char *text = (const char *)value->data;

	return text && strnlen(text, value->len) < value->len ? text : NULL;
}

bool of_take_range(struct fdt_value *value, struct boot_range *range)
{
	const struct fdt_value before = *value;

	if (fdt_take_cells(value, of_fdt.address_cells, &range->base) &&
	    fdt_take_cells(value, of_fdt.size_cells, &range->size) && value->len < before.len)
		return true;
	*value = before;
	return false;
}

const char *__init early_init_dt_verify(const void *blob, uint64_t room, struct boot_info *info)
{
	const char *why;

	of_fdt = (struct of_fdt){ .address_cells = CELLS_MISSING };
	why = fdt_open(&of_fdt.fdt, blob, room);
	if (why)
		return why;
	if (of_fdt.fdt.damage)
		boot_warn(info, "OF: fdt: at offset %#x: %s; the rest is not read\n",
			  of_fdt.fdt.damage_at, of_fdt.fdt.damage);
	if (!fdt_next_node(&of_fdt.fdt, &of_fdt.root))
		return "it has no root";
	of_fdt.address_cells = fdt_u32(&of_fdt.fdt, &of_fdt.root, "#address-cells", CELLS_MISSING);
	of_fdt.size_cells = fdt_u32(&of_fdt.fdt, &of_fdt.root, "#size-cells", CELLS_MISSING);
	if (!of_fdt.address_cells || of_fdt.address_cells > CELLS_MAX ||
	    of_fdt.size_cells > CELLS_MAX)
		return "its addresses have no cells, or it has numbers of more than 16";
	return NULL;
}

const char *__init of_flat_dt_get_machine_name(void)
{
	struct fdt_value v;

	if (!fdt_prop(&of_fdt.fdt, &of_fdt.root, "model", &v))
		fdt_prop(&of_fdt.fdt, &of_fdt.root, "compatible", &v);
	return of_text(&v);
}

/* ---- /chosen ------------------------------------------------------------------------- */

static bool find_chosen(struct fdt_node *chosen)
{
	return fdt_find_child(&of_fdt.fdt, &of_fdt.root, "chosen", chosen) ||
	       fdt_find_child(&of_fdt.fdt, &of_fdt.root, "chosen@0", chosen);
}

/* An address of one or two cells, whatever the root says. */
static bool prop_address(const struct fdt_node *node, const char *name, uint64_t *address)
{
	struct fdt_value v;

	return fdt_prop(&of_fdt.fdt, node, name, &v) && v.len >= 4 &&
	       fdt_take_cells(&v, v.len / 4, address);
}

static void __init take_initrd(const struct fdt_node *chosen, struct boot_info *info)
{
	uint64_t start, end;

	if (!prop_address(chosen, "linux,initrd-start", &start) ||
	    !prop_address(chosen, "linux,initrd-end", &end))
		return;
	if (start < end)
		boot_add_module(info, start, end, "", 0);
	else
		boot_warn(info, "OF: fdt: the initrd ends at %#llx, before it begins at %#llx; ignored\n",
			  (ull)end, (ull)start);
}

void __init early_init_dt_scan_chosen(struct boot_info *info)
{
	struct fdt_node chosen;
	struct fdt_value v;

	if (!find_chosen(&chosen))
		return;
	if (fdt_prop(&of_fdt.fdt, &chosen, "bootargs", &v) &&
	    !boot_copy_text(info->cmdline, sizeof(info->cmdline), (const char *)v.data, v.len))
		boot_warn(info, "OF: fdt: bootargs of %u bytes; only the first %u are used\n",
			  v.len, BOOT_CMDLINE_SIZE - 1);
	take_initrd(&chosen, info);
	if (fdt_prop(&of_fdt.fdt, &chosen, "linux,elfcorehdr", &v) &&
	    (!of_take_range(&v, &of_fdt.elfcorehdr) ||
	     of_fdt.elfcorehdr.size > PHYS_ADDR_MAX - of_fdt.elfcorehdr.base))
		of_fdt.elfcorehdr.size = 0;
	if (fdt_prop(&of_fdt.fdt, &chosen, "stdout-path", &v) ||
	    fdt_prop(&of_fdt.fdt, &chosen, "linux,stdout-path", &v))
		of_fdt.stdout_path = of_text(&v);
}

/*
 * Linux differs: a property that is shorter than a range, but a multiple of the number of
 * cells in bytes, is read past its end.
 */
void __init early_init_dt_check_for_usable_mem_range(void)
{
	struct boot_range range;
	struct fdt_node chosen;
	struct fdt_value v;

	if (!find_chosen(&chosen) ||
	    !fdt_prop(&of_fdt.fdt, &chosen, "linux,usable-memory-range", &v))
		return;
	for (int i = 0; i < USABLE_RANGES && of_take_range(&v, &range) && range.size; i++) {
		if (!i)
			memblock_cap_memory_range(range.base, range.size);
		else
			memblock_add(range.base, range.size);
	}
}

/* ---- memory nodes -------------------------------------------------------------------- */

/* The node's name says nothing. */
static bool is_memory(const struct fdt_node *node)
{
	return fdt_prop_is(&of_fdt.fdt, node, "device_type", "memory") &&
	       fdt_available(&of_fdt.fdt, node);
}

bool of_next_bank(struct of_bank_walk *walk, struct boot_range *bank)
{
	if (!walk->node.depth)
		walk->node = of_fdt.root;
	while (!of_take_range(&walk->reg, bank)) {
		if (!fdt_next_child(&of_fdt.fdt, &of_fdt.root, &walk->node))
			return false;
		walk->reg = (struct fdt_value){ NULL, 0 };
		if (is_memory(&walk->node) &&
		    !fdt_prop(&of_fdt.fdt, &walk->node, "linux,usable-memory", &walk->reg))
			fdt_prop(&of_fdt.fdt, &walk->node, "reg", &walk->reg);
	}
	return true;
}

bool __init of_memory_is_full(void)
{
	return memblock.memory.cnt + ARRAY_SLACK > memblock.memory.max;
}

/*
 *	page	|-------|-------|-------|-------|
 *	bank	    [=====================]
 *	added	        [===============]
 */
void __init early_init_dt_add_memory_arch(uint64_t base, uint64_t size, struct boot_info *info)
{
	const uint64_t head = PAGE_SIZE - (base & ~PAGE_MASK);

	size = phys_range_end(base, size) - base;
	if (size < head) {
		boot_warn(info, "OF: fdt: Ignoring memory block 0x%llx - 0x%llx\n", (ull)base,
			  (ull)(base + size));
		return;
	}
	if (of_memory_is_full()) {
		boot_warn(info, "OF: fdt: no room to note memory block 0x%llx - 0x%llx; not used\n",
			  (ull)base, (ull)(base + size));
		return;
	}
	if (head != PAGE_SIZE) {
		base += head;
		size -= head;
	}
	memblock_add(base, size & PAGE_MASK);
}

void __init early_init_dt_scan_memory(struct boot_info *info)
{
	struct of_bank_walk walk = { 0 };
	struct boot_range bank;

	while (of_next_bank(&walk, &bank)) {
		if (!bank.size)
			continue;
		early_init_dt_add_memory_arch(bank.base, bank.size, info);
		if (fdt_has(&of_fdt.fdt, &walk.node, "hotpluggable") && !of_memory_is_full() &&
		    memblock_mark_hotplug(bank.base, bank.size))
			boot_warn(info, "OF: fdt: failed to mark hotplug range 0x%llx - 0x%llx\n",
				  (ull)bank.base, (ull)(bank.base + bank.size));
	}
}
