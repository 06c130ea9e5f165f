// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/x86_64/multiboot2.c: what GRUB sends, and blocks that lie.
 *
 * Blocks are built byte by byte and handed over in a heap copy of their exact size, so that
 * AddressSanitizer sees a single byte read too many.
 */
#include "ktap.h"

#include "boot/multiboot2.h"
#include "boot/loader.h"
#include "host_phys.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/types.h"
#include "mb2_build.h"

#include <arch/memory.h>

#include <stdlib.h>
#include <string.h>

#define KERNEL_BASE	0x100000UL
#define KERNEL_SIZE	0x80000UL
#define BLOCK_PA	0x10000UL

static struct boot_info info;
/* The map is looked at in place, so the copy lives until the next one is made. */
static int parse_as(uint32_t total)
{
	static uint8_t *copy;

	free(copy);
	copy = malloc(len);
	memcpy(block, &total, 4);
	memcpy(copy, block, len);
	boot_info_init(&info, KERNEL_BASE, KERNEL_SIZE);
	return mb2_parse(copy, len, BLOCK_PA, &info);
}

static int parse(void)
{
	return parse_as((uint32_t)len);
}

KTAP_TEST(test_mb2_grub_block_is_understood)
{
	struct boot_map_entry e;

	begin();
	tag_two(21, KERNEL_BASE, 0);
	tag_text(1, "memblock=debug exit");
	tag_text(2, "GRUB 2.06-13+deb12u2");
	tag_module(0x200000, 0x200388, "initrd.img ro");
	tag_map();
	tag_two(4, 639, 0x7f00000 / 1024);
	size_t at = tag_begin(14);
	memset(block + len, 0x52, 20);
	len += 20;
	tag_end(at);
	tag_last();

	require_eq(parse(), 0);
	expect_str_eq(info.cmdline, "memblock=debug exit");
	expect_str_eq(info.loader, "GRUB 2.06-13+deb12u2");
	expect_str_eq(info.protocol, "multiboot2");
	require_eq(info.nr_modules, 1);
	expect_eq(info.modules[0].range.base, 0x200000);
	expect_eq(info.modules[0].range.size, 0x388);
	expect_str_eq(info.modules[0].name, "initrd.img ro");
	expect_eq(info.map.nr, 3);
	require_true(boot_map_entry(&info.map, 2, &e));
	expect_eq(e.base, 0x100000);
	expect_eq(e.size, 0x7f00000);
	expect_eq(e.type, 1);
	expect_false(boot_map_entry(&info.map, 3, &e));
	expect_eq(info.rsdp, BLOCK_PA + at + 8);
	expect_eq(info.nr_extents, 1);
	expect_eq(info.extents[0].range.base, BLOCK_PA);
	expect_eq(info.extents[0].range.size, len);
	expect_eq(info.warnings, 0);
}

static const struct {
	const char	*name;
	uint32_t	magic;
	phys_addr_t	pa;
	const char	*says;
} refusals[] = {
	{ "wrong magic", 0x2badb002, BLOCK_PA, "not booted by multiboot2 or PVH (magic 0x2badb002" },
	{ "no block", MB2_MAGIC, 0, "0x0 is missing" },
	{ "misaligned block", MB2_MAGIC, 0x10004, "0x10004 is not aligned" },
	{ "block at 4 GiB", MB2_MAGIC, 0x100000000, "0x100000000 is out of reach" },
	{ "block at the last bytes", MB2_MAGIC, 0xfffffff8, "0xfffffff8 is out of reach" },
	{ "block in the kernel", MB2_MAGIC, KERNEL_BASE + 0x40, "lies inside the kernel image" },
	{ "empty memory", MB2_MAGIC, BLOCK_PA, "is too short" },
};

KTAP_TABLE_TEST(test_mb2_refused_with_the_address, refusals, c)
{
	host_phys_init(1ULL << 33);
	boot_info_init(&info, KERNEL_BASE, KERNEL_SIZE);
	expect_eq(boot_info_from_loader(c->magic, c->pa, &info), -EINVAL);
	if (!strstr(info.refusal, c->says))
		expect_fail("refusal is \"%s\"", info.refusal);
}

KTAP_TEST(test_mb2_total_size_is_bounded)
{
	begin();
	tag_map();
	tag_last();
	expect_eq(parse_as(0), -EINVAL);
	expect_eq(parse_as(7), -EINVAL);
	expect_eq(parse_as(8), -EINVAL);
	expect_true(strstr(info.refusal, "no memory map"));
	expect_eq(parse_as(0xffffffff), 0);
	expect_eq(info.extents[0].range.size, len);
	expect_log("information block of 4294967295 bytes; only");
	for (uint32_t cut = 8; cut < len; cut++) {
		int rc = parse_as(cut);

		/* Cut anywhere: refused, or the tags that are whole. */
		expect_true(rc == -EINVAL || info.map.nr == 3);
	}
}

