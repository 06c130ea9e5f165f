// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/x86_64/linux_params.c: what loaders of Linux leave, and boot_params that lie.
 */
#include "ktap.h"

#include "arch/x86_64/image.h"
#include "tests/host/include/arch_reset.h"
#include "boot/linux_params.h"
#include "boot/loader.h"
#include "host_phys.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/types.h"

#include <arch/memory.h>
#include <arch/paging.h>

#include <string.h>

#define IMAGE		0x100000UL
#define IMAGE_SIZE	0x80000UL
#define PARAMS		(IMAGE + IMAGE_SIZE)
#define CMDLINE		(PARAMS + 0x1000)
#define NODE		0x200000UL

static struct boot_info info;

static uint8_t *params(void)
{
	return phys_to_virt(PARAMS);
}

static void put(phys_addr_t pa, uint64_t value, size_t bytes)
{
	memcpy(phys_to_virt(pa), &value, bytes);
}

static void put_entry(phys_addr_t pa, uint64_t base, uint64_t size, uint32_t type)
{
	put(pa, base, 8);
	put(pa + 8, size, 8);
	put(pa + 16, type, 4);
}

static void put_node(phys_addr_t pa, uint64_t next, uint32_t type, uint32_t len)
{
	put(pa, next, 8);
	put(pa + 8, type, 4);
	put(pa + 12, len, 4);
}

static void fresh(void)
{
	boot_info_init(&info, IMAGE, IMAGE_SIZE);
	info.phys_end = 1ULL << 33;
}

KTAP_SETUP
{
	host_phys_init(1ULL << 33);
	early_paging_init();
	memset(params(), 0, 0x2000);
	put(PARAMS + 0x202, LINUX_MAGIC, 4);
	put(PARAMS + 0x206, 0x20f, 2);
	put(PARAMS + 0x210, 0x72, 1);
	params()[0x1e8] = 3;
	put_entry(PARAMS + 0x2d0, 0, 0x9fc00, 1);
	put_entry(PARAMS + 0x2d0 + 20, 0x9fc00, 0x400, 2);
	put_entry(PARAMS + 0x2d0 + 40, 0x100000, 0x7ee0000, 1);
	strcpy(phys_to_virt(CMDLINE), "memblock=debug exit");
	fresh();
}

static int take(void)
{
	return boot_info_from_loader(LINUX_MAGIC, PARAMS, &info);
}

static const struct boot_extent *extent(const char *owner, unsigned int nth)
{
	for (uint32_t i = 0; i < info.nr_extents; i++)
		if (strcmp(info.extents[i].owner, owner) == 0 && !nth--)
			return &info.extents[i];
	return NULL;
}

KTAP_TEST(test_linux_a_usual_block_is_understood)
{
	struct boot_map_entry e;

	put(PARAMS + 0x218, 0x7fc6000, 4);
	put(PARAMS + 0x21c, 0x19a21, 4);
	put(PARAMS + 0x070, 0xf59d0, 8);
	require_eq(take(), 0);
	expect_str_eq(info.protocol, "Linux protocol");
	expect_str_eq(info.loader, "GRUB");
	expect_str_eq(info.cmdline, "memblock=debug exit");
	require_eq(info.map.nr, 3u);
	require_true(boot_map_entry(&info.map, 2, &e));
	expect_eq(e.base, 0x100000ull);
	expect_eq(e.size, 0x7ee0000ull);
	require_eq(info.nr_modules, 1u);
	expect_eq(info.modules[0].range.base, 0x7fc6000ull);
	expect_eq(info.modules[0].range.size, 0x19a21ull);
	expect_eq(info.rsdp, 0xf59d0ull);
	require_true(extent("boot information", 0) != NULL);
	expect_eq(extent("boot information", 0)->range.size, 0x2000ull);
	expect_eq(info.warnings, 0u);
}

