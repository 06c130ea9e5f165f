// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands and the way to a terminal.  Editing a line and the loop around
 * it are kernel/monitor.c's.
 *
 * While a command runs, what is typed is looked at for a ^C and else kept for the prompt:
 *
 *	terminal ──► next_key() ──► monitor_interrupted() ──► ahead[] ──► monitor_wait_key()
 */
#include "kernel/lib/monitor.h"

#include "kernel/lib/errno.h"
#include "kernel/lib/params.h"	/* memparse() */
#include "kernel/lib/printk.h"	/* KERN_SOH */
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"

#define ARGS_MAX	12
#define AHEAD_MAX	256
#define CTRL_C		3

extern const struct monitor_command __start_monitor_commands[] __weak;
extern const struct monitor_command __stop_monitor_commands[] __weak;

/*
 * Who reads and types; one writer, the CPU with the prompt.
 * @io: the terminal, NULL: there is none
 * @keyboard: of the machine itself, NULL: it has none
 * @ahead, @nr_ahead: typed while a command ran
 * @running: a command is
 * @interrupted: and ^C was typed: it prints no more
 */
static struct {
	const struct monitor_io	*io;
	int			(*keyboard)(void);
	char			ahead[AHEAD_MAX];
	unsigned int		nr_ahead;
	bool			running, interrupted;
} person;

void monitor_set_io(const struct monitor_io *io)
{
	person.io = io;
}

void monitor_add_keyboard(int (*getc)(void))
{
	person.keyboard = getc;
}

bool monitor_has_keyboard(void)
{
	return person.keyboard;
}

static int next_key(void)
{
	const int c = person.io->getc();

	return c < 0 && person.keyboard ? person.keyboard() : c;
}

int monitor_wait_key(void)
{
	int c = -1;

	if (person.nr_ahead) {
		c = (unsigned char)person.ahead[0];
		memmove(person.ahead, person.ahead + 1, --person.nr_ahead);
		return c;
	}
	while (person.io && person.io->can_type() && (c = next_key()) < 0)
		person.io->relax();
	return c;
}

bool monitor_interrupted(void)
{
	int c;

	while (person.running && !person.interrupted && person.nr_ahead < AHEAD_MAX && person.io &&
	       person.io->can_type() && (c = next_key()) >= 0) {
		person.interrupted = c == CTRL_C;
		person.ahead[person.nr_ahead++] = (char)c;
	}
	if (person.interrupted)		/* what was typed before ^C goes with it */
		person.nr_ahead = 0;
	return person.interrupted;
}

bool monitor_take_interrupt(void)
{
	const bool was = monitor_interrupted();

	person.interrupted = false;
	return was;
}

int monitor_print(const char *fmt, ...)
{
	char text[MONITOR_PRINT_MAX];
	va_list args;
	int len;

	if (monitor_interrupted())
		return 0;
	if (fmt[0] == KERN_SOH[0] && fmt[1])	/* dumps made for printk() carry a level */
		fmt += 2;
	va_start(args, fmt);
	len = kvsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (len >= (int)sizeof(text))
		len = (int)sizeof(text) - 1;
	if (person.io && len > 0)
		person.io->write(text, (size_t)len);
	return len;
}

bool monitor_number(const char *text, uint64_t *value)
{
	char *end;

	*value = memparse(text, &end);
	if (end != text && !*end)
		return true;
	monitor_print("'%s' is not a number like 12, 0x1f or 64K\n", text);
	return false;
}

bool monitor_address(const char *text, uint64_t *value)
{
	const char *digits = strncmp(text, "0x", 2) == 0 ? text + 2 : text;
	char *end;

	*value = kstrtoull(text, &end, 16);
	if (end != text && !*end && strlen(digits) <= 16)
		return true;
	monitor_print("'%s' is not an address like 0x102000 or 102000 (hexadecimal)\n", text);
	return false;
}

/* Words of @line, separated by blanks; the line is cut up. */
static int split_words(char *line, char **argv)
{
	int argc = 0;

	for (line = skip_spaces(line); *line && argc < ARGS_MAX; line = skip_spaces(line)) {
		argv[argc++] = line;
		while (*line && !char_is_space(*line))
			line++;
		if (*line)
			*line++ = '\0';
	}
	return *line ? ARGS_MAX : argc;
}

static const struct monitor_command *find_command(const char *name)
{
	const struct monitor_command *cmd;

	for (cmd = __start_monitor_commands; cmd < __stop_monitor_commands; cmd++)
		if (!strcmp(cmd->name, name))
			return cmd;
	return NULL;
}

const struct monitor_command *monitor_complete(const char *prefix)
{
	const struct monitor_command *cmd, *only = NULL;

	for (cmd = __start_monitor_commands; cmd < __stop_monitor_commands; cmd++) {
		if (strncmp(cmd->name, prefix, strlen(prefix)))
			continue;
		if (only)
			return NULL;
		only = cmd;
	}
	return only;
}

int monitor_run_line(char *line)
{
	char *argv[ARGS_MAX];
	int argc = split_words(line, argv);
	const struct monitor_command *cmd;
	int rc;

	if (!argc)
		return 0;
	cmd = find_command(argv[0]);
	if (!cmd) {
		monitor_print("no command '%s'; help lists them\n", argv[0]);
		return -ENOENT;
	}
	person.running = true;
	rc = argc - 1 < cmd->min || argc - 1 > cmd->max ? -EINVAL : cmd->fn(argc, argv);
	person.running = false;
	if (monitor_take_interrupt())
		monitor_print("^C: the rest is left out\n");
	if (rc == -EINVAL)
		monitor_print("usage: %s %s\n", cmd->name, cmd->usage);
	return rc;
}

/* The next command in order of name after @after; NULL at the end. */
static const struct monitor_command *next_command(const struct monitor_command *after)
{
	const struct monitor_command *cmd, *best = NULL;

	for (cmd = __start_monitor_commands; cmd < __stop_monitor_commands; cmd++)
		if ((!after || strcmp(cmd->name, after->name) > 0) &&
		    (!best || strcmp(cmd->name, best->name) < 0))
			best = cmd;
	return best;
}

void monitor_help(void)
{
	const struct monitor_command *cmd = NULL;
	char head[48];

	while ((cmd = next_command(cmd)) != NULL) {
		ksnprintf(head, sizeof(head), "%s %s", cmd->name, cmd->usage);
		monitor_print("  %-26s %s\n", head, cmd->help);
	}
}
