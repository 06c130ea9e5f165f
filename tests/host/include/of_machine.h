/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine that is described by a device tree, for the tests of of_fdt.c, of_reserved_mem.c and
 * of_numa.c: the tree's root is open when a test begins.
 */
#ifndef TESTS_HOST_OF_MACHINE_H
#define TESTS_HOST_OF_MACHINE_H

#include "ktap.h"

#include "boot/of_fdt.h"
#include "mm/memblock.h"
#include "mm_machine.h"
#include "tests/host/include/fdt_build.h"

#define MEM	0x40000000ULL		/* where RAM begins */
#define SIZE	0x40000000ULL

static struct boot_info info;

KTAP_SETUP
{
	mm_machine_reset();
	boot_info_init(&info, MEM + 0x200000, 0x100000);
	fdt_build_start();
	node("");
	cells("#address-cells", 1, 2);
	cells("#size-cells", 1, 2);
}

static inline void memory(const char *name, uint64_t base, uint64_t size)
{
	node(name);
	text("device_type", "memory");
	range("reg", base, size);
	end();
}

/* End the root and open the tree. */
static inline const char *verify(void)
{
	uint32_t size;
	uint8_t *blob;

	end();
	blob = fdt_build_finish(&size);
	return early_init_dt_verify(blob, size, &info);
}

static inline void scan(void)
{
	expect_eq(verify() == NULL, true);
	early_init_dt_scan_chosen(&info);
	early_init_dt_scan_memory(&info);
	early_init_dt_check_for_usable_mem_range();
}

static inline void expect_region(const struct memblock_type *type, unsigned long i,
				 phys_addr_t base, phys_addr_t size, unsigned int flags)
{
	expect_eq(i < type->cnt, true);
	expect_eq(type->regions[i].base, base);
	expect_eq(type->regions[i].size, size);
	expect_eq(type->regions[i].flags, flags);
}

#endif /* TESTS_HOST_OF_MACHINE_H */
