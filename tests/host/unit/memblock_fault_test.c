/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault injection by counting: each search for a place for an array fails in turn.
 *
 * An operation is run once to count its searches, then again and again from the same
 * state: with the k-th failing, and with all from the k-th on failing.  Whatever comes of
 * it is one of two things.  It failed: then no region has changed, and if no array has
 * moved, no byte has.  Or it succeeded: then the arrays are what the model says.
 *
 * Both arrays, alone and at once, static and doubled before, with two, one and no entry
 * free; searching down and up, with and without mirrored memory.
 */
#include <stdio.h>
#include <string.h>

#include "kernel/lib/errno.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/fake_buddy.h"
#include "tests/host/model/fake_find.h"
#include "tests/host/model/machine.h"
#include "tests/host/model/mbtest.h"

/*
 *	cells	  0  1  2  3  4  5 ...         600              700        1000
 *	memory	  =     =     =         comb    |===================================|
 *	reserved     =     =     =      comb             nothing but the arrays
 *	mirror					|==|
 */
#define PLENTY	600
#define END	1000

struct state {
	unsigned int	memory_free, reserved_free;	/* entries */
	bool		doubled;			/* both, once, before */
	bool		up, mirror;
};

static void build(const struct state *s)
{
	unsigned long full = s->doubled ? 2 * FULL : FULL;

	mbtest_reset();
	fake_find = (struct fake_find){ 0 };
	memblock_allow_resize();
	memblock_set_bottom_up(s->up);
	memblock_add(cell(PLENTY), (END - PLENTY) * PAGE_SIZE);
	for (size_t c = 0; memblock.memory.cnt < full - s->memory_free; c += 2)
		memblock_add(cell(c), PAGE_SIZE);
	for (size_t c = 1; memblock.reserved.cnt < full - s->reserved_free; c += 2)
		memblock_reserve(cell(c), PAGE_SIZE);
	if (s->mirror) {
		/* By hand, or it would take the entries that the row wants. */
		mirrored_kernelcore = true;
		memblock_mark_mirror(0, 0);
		memblock.memory.regions[memblock.memory.cnt - 1].flags = MEMBLOCK_MIRROR;
	}
	require_eq(memblock.memory.max, full);
	require_eq(memblock.reserved.max, full);
	fake_find.calls = 0;
}

/* ---- what is done, to memblock and to the model -------------------------------------- */

struct deed {
	const char	*name;
	phys_addr_t	(*run)(void);		/* 0 or -ENOMEM; an allocation: ~address */
	void		(*model)(struct model *m);
};

#define RANGE(first, end)	cell(first), ((end) - (first)) * PAGE_SIZE
#define DEED(id, call, effect)								\
	static phys_addr_t do_##id(void) { return (phys_addr_t)(long)(call); }		\
	static void want_##id(struct model *m) { effect; }

DEED(add, memblock_add(RANGE(560, 561)),
     model_add(&m->memory, 560, 561, MAX_NUMNODES, 0))
DEED(add_low, memblock_add_node(RANGE(1, 2), 1, MEMBLOCK_HOTPLUG),
     model_add(&m->memory, 1, 2, 1, MEMBLOCK_HOTPLUG))
DEED(add_over, memblock_add_node(RANGE(0, 21), MAX_NUMNODES, MEMBLOCK_HOTPLUG),
     model_add(&m->memory, 0, 21, MAX_NUMNODES, MEMBLOCK_HOTPLUG))
DEED(add_all, memblock_add(RANGE(0, 560)), model_add(&m->memory, 0, 560, MAX_NUMNODES, 0))
DEED(remove, memblock_remove(RANGE(4, 5)), model_remove(&m->memory, 4, 5))
DEED(hotplug, memblock_mark_hotplug(RANGE(4, 9)),
     model_flag(&m->memory, 4, 9, MEMBLOCK_HOTPLUG, true))
DEED(clear, memblock_clear_hotplug(RANGE(0, 3)),
     model_flag(&m->memory, 0, 3, MEMBLOCK_HOTPLUG, false))
DEED(nomap, memblock_mark_nomap(RANGE(8, 9)),
     model_flag(&m->memory, 8, 9, MEMBLOCK_NOMAP, true))
DEED(node, memblock_set_node(RANGE(4, 7), &memblock.memory, 1), model_node(&m->memory, 4, 7, 1))
DEED(reserve, memblock_reserve(RANGE(580, 582)),
     model_add(&m->reserved, 580, 582, MAX_NUMNODES, 0))
DEED(reserve_low, memblock_reserve(RANGE(0, 1)),
     model_add(&m->reserved, 0, 1, MAX_NUMNODES, 0))
DEED(reserve_all, memblock_reserve(RANGE(0, 540)),
     model_add(&m->reserved, 0, 540, MAX_NUMNODES, 0))
