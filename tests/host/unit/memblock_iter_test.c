/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Iterators: what they yield, in both directions, with which index.
 *
 * A sequence is written as text, one "[first,end)" in cells per range with the
 * node after it where it matters; reverse must be the exact mirror image of
 * forward.
 */
#include <stdio.h>
#include <string.h>

#include "mm/memblock.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/mbtest.h"

#define ANY		NUMA_NO_NODE
#define LIST_MAX	256

struct range {
	phys_addr_t	start, end;
	int		nid;
};

struct list {
	size_t		n;
	struct range	r[LIST_MAX];
};

static void push(struct list *l, phys_addr_t start, phys_addr_t end, int nid)
{
	require_true(l->n < LIST_MAX);
	l->r[l->n++] = (struct range){ start, end, nid };
}

static struct list free_forward(int nid, unsigned int flags)
{
	struct list l = { 0 };
	phys_addr_t s, e;
	uint64_t i;
	int n;

	for_each_free_mem_range(i, nid, (enum memblock_flags)flags, &s, &e, &n)
		push(&l, s, e, n);
	return l;
}

static struct list free_reverse(int nid, unsigned int flags)
{
	struct list l = { 0 };
	phys_addr_t s, e;
	uint64_t i;
	int n;

	for_each_free_mem_range_reverse(i, nid, (enum memblock_flags)flags, &s, &e, &n)
		push(&l, s, e, n);
	return l;
}

static void expect_mirror_image(const struct list *f, const struct list *r)
{
	expect_eq(f->n, r->n);
	for (size_t i = 0; i < f->n && i < r->n; i++) {
		const struct range *a = &f->r[i], *b = &r->r[r->n - 1 - i];

		expect_eq(a->start, b->start);
		expect_eq(a->end, b->end);
		expect_eq(a->nid, b->nid);
	}
}

/* Paint the list: '#' per cell covered; also proves order and disjointness. */
static void paint(const struct list *l, struct picture_grid grid, char *out, size_t cells)
{
	phys_addr_t last = 0;

	memset(out, '.', cells);
	out[cells] = '\0';
	for (size_t i = 0; i < l->n; i++) {
		expect_true(l->r[i].start < l->r[i].end);
		expect_true(l->r[i].start >= last);
		last = l->r[i].end;
		for (size_t c = 0; c < cells; c++)
			if (grid.base + c * grid.unit >= l->r[i].start &&
			    grid.base + (c + 1) * grid.unit <= l->r[i].end)
				out[c] = '#';
	}
}

/* ---- free ranges ---- */

struct free_row {
	const char	*name;
	const char	*memory;
	const char	*reserved;
	int		nid;
	unsigned int	flags;
	bool		movable_node;
	const char	*want;
	size_t		ranges;
};

