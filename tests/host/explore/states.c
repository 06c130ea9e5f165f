/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every state and every operation of a small world.
 *
 * A suite is a row of cells and two alphabets, what a cell of memory and what a
 * cell of reserved may be.  All states are enumerated; in each, every operation
 * of the suite is run on memblock and on the model, and everything compared.  A
 * state has no memory but the arrays (that is tested by sequences.c, which never
 * touches them), so this covers sequences of any length over that world.
 *
 *	states [CELLS]		CELLS more (or, negative, fewer) cells in every suite
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mm/memblock/memblock_internal.h"
#include "mm/port.h"
#include "tests/host/model/ops.h"

#define MAX_OPS	16384

struct suite {
	const char	*name;
	unsigned int	cells;
	const char	*memory;	/* letters of picture.h */
	const char	*reserved;
	void		(*make_ops)(unsigned int cells);
	unsigned int	modes;		/* bits: which switches to try both ways */
};

enum {
	MODE_BOTTOM_UP = 1,
	MODE_MIRROR = 2,
	MODE_MOVABLE_NODE = 4,
};

static struct op ops[MAX_OPS];
static size_t op_count;
static struct model state, m;
static unsigned long long states, checks;

static void push(struct op op)
{
	if (op_count == MAX_OPS)
		abort();
	ops[op_count++] = op;
}

#define for_each_range(f, e, cells)					\
	for (unsigned int f = 0; f < (cells); f++)			\
		for (unsigned int e = f + 1; e <= (cells); e++)

/* ---- which operations a suite runs ------------------------------------------ */

static void memory_ops(unsigned int cells)
{
	static const struct { int nid; unsigned int flags; } kinds[] = {
		{ MAX_NUMNODES, 0 }, { 0, 0 }, { 1, 0 }, { 1, MEMBLOCK_HOTPLUG },
	};
	static const int nids[] = { 0, 1, MAX_NUMNODES };

	for_each_range(f, e, cells) {
		for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
			push((struct op){ OP_ADD, f, e, .nid = kinds[k].nid,
					  .flags = kinds[k].flags });
		for (size_t k = 0; k < ARRAY_SIZE(nids); k++)
			push((struct op){ OP_SET_NODE, f, e, .nid = nids[k] });
		push((struct op){ OP_REMOVE, f, e });
		push((struct op){ OP_SET_FLAG, f, e, .flags = MEMBLOCK_HOTPLUG });
		push((struct op){ OP_CLEAR_FLAG, f, e, .flags = MEMBLOCK_HOTPLUG });
		push((struct op){ OP_CAP, f, e });
		push((struct op){ OP_QUERY, f, e });
	}
	for (unsigned int n = 0; n <= cells + 1; n++)
		push((struct op){ OP_ENFORCE, .size = n });
	push((struct op){ OP_TRIM, .align = 2 });
	push((struct op){ OP_TRIM, .align = 4 });
}

static void flag_ops(unsigned int cells)
{
	static const unsigned int flags[] = { MEMBLOCK_HOTPLUG, MEMBLOCK_NOMAP };

	for_each_range(f, e, cells) {
		push((struct op){ OP_ADD, f, e, .nid = MAX_NUMNODES });
		push((struct op){ OP_ADD, f, e, .nid = MAX_NUMNODES, .flags = MEMBLOCK_NOMAP });
		push((struct op){ OP_REMOVE, f, e });
		for (size_t k = 0; k < ARRAY_SIZE(flags); k++) {
			push((struct op){ OP_SET_FLAG, f, e, .flags = flags[k] });
			push((struct op){ OP_CLEAR_FLAG, f, e, .flags = flags[k] });
		}
		push((struct op){ OP_CAP, f, e });
	}
}

static void reserved_ops(unsigned int cells)
{
	for_each_range(f, e, cells) {
		push((struct op){ OP_RESERVE, f, e });
		push((struct op){ OP_FREE, f, e });
		push((struct op){ OP_SET_FLAG, f, e, .flags = MEMBLOCK_RSRV_NOINIT });
		push((struct op){ OP_SET_NODE_RESERVED, f, e, .nid = 0 });
		push((struct op){ OP_SET_NODE_RESERVED, f, e, .nid = MAX_NUMNODES });
		push((struct op){ OP_QUERY, f, e });
	}
}

static void push_allocs(unsigned int first, unsigned int end, int nid)
{
	for (unsigned int size = 1; size <= 3; size++) {
		for (unsigned int align = 1; align <= 4; align *= 2) {
			struct op op = { OP_PHYS_ALLOC, first, end, size, align, nid, 0, false };

			push(op);
			op.exact = true;
			if (nid >= 0)
				push(op);
			op.kind = OP_VIRT_ALLOC;
			push(op);
		}
	}
}

static void alloc_ops(unsigned int cells)
{
	for (int nid = -1; nid < 2; nid++) {
		push_allocs(0, 0, nid);
		for_each_range(f, e, cells)
			push_allocs(f, e, nid);
	}
}

