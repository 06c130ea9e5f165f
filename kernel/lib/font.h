/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The font of screens that are drawn dot by dot: ASCII, 8 dots wide, 16 high (font.c).
 */
#ifndef KERNEL_LIB_FONT_H
#define KERNEL_LIB_FONT_H

#include "kernel/lib/types.h"

#define FONT_WIDTH	8
#define FONT_HEIGHT	16
#define FONT_FIRST	0x20
#define FONT_LAST	0x7e

/* Row @y of @ch, 0 at the top: bit 7 is the leftmost dot.  Who has no glyph is a frame. */
uint8_t font_row(uint8_t ch, unsigned int y);

#endif /* KERNEL_LIB_FONT_H */
