// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/efi/ and boot/x86_64/efi/: the stub under firmware with whims.
 */
#include "ktap.h"

#include "boot/x86_64/boot_params.h"
#include "efi_firmware.h"
#include "kernel/lib/unaligned.h"

#include <string.h>

KTAP_SETUP
{
	firmware_new();
}

static uint64_t home(void)
{
	return (uintptr_t)firmware_ram + FIRMWARE_HOME;
}

static uint64_t split(size_t low, size_t high)
{
	return get_le32(firmware.params + low) | (uint64_t)get_le32(firmware.params + high) << 32;
}

static const char *cmdline(void)
{
	return (const char *)split(CMD_LINE, EXT_CMD_LINE);
}

/* UTF-16 of plain text, with its NUL; good until the next call. */
static const uint16_t *wide(const char *text, uint32_t *bytes)
{
	static uint16_t units[4096];
	uint32_t n = 0;

	do
		units[n] = (unsigned char)text[n];
	while (text[n++]);
	*bytes = 2 * n;
	return units;
}

static void start_with(const char *options)
{
	firmware_whims.options = wide(options, &firmware_whims.options_bytes);
	firmware_start();
}

static bool said(const char *text)
{
	return strstr(firmware.said, text) != NULL;
}

/* ---- the kernel's place -------------------------------------------------------------------- */

static void expect_kernel_at(uint64_t at)
{
	const uint8_t *k = (const uint8_t *)(uintptr_t)at;

	expect_eq(firmware.entry, at + 0x200);
	for (uint64_t i = 0; i < FIRMWARE_KERNEL_SIZE; i++)
		if (k[i] != (uint8_t)(i * 7 + (i >> 8))) {
			expect_fail("byte %#llx of the kernel is wrong", (unsigned long long)i);
			return;
		}
}

KTAP_TEST(test_efi_the_kernel_is_entered_at_home)
{
	start_with("memblock=debug exit");
	require_true(firmware.entered);
	expect_kernel_at(home());
	expect_eq(firmware_type_at(home()), EFI_LOADER_CODE);
	expect_str_eq(cmdline(), "memblock=debug exit");
	expect_eq(get_le32(firmware.params + HEADER_MAGIC), 0x53726448u);
	expect_eq(firmware.params[LOADER_TYPE], 0x21u);
	expect_eq(firmware.params[SENTINEL], 0u);
	expect_eq(get_le64(firmware.params + SETUP_DATA), 0ull);
	expect_eq(get_le64(firmware.params + ACPI_RSDP), 0x7b7e014ull);
	expect_eq(split(RAMDISK, EXT_RAMDISK), 0ull);
	expect_mem_eq(firmware.params + EFI_SIGNATURE, "EL64", 4);
	expect_eq(get_le32(firmware.params + EFI_DESC_SIZE), 48u);
	expect_str_eq(firmware.said, "");
}

static const struct {
	const char	*name;
	uint32_t	at_home;
	bool		boots;
} home_cases[] = {
	{ "boot services end, then it is free", EFI_BOOT_DATA, true },
	{ "their code, too", EFI_BOOT_CODE, true },
	{ "runtime services stay", EFI_RUNTIME_DATA, false },
	{ "ACPI stays", EFI_ACPI_NVS, false },
	{ "somebody loaded something", EFI_LOADER_DATA, false },
	{ "no RAM", EFI_MMIO, false },
};

KTAP_TABLE_TEST(efi_home_is_taken, home_cases, c)
{
	firmware_new();
	firmware_whims.at_home = c->at_home;
	start_with("exit");
	expect_eq(firmware.entered, c->boots);
	expect_eq(firmware.ended, c->boots);
	expect_eq(firmware.refused, !c->boots);
	expect_eq(said("firmware keeps something at 1 MiB"), !c->boots);
	if (!c->boots)
		return;
	expect_eq((firmware.entry - 0x200) % 0x200000, 0ull);
	expect_kernel_at(firmware.entry - 0x200);
}

KTAP_TEST(test_efi_a_file_that_was_cut_off)
{
	firmware_whims.loaded_bytes = 4096 + FIRMWARE_KERNEL_SIZE / 2;
	start_with("exit");
	expect_false(firmware.entered);
	expect_true(said("the file is cut off"));
}

/* ---- leaving firmware ------------------------------------------------------------------------ */

KTAP_TEST(test_efi_the_map_changes_at_the_last_moment)
{
	firmware_whims.key_changes = 3;
	start_with("exit");
	expect_true(firmware.entered);
}

