// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting other CPUs by INIT and startup IPIs, waking them, stopping them.
 *
 *	arch_prepare_cpus()	the trampoline goes to its page below 1 MiB
 *	arch_reset_cpu()	INIT: the CPU waits for a startup IPI
 *	arch_start_cpu()	the IPI says where: boot/x86_64/trampoline.asm, secondary.asm
 *	secondary_start()	own GDT, TSS and stacks, the common IDT; then it serves calls
 *
 * The trampoline's tables have two parts: one page at its own address, and the kernel's upper half.
 * They stay, because a CPU may come long after it was called.
 */
#include "arch/x86_64/smp.h"

#include "arch/x86_64/apic.h"
#include "arch/x86_64/gdt.h"
#include "arch/x86_64/paging.h"
#include "arch/x86_64/traps.h"
#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/smp.h"
#include "kernel/lib/string.h"

#include <arch/cpu.h>
#include <arch/machine.h>		/* clock_delay_ms() */
#include <arch/smp.h>
#include <asm/cpufeature.h>
#include <asm/regs.h>

#define UPPER_HALF	256U		/* first entry of a top table that is the kernel's */
#define STOP_MS		200U		/* what a CPU may take to end the line it is writing */

/* Behind the code of boot/x86_64/trampoline.asm; that file has the same list. */
struct trampoline_parameters {
	uint64_t	gdt[4];
	uint16_t	gdt_limit;
	uint32_t	gdt_base;
	uint32_t	enter32;
	uint16_t	enter32_selector;
	uint32_t	enter64;
	uint16_t	enter64_selector;
	uint32_t	cr3;
	uint32_t	cr4;
	uint32_t	efer;
	uint32_t	nr_records;
	uint64_t	root;
	uint64_t	records;
	uint64_t	entry;
} __attribute__((packed));

extern const char trampoline[], trampoline_parameters[], trampoline_end[];
extern char secondary_entry[];
void secondary_start(unsigned int number);

/*
 * @page: where the trampoline is, 0: nowhere; @cr4, @pat: the boot CPU's, @pat 0: it has none;
 * @wide: APICs' registers are MSRs.  All are constant after boot.
 */
static struct {
	phys_addr_t	page;
	uint64_t	cr4;
	uint64_t	pat;
	bool		wide;
} real_mode;

void set_real_mode(phys_addr_t pa)
{
	real_mode.page = pa;
}

/* ---- the trampoline ---- */

/* The kernel's upper half, and the trampoline's page at its own address, never written. */
static phys_addr_t __init make_tables(phys_addr_t page)
{
	const unsigned int levels = cpu_la57_active() ? 5 : 4;
	const phys_addr_t top = page + PAGE_SIZE;
	const uint64_t *kernel = phys_to_virt(read_cr3() & PTE_ADDR);
	phys_addr_t table = top;
	uint64_t *entries = phys_to_virt(top);

	memset(entries, 0, REAL_MODE_SIZE - PAGE_SIZE);
	for (unsigned int i = UPPER_HALF; i < PT_ENTRIES; i++)
		entries[i] = kernel[i];
	for (unsigned int level = levels; level > PT_4K; level--) {
		table += PAGE_SIZE;
		entries[pt_index(page, level)] = table | PTE_TABLE;
		entries = phys_to_virt(table);
	}
	entries[pt_index(page, PT_4K)] = page | PTE_P | PTE_A;
	return top;
}

static void __init place_trampoline(void)
{
	const phys_addr_t page = real_mode.page;
	struct trampoline_parameters *p;

	memcpy(phys_to_virt(page), trampoline, (size_t)(trampoline_end - trampoline));
	p = phys_to_virt(page + (phys_addr_t)(trampoline_parameters - trampoline));
	p->gdt_base += (uint32_t)page;
	p->enter32 += (uint32_t)page;
	p->enter64 += (uint32_t)page;
	p->cr3 = (uint32_t)make_tables(page);
	p->cr4 = (uint32_t)(real_mode.cr4 & (CR4_PAE | CR4_MCE | CR4_LA57));
	p->efer = EFER_LME | (cpu.nx ? EFER_NXE : 0);
	p->nr_records = smp.nr;
	p->root = read_cr3() & PTE_ADDR;
	p->records = (uint64_t)smp.cpus;
	p->entry = (uint64_t)secondary_entry;
}

/* ---- the way up ---- */

static void kick_cpu(unsigned int number)
{
	apic_send(smp.cpus[number].hardware_id, APIC_FIXED | VECTOR_CALL);
}

/* Each stops when it has ended the line it is writing: trap_handle() on an NMI. */
static void stop_others(void)
{
	const unsigned int others = num_online_cpus() - 1;
	unsigned int number;

	for_each_online_cpu(number)
		if (number != smp_processor_id())
			apic_send(smp.cpus[number].hardware_id, APIC_NMI);
	for (unsigned int ms = 0; ms < STOP_MS && panic_parked() < others; ms++)
		clock_delay_ms(1);
}

