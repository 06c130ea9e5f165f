// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/lib/screen.c, pixels.c and font.c: what is on a screen after text, a scroll, a bar.
 *
 * Two devices: one that keeps the cells it was told to draw, and counts; one of dots in a buffer
 * with a border of poison around every line.
 */
#include "kernel/lib/screen.h"

#include "kernel/lib/font.h"
#include "kernel/lib/pixels.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/types.h"
#include "tests/host/include/host_console.h"
#include "tests/host/include/ktap.h"
#include "tests/host/include/lib_reset.h"

#include <stdio.h>
#include <string.h>

#define COLS	20
#define ROWS	5

static struct screen_cell cells[SCREEN_COLS_MAX * SCREEN_ROWS_MAX], seen[ROWS][COLS];
static unsigned int draws, cursor_col, cursor_row;

static void draw(unsigned int col, unsigned int row, struct screen_cell cell)
{
	require_true(col < COLS && row < ROWS);
	seen[row][col] = cell;
	draws++;
}

static void cursor(unsigned int col, unsigned int row)
{
	cursor_col = col;
	cursor_row = row;
}

static struct screen_device device = {
	.cols = COLS, .rows = ROWS, .jump = 1, .draw = draw, .cursor = cursor,
};

static void start(unsigned int jump)
{
	screen_reset();
	device.jump = jump;
	memset(seen, 0xee, sizeof(seen));
	screen_start(&device, cells);
	draws = 0;
}

static void say(const char *text)
{
	screen_write(text, strlen(text));
}

/* Row @row as it is shown, without blanks at its end. */
static const char *shown(unsigned int row)
{
	static char text[COLS + 1];
	size_t len = COLS;

	for (unsigned int i = 0; i < COLS; i++)
		text[i] = (char)seen[row][i].ch;
	while (len && text[len - 1] == ' ')
		len--;
	text[len] = '\0';
	return text;
}

/* ---- text ---- */

KTAP_TEST(test_screen_without_a_device_swallows_everything)
{
	screen_reset();
	say("text\n");
	screen_put(0, 0, screen_cell('x', COLOUR_TEXT, COLOUR_BLACK));
	screen_clear();
	screen_make_room(3);
	screen_redraw();
	expect_eq(screen_cols(), 0u);
	expect_false(screen_is_console());
}

static const struct {
	const char	*name, *text, *row[ROWS];
	unsigned int	col, at;
} texts[] = {
	{ .name = "two lines", .text = "one\ntwo", .row = { "one", "two" }, .col = 3, .at = 1 },
	{ .name = "a line of all columns does not break yet", .text = "12345678901234567890",
	  .row = { "12345678901234567890" }, .col = 20 },
	{ .name = "one more does", .text = "12345678901234567890x\ny",
	  .row = { "12345678901234567890", "x", "y" }, .col = 1, .at = 2 },
	{ .name = "the last line stays at the bottom", .text = "1\n2\n3\n4\n5\n",
	  .row = { "1", "2", "3", "4", "5" }, .at = 4 },
	{ .name = "the next character moves all up", .text = "1\n2\n3\n4\n5\n6",
	  .row = { "2", "3", "4", "5", "6" }, .col = 1, .at = 4 },
	{ .name = "blank lines at the bottom are lines", .text = "1\n2\n3\n4\n5\n\n\n8",
	  .row = { "4", "5", "", "", "8" }, .col = 1, .at = 4 },
	{ .name = "more blank lines than rows", .text = "1\n\n\n\n\n\n\n\n\n\n\n\n\n\nx",
	  .row = { "", "", "", "", "x" }, .col = 1, .at = 4 },
	{ .name = "back to the begin of the line", .text = "abc\rX", .row = { "Xbc" }, .col = 1 },
	{ .name = "one back, not further than the begin", .text = "\b\bab\bX", .row = { "aX" }, .col = 2 },
	{ .name = "tabs", .text = "a\tb\tc", .row = { "a       b       c" }, .col = 17 },
	{ .name = "a line drawn again, as the monitor does", .text = "> abcd\r> ab\033[K\r\033[3C",
	  .row = { "> ab" }, .col = 3 },
	{ .name = "escapes that mean nothing here", .text = "\033[31mred\033[0m\033c!\033[2J",
	  .row = { "red!" }, .col = 4 },
	{ .name = "an escape that goes too far", .text = "\033[99999999999999Cx", .row = { "", "x" },
	  .col = 1, .at = 1 },
	{ .name = "no bytes are taken for bars", .text = "\x80\xc3\xa9\x7f", .row = { "\x7f\x7f\x7f\x7f" },
	  .col = 4 },
};