static const struct free_row free_rows[] = {
	{ "nothing", "............", "............", ANY, 0, 0, "............", 0 },
	{ "only reserved", "............", "..====......", ANY, 0, 0, "............", 0 },
	{ "only memory", "..====......", "............", ANY, 0, 0, "..####......", 1 },
	{ "all reserved", "..====......", "..====......", ANY, 0, 0, "............", 0 },
	{ "more reserved", "..====......", "============", ANY, 0, 0, "............", 0 },
	{ "reserved bottom", "..========..", "..==........", ANY, 0, 0, "....######..", 1 },
	{ "reserved top", "..========..", "........==..", ANY, 0, 0, "..######....", 1 },
	{ "reserved middle", "..========..", ".....==.....", ANY, 0, 0, "..###..###..", 2 },
	{ "k holes, k + 1 ranges", "============", ".=.=.=.=.=..", ANY, 0, 0, "#.#.#.#.#.##", 6 },
	{ "reserved outside", "....====....", "==........==", ANY, 0, 0, "....####....", 1 },
	{ "reserved touching", "....====....", "..==....==..", ANY, 0, 0, "....####....", 1 },
	{ "over a hole", "====....====", "..========..", ANY, 0, 0, "##........##", 2 },
	{ "in a hole", "====....====", ".....==.....", ANY, 0, 0, "####....####", 2 },
	{ "over three regions", "==.==.==.===", ".========...", ANY, 0, 0, "#........###", 2 },
	{ "many small", "=.=.=.=.=.=.", "==..==..==..", ANY, 0, 0, "..#...#...#.", 3 },
	{ "regions that touch", "===HHH===...", "............", ANY, 0, 0, "#########...", 3 },
	{ "reserved regions that touch", "============", "..=I=.0I....", ANY, 0, 0, "##...#..####", 3 },
	{ "reserved over a border", "===HHH===...", "..==........", ANY, 0, 0, "##..#####...", 3 },
	/* filter */
	{ "nomap skipped", "==NN==......", "............", ANY, 0, 0, "##..##......", 2 },
	{ "nomap asked", "==NN==......", "............", ANY, MEMBLOCK_NOMAP, 0, "######......", 3 },
	{ "managed skipped", "==DD==......", "............", ANY, 0, 0, "##..##......", 2 },
	{ "managed asked", "==DD==......", "............", ANY, MEMBLOCK_DRIVER_MANAGED, 0,
	  "######......", 3 },
	{ "hotplug, no movable_node", "==HH==......", "", ANY, 0, 0, "######......", 3 },
	{ "hotplug, movable_node", "==HH==......", "", ANY, 0, 1, "##..##......", 2 },
	{ "hotplug asked, movable_node", "==HH==......", "", ANY, MEMBLOCK_HOTPLUG, 1,
	  "######......", 3 },
	{ "mirror wanted", "==MM==M.....", "", ANY, MEMBLOCK_MIRROR, 0, "..##..#.....", 2 },
	{ "mirror not wanted", "==MM==M.....", "", ANY, 0, 0, "#######.....", 4 },
	{ "mirror and nomap region", "MM==NN......", "", ANY, MEMBLOCK_MIRROR | MEMBLOCK_NOMAP, 0,
	  "##..........", 1 },
	{ "two flags, one asked", "==XX==......", "", ANY, MEMBLOCK_NOMAP, 1, "##..##......", 2 },
	{ "two flags, both asked", "==XX==......", "", ANY, MEMBLOCK_NOMAP | MEMBLOCK_HOTPLUG, 1,
	  "######......", 3 },
	{ "reserved are not filtered", "============", "NN..DD..MM..", ANY, 0, 0,
	  "..##..##..##", 3 },
#ifdef CONFIG_NUMA
	{ "node 0", "001100110011", "............", 0, 0, 0, "##..##..##..", 3 },
	{ "node 1", "001100110011", "............", 1, 0, 0, "..##..##..##", 3 },
	{ "node 2", "001100110011", "............", 2, 0, 0, "............", 0 },
	{ "node 0 with reserved", "001100110011", ".==...==...=", 0, 0, 0, "#...##..##..", 3 },
	{ "node 1 with reserved", "001100110011", ".==...==...=", 1, 0, 0, "...#......#.", 2 },
	{ "any node", "001100110011", "............", ANY, 0, 0, "############", 6 },
	{ "MAX_NUMNODES is any", "001100110011", "", MAX_NUMNODES, 0, 0, "############", 6 },
	{ "beyond is any", "001100110011", "", 100000, 0, 0, "############", 6 },
	{ "negative is any", "001100110011", "", -7, 0, 0, "############", 6 },
	{ "no node is not node 0", "==00--......", "", 0, 0, 0, "..##........", 1 },
	{ "node and flag", "0h1x........", "", 1, 0, 1, "..#.........", 1 },
	{ "node and mirror", "0m1y0m1y....", "", 1, MEMBLOCK_MIRROR, 0, "...#...#....", 2 },
#endif
};

