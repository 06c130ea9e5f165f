// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop: a line from the terminal, a command from the table.  The commands that are
 * about nothing but the monitor and the diary are here; all others stand beside the code
 * they speak for.
 */
#include "kernel/monitor.h"

#include "kernel/lib/errno.h"
#include "kernel/lib/monitor.h"
#include "kernel/lib/panic.h"	/* enum exit_status */
#include "kernel/lib/params.h"
#include "kernel/lib/screen.h"
#include "kernel/lib/trace.h"
#include "kernel/line_edit.h"

#include <arch/cpu.h>
#include <arch/serial.h>

/* The prompt after boot; one writer, the boot CPU.  @status: what `quit` said. */
static struct {
	bool			quitting;
	int			status;
	struct line_edit	editor;
} prompt;

static void port_write(unsigned int port, const char *s, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] != '\n')
			continue;
		serial_write_raw(port, s + from, i - from);
		serial_write_raw(port, "\r\n", 2);
		from = i + 1;
	}
	serial_write_raw(port, s + from, n - from);
}

/* The first port, and those that console= or firmware has added to it. */
static bool is_ours(unsigned int port)
{
	return serial_present(port) && (port == 0 || serial_is_console(port));
}

/* To the ports, and to the screen unless console= has taken the log from it. */
static void terminal_write(const char *s, size_t n)
{
	for (unsigned int port = 0; port < SERIAL_PORTS; port++)
		if (is_ours(port))
			port_write(port, s, n);
	if (screen_is_console())
		screen_write(s, n);
}

static bool has_port(void)
{
	for (unsigned int port = 0; port < SERIAL_PORTS; port++)
		if (is_ours(port))
			return true;
	return false;
}

static bool terminal_can_type(void)
{
	return has_port() || monitor_has_keyboard();
}

static int terminal_getc(void)
{
	int c = -1;

	for (unsigned int port = 0; port < SERIAL_PORTS && c < 0; port++)
		if (is_ours(port))
			c = serial_getc(port);
	return c;
}

static void terminal_relax(void)
{
	cpu_relax();
}

static const struct monitor_io terminal = {
	.can_type = terminal_can_type, .getc = terminal_getc, .write = terminal_write,
	.relax = terminal_relax,
};

void monitor_init(void)
{
	monitor_set_io(&terminal);
}

bool monitor_has_person(void)
{
	return has_port() || (monitor_has_keyboard() && screen_is_console());
}

static const char *complete_command(const char *prefix)
{
	const struct monitor_command *cmd = monitor_complete(prefix);

	return cmd ? cmd->name : NULL;
}

static char next_key(void)
{
	int c;

	screen_mark_cursor(screen_is_console());
	c = monitor_wait_key();
	screen_mark_cursor(false);
	return (char)c;
}

int monitor(void)
{
	prompt.quitting = false;
	prompt.status = EXIT_STATUS_PASS;
	prompt.editor.prompt = "daybreak> ";
	prompt.editor.write = terminal_write;
	prompt.editor.complete = complete_command;
	monitor_print("\nThe monitor. help lists the commands, quit ends.\n");
	while (!prompt.quitting) {
		line_begin(&prompt.editor);
		while (!line_feed(&prompt.editor, next_key()))
			;
		monitor_run_line(prompt.editor.line);
	}
	return prompt.status;
}

static int cmd_help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	monitor_help();
	return 0;
}
MONITOR_COMMAND(help, "", "this list", 0, 0, cmd_help);

static int cmd_params(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	params_print_help(monitor_print);
	return 0;
}
MONITOR_COMMAND(params, "", "what the kernel command line may say", 0, 0, cmd_params);

static int cmd_quit(int argc, char **argv)
{
	uint64_t status = EXIT_STATUS_PASS;

	if (argc > 1 && !monitor_number(argv[1], &status))
		return -EINVAL;
	prompt.quitting = true;
	prompt.status = (int)(status & 0xff);
	return 0;
}
MONITOR_COMMAND(quit, "[STATUS]", "leave QEMU with this status (33: passed)", 0, 1, cmd_quit);

static void print_event(uint64_t seq, const struct trace_event *ev)
{
	monitor_print("%5llu %-12s", (unsigned long long)seq, ev->op);
	if (ev->size) {
		phys_addr_t last = ev->base + ev->size - 1;

		monitor_print(" [%pa-%pa]", &ev->base, &last);
	}
	if (ev->nid >= 0)
		monitor_print(" node %d", ev->nid);
	if (ev->owner)
		monitor_print(" \"%s\"", ev->owner);
	if (ev->caller)
		monitor_print(" %pS", (void *)ev->caller);
	if (ev->rc)
		monitor_print(" = %d", ev->rc);
	monitor_print("\n");
}

static int cmd_history(int argc, char **argv)
{
	uint64_t want = 20, first = trace_first(), count = trace_count();
	struct trace_event ev;

	if (argc > 1 && !monitor_number(argv[1], &want))
		return -EINVAL;
	if (count - first > want)
		first = count - want;
	for (uint64_t seq = first; trace_get(seq, &ev); seq++)
		print_event(seq, &ev);
	monitor_print("%llu operations since power-on, the youngest %llu are kept\n",
		      (unsigned long long)count, (unsigned long long)(count - trace_first()));
	return 0;
}
MONITOR_COMMAND(history, "[N]", "the last N memory operations (20)", 0, 1, cmd_history);
