// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/firmware/efi_map.c: Linux's map of an OVMF machine out of its EFI map, and EFI
 * maps that lie (those with false headers: multiboot2_test.c).
 */
#include "ktap.h"
#include "ledger_reset.h"

#include "arch/x86_64/efi_e820.h"
#include "arch/x86_64/map/e820_internal.h"
#include "boot/efi_map.h"
#include "host_console.h"
#include "kernel/lib/params.h"
#include "kernel/lib/types.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/arch_reset.h"
#include "tests/host/include/lib_reset.h"
#include "tests/host/include/memblock_reset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STRIDE	48		/* GRUB's */

static uint8_t descs[3100 * STRIDE];
static uint32_t nr_descs;
static uint32_t stride;

static void add(uint32_t type, uint64_t base, uint64_t pages, uint64_t attr)
{
	uint8_t *d = descs + nr_descs++ * stride;

	memset(d, 0xee, stride);
	memcpy(d, &type, 4);
	memcpy(d + 8, &base, 8);
	memcpy(d + 24, &pages, 8);
	memcpy(d + 32, &attr, 8);
	boot_info.efi = (struct boot_efi_map){ descs, nr_descs * stride, stride, 1, 0x10000 };
}

KTAP_SETUP
{
	nr_descs = 0;
	stride = STRIDE;
	e820_reset();
	memblock_reset();
	ledger_reset();
	params_reset();
	boot_info_init(&boot_info, 0x100000, 0x80000);
}

static const struct {
	const char	*name;
	uint32_t	type;
	uint64_t	attr;
	uint32_t	want;
} types[] = {
	{ "reserved", EFI_RESERVED, 0xf, E820_TYPE_RESERVED },
	{ "loader code", EFI_LOADER_CODE, 0xf, E820_TYPE_RAM },
	{ "loader data", EFI_LOADER_DATA, 0xf, E820_TYPE_RAM },
	{ "boot code", EFI_BOOT_CODE, 0xf, E820_TYPE_RAM },
	{ "boot data", EFI_BOOT_DATA, 0xf, E820_TYPE_RAM },
	{ "runtime code", EFI_RUNTIME_CODE, 0xf, E820_TYPE_RESERVED },
	{ "runtime data", EFI_RUNTIME_DATA, 0xf, E820_TYPE_RESERVED },
	{ "conventional", EFI_CONVENTIONAL, 0xf, E820_TYPE_RAM },
	{ "specific purpose", EFI_CONVENTIONAL, 1 << 18 | 0xf, E820_TYPE_SOFT_RESERVED },
	{ "unusable", EFI_UNUSABLE, 0, E820_TYPE_UNUSABLE },
	{ "ACPI tables", EFI_ACPI_RECLAIM, 0xf, E820_TYPE_ACPI },
	{ "ACPI NVS", EFI_ACPI_NVS, 0xf, E820_TYPE_NVS },
	{ "MMIO", EFI_MMIO, 1, E820_TYPE_RESERVED },
	{ "persistent", EFI_PERSISTENT, 0xf, E820_TYPE_PMEM },
	{ "unaccepted", EFI_UNACCEPTED, 0xf, E820_TYPE_RESERVED },
	{ "unknown", 0x70000001, ~0ULL, E820_TYPE_RESERVED },
	{ "huge", 0xffffffff, ~0ULL, E820_TYPE_RESERVED },
};

KTAP_TABLE_TEST(test_efi_type_becomes_e820_type, types, c)
{
	struct efi_desc desc = { .type = c->type, .attr = c->attr };

	expect_eq(efi_map_type(&desc), c->want);
}

KTAP_TEST(test_efi_odd_descriptors)
{
	add(EFI_CONVENTIONAL, 0x100000, 0x100, 0xf);
	add(EFI_BOOT_DATA, 0x200000, 0x100, 0xf);	/* joined with the one before */
	add(EFI_CONVENTIONAL, 0x400000, 0, 0xf);	/* empty */
	add(EFI_RESERVED, 0x180000, 1, 0xf);		/* inside RAM */
	add(EFI_CONVENTIONAL, 0x500800, 1, 0xf);	/* not on a page */
	add(EFI_RESERVED, 0xfffffffffffff000, 0x10000000000000, 0xf);	/* wraps twice */
	add(EFI_RESERVED, 0x1000, ~0ULL, 0);
	expect_false(e820__memory_setup(&boot_info));
	expect_log("using the EFI memory map");
	expect_eq(e820_table_given->nr_entries, 5);
	/* The last one covers all and beats RAM: sane, if useless. */
	expect_eq(e820_ram_bytes(), 0);
}