KTAP_TABLE_TEST(test_iter_free_ranges_both_ways, free_rows, row)
{
	struct list f, r;
	char got[PICTURE_MAX + 1];

	mbtest_load(row->memory, row->reserved, page_grid);
	movable_node_enabled = row->movable_node;
	f = free_forward(row->nid, row->flags);
	r = free_reverse(row->nid, row->flags);
	paint(&f, page_grid, got, strlen(row->memory));
	expect_str_eq(got, row->want);
#ifdef CONFIG_NUMA
	expect_eq(f.n, row->ranges);
#endif
	expect_mirror_image(&f, &r);
}

#ifdef CONFIG_NUMA
KTAP_TEST(test_iter_free_tells_the_node)
{
	struct list l;

	mbtest_load("0011==--", "", page_grid);
	l = free_forward(ANY, 0);
	require_eq(l.n, 4);
	expect_eq(l.r[0].nid, 0);
	expect_eq(l.r[1].nid, 1);
	expect_eq(l.r[2].nid, MAX_NUMNODES);
	expect_eq(l.r[3].nid, NUMA_NO_NODE);
}
#endif

/* ---- the index ---- */

#define IDX(a, b)	((uint64_t)(b) << 32 | (a))

KTAP_TEST(test_iter_index_advances_the_side_that_ends_first)
{
	/*           a0      a1      */
	/*            b0  b1   b2    */
	static const struct {
		uint64_t	after;
		unsigned int	start, end;
	} want[] = {
		{ IDX(0, 1), 0, 2 },	/* gap 0 ends at b0 inside a0 */
		{ IDX(1, 1), 3, 4 },	/* a0 ends inside gap 1 */
		{ IDX(1, 3), 7, 9 },	/* b1 covers a1's start; gap 2 ends at b2 */
		{ IDX(2, 3), 10, 11 },	/* a1 ends inside gap 3, which has no end */
	};
	phys_addr_t s, e;
	uint64_t i = 0;

	mbtest_load("====..=====.", "..=..==..=..", page_grid);
	for (size_t k = 0; k < ARRAY_SIZE(want); k++) {
		__next_mem_range(&i, ANY, MEMBLOCK_NONE, &memblock.memory, &memblock.reserved,
				 &s, &e, NULL);
		expect_eq(i, want[k].after);
		expect_eq((s - page_grid.base) / page_grid.unit, want[k].start);
		expect_eq((e - page_grid.base) / page_grid.unit, want[k].end);
	}
	__next_mem_range(&i, ANY, MEMBLOCK_NONE, &memblock.memory, &memblock.reserved, &s, &e,
			 NULL);
	expect_eq(i, UINT64_MAX);
}

KTAP_TEST(test_iter_index_reverse_steps_down)
{
	static const struct {
		uint64_t	after;
		unsigned int	start, end;
	} want[] = {
		{ IDX(1, 2), 10, 11 },	/* gap 3 begins inside a1 */
		{ IDX(1, 1), 7, 9 },	/* gap 2 begins inside a1 */
		{ IDX(0, 0), 3, 4 },	/* gap 1 begins inside a0 */
		{ IDX(UINT32_MAX, 0), 0, 2 },	/* a0 and gap 0: a begins above gap 0's 0 */
	};
	phys_addr_t s, e;
	uint64_t i = UINT64_MAX;

	mbtest_load("====..=====.", "..=..==..=..", page_grid);
	for (size_t k = 0; k < ARRAY_SIZE(want); k++) {
		__next_mem_range_rev(&i, ANY, MEMBLOCK_NONE, &memblock.memory,
				     &memblock.reserved, &s, &e, NULL);
		expect_eq(i, want[k].after);
		expect_eq((s - page_grid.base) / page_grid.unit, want[k].start);
		expect_eq((e - page_grid.base) / page_grid.unit, want[k].end);
	}
	__next_mem_range_rev(&i, ANY, MEMBLOCK_NONE, &memblock.memory, &memblock.reserved, &s,
			     &e, NULL);
	expect_eq(i, UINT64_MAX);
}

