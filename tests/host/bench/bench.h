/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the bench's driver and the implementations it measures.
 *
 * Each implementation is a shared object: memblock, stubs, and the workloads of
 * memblock_work.c compiled against its own header.  The driver loads one or two of
 * them, runs the same workload in turns and compares what is in the arrays after it.
 */
#ifndef TESTS_HOST_BENCH_BENCH_H
#define TESTS_HOST_BENCH_BENCH_H

#include <stdint.h>

/* One step of a real boot, from its log (replay.c). */
enum op_kind {
	OP_ADD,
	OP_REMOVE,
	OP_RESERVE,
	OP_FREE,
	OP_ALLOC_PHYS,			/* size, align, start, end */
	OP_ALLOC_NID,			/* the same and nid; contents are not zeroed */
	OP_ALLOC_EXACT,
	OP_SET_NODE,			/* start, size, nid; of both arrays */
	OP_TRIM,			/* align */
	OP_LIMIT,			/* current_limit */
};

struct op {
	enum op_kind	kind;
	int		nid;
	uint64_t	start, size, align, end;
};

struct replay {
	const struct op	*ops;
	unsigned long	count;
};

struct workload {
	const char	*name;
	/* Not timed: bring memblock into a state of about @n regions. */
	void		(*setup)(unsigned long n);
	/* Timed.  Return: operations done. */
	unsigned long	(*run)(unsigned long n, const struct replay *replay);
};

struct bench_module {
	const struct workload	*workloads;
	unsigned long		count;
	const struct workload	*replay;
	/* Everything that can be seen: both arrays and what the calls returned. */
	uint64_t		(*checksum)(void);
	/* Once, before anything else. */
	void			(*init)(void);
	/* Not 0: what the next setup begins its random numbers with. */
	uint64_t		*first_seed;
};

#define BENCH_MODULE	bench_module

/* Where arrays go when they double; above everything the workloads talk about. */
#define ARENA_BASE	(1ULL << 44)
#define ARENA_SIZE	(64ULL << 20)

#endif /* TESTS_HOST_BENCH_BENCH_H */
