/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end, told well.
 *
 * panic() stops the other CPUs and prints, in this order: the reason; which CPU it is, if there are
 * several; a symbolised call trace; what
 * every panic note has to say (registers of the fault, memblock arrays, the
 * ledger ...); an end line.  Then it stops the machine through the hook that
 * arch/ has registered.  A panic inside a panic prints one line and stops.
 */
#ifndef KERNEL_LIB_PANIC_H
#define KERNEL_LIB_PANIC_H

#include <stdbool.h>

#include "kernel/lib/compiler.h"
#include "kernel/lib/init.h"

/* What QEMU's isa-debug-exit makes of a run, seen from outside. */
enum exit_status {
	EXIT_STATUS_PASS = 33,
	EXIT_STATUS_PANIC = 35,
	EXIT_STATUS_TESTS_FAILED = 37,
};

/**
 * panic() - stop because going on would do harm
 * @fmt: reason with numbers, owner and remedy; no newline
 */
__printf(1, 2) __noreturn void panic(const char *fmt, ...);

/**
 * struct panic_note - something worth saying at the end
 * @name: whose it is, "memblock"; named if the note itself goes wrong
 * @fn: prints it with printk(), heading included; must trust nothing: a fault or
 *      a panic inside ends the report with what has been said so far
 *
 * The note of mm/ also says "run again with memblock=debug".
 */
struct panic_note {
	const char	*name;
	void		(*fn)(void);
};

#define PANIC_NOTE(id, name_, fn_)						\
	static const struct panic_note panic_note_##id				\
	LINKER_TABLE(panic_notes, struct panic_note) = { .name = (name_), .fn = (fn_) }

/**
 * panic_set_halt() - how to stop
 * @halt: gets an enum exit_status and must not return (host tests longjmp out)
 */
void panic_set_halt(void (*halt)(int status));

/** panic_in_progress() - true from the first line of a panic on, on every CPU */
bool panic_in_progress(void);

/**
 * panic_set_stop_others() - how to stop the other CPUs
 * @stop: makes each of them call panic_park() as soon as it has ended the line it may be writing,
 *	and waits for that, but not for ever
 */
void panic_set_stop_others(void (*stop)(void));

/** panic_park() - stop for good if another CPU has panicked; else nothing */
void panic_park(void);

/** panic_parked() - how many CPUs have stopped there */
unsigned int panic_parked(void);

/* panic=N as given: > 0 seconds until reset, 0 stay, < 0 reset at once; constant after boot. */
extern int panic_timeout;

/* ---- call traces (backtrace.c) ---- */

/**
 * backtrace_set_stack_check() - which addresses are stack
 * @ok: true if the 16 bytes at @addr are readable stack; registered by arch/.
 *      Without it a call trace says that it cannot walk.
 */
void backtrace_set_stack_check(bool (*ok)(unsigned long addr));

/**
 * backtrace_print() - "Call Trace:" of a chain of frame pointers
 * Printed as warnings; panic() shows every level.
 * @ip: an address to print first (of a fault), 0 for none
 * @fp: frame pointer (rbp); the chain must rise and pass the stack check
 */
void backtrace_print(unsigned long ip, unsigned long fp);

/** dump_stack() - the call trace of the caller */
void dump_stack(void);

#endif /* KERNEL_LIB_PANIC_H */