KTAP_TEST(test_efi_the_map_never_stands_still)
{
	firmware_whims.key_changes = 1000;
	start_with("exit");
	expect_false(firmware.entered);
	expect_true(firmware.refused);
	expect_eq(firmware.status, EFI_INVALID_PARAMETER);
}

KTAP_TEST(test_efi_no_allocation_is_taken_for_granted)
{
	unsigned int n = 0;

	do {
		firmware_new();
		firmware_whims.allocations = n;
		firmware_whims.offered = "abcdefgh";
		firmware_whims.offered_size = 8;
		start_with("exit");
		expect_true(firmware.entered || said("no room"));
	} while (!firmware.entered && n++ < 20);
	expect_eq(n, 4u);	/* initrd, map, kernel, boot_params */
}

static const uint32_t desc_sizes[] = { 0, 8, 32, 39, 8192 };

KTAP_TEST(test_efi_descriptors_of_odd_size)
{
	for (size_t i = 0; i < ARRAY_SIZE(desc_sizes); i++) {
		firmware_new();
		firmware_whims.desc_size = desc_sizes[i];
		firmware_whims.map = "";
		firmware_whims.map_bytes = 640;
		start_with("exit");
		expect_false(firmware.entered);
		expect_true(said("no room for a memory map"));
	}
}

/* ---- the map --------------------------------------------------------------------------------- */

static uint32_t entries(void)
{
	const uint8_t *node = (const uint8_t *)(uintptr_t)get_le64(firmware.params + SETUP_DATA);

	return firmware.params[E820_ENTRIES] + (node ? get_le32(node + 12) / 20 : 0);
}

static const uint8_t *entry(uint32_t i)
{
	const uint8_t *node = (const uint8_t *)(uintptr_t)get_le64(firmware.params + SETUP_DATA);

	return i < 128 ? firmware.params + E820_TABLE + i * 20 : node + 16 + (i - 128) * 20;
}

KTAP_TEST(test_efi_neighbours_of_one_type_are_one_entry)
{
	start_with("exit");
	require_true(firmware.entered);
	require_eq(entries(), 1u);
	expect_eq(get_le64(entry(0)), (uintptr_t)firmware_ram);
	expect_eq(get_le64(entry(0) + 8), FIRMWARE_RAM);
	expect_eq(get_le32(entry(0) + 16), 1u);
}

KTAP_TEST(test_efi_more_than_128_entries_go_on_in_setup_data)
{
	firmware_whims.strange_descs = 300;
	start_with("exit");
	require_true(firmware.entered);
	require_eq(entries(), 301u);
	expect_eq(firmware.params[E820_ENTRIES], 128u);
	for (uint32_t i = 0; i < 300; i++) {
		expect_eq(get_le64(entry(i + 1)), (4ull << 30) + i * 0x10000ull);
		expect_eq(get_le64(entry(i + 1) + 8), 0x10000ull);
		expect_eq(get_le32(entry(i + 1) + 16), i % 2 ? 1u : 2u);
	}
}

KTAP_TEST(test_efi_exactly_128_entries_need_no_setup_data)
{
	firmware_whims.strange_descs = 127;
	start_with("exit");
	require_true(firmware.entered);
	expect_eq(entries(), 128u);
	expect_eq(get_le64(firmware.params + SETUP_DATA), 0ull);
}

/* ---- the initrd ------------------------------------------------------------------------------ */

static void expect_initrd(const char *bytes, uint64_t size)
{
	require_true(firmware.entered);
	require_eq(split(RAMDISK + 4, EXT_RAMDISK + 4), size);
	expect_mem_eq((const void *)(uintptr_t)split(RAMDISK, EXT_RAMDISK), bytes, size);
	expect_eq(firmware_type_at(split(RAMDISK, EXT_RAMDISK)), EFI_LOADER_DATA);
}

KTAP_TEST(test_efi_what_the_loader_offers_goes_before_files)
{
	firmware_whims.offered = "offered";
	firmware_whims.offered_size = 7;
	start_with("initrd=initrd exit");
	expect_initrd("offered", 7);
}

KTAP_TEST(test_efi_an_empty_offer_is_no_initrd)
{
	firmware_whims.offered = "";
	start_with("exit");
	expect_true(firmware.entered);
	expect_eq(split(RAMDISK + 4, EXT_RAMDISK + 4), 0ull);
}