static const uint32_t bad_sizes[] = { 0, 1, 7, 0x1000, 0x7fffffff, 0xfffffff8, 0xffffffff };

KTAP_TEST(test_mb2_impossible_tag_size_ends_the_walk)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad_sizes); i++) {
		begin();
		tag_map();
		memcpy(block + tag_begin(1) + 4, &bad_sizes[i], 4);
		tag_text(1, "never seen");
		tag_last();
		expect_eq(parse(), 0);
		expect_eq(info.map.nr, 3);
		expect_str_eq(info.cmdline, "");
		expect_eq(info.warnings, 1);
	}
	expect_log("multiboot2: tag 1 at +0x60 has bad size 0");
}

KTAP_TEST(test_mb2_end_tag_missing_or_early)
{
	begin();
	tag_map();
	expect_eq(parse(), 0);
	expect_log("no end tag");

	begin();
	tag_map();
	tag_last();
	tag_text(1, "after the end");
	expect_eq(parse(), 0);
	expect_str_eq(info.cmdline, "");
	expect_eq(info.warnings, 0);
}

KTAP_TEST(test_mb2_many_unknown_tags_are_skipped)
{
	begin();
	for (uint32_t i = 0; i < 100000; i++)
		tag_end(tag_begin(0x1000 + i));
	tag_map();
	tag_last();
	expect_eq(parse(), 0);
	expect_eq(info.map.nr, 3);
	expect_eq(info.warnings, 0);
}

KTAP_TEST(test_mb2_flood_of_oddities_is_counted_not_shown)
{
	begin();
	for (uint32_t i = 0; i < 10000; i++)
		tag_end(tag_begin(6));
	tag_map();
	tag_last();
	expect_eq(parse(), 0);
	expect_eq(info.map.nr, 3);
	expect_eq(info.warnings, 10000);
	expect_log("further oddities are only counted");
}

KTAP_TEST(test_mb2_first_of_duplicates_wins)
{
	begin();
	tag_text(1, "first");
	tag_text(1, "second");
	tag_map();
	size_t at = map_begin(24);
	put_entry(0, 0x1000, 1);
	tag_end(at);
	tag_last();
	expect_eq(parse(), 0);
	expect_str_eq(info.cmdline, "first");
	expect_eq(info.map.nr, 3);
	expect_eq(info.warnings, 2);
	expect_log("second command line tag at +0x18; the first one counts");
	expect_log("second memory map tag");
}

KTAP_TEST(test_mb2_basic_sizes_serve_without_a_map)
{
	struct boot_map_entry e;

	begin();
	tag_two(4, 639, 64512);
	tag_last();
	require_eq(parse(), 0);
	expect_str_eq(info.map.source, "basic memory sizes");
	require_true(boot_map_entry(&info.map, 1, &e));
	expect_eq(e.base, 0x100000);
	expect_eq(e.size, 64512UL * 1024);
	expect_eq(e.type, 1);
	require_true(boot_map_entry(&info.map, 0, &e));
	expect_eq(e.size, 0x9fc00);
}

static const struct {
	const char	*name;
	uint32_t	stride;
	uint32_t	body;		/* bytes of entries */
	uint32_t	want;		/* entries, 0: refused */
} strides[] = {
	{ "0",			0,	72,	0 },
	{ "8",			8,	72,	0 },
	{ "20",			20,	60,	3 },
	{ "24",			24,	72,	3 },
	{ "32",			32,	96,	3 },
	{ "40",			40,	120,	3 },
	{ "27",			27,	81,	3 },
	{ "larger than the tag", 100,	72,	0 },
	{ "huge",		0xffffffff, 72,	0 },
	{ "last entry cut",	24,	71,	2 },
	{ "no entries",		24,	0,	0 },
};

KTAP_TABLE_TEST(test_mb2_map_stride_is_honoured, strides, c)
{
	struct boot_map_entry e;

	begin();
	size_t at = map_begin(c->stride);
	memset(block + len, 0, c->body);
	for (uint32_t i = 0; c->stride >= 20 && (i + 1) * (size_t)c->stride <= c->body; i++) {
		uint64_t base = 0x1000 * (i + 1);

		memcpy(block + len + i * c->stride, &base, 8);
	}
	len += c->body;
	tag_end(at);
	tag_last();
	expect_eq(parse(), c->want ? 0 : -EINVAL);
	expect_eq(info.map.nr, c->want);
	for (uint32_t i = 0; i < c->want; i++) {
		expect_true(boot_map_entry(&info.map, i, &e));
		expect_eq(e.base, 0x1000 * (i + 1));
	}
}

