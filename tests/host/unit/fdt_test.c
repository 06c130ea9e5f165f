// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/firmware/fdt.c: a sound tree is read whole, and of a damaged one nothing behind the damage.
 */
#include "ktap.h"

#include "boot/fdt.h"
#include "tests/host/include/fdt_build.h"

#include <stdlib.h>
#include <string.h>

static struct fdt fdt;
static uint8_t *blob;
static uint32_t size;

/* Header fields, as offsets. */
enum { TOTAL = 4, STRUCTS = 8, STRINGS = 12, RSVMAP = 16, VERSION = 20, LAST = 24, NSTRINGS = 32,
       NSTRUCTS = 36 };

static void put(uint32_t at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		blob[at + (uint32_t)i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get(uint32_t at)
{
	return (uint32_t)blob[at] << 24 | (uint32_t)blob[at + 1] << 16 |
	       (uint32_t)blob[at + 2] << 8 | blob[at + 3];
}

/* In a block of its own of exactly that size, so that ASan sees one byte too far. */
static const char *open_exactly(void)
{
	static void *copy;

	free(copy);
	copy = malloc(size ? size : 1);
	memcpy(copy, blob, size);
	return fdt_open(&fdt, copy, size);
}

KTAP_SETUP
{
	fdt_build_start();
	fdt_build_reservation(0x1000, 0x20);
	fdt_build_reservation(0x5000, 8);
	node("");
	cells("one", 1, 7);
	text("compatible", "first");
	node("a@1");
	bytes("compatible", "x,y\0z", 6);
	text("status", "okay");
	node("deep");
	cells("wide", 3, 1, 2, 3);
	end();
	end();
	node("b");
	text("status", "disabled");
	empty("flag");
	end();
	end();
	blob = fdt_build_finish(&size);
}

KTAP_TEST(test_fdt_walk_visits_all_nodes_in_order)
{
	static const struct { const char *name; uint32_t depth; } want[] = {
		{ "", 1 }, { "a@1", 2 }, { "deep", 3 }, { "b", 2 },
	};
	struct fdt_node n = { 0 };

	expect_eq(open_exactly() == NULL && !fdt.damage, true);
	for (size_t i = 0; i < 4; i++) {
		expect_eq(fdt_next_node(&fdt, &n), true);
		expect_eq(strcmp(n.name, want[i].name), 0);
		expect_eq(n.depth, want[i].depth);
	}
	expect_eq(fdt_next_node(&fdt, &n), false);
}

KTAP_TEST(test_fdt_children_are_only_the_direct_ones)
{
	struct fdt_node root = { 0 }, child, found;

	open_exactly();
	fdt_next_node(&fdt, &root);
	child = root;
	expect_eq(fdt_next_child(&fdt, &root, &child) && !strcmp(child.name, "a@1"), true);
	expect_eq(fdt_next_child(&fdt, &root, &child) && !strcmp(child.name, "b"), true);
	expect_eq(fdt_next_child(&fdt, &root, &child), false);
	expect_eq(fdt_find_child(&fdt, &root, "deep", &found), false);
	expect_eq(fdt_find_child(&fdt, &root, "a", &found), false);
	expect_eq(fdt_find_child(&fdt, &root, "b", &found), true);
	child = found;
	expect_eq(fdt_next_child(&fdt, &found, &child), false);
}

KTAP_TEST(test_fdt_properties_are_found_by_their_whole_name)
{
	struct fdt_node root = { 0 }, a, b;
	struct fdt_value v;
	uint64_t number;

	open_exactly();
	fdt_next_node(&fdt, &root);
	fdt_find_child(&fdt, &root, "a@1", &a);
	fdt_find_child(&fdt, &root, "b", &b);
	expect_eq(fdt_u32(&fdt, &root, "one", 0), 7);
	expect_eq(fdt_u32(&fdt, &root, "on", 3), 3);
	expect_eq(fdt_prop(&fdt, &root, "wide", &v), false);	/* a grandchild's */
	expect_eq(fdt_compatible(&fdt, &a, "x,y"), true);
	expect_eq(fdt_compatible(&fdt, &a, "z"), true);
	expect_eq(fdt_compatible(&fdt, &a, "x"), false);
	expect_eq(fdt_available(&fdt, &a) && fdt_available(&fdt, &root), true);
	expect_eq(fdt_available(&fdt, &b), false);
	expect_eq(fdt_has(&fdt, &b, "flag"), true);
	expect_eq(fdt_next_node(&fdt, &a) && fdt_prop(&fdt, &a, "wide", &v), true);
	expect_eq(fdt_take_cells(&v, 3, &number), true);
	expect_eq(number, 0x200000003);		/* of three cells the low two */
	expect_eq(fdt_take_cells(&v, 1, &number), false);
	expect_eq(fdt_take_cells(&v, 0, &number) && !number, true);
}

KTAP_TEST(test_fdt_reservations_end_with_a_size_of_zero)
{
	uint64_t base, bytes_;

	open_exactly();
	expect_eq(fdt_reservation(&fdt, 1, &base, &bytes_), true);
	expect_eq(base == 0x5000 && bytes_ == 8, true);
	expect_eq(fdt_reservation(&fdt, 2, &base, &bytes_), false);
	expect_eq(fdt_reservation(&fdt, UINT32_MAX, &base, &bytes_), false);
}

static const struct {
	const char	*name;
	uint32_t	field, value;
	const char	*why;
} headers[] = {
	{ "no magic", 0, 0xd00dfeee, "it does not begin with d00dfeed" },
	{ "shorter than a header", TOTAL, 39, "it is shorter than its header" },
	{ "larger than 2 MiB", TOTAL, 0x200001, "it exceeds 2 MiB" },
	{ "larger than memory", TOTAL, 0x2000, "it is longer than the memory it lies in" },
	{ "old", VERSION, 15, "its version is not 16 or 17" },
	{ "new", LAST, 18, "its version is not 16 or 17" },
	{ "nodes in the header", STRUCTS, 36, "its nodes begin outside of it" },
	{ "nodes far away", STRUCTS, 0xfffffffc, "its nodes begin outside of it" },
	{ "nodes at odd offset", STRUCTS, 0x5a, "its nodes begin outside of it" },
	{ "nodes too long", NSTRUCTS, 0xfffffff0, "its nodes end outside of it" },
	{ "strings far away", STRINGS, 0x80000000, "its names of properties lie outside of it" },
	{ "strings too long", NSTRINGS, 0xffffffff, "its names of properties lie outside of it" },
	{ "reservations far away", RSVMAP, 0xfffffff8, "its reservations begin outside of it" },
	{ "reservations at odd offset", RSVMAP, 0x2c, "its reservations begin outside of it" },
};

KTAP_TABLE_TEST(fdt_header, headers, c)
{
	put(c->field, c->value);
	expect_eq(strcmp(open_exactly(), c->why), 0);
}

KTAP_TEST(test_fdt_nothing_and_little_are_no_tree)
{
	expect_eq(strcmp(fdt_open(&fdt, NULL, 100), "there is none"), 0);
	expect_eq(strcmp(fdt_open(&fdt, blob, 39), "there is no room for its header"), 0);
}

/* Wherever it is cut, what is read is a beginning of the whole. */
KTAP_TEST(test_fdt_cut_anywhere_loses_only_the_end)
{
	const uint32_t structs = get(STRUCTS), all = get(NSTRUCTS);

	for (uint32_t n = 0; n < all; n++) {
		static const char *const names[] = { "", "a@1", "deep", "b" };
		struct fdt_node at = { 0 };
		size_t i = 0;

		put(NSTRUCTS, n);
		expect_eq(open_exactly() == NULL, true);
		expect_eq(fdt.damage != NULL, n < all - 4);
		for (; fdt_next_node(&fdt, &at); i++)
			expect_eq(i < 4 && !strcmp(at.name, names[i]), true);
		expect_eq(fdt.structs_end <= structs + n, true);
	}
}

KTAP_TEST(test_fdt_damage_is_told_with_its_place)
{
	const uint32_t structs = get(STRUCTS);

	put(structs + 8, 0x77);			/* the root's first property */
	expect_eq(open_exactly() == NULL, true);
	expect_eq(strcmp(fdt.damage, "no token, or one that does not end in the tree"), 0);
	expect_eq(fdt.damage_at, structs + 8);
	put(structs + 8, 3);
	put(structs + 12, 0xffffffff);		/* its length */
	open_exactly();
	expect_eq(fdt.damage_at, structs + 8);
	put(structs + 8, 2);			/* the root's end */
	expect_eq(open_exactly() == NULL && !fdt.damage, true);
	put(structs, 3);
	put(structs + 4, 0);
	open_exactly();
	expect_eq(strcmp(fdt.damage, "a property outside of all nodes"), 0);
}

KTAP_TEST(test_fdt_depth_is_limited)
{
	struct fdt_node at = { 0 };
	unsigned int n = 0;

	fdt_build_start();
	for (int i = 0; i < 1000; i++)
		node("n");
	blob = fdt_build_finish(&size);
	expect_eq(open_exactly() == NULL, true);
	expect_eq(strcmp(fdt.damage, "more than 64 nodes in each other"), 0);
	while (fdt_next_node(&fdt, &at))
		n++;
	expect_eq(n, FDT_DEPTH_MAX);
}
