// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/x86_64/pvh.c: what QEMU leaves on pc and microvm, and start infos that lie.
 */
#include "ktap.h"

#include "boot/pvh.h"
#include "boot/loader.h"
#include "host_phys.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/types.h"

#include <arch/memory.h>

#include <string.h>

#define START_INFO	0x21e0UL
#define CMDLINE		0x11c0UL
#define MODLIST		0x21c0UL
#define MEMMAP		0x5a8UL

static struct boot_info info;

struct start {
	uint32_t magic, version, flags, nr_modules;
	uint64_t modlist, cmdline, rsdp, memmap;
	uint32_t entries, reserved;
};

struct entry {
	uint64_t base, size;
	uint32_t type, reserved;
};

struct module {
	uint64_t base, size, cmdline, reserved;
};

static struct start *start(void)
{
	return phys_to_virt(START_INFO);
}

static void fresh(void)
{
	boot_info_init(&info, 0x100000, 0x80000);
}

KTAP_SETUP
{
	static const struct entry map[] = {
		{ 0, 0x9fc00, 1, 0 },
		{ 0x9fc00, 0x400, 2, 0 },
		{ 0x100000, 0x7ee0000, 1, 0 },
	};

	host_phys_init(1ULL << 33);
	*start() = (struct start){
		.magic = PVH_MAGIC, .version = 1, .cmdline = CMDLINE, .rsdp = 0xf59d0,
		.memmap = MEMMAP, .entries = 3,
	};
	memcpy(phys_to_virt(MEMMAP), map, sizeof(map));
	strcpy(phys_to_virt(CMDLINE), "memblock=debug exit");
	fresh();
}

static int take(void)
{
	return boot_info_from_loader(0, START_INFO, &info);
}

KTAP_TEST(test_pvh_qemu_start_info_is_understood)
{
	struct boot_map_entry e;

	start()->nr_modules = 1;
	start()->modlist = MODLIST;
	*(struct module *)phys_to_virt(MODLIST) = (struct module){ 0x7fc6000, 0x19a21, 0, 0 };
	require_eq(take(), 0);
	expect_str_eq(info.protocol, "PVH");
	expect_str_eq(info.cmdline, "memblock=debug exit");
	expect_eq(info.rsdp, 0xf59d0);
	expect_eq(info.map.nr, 3);
	expect_true(boot_map_entry(&info.map, 2, &e));
	expect_eq(e.size, 0x7ee0000);
	require_eq(info.nr_modules, 1);
	expect_eq(info.modules[0].range.base, 0x7fc6000);
	expect_eq(info.modules[0].range.size, 0x19a21);
	expect_eq(info.nr_extents, 4);
	expect_eq(info.warnings, 0);
}

KTAP_TEST(test_pvh_uninitialised_module_fields_are_ignored)
{
	start()->flags = 0xa5a5a5a5;
	start()->nr_modules = 0xa5a5a5a5;
	start()->modlist = 0xa5a5a5a5a5a5a5a5;
	expect_eq(take(), 0);
	expect_eq(info.nr_modules, 0);
	expect_eq(info.warnings, 1);

	fresh();
	start()->nr_modules = 3;
	expect_eq(take(), 0);
	expect_eq(info.nr_modules, 0);

	/* A believable count of nonsense: all empty, nothing is followed. */
	fresh();
	start()->modlist = 0x5000;
	memset(phys_to_virt(0x5000), 0xa5, 3 * sizeof(struct module));
	expect_eq(take(), 0);
	expect_eq(info.nr_modules, 0);
	expect_eq(info.warnings, 3);
}

static const struct {
	const char	*name;
	struct start	si;
	const char	*says;
} refusals[] = {
	{ "version 0", { PVH_MAGIC, 0, 0, 0, 0, 0, 0, MEMMAP, 3, 0 }, "version 0" },
	{ "no map", { PVH_MAGIC, 1, 0, 0, 0, 0, 0, 0, 3, 0 }, "no memory map" },
	{ "empty map", { PVH_MAGIC, 1, 0, 0, 0, 0, 0, MEMMAP, 0, 0 }, "no memory map" },
	{ "map out of reach", { PVH_MAGIC, 1, 0, 0, 0, 0, 0, 1ULL << 32, 3, 0 }, "no memory map" },
	{ "map at the end of all", { PVH_MAGIC, 1, 0, 0, 0, 0, 0, ~0ULL, 3, 0 }, "no memory map" },
};