DEED(free, memblock_phys_free(RANGE(5, 6)), model_remove(&m->reserved, 5, 6))
DEED(noinit, memblock_reserved_mark_noinit(RANGE(5, 10)),
     model_flag(&m->reserved, 5, 10, MEMBLOCK_RSRV_NOINIT, true))
DEED(node_reserved, memblock_set_node(RANGE(5, 8), &memblock.reserved, 1),
     model_node(&m->reserved, 5, 8, 1))
DEED(alloc, ~memblock_phys_alloc_range(PAGE_SIZE, PAGE_SIZE, cell(0), cell(200)), (void)m)
DEED(alloc_node, ~memblock_alloc_range_nid(PAGE_SIZE, PAGE_SIZE, 0, 0, 1, false), (void)m)
DEED(alloc_exact, ~memblock_alloc_range_nid(PAGE_SIZE, PAGE_SIZE, 0, 0, MAX_NUMNODES, true),
     (void)m)

/* Returns nothing: what it did not do shows. */
static phys_addr_t do_cap(void)
{
	memblock_cap_memory_range(RANGE(10, END));
	return memblock_is_memory(cell(0)) ? (phys_addr_t)-ENOMEM : 0;
}

static void want_cap(struct model *m)
{
	model_cap(m, 10, END);
}

#define ROW(id)	{ #id, do_##id, want_##id }

static const struct deed deeds[] = {
	ROW(add), ROW(add_low), ROW(add_over), ROW(add_all), ROW(remove), ROW(hotplug),
	ROW(clear), ROW(nomap), ROW(node), ROW(reserve), ROW(reserve_low), ROW(reserve_all),
	ROW(free), ROW(noinit), ROW(node_reserved), ROW(alloc), ROW(alloc_node),
	ROW(alloc_exact), { "cap", do_cap, want_cap },
};

/* ---- before and after ------------------------------------------------------------------ */

static void read_type(struct model *m, struct model_type *t, const struct memblock_type *type)
{
	memset(t, 0, sizeof(*t));
	for (unsigned long i = 0; i < type->cnt; i++) {
		const struct memblock_region *r = &type->regions[i];
		size_t first = (size_t)((r->base - m->grid.base) / PAGE_SIZE);

		for (size_t c = first; c < first + r->size / PAGE_SIZE; c++)
			t->cell[c] = (struct picture_cell){ true, picture_nid(r),
							    (unsigned int)r->flags };
	}
}

static void model_from_memblock(struct model *m)
{
	model_init(m, page_grid, 1024);
	read_type(m, &m->memory, &memblock.memory);
	read_type(m, &m->reserved, &memblock.reserved);
}

struct arrays {
	struct memblock		types;
	struct mb_block		memory, reserved;
	struct memblock_region	memory_regions[4 * FULL], reserved_regions[4 * FULL];
};

static void copy_arrays(struct arrays *a)
{
	a->types = memblock;
	a->memory = mb_state.memory_block;
	a->reserved = mb_state.reserved_block;
	memcpy(a->memory_regions, memblock.memory.regions,
	       memblock.memory.cnt * sizeof(struct memblock_region));
	memcpy(a->reserved_regions, memblock.reserved.regions,
	       memblock.reserved.cnt * sizeof(struct memblock_region));
}

static bool same_bytes(const struct arrays *a, const struct arrays *b)
{
	return !memcmp(&a->types, &b->types, sizeof(a->types)) &&
	       !memcmp(a->memory_regions, b->memory_regions,
		       a->types.memory.cnt * sizeof(struct memblock_region)) &&
	       !memcmp(a->reserved_regions, b->reserved_regions,
		       a->types.reserved.cnt * sizeof(struct memblock_region));
}

/* An array has moved: its old place is free (a static one never was a place), the new one not. */
static void move_block(struct model *m, const struct mb_block *was, const struct mb_block *is)
{
	if (is->first == was->first && is->slots == was->slots)
		return;
	if (was->first) {
		size_t first = (size_t)((virt_to_phys(was->first) - cell(0)) / PAGE_SIZE);

		model_remove(&m->reserved, first, first + array_bytes(was->slots) / PAGE_SIZE);
	}
	machine_reserve(virt_to_phys(is->first), array_bytes(is->slots));
}

static struct arrays before, after;
static struct model_type uncut;
static unsigned long points, failures;

static bool is_alloc(const struct deed *d)
{
	return d->run == do_alloc || d->run == do_alloc_node || d->run == do_alloc_exact;
}

