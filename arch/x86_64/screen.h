/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The screen that firmware or the loader has switched on: VGA text or a linear framebuffer.
 *
 *	boot_info.fb ─► screen_init(): can it be, is it no RAM? ─► screen_start()
 *	             └─► screen_map(): where it is reached once the direct map is RAM only
 */
#ifndef ARCH_X86_64_SCREEN_H
#define ARCH_X86_64_SCREEN_H

#include "boot/boot_info.h"

/**
 * screen_init() - show the log on the screen of @info, if it has one
 *
 * Refused, with a line: a framebuffer that touches RAM of the map, or the image; dots of a kind
 * that nobody knows; a screen smaller than one character.  The cells are borrowed from RAM in the
 * name of "screen".  A framebuffer above 4 GiB shows nothing before screen_map().
 *
 * Context: when the parser has filled @info, before its extents are reserved.
 */
void screen_init(struct boot_info *info);

/**
 * screen_map() - reach the framebuffer by a mapping of its own
 *
 * Context: right after init_mem_mapping(), which takes away what is no RAM.
 */
void screen_map(void);

#endif /* ARCH_X86_64_SCREEN_H */