KTAP_TABLE_TEST(test_pvh_unusable_is_refused, refusals, c)
{
	*start() = c->si;
	expect_eq(take(), -EINVAL);
	if (!strstr(info.refusal, c->says))
		expect_fail("refusal is \"%s\"", info.refusal);
}

KTAP_TEST(test_pvh_huge_counts_and_wild_pointers_are_bounded)
{
	struct boot_map_entry last;

	start()->entries = 0xffffffff;
	start()->cmdline = 0xffffffffffffffff;
	start()->rsdp = 0xffffffffffffffff;
	expect_eq(take(), 0);
	/* Up to something that is no record but not zero; all behind it is. */
	expect_true(info.map.nr > 3 && info.map.nr < 400);
	expect_true(boot_map_entry(&info.map, info.map.nr - 1, &last) && last.size);
	expect_str_eq(info.cmdline, "");
	expect_eq(info.warnings, 2);

	/* The image is not read: it has unmapped pages. */
	fresh();
	start()->cmdline = 0;
	start()->memmap = 0x100000 - 2 * sizeof(struct entry) - 1;
	start()->entries = 3;
	memcpy(phys_to_virt(start()->memmap), phys_to_virt(MEMMAP), 2 * sizeof(struct entry));
	expect_eq(take(), 0);
	expect_eq(info.map.nr, 2);
	expect_eq(info.warnings, 1);

	fresh();
	start()->memmap = EARLY_MAP_SIZE - 25;
	start()->entries = 2;
	memcpy(phys_to_virt(EARLY_MAP_SIZE - 25), phys_to_virt(MEMMAP), sizeof(struct entry));
	expect_eq(take(), 0);
	expect_eq(info.map.nr, 1);
}

KTAP_TEST(test_pvh_command_line_at_the_edge_of_reach)
{
	start()->cmdline = EARLY_MAP_SIZE - 3;
	memcpy(phys_to_virt(EARLY_MAP_SIZE - 3), "abcdef", 6);
	expect_eq(take(), 0);
	expect_str_eq(info.cmdline, "abc");

	fresh();
	start()->cmdline = EARLY_MAP_SIZE - 0x10000;
	memset(phys_to_virt(start()->cmdline), 'x', 0x10000);
	expect_eq(take(), 0);
	expect_eq(strlen(info.cmdline), 2047);
	expect_log("PVH: command line is cut to 2047 bytes");
}

/* PVH's magic is believed before its block is looked at, so the refusal names PVH. */
KTAP_TEST(test_pvh_magic_with_a_block_out_of_reach)
{
	fresh();
	expect_eq(boot_info_from_loader(PVH_MAGIC, 0, &info), -EINVAL);
	expect_true(strncmp(info.refusal, "PVH: start info at 0", 20) == 0);
	fresh();
	expect_eq(boot_info_from_loader(0x1234, 0, &info), -EINVAL);
	expect_true(strncmp(info.refusal, "not booted by multiboot2 or PVH (magic 0x1234", 45) == 0);
}

/* A module that passes the end of the address space is none. */
KTAP_TEST(test_pvh_module_that_wraps_is_none)
{
	struct module *module = phys_to_virt(0x3000);

	start()->nr_modules = 2;
	start()->modlist = 0x3000;
	module[0] = (struct module){ .base = 0x400000, .size = UINT64_MAX };
	module[1] = (struct module){ .base = 0x500000, .size = 0x1000 };
	fresh();
	expect_eq(boot_info_from_loader(PVH_MAGIC, START_INFO, &info), 0);
	require_eq(info.nr_modules, 1);
	expect_eq(info.modules[0].range.base, 0x500000);
	expect_false(info.modules[0].refused);
}
