/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations that run on memblock and on the model at once, and say whether the
 * two still agree.  What the explorer, the fuzzer and the random walks are made
 * of.
 *
 * Arrays may double on the way.  Then the model is told where the new array is
 * after it has been checked that this place is allowed: free and usable before,
 * outside of the range in hand, below the limit, apart from the other array.
 * Failing to double is only right if there is no such place.
 */
#ifndef TESTS_HOST_MODEL_OPS_H
#define TESTS_HOST_MODEL_OPS_H

#include "tests/host/model/model.h"

enum op_kind {
	OP_ADD,			/* nid, flags */
	OP_REMOVE,
	OP_RESERVE,
	OP_FREE,
	OP_SET_FLAG,		/* flags: one of HOTPLUG, MIRROR, NOMAP; NOINIT in reserved */
	OP_CLEAR_FLAG,		/* flags: HOTPLUG or NOMAP */
	OP_SET_NODE,		/* nid, in memory */
	OP_SET_NODE_RESERVED,
	OP_PHYS_ALLOC,		/* size, align, [first, end), nid, exact */
	OP_VIRT_ALLOC,		/* the same, min preferred, max clamped */
	OP_CAP,
	OP_ENFORCE,		/* size: cells */
	OP_TRIM,		/* align: cells */
	OP_BOTTOM_UP,		/* size: 0 or 1 */
	OP_LIMIT,		/* end; 0: none */
	OP_QUERY,		/* every question about [first, end) */
	OP_WALK,		/* every free range both ways for nid, flags */
	OP_KINDS
};

/* Cells [first, end); align is a power of two, in cells.  For allocations end 0
 * is "accessible" and first 0 is address 0. */
struct op {
	enum op_kind	kind;
	unsigned int	first, end;
	unsigned int	size, align;
	int		nid;
	unsigned int	flags;
	bool		exact;
};

/*
 * Run @op.  What would free the memory of a doubled array is not done: that is the
 * user's mistake and fatal in Linux too.  Once a limit has cut it away, nothing is
 * done any more.
 * Return: NULL if result, warning, arrays and normal form are right, else what is wrong.
 */
const char *op_run(struct model *m, const struct op *op);

/* Only the answer of memblock and model, arrays not compared: for pure questions. */
const char *op_ask(struct model *m, const struct op *op);

/* "reserve [3,7)": for the report of a failing sequence. */
void op_print(const struct op *op);

/*
 * A fresh memblock and model of @cells pages at @base, with @growing arrays.
 * WARNs are counted, not printed.
 */
void ops_start(struct model *m, phys_addr_t base, size_t cells, bool growing);

#endif /* TESTS_HOST_MODEL_OPS_H */
