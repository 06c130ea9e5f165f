/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What params.c remembers.
 */
#ifndef KERNEL_LIB_PARAMS_INTERNAL_H
#define KERNEL_LIB_PARAMS_INTERNAL_H

#include "kernel/lib/params.h"

/*
 * Unknown words of the command line as " flag flag name=value name=value": those without a
 * value, @flags_len bytes, are told first.  They are cut from a line of COMMAND_LINE_SIZE with a
 * blank between them, so all fit.
 * Linux differs: it keeps 32 of each for init and panics later if there are more.
 */
struct param_words {
	char	text[COMMAND_LINE_SIZE + 1];
	size_t	flags_len, len;
};

/**
 * struct params_state - two passes over the command line; boot only
 * @early_done: parse_early_param() works once
 * @early_line, @line: each pass's own copy; handlers keep pointers into it
 * @unknown: words that no parameter matched
 */
extern struct params_state {
	bool			early_done;
	char			early_line[COMMAND_LINE_SIZE];
	char			line[COMMAND_LINE_SIZE];
	struct param_words	unknown;
} params_state;

/**
 * linux_knows_word() - does @name, up to its =, mean something to Linux, though not here?
 *
 * Such a word is not listed as unknown.  In linux_words.c; - and _ are the same.
 */
bool linux_knows_word(const char *name);

#endif /* KERNEL_LIB_PARAMS_INTERNAL_H */