KTAP_TEST(test_efi_overlap_is_resolved_by_type)
{
	add(EFI_CONVENTIONAL, 0x100000, 0x200, 0xf);
	add(EFI_RESERVED, 0x180000, 1, 0xf);
	expect_true(e820__memory_setup(&boot_info));
	expect_eq(e820_table->nr_entries, 3);
	expect_eq(e820_ram_bytes(), 0x1ff000);
}

static const struct { uint64_t base, size; uint32_t type, pad; } e820[] = {
	{ 0, 0xa0000, 1, 0 }, { 0x100000, 0x7f00000, 1, 0 },
};

static void give_both(void)
{
	boot_info.map = (struct boot_map){ (const void *)e820, 2, sizeof(e820[0]), "test map" };
	expect_true(e820__memory_setup(&boot_info));
}

KTAP_TEST(test_efi_specific_purpose_memory_is_soft_reserved)
{
	add(EFI_CONVENTIONAL, 0x4000000, 0x1000, EFI_SPECIFIC_PURPOSE);
	give_both();
	expect_true(e820__mapped_all(0x4000000, 0x5000000, E820_TYPE_SOFT_RESERVED));
	e820__memblock_setup();
	expect_false(memblock_is_memory(0x4000000));
	expect_true(memblock_is_reserved(0x4000000));
}

/* GRUB calls it 20 in the e820 map of an UEFI machine; without UEFI nobody knows what 20 is. */
KTAP_TEST(test_efi_runtime_code_is_reserved_in_the_map_of_grub)
{
	static const struct { uint64_t base, size; uint32_t type, zero; } grub[] = {
		{ 0x100000, 0x7f00000, 1, 0 }, { 0x8000000, 0x1000, 2, 0 },
		{ 0x8001000, 0x1000, 20, 0 }, { 0x8002000, 0x1000, 2, 0 },
	};

	boot_info.map = (struct boot_map){ (const void *)grub, 4, sizeof(grub[0]), "test map" };
	expect_true(e820__memory_setup(&boot_info));
	expect_log("BIOS-e820: [mem 0x0000000008001000-0x0000000008001fff] type 20");
	e820_reset();
	add(EFI_RUNTIME_CODE, 0x8001000, 1, 0xf);
	expect_true(e820__memory_setup(&boot_info));
	expect_log("BIOS-e820: [mem 0x0000000008000000-0x0000000008002fff] reserved");
}

KTAP_TEST(test_efi_contradiction_is_counted_and_e820_believed)
{
	add(EFI_CONVENTIONAL, 0, 0xa0, 0xf);
	add(EFI_CONVENTIONAL, 0xff000, 0x2, 0xf);	/* one page more below 1 MiB */
	add(EFI_BOOT_DATA, 0x7fff000, 0x3, 0xf);	/* two pages more at the end */
	give_both();
	/* Of e820's 1 MiB to 128 MiB three pages are RAM for EFI, two of them are counted above. */
	expect_eq(efi_map_compare(&boot_info), 0x3000 + 0x7f00000 - 0x2000);
	expect_log("efi: 12K of RAM in the EFI map are not RAM in e820, which is believed");
	expect_log("efi: 130040K of RAM in e820, which is believed, are not RAM in the EFI map");
	expect_eq(boot_info.warnings, 2);
	expect_eq(e820_ram_bytes(), 0xa0000 + 0x7f00000);
}

KTAP_TEST(test_efi_agreement_is_silent)
{
	add(EFI_BOOT_DATA, 0, 0x10, 0xf);
	add(EFI_CONVENTIONAL, 0x10000, 0x90, 0xf);
	add(EFI_MMIO, 0xb0000, 0x10, 1);
	add(EFI_LOADER_DATA, 0x100000, 0x10, EFI_MORE_RELIABLE);
	add(EFI_CONVENTIONAL, 0x110000, 0x7ef0, 0xf);
	add(EFI_RESERVED, 0x8000000, 0x10, 0xf);
	give_both();
	expect_eq(efi_map_compare(&boot_info), 0);
	expect_eq(boot_info.warnings, 0);
}

