// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions of a call, on any x86-64 and under any load: the CPU's trap flag makes
 * every instruction a signal.  Some microseconds each, so only every SAMPLEth call.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "bench.h"

#define SAMPLE	2003	/* prime: no pattern of a workload repeats with it */

static const struct bench_allocator *counted;
static volatile unsigned long steps;
static unsigned long overhead;

static struct counter {
	unsigned long	calls, sampled, instructions;
} counters[BENCH_OPERATIONS];

static void on_step(int number)
{
	(void)number;
	steps++;
}

static inline void trap_on(void)
{
	__asm__ volatile("lea -128(%%rsp), %%rsp; pushfq; orq $0x100, (%%rsp); popfq;"
			 "lea 128(%%rsp), %%rsp" ::: "memory", "cc");
}

static inline void trap_off(void)
{
	__asm__ volatile("lea -128(%%rsp), %%rsp; pushfq; andq $~0x100, (%%rsp); popfq;"
			 "lea 128(%%rsp), %%rsp" ::: "memory", "cc");
}

static bool begin(enum bench_operation op)
{
	if (counters[op].calls++ % SAMPLE)
		return false;
	steps = 0;
	trap_on();
	return true;
}

static void end(enum bench_operation op)
{
	trap_off();
	counters[op].sampled++;
	counters[op].instructions += steps - overhead;
}

static void count_reset(void)
{
	counted->reset();
}

static void count_seed(unsigned long page, unsigned int order)
{
	const bool on = begin(BENCH_SEED);

	counted->seed(page, order);
	if (on)
		end(BENCH_SEED);
}

static void *count_alloc(unsigned int order)
{
	const bool on = begin(BENCH_ALLOC);
	void *handle = counted->alloc(order);

	if (on)
		end(BENCH_ALLOC);
	return handle;
}

static void count_free(void *handle, unsigned int order)
{
	const bool on = begin(BENCH_FREE);

	counted->free(handle, order);
	if (on)
		end(BENCH_FREE);
}

static const struct bench_allocator counting = {
	.name = "counting", .reset = count_reset, .seed = count_seed, .alloc = count_alloc,
	.free = count_free,
};

static void no_free(void *handle, unsigned int order)
{
	(void)handle;
	(void)order;
}

static const struct bench_allocator nothing = { .free = no_free };

const struct bench_allocator *bench_counting(const struct bench_allocator *a)
{
	struct sigaction action = { .sa_handler = on_step };

	sigaction(SIGTRAP, &action, NULL);
	if (!overhead) {
		counted = &nothing;
		counting.free(NULL, 0);
		/* What it takes to count: all but the callee's return. */
		overhead = counters[BENCH_FREE].instructions - 1;
	}
	memset(counters, 0, sizeof(counters));
	counted = a;
	return &counting;
}

double bench_instructions(enum bench_operation op)
{
	const struct counter *c = &counters[op];

	return c->sampled ? (double)c->instructions / (double)c->sampled : 0;
}

unsigned long bench_calls(enum bench_operation op)
{
	return counters[op].calls;
}
