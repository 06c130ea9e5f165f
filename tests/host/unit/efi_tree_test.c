// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/efi/efi_tree.c and boot/firmware/of_efi.c: the tree that the EFI stub writes, read by the
 * kernel's own reader; memory by the EFI map.
 */
#define _GNU_SOURCE			/* memmem() */
#include "tests/host/include/of_machine.h"

#include "boot/boot_info_efi.h"
#include "boot/efi_stub.h"
#include "boot/of_efi.h"
#include "mm/ledger.h"

#include <stdlib.h>
#include <string.h>

#define M	*0x100000ULL

static uint8_t tree[65536] __attribute__((aligned(8)));
static uint8_t descs[16 * 48];
static unsigned int nr_descs;
static struct efi_stub stub;

static void fresh(void)
{
	stub = (struct efi_stub){
		.systab = (void *)0x7ffe0018,
		.initrd = { 0x7c3d8000, 70001 },
		.map = { .bytes = 960, .desc_size = 48, .version = 1, .pa = 0x7c000000 },
	};
	strcpy(stub.cmdline, "memblock=debug exit");
	info.phys_end = 1ULL << 44;
}

/* What the kernel reads in the tree that the stub wrote. */
static void take(void)
{
	const uint32_t size = efi_write_tree(&stub, tree, sizeof(tree));

	require_true(size != 0);
	require_true(early_init_dt_verify(tree, size, &info) == NULL);
	expect_eq(of_fdt.fdt.size, size);
	expect_eq(info.warnings, 0u);
	early_init_dt_scan_chosen(&info);
	expect_true(early_init_dt_scan_efi(&info));
	expect_str_eq(info.cmdline, "memblock=debug exit");
	expect_eq(info.efi_systab, 0x7ffe0018ull);
	expect_eq(info.efi.pa, 0x7c000000ull);
	expect_eq(info.efi.bytes, 960u);
	expect_eq(info.efi.desc_size, 48u);
	require_eq(info.nr_modules, 1u);
	expect_eq(info.modules[0].range.base, 0x7c3d8000ull);
	expect_eq(info.modules[0].range.size, 70001ull);
}

static void firmware_tree(void)
{
	uint32_t size;

	end();
	stub.tree = fdt_build_finish(&size);
}

KTAP_TEST(test_efi_tree_of_nothing)
{
	struct fdt_node n;

	fresh();
	take();
	n = of_fdt.root;
	require_true(fdt_next_child(&of_fdt.fdt, &of_fdt.root, &n));
	expect_str_eq(n.name, "chosen");
	expect_false(fdt_next_child(&of_fdt.fdt, &of_fdt.root, &n));
	expect_eq(of_fdt.address_cells, 2u);
}

KTAP_TEST(test_efi_tree_firmwares_own_is_kept)
{
	struct fdt_node n, m;
	struct fdt_value v;
	uint64_t base, size;

	fresh();
	text("model", "a machine");
	fdt_build_reservation(0x41000000, 0x1000);
	node("chosen");
	text("bootargs", "of firmware");
	text("stdout-path", "/pl011@9000000");
	cells("linux,initrd-start", 1, 1);
	cells("linux,initrd-end", 1, 2);
	node("module@0");
	text("bootargs", "of a module");
	end();
	end();
	memory("memory@40000000", MEM, SIZE);
	firmware_tree();
	take();
	expect_str_eq(of_flat_dt_get_machine_name(), "a machine");
	expect_str_eq(of_fdt.stdout_path, "/pl011@9000000");
	expect_false(fdt_reservation(&of_fdt.fdt, 0, &base, &size) && size);
	require_true(fdt_find_child(&of_fdt.fdt, &of_fdt.root, "chosen", &n));
	require_true(fdt_find_child(&of_fdt.fdt, &n, "module@0", &m));
	require_true(fdt_prop(&of_fdt.fdt, &m, "bootargs", &v));
	expect_str_eq((const char *)v.data, "of a module");
	expect_true(fdt_find_child(&of_fdt.fdt, &of_fdt.root, "memory@40000000", &n));
}

KTAP_TEST(test_efi_tree_without_chosen_gets_one)
{
	fresh();
	memory("memory@40000000", MEM, SIZE);
	firmware_tree();
	take();
}

KTAP_TEST(test_efi_tree_only_a_child_of_the_root_is_chosen)
{
	struct fdt_node n, m;
	struct fdt_value v;

	fresh();
	node("soc");
	node("chosen");
	text("bootargs", "not these");
	end();
	end();
	firmware_tree();
	take();
	require_true(fdt_find_child(&of_fdt.fdt, &of_fdt.root, "soc", &n));
	require_true(fdt_find_child(&of_fdt.fdt, &n, "chosen", &m));
	require_true(fdt_prop(&of_fdt.fdt, &m, "bootargs", &v));
	expect_str_eq((const char *)v.data, "not these");
}

KTAP_TEST(test_efi_tree_that_is_damaged_is_not_kept)
{
	uint32_t size;
	uint8_t *blob;

	fresh();
	end();
	blob = fdt_build_finish(&size);
	memset(blob + size / 2, 0xff, size / 4);
	stub.tree = blob;
	take();
}

KTAP_TEST(test_efi_tree_without_a_root_is_not_kept)
{
	const uint32_t end_token = __builtin_bswap32(9);
	uint32_t size;
	uint8_t *blob;

	fresh();
	end();
	blob = fdt_build_finish(&size);
	memcpy(blob + __builtin_bswap32(*(uint32_t *)(void *)(blob + 8)), &end_token, 4);
	stub.tree = blob;
	take();
}