/* Run @d from state @s with the searches @from to @to failing; compare all there is. */
static bool deed_holds(const struct state *s, const struct deed *d, unsigned int from,
		       unsigned int to)
{
	phys_addr_t got;
	bool done;

	build(s);
	copy_arrays(&before);
	model_from_memblock(&machine);
	fake_find.fail_from = from;
	fake_find.fail_to = to;
	got = d->run();
	mbtest_warned();
	copy_arrays(&after);
	done = is_alloc(d) ? ~got != 0 : !got;
	failures += !done;
	if (!done && !is_alloc(d) && got != (phys_addr_t)-ENOMEM)
		return false;
	/* As they move: memory's, which may be what reserved has to double for, then reserved's. */
	move_block(&machine, &before.memory, &after.memory);
	move_block(&machine, &before.reserved, &after.reserved);
	uncut = machine.reserved;
	if (done && is_alloc(d))
		machine_reserve(~got, PAGE_SIZE);
	else if (done)
		d->model(&machine);
	else if (before.types.memory.max == after.types.memory.max &&
		 before.types.reserved.max == after.types.reserved.max &&
		 !same_bytes(&before, &after))
		return false;
	/* Linux's cap cuts memory and then does not care whether reserved can be cut. */
	if (done && from && d->run == do_cap && !model_same(&machine, true))
		machine.reserved = uncut;
	fake_find.fail_from = 0;
	return model_same(&machine, false);
}

static void inject(const struct state *s, const struct deed *d)
{
	unsigned int calls;

	require_true(deed_holds(s, d, 0, 0));
	calls = fake_find.calls;
	points += calls;
	for (unsigned int k = 1; k <= calls; k++) {
		for (int all = 0; all < 2; all++) {
			if (deed_holds(s, d, k, all ? ~0U : k))
				continue;
			expect_fail("%s, search %u of %u fails%s: memory %u, reserved %u free, "
				    "%s, %s, %s", d->name, k, calls, all ? " and all after it" : "",
				    s->memory_free, s->reserved_free, s->doubled ? "doubled" :
				    "static", s->up ? "up" : "down", s->mirror ? "mirror" : "plain");
			ktap_leave();
		}
	}
}

static void inject_everywhere(bool doubled, bool up)
{
	points = failures = 0;
	for (unsigned int memory = 0; memory < 3; memory++) {
		for (unsigned int reserved = 0; reserved < 3; reserved++) {
			for (int mirror = 0; mirror < 2; mirror++) {
				struct state s = { memory, reserved, doubled, up, mirror };

				for (size_t i = 0; i < ARRAY_SIZE(deeds); i++)
					inject(&s, &deeds[i]);
			}
		}
	}
	printf("# %lu searches failed in turn, %lu operations failed for it\n", points, failures);
	expect_true(points > 200);
	expect_true(failures > 200);
}

KTAP_TEST(test_fault_static_arrays_downwards)
{
	inject_everywhere(false, false);
}

KTAP_TEST(test_fault_static_arrays_upwards)
{
	inject_everywhere(false, true);
}

KTAP_TEST(test_fault_doubled_arrays_downwards)
{
	inject_everywhere(true, false);
}

KTAP_TEST(test_fault_doubled_arrays_upwards)
{
	inject_everywhere(true, true);
}

/* ---- the hand-over, where reserved doubles while nodes are given ----------------------- */

/* 100 reservations over two borders of nodes each: 300 entries, the array doubles twice. */
static void build_handover(void)
{
	mbtest_reset();
	fake_buddy_reset();
	fake_find = (struct fake_find){ 0 };
	memblock_allow_resize();
	memblock_add_node(cell(PLENTY), (END - PLENTY) * PAGE_SIZE, 0, MEMBLOCK_NONE);
	for (size_t c = 0; c < PLENTY; c += 2)
		memblock_add_node(cell(c), 2 * PAGE_SIZE, (c / 2) % 2, MEMBLOCK_NONE);
	for (size_t c = 1; c < PLENTY; c += 6)
		memblock_reserve(cell(c), 4 * PAGE_SIZE);
	fake_find.calls = 0;
	max_low_pfn = FAKE_PAGES;
}

KTAP_TEST(test_fault_while_reservations_get_nodes)
{
	unsigned int calls;

	build_handover();
	memblock_free_all();
	calls = fake_find.calls;
#ifdef CONFIG_NUMA
	expect_true(calls >= 2);
	expect_eq(memblock.reserved.max, 4 * FULL);
#endif
	for (unsigned int k = 0; k <= calls; k++) {
		unsigned long twice = 0, wrong = 0;

		build_handover();
		fake_find.fail_from = k;
		fake_find.fail_to = ~0U;
		memblock_free_all();
		for (unsigned long pfn = 0; pfn < FAKE_PAGES; pfn++) {
			bool is_free = memblock_is_memory(PFN_PHYS(pfn)) &&
				       !memblock_is_reserved(PFN_PHYS(pfn));

			twice += fake_buddy.freed[pfn] > 1;
			wrong += fake_buddy.freed[pfn] != is_free;
		}
		expect_eq(twice, 0);
		expect_eq(wrong, 0);
		expect_null(memblock_type_broken(&memblock.reserved));
		expect_true(memblock_is_region_reserved(cell(499), 4 * PAGE_SIZE));
	}
	fake_find = (struct fake_find){ 0 };
}
