// SPDX-License-Identifier: GPL-2.0-only
/*
 * What memblock is made to do.  Compiled once against each implementation; uses the
 * public API only, except that setup writes the arrays' fields directly (building
 * 100,000 regions one by one would take Linux minutes).
 *
 * Regions of memory are MEM_STEP apart, reservations RSV_STEP apart, from SPACE on.
 */
#include "mm/memblock.h"

#include "bench.h"

#include <limits.h>
#include <string.h>

typedef uint64_t u64_t;
typedef unsigned long ulong_t;

#define SPACE		0x100000000ULL		/* 4 GiB: below it nothing */
#define STEP		0x10000ULL		/* one region in each 64 KiB */
#define RSV_SIZE	0x4000ULL
#define NODES		8
#define KEPT		16
#define STATIC_REGIONS	128			/* entries of the first arrays, both sides */

/* Operations at size n are timed in a small part of the array's life. */
#define MAX_OPS		1000UL

static u64_t first_seed = 88172645463325252ULL, seed, results;

static ulong_t rnd(ulong_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (ulong_t)((seed >> 11) % below);
}

static void note(u64_t result)
{
	results = (results ^ result) * 0x100000001b3ULL;
}

static ulong_t ops_at(ulong_t n)
{
	return n / 2 < MAX_OPS ? n / 2 : MAX_OPS;
}

static u64_t space_end(ulong_t n)
{
	return SPACE + (2 * n + 16) * STEP;
}

/* ---- state ------------------------------------------------------------------------ */

static struct memblock_region *static_memory, *static_reserved;

static void reset(void)
{
	memset(static_memory, 0, STATIC_REGIONS * sizeof(*static_memory));
	memset(static_reserved, 0, STATIC_REGIONS * sizeof(*static_reserved));
	memblock.memory.regions = static_memory;
	memblock.reserved.regions = static_reserved;
	memblock.memory.cnt = memblock.reserved.cnt = 0;
	memblock.memory.total_size = memblock.reserved.total_size = 0;
	memblock.memory.max = memblock.reserved.max = STATIC_REGIONS;
	memblock.bottom_up = false;
	memblock.current_limit = MEMBLOCK_ALLOC_ANYWHERE;
	seed = first_seed;
	results = 0xcbf29ce484222325ULL;
}

static u64_t hash_type(const struct memblock_type *t, u64_t h)
{
	h = (h ^ t->cnt) * 0x100000001b3ULL;
	h = (h ^ t->max) * 0x100000001b3ULL;
	h = (h ^ t->total_size) * 0x100000001b3ULL;
	for (ulong_t i = 0; i < t->cnt; i++) {
		h = (h ^ t->regions[i].base) * 0x100000001b3ULL;
		h = (h ^ t->regions[i].size) * 0x100000001b3ULL;
		h = (h ^ (u64_t)t->regions[i].flags) * 0x100000001b3ULL;
		h = (h ^ (u64_t)memblock_get_region_node(&t->regions[i])) * 0x100000001b3ULL;
	}
	return h;
}

static u64_t checksum(void)
{
	return hash_type(&memblock.reserved, hash_type(&memblock.memory, results));
}

/* The regions of @t in the arena, which every state keeps; they are the highest. */
static ulong_t in_arena(const struct memblock_type *t, struct memblock_region kept[KEPT])
{
	ulong_t n = 0;

	for (ulong_t i = 0; i < t->cnt; i++)
		if (t->regions[i].base - ARENA_BASE < ARENA_SIZE && n < KEPT)
			kept[n++] = t->regions[i];
	return n;
}

/* @t holds regions (base, size), step apart, dealt to @nodes nodes, and @kept. */
static void write_array(struct memblock_type *t, ulong_t n, struct memblock_region first,
			u64_t step, int nodes, const struct memblock_region *kept,
			ulong_t keep)
{
	t->total_size = 0;
	for (t->cnt = 0; t->cnt < n; t->cnt++) {
		struct memblock_region *r = &t->regions[t->cnt];

		*r = first;
		r->base += t->cnt * step;
		memblock_set_region_node(r, nodes ? (int)(t->cnt % (ulong_t)nodes) : MAX_NUMNODES);
		t->total_size += r->size;
	}
	for (ulong_t i = 0; i < keep; i++) {
		t->regions[t->cnt++] = kept[i];
		t->total_size += kept[i].size;
	}
}

/*
 * Make @t hold @n regions of @size, @step apart from SPACE, beside what is in the arena:
 * fill the array, let the next add double it, and again.
 */