KTAP_TEST(test_efi_tree_a_name_that_is_nowhere_becomes_none_of_ours)
{
	uint32_t size, strings_size;
	uint8_t *blob, *prop;

	fresh();
	node("chosen");
	text("stdout-path", "not our words");
	end();
	end();
	blob = fdt_build_finish(&size);
	memcpy(&strings_size, blob + 32, 4);
	prop = memmem(blob, size, "not our words", 13);
	memcpy(prop - 4, &strings_size, 4);	/* its name: behind all names */
	stub.tree = blob;
	take();
}

/* In any room that is too small: 0, and nothing behind it is touched. */
KTAP_TEST(test_efi_tree_has_no_room)
{
	uint32_t size, room;

	fresh();
	memory("memory@40000000", MEM, SIZE);
	firmware_tree();
	size = efi_write_tree(&stub, tree, sizeof(tree));
	expect_true(size <= efi_tree_room(&stub));
	for (room = 0; room <= size + 8; room += 4) {
		uint8_t *small = malloc(room + !room);
		const uint32_t got = efi_write_tree(&stub, small, room);

		expect_true(got == size || (got == 0 && room < size + 4));
		free(small);
	}
}

/* ---- the kernel's side --------------------------------------------------------------------- */

static void desc(uint32_t type, uint64_t base, uint64_t size, uint64_t attr)
{
	uint8_t *d = descs + 48 * nr_descs++;
	const uint64_t pages = size >> 12;

	memset(d, 0, 48);
	memcpy(d, &type, 4);
	memcpy(d + 8, &base, 8);
	memcpy(d + 24, &pages, 8);
	memcpy(d + 32, &attr, 8);
}

KTAP_TEST(test_efi_memory_is_that_of_the_map)
{
	nr_descs = 0;
	memory("memory@40000000", MEM, SIZE);
	scan();
	desc(EFI_MMIO, 64 M, 64 M, 1ULL << 63 | 2);		/* AAVMF's flash */
	desc(EFI_CONVENTIONAL, MEM, 16 M, 0xf);
	desc(EFI_RUNTIME_DATA, MEM + 16 M, 1 M, 1ULL << 63 | 0xf);
	desc(EFI_ACPI_RECLAIM, MEM + 17 M, 1 M, 0xf);
	desc(EFI_BOOT_DATA, MEM + 18 M, 14 M, 0xf);
	desc(EFI_CONVENTIONAL, MEM + 64 M, 1 M, 1);		/* uncached: a device's */
	desc(EFI_CONVENTIONAL, MEM + 65 M, 1 M, 2);		/* not to be cached */
	info.efi = (struct boot_efi_map){ descs, 48 * nr_descs, 48, 1, 0 };
	efi_reserve_regions(&info);
	require_eq(memblock.memory.cnt, 4u);
	expect_region(&memblock.memory, 0, MEM, 16 M, MEMBLOCK_NONE);
	expect_region(&memblock.memory, 1, MEM + 16 M, 1 M, MEMBLOCK_NOMAP);
	expect_region(&memblock.memory, 2, MEM + 17 M, 15 M, MEMBLOCK_NONE);
	expect_region(&memblock.memory, 3, MEM + 65 M, 1 M, MEMBLOCK_NOMAP);
	require_eq(memblock.reserved.cnt, 1u);
	expect_region(&memblock.reserved, 0, MEM + 17 M, 1 M, MEMBLOCK_NONE);
}

static const struct {
	const char	*name;
	uint64_t	pa;
	uint32_t	bytes, desc_size, version;
	bool		good;
} map_cases[] = {
	{ "as firmware gives it", 0x7c000000, 960, 48, 1, true },
	{ "a piece of a descriptor at the end", 0x7c000000, 970, 48, 1, true },
	{ "nowhere", 0, 960, 48, 1, false },
	{ "between two words", 0x7c000004, 960, 48, 1, false },
	{ "beyond all addresses", 1ULL << 44, 960, 48, 1, false },
	{ "it wraps", ~7ULL, 960, 48, 1, false },
	{ "descriptors of 32 bytes", 0x7c000000, 960, 32, 1, false },
	{ "descriptors of 0 bytes", 0x7c000000, 960, 0, 1, false },
	{ "less than one", 0x7c000000, 47, 48, 1, false },
	{ "of another version", 0x7c000000, 960, 48, 2, false },
};

KTAP_TABLE_TEST(efi_map_in_chosen, map_cases, c)
{
	uint32_t size;

	boot_info_init(&info, MEM + 0x200000, 0x100000);
	fresh();
	stub.tree = NULL;
	stub.map = (struct boot_efi_map){ NULL, c->bytes, c->desc_size, c->version, c->pa };
	size = efi_write_tree(&stub, tree, sizeof(tree));
	require_true(early_init_dt_verify(tree, size, &info) == NULL);
	expect_eq(early_init_dt_scan_efi(&info), c->good);
	expect_eq(info.warnings, !c->good);
	expect_eq(info.efi.bytes, c->good ? 960u : 0u);
}

KTAP_TEST(test_efi_properties_that_are_missing)
{
	node("chosen");
	cells("linux,uefi-system-table", 2, 0, 0x7ffe0018);
	cells("linux,uefi-mmap-start", 2, 0, 0x7c000000);
	end();
	require_true(verify() == NULL);
	expect_false(early_init_dt_scan_efi(&info));
	expect_log("efi: Can't find property 'linux,uefi-mmap-size' in DT!");
}

KTAP_TEST(test_efi_not_behind_firmware)
{
	require_true(verify() == NULL);
	expect_false(early_init_dt_scan_efi(&info));
	expect_log("efi: UEFI not found.");
}
