// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resets of kernel/lib's state (see lib_reset.h).
 */
#include "tests/host/include/lib_reset.h"

#include "kernel/lib/dialect.h"
#include "kernel/lib/panic_internal.h"
#include "kernel/lib/params_internal.h"
#include "kernel/lib/percpu.h"
#include "kernel/lib/printk_internal.h"
#include "kernel/lib/screen_internal.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace_internal.h"

_Thread_local struct per_cpu *host_cpu = &boot_cpu;

const char *panic_reason(void)
{
	return panic_state.reason;
}

void panic_reset(void)
{
	panic_state.owner = 0;
	panic_state.current_note = NULL;
	panic_state.reason[0] = '\0';
}

void warn_reset(void)
{
	panic_state.warns = 0;
}

void params_reset(void)
{
	params_state.early_done = false;
	choose_dialect("dialect=6.12");
}

void trace_reset(void)
{
	memset(&trace_ring, 0, sizeof(trace_ring));
}

void printk_reset(void)
{
	this_cpu()->open_line.active = false;
	memset(&log_ring, 0, sizeof(log_ring));
	console_loglevel = LOGLEVEL_DEFAULT;
	ignore_loglevel = false;
	for (struct console *con = console_state.list; con; con = con->next)
		con->next_line = 0;
}

void screen_reset(void)
{
	for (struct console **con = &console_state.list; *con; con = &(*con)->next) {
		if (*con == &screen.console) {
			*con = screen.console.next;
			break;
		}
	}
	screen.dev = NULL;
	screen.cells = NULL;
	screen.col = screen.row = 0;
	screen.escape = ESCAPE_NONE;
	screen.console.enabled = false;
}

void console_reset(void)
{
	memset(&console_state, 0, sizeof(console_state));
}
