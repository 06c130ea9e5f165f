// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drawing cells dot by dot (see pixels.h).  A row of a cell is put together in a buffer and written
 * at once, because a framebuffer likes long writes.
 */
#include "kernel/lib/pixels.h"

#include "kernel/lib/string.h"

struct unaligned_dot {
	uint32_t	dot;
} __attribute__((packed, may_alias));

static bool format_is_possible(const struct pixel_format *f)
{
	uint32_t used = 0;

	if (f->bits != 15 && f->bits != 16 && f->bits != 24 && f->bits != 32)
		return false;
	for (unsigned int i = 0; i < 3; i++) {
		uint32_t mask;

		if (!f->width[i] || f->width[i] > 8 || f->at[i] + f->width[i] > f->bits)
			return false;
		mask = ((1U << f->width[i]) - 1) << f->at[i];
		if (used & mask)
			return false;
		used |= mask;
	}
	return true;
}

/* 0xRRGGBB as a dot; of each colour the highest bits. */
static uint32_t dot_of(const struct pixel_format *f, uint32_t rgb)
{
	uint32_t dot = 0;

	for (unsigned int i = 0; i < 3; i++)
		dot |= (rgb >> (16 - 8 * i) & 0xff) >> (8 - f->width[i]) << f->at[i];
	return dot;
}

bool pixels_init(struct pixels *p, uint32_t pitch, uint32_t width, uint32_t height,
		 const struct pixel_format *format)
{
	if (!format_is_possible(format))
		return false;
	*p = (struct pixels){
		.pitch = pitch, .width = width, .height = height,
		.bytes = (format->bits + 7) / 8,
	};
	for (unsigned int i = 0; i < SCREEN_COLOURS; i++)
		p->colour[i] = dot_of(format, screen_palette[i]);
	return (uint64_t)width * p->bytes <= pitch;
}

uint8_t cell_dots(uint8_t ch, unsigned int y)
{
	if (ch >= CELL_BAR && ch <= CELL_BAR_FULL)
		return (uint8_t)(0xff00 >> (ch - CELL_BAR));
	if (ch == CELL_SHADE)
		return y % 2 ? 0x55 : 0xaa;
	return font_row(ch, y);
}

void pixels_draw_cell(const struct pixels *p, unsigned int col, unsigned int row,
		      struct screen_cell cell)
{
	const uint32_t front = p->colour[cell.colour & 0xf], back = p->colour[cell.colour >> 4];
	uint8_t *to = p->base + (size_t)row * FONT_HEIGHT * p->pitch +
		      (size_t)col * FONT_WIDTH * p->bytes;

	for (unsigned int y = 0; y < FONT_HEIGHT; y++, to += p->pitch) {
		uint8_t line[FONT_WIDTH * 4 + 4], *at = line;
		uint8_t dots = cell_dots(cell.ch, y);

		/* Four bytes each: the next dot goes over those that are too many. */
		for (unsigned int x = 0; x < FONT_WIDTH; x++, at += p->bytes)
			((struct unaligned_dot *)at)->dot = dots & (0x80U >> x) ? front : back;
		memcpy(to, line, FONT_WIDTH * p->bytes);
	}
}