KTAP_TEST(test_linux_initrd_above_4g)
{
	put(PARAMS + 0x0c0, 1, 4);
	put(PARAMS + 0x218, 0x4000, 4);
	put(PARAMS + 0x21c, 0x1000, 4);
	require_eq(take(), 0);
	require_eq(info.nr_modules, 1u);
	expect_eq(info.modules[0].range.base, 0x100004000ull);
}

/* Linux's rule: a loader without a type cannot have an initrd. */
KTAP_TEST(test_linux_initrd_needs_a_loader_type_an_address_and_a_size)
{
	static const struct {
		uint32_t type, base, size;
	} rows[] = { { 0, 0x4000, 1 }, { 0x72, 0, 1 }, { 0x72, 0x4000, 0 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fresh();
		put(PARAMS + 0x210, rows[i].type, 1);
		put(PARAMS + 0x218, rows[i].base, 4);
		put(PARAMS + 0x21c, rows[i].size, 4);
		require_eq(take(), 0);
		expect_eq(info.nr_modules, 0u);
	}
}

KTAP_TEST(test_linux_initrd_that_wraps_is_said)
{
	put(PARAMS + 0x218, 0x4000, 4);
	put(PARAMS + 0x21c, 0xffffffff, 4);
	put(PARAMS + 0x0c4, 0xffffffff, 4);
	require_eq(take(), 0);
	expect_eq(info.nr_modules, 0u);
	expect_eq(info.warnings, 1u);
}

KTAP_TEST(test_linux_initrd_on_the_image_is_refused)
{
	put(PARAMS + 0x218, IMAGE + 0x1000, 4);
	put(PARAMS + 0x21c, 0x1000, 4);
	require_eq(take(), 0);
	require_eq(info.nr_modules, 1u);
	expect_true(info.modules[0].refused);
}

KTAP_TEST(test_linux_setup_data_is_reserved_node_by_node)
{
	put(PARAMS + 0x250, NODE, 8);
	put_node(NODE, NODE + 0x1000, 9, 32);
	put_node(NODE + 0x1000, 0, 0x80000000, 32);
	put(NODE + 0x1018, 0x5000, 8);
	put(NODE + 0x1020, 0x40000000, 8);
	require_eq(take(), 0);
	require_true(extent("setup_data", 2) != NULL);
	expect_eq(extent("setup_data", 0)->range.base, NODE);
	expect_eq(extent("setup_data", 0)->range.size, 48ull);
	expect_eq(extent("setup_data", 1)->range.base, NODE + 0x1000);
	expect_eq(extent("setup_data", 2)->range.base, 0x40000000ull);
	expect_eq(extent("setup_data", 2)->range.size, 0x5000ull);
	expect_eq(info.warnings, 0u);
}

static const struct {
	const char	*name;
	uint64_t	first, next;
	uint32_t	type, len;
	unsigned int	kept;
} bad_lists[] = {
	{ .name = "a node that is its own successor", .first = NODE, .next = NODE, .kept = 1 },
	{ .name = "the first node above all addresses", .first = (1ULL << 33) - 8, .kept = 0 },
	{ .name = "the first node in the image", .first = IMAGE + 64, .kept = 0 },
	{ .name = "the header runs into the image", .first = IMAGE - 8, .kept = 0 },
	{ .name = "the next node at the top of 64 bits", .first = NODE, .next = ~0ULL - 3, .kept = 1 },
	{ .name = "a map longer than all that can be read", .first = NODE, .type = 1,
	  .len = 0xffffffff, .kept = 1 },
};

KTAP_TEST(test_linux_bad_setup_data_is_said_and_ends)
{
	for (size_t i = 0; i < sizeof(bad_lists) / sizeof(bad_lists[0]); i++) {
		fresh();
		put(PARAMS + 0x250, bad_lists[i].first, 8);
		put_node(NODE, bad_lists[i].next, bad_lists[i].type, bad_lists[i].len);
		if (take() != 0 || info.warnings != 1 ||
		    (extent("setup_data", bad_lists[i].kept) != NULL) ||
		    (bad_lists[i].kept && !extent("setup_data", bad_lists[i].kept - 1)))
			expect_fail("%s", bad_lists[i].name);
	}
}

/* A list without end that never comes back: the parser stops, the extents do not overflow. */
KTAP_TEST(test_linux_endless_setup_data_ends)
{
	put(PARAMS + 0x250, NODE, 8);
	for (unsigned int i = 0; i < 100; i++)
		put_node(NODE + i * 0x100UL, NODE + (i + 1) * 0x100UL, 0x80000000, 32);
	require_eq(take(), 0);
	expect_eq(info.warnings, 1u);
	expect_true(info.nr_extents <= LINUX_MAX_SETUP_DATA + 1);
}

KTAP_TEST(test_linux_entries_beyond_128_are_joined)
{
	struct boot_map_entry e;

	put(PARAMS + 0x250, NODE, 8);
	put_node(NODE, 0, 1, 2 * 20 + 7);
	put_entry(NODE + 16, 0x100000000, 0x1000, 1);
	put_entry(NODE + 36, 0x200000000, 0x2000, 2);
	require_eq(take(), 0);
	require_eq(info.map.nr, 5u);
	require_true(boot_map_entry(&info.map, 0, &e));
	expect_eq(e.size, 0x9fc00ull);
	require_true(boot_map_entry(&info.map, 4, &e));
	expect_eq(e.base, 0x200000000ull);
	expect_eq(e.type, 2u);
	expect_true(extent("boot memory map", 0) != NULL);
}

/* kexec -s on a machine with RAM above 4 GiB. */
KTAP_TEST(test_linux_setup_data_above_4g_is_followed)
{
	const phys_addr_t high = (1ULL << 32) + 0xff8;	/* the header crosses a page */
	struct boot_map_entry e;

	put(PARAMS + 0x250, high, 8);
	put_node(high, NODE, 1, 20);
	put_entry(high + 16, 0x140000000, 0x3000, 1);
	put_node(NODE, 0, 9, 32);
	require_eq(take(), 0);
	expect_eq(info.warnings, 0u);
	require_true(extent("setup_data", 1) != NULL);
	expect_eq(extent("setup_data", 0)->range.base, high);
	require_eq(info.map.nr, 4u);
	require_true(boot_map_entry(&info.map, 3, &e));
	expect_eq(e.base, 0x140000000ull);
	expect_eq(early_memremap_count(), 0u);
}

KTAP_TEST(test_linux_less_than_two_entries_are_no_map)
{
	struct boot_map_entry e;

	params()[0x1e8] = 1;
	put(PARAMS + 0x002, 0xfc00, 2);
	put(PARAMS + 0x1e0, 0x1f000, 4);
	require_eq(take(), 0);
	require_eq(info.map.nr, 2u);
	require_true(boot_map_entry(&info.map, 0, &e));
	expect_eq(e.size, 0x9f000ull);
	require_true(boot_map_entry(&info.map, 1, &e));
	expect_eq(e.base, 0x100000ull);
	expect_eq(e.size, 0x1f000ull << 10);
}

KTAP_TEST(test_linux_no_map_at_all_is_refused)
{
	params()[0x1e8] = 0;
	expect_eq(take(), -EINVAL);
	expect_str_eq(info.refusal, "Linux protocol: boot_params at 0x180000 has no memory map: "
				    "no e820, no EFI map, no sizes");
}

KTAP_TEST(test_linux_more_than_128_entries_are_cut)
{
	params()[0x1e8] = 200;
	require_eq(take(), 0);
	expect_eq(info.map.nr, 128u);
	expect_eq(info.warnings, 1u);
}

KTAP_TEST(test_linux_efi_map_is_taken_and_reserved)
{
	memcpy(params() + 0x1c0, "EL64", 4);
	put(PARAMS + 0x1c4, 0x3f9ee018, 4);
	put(PARAMS + 0x1c8, 48, 4);
	put(PARAMS + 0x1cc, 1, 4);
	put(PARAMS + 0x1d0, NODE, 4);
	put(PARAMS + 0x1d4, 4 * 48 + 5, 4);
	require_eq(take(), 0);
	expect_eq(info.efi.bytes, 4 * 48u);
	expect_eq(info.efi.pa, NODE);
	expect_eq(info.efi_systab, 0x3f9ee018ull);
	expect_true(extent("EFI memory map", 0) != NULL);
}

KTAP_TEST(test_linux_odd_efi_maps_are_not_used)
{
	static const struct {
		uint32_t pa, pa_high, bytes, desc, version;
	} rows[] = {
		{ NODE, 0, 480, 39, 1 }, { NODE, 0, 480, 44, 1 }, { NODE, 0, 40, 48, 1 },
		{ NODE, 0, 480, 48, 2 }, { NODE, 1, 480, 48, 1 }, { NODE, 0, 0xffffffff, 48, 1 },
		{ IMAGE - 48, 0, 480, 48, 1 }, { NODE, 0, 480, 0, 1 },
	};

	memcpy(params() + 0x1c0, "EL64", 4);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fresh();
		put(PARAMS + 0x1c8, rows[i].desc, 4);
		put(PARAMS + 0x1cc, rows[i].version, 4);
		put(PARAMS + 0x1d0, rows[i].pa, 4);
		put(PARAMS + 0x1d4, rows[i].bytes, 4);
		put(PARAMS + 0x1dc, rows[i].pa_high, 4);
		require_eq(take(), 0);
		expect_eq(info.efi.bytes, 0u);
		expect_eq(info.warnings, 1u);
	}
}

