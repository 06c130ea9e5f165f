// SPDX-License-Identifier: GPL-2.0-only
/*
 * VGA's registers, as far as text mode needs them.  Not hosted.
 */
#include "arch/x86_64/vga.h"

#include "arch/x86_64/io.h"
#include "kernel/lib/font.h"
#include "kernel/lib/init.h"
#include "kernel/lib/pixels.h"		/* cell_dots() */

#define ATTRIBUTE	0x3c0	/* index and data by turns; a read of STATUS makes it index */
#define ATTRIBUTE_READ	0x3c1
#define DAC_INDEX	0x3c8
#define DAC_DATA	0x3c9
#define CRTC_INDEX	0x3d4
#define CRTC_DATA	0x3d5
#define STATUS		0x3da

#define ATTRIBUTE_MODE	0x10
#define MODE_BLINK	0x08	/* bit 7 of a colour blinks instead of being colour */
#define PALETTE_ON	0x20	/* the index with this bit leaves the picture visible */
#define CURSOR_HIGH	0x0e
#define CURSOR_LOW	0x0f

/* The position of the cursor can be read back; where nothing is every register reads 0xff. */
bool __init vga_answers(void)
{
	outb(CRTC_INDEX, CURSOR_LOW);
	outb(CRTC_DATA, 0x5a);
	if (inb(CRTC_DATA) != 0x5a)
		return false;
	outb(CRTC_DATA, 0xa5);
	return inb(CRTC_DATA) == 0xa5;
}

static void attribute_write(unsigned int index, unsigned int value)
{
	inb(STATUS);
	outb(ATTRIBUTE, (uint8_t)index);
	outb(ATTRIBUTE, (uint8_t)value);
}

static unsigned int attribute_read(unsigned int index)
{
	unsigned int value;

	inb(STATUS);
	outb(ATTRIBUTE, (uint8_t)index);
	value = inb(ATTRIBUTE_READ);
	inb(STATUS);
	return value;
}

void __init vga_load_palette(void)
{
	for (unsigned int i = 0; i < SCREEN_COLOURS; i++) {
		attribute_write(i, i);		/* colour i is entry i of the DAC */
		outb(DAC_INDEX, (uint8_t)i);
		for (unsigned int shift = 18; shift <= 18; shift -= 8)
			outb(DAC_DATA, (uint8_t)(screen_palette[i] >> shift & 0x3f));
	}
	attribute_write(ATTRIBUTE_MODE, attribute_read(ATTRIBUTE_MODE) & ~(unsigned int)MODE_BLINK);
	inb(STATUS);
	outb(ATTRIBUTE, PALETTE_ON);
}

/* ---- the font: plane 2, 32 bytes a character ---- */

#define SEQUENCER	0x3c4
#define GRAPHICS	0x3ce
#define FONT_SLOT	32
#define LINES_OF_CHAR	0x09	/* of the CRTC */

static void indexed_write(uint16_t port, unsigned int index, unsigned int value)
{
	outb(port, (uint8_t)index);
	outb((uint16_t)(port + 1), (uint8_t)value);
}

/* Plane 2 alone, byte by byte, at 0xa0000. */
static void __init open_font_plane(void)
{
	indexed_write(SEQUENCER, 2, 0x04);
	indexed_write(SEQUENCER, 4, 0x06);
	indexed_write(GRAPHICS, 5, 0x00);
	indexed_write(GRAPHICS, 6, 0x04);
}

/* Characters and colours in planes 0 and 1, by turns, at 0xb8000. */
static void __init close_font_plane(void)
{
	indexed_write(SEQUENCER, 2, 0x03);
	indexed_write(SEQUENCER, 4, 0x02);
	indexed_write(GRAPHICS, 5, 0x10);
	indexed_write(GRAPHICS, 6, 0x0e);
}

static void __init load_char(volatile uint8_t *window, unsigned int at, uint8_t cell)
{
	for (unsigned int y = 0; y < FONT_HEIGHT; y++)
		window[at * FONT_SLOT + y] = cell_dots(cell, y);
}

bool __init vga_load_font(volatile uint8_t *window)
{
	outb(CRTC_INDEX, LINES_OF_CHAR);
	if ((inb(CRTC_DATA) & 0x1f) != FONT_HEIGHT - 1)
		return false;
	open_font_plane();
	for (unsigned int ch = FONT_FIRST; ch <= FONT_LAST + 1; ch++)
		load_char(window, ch, (uint8_t)ch);
	for (unsigned int n = 0; n <= 8; n++)
		load_char(window, VGA_BAR + n, (uint8_t)(CELL_BAR + n));
	load_char(window, VGA_SHADE, CELL_SHADE);
	close_font_plane();
	return true;
}

void vga_move_cursor(unsigned int at)
{
	outb(CRTC_INDEX, CURSOR_HIGH);
	outb(CRTC_DATA, (uint8_t)(at >> 8));
	outb(CRTC_INDEX, CURSOR_LOW);
	outb(CRTC_DATA, (uint8_t)at);
}
