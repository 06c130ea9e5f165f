/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU exceptions.
 *
 * Nothing in this kernel faults on purpose except probe_read_byte(), so an exception is the
 * end: say what happened in Linux's words, what the address is, the registers, the way there,
 * and panic.  The first instructions of the kernel use these handlers too (boot/x86_64/entry32.asm
 * makes an IDT that leads here), so trap_handle() sets up a console itself.
 */
#include <arch/traps.h>

#include "arch/x86_64/gdt.h"
#include "arch/x86_64/smp.h"		/* on_cpu_stack(), cpu_slot_place() */
#include "arch/x86_64/traps.h"
#include "kernel/lib/ksyms.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/percpu.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sections.h"

#include <arch/cpu.h>
#include <arch/machine.h>
#include <arch/serial.h>
#include <asm/cpufeature.h>
#include <asm/regs.h>

#define STUB_SIZE	16
#define GATE_INTERRUPT	0x8e	/* present, ring 0, interrupts off */

enum vector {
	VECTOR_NMI = 2,
	VECTOR_DOUBLE_FAULT = 8,
	VECTOR_GENERAL_PROTECTION = 13,
	VECTOR_PAGE_FAULT = 14,
	VECTOR_MACHINE_CHECK = 18,
};

/* Bits of a page fault's error code. */
#define PF_PROTECTION	0x01	/* the page is there, its rights are not; else: not there */
#define PF_WRITE	0x02
#define PF_RESERVED	0x08	/* a table entry has a bit set that must be 0 */
#define PF_FETCH	0x10

struct gate {
	uint16_t	offset_low;
	uint16_t	selector;
	uint8_t		ist;
	uint8_t		type;
	uint16_t	offset_middle;
	uint32_t	offset_high;
	uint32_t	reserved;
};

extern char trap_stubs[];	/* traps.asm */
extern char probe_fault[];
bool probe_load(uint64_t va, uint8_t *value);

/* The boot CPU's; per CPU: the others have theirs in slots (smp.h). */
char trap_stacks[TRAP_STACK_COUNT * TRAP_STACK_STRIDE]
	__attribute__((aligned(PAGE_SIZE), section(".bss.trap_stacks")));

/*
 * @idt: for all CPUs; @boot_cpu: the boot CPU's segments; @ready: the log has a console, so reports
 * are shown.  All are constant after boot.
 */
static struct {
	struct gate	idt[VECTORS];
	struct segments	boot_cpu;
	bool		ready;
} traps;

static const char *const vector_names[] = {
	"divide error",			"debug",
	"non-maskable interrupt",	"int3",
	"overflow",			"bounds",
	"invalid opcode",		"device not available",
	"double fault",			"coprocessor segment overrun",
	"invalid TSS",			"segment not present",
	"stack segment",		"general protection fault",
	"page fault",			"reserved exception 15",
	"coprocessor error",		"alignment check",
	"machine check",		"simd exception",
	"virtualization exception",	"control protection exception",
	"reserved exception 22",	"reserved exception 23",
	"reserved exception 24",	"reserved exception 25",
	"reserved exception 26",	"reserved exception 27",
	"hypervisor injection",		"VMM communication exception",
	"security exception",		"reserved exception 31",
};

/* ---- what an address is ---- */

static const struct place {
	const char	*start;
	const char	*end;
	const char	*name;
} places[] = {	/* first match wins: parts before the whole */
	{ boot_stack_guard,	 boot_stack,		"boot stack guard page" },
	{ boot_stack,		 boot_stack_top,	"boot stack" },
	{ _text,		 _etext,		"kernel text" },
	{ __start_rodata,	 __end_rodata,		"kernel read-only data" },
	{ __start_ro_after_init, __end_ro_after_init,	"kernel data, read-only after init" },
	{ _sdata,		 _edata,		"kernel data" },
	{ _sinittext,		 _einittext,		"kernel init text" },
	{ __init_begin,		 __init_end,		"kernel init data" },
	{ __bss_start,		 __bss_stop,		"kernel bss" },
};

static bool in_trap_stacks(uint64_t va)
{
	return va >= (uint64_t)trap_stacks && va < (uint64_t)trap_stacks + sizeof(trap_stacks);
}

static bool in_trap_stack_guard(uint64_t va)
{
	return in_trap_stacks(va) && (va - (uint64_t)trap_stacks) % TRAP_STACK_STRIDE < PAGE_SIZE;
}

static bool in_stack_guard(uint64_t va)
{
	return in_trap_stack_guard(va) || in_cpu_stack_guard(va) ||
	       (va >= (uint64_t)boot_stack_guard && va < (uint64_t)boot_stack);
}

