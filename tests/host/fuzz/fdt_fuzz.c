// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a device tree: the header's magic and sizes are mended, so that the rest is read.
 *
 * The laws: every walk ends and stays in the blob (ASan: it is a block of its own); both arrays
 * of memblock are in normal form; RAM is what a plain walk over the banks says, to the page;
 * reservations only grow; a region on the list is inside of what the tree names or of RAM.
 */
#include "fuzz.h"

#include "boot/of_fdt.h"
#include "boot/of_numa.h"
#include "boot/of_reserved_mem.h"
#include "kernel/lib/align.h"
#include "kernel/lib/printk.h"
#include "mm/memblock.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/numa_memblks.h"
#include "mm_machine.h"
#include "tests/host/include/lib_reset.h"

#include <arch/memory.h>

#include <string.h>

#define HEADER		40
#define LONGEST		900	/* so many reservations fit in memblock's first array */

static struct boot_info info;

static void put(uint8_t *at, size_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void mend_header(uint8_t *blob, size_t size)
{
	put(blob, FDT_MAGIC);
	put(blob + 4, size);
	put(blob + 20, 17);
	put(blob + 24, 16);
}

static void walk_all(void)
{
	struct fdt_node n = { 0 }, child;
	unsigned int visited = 0;

	while (fdt_next_node(&of_fdt.fdt, &n)) {
		const uint8_t *name = (const uint8_t *)n.name;

		check(n.depth >= 1 && n.depth <= FDT_DEPTH_MAX);
		check(name >= of_fdt.fdt.blob && name < of_fdt.fdt.blob + of_fdt.fdt.size);
		check(name + strlen(n.name) < of_fdt.fdt.blob + of_fdt.fdt.size);
		check(++visited <= of_fdt.fdt.size / 8);
		for (child = n; fdt_next_child(&of_fdt.fdt, &n, &child);)
			check(child.depth == n.depth + 1);
	}
}

/* Is the page at @pa whole in one bank as written?  The banks may be many: a plain walk each. */
static bool in_a_bank(phys_addr_t pa)
{
	struct of_bank_walk walk = { 0 };
	struct boot_range bank;

	while (of_next_bank(&walk, &bank)) {
		uint64_t room = PHYS_ADDR_MAX - bank.base;

		if (bank.size > room)
			bank.size = room;
		if (pa >= bank.base && bank.size >= PAGE_SIZE &&
		    pa - bank.base <= bank.size - PAGE_SIZE)
			return true;
	}
	return false;
}

static void check_memory(void)
{
	struct of_bank_walk walk = { 0 };
	const struct memblock_region *r;
	struct boot_range bank;

	check(!memblock_type_broken(&memblock.memory));
	for_each_mem_region(r) {
		check(in_a_bank(ALIGN_DOWN(r->base, PAGE_SIZE)));
		check(in_a_bank(ALIGN_DOWN(r->base + r->size - 1, PAGE_SIZE)));
	}
	while (of_next_bank(&walk, &bank)) {
		const phys_addr_t first = ALIGN_UP(bank.base, PAGE_SIZE);

		if (!of_memory_is_full() && in_a_bank(first) && first >= bank.base &&
		    bank.size >= first - bank.base + PAGE_SIZE)
			check(memblock_is_memory(first));
	}
}

static void check_regions(void)
{
	const struct reserved_mem *r;

	for (unsigned int i = 0; (r = of_reserved_mem_get(i)); i++)
		check(r->size && strlen(r->name) < of_fdt.fdt.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	phys_addr_t pa;
	uint8_t *blob;

	if (size < HEADER || size > LONGEST)
		return 0;
	blob = malloc(size);
	memcpy(blob, data, size);
	mend_header(blob, size);
	printk_reset();
	mm_machine_reset();
	boot_info_init(&info, 0x40200000, 0x100000);
	if (!early_init_dt_verify(blob, size, &info)) {
		walk_all();
		early_init_dt_scan_chosen(&info);
		early_init_dt_scan_memory(&info);
		check_memory();
		early_init_dt_check_for_usable_mem_range();
		memblock_remove(1ULL << 40, PHYS_ADDR_MAX);	/* what the host can fake */
		early_init_fdt_scan_reserved_mem(&info, rmem_dma_pool_setup);
		memblock_allow_resize();
		fdt_scan_reserved_mem_reg_nodes();
		of_stdout("arm,pl011", &pa);
		check_regions();
		numa_memblks_init(of_numa_init, false);
		check(!memblock_type_broken(&memblock.memory));
		check(!memblock_type_broken(&memblock.reserved));
	}
	free(blob);
	return 0;
}
