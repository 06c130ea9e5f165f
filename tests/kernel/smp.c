/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every CPU at once: who it is, what it has, and that the log stays whole.
 */
#include "kernel/selftest.h"

#include "kernel/lib/align.h"
#include "kernel/lib/bug.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/smp.h"
#include "kernel/lib/trace.h"

#include <arch/cpu.h>
#include <arch/memory.h>
#include <arch/smp.h>
#include <arch/traps.h>

/* ---- a call reaches each CPU once ---- */

static void count_me(void *info)
{
	unsigned int *counts = info;

	__atomic_fetch_add(&counts[MIN(smp_processor_id(), 63U)], 1, __ATOMIC_RELAXED);
}

SELFTEST(smp_calls_reach_each_cpu)
{
	unsigned int counts[64] = { 0 }, sum = 0;

	for (unsigned int i = 0; i < 100; i++)
		on_each_cpu(count_me, counts);
	for (unsigned int i = 0; i < 63; i++) {
		expect_eq(t, counts[i], cpu_online(i) ? 100 : 0);
		sum += counts[i];
	}
	expect_eq(t, sum + counts[63], 100 * num_online_cpus());
}

/* ---- each has its own ---- */

struct told {
	unsigned int	cpus;
	unsigned int	wrong;
};

static void tell(struct told *told, bool right, const char *what)
{
	if (right)
		return;
	__atomic_fetch_add(&told->wrong, 1, __ATOMIC_RELAXED);
	pr_alert("# CPU %u: %s\n", smp_processor_id(), what);
}

static void look_around(void *info)
{
	const unsigned int me = smp_processor_id();
	const struct cpu_record *record = &smp.cpus[me];
	struct told *told = info;
	const uint64_t here = (uint64_t)&told;
	uint8_t byte;

	__atomic_fetch_add(&told->cpus, 1, __ATOMIC_RELAXED);
	tell(told, me < smp.nr && record->area == this_cpu(), "this_cpu() is not in its record");
	tell(told, this_cpu()->self == this_cpu(), "its area does not know itself");
	if (!me)
		return;
	tell(told, here < record->stack_top && record->stack_top - here < CPU_STACK_SIZE,
	     "runs on another stack");
	tell(told, probe_read_byte(record->stack_top - 1, &byte), "no stack below its top");
	/* The guard page, however large the stack is: below it nothing can be read. */
	for (uint64_t va = ALIGN_DOWN(here, PAGE_SIZE); ; va -= PAGE_SIZE) {
		if (!probe_read_byte(va, &byte))
			break;
		tell(told, record->stack_top - va < CPU_STACK_SIZE, "no guard page below its stack");
		if (record->stack_top - va >= CPU_STACK_SIZE)
			break;
	}
}

SELFTEST(smp_each_has_its_own)
{
	struct told told = { 0 };

	on_each_cpu(look_around, &told);
	expect_eq(t, told.cpus, num_online_cpus());
	expect_eq(t, told.wrong, 0);
	for (unsigned int a = 0; a < smp.nr; a++)
		for (unsigned int b = 0; b < a; b++)
			if (cpu_online(a) && cpu_online(b) &&
			    (smp.cpus[a].area == smp.cpus[b].area ||
			     smp.cpus[a].stack_top == smp.cpus[b].stack_top))
				ktap_fail(t, "CPUs %u and %u share an area or a stack", a, b);
}

/* ---- lines and events stay whole ---- */

#define LINES	20
#define EVENTS	4		/* each may cost a line on COM2 */

static void print_lines(void *info)
{
	const char letter = (char)('a' + smp_processor_id() % 26);

	(void)info;
	for (unsigned int i = 0; i < LINES; i++) {
		pr_debug("smp_line %u %u ", smp_processor_id(), i);
		pr_cont("%c%c%c%c%c%c%c%c", letter, letter, letter, letter, letter, letter, letter,
			letter);
		pr_cont(" end\n");
	}
}

/* One line: its letters are all the same, and it begins and ends as it should. */
static bool line_is_whole(const struct log_line *line, const char *head, size_t len)
{
	const char *end = line->text + line->len;

	if (line->len < len + 8 || end[-4] != ' ' || end[-1] != 'd')
		return false;
	for (unsigned int i = 0; i < len; i++)
		if (line->text[i] != head[i])
			return false;
	for (unsigned int i = 6; i <= 12; i++)
		if (end[-5] != end[-(int)i])
			return false;
	return true;
}

SELFTEST(smp_lines_are_whole)
{
	static const char head[] = "smp_line ";
	unsigned int whole = 0, broken = 0;
	struct log_line line;
	uint64_t first = 0;

	for (uint64_t seq = 0; log_read(seq, &line); seq = line.seq + 1)
		first = line.seq + 1;
	on_each_cpu(print_lines, NULL);
	for (uint64_t seq = first; log_read(seq, &line); seq = line.seq + 1) {
		if (line_is_whole(&line, head, sizeof(head) - 1))
			whole++;
		else
			broken++;
	}
	expect_eq(t, broken, 0);
	/* The ring keeps the youngest 64 KiB. */
	expect_true(t, whole == LINES * num_online_cpus() || log_dropped() > first);
}

static void record_events(void *info)
{
	(void)info;
	for (unsigned int i = 0; i < EVENTS; i++)
		trace_add(&(struct trace_event){ .op = "name", .base = smp_processor_id(),
						 .size = i, .owner = "smp test", .nid = -1 });
}

SELFTEST(smp_events_are_counted)
{
	const uint64_t before = trace_count();

	on_each_cpu(record_events, NULL);
	expect_eq(t, trace_count() - before, EVENTS * num_online_cpus());
}

/* ---- the end, told by another CPU ---- */

static void last_cpu_dies(void *info)
{
	struct ktap *t = info;

	if (smp_processor_id() == num_online_cpus() - 1)
		panic("CPU %u dies for %s", smp_processor_id(), t->name);
	for (;;)		/* busy when it is stopped */
		cpu_relax();
}

SELFTEST(crash_smp_panic)
{
	on_each_cpu(last_cpu_dies, t);
}

static void all_die(void *info)
{
	(void)info;
	panic("all %u CPUs die at once", num_online_cpus());
}

SELFTEST(crash_smp_all)
{
	on_each_cpu(all_die, t);
}

/* The last CPU dies while the others write. */
static void die_among_writers(void *info)
{
	struct ktap *t = info;

	for (unsigned int i = 0; smp_processor_id() != num_online_cpus() - 1 || i < 5; i++)
		pr_info("smp_line %u %u aaaaaaaa end\n", smp_processor_id(), i);
	panic("CPU %u dies for %s", smp_processor_id(), t->name);
}

SELFTEST(crash_smp_writers)
{
	on_each_cpu(die_among_writers, t);
}

static volatile uintptr_t depth_of_wells = 1;

__attribute__((noinline)) static int selftest_crash_well(int depth)
{
	volatile int room[64];

	room[0] = depth;
	room[1] = depth_of_wells ? selftest_crash_well(depth + 1) : 0;
	return room[0] + room[1];
}

static void overflow(void *info)
{
	struct ktap *t = info;

	if (smp_processor_id() == num_online_cpus() - 1)
		ktap_fail(t, "recursed to %d", selftest_crash_well(0));
}

SELFTEST(crash_smp_stack)
{
	on_each_cpu(overflow, t);
}