/* What e820 calls RAM and the firmware goes on using: the worse contradiction. */
KTAP_TEST(test_efi_runtime_data_in_e820_ram_is_counted)
{
	add(EFI_CONVENTIONAL, 0, 0xa0, 0xf);
	add(EFI_CONVENTIONAL, 0x100000, 0x1000, 0xf);
	add(EFI_RUNTIME_DATA, 0x1100000, 0x20, 1ULL << 63 | 0xf);
	add(EFI_CONVENTIONAL, 0x1120000, 0x6ee0, 0xf);
	give_both();
	expect_eq(efi_map_compare(&boot_info), 0x20000);
	expect_log("efi: 128K of RAM in e820, which is believed, are not RAM in the EFI map");
	expect_eq(boot_info.warnings, 1);
}

KTAP_TEST(test_efi_any_stride_is_honoured)
{
	static const uint32_t strides[] = { 40, 48, 56, 64, 4096 };

	for (size_t i = 0; i < ARRAY_SIZE(strides); i++) {
		nr_descs = 0;
		stride = strides[i];
		e820_reset();
		add(EFI_CONVENTIONAL, 0x100000, 0x100, 0xf);
		add(EFI_ACPI_NVS, 0x200000, 0x10, 0xf);
		add(EFI_CONVENTIONAL, 0x300000, 0x1000, EFI_SPECIFIC_PURPOSE);
		expect_true(e820__memory_setup(&boot_info));
		expect_eq(e820_table->nr_entries, 3);
		expect_true(e820__mapped_all(0x200000, 0x210000, E820_TYPE_NVS));
		expect_true(e820__mapped_all(0x300000, 0x1300000, E820_TYPE_SOFT_RESERVED));
		expect_eq(e820_ram_bytes(), 0x100000);
	}
}

KTAP_TEST(test_efi_disorder_is_said_and_long_maps_are_compared)
{
	for (uint64_t i = 0; i < 3000; i++)
		add(i % 2 ? EFI_RESERVED : EFI_CONVENTIONAL, 0x100000 + i * 0x1000, 1, 0xf);
	give_both();
	expect_eq(efi_map_compare(&boot_info), 0xa0000 + 0x7f00000 - 1500 * 0x1000);
	expect_eq(boot_info.warnings, 1);
	add(EFI_CONVENTIONAL, 0x1000, 1, 0xf);
	expect_eq(efi_map_compare(&boot_info), 0);
	expect_log("efi: the EFI map is not in order or overlaps itself; not compared with e820");
}

/* More descriptors than the static tables hold: room is borrowed, where it is free. */
KTAP_TEST(test_efi_only_map_of_any_length_is_used)
{
	uint64_t ram = 0;

	add(EFI_RUNTIME_DATA, 0x200000, 0x100, 0);
	add(EFI_CONVENTIONAL, 0x300000, 0x100, EFI_SPECIFIC_PURPOSE);
	add(EFI_BOOT_DATA, 0x400000, 0x400, 0);
	for (uint64_t i = 0; i < 3000; i++)
		add(EFI_CONVENTIONAL, (1ULL << 32) + i * 0x4000, 2, 0);
	expect_true(e820__memory_setup(&boot_info));
	for (uint32_t i = 0; i < e820_table_firmware->nr_entries; i++)
		if (e820_table_firmware->entries[i].type == E820_TYPE_RAM)
			ram += e820_table_firmware->entries[i].size;
	expect_eq(ram, 0x400000 + 3000 * 0x2000);
	expect_eq(boot_info.warnings, 0);
	expect_ne(boot_info.nr_extents, 0);
	for (uint32_t i = 0; i < boot_info.nr_extents; i++) {
		struct boot_range borrowed = boot_info.extents[i].range;

		expect_true(borrowed.base >= 0x400000 && borrowed.base + borrowed.size <= 0x800000);
	}
}

KTAP_TEST(test_efi_mirrored_memory_is_marked)
{
	mirrored_kernelcore = true;
	add(EFI_CONVENTIONAL, 0x100000, 0x1000, EFI_MORE_RELIABLE | 0xf);
	add(EFI_CONVENTIONAL, 0x1100000, 0x6f00, 0xf);
	give_both();
	e820__memblock_setup();
	efi_find_mirror(&boot_info);
	expect_log("efi: Memory: 16M/127M mirrored memory");
	expect_true(memblock_has_mirror());
	mirrored_kernelcore = false;
}

