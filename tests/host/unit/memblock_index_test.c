/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The iterators' index: a step from any index, in any direction, against one that tries
 * every gap in turn.
 *
 * A walk is a function of the index and of what the arrays say now, so a step
 * may begin anywhere: in the middle of a walk, at an index from before the arrays shrank,
 * at one that no walk would reach.
 */
#include "mm/memblock/memblock_internal.h"	/* MIN() MAX() numa_valid_node() */
#include "tests/host/include/ktap.h"
#include "tests/host/model/mbtest.h"

struct step {
	uint64_t	idx;
	phys_addr_t	start, end;
	int		nid;
};

/* What a step is asked for. */
struct walk {
	struct memblock_type	*a, *b;		/* b NULL: regions of a as they are */
	int			nid;
	unsigned int		flags;
};

/* Outputs that no step wrote. */
static const struct step untouched = { UINT64_MAX, 7, 8, 9 };

static bool skipped(const struct walk *w, const struct memblock_region *m)
{
	unsigned int wanted = w->flags, has = (unsigned int)m->flags;

	if (w->a != &memblock.memory)
		return false;
	if (w->nid >= 0 && w->nid < MAX_NUMNODES && memblock_get_region_node(m) != w->nid)
		return true;
	if (movable_node_enabled && has & MEMBLOCK_HOTPLUG && !(wanted & MEMBLOCK_HOTPLUG))
		return true;
	if (wanted & MEMBLOCK_MIRROR && !(has & MEMBLOCK_MIRROR))
		return true;
	if (wanted & MEMBLOCK_KHO_SCRATCH && !(has & MEMBLOCK_KHO_SCRATCH))
		return true;
	if (has & MEMBLOCK_NOMAP && !(wanted & MEMBLOCK_NOMAP))
		return true;
	return has & MEMBLOCK_DRIVER_MANAGED && !(wanted & MEMBLOCK_DRIVER_MANAGED);
}

static uint64_t index_of(long a, long gap)
{
	return (uint64_t)(uint32_t)a | (uint64_t)(uint32_t)gap << 32;
}

/* The part of @m in gap @g of @b, if there is any. */
static bool part_in_gap(const struct memblock_region *m, const struct memblock_type *b, long g,
			struct step *s)
{
	phys_addr_t from = g ? mb_end(&b->regions[g - 1]) : 0;
	phys_addr_t to = g < (long)b->cnt ? b->regions[g].base : PHYS_ADDR_MAX;

	if (MAX(from, m->base) >= MIN(to, mb_end(m)))
		return false;
	s->start = MAX(from, m->base);
	s->end = MIN(to, mb_end(m));
	s->nid = memblock_get_region_node(m);
	return true;
}

/*
 * The next pair of a region and a gap that meet, by trying all.  The side that ends first
 * (in reverse: begins last) goes on, a if both do; in between a gap is kept unless it is
 * over before the region begins.
 */
static struct step naive_forward(const struct walk *w, uint64_t idx)
{
	long a = (uint32_t)idx, g = (long)(idx >> 32);
	struct step s = untouched;

	for (; a < (long)w->a->cnt; a++) {
		const struct memblock_region *m = &w->a->regions[a];

		if (skipped(w, m))
			continue;
		if (!w->b) {
			s = (struct step){ index_of(a + 1, g), m->base, mb_end(m),
					   memblock_get_region_node(m) };
			return s;
		}
		for (; g <= (long)w->b->cnt; g++) {
			if (g && mb_end(&w->b->regions[g - 1]) >= mb_end(m))
				break;
			if (!part_in_gap(m, w->b, g, &s))
				continue;
			s.idx = s.end == mb_end(m) ? index_of(a + 1, g) : index_of(a, g + 1);
			return s;
		}
	}
	return s;
}

static struct step naive_reverse(const struct walk *w, uint64_t idx)
{
	long a = (int32_t)(uint32_t)idx, g = (long)(idx >> 32);
	struct step s = untouched;

	if (idx == UINT64_MAX || a >= (long)w->a->cnt)
		a = (long)w->a->cnt - 1;
	if (w->b)
		g = MIN(g, (long)w->b->cnt);
	else if (idx == UINT64_MAX)
		g = 0;
	for (; a >= 0; a--) {
		const struct memblock_region *m = &w->a->regions[a];

		if (skipped(w, m))
			continue;
		if (!w->b) {
			s = (struct step){ index_of(a - 1, g), m->base, mb_end(m),
					   memblock_get_region_node(m) };
			return s;
		}
		for (; g >= 0; g--) {
			if (g < (long)w->b->cnt && w->b->regions[g].base <= m->base)
				break;
			if (!part_in_gap(m, w->b, g, &s))
				continue;
			s.idx = s.start == m->base ? index_of(a - 1, g) : index_of(a, g - 1);
			return s;
		}
	}
	return s;
}