/* The sentinel is not 0: the loader copied our file, and these fields are bytes of it. */
KTAP_TEST(test_linux_fields_of_a_careless_loader_are_not_believed)
{
	params()[0x1ef] = 0xff;
	memcpy(params() + 0x1c0, "EL64", 4);
	put(PARAMS + 0x1c4, 0xdeadbee0, 4);
	put(PARAMS + 0x070, 0xdeadbee0, 8);
	require_eq(take(), 0);
	expect_eq(info.efi_systab, 0ull);
	expect_eq(info.rsdp, 0ull);
	expect_eq(info.warnings, 1u);
}

KTAP_TEST(test_linux_long_command_line_is_cut_and_said)
{
	memset(phys_to_virt(CMDLINE), 'x', LINUX_CMDLINE_SIZE);
	require_eq(take(), 0);
	expect_eq(strlen(info.cmdline), BOOT_CMDLINE_SIZE - 1ul);
	expect_eq(info.warnings, 1u);
}

KTAP_TEST(test_linux_screen_of_32_bits_is_taken)
{
	params()[0x00f] = 0x70;
	put(PARAMS + 0x012, 1024, 2);
	put(PARAMS + 0x014, 768, 2);
	put(PARAMS + 0x016, 32, 2);
	put(PARAMS + 0x018, 0xc0000000, 4);
	put(PARAMS + 0x024, 4096, 2);
	require_eq(take(), 0);
	expect_eq(info.fb.base, 0xc0000000ull);
	expect_eq(info.fb.bpp, 32u);
	fresh();
	put(PARAMS + 0x024, 4095, 2);
	require_eq(take(), 0);
	expect_eq(info.fb.bpp, 0u);
	expect_eq(info.warnings, 1u);
}

KTAP_TEST(test_linux_what_is_no_block_is_refused)
{
	put(PARAMS + 0x206, 0x1ff, 2);
	expect_eq(take(), -EINVAL);
	fresh();
	put(PARAMS + 0x202, 0, 4);
	expect_eq(take(), -EINVAL);
	expect_str_eq(info.refusal, "Linux protocol: boot_params at 0x180000 is not there");
	fresh();
	expect_eq(boot_info_from_loader(LINUX_MAGIC, IMAGE + 0x1000, &info), -EINVAL);
	fresh();
	expect_eq(boot_info_from_loader(LINUX_MAGIC, (1ULL << 32) - 0x1000, &info), -EINVAL);
	fresh();
	expect_eq(boot_info_from_loader(LINUX_MAGIC, 1ULL << 32, &info), -EINVAL);
}
