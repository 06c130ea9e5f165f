/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line, edited: what a person expects of a prompt on a serial terminal.
 *
 *	left right home end, ^A ^E ^B ^F	move
 *	backspace delete ^D, ^K ^U ^W		take away
 *	up down, ^P ^N				earlier lines
 *	tab					completes, if only one word fits
 *	^C					a new line, ^L: the screen again
 *
 * Bytes that mean nothing are ignored.  A line that was too long, or had letters that are no ASCII,
 * is refused with a word when it is entered: half of it would be another command.  No globals, no
 * allocation, no waiting: bytes go in one at a time.
 */
#ifndef KERNEL_LINE_EDIT_H
#define KERNEL_LINE_EDIT_H

#include "kernel/lib/types.h"

#define LINE_MAX_CHARS	120
#define LINE_HISTORY	16

/**
 * struct line_edit - the state
 * @prompt: printed before the line
 * @write: where the terminal's bytes go
 * @complete: the whole word for a beginning, or NULL; may itself be NULL
 */
struct line_edit {
	const char	*prompt;
	void		(*write)(const char *s, size_t n);
	const char	*(*complete)(const char *prefix);

	/* Private. */
	char		line[LINE_MAX_CHARS + 1];
	unsigned int	len;
	unsigned int	cursor;
	char		history[LINE_HISTORY][LINE_MAX_CHARS + 1];
	unsigned int	kept;		/* lines ever kept */
	unsigned int	back;		/* how far up we are; 0: the new line */
	unsigned int	escape;		/* bytes of an escape sequence seen */
	char		param;		/* its number, '\0' if none */
	bool		after_cr;	/* the next \n belongs to a \r */
	unsigned int	lost;		/* letters that found no room */
	bool		foreign;	/* a letter that is no ASCII was typed */
};

/** line_begin() - an empty line with its prompt */
void line_begin(struct line_edit *e);

/**
 * line_feed() - one byte typed
 *
 * Return: true if the line is complete: it is in e->line, and kept in the history.  Call
 * line_begin() for the next one.
 */
bool line_feed(struct line_edit *e, char c);

#endif /* KERNEL_LINE_EDIT_H */