KTAP_TEST(test_mb2_ten_thousand_entries_are_all_there)
{
	struct boot_map_entry e;

	begin();
	size_t at = map_begin(24);
	for (uint64_t i = 0; i < 10000; i++)
		put_entry(0x1000000 + i * 0x2000, 0x1000, 1);
	tag_end(at);
	tag_last();
	expect_eq(parse(), 0);
	expect_eq(info.map.nr, 10000);
	expect_true(boot_map_entry(&info.map, 9999, &e));
	expect_eq(e.base, 0x1000000 + 9999UL * 0x2000);
}

KTAP_TEST(test_mb2_odd_modules)
{
	begin();
	tag_map();
	tag_module(0x300000, 0x300000, "empty");
	tag_module(0x300000, 0x200000, "backwards");
	tag_module(0x17f000, 0x180001, "over the kernel");
	tag_module(BLOCK_PA - 4, BLOCK_PA + 1, "over the block");
	tag_module(0x400000, 0x400800, "good");
	tag_module(0x400800, 0x400900, "shares a page");
	tag_module(0x4008ff, 0x401000, "over the one before");
	tag_last();
	expect_eq(parse(), 0);
	require_eq(info.nr_modules, 5);
	expect_true(info.modules[0].refused);
	expect_true(info.modules[1].refused);
	expect_false(info.modules[2].refused);
	expect_false(info.modules[3].refused);
	expect_true(info.modules[4].refused);
	expect_eq(info.warnings, 5);
	expect_log("overlaps the kernel [mem 0x0000000000100000-0x000000000017ffff]");
	expect_log("overlaps boot information");
	expect_log("overlaps an earlier module [mem 0x0000000000400800-0x00000000004008ff]");
}

/* A module without any text: not even the NUL, eight bytes in all. */
KTAP_TEST(test_mb2_module_without_a_command_line_is_one)
{
	size_t at;

	begin();
	tag_map();
	at = tag_begin(3);
	put32(0x400000);
	put32(0x401000);
	tag_end(at);
	tag_last();
	expect_eq(parse(), 0);
	require_eq(info.nr_modules, 1);
	expect_eq(info.modules[0].range.base, 0x400000);
	expect_str_eq(info.modules[0].name, "");
	expect_eq(info.warnings, 0);
}

/* Of two RSDPs that of ACPI 2.0 counts, in either order of the tags. */
KTAP_TEST(test_mb2_rsdp_of_acpi_2_is_preferred)
{
	static const char bytes[36] = "RSD PTR ";

	for (int v2_first = 0; v2_first < 2; v2_first++) {
		size_t at, v2 = 0;

		begin();
		tag_map();
		for (int i = 0; i < 2; i++) {
			bool is_v2 = i != v2_first;

			at = tag_begin(is_v2 ? 15 : 14);
			if (is_v2)
				v2 = len;
			memcpy(block + len, bytes, is_v2 ? 36 : 20);
			len += is_v2 ? 36 : 20;
			tag_end(at);
		}
		tag_last();
		expect_eq(parse(), 0);
		expect_eq(info.rsdp, BLOCK_PA + v2);
	}
}

KTAP_TEST(test_mb2_a_thousand_modules_find_room_in_ram)
{
	host_phys_init(1ULL << 33);
	begin();
	tag_map();
	/* The first place after the kernel is theirs: the list has to go above them. */
	for (uint32_t i = 0; i < 1000; i++)
		tag_module(0x180000 + i * 0x1000, 0x180800 + i * 0x1000, "m");
	tag_last();
	expect_eq(parse(), 0);
	require_eq(info.nr_modules, 1000);
	expect_eq(info.modules[999].range.base, 0x180000 + 999 * 0x1000);
	expect_eq(info.warnings, 0);
	require_eq(info.nr_extents, 2);
	expect_eq(info.extents[1].range.base, 0x180000 + 1000 * 0x1000);
	expect_str_eq(info.extents[1].owner, "module list");
}

KTAP_TEST(test_mb2_modules_without_room_are_kept_whole)
{
	begin();
	size_t at = map_begin(24);
	put_entry(KERNEL_BASE, KERNEL_SIZE, 1);	/* no RAM left for a list */
	tag_end(at);
	for (uint32_t i = 0; i < 20; i++)
		tag_module(0x180000 + i * 0x1000, 0x180800 + i * 0x1000, "m");
	tag_last();
	expect_eq(parse(), 0);
	expect_eq(info.nr_modules, BOOT_MODULES_STATIC);
	expect_eq(info.module_rest.base, 0x180000 + 16 * 0x1000);
	expect_eq(info.module_rest.size, 3 * 0x1000 + 0x800);
	expect_eq(info.warnings, 1);
}

