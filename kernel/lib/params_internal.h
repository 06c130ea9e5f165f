/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What params.c remembers.
 */
#ifndef KERNEL_LIB_PARAMS_INTERNAL_H
#define KERNEL_LIB_PARAMS_INTERNAL_H

#include "kernel/lib/params.h"

/*
 * Unknown words of the command line as " word word".  They are cut from a line of
 * COMMAND_LINE_SIZE with a blank between them, so all fit.
 * Linux differs: it keeps 32 of each for init and panics later if there are more.
 */
struct param_words {
	char	text[COMMAND_LINE_SIZE + 1];
	size_t	len;
};

/**
 * struct params_state - two passes over the command line; boot only
 * @early_done: parse_early_param() works once
 * @early_line, @line: each pass's own copy; handlers keep pointers into it
 * @unknown_flags, @unknown_values: words that no parameter matched, without a value and with one
 */
extern struct params_state {
	bool			early_done;
	char			early_line[COMMAND_LINE_SIZE];
	char			line[COMMAND_LINE_SIZE];
	struct param_words	unknown_flags, unknown_values;
} params_state;

#endif /* KERNEL_LIB_PARAMS_INTERNAL_H */