static void filter_ops(unsigned int cells)
{
	push_allocs(0, 0, NUMA_NO_NODE);
	push_allocs(1, cells - 1, NUMA_NO_NODE);
	for (unsigned int flags = 0; flags < 16; flags++)
		push((struct op){ OP_WALK, .nid = NUMA_NO_NODE, .flags = flags });
}

static void walk_ops(unsigned int cells)
{
	for (int nid = -1; nid < 3; nid++) {
		push((struct op){ OP_WALK, .nid = nid });
		push((struct op){ OP_WALK, .nid = nid, .flags = MEMBLOCK_NOMAP });
	}
	for_each_range(f, e, cells)
		push((struct op){ OP_QUERY, f, e });
}

static const struct suite suites[] = {
	{ "memory: nodes and hotplug", 6, ".=01Hhx", ".", memory_ops, 0 },
	{ "memory: two flags", 7, ".=HNX", ".", flag_ops, 0 },
	{ "reserved", 7, ".", ".=0Ii", reserved_ops, 0 },
	{ "allocation", 5, ".=01", ".=", alloc_ops, MODE_BOTTOM_UP },
	{ "allocation by flags", 4, ".=HMND", ".=", filter_ops,
	  MODE_BOTTOM_UP | MODE_MIRROR | MODE_MOVABLE_NODE },
	{ "walks and questions", 5, ".=01N", ".=0", walk_ops, 0 },
};

/* ---- running ------------------------------------------------------------------ */

static void decode(const struct suite *s, unsigned int cells, unsigned long long id)
{
	size_t mem = strlen(s->memory), rsv = strlen(s->reserved);

	for (unsigned int c = 0; c < cells; c++) {
		state.memory.cell[c] = picture_cell(s->memory[id % mem]);
		id /= mem;
		state.reserved.cell[c] = picture_cell(s->reserved[id % rsv]);
		id /= rsv;
	}
}

static void fail(const struct suite *s, const struct op *op, const char *wrong)
{
	printf("not ok 1 states %s: %s\n# state\n", s->name, wrong);
	model_to_memblock(&state);
	for (int i = 0; i < 2; i++) {
		char out[MODEL_CELLS + 1];

		picture_draw(i ? &memblock.reserved : &memblock.memory, state.grid, out,
			     state.cells);
		printf("#   %-8s %s\n", i ? "reserved" : "memory", out);
	}
	printf("# operation\n#   ");
	op_print(op);
	printf("# bottom_up %d mirror %d movable_node %d\n", state.bottom_up, state.mirror,
	       movable_node_enabled);
	model_copy(&m, &state);
	op_run(&m, op);
	model_same(&m, false);
	exit(1);
}

static void check_state(const struct suite *s)
{
	for (size_t i = 0; i < op_count; i++) {
		const char *wrong;

		model_copy(&m, &state);
		model_to_memblock(&m);
		wrong = op_run(&m, &ops[i]);
		if (wrong)
			fail(s, &ops[i], wrong);
	}
	states++;
	checks += op_count;
}

static void set_mode(unsigned int mode, size_t cells)
{
	/* Cell 0 is physical page 0, which is never handed out. */
	ops_start(&state, 0, cells, false);
	movable_node_enabled = mode & MODE_MOVABLE_NODE;
	state.bottom_up = mode & MODE_BOTTOM_UP;
	memblock_set_bottom_up(state.bottom_up);
	state.mirror = mode & MODE_MIRROR;
	mb_state.has_mirror = state.mirror;
	mb_set_search();
}

static void run_suite(const struct suite *s, int more)
{
	unsigned int cells = (unsigned int)((int)s->cells + more);
	unsigned long long n = 1, had_states = states, had_checks = checks;
	clock_t start = clock();

	op_count = 0;
	s->make_ops(cells);
	for (unsigned int c = 0; c < cells; c++)
		n *= strlen(s->memory) * strlen(s->reserved);
	for (unsigned int mode = 0; mode < 8; mode++) {
		if (mode & ~s->modes)
			continue;
		set_mode(mode, cells);
		for (unsigned long long id = 0; id < n; id++) {
			decode(s, cells, id);
			check_state(s);
		}
	}
	printf("# %-28s %u cells, %zu operations, %llu states, %llu checks, %.1f s\n", s->name,
	       cells, op_count, states - had_states, checks - had_checks,
	       (double)(clock() - start) / CLOCKS_PER_SEC);
}

int main(int argc, char **argv)
{
	int more = argc > 1 ? atoi(argv[1]) : 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n1..1\n");
	for (size_t i = 0; i < ARRAY_SIZE(suites); i++)
		run_suite(&suites[i], more);
	printf("# all: %llu states, %llu checks of one operation each\n", states, checks);
	printf("ok 1 states\n");
	return 0;
}
