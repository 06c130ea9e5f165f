/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cells as dots in a linear framebuffer (pixels.c).
 */
#ifndef KERNEL_LIB_PIXELS_H
#define KERNEL_LIB_PIXELS_H

#include "kernel/lib/font.h"
#include "kernel/lib/screen.h"

/**
 * struct pixel_format - where a colour has its bits in a dot
 * @bits: of a dot: 15, 16, 24 or 32; 15 takes two bytes
 * @at: lowest bit of red, green, blue
 * @width: bits of each, 1 to 8
 */
struct pixel_format {
	unsigned int	bits;
	uint8_t		at[3];
	uint8_t		width[3];
};

/**
 * struct pixels - a framebuffer that can be drawn into; filled by pixels_init()
 * @base: its first dot; only ever written
 * @pitch: bytes from a line to the next
 * @width, @height: dots
 * @bytes: of a dot
 * @colour: the palette as dots
 */
struct pixels {
	uint8_t		*base;
	uint32_t	pitch;
	uint32_t	width, height;
	unsigned int	bytes;
	uint32_t	colour[SCREEN_COLOURS];
};

/**
 * pixels_init() - describe a framebuffer
 *
 * Return: false if dots are of no known size, colours overlap or lie outside of the dot, or a line
 * of @width dots is longer than @pitch.
 */
bool pixels_init(struct pixels *p, uint32_t pitch, uint32_t width, uint32_t height,
		 const struct pixel_format *format);

/* Row @y, 0 to FONT_HEIGHT - 1, of the cell with @ch as 8 dots, bit 7 the leftmost. */
uint8_t cell_dots(uint8_t ch, unsigned int y);

/* Draw @cell at column @col, row @row, both of which must lie inside. */
void pixels_draw_cell(const struct pixels *p, unsigned int col, unsigned int row,
		      struct screen_cell cell);

#endif /* KERNEL_LIB_PIXELS_H */
