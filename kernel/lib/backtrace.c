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

#include "kernel/lib/printk.h"

#include <stdint.h>

#define MAX_FRAMES	32

static bool (*stack_ok)(unsigned long addr);

void backtrace_set_stack_check(bool (*ok)(unsigned long addr))
{
	stack_ok = ok;
}

void backtrace_print(unsigned long ip, unsigned long fp)
{
	unsigned int n = 0;

	pr_warn("Call Trace:\n");
	if (ip)
		pr_warn(" %pS\n", (void *)ip);
	if (!stack_ok) {
		pr_warn(" (unknown: no stack is registered)\n");
		return;
	}
	for (; fp && n < MAX_FRAMES; n++) {
		const unsigned long *frame = (const unsigned long *)(uintptr_t)fp;

		if (fp % sizeof(*frame) || !stack_ok(fp)) {
			pr_warn(" (frame pointer %#lx leaves the stack)\n", fp);
			return;
		}
		if (frame[1])
			pr_warn(" %pB\n", (void *)frame[1]);
		if (frame[0] && frame[0] <= fp) {
			pr_warn(" (frame pointer %#lx does not rise from %#lx)\n", frame[0], fp);
			return;
		}
		fp = frame[0];
	}
	if (fp)
		pr_warn(" (more than %d frames)\n", MAX_FRAMES);
}

__noinline void dump_stack(void)
{
	backtrace_print(0, (unsigned long)(uintptr_t)__builtin_frame_address(0));
}
