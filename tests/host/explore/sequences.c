/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every sequence of operations, from power on, up to a depth.
 *
 * Nothing is written into memblock by hand here but snapshots of its own state,
 * so whatever it remembers between calls is in play.  Built twice: with the
 * usual arrays, and (FEW_REGIONS) with static arrays of four entries, so that
 * arrays double, move and are given back in nearly every sequence.
 *
 *	sequences [DEPTH]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mm/memblock/memblock_internal.h"
#include "mm/port.h"
#include "tests/host/model/ops.h"

#define MAX_DEPTH	16
#define MAX_OPS		256
#define SAVED_SLOTS	128	/* entries of a doubled array that a snapshot keeps */

static struct op ops[MAX_OPS];
static size_t op_count;

/* One per depth: what memblock and the model were before the operation. */
struct snapshot {
	struct memblock		arrays;
	struct mb_state		inside;		/* with the static arrays */
	struct memblock_region	memory_block[SAVED_SLOTS];
	struct memblock_region	reserved_block[SAVED_SLOTS];
	struct model		model;
};

static struct snapshot saved[MAX_DEPTH];
static struct model m;
static unsigned int depth_max;
static const struct op *path[MAX_DEPTH];
static unsigned long long sequences, doublings;

static void copy_block(struct memblock_region *to, const struct mb_block *b)
{
	if (b->slots > SAVED_SLOTS)
		abort();
	if (b->first)
		memcpy(to, b->first, b->slots * sizeof(*to));
}

static void save(struct snapshot *s)
{
	s->arrays = memblock;
	s->inside = mb_state;
	copy_block(s->memory_block, &mb_state.memory_block);
	copy_block(s->reserved_block, &mb_state.reserved_block);
	model_copy(&s->model, &m);
}

static void restore_block(const struct mb_block *b, const struct memblock_region *from)
{
	if (b->first)
		memcpy(b->first, from, b->slots * sizeof(*from));
}

static void restore(const struct snapshot *s)
{
	memblock = s->arrays;
	mb_state = s->inside;
	restore_block(&mb_state.memory_block, s->memory_block);
	restore_block(&mb_state.reserved_block, s->reserved_block);
	model_copy(&m, &s->model);
}

static void fail(unsigned int depth, const char *wrong)
{
	printf("not ok 1 sequences: %s\n", wrong);
	for (unsigned int i = 0; i <= depth; i++) {
		printf("#   ");
		op_print(path[i]);
	}
	model_same(&m, false);
	exit(1);
}

static void descend(unsigned int depth)
{
	struct snapshot *before = &saved[depth];

	if (depth == depth_max)
		return;
	save(before);
	for (size_t i = 0; i < op_count; i++) {
		unsigned long room = memblock.memory.max + memblock.reserved.max;
		const char *wrong;

		path[depth] = &ops[i];
		wrong = op_run(&m, &ops[i]);
		if (wrong)
			fail(depth, wrong);
		sequences++;
		doublings += memblock.memory.max + memblock.reserved.max != room;
		descend(depth + 1);
		restore(before);
	}
}

static void push(struct op op)
{
	if (op_count == MAX_OPS)
		abort();
	ops[op_count++] = op;
}

#ifdef FEW_REGIONS
/* 24 pages of memory at first; single cells two apart fill an array quickly. */
#define WORLD	24

static void make_ops(void)
{
	for (unsigned int c = 1; c < 9; c += 2) {
		push((struct op){ OP_RESERVE, c, c + 1 });
		push((struct op){ OP_REMOVE, c + 9, c + 10 });
		push((struct op){ OP_SET_FLAG, c, c + 1, .flags = MEMBLOCK_RSRV_NOINIT });
	}
	push((struct op){ OP_SET_FLAG, 11, 14, .flags = MEMBLOCK_HOTPLUG });
	push((struct op){ OP_ADD, 9, 21, .nid = MAX_NUMNODES });
	push((struct op){ OP_RESERVE, 0, 10 });
	push((struct op){ OP_RESERVE, 22, 24 });
	push((struct op){ OP_FREE, 2, 6 });
	push((struct op){ OP_FREE, 0, 9 });
	push((struct op){ OP_PHYS_ALLOC, .size = 1, .align = 2, .nid = NUMA_NO_NODE });
	push((struct op){ OP_PHYS_ALLOC, .size = 9, .align = 1, .nid = NUMA_NO_NODE });
	push((struct op){ OP_BOTTOM_UP, .size = 1 });
	push((struct op){ OP_LIMIT, .end = 3 });
}

static void start(void)
{
	ops_start(&m, 0x100000, WORLD, true);
	memblock_add(m.grid.base, WORLD * PAGE_SIZE);
	model_add(&m.memory, 0, WORLD, MAX_NUMNODES, 0);
}
#define DEPTH	6
#else
#define WORLD	4

static void make_ops(void)
{
	for (unsigned int f = 0; f < WORLD; f++) {
		for (unsigned int e = f + 1; e <= WORLD; e++) {
			push((struct op){ OP_ADD, f, e, .nid = MAX_NUMNODES });
			push((struct op){ OP_ADD, f, e, .nid = 1, .flags = MEMBLOCK_HOTPLUG });
			push((struct op){ OP_REMOVE, f, e });
			push((struct op){ OP_RESERVE, f, e });
			push((struct op){ OP_FREE, f, e });
			push((struct op){ OP_SET_FLAG, f, e, .flags = MEMBLOCK_NOMAP });
			push((struct op){ OP_CLEAR_FLAG, f, e, .flags = MEMBLOCK_HOTPLUG });
			push((struct op){ OP_SET_NODE, f, e, .nid = 1 });
			push((struct op){ OP_SET_NODE_RESERVED, f, e, .nid = 1 });
			push((struct op){ OP_CAP, f, e });
		}
	}
	push((struct op){ OP_PHYS_ALLOC, .size = 1, .align = 1, .nid = 1 });
	push((struct op){ OP_VIRT_ALLOC, 2, 0, .size = 1, .align = 1, .nid = NUMA_NO_NODE });
	push((struct op){ OP_TRIM, .align = 2 });
	push((struct op){ OP_ENFORCE, .size = 1 });
	push((struct op){ OP_BOTTOM_UP, .size = 1 });
}

static void start(void)
{
	ops_start(&m, 0x100000, WORLD, false);
}
#define DEPTH	4
#endif

int main(int argc, char **argv)
{
	clock_t begin = clock();

	depth_max = argc > 1 ? (unsigned int)atoi(argv[1]) : DEPTH;
	if (!depth_max || depth_max > MAX_DEPTH) {
		fprintf(stderr, "usage: sequences [1..%d]\n", MAX_DEPTH);
		return 2;
	}
	printf("KTAP version 1\n1..1\n");
	make_ops();
	start();
	descend(0);
	printf("# %u cells, %zu operations, static arrays of %d: %llu sequences of up to %u, "
	       "%llu doublings, %.1f s\n", WORLD, op_count, INIT_MEMBLOCK_RESERVED_REGIONS,
	       sequences, depth_max, doublings, (double)(clock() - begin) / CLOCKS_PER_SEC);
	printf("ok 1 sequences\n");
	return 0;
}