/* Many gaps on, a range of one byte below the next reservation is not missed. */
KTAP_TEST(test_iter_one_byte_far_away)
{
	const struct picture_grid bytes = { 0x1000, 1 };
	struct list f, r;

	mbtest_load("=.........===", ".=.=.=.=.=.=.", bytes);
	f = free_forward(ANY, 0);
	r = free_reverse(ANY, 0);
	require_eq(f.n, 3);
	expect_eq(f.r[1].start, 0x100a);
	expect_eq(f.r[1].end, 0x100b);
	expect_mirror_image(&f, &r);
}

/* Both end at once: a advances, b does not. */
KTAP_TEST(test_iter_index_advances_a_where_both_end)
{
	phys_addr_t s, e;
	uint64_t i = 0;

	mbtest_load("====...====", "....===....", page_grid);
	__next_mem_range(&i, ANY, MEMBLOCK_NONE, &memblock.memory, &memblock.reserved, &s, &e,
			 NULL);
	expect_eq(i, IDX(1, 0));
	expect_eq(e, page_grid.base + 4 * page_grid.unit);
	i = UINT64_MAX;
	__next_mem_range_rev(&i, ANY, MEMBLOCK_NONE, &memblock.memory, &memblock.reserved, &s,
			     &e, NULL);
	expect_eq(i, IDX(0, 1));
	expect_eq(s, page_grid.base + 7 * page_grid.unit);
}

KTAP_TEST(test_iter_index_counts_regions_without_b)
{
	phys_addr_t s, e;
	uint64_t i, n = 0;

	mbtest_load("=.=.=.==", "========", page_grid);
	for_each_mem_range(i, &s, &e) {
		n++;
		expect_eq((uint32_t)i, n);
		expect_eq(s, memblock.memory.regions[n - 1].base);
	}
	expect_eq(n, 4);
	expect_eq(i, UINT64_MAX);
	for_each_mem_range_rev(i, &s, &e) {
		n--;
		expect_eq((uint32_t)i, (uint32_t)(n - 1));
		expect_eq(i >> 32, 0);
		expect_eq(s, memblock.memory.regions[n].base);
	}
	expect_eq(n, 0);
	expect_eq(i, UINT64_MAX);
}

/* A walk may be taken up anywhere: the index is all there is. */
KTAP_TEST(test_iter_index_is_the_whole_state)
{
	static const char memory[] = "==.===.=====.HH0011.==";
	static const char reserved[] = ".=...==.=.=...=.=....=";
	phys_addr_t s, e, s2, e2;
	uint64_t i, copy;

	mbtest_load(memory, reserved, page_grid);
	for_each_free_mem_range(i, ANY, MEMBLOCK_NONE, &s, &e, NULL) {
		copy = i;
		__next_mem_range(&copy, ANY, MEMBLOCK_NONE, &memblock.memory, &memblock.reserved,
				 &s2, &e2, NULL);
		/* Something unrelated in between must not matter. */
		memblock_is_reserved(s);
		free_reverse(ANY, 0);
		if (copy != UINT64_MAX)
			expect_true(s2 >= e);
	}
	expect_eq(i, UINT64_MAX);
}

/* An index from before the arrays shrank ends the walk. */
KTAP_TEST(test_iter_index_beyond_the_end_ends_the_walk)
{
	static const uint64_t beyond[] = { IDX(0, 7), IDX(3, 0), IDX(9, 9), IDX(1, 0x7fffffff) };
	phys_addr_t s = 7, e = 8;

	mbtest_load("==.==.==", ".=....=.", page_grid);
	for (size_t k = 0; k < ARRAY_SIZE(beyond); k++) {
		uint64_t i = beyond[k];

		__next_mem_range(&i, ANY, MEMBLOCK_NONE, &memblock.memory, &memblock.reserved,
				 &s, &e, NULL);
		expect_eq(i, UINT64_MAX);
		expect_eq(s, 7);
		expect_eq(e, 8);
	}
	/* Reverse, a gap index beyond the last is the last. */
	uint64_t rev = IDX(2, 9);

	__next_mem_range_rev(&rev, ANY, MEMBLOCK_NONE, &memblock.memory, &memblock.reserved, &s, &e,
			     NULL);
	expect_eq(s, page_grid.base + 7 * page_grid.unit);
	expect_eq(e, page_grid.base + 8 * page_grid.unit);
}

