// SPDX-License-Identifier: GPL-2.0-only
/*
 * Editing one line.  After every change the line is drawn again whole:
 *
 *	\r PROMPT line ESC[K \r ESC[nC
 *
 * which costs a few bytes and needs no memory of what the screen shows.
 */
#include "kernel/line_edit.h"

#include "kernel/lib/align.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"

#define CTRL(c)		((c) & 0x1f)
#define ESC		'\033'
#define DEL		'\177'
#define IS_UTF8(c)	((unsigned char)(c) >= 0x80 && (unsigned char)(c) < 0xf8)
#define STRING_OF(x)	#x
#define STRING(x)	STRING_OF(x)

static void put_text(const struct line_edit *e, const char *s)
{
	e->write(s, strlen(s));
}

static void redraw_line(const struct line_edit *e)
{
	char move[24];
	size_t at = strlen(e->prompt) + e->cursor;

	put_text(e, "\r");
	put_text(e, e->prompt);
	e->write(e->line, e->len);
	put_text(e, "\033[K\r");
	if (at) {
		ksnprintf(move, sizeof(move), "\033[%zuC", at);
		put_text(e, move);
	}
}

void line_begin(struct line_edit *e)
{
	e->len = 0;
	e->cursor = 0;
	e->line[0] = '\0';
	e->back = 0;
	e->escape = 0;
	e->lost = 0;
	e->foreign = false;
	put_text(e, e->prompt);
}

static void insert_char(struct line_edit *e, char c)
{
	if (e->len == LINE_MAX_CHARS) {
		e->lost++;
		return;
	}
	memmove(e->line + e->cursor + 1, e->line + e->cursor, e->len - e->cursor + 1);
	e->line[e->cursor++] = c;
	e->len++;
	if (e->cursor == e->len)
		e->write(&c, 1);
	else
		redraw_line(e);
}

/* Take away [from, to). */
static void erase_chars(struct line_edit *e, unsigned int from, unsigned int to)
{
	if (from >= to || to > e->len)
		return;
	memmove(e->line + from, e->line + to, e->len - to + 1);
	e->len -= to - from;
	e->cursor = from;
	redraw_line(e);
}

static void move_to(struct line_edit *e, unsigned int cursor)
{
	if (cursor > e->len)
		return;
	e->cursor = cursor;
	redraw_line(e);
}

static void replace_line(struct line_edit *e, const char *text)
{
	strscpy(e->line, text, sizeof(e->line));
	e->len = (unsigned int)strlen(e->line);
	e->cursor = e->len;
	redraw_line(e);
}

/* @step +1: an earlier line, -1: a later one; past the newest the line is empty. */
static void recall_line(struct line_edit *e, int step)
{
	unsigned int stored = MIN(e->kept, (unsigned int)LINE_HISTORY);
	unsigned int back = e->back + (unsigned int)step;

	if (back > stored)		/* also below 0: unsigned */
		return;
	e->back = back;
	replace_line(e, back ? e->history[(e->kept - back) % LINE_HISTORY] : "");
}

static unsigned int word_start(const struct line_edit *e)
{
	unsigned int at = e->cursor;

	while (at && e->line[at - 1] == ' ')
		at--;
	while (at && e->line[at - 1] != ' ')
		at--;
	return at;
}

/* Only the first word is completed: the command. */
static void complete_word(struct line_edit *e)
{
	const char *whole;

	if (!e->complete || !e->len || e->cursor != e->len || strchr(e->line, ' '))
		return;
	whole = e->complete(e->line);
	if (!whole)
		return;
	for (whole += e->len; *whole; whole++)
		insert_char(e, *whole);
	insert_char(e, ' ');
}

static bool finish_line(struct line_edit *e)
{
	const char *newest = e->history[(e->kept - 1) % LINE_HISTORY];

	put_text(e, "\n");
	if (e->lost || e->foreign) {
		put_text(e, e->lost ? "nothing done: a line has at most " STRING(LINE_MAX_CHARS) " letters\n" :
				      "nothing done: only ASCII is understood\n");
		line_begin(e);
		return false;
	}
	if (e->len && (!e->kept || strcmp(newest, e->line)))
		strscpy(e->history[e->kept++ % LINE_HISTORY], e->line, LINE_MAX_CHARS + 1);
	return true;
}

/* The last byte of ESC [ n x, or of ESC O x. */
static void escape_key(struct line_edit *e, char c)
{
	switch (c) {
	case 'A': recall_line(e, 1); break;
	case 'B': recall_line(e, -1); break;
	case 'C': move_to(e, e->cursor + 1); break;
	case 'D': move_to(e, e->cursor - 1); break;
	case 'H': move_to(e, 0); break;
	case 'F': move_to(e, e->len); break;
	case '~':
		if (e->param == '3')
			erase_chars(e, e->cursor, e->cursor + 1);
		else if (e->param == '1' || e->param == '7')
			move_to(e, 0);
		else if (e->param == '4' || e->param == '8')
			move_to(e, e->len);
		break;
	default: break;
	}
}

/* True if @c belongs to an escape sequence. */
static bool in_escape(struct line_edit *e, char c)
{
	if (c == ESC) {
		e->escape = 1;
		e->param = '\0';
		return true;
	}
	if (!e->escape)
		return false;
	if (e->escape == 1) {
		e->escape = c == '[' || c == 'O' ? 2 : 0;
		return true;
	}
	if ((c >= '0' && c <= '9') || c == ';') {
		e->param = e->param ? e->param : c;
		return true;
	}
	e->escape = 0;
	escape_key(e, c);
	return true;
}

static void control_key(struct line_edit *e, char c)
{
	switch (c) {
	case CTRL('A'): move_to(e, 0); break;
	case CTRL('E'): move_to(e, e->len); break;
	case CTRL('B'): move_to(e, e->cursor - 1); break;
	case CTRL('F'): move_to(e, e->cursor + 1); break;
	case CTRL('D'): erase_chars(e, e->cursor, e->cursor + 1); break;
	case CTRL('K'): erase_chars(e, e->cursor, e->len); break;
	case CTRL('U'):
		e->lost = 0;
		e->foreign = false;
		erase_chars(e, 0, e->cursor);
		break;
	case CTRL('W'): erase_chars(e, word_start(e), e->cursor); break;
	case CTRL('P'): recall_line(e, 1); break;
	case CTRL('N'): recall_line(e, -1); break;
	case CTRL('H'):
	case DEL:
		if (e->cursor)
			erase_chars(e, e->cursor - 1, e->cursor);
		break;
	case CTRL('L'):
		put_text(e, "\033[2J\033[H");
		redraw_line(e);
		break;
	case CTRL('C'):
		put_text(e, "^C\n");
		line_begin(e);
		break;
	case '\t': complete_word(e); break;
	default: break;
	}
}

bool line_feed(struct line_edit *e, char c)
{
	bool lf_of_crlf = c == '\n' && e->after_cr;

	e->after_cr = c == '\r';
	if (lf_of_crlf || in_escape(e, c))
		return false;
	if (c == '\r' || c == '\n')
		return finish_line(e);
	if (IS_UTF8(c))
		e->foreign = true;
	else if (c >= ' ' && c < DEL)
		insert_char(e, c);
	else
		control_key(e, c);
	return false;
}
