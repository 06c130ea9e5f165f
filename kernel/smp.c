// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bringing up the other CPUs (see smp.h).
 *
 * All are started at once, so that a machine with many is not slow and CPUs that are not there
 * cost their patience once, not each.
 */
#include "kernel/smp.h"

#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/monitor.h"
#include "kernel/lib/params.h"		/* core_param() */
#include "kernel/lib/printk.h"
#include "kernel/lib/smp.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */
#include "mm/zone.h"			/* node_online() */

#include <arch/machine.h>		/* clock_delay_ms() */
#include <arch/smp.h>

#define RESET_MS	10U		/* between the two steps, as Linux waits */
#define AGAIN_MS	100U		/* without one more that comes: asked again */
#define PATIENCE_MS	2000U		/* and then: given up */
#define NAMED_MAX	8U

static int __init parse_provoke(char *val)
{
	static const char word[] = "secondary";
	char *number = val && !strncmp(val, word, sizeof(word) - 1) ? val + sizeof(word) - 1 : NULL;
	int n;

	if (number && get_option(&number, &n) && n > 0)
		smp.wish.hangs = (unsigned int)n;
	return 0;		/* the other words are of the entry code */
}
core_param("provoke", parse_provoke,
	   "entry32 | entry64: an exception there; secondaryN: CPU N hangs when it is started");

/* ---- what is said ---- */

static unsigned int __init digits(unsigned int n)
{
	unsigned int count = 1;

	for (; n >= 10; n /= 10)
		count++;
	return count;
}

static int __init node_of(unsigned int cpu)
{
	return MAX(smp.cpus[cpu].nid, 0);
}

/*
 * ".... node  #0, CPUs:      #1 #2 #3", one line a node, as Linux; the first one has a gap where
 * the boot CPU would be.
 */
static void __init announce(unsigned int end)
{
	const int width = (int)digits(smp.nr) + 1;

	pr_info(SMP_BOOTING "\n");
	for (unsigned int cpu = 1; cpu < end; cpu++) {
		char name[16];

		if (!smp.cpus[cpu].area)
			continue;
		if (cpu == 1)
			printk(KERN_INFO ".... node  #%d, CPUs:  %*s", node_of(cpu), width + 1, "");
		else if (node_of(cpu) != node_of(cpu - 1))
			printk(KERN_INFO ".... node  #%d, CPUs:  ", node_of(cpu));
		ksnprintf(name, sizeof(name), "#%u", cpu);
		pr_cont(" %*s", width, name);
	}
	pr_cont("\n");
}

/* Each by name, or the first ones of many. */
static void __init report_missing(unsigned int end)
{
	unsigned int missing = 0;

	for (unsigned int cpu = 1; cpu < end; cpu++) {
		const struct cpu_record *record = &smp.cpus[cpu];

		if (!record->area || record->state == CPU_ONLINE)
			continue;
		if (missing++ < NAMED_MAX)
			pr_warn("smp: CPU %u, hardware id %u, does not answer; left out\n", cpu,
				record->hardware_id);
	}
	if (missing > NAMED_MAX)
		pr_warn("smp: %u CPUs do not answer and are left out; these are the first %u\n",
			missing, NAMED_MAX);
}

/* ---- what is done ---- */

/* CPUs below @end that were started and are not in the kernel; those that have come are counted. */
static unsigned int __init count_missing(unsigned int end)
{
	unsigned int missing = 0, online = 1;

	for (unsigned int cpu = 1; cpu < end; cpu++) {
		if (cpu_online(cpu))
			online++;
		else if (smp.cpus[cpu].area)
			missing++;
	}
	__atomic_store_n(&smp.online, online, __ATOMIC_RELEASE);
	return missing;
}

/* Wait until all have come, or nobody has come for @patience milliseconds. */
static unsigned int __init wait_for_cpus(unsigned int end, unsigned int patience)
{
	unsigned int missing = count_missing(end);

	for (unsigned int quiet = 0; missing && quiet < patience; quiet++) {
		unsigned int before = missing;

		clock_delay_ms(1);
		missing = count_missing(end);
		if (missing != before)
			quiet = 0;
	}
	return missing;
}

static void __init give_up(unsigned int end)
{
	for (unsigned int cpu = 1; cpu < end; cpu++) {
		struct cpu_record *record = &smp.cpus[cpu];

		cpu_state_change(record, CPU_LISTED, CPU_LEFT_OUT);
		cpu_state_change(record, CPU_STARTING, CPU_LEFT_OUT);
		cpu_state_change(record, CPU_ARRIVED, CPU_LEFT_OUT);
	}
	count_missing(end);		/* one may have come in between */
}

static void __init start_missing(unsigned int end)
{
	for (unsigned int cpu = 1; cpu < end; cpu++)
		if (smp.cpus[cpu].area && !cpu_online(cpu))
			arch_start_cpu(cpu);
}

static void __init start_cpus(unsigned int end)
{
	for (unsigned int cpu = 1; cpu < end; cpu++) {
		if (!smp.cpus[cpu].area)
			continue;
		if (cpu != smp.wish.hangs)
			cpu_state_change(&smp.cpus[cpu], CPU_LISTED, CPU_STARTING);
		arch_reset_cpu(cpu);
	}
	clock_delay_ms(RESET_MS);
	start_missing(end);
	if (wait_for_cpus(end, AGAIN_MS)) {
		start_missing(end);	/* the first may have come too early */
		wait_for_cpus(end, PATIENCE_MS);
	}
	give_up(end);
}

void __init smp_init(void)
{
	const unsigned int end = smp_start_limit();
	const char *wrong;
	int nodes = 0;

	if (smp.wish.off)
		pr_info("smpboot: SMP disabled\n");
	pr_info("smp: Bringing up secondary CPUs ...\n");
	if (end > 1) {
		wrong = arch_prepare_cpus();
		if (!wrong) {
			announce(end);
			start_cpus(end);
			report_missing(end);
		} else {
			pr_warn("smp: %u CPUs are not started: %s\n", end - 1, wrong);
		}
	}
	for (int nid = 0; nid < nr_node_ids; nid++)
		nodes += node_online(nid);
	pr_info("smp: Brought up %d node%s, %u CPU%s\n", nodes, nodes == 1 ? "" : "s",
		num_online_cpus(), num_online_cpus() == 1 ? "" : "s");
}

static const char *const state_names[] = {
	[CPU_LISTED] = "not started", [CPU_STARTING] = "starting", [CPU_ARRIVED] = "arrived",
	[CPU_ONLINE] = "online", [CPU_LEFT_OUT] = "left out",
};

static int cmd_cpus(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (unsigned int cpu = 0; cpu < smp.nr; cpu++) {
		const struct cpu_record *record = &smp.cpus[cpu];

		monitor_print("cpu %u: hardware id %u, node %d, %s, area %p, stack below %#llx, %u calls\n",
			      cpu, record->hardware_id, record->nid, state_names[record->state],
			      (void *)record->area, (unsigned long long)record->stack_top,
			      record->area ? record->area->calls_done : 0);
	}
	return 0;
}
MONITOR_COMMAND(cpus, "", "CPUs, their nodes, areas and stacks", 0, 0, cmd_cpus);