KTAP_TEST(test_iter_out_pointers_may_be_null)
{
	uint64_t i;
	int n = 0, k;

	mbtest_load("==.==.", ".=....", page_grid);
	for_each_free_mem_range(i, ANY, MEMBLOCK_NONE, NULL, NULL, NULL)
		n++;
	for_each_free_mem_range_reverse(i, ANY, MEMBLOCK_NONE, NULL, NULL, NULL)
		n++;
	for_each_mem_range(i, NULL, NULL)
		n++;
	for_each_mem_range_rev(i, NULL, NULL)
		n++;
	for_each_reserved_mem_range(i, NULL, NULL)
		n++;
	expect_eq(n, 2 + 2 + 2 + 2 + 1);
	n = 0;
	for_each_mem_pfn_range(k, ANY, NULL, NULL, NULL)
		n++;
	expect_eq(n, 2);
}

/* ---- memory, reserved, generic ---- */

static struct list mem_forward(void)
{
	struct list l = { 0 };
	phys_addr_t s, e;
	uint64_t i;

	for_each_mem_range(i, &s, &e)
		push(&l, s, e, 0);
	return l;
}

static struct list mem_reverse(void)
{
	struct list l = { 0 };
	phys_addr_t s, e;
	uint64_t i;

	for_each_mem_range_rev(i, &s, &e)
		push(&l, s, e, 0);
	return l;
}

static const struct {
	const char	*name;
	const char	*memory;
	bool		movable_node;
	const char	*want;
} mem_rows[] = {
	{ "nothing",			"........", false, "........" },
	{ "plain",			"==..==..", false, "##..##.." },
	{ "only nomap is skipped",	"=NHMD=X=", false, "#.####.#" },
	{ "hotplug with movable_node",	"=NHMD=X=", true,  "#.####.#" },
	{ "first and last nomap",	"NN==..NN", false, "..##...." },
	{ "all nomap",			"NN.NNnn.", false, "........" },
	{ "nodes",			"0011==--", false, "########" },
};

KTAP_TABLE_TEST(test_iter_mem_ranges_skip_nomap_only, mem_rows, row)
{
	struct list f, r;
	char got[PICTURE_MAX + 1];

	mbtest_load(row->memory, "========", page_grid);
	movable_node_enabled = row->movable_node;
	f = mem_forward();
	r = mem_reverse();
	paint(&f, page_grid, got, strlen(row->memory));
	expect_str_eq(got, row->want);
	expect_mirror_image(&f, &r);
}

KTAP_TEST(test_iter_reserved_ranges_are_all)
{
	struct list l = { 0 };
	char got[PICTURE_MAX + 1];
	phys_addr_t s, e;
	uint64_t i;

	mbtest_load("==", "=.I.0.N.D.H.M", page_grid);
	movable_node_enabled = true;
	for_each_reserved_mem_range(i, &s, &e)
		push(&l, s, e, 0);
	paint(&l, page_grid, got, 13);
	expect_str_eq(got, "#.#.#.#.#.#.#");
}

KTAP_TEST(test_iter_regions_are_all_in_order)
{
	struct memblock_region *r;
	unsigned long n = 0;

	mbtest_load("=N.H.D0", "=I.0", page_grid);
	for_each_mem_region(r)
		expect_ptr_eq(r, &memblock.memory.regions[n++]);
	expect_eq(n, memblock.memory.cnt);
	n = 0;
	for_each_reserved_mem_region(r)
		expect_ptr_eq(r, &memblock.reserved.regions[n++]);
	expect_eq(n, memblock.reserved.cnt);
	mbtest_reset();
	for_each_mem_region(r)
		expect_true(false);
	for_each_reserved_mem_region(r)
		expect_true(false);
}

