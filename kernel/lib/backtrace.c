// SPDX-License-Identifier: GPL-2.0-only
/*
 * Call traces from frame pointers:
 *
 *	 higher   | return address |
 *	    fp -> | caller's fp    | -> the next frame, always higher
 *	  lower   | locals         |
 *
 * The kernel is built with -fno-omit-frame-pointer, entry code pushes a 0.
 */
#include "kernel/lib/panic.h"
#include "kernel/lib/panic_internal.h"
#include "kernel/lib/printk.h"

#include <stdint.h>

#define MAX_LINES	32

void backtrace_set_stack_check(bool (*ok)(unsigned long addr))
{
	panic_state.stack_ok = ok;
}

/* Deep recursion would fill the screen with one line, and hide who began it. */
static void print_caller(unsigned long ip, unsigned long *last, unsigned int *times)
{
	if (ip == *last && ip) {
		(*times)++;
		return;
	}
	if (*times)
		pr_emerg(" (and %u times more)\n", *times);
	*last = ip;
	*times = 0;
	if (ip)
		pr_emerg(" %pB\n", (void *)ip);
}

/* Print the chain that begins at @fp; returns where and why it ends, 0 if at its end. */
static unsigned long walk(unsigned long fp, const char **why)
{
	unsigned long last = 0;
	unsigned int times = 0;

	for (unsigned int lines = 0; fp; fp = *(const unsigned long *)(uintptr_t)fp) {
		const unsigned long *frame = (const unsigned long *)(uintptr_t)fp;

		*why = "leaves the stack";
		if (fp % sizeof(*frame) || !panic_state.stack_ok(fp))
			break;
		*why = "begins more lines than are shown";
		if (frame[1] != last && lines++ == MAX_LINES)
			break;
		print_caller(frame[1], &last, &times);
		*why = "does not rise";
		if (frame[0] && frame[0] <= fp)
			break;
	}
	print_caller(0, &last, &times);
	return fp;
}

void backtrace_print(unsigned long ip, unsigned long fp)
{
	const char *why;

	pr_emerg("Call Trace:\n");
	if (ip)
		pr_emerg(" %pS\n", (void *)ip);
	if (!panic_state.stack_ok) {
		pr_emerg(" (unknown: no stack is registered)\n");
		return;
	}
	fp = walk(fp, &why);
	if (fp)
		pr_emerg(" (frame pointer %#lx %s)\n", fp, why);
}

__noinline void dump_stack(void)
{
	backtrace_print(0, (unsigned long)(uintptr_t)__builtin_frame_address(0));
}