typedef void step_fn(uint64_t *idx, int nid, enum memblock_flags flags, struct memblock_type *a,
		     struct memblock_type *b, phys_addr_t *start, phys_addr_t *end, int *nid_out);

static struct step real_step(step_fn *fn, const struct walk *w, uint64_t idx)
{
	struct step s = untouched;

	s.idx = idx;
	fn(&s.idx, w->nid, (enum memblock_flags)w->flags, w->a, w->b, &s.start, &s.end, &s.nid);
	return s;
}

static bool same_step(struct step got, struct step want, uint64_t idx, const char *way)
{
	if (got.idx == want.idx && got.start == want.start && got.end == want.end &&
	    got.nid == want.nid)
		return true;
	expect_fail("%s from %#llx: got %#llx [%#llx,%#llx) nid %d, want %#llx [%#llx,%#llx) nid %d",
		    way, KTAP_ULL(idx), KTAP_ULL(got.idx), KTAP_ULL(got.start), KTAP_ULL(got.end),
		    got.nid, KTAP_ULL(want.idx), KTAP_ULL(want.start), KTAP_ULL(want.end),
		    want.nid);
	return false;
}

/* Every index of both arrays, two beyond, and halves of all ones. */
static void try_all_indices(const struct walk *w)
{
	unsigned long gaps = w->b ? w->b->cnt : 0;

	for (unsigned long a = 0; a <= w->a->cnt + 2; a++) {
		for (unsigned long g = 0; g <= gaps + 2; g++) {
			uint64_t idx = index_of(a == w->a->cnt + 2 ? -1 : (long)a,
						g == gaps + 2 ? -1 : (long)g);

			require_true(same_step(real_step(__next_mem_range, w, idx),
					       naive_forward(w, idx), idx, "forward"));
			require_true(same_step(real_step(__next_mem_range_rev, w, idx),
					       naive_reverse(w, idx), idx, "reverse"));
		}
	}
}

/* Every question of the filter that differs. */
static void try_all_walks(void)
{
	static const int nids[] = { NUMA_NO_NODE, MAX_NUMNODES, 0, 1, MAX_NUMNODES + 5, -7 };
	static const unsigned int flags[] = {
		MEMBLOCK_NONE, MEMBLOCK_HOTPLUG, MEMBLOCK_MIRROR, MEMBLOCK_NOMAP,
		MEMBLOCK_DRIVER_MANAGED, MEMBLOCK_HOTPLUG | MEMBLOCK_DRIVER_MANAGED,
		MEMBLOCK_RSRV_NOINIT, ~0U,
	};
	struct memblock_region nothing = { 0 };
	struct memblock_type none = { .regions = &nothing, .name = "none" };
	struct memblock_type *const others[] = { &memblock.reserved, NULL, &none };

	for (size_t k = 0; k < ARRAY_SIZE(others); k++) {
		for (size_t n = 0; n < ARRAY_SIZE(nids); n++) {
			for (size_t f = 0; f < ARRAY_SIZE(flags); f++) {
				struct walk w = { &memblock.memory, others[k], nids[n], flags[f] };

				movable_node_enabled = n & 1;
				try_all_indices(&w);
			}
		}
	}
	movable_node_enabled = false;
	try_all_indices(&(struct walk){ &memblock.reserved, &memblock.memory, 1, MEMBLOCK_MIRROR });
	try_all_indices(&(struct walk){ &none, &memblock.reserved, NUMA_NO_NODE, 0 });
}

static const struct {
	const char	*name, *memory, *reserved;
} index_rows[] = {
	{ "nothing",			"............", "............" },
	{ "no reservation",		"==.==.==.===", "............" },
	{ "no memory",			"............", "=..==..=.==." },
	{ "all reserved",		"..====..==..", "============" },
	{ "borders shared",		"==..====..==", "..==....==.." },
	{ "reserved inside",		"============", ".=.=..==..=." },
	{ "over holes",			"==.==..==.==", ".=====.=.==." },
	{ "far apart",			"=.........==", ".=.=.=.=.=.." },
	{ "far apart, mirrored",	"==.........=", "..=.=.=.=.=." },
	{ "every flag",			"HMND==hmNnXY", ".=...=.=...=" },
	{ "nodes that touch",		"001122==--00", "=..=.==..=.=" },
	{ "touching reservations",	"============", ".01.=0.=I.=I" },
	{ "touching over a border",	"====..======", "..=0101=..I0" },
	{ "behind all memory",		"=..=........", "......=.=.=." },
	{ "before all memory",		"........=..=", "=.=.=......." },
};

