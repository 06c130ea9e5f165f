/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands of the monitor, gathered by the linker: each stands beside the code it
 * speaks for, and kernel/monitor.c calls them all without knowing one.
 *
 *	static int cmd_find(int argc, char **argv) { ... }
 *	MONITOR_COMMAND(find, "ADDR", "who owns this byte?", 1, 1, cmd_find);
 *
 * A command answers with monitor_print() and never with a panic: what a person
 * types is foreign input.
 */
#ifndef KERNEL_LIB_MONITOR_H
#define KERNEL_LIB_MONITOR_H

#include "kernel/lib/compiler.h"
#include "kernel/lib/init.h"
#include "kernel/lib/types.h"

/**
 * struct monitor_command - one word a person may type
 * @usage: what may follow, "ORDER [NODE]"; "" for nothing
 * @help: one line
 * @min, @max: arguments it takes; others are answered with its usage
 * @fn: gets argv[0] = name; returns 0, or -EINVAL for "that argument makes no sense"
 */
struct monitor_command {
	const char	*name;
	const char	*usage;
	const char	*help;
	int		min;
	int		max;
	int		(*fn)(int argc, char **argv);
};

#define MONITOR_COMMAND(id, usage_, help_, min_, max_, fn_)				\
	static const struct monitor_command monitor_command_##id			\
	LINKER_TABLE(monitor_commands, struct monitor_command) = {			\
		.name = #id, .usage = (usage_), .help = (help_),			\
		.min = (min_), .max = (max_), .fn = (fn_),				\
	}

/**
 * monitor_print() - printf() to whoever is typing
 *
 * Not part of the kernel log: no stamp, no level, not kept.  A line may be printed in
 * pieces; text of more than MONITOR_PRINT_MAX characters in one call is cut.
 */
#define MONITOR_PRINT_MAX	512
__printf(1, 2) int monitor_print(const char *fmt, ...);

/**
 * monitor_number() - a number as people type it: 0x1f, 4096, 64K
 * monitor_address() - an address: hexadecimal with or without 0x
 *
 * Return: false, with the reason printed, if @text is no such number.
 */
bool monitor_number(const char *text, uint64_t *value);
bool monitor_address(const char *text, uint64_t *value);

/* ---- how it reaches a person; registered by the top floor ---- */

/**
 * struct monitor_io - a terminal
 * @can_type: can anybody type at all, here or on the machine's own keyboard?
 * @getc: one byte, or -1 if none is waiting
 * @write: @n bytes with "\n" at line ends
 * @relax: called between two looks for a byte
 */
struct monitor_io {
	bool	(*can_type)(void);
	int	(*getc)(void);
	void	(*write)(const char *s, size_t n);
	void	(*relax)(void);
};

/**
 * monitor_set_io() - who types and reads from now on
 * @io: kept, not copied; NULL: there is no terminal, monitor_wait_key() returns -1 and answers
 *	are dropped
 */
void monitor_set_io(const struct monitor_io *io);

/**
 * monitor_add_keyboard() - keys of the machine's own keyboard count, too
 * @getc: one byte as a terminal would send it, or -1 if none is waiting
 */
void monitor_add_keyboard(int (*getc)(void));
bool monitor_has_keyboard(void);

/** monitor_wait_key() - the next byte typed; -1 at once if nobody can type */
int monitor_wait_key(void);

/**
 * monitor_interrupted() - has ^C been typed since the command began?
 *
 * From then on monitor_print() prints nothing until the command returns, so whoever only prints
 * need not ask.  Anything else that is typed waits for the prompt.
 */
bool monitor_interrupted(void);

/**
 * monitor_take_interrupt() - the same for a command that ends by itself and has a last word
 *
 * Return: true once: then monitor_print() prints again.
 */
bool monitor_take_interrupt(void);

/**
 * monitor_run_line() - do what one line asks for
 * @line: changed
 *
 * Return: what the command returned; 0 for an empty line, -ENOENT for no such command.
 */
int monitor_run_line(char *line);

/** monitor_complete() - the one command that begins so, or NULL (also if several do) */
const struct monitor_command *monitor_complete(const char *prefix);

/** monitor_help() - every command, one line each, by name */
void monitor_help(void);

#endif /* KERNEL_LIB_MONITOR_H */