KTAP_TABLE_TEST(test_screen_shows_text, texts, c)
{
	start(1);
	say(c->text);
	for (unsigned int row = 0; row < ROWS; row++)
		expect_str_eq(shown(row), c->row[row] ? c->row[row] : "");
	expect_eq(cursor_col, c->col);
	expect_eq(cursor_row, c->at);
}

KTAP_TEST(test_screen_jumps_where_drawing_is_slow)
{
	start(3);
	say("1\n2\n3\n4\n5\n6");
	expect_str_eq(shown(0), "4");
	expect_str_eq(shown(2), "6");
	expect_str_eq(shown(3), "");
	say("\n7\n8");
	expect_str_eq(shown(0), "4");
	expect_str_eq(shown(4), "8");
}

KTAP_TEST(test_screen_draws_only_what_differs)
{
	start(1);
	say("same a\nsame b\nsame c\nsame d\nsame e");
	draws = 0;
	say("\nsame f");
	expect_eq(draws, 4u + 5u + 5u);	/* the last letters, the last line wiped and written */
}

KTAP_TEST(test_screen_replays_the_log_and_draws_its_end_once)
{
	host_console_reset();
	for (int i = 0; i < 100; i++)
		pr_info("line %d\n", i);
	screen_reset();
	draws = 0;
	screen_start(&device, cells);
	expect_eq(draws, (unsigned int)COLS * ROWS);
	expect_true(screen_is_console());
	expect_str_eq(shown(4), "line 99");
	pr_info("line 100\n");
	expect_str_eq(shown(4), "line 100");
	screen_reset();
}

KTAP_TEST(test_screen_marks_the_cursor_where_the_device_has_none)
{
	start(1);
	say("ab");
	screen_mark_cursor(true);
	expect_eq(draws, 2u);
	device.cursor = NULL;
	screen_mark_cursor(true);
	expect_eq(seen[0][2].colour, COLOUR_BLACK | COLOUR_TEXT << 4);
	screen_mark_cursor(false);
	expect_eq(seen[0][2].colour, COLOUR_TEXT);
	say("c\n\n\n\n\n\n");
	screen_mark_cursor(true);		/* the line is not there yet: on the last one */
	expect_eq(seen[ROWS - 1][0].colour, COLOUR_BLACK | COLOUR_TEXT << 4);
	screen_mark_cursor(false);
	device.cursor = cursor;
	screen_reset();
}

KTAP_TEST(test_screen_makes_room_for_a_picture)
{
	start(1);
	say("1\n2\n3\n4\n5\n");
	screen_make_room(2);
	expect_str_eq(shown(0), "4");
	expect_str_eq(shown(1), "5");
	expect_str_eq(shown(2), "");
	say("6");
	expect_str_eq(shown(2), "6");
	screen_make_room(2);
	expect_str_eq(shown(2), "6");
	screen_leave_above(4);
	say("7");
	expect_str_eq(shown(4), "7");
	screen_leave_above(2);
	say("8");
	expect_str_eq(shown(4), "78");
	screen_reset();
}

KTAP_TEST(test_screen_cells_outside_are_nowhere)
{
	start(1);
	screen_put(COLS, 0, screen_cell('x', COLOUR_1, COLOUR_BLACK));
	screen_put(0, ROWS, screen_cell('x', COLOUR_1, COLOUR_BLACK));
	expect_eq(draws, 0u);
	screen_put(COLS - 1, ROWS - 1, screen_cell('x', COLOUR_1, COLOUR_DARK));
	expect_eq(seen[ROWS - 1][COLS - 1].colour, COLOUR_1 | COLOUR_DARK << 4);
	screen_clear();
	expect_str_eq(shown(ROWS - 1), "");
	screen_reset();
}

/* ---- dots ---- */

#define MARGIN	13	/* bytes behind each line that must stay as they are */
#define POISON	0x5a

static uint8_t frame[600 * 1024];

static const struct {
	const char		*name;
	struct pixel_format	format;
	uint32_t		white, orange;	/* 0xee8866 */
} formats[] = {
	{ "32 bits", { 32, { 16, 8, 0 }, { 8, 8, 8 } }, 0xffffff, 0xee8866 },
	{ "32 bits, blue first", { 32, { 0, 8, 16 }, { 8, 8, 8 } }, 0xffffff, 0x6688ee },
	{ "32 bits, above a byte", { 32, { 24, 16, 8 }, { 8, 8, 8 } }, 0xffffff00, 0xee886600 },
	{ "24 bits", { 24, { 16, 8, 0 }, { 8, 8, 8 } }, 0xffffff, 0xee8866 },
	{ "16 bits", { 16, { 11, 5, 0 }, { 5, 6, 5 } }, 0xffff, 29 << 11 | 34 << 5 | 12 },
	{ "15 bits", { 15, { 10, 5, 0 }, { 5, 5, 5 } }, 0x7fff, 29 << 10 | 17 << 5 | 12 },
};