static void fill(struct memblock_type *t, ulong_t n, u64_t size, u64_t step, int nodes)
{
	int (*add)(phys_addr_t, phys_addr_t) =
		t == &memblock.memory ? memblock_add : memblock_reserve;
	struct memblock_region first = { .base = SPACE, .size = size }, kept[KEPT];
	ulong_t keep = in_arena(t, kept);

	while (t->max < n + STATIC_REGIONS / 2) {
		if (t->max == STATIC_REGIONS && n <= STATIC_REGIONS / 2)
			break;
		write_array(t, t->max - keep, first, step, 0, kept, keep);
		/* At the end, so that the new array is used from its start. */
		add(ARENA_BASE + 2 * ARENA_SIZE, 0x100);
		keep = in_arena(t, kept);
	}
	write_array(t, n, first, step, nodes, kept, keep);
}

/* @mem regions of memory and @rsv of reserved beside the arena. */
static void fill_both(ulong_t mem, ulong_t rsv, u64_t size)
{
	reset();
	memblock_add(ARENA_BASE, ARENA_SIZE);
	fill(&memblock.memory, mem, size, STEP, 0);
	fill(&memblock.reserved, rsv, RSV_SIZE, STEP, 0);
}

/* One great region of memory and n reservations in it. */
static void setup_holes(ulong_t n)
{
	reset();
	memblock_add(ARENA_BASE, ARENA_SIZE);
	fill(&memblock.reserved, n, RSV_SIZE, STEP, 0);
	memblock_add(SPACE, space_end(n) - SPACE);
}

/* ---- adding ------------------------------------------------------------------------- */

static void setup_add(ulong_t n)
{
	fill_both(n - ops_at(n), 0, RSV_SIZE);
}

static ulong_t run_add_ascending(ulong_t n, const struct replay *replay)
{
	ulong_t ops = ops_at(n);

	(void)replay;
	for (ulong_t i = 0; i < ops; i++)
		memblock_add(SPACE + (n + i) * STEP, RSV_SIZE);
	return ops;
}

static ulong_t run_add_descending(ulong_t n, const struct replay *replay)
{
	ulong_t ops = ops_at(n);

	(void)replay;
	for (ulong_t i = 0; i < ops; i++)
		memblock_add(SPACE - (i + 1) * STEP, RSV_SIZE);
	return ops;
}

/* Between the regions that are there, touching none. */
static ulong_t run_add_random(ulong_t n, const struct replay *replay)
{
	ulong_t ops = ops_at(n);

	(void)replay;
	for (ulong_t i = 0; i < ops; i++)
		memblock_add(SPACE + rnd(n) * STEP + 0x8000 + rnd(4) * 0x1800, 0x1000);
	return ops;
}

/* Each grows a region upwards, downwards, or joins two. */
static ulong_t run_add_merging(ulong_t n, const struct replay *replay)
{
	ulong_t ops = ops_at(n);

	(void)replay;
	for (ulong_t i = 0; i < ops; i++) {
		u64_t base = SPACE + rnd(n) * STEP;

		switch (i % 3) {
		case 0:
			memblock_add(base + RSV_SIZE, 0x1000);
			break;
		case 1:
			memblock_add(base + STEP - 0x1000, 0x1000);
			break;
		default:
			memblock_add(base + RSV_SIZE, STEP - RSV_SIZE);
		}
	}
	return ops;
}

static void setup_half_holes(ulong_t n)
{
	setup_holes(n - ops_at(n));
}

static ulong_t run_reserve_random(ulong_t n, const struct replay *replay)
{
	ulong_t ops = ops_at(n);

	(void)replay;
	for (ulong_t i = 0; i < ops; i++)
		memblock_reserve(SPACE + rnd(n) * STEP + rnd(16) * 0x1000,
				 (rnd(6) + 1) * 0x1000);
	return ops;
}

/* ---- allocating ---------------------------------------------------------------------- */

static ulong_t run_page_alloc(ulong_t n, const struct replay *replay)
{
	ulong_t ops = MAX_OPS;

	(void)replay;
	for (ulong_t i = 0; i < ops; i++)
		note(memblock_phys_alloc_range(0x1000, 0x1000, 0, space_end(n)));
	return ops;
}

static ulong_t run_free_random(ulong_t n, const struct replay *replay)
{
	ulong_t ops = ops_at(n);

	(void)replay;
	for (ulong_t i = 0; i < ops; i++)
		memblock_phys_free(SPACE + rnd(n) * STEP + rnd(4) * 0x1000, 0x1000);
	return ops;
}