const char *__init arch_prepare_cpus(void)
{
	uint32_t max_id = 0;

	if (!real_mode.page)
		return "there is no memory below 1 MiB for their trampoline";
	for (unsigned int i = 0; i < smp.nr; i++)
		max_id = MAX(max_id, smp.cpus[i].hardware_id);
	if (!cpu.apic)
		return "this CPU has no local APIC";
	real_mode.wide = apic_wants_msrs(max_id);
	apic_enable(real_mode.wide);
	real_mode.cr4 = read_cr4();
	if (cpuid(1, 0).edx & CPUID_PAT)
		real_mode.pat = rdmsr(MSR_PAT);
	place_trampoline();
	smp.kick = kick_cpu;
	panic_set_stop_others(stop_others);
	return NULL;
}

void __init arch_reset_cpu(unsigned int number)
{
	apic_send(smp.cpus[number].hardware_id, APIC_INIT);
}

void __init arch_start_cpu(unsigned int number)
{
	apic_send(smp.cpus[number].hardware_id,
		  APIC_STARTUP | (uint32_t)(real_mode.page >> PAGE_SHIFT));
}

/* ---- in the kernel ---- */

static uint64_t cpu_slot(unsigned int number)
{
	return CPU_SLOTS_BASE + number * CPU_SLOT_SIZE;
}

/* The top of the stack for IST @ist of CPU number @number. */
static uint64_t trap_stack_top(unsigned int number, unsigned int ist)
{
	return cpu_slot(number) + ist * (PAGE_SIZE + CPU_TRAP_STACK_SIZE);
}

static uint64_t main_stack(unsigned int number)
{
	return trap_stack_top(number, IST_COUNT - 1) + PAGE_SIZE;
}

/* The CPU's segments are above its stack: nothing that overflows comes this way. */
static struct segments *cpu_segments(unsigned int number)
{
	return (struct segments *)(main_stack(number) + CPU_MAIN_STACK_SIZE) - 1;
}

uint64_t __init arch_map_cpu_stack(unsigned int number, phys_addr_t pa)
{
	apic_map();
	for (unsigned int ist = 1; ist < IST_COUNT; ist++, pa += CPU_TRAP_STACK_SIZE)
		paging_map_slots(trap_stack_top(number, ist) - CPU_TRAP_STACK_SIZE, pa,
				 CPU_TRAP_STACK_SIZE, PTE_RW);
	paging_map_slots(main_stack(number), pa, CPU_MAIN_STACK_SIZE, PTE_RW);
	return ALIGN_DOWN((uint64_t)cpu_segments(number), 16UL);
}

static __noreturn void serve_calls(void)
{
	for (;;) {
		if (smp_serve_call())
			continue;
		cpu_wait_for_interrupt();
	}
}

void secondary_start(unsigned int number)
{
	uint64_t tops[IST_COUNT] = { 0 };

	for (unsigned int ist = 1; ist < IST_COUNT; ist++)
		tops[ist] = trap_stack_top(number, ist);
	gdt_init(cpu_segments(number), tops);
	trap_load();
	if (real_mode.pat)
		wrmsr(MSR_PAT, real_mode.pat);
	write_cr4(real_mode.cr4);
	write_cr3(read_cr3());
	apic_enable(real_mode.wide);
	if (!cpu_state_change(&smp.cpus[number], CPU_ARRIVED, CPU_ONLINE))
		cpu_halt();
	serve_calls();
}

void smp_call_interrupt(void)
{
	apic_eoi();
}

/* ---- what an address is ---- */

static bool in_slots(uint64_t va)
{
	return va >= CPU_SLOTS_BASE && va < cpu_slot(smp.nr);
}

/* The place of @va in its CPU's slot; true and *@trap if that is an exception's stack. */
static bool on_stack(uint64_t va, bool *trap)
{
	const uint64_t at = (va - CPU_SLOTS_BASE) % CPU_SLOT_SIZE;
	const uint64_t main = main_stack(0) - cpu_slot(0);

	*trap = at < main - PAGE_SIZE;
	if (!in_slots(va) || va < cpu_slot(1))
		return false;
	if (*trap)
		return at % (PAGE_SIZE + CPU_TRAP_STACK_SIZE) >= PAGE_SIZE;
	return at >= main && at < main + CPU_MAIN_STACK_SIZE;
}

const char *cpu_slot_place(uint64_t va)
{
	bool trap;

	if (!in_slots(va))
		return NULL;
	if (va < cpu_slot(1))
		return "registers of the local APIC";
	if (on_stack(va, &trap))
		return trap ? "exception stack of a CPU" : "stack of a CPU";
	return trap ? "exception stack guard page of a CPU" : "stack guard page of a CPU";
}

bool on_cpu_stack(uint64_t va)
{
	bool trap;

	return on_stack(va, &trap) && on_stack(va + 15, &trap);
}

bool in_cpu_stack_guard(uint64_t va)
{
	bool trap;

	return in_slots(va) && va >= cpu_slot(1) && !on_stack(va, &trap);
}
