/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers of VGA text mode (vga.c); host tests have their own (host_ports.c).
 */
#ifndef ARCH_X86_64_VGA_H
#define ARCH_X86_64_VGA_H

#include "kernel/lib/types.h"

/* Is there a VGA?  RAM may lie where its text memory would be. */
bool vga_answers(void);

/* Load the 16 colours of kernel/lib/screen.h; 16 backgrounds instead of 8 and blinking. */
void vga_load_palette(void);

/**
 * vga_load_font() - show cells with the font of kernel/lib/font.h
 * @window: VGA's memory at 0xa0000
 *
 * CELL_BAR + n becomes character VGA_BAR + n, CELL_SHADE is VGA_SHADE: of these VGA draws the ninth
 * column, which letters leave free, too.
 * Return: false if characters are not 16 lines high; the font stays as it was then.
 */
#define VGA_BAR		0xc0
#define VGA_SHADE	0xd0
bool vga_load_font(volatile uint8_t *window);

/* Let the cursor stand at cell @at, counted from the top left. */
void vga_move_cursor(unsigned int at);

#endif /* ARCH_X86_64_VGA_H */
