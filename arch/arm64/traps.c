// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPU exceptions: what happened in Linux's words, what the address is, the registers, the way
 * there, and panic().  Only probe_read_byte() and calls to firmware may fault and go on.
 */
#include <arch/traps.h>

#include "arch/arm64/traps.h"
#include "kernel/lib/compiler.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/percpu.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sections.h"

#include <arch/cpu.h>
#include <arch/machine.h>
#include <arch/memory.h>
#include <arch/serial.h>
#include <asm/entry.h>
#include <asm/sysreg.h>

/* Exception classes of ESR_EL1. */
enum {
	EC_UNKNOWN = 0x00,
	EC_FETCH = 0x21,
	EC_PC = 0x22,
	EC_DATA = 0x25,
	EC_SP = 0x26,
	EC_SERROR = 0x2f,
	EC_BRK = 0x3c,
};

#define ISS_WRITE	BIT(6)
#define ISS_STATUS	0x3fU
#define STATUS_EXTERNAL	0x10U	/* what the bus says: there is nothing */

static bool traps_ready;		/* constant after boot: the log has a console */

/* ---- what an address is -------------------------------------------------------------- */

static const struct place {
	const char	*start;
	const char	*end;
	const char	*name;
} places[] = {	/* first match wins: parts before the whole */
	{ boot_stack_guard,	 boot_stack,		"boot stack guard page" },
	{ boot_stack,		 boot_stack_top,	"boot stack" },
	{ trap_stack_guard,	 trap_stack,		"exception stack guard page" },
	{ trap_stack,		 trap_stack_top,	"exception stack" },
	{ _text,		 _etext,		"kernel text" },
	{ __start_rodata,	 __end_rodata,		"kernel read-only data" },
	{ __start_ro_after_init, __end_ro_after_init,	"kernel data, read-only after init" },
	{ _sdata,		 _edata,		"kernel data" },
	{ _sinittext,		 _einittext,		"kernel init text" },
	{ __init_begin,		 __init_end,		"kernel init data" },
	{ __bss_start,		 __bss_stop,		"kernel bss" },
};

const char *address_place(uint64_t va)
{
	const int64_t top = (int64_t)va >> 48;

	if (va < PAGE_SIZE)
		return "NULL page";
	if (top != 0 && top != -1)
		return "not a canonical address";
	if (top == 0)
		return "lower half, where nothing is mapped";
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (va >= (uint64_t)places[i].start && va < (uint64_t)places[i].end)
			return places[i].name;
	return va < PAGE_END ? "direct map" : "a hole of the upper half";
}

/* For call traces: are the 16 bytes at @addr on a stack? */
static bool is_stack(unsigned long addr)
{
	return (addr >= (uint64_t)boot_stack && addr + 16 <= (uint64_t)boot_stack_top) ||
	       (addr >= (uint64_t)trap_stack && addr + 16 <= (uint64_t)trap_stack_top);
}

static bool in_guard(uint64_t va)
{
	return (va >= (uint64_t)boot_stack_guard && va < (uint64_t)boot_stack) ||
	       (va >= (uint64_t)trap_stack_guard && va < (uint64_t)trap_stack);
}

/* ---- the report ---------------------------------------------------------------------- */

static const char *class_name(unsigned int class)
{
	switch (class) {
	case EC_UNKNOWN:
		return "undefined instruction";
	case EC_FETCH:
		return "instruction abort";
	case EC_PC:
		return "PC alignment fault";
	case EC_DATA:
		return "data abort";
	case EC_SP:
		return "SP alignment fault";
	case EC_SERROR:
		return "SError";
	case EC_BRK:
		return "breakpoint";
	default:
		return "exception";
	}
}

static const char *status_name(unsigned int status)
{
	switch (status & 0x3c) {
	case 0x00:
		return "address size fault";
	case 0x04:
		return "translation fault";
	case 0x08:
		return "access flag fault";
	case 0x0c:
		return "permission fault";
	default:
		return status == STATUS_EXTERNAL ? "external abort: there is nothing" :
		       status == 0x21 ? "alignment fault" : "fault";
	}
}

