/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A screen of character cells: the log and the monitor write text to it, a picture puts cells
 * (screen.c).
 *
 *	console tty0 ─┐
 *	monitor      ─┼─► cells, kept in memory ─► struct screen_device ─► dots (pixels.h) or text
 *	picture      ─┘
 *
 * The cells are kept because video memory is slow to read: scrolling compares what is shown with
 * what shall be shown and draws the cells that differ, and nothing is ever read back.
 */
#ifndef KERNEL_LIB_SCREEN_H
#define KERNEL_LIB_SCREEN_H

#include "kernel/lib/types.h"

/*
 * The palette: what text needs, and the colours that pictures of the host have, too
 * (scripts/memmaplib/colours.py): light enough for black letters, different for the colour-blind.
 */
enum screen_colour {
	COLOUR_BLACK,
	COLOUR_1, COLOUR_2, COLOUR_3, COLOUR_4, COLOUR_5, COLOUR_6,	/* of owners */
	COLOUR_TEXT,		/* where VGA has it, too */
	COLOUR_7, COLOUR_8,	/* of owners */
	COLOUR_RAM,
	COLOUR_BUDDY,
	COLOUR_RESERVED,
	COLOUR_UNUSABLE,
	COLOUR_DARK,
	COLOUR_WHITE,
	SCREEN_COLOURS
};

/* 0xRRGGBB of each. */
extern const uint32_t screen_palette[SCREEN_COLOURS];

/**
 * struct screen_cell - one place of the screen
 * @ch: ASCII, or CELL_BAR + n: the left n eighths are filled, n = 0..8, or CELL_SHADE
 * @colour: enum screen_colour of what is drawn, and << 4 of what is behind it
 */
struct screen_cell {
	uint8_t	ch;
	uint8_t	colour;
};

#define CELL_BAR	0x80
#define CELL_BAR_FULL	(CELL_BAR + 8)
#define CELL_SHADE	0x90	/* every other dot */

static inline struct screen_cell screen_cell(unsigned int ch, enum screen_colour front,
					     enum screen_colour back)
{
	return (struct screen_cell){ (uint8_t)ch, (uint8_t)(front | back << 4) };
}

/**
 * struct screen_device - what shows cells
 * @cols, @rows: how many; at least 1, at most SCREEN_COLS_MAX and SCREEN_ROWS_MAX
 * @jump: rows the screen moves up at once when it is full; more where drawing is slow
 * @draw: show one cell
 * @cursor: mark a place, which may be behind the last column; NULL: there is no cursor
 */
struct screen_device {
	unsigned int	cols, rows;
	unsigned int	jump;
	void		(*draw)(unsigned int col, unsigned int row, struct screen_cell cell);
	void		(*cursor)(unsigned int col, unsigned int row);
};

#define SCREEN_COLS_MAX	512
#define SCREEN_ROWS_MAX	256

/**
 * screen_start() - there is a screen: console tty0, with what the log has so far
 * @dev: kept, not copied
 * @cells: @dev->cols * @dev->rows of them, kept; what is in them does not matter
 *
 * Context: once; boot CPU.
 */
void screen_start(const struct screen_device *dev, struct screen_cell *cells);

/* True if there is a screen and console= has not taken the log away from it. */
bool screen_is_console(void);

/* Columns and rows; 0 without a screen. */
unsigned int screen_cols(void);
unsigned int screen_rows(void);

/**
 * screen_write() - text at the cursor
 *
 * "\n" begins a new line, "\r" goes to the begin of the line, "\b" one to the left, "\t" to the
 * next multiple of 8, ESC [ K wipes the rest of the line, ESC [ n C goes n to the right; other
 * escapes are left out.  Does nothing without a screen.
 */
void screen_write(const char *s, size_t n);

/*
 * Where the device has no cursor of its own: show the place of the cursor with its two colours
 * swapped, or as it is.  For who waits for a key; it must not be marked when anything is written.
 */
void screen_mark_cursor(bool marked);

/* Draw every cell, for a device that could not show them before. */
void screen_redraw(void);

/* Wipe all and go to the top left. */
void screen_clear(void);

/* Put one cell; does nothing outside of the screen.  The cursor stays where it is. */
void screen_put(unsigned int col, unsigned int row, struct screen_cell cell);

/* Move all up until @rows rows below the cursor's are free. */
void screen_make_room(unsigned int rows);

/* Let the next screen_write() begin at @row, or where it would have, whichever is lower. */
void screen_leave_above(unsigned int row);

#endif /* KERNEL_LIB_SCREEN_H */
