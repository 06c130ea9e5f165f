// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text on a screen of cells (see screen.h).
 */
#include "kernel/lib/screen.h"

#include "kernel/lib/align.h"
#include "kernel/lib/screen_internal.h"

static void console_write(const char *s, size_t n);

struct screen screen = {
	.console = { .name = "tty", .index = 0, .write = console_write },
};

const uint32_t screen_palette[SCREEN_COLOURS] = {
	[COLOUR_BLACK] = 0x000000,
	[COLOUR_1] = 0x77aadd,		[COLOUR_2] = 0xee8866,
	[COLOUR_3] = 0xeedd88,		[COLOUR_4] = 0xffaabb,
	[COLOUR_5] = 0x99ddff,		[COLOUR_6] = 0x44bb99,
	[COLOUR_TEXT] = 0xc8c8c8,
	[COLOUR_7] = 0xbbcc33,		[COLOUR_8] = 0xcc99bb,
	[COLOUR_RAM] = 0xd8ecf3,	[COLOUR_BUDDY] = 0xcfe0a8,
	[COLOUR_RESERVED] = 0xb9b9b9,	[COLOUR_UNUSABLE] = 0x8c8c8c,
	[COLOUR_DARK] = 0x4a4a4a,	[COLOUR_WHITE] = 0xffffff,
};

static const struct screen_cell blank = { ' ', COLOUR_TEXT };

/* ---- cells ---- */

static struct screen_cell *cell_at(unsigned int col, unsigned int row)
{
	return &screen.cells[row * screen.dev->cols + col];
}

/* Show @cell there, unless it is there already. */
static void change_cell(unsigned int col, unsigned int row, struct screen_cell cell)
{
	struct screen_cell *shown = cell_at(col, row);

	if (shown->ch == cell.ch && shown->colour == cell.colour)
		return;
	*shown = cell;
	if (!screen.hidden)
		screen.dev->draw(col, row, cell);
}

void screen_redraw(void)
{
	if (!screen.dev)
		return;
	for (unsigned int row = 0; row < screen.dev->rows; row++)
		for (unsigned int col = 0; col < screen.dev->cols; col++)
			screen.dev->draw(col, row, *cell_at(col, row));
}

/* Move everything up by @n rows, 1 <= @n <= rows; blank rows come in below. */
static void move_up(unsigned int n)
{
	const struct screen_device *dev = screen.dev;

	for (unsigned int row = 0; row < dev->rows; row++)
		for (unsigned int col = 0; col < dev->cols; col++)
			change_cell(col, row, row + n < dev->rows ? *cell_at(col, row + n) : blank);
}

/* ---- text ---- */

static void new_line(void)
{
	screen.col = 0;
	screen.row++;
}

static void put_glyph(unsigned char c)
{
	const struct screen_device *dev = screen.dev;

	if (screen.col >= dev->cols)
		new_line();
	while (screen.row >= dev->rows) {
		unsigned int n = MIN(MAX(dev->jump, screen.row - dev->rows + 1), dev->rows);

		move_up(n);
		screen.row -= n;
	}
	change_cell(screen.col++, screen.row, (struct screen_cell){ c, blank.colour });
}

static void wipe_rest_of_line(void)
{
	for (unsigned int col = screen.col; col < screen.dev->cols; col++)
		if (screen.row < screen.dev->rows)
			change_cell(col, screen.row, blank);
}

/* One character of an escape: ESC, then [, digits and a letter, or one character. */
static void feed_escape(char c)
{
	const unsigned int cols = screen.dev->cols;

	if (screen.escape == ESCAPE_BEGUN && c == '[') {
		screen.escape = ESCAPE_NUMBER;
		screen.number = 0;
	} else if (screen.escape == ESCAPE_NUMBER && c >= '0' && c <= '9') {
		screen.number = MIN(screen.number * 10 + (unsigned int)(c - '0'), cols);
	} else if (screen.escape == ESCAPE_NUMBER && (c == ';' || c == '?')) {
		screen.number = 0;
	} else {
		if (screen.escape == ESCAPE_NUMBER && c == 'K')
			wipe_rest_of_line();
		if (screen.escape == ESCAPE_NUMBER && c == 'C')
			screen.col = MIN(screen.col + MAX(screen.number, 1U), cols);
		screen.escape = ESCAPE_NONE;
	}
}

static void put_char(char c)
{
	if (screen.escape != ESCAPE_NONE) {
		feed_escape(c);
		return;
	}
	switch (c) {
	case '\n':
		new_line();
		break;
	case '\r':
		screen.col = 0;
		break;
	case '\b':
		screen.col -= screen.col > 0;
		break;
	case '\033':
		screen.escape = ESCAPE_BEGUN;
		break;
	case '\t':
		do
			put_glyph(' ');
		while (screen.col % 8);
		break;
	default:
		/* Bytes above ASCII would be taken for bars. */
		put_glyph((unsigned char)c < 0x7f ? (unsigned char)c : 0x7f);
		break;
	}
}

/* A new line of the log, or the prompt, may begin where the screen has not moved up yet. */
static void show_cursor(void)
{
	const struct screen_device *dev = screen.dev;

	if (!screen.hidden && dev->cursor)
		dev->cursor(screen.col, MIN(screen.row, dev->rows - 1));
}

void screen_mark_cursor(bool marked)
{
	const struct screen_device *dev = screen.dev;
	unsigned int col, row;
	struct screen_cell cell;

	if (!dev || dev->cursor)
		return;
	col = MIN(screen.col, dev->cols - 1);
	row = MIN(screen.row, dev->rows - 1);
	cell = *cell_at(col, row);
	if (marked)
		cell.colour = (uint8_t)(cell.colour << 4 | cell.colour >> 4);
	dev->draw(col, row, cell);
}

void screen_write(const char *s, size_t n)
{
	if (!screen.dev)
		return;
	while (n--)
		put_char(*s++);
	show_cursor();
}

static void console_write(const char *s, size_t n)
{
	screen_write(s, n);
}

/* ---- the rest of the contract ---- */

void screen_clear(void)
{
	if (!screen.dev)
		return;
	screen.col = screen.row = 0;
	move_up(screen.dev->rows);
	show_cursor();
}

void screen_put(unsigned int col, unsigned int row, struct screen_cell cell)
{
	if (col < screen_cols() && row < screen_rows())
		change_cell(col, row, cell);
}

void screen_make_room(unsigned int rows)
{
	unsigned int last;

	if (!screen.dev)
		return;
	last = screen.dev->rows - 1 - MIN(rows, screen.dev->rows - 1);
	if (screen.row > last) {
		move_up(MIN(screen.row - last, screen.dev->rows));
		screen.row = last;
		show_cursor();
	}
}

void screen_leave_above(unsigned int row)
{
	if (!screen.dev || screen.row >= row)
		return;
	screen.col = 0;
	screen.row = MIN(row, screen.dev->rows - 1);
	show_cursor();
}

unsigned int screen_cols(void)
{
	return screen.dev ? screen.dev->cols : 0;
}

unsigned int screen_rows(void)
{
	return screen.dev ? screen.dev->rows : 0;
}

bool screen_is_console(void)
{
	return screen.dev && screen.console.enabled;
}

/* The log so far is only kept while it is replayed: its end is drawn once. */
void screen_start(const struct screen_device *dev, struct screen_cell *cells)
{
	screen.dev = dev;
	screen.cells = cells;
	for (unsigned int i = 0; i < dev->cols * dev->rows; i++)
		cells[i] = blank;
	screen.hidden = true;
	register_console(&screen.console);
	screen.hidden = false;
	screen_redraw();
	show_cursor();
}
