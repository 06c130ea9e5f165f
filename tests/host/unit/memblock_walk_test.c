/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random walks against the model, on arrays of hundreds of regions, and fault
 * injection: every operation of a walk is made to fail in turn.
 *
 * Laws 1 and 2.  The seeds are fixed; what fails once fails always, and the
 * operation that went wrong is printed with both drawings.  Rows 1, 2.
 */
#include <stdio.h>

#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/ktap.h"
#include "tests/host/model/mbtest.h"
#include "tests/host/model/ops.h"

static struct model m;
static uint64_t seed;
static bool mirrors;		/* walks mark memory as mirror and ask for nothing, too */

/* xorshift64*: small, good enough, the same everywhere. */
static unsigned int pick(unsigned int n)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (unsigned int)((seed * 0x2545f4914f6cdd1dULL) >> 33) % n;
}

static const int nids[] = { 0, 1, NUMA_NO_NODE, MAX_NUMNODES };
static const unsigned int flags[] = {
	MEMBLOCK_HOTPLUG, MEMBLOCK_NOMAP, MEMBLOCK_RSRV_NOINIT, MEMBLOCK_MIRROR,
};

static struct op random_op(unsigned int longest)
{
	static const enum op_kind kinds[] = {
		OP_ADD, OP_ADD, OP_REMOVE, OP_RESERVE, OP_RESERVE, OP_RESERVE, OP_FREE, OP_FREE,
		OP_SET_FLAG, OP_CLEAR_FLAG, OP_SET_NODE, OP_SET_NODE_RESERVED, OP_PHYS_ALLOC,
		OP_VIRT_ALLOC, OP_BOTTOM_UP, OP_QUERY, OP_WALK,
	};
	unsigned int first = pick((unsigned int)m.cells - longest);
	struct op op = {
		.kind = kinds[pick(ARRAY_SIZE(kinds))], .first = first,
		.end = first + 1 + pick(longest), .size = 1 + pick(3), .align = 1U << pick(3),
		.nid = nids[pick(ARRAY_SIZE(nids))], .exact = pick(2),
	};

	switch (op.kind) {
	case OP_ADD:
		op.flags = pick(4) ? 0 : flags[pick(2)];
		break;
	case OP_SET_FLAG:
		op.flags = flags[pick(mirrors ? 4 : 3)];
		break;
	case OP_CLEAR_FLAG:
		op.flags = flags[pick(2)];
		break;
	case OP_PHYS_ALLOC:
	case OP_VIRT_ALLOC:
		op.size -= mirrors && op.size && !pick(4) ? op.size : 0;
		op.first = pick(4) ? 0 : op.first;
		op.end = pick(4) ? 0 : op.end;
		break;
	default:
		break;
	}
	return op;
}

static bool run(const struct op *op, const char *where, unsigned int step)
{
	const char *wrong = op_run(&m, op);

	mbtest_warned();	/* op_run() has compared them */
	if (!wrong)
		return true;
	printf("# %s, step %u: %s\n#   ", where, step, wrong);
	op_print(op);
	model_same(&m, false);
	return false;
}

static void start(size_t cells, uint64_t from)
{
	mbtest_reset();
	ops_start(&m, 0x1000000, cells, true);
	seed = from;
	mirrors = false;
}

static void walk(const char *name, size_t cells, unsigned int longest, unsigned int steps,
		 uint64_t from)
{
	start(cells, from);
	for (unsigned int i = 0; i < steps; i++) {
		struct op op = random_op(longest);

		require_true(run(&op, name, i));
	}
}

KTAP_TEST(test_walk_short_ranges_many_regions)
{
	walk("short ranges", 1000, 3, 6000, 1);
	expect_true(memblock.reserved.max > INIT_MEMBLOCK_REGIONS);
	expect_true(memblock.memory.max > INIT_MEMBLOCK_REGIONS);
}

KTAP_TEST(test_walk_long_ranges_few_regions)
{
	walk("long ranges", 300, 100, 3000, 2);
}