/* Gaps of 1 to 12 pages everywhere; what is asked for fits in some of them. */
static void setup_fragments(ulong_t n)
{
	setup_holes(n);
	for (ulong_t i = 0; i < n; i++)
		memblock.reserved.regions[i].size = (4 + rnd(12)) * 0x1000;
	memblock.reserved.total_size = 0;
	for (ulong_t i = 0; i < memblock.reserved.cnt; i++)
		memblock.reserved.total_size += memblock.reserved.regions[i].size;
}

static ulong_t alloc_fragments(ulong_t n)
{
	ulong_t ops = ops_at(n);

	for (ulong_t i = 0; i < ops; i++) {
		u64_t align = 0x1000ULL << (i % 4);

		note(memblock_phys_alloc_range((1 + rnd(8)) * 0x1000, align, SPACE,
					       SPACE + n * STEP));
	}
	return ops;
}

static ulong_t run_fragments_top(ulong_t n, const struct replay *replay)
{
	(void)replay;
	return alloc_fragments(n);
}

static ulong_t run_fragments_bottom(ulong_t n, const struct replay *replay)
{
	(void)replay;
	memblock_set_bottom_up(true);
	return alloc_fragments(n);
}

/* n regions of memory, dealt to 8 nodes in turn. */
static void setup_nodes(ulong_t n)
{
	reset();
	memblock_add(ARENA_BASE, ARENA_SIZE);
	fill(&memblock.memory, n, STEP, STEP, NODES);
}

static ulong_t run_node_alloc(ulong_t n, const struct replay *replay)
{
	ulong_t ops = ops_at(n);

	(void)replay;
	for (ulong_t i = 0; i < ops; i++)
		note(memblock_alloc_range_nid((1 + rnd(8)) * 0x1000, 0x1000, 0,
					      SPACE + n * STEP, (int)rnd(NODES), true));
	return ops;
}

/* ---- asking ---------------------------------------------------------------------------- */

static void setup_regions(ulong_t n)
{
	fill_both(n, n, 0x8000);
}

static ulong_t run_lookup_point(ulong_t n, const struct replay *replay)
{
	ulong_t found = 0;

	(void)replay;
	for (ulong_t i = 0; i < MAX_OPS; i++)
		found += memblock_is_memory(SPACE + rnd(n * STEP));
	note(found);
	return MAX_OPS;
}

static ulong_t run_lookup_overlap(ulong_t n, const struct replay *replay)
{
	ulong_t found = 0;

	(void)replay;
	for (ulong_t i = 0; i < MAX_OPS; i++)
		found += memblock_is_region_reserved(SPACE + rnd(n * STEP), 0x1000);
	note(found);
	return MAX_OPS;
}

/* Reserved shifted by half a region: every step of the walk meets both arrays. */
static void setup_walk(ulong_t n)
{
	fill_both(n, n, 0x8000);
	for (ulong_t i = 0; i < n; i++)
		memblock.reserved.regions[i].base += i % 2 ? 0x6000 : 0x2000;
}

static ulong_t run_walk_forward(ulong_t n, const struct replay *replay)
{
	phys_addr_t start, end;
	ulong_t steps = 0;
	uint64_t i;

	(void)n;
	(void)replay;
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL) {
		note(start ^ end);
		steps++;
	}
	return steps;
}

static ulong_t run_walk_reverse(ulong_t n, const struct replay *replay)
{
	phys_addr_t start, end;
	ulong_t steps = 0;
	uint64_t i;

	(void)n;
	(void)replay;
	for_each_free_mem_range_reverse(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, NULL) {
		note(start ^ end);
		steps++;
	}
	return steps;
}

/* ---- flags, nodes, all at once ------------------------------------------------------------ */

static void setup_memory(ulong_t n)
{
	fill_both(n, 0, RSV_SIZE);
}

static ulong_t run_flags(ulong_t n, const struct replay *replay)
{
	ulong_t ops = ops_at(n);

	(void)replay;
	for (ulong_t i = 0; i < ops; i++) {
		u64_t base = SPACE + rnd(n * STEP), size = rnd(4 * STEP);

		if (i % 2)
			memblock_mark_nomap(base, size);
		else
			memblock_clear_nomap(base, size);
	}
	return ops;
}

