// SPDX-License-Identifier: GPL-2.0-only
/*
 * panic(), BUG and WARN (see panic.h, bug.h).
 */
#include "kernel/lib/panic.h"

#include "kernel/lib/bug.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/panic_internal.h"
#include "kernel/lib/params.h"		/* early_param() */
#include "kernel/lib/printk.h"
#include "kernel/lib/smp.h"		/* num_online_cpus() */
#include "kernel/lib/vsnprintf.h"

#include <arch/cpu.h>			/* cpu_halt() */

#include <stdarg.h>

/* Everything is shown at the end, also debug lines and with loglevel=1. */
#define LOGLEVEL_PANIC	15

int panic_timeout;			/* constant after boot */

struct panic_state panic_state;

extern const struct panic_note __start_panic_notes[] __weak;
extern const struct panic_note __stop_panic_notes[] __weak;

__noreturn static void halt(void)
{
	printk_flush();
	if (panic_state.halt_hook)
		panic_state.halt_hook(EXIT_STATUS_PANIC);
	for (;;)
		;
}

static void run_notes(void)
{
	for (const struct panic_note *n = __start_panic_notes; n < __stop_panic_notes; n++) {
		panic_state.current_note = n->name;
		n->fn();
	}
	panic_state.current_note = NULL;
}

/* The report itself went wrong: say so, and do not try again. */
__noreturn static void panic_again(const char *fmt, va_list args)
{
	char text[256];

	kvsnprintf(text, sizeof(text), fmt, args);
	pr_emerg("panic while reporting a panic (in %s): %s\n",
		 panic_state.current_note ? panic_state.current_note : "the call trace", text);
	halt();
}

/* The first CPU that panics speaks, and it alone.  Return: false if it is speaking already. */
static bool panic_begin(void)
{
	unsigned int nobody = 0, me = smp_processor_id() + 1;

	panic_park();
	if (panic_state.owner == me)
		return false;
	if (!__atomic_compare_exchange_n(&panic_state.owner, &nobody, me, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_ACQUIRE))
		panic_park();		/* another one was faster; does not return */
	return true;
}

static void report_cpus(void)
{
	unsigned int others = num_online_cpus() - 1;

	if (others)
		pr_emerg("CPU: %u speaks; %u of %u other CPUs have stopped\n", smp_processor_id(),
			 panic_parked(), others);
}

void panic(const char *fmt, ...)
{
	bool first = panic_begin();
	va_list args;

	if (first && panic_state.stop_others)
		panic_state.stop_others();
	console_loglevel = LOGLEVEL_PANIC;
	console_hold(false);
	va_start(args, fmt);
	if (!first)
		panic_again(fmt, args);
	kvsnprintf(panic_state.reason, sizeof(panic_state.reason), fmt, args);
	va_end(args);

	printk_flush();
	pr_emerg("Kernel panic - not syncing: %s\n", panic_state.reason);
	report_cpus();
	dump_stack();
	run_notes();
	pr_emerg("---[ end Kernel panic - not syncing: %s ]---\n", panic_state.reason);
	halt();
}

void panic_set_halt(void (*hook)(int status))
{
	panic_state.halt_hook = hook;
}

void panic_set_stop_others(void (*stop)(void))
{
	panic_state.stop_others = stop;
}

bool panic_in_progress(void)
{
	return __atomic_load_n(&panic_state.owner, __ATOMIC_ACQUIRE) != 0;
}

void panic_park(void)
{
	if (!panic_in_progress() || panic_state.owner == smp_processor_id() + 1)
		return;
	__atomic_fetch_add(&panic_state.parked, 1, __ATOMIC_ACQ_REL);
	cpu_halt();
}

unsigned int panic_parked(void)
{
	return __atomic_load_n(&panic_state.parked, __ATOMIC_ACQUIRE);
}

/* ---- BUG and WARN ---- */

__noinline void bug_at(const char *file, int line)
{
	panic("kernel BUG at %s:%d! in %pB", file, line, (void *)RET_IP);
}

__noinline void warn_at(const char *file, int line, const char *fmt, ...)
{
	char text[256];
	va_list args;

	__atomic_fetch_add(&panic_state.warns, 1, __ATOMIC_RELAXED);
	va_start(args, fmt);
	kvsnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	log_lock();
	pr_warn("------------[ cut here ]------------\n");
	if (text[0])
		pr_warn("%s\n", text);
	pr_warn("WARNING: CPU: %u PID: 0 at %s:%d %pB\n", smp_processor_id(), file, line,
		(void *)RET_IP);
	dump_stack();
	pr_warn("---[ end trace 0000000000000000 ]---\n");
	log_unlock();
}

unsigned int warn_count(void)
{
	return panic_state.warns;
}

/* Linux differs: a core parameter there, so that early panics do not know it. */
static int __init panic_param(char *val)
{
	int seconds;

	if (!val || !get_option(&val, &seconds))
		return -EINVAL;
	panic_timeout = seconds;
	return 0;
}
early_param("panic", panic_param, "N: reset N seconds after a panic; 0 never, negative at once");