KTAP_TEST(test_walk_small_world)
{
	for (uint64_t s = 100; s < 130; s++)
		walk("small world", 24, 6, 150, s);
}

/* Every fallback of the allocator, with lines, mirrors, and hotplug memory kept free. */
KTAP_TEST(test_walk_mirrored_and_loud)
{
	for (uint64_t s = 200; s < 240; s++) {
		start(60, s);
		mirrors = true;
		memblock_set_verbose(s & 1);
		movable_node_enabled = s & 2;
		for (unsigned int i = 0; i < 150; i++) {
			struct op op = random_op(12);

			require_true(run(&op, "mirrored", i));
		}
		memblock_set_verbose(false);
	}
	movable_node_enabled = false;
}

/* ---- faults ---- */

/*
 * A walk that starts with full arrays and only @spare pages that an array could
 * take: everything else is NOMAP.  Doubling fails at once, or for the second
 * array, or the second time.
 */
static void starve(unsigned int memory_cnt, unsigned int reserved_cnt, unsigned int spare,
		   uint64_t from)
{
	start(800, from);
	for (unsigned int i = 0; i < memory_cnt - 1; i++)
		model_add(&m.memory, 2 * i, 2 * i + 1, MAX_NUMNODES, MEMBLOCK_NOMAP);
	for (unsigned int i = 0; i < reserved_cnt; i++)
		model_add(&m.reserved, 300 + 2 * i, 301 + 2 * i, MAX_NUMNODES, 0);
	model_add(&m.memory, 600, 601 + spare, MAX_NUMNODES, 0);
	model_flag(&m.memory, 600, 601, MEMBLOCK_NOMAP, true);
	if (spare)
		model_remove(&m.memory, 600, 601);
	model_to_memblock(&m);
	for (unsigned int i = 0; i < 12; i++) {
		struct op op = random_op(8);

		/* no new memory that arrays could take */
		if (op.kind == OP_ADD)
			op.flags |= MEMBLOCK_NOMAP;
		if (op.kind == OP_CLEAR_FLAG)
			op.flags = MEMBLOCK_HOTPLUG;
		require_true(run(&op, "starving", i));
	}
}

KTAP_TEST(test_fault_nothing_or_little_to_grow_into)
{
	uint64_t from = 1000;

	for (unsigned int memory = 125; memory <= INIT_MEMBLOCK_REGIONS; memory++)
		for (unsigned int reserved = 125; reserved <= INIT_MEMBLOCK_REGIONS; reserved++)
			for (unsigned int spare = 0; spare < 9; spare++)
				for (unsigned int n = 0; n < 3; n++)
					starve(memory, reserved, spare, from++);
}

/*
 * Each step of a walk in turn fails to find memory (the limit is 0), is then
 * repeated with memory, and the walk goes on as if nothing had happened.
 */
KTAP_TEST(test_fault_every_step_in_turn)
{
	enum { STEPS = 60 };

	for (unsigned int k = 0; k < STEPS; k++) {
		start(900, 77);
		for (unsigned int i = 0; i < INIT_MEMBLOCK_REGIONS - 4; i++) {
			model_add(&m.reserved, 2 * i, 2 * i + 1, MAX_NUMNODES, 0);
			model_add(&m.memory, 2 * i, 2 * i + 1, 0, 0);
		}
		model_add(&m.memory, 500, 800, 1, 0);
		model_to_memblock(&m);
		for (unsigned int i = 0; i < STEPS; i++) {
			const struct op starve_op = { OP_LIMIT, .end = 1 };
			const struct op feed_op = { OP_LIMIT, .end = 0 };
			struct op op = random_op(4);

			if (i == k) {
				require_true(run(&starve_op, "limit", i));
				require_true(run(&op, "failing", i));
				require_true(run(&feed_op, "limit", i));
			}
			require_true(run(&op, "walk", i));
		}
	}
}