KTAP_TEST(test_efi_mmio_is_a_gap_if_large)
{
	ignore_loglevel = true;
	add(EFI_CONVENTIONAL, 0, 0xa0, 0xf);
	add(EFI_CONVENTIONAL, 0x100000, 0x7f00, 0xf);
	add(EFI_MMIO, 0xfec00000, 1, 1ULL << 63 | 1);
	add(EFI_MMIO, 0xff000000, 0x3f, 1);
	add(EFI_MMIO, 0xffc00000, 0x400, 1ULL << 63 | 1);
	add(EFI_MMIO, 0x4000000, 0x40, 1);	/* over RAM: e820 is believed */
	give_both();
	e820__range_add(0xfec00000, 0x1000, E820_TYPE_RESERVED);
	e820__range_add(0xff000000, 0x1000000, E820_TYPE_RESERVED);
	efi_remove_e820_mmio(&boot_info);
	expect_log("efi: Not removing mem02: MMIO range=[0xfec00000-0xfec00fff] (4KB) from e820 map");
	expect_log("efi: Not removing mem03: MMIO range=[0xff000000-0xff03efff] (252KB) from e820 map");
	expect_log("efi: Remove mem04: MMIO range=[0xffc00000-0xffffffff] (4MB) from e820 map");
	expect_log("e820: remove [mem 0xffc00000-0xffffffff] reserved");
	expect_log("efi: Remove mem05: MMIO range=[0x04000000-0x0403ffff] (0MB) from e820 map");
	expect_true(e820__mapped_all(0xff000000, 0xffc00000, E820_TYPE_RESERVED));
	expect_false(e820__mapped_any(0xffc00000, 0x100000000, 0));
	expect_true(e820__mapped_all(0xfec00000, 0xfec01000, E820_TYPE_RESERVED));
	expect_eq(e820_ram_bytes(), 0xa0000 + 0x7f00000);
}

/* ---- Linux's words ------------------------------------------------------------------------- */

static uint32_t type_named(const char *name)
{
	static const char *const names[] = {
		"Reserved", "Loader Code", "Loader Data", "Boot Code", "Boot Data", "Runtime Code",
		"Runtime Data", "Conventional", "Unusable", "ACPI Reclaim", "ACPI Mem NVS", "MMIO",
	};

	for (uint32_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return i;
	return EFI_UNACCEPTED;
}

/*
 * The log has the descriptors (efi=debug) and the map Linux's boot stub made of them.  Both
 * must come out here: the printed descriptors, and every BIOS-e820 line but those above 4 GiB
 * or from the firmware's e820 that no descriptor has.
 */
KTAP_TEST(test_efi_map_becomes_what_linux_makes_of_it)
{
	FILE *f = fopen("tests/linux-logs/612-efi-m1g.log", "r");
	static char line[512], efi[256][200], bios[64][100];
	uint32_t nr_bios = 0, nr_efi = 0;

	require_true(f);
	while (fgets(line, sizeof(line), f)) {
		char *text = strstr(line, "] ");

		if (!text)
			continue;
		text += 2;
		text[strcspn(text, "\r\n")] = '\0';
		if (strncmp(text, "BIOS-e820: ", 11) == 0)
			snprintf(bios[nr_bios++], sizeof(bios[0]), "%s", text);
		/* Later Linux prints what is left of the map, counting from 0 again. */
		if (strncmp(text, "efi: mem", 8) != 0 || !strstr(text, "range=[") ||
		    strtoul(text + 8, NULL, 10) != nr_efi)
			continue;
		unsigned long long first = strtoull(strstr(text, "range=[") + 7, NULL, 16);
		unsigned long long last = strtoull(strstr(text, "range=[") + 26, NULL, 16);
		uint64_t attr = strstr(text, "RUN") ? 1ULL << 63 : 0;

		attr |= strstr(text, "|WB") ? 0xe : 0;
		snprintf(efi[nr_efi++], sizeof(efi[0]), "%s", text);
		add(type_named(strchr(text, '[') + 1), first, (last + 1 - first) >> 12, attr | 1);
	}
	fclose(f);
	require_true(nr_efi > 100 && nr_bios > 10);
	expect_true(e820__memory_setup(&boot_info));
	for (uint32_t i = 0; i < nr_bios; i++)
		expect_log(bios[i]);
	expect_eq(e820_table->nr_entries, nr_bios);

	parse_early_param("efi=debug");
	efi_print_memmap(&boot_info);
	for (uint32_t i = 0; i < nr_efi; i++)
		expect_log(efi[i]);
}