static ulong_t run_set_node(ulong_t n, const struct replay *replay)
{
	ulong_t ops = ops_at(n);

	(void)replay;
	for (ulong_t i = 0; i < ops; i++)
		memblock_set_node(SPACE + rnd(n * STEP), rnd(4 * STEP), &memblock.memory,
				  (int)rnd(NODES));
	return ops;
}

static ulong_t run_add_cover(ulong_t n, const struct replay *replay)
{
	(void)replay;
	memblock_add(SPACE, n * STEP);
	return n;
}

static ulong_t run_remove_all(ulong_t n, const struct replay *replay)
{
	(void)replay;
	memblock_remove(SPACE, n * STEP);
	return n;
}

static void setup_unaligned(ulong_t n)
{
	setup_memory(n);
	for (ulong_t i = 0; i < n; i++) {
		memblock.memory.regions[i].base += 0x123;
		/* Every eighth is less than a page. */
		if (i % 8 == 0)
			memblock.memory.regions[i].size = 0xe00;
	}
}

static ulong_t run_trim(ulong_t n, const struct replay *replay)
{
	(void)replay;
	memblock_trim_memory(0x1000);
	return n;
}

/* ---- replay ---------------------------------------------------------------------------------- */

static void setup_replay(ulong_t n)
{
	(void)n;
	reset();
}

static void step(const struct op *op)
{
	switch (op->kind) {
	case OP_ADD:
		memblock_add(op->start, op->size);
		break;
	case OP_REMOVE:
		memblock_remove(op->start, op->size);
		break;
	case OP_RESERVE:
		memblock_reserve(op->start, op->size);
		break;
	case OP_FREE:
		memblock_phys_free(op->start, op->size);
		break;
	case OP_ALLOC_PHYS:
		note(memblock_phys_alloc_range(op->size, op->align, op->start, op->end));
		break;
	case OP_ALLOC_NID:
		note((u64_t)memblock_alloc_try_nid_raw(op->size, op->align, op->start, op->end,
						       op->nid) & 0xffffffffffULL);
		break;
	case OP_ALLOC_EXACT:
		note((u64_t)memblock_alloc_exact_nid_raw(op->size, op->align, op->start,
							 op->end, op->nid) & 0xffffffffffULL);
		break;
	case OP_SET_NODE:
		memblock_set_node(op->start, op->size, &memblock.memory, op->nid);
		memblock_set_node(op->start, op->size, &memblock.reserved, op->nid);
		break;
	case OP_TRIM:
		memblock_trim_memory(op->align);
		break;
	case OP_LIMIT:
		memblock_set_current_limit(op->end);
		break;
	}
}

static ulong_t run_replay(ulong_t n, const struct replay *replay)
{
	(void)n;
	for (ulong_t i = 0; i < replay->count; i++)
		step(&replay->ops[i]);
	return replay->count;
}

/* ---- the module ------------------------------------------------------------------------ */

static const struct workload workloads[] = {
	{ "add ascending", setup_add, run_add_ascending },
	{ "add descending", setup_add, run_add_descending },
	{ "add random", setup_add, run_add_random },
	{ "add merging", setup_memory, run_add_merging },
	{ "reserve random", setup_half_holes, run_reserve_random },
	{ "page alloc", setup_holes, run_page_alloc },
	{ "free random", setup_holes, run_free_random },
	{ "fragments top-down", setup_fragments, run_fragments_top },
	{ "fragments bottom-up", setup_fragments, run_fragments_bottom },
	{ "alloc on 8 nodes", setup_nodes, run_node_alloc },
	{ "lookup point", setup_regions, run_lookup_point },
	{ "lookup overlap", setup_regions, run_lookup_overlap },
	{ "walk free forward", setup_walk, run_walk_forward },
	{ "walk free reverse", setup_walk, run_walk_reverse },
	{ "flags on subranges", setup_memory, run_flags },
	{ "nodes on subranges", setup_memory, run_set_node },
	{ "add covering all", setup_memory, run_add_cover },
	{ "remove all", setup_memory, run_remove_all },
	{ "trim all", setup_unaligned, run_trim },
};

static const struct workload replay_workload = { "replay", setup_replay, run_replay };

static void init(void)
{
	static_memory = memblock.memory.regions;
	static_reserved = memblock.reserved.regions;
	memblock_allow_resize();
}

__attribute__((visibility("default"))) const struct bench_module BENCH_MODULE = {
	.workloads = workloads,
	.count = sizeof(workloads) / sizeof(workloads[0]),
	.replay = &replay_workload,
	.checksum = checksum,
	.init = init,
	.first_seed = &first_seed,
};