static const char *access_name(uint64_t esr)
{
	if (esr >> 26 == EC_FETCH)
		return "instruction fetch";
	return esr & ISS_WRITE ? "write access" : "read access";
}

static bool has_address(uint64_t esr)
{
	return esr >> 26 == EC_FETCH || esr >> 26 == EC_DATA;
}

static void report_registers(const struct trap_frame *f)
{
	pr_alert("pc : %pS (%s)\n", (void *)f->elr, address_place(f->elr));
	pr_alert("lr : %pS\n", (void *)f->x[30]);
	pr_alert("sp : %016llx (%s) pstate: %08llx\n", (unsigned long long)f->sp,
		 address_place(f->sp), (unsigned long long)f->spsr);
	for (int i = 29; i >= 0; i--)
		printk("%sx%-2d: %016llx%s", i % 3 == 2 ? KERN_ALERT : KERN_CONT, i,
		       (unsigned long long)f->x[i], i % 3 ? " " : "\n");
}

/* An exception may come before anything is set up: the log needs a console to be shown. */
static void ensure_console(void)
{
	if (traps_ready)
		return;
	traps_ready = true;
	cpu_init();
	machine_init();
	serial_init();
	backtrace_set_stack_check(is_stack);
}

static __noreturn void die(const struct trap_frame *f, uint64_t esr, uint64_t far)
{
	const char *name = class_name((unsigned int)(esr >> 26));
	const char *fault = status_name(esr & ISS_STATUS);

	if (has_address(esr)) {
		pr_alert("Unable to handle kernel %s at virtual address %016llx\n",
			 far < PAGE_SIZE ? "NULL pointer dereference" : "paging request",
			 (unsigned long long)far);
		pr_alert("  %s, %s; the address is in: %s\n", access_name(esr), fault,
			 address_place(far));
	}
	pr_alert("Internal error: Oops: %s, ESR %016llx\n", name, (unsigned long long)esr);
	report_registers(f);
	if (has_address(esr) && in_guard(far))
		panic("kernel stack overflow: %s at %016llx hit (stack is %016llx..%016llx); look for recursion or large locals in the call trace",
		      address_place(far), (unsigned long long)far,
		      (unsigned long long)(uint64_t)boot_stack,
		      (unsigned long long)(uint64_t)boot_stack_top);
	if (has_address(esr))
		panic("Fatal exception: %s, %s to %016llx (%s), at %pS", fault, access_name(esr),
		      (unsigned long long)far, address_place(far), (void *)f->elr);
	panic("Fatal exception: %s, ESR %016llx, at %pS", name, (unsigned long long)esr,
	      (void *)f->elr);
}

/* Where a fault at @elr is expected to go on; 0: it is not expected. */
static uint64_t landing(uint64_t elr, unsigned int class)
{
	if (elr == (uint64_t)probe_load && class == EC_DATA)
		return (uint64_t)probe_fault;
	if (elr == (uint64_t)semihost_instruction || elr == (uint64_t)smc_instruction ||
	    elr == (uint64_t)hvc_instruction)
		return (uint64_t)call_failed;
	return 0;
}

void trap_handle(struct trap_frame *frame)
{
	const uint64_t esr = read_sysreg(esr_el1), far = read_sysreg(far_el1);
	const uint64_t go_on = landing(frame->elr, (unsigned int)(esr >> 26));

	if (go_on) {
		frame->elr = go_on;
		return;
	}
	ensure_console();
	/* 1: the exception; 2: while reporting it; more: not even panic() can be trusted. */
	if (++this_cpu()->trap_depth > 2)
		machine_exit(EXIT_STATUS_PANIC);
	if (this_cpu()->trap_depth > 1)
		panic("%s at %pS while reporting an exception",
		      class_name((unsigned int)(esr >> 26)), (void *)frame->elr);
	die(frame, esr, far);
}

bool probe_read_byte(uint64_t va, uint8_t *value)
{
	return probe_load(va, value);
}

void trap_init(void)
{
	backtrace_set_stack_check(is_stack);
	traps_ready = true;
}
