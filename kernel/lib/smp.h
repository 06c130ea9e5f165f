/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPUs of the machine, and calling a function on each of them.
 *
 *	firmware's list ─► struct cpu_record, one a CPU ─► smp_init(): they run ─► on_each_cpu()
 *
 * CPUs are numbered from 0, the boot CPU, in the order of firmware's list.  Until smp_set_cpus()
 * and smp_init() there is one, and on_each_cpu() is a call.
 *
 * After boot the others wait for calls, halted, and do nothing of their own accord.
 */
#ifndef KERNEL_LIB_SMP_H
#define KERNEL_LIB_SMP_H

#include "kernel/lib/percpu.h"		/* smp_processor_id() */
#include "kernel/lib/types.h"

#define NR_CPUS		8192U		/* what distributions build; nothing here is that long */

/*
 * The life of a CPU.  A CPU that is being started and the boot CPU, which loses patience, both
 * change the state by compare-and-exchange: it runs or it is left out, never both.
 */
enum cpu_state {
	CPU_LISTED,			/* firmware says that it is there */
	CPU_STARTING,			/* asked to start */
	CPU_ARRIVED,			/* in the kernel: its stack and its area are in use */
	CPU_ONLINE,			/* serves calls */
	CPU_LEFT_OUT,			/* did not arrive in time: if it still comes, it halts */
};

/**
 * struct cpu_record - one CPU; entry code knows the layout
 * @hardware_id: what the machine calls it; constant after boot
 * @state: enum cpu_state
 * @stack_top: where its stack begins; constant after boot
 * @area: its struct per_cpu, NULL: none was to be had; constant after boot
 * @nid: the node it is on, NUMA_NO_NODE if nobody said; constant after boot
 */
struct cpu_record {
	uint32_t	hardware_id;
	uint32_t	state;
	uint64_t	stack_top;
	struct per_cpu	*area;
	int32_t		nid;
	uint32_t	unused;
};

/**
 * struct smp - all of them
 * @cpus, @nr: the records by number; constant after boot
 * @possible: how many there could be, with those that may be plugged in; constant after boot
 * @online: how many serve calls, the boot CPU included
 * @wish: what the command line allows, see below; constant after boot
 * @kick: interrupts the halt of a CPU; constant after boot
 * @fn, @info: of the last call; one writer, the boot CPU
 * @calls: number of that call; one writer, the boot CPU
 * @pending: CPUs that have not come back from it
 */
extern struct smp {
	struct cpu_record	*cpus;
	unsigned int		nr;
	unsigned int		possible;
	unsigned int		online;
	struct smp_wish {
		bool		off;		/* nosmp, maxcpus=0 */
		unsigned int	possible;	/* possible_cpus=N; 0: not said */
		unsigned int	nr_cpus;	/* nr_cpus=N */
		unsigned int	max_cpus;	/* maxcpus=N: how many are started */
		unsigned int	hangs;		/* provoke=secondaryN; 0: none */
	} wish;
	void			(*kick)(unsigned int cpu);
	void			(*fn)(void *info);
	void			*info;
	unsigned int		calls;
	unsigned int		pending;
	struct cpu_record	boot;
} smp;

/* At most so many CPUs are started, the boot CPU included. */
static inline unsigned int smp_start_limit(void)
{
	return smp.wish.off ? 1 : smp.wish.max_cpus < smp.nr ? smp.wish.max_cpus : smp.nr;
}

/**
 * smp_set_cpus() - these are the CPUs
 * @cpus: @nr records, the boot CPU's first; must stay
 *
 * Context: boot CPU, before the others run.
 */
void smp_set_cpus(struct cpu_record *cpus, unsigned int nr);

/** num_online_cpus() - how many serve calls */
static inline unsigned int num_online_cpus(void)
{
	return __atomic_load_n(&smp.online, __ATOMIC_ACQUIRE);
}

/** cpu_online() - does CPU number @cpu serve calls? */
static inline bool cpu_online(unsigned int cpu)
{
	return cpu < smp.nr &&
	       __atomic_load_n(&smp.cpus[cpu].state, __ATOMIC_ACQUIRE) == CPU_ONLINE;
}

#define for_each_online_cpu(cpu)					\
	for ((cpu) = 0; (cpu) < smp.nr; (cpu)++)			\
		if (cpu_online(cpu))

/* The state of CPU number @cpu, to report or to drain it while it does nothing. */
static inline struct per_cpu *per_cpu_area(unsigned int cpu)
{
	return smp.cpus[cpu].area;
}

/**
 * cpu_state_change() - from @from to @to, if nobody was faster
 *
 * Return: false if the state is another one.
 */
bool cpu_state_change(struct cpu_record *cpu, enum cpu_state from, enum cpu_state to);

/**
 * on_each_cpu() - run @fn on every online CPU, this one included, all at the same time
 * @fn: must not call on_each_cpu(); may printk()
 * @info: what it is given
 *
 * Context: boot CPU.  Returns when all are done.
 */
void on_each_cpu(void (*fn)(void *info), void *info);

/**
 * smp_serve_call() - run the call that this CPU has not served yet, if there is one
 *
 * Context: what other CPUs do all the time.  Return: false if there was none.
 */
bool smp_serve_call(void);

#endif /* KERNEL_LIB_SMP_H */