KTAP_TABLE_TEST(test_index_any_step_is_what_trying_all_gives, index_rows, row)
{
	mbtest_load(row->memory, row->reserved, page_grid);
	try_all_walks();
}

/* From address 0, where the first gap may be empty, and to the last byte. */
KTAP_TEST(test_index_at_both_ends_of_the_address_space)
{
	for (unsigned int variant = 0; variant < 16; variant++) {
		mbtest_reset();
		memblock_add(0, variant & 1 ? PHYS_ADDR_MAX : 0x8000);
		memblock_add(PHYS_ADDR_MAX - 0x8000, 0x8000);
		if (variant & 2)
			memblock_reserve(0, 0x1000);
		if (variant & 4)
			memblock_reserve(PHYS_ADDR_MAX - 1, 1);
		if (variant & 8)
			memblock_reserve(0x2000, 0x1000);
		try_all_walks();
	}
}

/* Long ways to go, where halving replaces going on by one. */
KTAP_TEST(test_index_in_large_random_arrays)
{
	uint64_t seed = 88172645463325252ULL;

	for (int round = 0; round < 60; round++) {
		struct walk w = { &memblock.memory, &memblock.reserved, NUMA_NO_NODE, 0 };

		mbtest_reset();
		for (int i = 0; i < 60; i++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			/* Mostly in one half, so that the other is a desert in one array. */
			if (seed % 7 < (unsigned int)round % 7)
				memblock_add_node(0x1000 + (seed >> 8) % 600,
						  1 + (seed >> 20) % 4, (seed >> 30) % 2,
						  MEMBLOCK_NONE);
			else
				memblock_reserve(0x1000 + (seed >> 8) % 900, 1 + (seed >> 20) % 3);
		}
		mbtest_warned();
		try_all_indices(&w);
		w.nid = 1;
		try_all_indices(&w);
	}
}

/* Which outputs are wanted does not matter. */
KTAP_TEST(test_index_is_the_same_whatever_is_asked_for)
{
	phys_addr_t s, e;
	int nid;

	mbtest_load("==.=0=.==.==", ".=....=..=..", page_grid);
	for (unsigned int a = 0; a < 7; a++) {
		for (unsigned int g = 0; g < 5; g++) {
			uint64_t want = index_of(a, g), want_rev = want;

			__next_mem_range(&want, NUMA_NO_NODE, MEMBLOCK_NONE, &memblock.memory,
					 &memblock.reserved, &s, &e, &nid);
			__next_mem_range_rev(&want_rev, NUMA_NO_NODE, MEMBLOCK_NONE,
					     &memblock.memory, &memblock.reserved, &s, &e, &nid);
			for (unsigned int set = 0; set < 8; set++) {
				uint64_t i = index_of(a, g), r = i;

				__next_mem_range(&i, NUMA_NO_NODE, MEMBLOCK_NONE,
						 &memblock.memory, &memblock.reserved,
						 set & 1 ? &s : NULL, set & 2 ? &e : NULL,
						 set & 4 ? &nid : NULL);
				expect_eq(i, want);
				__next_mem_range_rev(&r, NUMA_NO_NODE, MEMBLOCK_NONE,
						     &memblock.memory, &memblock.reserved,
						     set & 1 ? &s : NULL, set & 2 ? &e : NULL,
						     set & 4 ? &nid : NULL);
				expect_eq(r, want_rev);
			}
		}
	}
}

/* The packed position against plain arithmetic: gap * 2^32 + region, a region of -1 as 2^32 - 1. */
KTAP_TEST(test_index_position_is_region_and_gap_in_one_word)
{
	static const unsigned long numbers[] = { 0, 1, 2, 127, 128, 0x7fffffff, 0x80000000,
						 0xfffffffe, 0xffffffff };
	const uint64_t half = 0x100000000;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(numbers); j++) {
			unsigned long region = numbers[i], gap = numbers[j];
			uint64_t idx = gap * half + region;

			expect_eq(mb_pack_position(region, gap), idx);
			expect_eq(mb_unpack_position(idx).region, idx % half);
			expect_eq(mb_unpack_position(idx).gap, idx / half);
			expect_eq(mb_unpack_position_rev(idx).region, (idx + 1) % half);
			expect_eq(mb_unpack_position_rev(idx).gap, idx / half);
		}
	}
	expect_eq(mb_pack_position(0UL - 1, 5), 5 * half + (half - 1));
	expect_eq(mb_unpack_position_rev(mb_pack_position(0UL - 1, 5)).region, 0);
	expect_eq(mb_pack_position(0UL - 1, 0UL - 1), UINT64_MAX);
}