KTAP_TEST(test_efi_files_become_one)
{
	firmware_whims.files[0] = (struct firmware_file){ "\\boot\\a", "12345", 5 };
	firmware_whims.files[1] = (struct firmware_file){ "b", "6789", 4 };
	firmware_whims.read_at_most = 3;
	start_with("initrd=/boot/a quiet initrd=b exit");
	expect_initrd("12345\0\0\0006789", 12);
}

static const struct {
	const char	*name;
	const char	*options;
	bool		has_volume;
	const char	*said;
} no_initrd_cases[] = {
	{ "no such file", "initrd=/nothing", true, "initrd=\\nothing: no such file" },
	{ "the second one is missing", "initrd=a initrd=b", true, "initrd=b: no such file" },
	{ "from no volume", "initrd=a", false, "initrd=a: the kernel came from no volume" },
};

KTAP_TABLE_TEST(efi_no_boot_without_the_initrd, no_initrd_cases, c)
{
	firmware_new();
	firmware_whims.files[0] = (struct firmware_file){ "a", "1", 1 };
	firmware_whims.has_volume = c->has_volume;
	start_with(c->options);
	expect_false(firmware.entered);
	expect_false(firmware.ended);
	expect_true(firmware.refused);
	expect_true(said(c->said));
}

/* ---- the command line ------------------------------------------------------------------------ */

static const struct {
	const char	*name;
	uint16_t	in[16];
	uint32_t	units;		/* 0: up to the NUL, with it */
	size_t		room;
	const char	*want;
	bool		trouble;
} options_cases[] = {
	{ .name = "plain", .in = { 'a', '=', '1' }, .room = 16, .want = "a=1" },
	{ .name = "no NUL", .in = { 'a', 'b', 'c', 'd' }, .units = 3, .room = 16, .want = "abc" },
	{ .name = "two and three bytes", .in = { 0xfc, 0x4e2d }, .room = 16,
	  .want = "\xc3\xbc\xe4\xb8\xad" },
	{ .name = "a pair", .in = { 0xd83d, 0xde00 }, .room = 16, .want = "\xf0\x9f\x98\x80" },
	{ .name = "half a pair, high", .in = { 0xd83d, 'x' }, .room = 16, .want = "?x" },
	{ .name = "half a pair, low", .in = { 0xde00, 'x' }, .room = 16, .want = "?x" },
	{ .name = "half a pair at the end", .in = { 'x', 0xd83d }, .units = 2, .room = 16,
	  .want = "x?" },
	{ .name = "exactly full", .in = { 'a', 'b', 'c' }, .room = 4, .want = "abc" },
	{ .name = "one too long", .in = { 'a', 'b', 'c', 'd' }, .room = 4, .want = "abc",
	  .trouble = true },
	{ .name = "no half characters", .in = { 'a', 'b', 0xfc }, .room = 4, .want = "ab",
	  .trouble = true },
	{ .name = "not text", .in = { 'a', 1, 'b' }, .room = 16, .want = "", .trouble = true },
	{ .name = "tabs are text", .in = { 'a', '\t', 'b' }, .room = 16, .want = "a\tb" },
};

KTAP_TABLE_TEST(efi_options, options_cases, c)
{
	char text[16], bytes[1 + sizeof(c->in)];
	const char *trouble;
	uint32_t units = c->units;

	while (!c->units && c->in[units])
		units++;
	memcpy(bytes + 1, c->in, sizeof(c->in));	/* at an odd address */
	trouble = efi_take_options(text, c->room, bytes + 1, 2 * (units + !c->units), NULL, 0);
	expect_eq(trouble != NULL, c->trouble);
	expect_str_eq(text, c->want);
}

/* Device path nodes: a hard disc, then the file's path. */
static const uint8_t *path_of(const char *name)
{
	static uint8_t path[512] __attribute__((aligned(8)));
	const size_t n = 4 + 2 * (strlen(name) + 1);

	memcpy(path, "\x04\x01\x08\x00****\x04\x04", 10);
	path[10] = (uint8_t)n;
	path[11] = 0;
	for (size_t i = 0; i <= strlen(name); i++) {
		path[12 + 2 * i] = (uint8_t)name[i];
		path[13 + 2 * i] = 0;
	}
	memcpy(path + 8 + n, "\x7f\xff\x04\x00", 4);
	return path;
}