/* Generic form: the types may be swapped; what is not memory is not filtered. */
KTAP_TEST(test_iter_generic_reserved_minus_memory)
{
	struct list f = { 0 }, r = { 0 };
	char got[PICTURE_MAX + 1];
	phys_addr_t s, e;
	uint64_t i;
	int n;

	mbtest_load("==..NN..==..", ".I0==N=...==", page_grid);
	__for_each_mem_range(i, &memblock.reserved, &memblock.memory, 1, MEMBLOCK_MIRROR, &s, &e,
			     &n)
		push(&f, s, e, n);
	__for_each_mem_range_rev(i, &memblock.reserved, &memblock.memory, 1, MEMBLOCK_MIRROR, &s,
				 &e, &n)
		push(&r, s, e, n);
	paint(&f, page_grid, got, 12);
	expect_str_eq(got, "..##..#...##");
	expect_mirror_image(&f, &r);
}

KTAP_TEST(test_iter_generic_with_empty_b_type)
{
	struct memblock_type none = { .regions = memblock.reserved.regions, .name = "none" };
	phys_addr_t s, e;
	uint64_t i, n = 0;

	mbtest_load("==.==", "=====", page_grid);
	__for_each_mem_range(i, &memblock.memory, &none, ANY, MEMBLOCK_NONE, &s, &e, NULL) {
		expect_eq(s, memblock.memory.regions[n].base);
		expect_eq(e, s + 2 * page_grid.unit);
		n++;
	}
	__for_each_mem_range_rev(i, &memblock.memory, &none, ANY, MEMBLOCK_NONE, &s, &e, NULL) {
		n--;
		expect_eq(s, memblock.memory.regions[n].base);
		expect_eq(e, s + 2 * page_grid.unit);
	}
	expect_eq(n, 0);
}

/* Row 6: filter one of alternating nodes, with reservations everywhere. */
KTAP_TEST(test_iter_reverse_is_the_mirror_image_with_skipping)
{
	static const char *const reserved[] = {
		"................", "=...............", "...............=", ".==..==..==..==.",
		"=.=.=.=.=.=.=.=.", "==============..", "..==============", "....========....",
		".=....=....=....", "=======.========",
	};

	for (size_t k = 0; k < ARRAY_SIZE(reserved); k++) {
		for (int nid = -1; nid < 3; nid++) {
			struct list f, r;

			mbtest_load("0011h0N12=01x10n", reserved[k], page_grid);
			f = free_forward(nid, 0);
			r = free_reverse(nid, 0);
			expect_mirror_image(&f, &r);
			movable_node_enabled = true;
			f = free_forward(nid, MEMBLOCK_NOMAP);
			r = free_reverse(nid, MEMBLOCK_NOMAP);
			expect_mirror_image(&f, &r);
		}
	}
}

KTAP_TEST(test_iter_reaches_both_ends_of_the_address_space)
{
	struct list f, r;

	mbtest_reset();
	memblock_add(0, PHYS_ADDR_MAX);
	f = free_forward(ANY, 0);
	require_eq(f.n, 1);
	expect_eq(f.r[0].start, 0);
	expect_eq(f.r[0].end, PHYS_ADDR_MAX);
	memblock_reserve(0, 1);
	memblock_reserve(PHYS_ADDR_MAX - 1, 1);
	memblock_reserve(0x1000, 0x1000);
	f = free_forward(ANY, 0);
	r = free_reverse(ANY, 0);
	require_eq(f.n, 2);
	expect_eq(f.r[0].start, 1);
	expect_eq(f.r[0].end, 0x1000);
	expect_eq(f.r[1].start, 0x2000);
	expect_eq(f.r[1].end, PHYS_ADDR_MAX - 1);
	expect_mirror_image(&f, &r);
}