const char *address_place(uint64_t va)
{
	unsigned int canonical_bits = cpu_la57_active() ? 57 : 48;
	int64_t top = (int64_t)va >> (canonical_bits - 1);

	if (va < PAGE_SIZE)
		return "NULL page";
	if (top != 0 && top != -1)
		return "not a canonical address";
	if (top == 0)
		return "lower half, where nothing is mapped";
	if (cpu_slot_place(va))
		return cpu_slot_place(va);
	if (in_trap_stacks(va))
		return in_trap_stack_guard(va) ? "exception stack guard page" : "exception stack";
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (va >= (uint64_t)places[i].start && va < (uint64_t)places[i].end)
			return places[i].name;
	}
	if (va >= PAGE_OFFSET && va - PAGE_OFFSET < 1UL << cpu.phys_bits)
		return "direct map";
	return va >= KERNEL_MAP_BASE ? "kernel map, outside the image" : "a hole of the upper half";
}

/* For call traces: are the 16 bytes at @addr on a stack? */
static bool is_stack(unsigned long addr)
{
	if (in_trap_stacks(addr))
		return !in_trap_stack_guard(addr) && in_trap_stacks(addr + 15);
	if (on_cpu_stack(addr))
		return true;
	return addr >= (uint64_t)boot_stack && addr + 16 <= (uint64_t)boot_stack_top;
}

/* ---- the report ---- */

static const char *page_fault_access(uint64_t error)
{
	if (error & PF_FETCH)
		return "instruction fetch";
	return error & PF_WRITE ? "write access" : "read access";
}

static const char *page_fault_cause(uint64_t error)
{
	if (error & PF_RESERVED)
		return "reserved bit violation";
	return error & PF_PROTECTION ? "permissions violation" : "not-present page";
}

static void report_page_fault(uint64_t address, uint64_t error)
{
	if (address < PAGE_SIZE)
		pr_alert("BUG: kernel NULL pointer dereference, address: %016llx\n",
			 (unsigned long long)address);
	else
		pr_alert("BUG: unable to handle page fault for address: %016llx\n",
			 (unsigned long long)address);
	pr_alert("#PF: supervisor %s in kernel mode\n", page_fault_access(error));
	pr_alert("#PF: error_code(0x%04llx) - %s\n", (unsigned long long)error,
		 page_fault_cause(error));
	pr_alert("#PF: the address is in: %s\n", address_place(address));
}

static void report_registers(const struct trap_frame *f)
{
	const struct {
		const char	*name;
		uint64_t	value;
	} registers[] = {
		{ "RAX", f->rax }, { "RBX", f->rbx },	   { "RCX", f->rcx },
		{ "RDX", f->rdx }, { "RSI", f->rsi },	   { "RDI", f->rdi },
		{ "RBP", f->rbp }, { "R08", f->r8 },	   { "R09", f->r9 },
		{ "R10", f->r10 }, { "R11", f->r11 },	   { "R12", f->r12 },
		{ "R13", f->r13 }, { "R14", f->r14 },	   { "R15", f->r15 },
		{ "CR0", read_cr0() }, { "CR2", read_cr2() }, { "CR3", read_cr3() },
		{ "CR4", read_cr4() },
	};

	pr_alert("RIP: %04llx:%pS (%s)\n", (unsigned long long)f->cs, (void *)f->rip,
		 address_place(f->rip));
	pr_alert("RSP: %04llx:%016llx EFLAGS: %08llx (%s)\n", (unsigned long long)f->ss,
		 (unsigned long long)f->rsp, (unsigned long long)f->rflags, address_place(f->rsp));
	for (size_t i = 0; i < ARRAY_SIZE(registers); i++) {
		const char *end = i % 3 == 2 || i + 1 == ARRAY_SIZE(registers) ? "\n" : " ";

		printk("%s%s: %016llx%s", i % 3 ? KERN_CONT : KERN_ALERT, registers[i].name,
		       (unsigned long long)registers[i].value, end);
	}
}

/* A jump to nowhere has no frame yet; where it came from is on top of the stack. */
static void report_wild_jump(const struct trap_frame *f)
{
	if (ksyms_lookup(f->rip, NULL, NULL) || f->rsp % 8 || !is_stack(f->rsp))
		return;
	pr_alert("RIP is not in a function; called from %pB, if it was a call\n",
		 (void *)*(const uint64_t *)f->rsp);
}

