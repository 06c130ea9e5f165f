// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot_borrow(): the lowest place above the kernel that is RAM and nobody's, whatever the map
 * says.
 */
#include "ktap.h"

#include "boot/boot_info.h"
#include "host_phys.h"

#include <arch/memory.h>

#include <string.h>

#define M	* (1ULL << 20)
#define ROWS	5

static struct boot_info info;

struct row {
	uint64_t	base, size;
	uint32_t	type;
} __attribute__((packed));

static const struct {
	const char		*name;
	struct row		map[ROWS];
	struct boot_range	module, extent;
	uint64_t		size, want;	/* want: 0: nowhere */
} cases[] = {
	{ "the lowest", .map = { { 64 M, 16 M, 1 }, { 4 M, 16 M, 1 } }, .size = 1 M, .want = 4 M },
	{ "not below the kernel", .map = { { 0, 32 M, 1 } }, .size = 1 M, .want = 2 M },
	{ "RAM that wraps is cut", .map = { { 4 M, UINT64_MAX, 1 } }, .size = 1 M, .want = 4 M },
	{ "reserved memory that wraps is cut, not ignored",
	  .map = { { 4 M, 16 M, 1 }, { 6 M, UINT64_MAX, 2 } }, .size = 3 M, .want = 0 },
	{ "in front of it there is room",
	  .map = { { 4 M, 16 M, 1 }, { 6 M, UINT64_MAX, 2 } }, .size = 2 M, .want = 4 M },
	{ "over what another entry calls reserved",
	  .map = { { 4 M, 16 M, 1 }, { 4 M, 1 M, 2 } }, .size = 1 M, .want = 5 M },
	{ "over a module", .map = { { 4 M, 16 M, 1 } }, .module = { 4 M, 3 }, .size = 1 M,
	  .want = 4 M + PAGE_SIZE },
	{ "over a module whose last byte is in the way", .map = { { 4 M, 16 M, 1 } },
	  .module = { 1 M, 3 M + 1 }, .size = 1 M, .want = 4 M + PAGE_SIZE },
	{ "right behind a module", .map = { { 4 M, 16 M, 1 } }, .module = { 4 M, 2 M },
	  .size = 1 M, .want = 6 M },
	{ "over what the loader uses", .map = { { 4 M, 16 M, 1 } }, .extent = { 4 M, 1 M },
	  .size = 1 M, .want = 5 M },
	{ "exactly all", .map = { { 4 M, 1 M, 1 } }, .size = 1 M, .want = 4 M },
	{ "a byte less", .map = { { 4 M, 1 M - 1, 1 } }, .size = 1 M, .want = 0 },
	{ "rounded to pages", .map = { { 4 M + 1, 1 M, 1 } }, .size = 1, .want = 4 M + PAGE_SIZE },
	{ "not above what is mapped", .map = { { 4096 M, 16 M, 1 } }, .size = 1 M, .want = 0 },
	{ "up to what is mapped", .map = { { 4095 M, 16 M, 1 } }, .size = 1 M, .want = 4095 M },
	{ "not beyond it", .map = { { 4095 M, 16 M, 1 } }, .size = 2 M, .want = 0 },
};

KTAP_TABLE_TEST(test_borrow_takes, cases, c)
{
	const char *got;

	host_phys_init(1ULL << 33);
	boot_info_init(&info, 1 M, 1 M);
	info.map = (struct boot_map){ (const uint8_t *)c->map, 0, sizeof(c->map[0]), "test" };
	while (info.map.nr < ROWS && c->map[info.map.nr].size)
		info.map.nr++;
	if (c->module.size)
		info.modules[info.nr_modules++].range = c->module;
	boot_add_extent(&info, c->extent.base, c->extent.size, "loader");
	memset(phys_to_virt(c->want), 0xa5, 4096);
	got = boot_borrow(&info, c->size, "table", NULL, NULL);
	if (!c->want) {
		expect_null(got);
		return;
	}
	require_true(got);
	expect_eq(virt_to_phys(got), c->want);
	expect_eq(got[0] | got[4095], 0);
	expect_eq(info.extents[info.nr_extents - 1].range.base, c->want);
	expect_eq(info.extents[info.nr_extents - 1].range.size % PAGE_SIZE, 0);
}
