// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for what each CPU has of its own (see percpu.h).
 *
 * The CPUs of a node get two pieces of memory there, each cut into equal units:
 *
 *	node 0	| area 1 | area 2 | area 3 |	| stacks 1 | stacks 2 | stacks 3 |
 *	node 1	| area 4 | area 5 |		| stacks 4 | stacks 5 |
 *
 * CPU 0's have been in the image from the first instruction on.
 */
#include "mm/percpu.h"

#include "kernel/lib/percpu.h"
#include "kernel/lib/smp.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"	/* ledger_name() */
#include "mm/port.h"
#include "mm/takers.h"		/* early_memory_suffices() */
#include "mm/zone.h"		/* node_online(), nr_node_ids */

#include <arch/smp.h>

#define UNIT_SIZE	ALIGN_UP((phys_addr_t)sizeof(struct per_cpu), PAGE_SIZE)

/* All that one CPU takes: with its areas, four times as much must be free. */
#define BYTES_A_CPU	(UNIT_SIZE + CPU_STACK_SIZE)
#define SHARE_OF_FREE	4

/* The node that CPU number @cpu's memory should come from. */
static int __init cpu_node(unsigned int cpu)
{
	int nid = smp.cpus[cpu].nid;

	return nid < nr_node_ids && node_online(nid) ? nid : 0;
}

static unsigned int __init cpus_of_node(int nid)
{
	unsigned int n = 0;

	for (unsigned int cpu = 1; cpu < smp.nr; cpu++)
		n += cpu_node(cpu) == nid;
	return n;
}

/* What is there from the first moment on; all else is zero. */
static void __init init_area(struct per_cpu *area, unsigned int cpu)
{
	memset(area, 0, sizeof(*area));
	area->self = area;
	area->cpu = cpu;
	area->page_span_recent = this_cpu()->page_span_recent;
	smp.cpus[cpu].area = area;
}

static __noinline phys_addr_t __init pcpu_fc_alloc(phys_addr_t size, int nid, const char *owner)
{
	phys_addr_t pa = memblock_phys_alloc_try_nid(size, PAGE_SIZE, nid);

	if (pa)
		ledger_name(pa, size, owner);
	return pa;
}

/* Memory for the @n CPUs of node @nid.  Return: false if there is none. */
static bool __init alloc_node_units(int nid, unsigned int n)
{
	phys_addr_t areas = pcpu_fc_alloc(n * UNIT_SIZE, nid, "per-CPU areas");
	phys_addr_t stacks = areas ? pcpu_fc_alloc(n * CPU_STACK_SIZE, nid, "CPU stacks") : 0;

	if (!stacks || !early_memory_suffices()) {
		if (areas)
			memblock_phys_free(areas, n * UNIT_SIZE);
		if (stacks)
			memblock_phys_free(stacks, n * CPU_STACK_SIZE);
		return false;
	}
	for (unsigned int cpu = 1; cpu < smp.nr; cpu++) {
		if (cpu_node(cpu) != nid)
			continue;
		init_area(phys_to_virt(areas), cpu);
		memset(phys_to_virt(stacks), 0, CPU_STACK_SIZE);
		smp.cpus[cpu].stack_top = arch_map_cpu_stack(cpu, stacks);
		areas += UNIT_SIZE;
		stacks += CPU_STACK_SIZE;
	}
	return true;
}

/* No more CPUs than memory can bear: a wild list must not take what the boot needs. */
static void __init limit_cpus(void)
{
	phys_addr_t free = memblock_phys_mem_size() - MIN(memblock_phys_mem_size(),
							  memblock_reserved_size());
	phys_addr_t most = 1 + free / SHARE_OF_FREE / BYTES_A_CPU;

	if (smp.nr <= most)
		return;
	pr_warn("percpu: %u CPUs of %lluK each are more than a quarter of the %lluK that are free; %u left out\n",
		smp.nr, (unsigned long long)BYTES_A_CPU >> 10, (unsigned long long)free >> 10,
		smp.nr - (unsigned int)most);
	smp.nr = (unsigned int)most;
}

/* "pcpu-alloc: [0] 0 1 2 3 [1] 4 5 ", as Linux shows its groups. */
static void __init print_groups(void)
{
	int width = 1;

	for (unsigned int n = smp.nr - 1; n >= 10; n /= 10)
		width++;
	printk(KERN_DEBUG "pcpu-alloc: s%zu r0 d0 u%zu alloc=%u*%zu", (size_t)UNIT_SIZE,
	       (size_t)UNIT_SIZE, 1, (size_t)UNIT_SIZE);
	for (unsigned int cpu = 0; cpu < smp.nr; cpu++) {
		if (cpu % 16 == 0)
			printk(KERN_DEBUG "pcpu-alloc: ");
		if (cpu % 16 == 0 || cpu_node(cpu) != cpu_node(cpu - 1))
			pr_cont("[%d] ", cpu_node(cpu));
		pr_cont("%0*u ", width, cpu);
	}
	pr_cont("\n");
}

void __init setup_per_cpu_areas(void)
{
	unsigned int n;

	if (SMP_SETUP_PERCPU)
		pr_info("setup_percpu: NR_CPUS:%u nr_cpumask_bits:%u nr_cpu_ids:%u nr_node_ids:%d\n",
			NR_CPUS, smp.possible, smp.possible, nr_node_ids);
	limit_cpus();
	for (int nid = 0; nid < nr_node_ids; nid++) {
		n = cpus_of_node(nid);
		if (n && !alloc_node_units(nid, n))
			pr_warn("percpu: no %lluK for the %u CPUs of node %d; left out\n",
				(unsigned long long)(n * BYTES_A_CPU) >> 10, n, nid);
	}
	pr_info("percpu: Embedded %zu pages/cpu s%zu r0 d0 u%zu\n",
		(size_t)(UNIT_SIZE >> PAGE_SHIFT), (size_t)UNIT_SIZE, (size_t)UNIT_SIZE);
	print_groups();
}