/* An exception may come before anything is set up: the log needs a console to be shown. */
static void ensure_console(void)
{
	if (traps.ready)
		return;
	traps.ready = true;
	cpu_init();
	machine_init();
	serial_init();
	backtrace_set_stack_check(is_stack);
}

static const char *vector_name(const struct trap_frame *f)
{
	return f->vector < ARRAY_SIZE(vector_names) ? vector_names[f->vector] : "interrupt";
}

static __noreturn void die(const struct trap_frame *f)
{
	const char *name = vector_name(f);
	uint64_t address = read_cr2();

	log_lock();
	if (f->vector == VECTOR_PAGE_FAULT)
		report_page_fault(address, f->error);
	pr_alert("Oops: %s: %04llx\n", name, (unsigned long long)f->error);
	report_registers(f);
	report_wild_jump(f);
	log_unlock();

	if ((f->vector == VECTOR_PAGE_FAULT || f->vector == VECTOR_DOUBLE_FAULT) &&
	    in_stack_guard(address))
		panic("kernel stack overflow: %s at %016llx hit (boot stack is %016llx..%016llx); "
		      "look for recursion or large locals in the call trace", address_place(address),
		      (unsigned long long)address, (unsigned long long)(uint64_t)boot_stack,
		      (unsigned long long)(uint64_t)boot_stack_top);
	if (f->vector == VECTOR_PAGE_FAULT)
		panic("Fatal exception: page fault, %s to %016llx (%s), at %pS",
		      page_fault_access(f->error), (unsigned long long)address,
		      address_place(address), (void *)f->rip);
	panic("Fatal exception: %s, error code %04llx, at %pS", name,
	      (unsigned long long)f->error, (void *)f->rip);
}

/*
 * An NMI while another CPU is in panic means: stop.  A CPU that is writing to the log goes on, and
 * stops when the line is out.
 */
static bool stopped_by_panic(void)
{
	if (!panic_in_progress())
		return false;
	if (log_lock_is_mine())
		return true;
	panic_park();
	return false;
}

void trap_handle(struct trap_frame *frame)
{
	if (frame->vector == VECTOR_CALL) {
		smp_call_interrupt();
		return;
	}
	if (frame->vector == VECTOR_SPURIOUS)
		return;
	if (frame->rip == (uint64_t)probe_load && (frame->vector == VECTOR_PAGE_FAULT ||
						   frame->vector == VECTOR_GENERAL_PROTECTION)) {
		frame->rip = (uint64_t)probe_fault;
		return;
	}
	if (frame->vector == VECTOR_NMI && stopped_by_panic())
		return;
	ensure_console();
	/* 1: the exception; 2: while reporting it; more: not even panic() can be trusted. */
	if (++this_cpu()->trap_depth > 2)
		machine_exit(EXIT_STATUS_PANIC);
	if (this_cpu()->trap_depth > 1)
		panic("%s at %pS while reporting an exception", vector_name(frame),
		      (void *)frame->rip);
	die(frame);
}

bool probe_read_byte(uint64_t va, uint8_t *value)
{
	return probe_load(va, value);
}

/* ---- set-up ---- */

static enum ist vector_ist(unsigned int vector)
{
	switch (vector) {
	case VECTOR_DOUBLE_FAULT:
		return IST_DOUBLE_FAULT;
	case VECTOR_NMI:
		return IST_NMI;
	case VECTOR_MACHINE_CHECK:
		return IST_MACHINE_CHECK;
	default:
		return IST_NONE;
	}
}

void trap_load(void)
{
	struct table_pointer pointer = {
		.limit = sizeof(traps.idt) - 1, .base = (uint64_t)traps.idt,
	};

	__asm__ volatile("lidt %0" : : "m"(pointer));
}

void trap_init(void)
{
	uint64_t tops[IST_COUNT] = { 0 };

	for (unsigned int i = 1; i < IST_COUNT; i++)
		tops[i] = (uint64_t)trap_stacks + i * TRAP_STACK_STRIDE;
	gdt_init(&traps.boot_cpu, tops);

	for (unsigned int i = 0; i < VECTORS; i++) {
		uint64_t stub = (uint64_t)trap_stubs + i * STUB_SIZE;

		traps.idt[i] = (struct gate){
			.offset_low = (uint16_t)stub,
			.offset_middle = (uint16_t)(stub >> 16),
			.offset_high = (uint32_t)(stub >> 32),
			.selector = SEL_CODE64,
			.ist = (uint8_t)vector_ist(i),
			.type = GATE_INTERRUPT,
		};
	}
	trap_load();
	backtrace_set_stack_check(is_stack);
	traps.ready = true;
}
