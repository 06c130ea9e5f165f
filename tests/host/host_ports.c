// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ports of a screen and a keyboard in host builds: nobody listens.
 */
#include "arch/x86_64/keyboard.h"
#include "arch/x86_64/vga.h"

void keyboard_init(void)
{
}

void vga_load_palette(void)
{
}

bool vga_load_font(volatile uint8_t *window)
{
	(void)window;
	return true;
}

void vga_move_cursor(unsigned int at)
{
	(void)at;
}