static const struct {
	const char	*name;
	const char	*path;
	const char	*options;
	const char	*want;
} own_name_cases[] = {
	{ "a shell's full path", "\\boot\\kernel.efi", "FS0:\\boot\\KERNEL.EFI a b", "a b" },
	{ "a shell's short path", "\\kernel.efi", "kernel.efi  a", "a" },
	{ "in another way: the volume", "\\kernel.efi", "fs0:kernel.efi a", "a" },
	{ "only the name", "\\kernel.efi", "kernel.efi", "" },
	{ "no name, as loaders do", "\\kernel.efi", "a kernel.efi", "a kernel.efi" },
	{ "a word that ends like it", "\\kernel.efi", "my-kernel.efi a", "my-kernel.efi a" },
};

KTAP_TABLE_TEST(efi_own_name, own_name_cases, c)
{
	firmware_new();
	firmware_whims.own_path = path_of(c->path);
	start_with(c->options);
	require_true(firmware.entered);
	expect_str_eq(cmdline(), c->want);
}

KTAP_TEST(test_efi_paths_that_never_end)
{
	static const uint8_t empty[] = { 4, 4, 0, 0 }, longest[] = { 0x7f, 1, 4, 0 };
	size_t units;

	expect_null(efi_path_name((const void *)empty, &units));
	expect_null(efi_path_name((const void *)longest, &units));
	expect_null(efi_path_name(NULL, &units));
	expect_eq(units, 0u);
}

/* ---- the screen ------------------------------------------------------------------------------ */

static const struct {
	const char			*name;
	struct efi_graphics_info	info;
	bool				drawn;
	uint32_t			bpp, pitch, red_at;
} screen_cases[] = {
	{ "blue first", { 0, 800, 600, EFI_PIXEL_BGRX, 0, 0, 0, 0, 1024 }, true, 32, 4096, 16 },
	{ "red first", { 0, 800, 600, EFI_PIXEL_RGBX, 0, 0, 0, 0, 800 }, true, 32, 3200, 0 },
	{ "16 bits", { 0, 640, 480, EFI_PIXEL_MASKS, 0xf800, 0x7e0, 0x1f, 0, 640 },
	  true, 16, 1280, 11 },
	{ "24 bits", { 0, 640, 480, EFI_PIXEL_MASKS, 0xff0000, 0xff00, 0xff, 0, 641 },
	  true, 24, 1923, 16 },
	{ "no masks", { 0, 640, 480, EFI_PIXEL_MASKS, 0, 0, 0, 0, 640 }, false, 0, 0, 0 },
	{ "not drawn by us", { 0, 640, 480, EFI_PIXEL_NO_FRAMEBUFFER, 0, 0, 0, 0, 640 },
	  false, 0, 0, 0 },
	{ "unknown format", { 0, 640, 480, 9, 0, 0, 0, 0, 640 }, false, 0, 0, 0 },
	{ "lines too short", { 0, 640, 480, EFI_PIXEL_BGRX, 0, 0, 0, 0, 639 }, false, 0, 0, 0 },
	{ "a pitch of 2^32", { 0, 640, 480, EFI_PIXEL_BGRX, 0, 0, 0, 0, 1u << 30 }, false, 0, 0, 0 },
	{ "nothing wide", { 0, 0, 480, EFI_PIXEL_BGRX, 0, 0, 0, 0, 640 }, false, 0, 0, 0 },
};

KTAP_TABLE_TEST(efi_screen, screen_cases, c)
{
	const struct efi_graphics_mode mode = { 1, 0, &c->info, sizeof(c->info), 0x1c0000000,
						1 << 22 };

	firmware_new();
	firmware_whims.mode = &mode;
	start_with("exit");
	require_true(firmware.entered);
	expect_eq(firmware.params[VIDEO_TYPE], c->drawn ? 0x70u : 0u);
	if (!c->drawn)
		return;
	expect_eq(split(LFB_BASE, LFB_EXT_BASE), 0x1c0000000ull);
	expect_eq(get_le32(firmware.params + LFB_CAPABLE), 2u);
	expect_eq(get_le16(firmware.params + LFB_WIDTH), c->info.width);
	expect_eq(get_le16(firmware.params + LFB_HEIGHT), c->info.height);
	expect_eq(get_le16(firmware.params + LFB_DEPTH), c->bpp);
	expect_eq(get_le16(firmware.params + LFB_PITCH), c->pitch);
	expect_eq(firmware.params[LFB_COLOURS + 1], c->red_at);
}