static uint32_t dot_at(const struct pixels *p, unsigned int x, unsigned int y)
{
	uint32_t dot = 0;

	memcpy(&dot, p->base + (size_t)y * p->pitch + (size_t)x * p->bytes, p->bytes);
	return dot;
}

KTAP_TABLE_TEST(test_pixels_draw_every_format_and_no_byte_beside, formats, c)
{
	const unsigned int cols = 6, rows = 3, bytes = (c->format.bits + 7) / 8;
	const uint32_t pitch = cols * FONT_WIDTH * bytes + MARGIN;
	struct pixels p;

	memset(frame, POISON, sizeof(frame));
	require_true(pixels_init(&p, pitch, cols * FONT_WIDTH, rows * FONT_HEIGHT, &c->format));
	p.base = frame;
	for (unsigned int row = 0; row < rows; row++)
		for (unsigned int col = 0; col < cols; col++)
			pixels_draw_cell(&p, col, row,
					 screen_cell('A' + col, COLOUR_WHITE, COLOUR_2));
	for (unsigned int y = 0; y < rows * FONT_HEIGHT; y++) {
		for (unsigned int x = 0; x < cols * FONT_WIDTH; x++) {
			bool set = font_row((uint8_t)('A' + x / 8), y % 16) & (0x80 >> x % 8);

			expect_eq(dot_at(&p, x, y), set ? c->white : c->orange);
		}
		for (unsigned int i = 0; i < MARGIN; i++)
			expect_eq(frame[(y + 1) * pitch - 1 - i], POISON);
	}
	expect_eq(frame[rows * FONT_HEIGHT * pitch], POISON);
}

static const struct {
	const char		*name;
	uint32_t		pitch, width;
	struct pixel_format	format;
} no_formats[] = {
	{ "8 bits", 640, 640, { 8, { 5, 2, 0 }, { 3, 3, 2 } } },
	{ "33 bits", 4096, 640, { 33, { 16, 8, 0 }, { 8, 8, 8 } } },
	{ "no green", 4096, 640, { 32, { 16, 8, 0 }, { 8, 0, 8 } } },
	{ "nine bits of blue", 4096, 640, { 32, { 16, 9, 0 }, { 8, 7, 9 } } },
	{ "red outside of the dot", 4096, 640, { 24, { 17, 8, 0 }, { 8, 8, 8 } } },
	{ "red at bit 255", 4096, 640, { 32, { 255, 8, 0 }, { 8, 8, 8 } } },
	{ "green over blue", 4096, 640, { 32, { 16, 7, 0 }, { 8, 8, 8 } } },
	{ "a pitch too short", 2559, 640, { 32, { 16, 8, 0 }, { 8, 8, 8 } } },
};

KTAP_TABLE_TEST(test_pixels_refuse_what_cannot_be, no_formats, c)
{
	struct pixels p;

	expect_false(pixels_init(&p, c->pitch, c->width, 480, &c->format));
}

KTAP_TEST(test_bars_grow_by_an_eighth)
{
	for (unsigned int n = 0; n <= 8; n++)
		expect_eq(__builtin_popcount(cell_dots((uint8_t)(CELL_BAR + n), 5)), (int)n);
	expect_eq(cell_dots(CELL_BAR + 3, 0), 0xe0);
}

static bool glyphs_are_equal(unsigned int a, unsigned int b)
{
	for (unsigned int y = 0; y < FONT_HEIGHT; y++)
		if (font_row((uint8_t)a, y) != font_row((uint8_t)b, y))
			return false;
	return true;
}

/* What is read back from a picture must be what was written. */
KTAP_TEST(test_no_two_glyphs_are_equal)
{
	for (unsigned int a = FONT_FIRST; a <= FONT_LAST + 1; a++)
		for (unsigned int b = FONT_FIRST; b < a; b++)
			expect_false(glyphs_are_equal(a, b));
}

KTAP_TEST(test_palette_has_no_colour_twice)
{
	for (unsigned int a = 0; a < SCREEN_COLOURS; a++)
		for (unsigned int b = 0; b < a; b++)
			expect_ne(screen_palette[a], screen_palette[b]);
}
