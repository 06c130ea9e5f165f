/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel parameters: a table gathered by the linker, and the command line.
 *
 * Words are separated by white space outside double quotes; the first = that
 * is not a word's first character ends the name; names compare with - equal to
 * _; the word -- ends the kernel's part.
 *
 *	pass	called by		entries		match
 *	first	parse_first_param()	first_param	whole name
 *	early	parse_early_param()	early_param	whole name
 *					early_flag
 *	normal	parse_args()		core_param	whole name
 *					core_flag
 *					__setup		prefix
 *
 * Every entry is one line in the file that needs it and appears in the help.
 */
#ifndef KERNEL_LIB_PARAMS_H
#define KERNEL_LIB_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/lib/compiler.h"
#include "kernel/lib/init.h"

/* Bytes of a command line with its NUL; what is longer is cut, as in Linux. */
#define COMMAND_LINE_SIZE	2048

enum param_kind {
	PARAM_FIRST,
	PARAM_EARLY,
	PARAM_CORE,
	PARAM_SETUP,
};

/**
 * struct kernel_param - one parameter
 * @name: "mem", or for PARAM_SETUP the prefix, "hugepages="
 * @fn: handler
 * @flag: in its place if @is_flag: set to true by the word, whatever follows it; NULL: the word
 *	is accepted and means nothing here
 * @exists: false: there is no such word now; NULL: there always is
 * @help: one line: what may follow the =, a colon, what it does
 *
 * What @fn gets and returns:
 *	PARAM_FIRST, PARAM_EARLY, PARAM_CORE	the value, NULL if the word has no =;
 *				returns 0, or non-zero if it makes no sense
 *	PARAM_SETUP		the text after the prefix, never NULL;
 *				returns non-zero if it took the word
 * The text may be written to (strsep style) and stays until free_initmem().
 * Handlers run once for every occurrence, in command-line order.  Two entries
 * of one early or core name both run; of the prefixes that fit, the longest is
 * asked first.
 */
struct kernel_param {
	const char		*name;
	union {
		int		(*fn)(char *val);
		bool		*flag;
	};
	const char		*help;
	bool			(*exists)(void);
	enum param_kind		kind;
	bool			is_flag;
};

#define KERNEL_PARAM_NAME2(line)	kernel_param_##line
#define KERNEL_PARAM_NAME(line)		KERNEL_PARAM_NAME2(line)
#define KERNEL_PARAM(name_, help_, kind_, ...)					\
	static const struct kernel_param KERNEL_PARAM_NAME(__COUNTER__)		\
	LINKER_TABLE(kernel_params, struct kernel_param) = {			\
		.name = (name_), .help = (help_), .kind = (kind_), __VA_ARGS__	\
	}

#define first_param(name, fn_, help)	KERNEL_PARAM(name, help, PARAM_FIRST, .fn = (fn_))
#define early_param(name, fn_, help)	KERNEL_PARAM(name, help, PARAM_EARLY, .fn = (fn_))
#define early_param_if(exists_, name, fn_, help)	\
	KERNEL_PARAM(name, help, PARAM_EARLY, .fn = (fn_), .exists = (exists_))
#define core_param(name, fn_, help)	KERNEL_PARAM(name, help, PARAM_CORE, .fn = (fn_))
#define __setup(name, fn_, help)	KERNEL_PARAM(name, help, PARAM_SETUP, .fn = (fn_))

#define early_flag(name, flag_, help)	\
	KERNEL_PARAM(name, help, PARAM_EARLY, .flag = (flag_), .is_flag = true)
#define core_flag(name, flag_, help)	\
	KERNEL_PARAM(name, help, PARAM_CORE, .flag = (flag_), .is_flag = true)

/**
 * parse_first_param() - run the handlers of words that must be known before anything is reserved
 * @cmdline: as below; a handler may not keep pointers into its value
 *
 * Context: before parse_early_param().
 */
void parse_first_param(const char *cmdline);

/**
 * parse_early_param() - run the early handlers
 * @cmdline: not changed; a copy of its first COMMAND_LINE_SIZE - 1 bytes is used
 *
 * A handler that returns non-zero costs "Malformed early option '%s'".  Only
 * the first call does anything, as in Linux.
 *
 * Context: before memblock allocates; once.
 */
void parse_early_param(const char *cmdline);

/**
 * parse_args() - run the normal handlers and list the words that no parameter matches
 * @cmdline: as above
 *
 * Prints at most one "Unknown kernel command line parameters" line: words
 * without a value first.  Names with a dot, BOOT_IMAGE=, kexec..., Linux'
 * sysctl aliases and words that Linux knows (linux_words.c) are not told.
 *
 * Context: once, after parse_early_param().
 */
void parse_args(const char *cmdline);

/**
 * next_arg() - split the first word off
 * @args: at a word, or at the end (then *@param is ""); changed in place
 * @param: set to the name
 * @val: set to the value, NULL if there is no =
 *
 * Return: the rest, leading white space skipped.
 */
char *next_arg(char *args, char **param, char **val);

/**
 * parameq() - are these two names equal, with - and _ the same?
 * parameqn() - do the first @n characters agree so?
 */
bool parameq(const char *a, const char *b);
bool parameqn(const char *a, const char *b, size_t n);

/**
 * memparse() - a number with an optional suffix K M G T P E of either case
 * @end: set to the first character not used; @s itself if there is no digit;
 *       may be NULL
 *
 * 0x is hex, a leading 0 octal.  Exactly one suffix letter is taken.  Overflow
 * wraps silently and there is no sign, as in Linux.
 */
unsigned long long memparse(const char *s, char **end);

/**
 * get_option() - an int from a comma separated list
 * @str: moved behind the number, and behind a comma that follows
 * @val: set if there is a number; one leading - is understood
 *
 * Return: 0 no number, 1 a number and nothing more for us, 2 a number and a
 * comma, 3 a number and a hyphen (*@str is at the hyphen).
 */
int get_option(char **str, int *val);

/** parse_option_str() - is @option one of the comma separated words of @str? */
bool parse_option_str(const char *str, const char *option);

/**
 * params_print_help() - every parameter, one line each, sorted by name
 * @print: printf-like; gets whole lines
 */
void params_print_help(int (*print)(const char *fmt, ...));

#endif /* KERNEL_LIB_PARAMS_H */
