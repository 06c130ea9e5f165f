// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPUs, and calling a function on each of them (see smp.h).
 *
 * A call is published by its number: the function is written before it, and read after it.  Each
 * CPU has the number of the last call it served, so that none is served twice.
 */
#include "kernel/lib/smp.h"

#include "kernel/lib/bug.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/params.h"		/* early_param() */

#include <arch/cpu.h>			/* cpu_relax() */

struct smp smp = {
	.cpus = &smp.boot, .nr = 1, .possible = 1, .online = 1,
	.wish = { .nr_cpus = NR_CPUS, .max_cpus = NR_CPUS },
	.boot = { .state = CPU_ONLINE, .area = &boot_cpu, .nid = -1 },
};

void smp_set_cpus(struct cpu_record *cpus, unsigned int nr)
{
	smp.cpus = cpus;
	smp.nr = nr;
}

bool cpu_state_change(struct cpu_record *cpu, enum cpu_state from, enum cpu_state to)
{
	uint32_t expected = from;

	return __atomic_compare_exchange_n(&cpu->state, &expected, to, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

/* ---- calls ---- */

void on_each_cpu(void (*fn)(void *info), void *info)
{
	unsigned int cpu;

	BUG_ON(smp_processor_id());
	smp.fn = fn;
	smp.info = info;
	__atomic_store_n(&smp.pending, num_online_cpus() - 1, __ATOMIC_RELAXED);
	__atomic_store_n(&smp.calls, smp.calls + 1, __ATOMIC_RELEASE);
	for_each_online_cpu(cpu)
		if (cpu)
			smp.kick(cpu);
	fn(info);
	while (__atomic_load_n(&smp.pending, __ATOMIC_ACQUIRE))
		cpu_relax();
}

bool smp_serve_call(void)
{
	unsigned int call = __atomic_load_n(&smp.calls, __ATOMIC_ACQUIRE);

	if (this_cpu()->calls_done == call)
		return false;
	this_cpu()->calls_done = call;
	smp.fn(smp.info);
	__atomic_fetch_sub(&smp.pending, 1, __ATOMIC_ACQ_REL);
	return true;
}

/* ---- the command line ---- */

static int __init parse_count(char *val, unsigned int least, unsigned int *count)
{
	int n;

	if (!val || !get_option(&val, &n) || n < (int)least)
		return -EINVAL;
	*count = (unsigned int)n < NR_CPUS ? (unsigned int)n : NR_CPUS;
	return 0;
}

static int __init parse_nosmp(char *val)
{
	(void)val;
	smp.wish.off = true;
	return 0;
}
early_param("nosmp", parse_nosmp, "one CPU, whatever the machine has");

static int __init parse_maxcpus(char *val)
{
	int err = parse_count(val, 0, &smp.wish.max_cpus);

	smp.wish.off |= !err && !smp.wish.max_cpus;
	return err;
}
early_param("maxcpus", parse_maxcpus, "N: start so many CPUs; 0: nosmp");

static int __init parse_nr_cpus(char *val)
{
	return parse_count(val, 1, &smp.wish.nr_cpus);
}
early_param("nr_cpus", parse_nr_cpus, "N: do not know of more CPUs than that");

static int __init parse_possible_cpus(char *val)
{
	return parse_count(val, 1, &smp.wish.possible);
}
early_param("possible_cpus", parse_possible_cpus, "N: as nr_cpus=, and says so");