static const struct {
	const char	*name;
	const char	*loader;
	const char	*text;
	const char	*want;
} quoted[] = {
	{ "plain",	  "GRUB 2.06", "a=1 b", "a=1 b" },
	{ "blank",	  "GRUB 2.06", "\"a=x y\" b", "\"a=x y\" b" },
	{ "quote",	  "GRUB 2.06", "a=\\\"x y\\\"", "a=\"x y\"" },
	{ "apostrophe",	  "GRUB 2.06", "a=\\'x", "a='x" },
	{ "backslash",	  "GRUB 2.06", "a=\\\\x", "a=\\x" },
	{ "hex stays",	  "GRUB 2.06", "a=\\x41", "a=\\x41" },
	{ "last",	  "GRUB 2.06", "a=\\", "a=\\" },
	{ "other loader", "Limine", "a=\\\"x y\\\"", "a=\\\"x y\\\"" },
};

KTAP_TABLE_TEST(test_mb2_grub_quoting_is_undone, quoted, c)
{
	begin();
	tag_text(1, c->text);
	tag_text(2, c->loader);
	tag_map();
	tag_last();
	expect_eq(parse(), 0);
	expect_str_eq(info.cmdline, c->want);
	expect_eq(info.warnings, 0);
}

KTAP_TEST(test_mb2_command_line_is_cut)
{
	static char text[65536 + 1];

	memset(text, 'x', sizeof(text) - 1);
	begin();
	tag_text(1, text);
	tag_map();
	tag_last();
	expect_eq(parse(), 0);
	expect_eq(strlen(info.cmdline), 2047);
	expect_eq(info.warnings, 1);
	expect_log("command line of 65536 bytes is cut to 2047");

	text[2047] = '\0';		/* exactly fitting */
	begin();
	tag_text(1, text);
	tag_map();
	tag_last();
	expect_eq(parse(), 0);
	expect_eq(strlen(info.cmdline), 2047);
	expect_eq(info.warnings, 0);
}

KTAP_TEST(test_mb2_command_line_without_nul_or_empty)
{
	begin();
	size_t at = tag_begin(1);
	memcpy(block + len, "abc", 3);
	len += 3;
	tag_end(at);
	tag_map();
	tag_last();
	expect_eq(parse(), 0);
	expect_str_eq(info.cmdline, "abc");

	begin();
	tag_end(tag_begin(1));
	tag_map();
	tag_last();
	expect_eq(parse(), 0);
	expect_str_eq(info.cmdline, "");
}

KTAP_TEST(test_mb2_elf_and_framebuffer_nonsense_is_ignored)
{
	begin();
	tag_map();
	size_t at = tag_begin(9);
	put32(0xffffffff);
	put32(64);
	put32(3);
	tag_end(at);
	at = tag_begin(8);
	put64(0xfffffffffffff000);
	put32(4096);
	put32(1024);
	put32(768);
	block[len++] = 32;
	block[len++] = 1;
	tag_end(at);
	tag_last();
	expect_eq(parse(), 0);
	expect_eq(info.fb.bpp, 0);
	expect_eq(info.warnings, 2);
	expect_log("ELF sections at +0x60");
	expect_log("cannot be; not used");
}

static const struct {
	const char	*name;
	uint32_t	size, version, bytes;
	bool		used;
} efi_maps[] = {
	{ "GRUB's",		48, 1, 96,  true },
	{ "40",			40, 1, 120, true },
	{ "size 0",		0,  1, 96,  false },
	{ "size 39",		39, 1, 96,  false },
	{ "size 44",		44, 1, 88,  false },
	{ "larger than tag",	104, 1, 96, false },
	{ "version 2",		48, 2, 96,  false },
	{ "last one cut",	48, 1, 95,  true },
};

KTAP_TABLE_TEST(test_mb2_efi_map_header_is_checked, efi_maps, c)
{
	begin();
	size_t at = tag_begin(17);
	put32(c->size);
	put32(c->version);
	memset(block + len, 0, c->bytes);
	len += c->bytes;
	tag_end(at);
	tag_last();
	expect_eq(parse(), c->used ? 0 : -EINVAL);
	expect_eq(info.efi.bytes, c->used ? c->bytes - c->bytes % c->size : 0);
}

KTAP_TEST(test_mb2_other_load_base_is_refused)
{
	begin();
	tag_two(21, 0x1600000, 0);
	tag_map();
	tag_last();
	expect_eq(parse(), -EINVAL);
	expect_str_eq(info.refusal, "multiboot2: the kernel was loaded at 0x1600000 "
		      "but is linked for 0x100000 and cannot move");
}

KTAP_TEST(test_mb2_block_over_the_kernel_is_refused)
{
	begin();
	tag_map();
	tag_last();
	memcpy(block, &(uint32_t){ (uint32_t)len }, 4);
	boot_info_init(&info, BLOCK_PA + 0x20, 0x1000);
	expect_eq(mb2_parse(block, len, BLOCK_PA, &info), -EINVAL);
	expect_true(strstr(info.refusal, "inside the kernel image"));
}
