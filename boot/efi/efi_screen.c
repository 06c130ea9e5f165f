// SPDX-License-Identifier: GPL-2.0-only
/*
 * The framebuffer that firmware's graphics leave behind.
 */
#include "boot/efi/efi_internal.h"

static const struct efi_guid graphics_guid = {
	0x9042a9de, 0x23dc, 0x4a38, { 0x96, 0xfb, 0x7a, 0xde, 0xd0, 0x80, 0x51, 0x6a }
};

static void set_masks(struct efi_screen *screen, const struct efi_graphics_info *info)
{
	const bool red_first = info->format == EFI_PIXEL_RGBX;

	screen->red = red_first ? 0x0000ff : 0xff0000;
	screen->green = 0x00ff00;
	screen->blue = red_first ? 0xff0000 : 0x0000ff;
	screen->unused = 0xff000000;
	if (info->format == EFI_PIXEL_MASKS) {
		screen->red = info->red;
		screen->green = info->green;
		screen->blue = info->blue;
		screen->unused = info->unused;
	}
}

bool efi_screen_from_mode(struct efi_screen *screen, const struct efi_graphics_mode *mode)
{
	const struct efi_graphics_info *info = mode ? mode->info : NULL;
	uint32_t pixel, bytes;

	if (!info || info->format >= EFI_PIXEL_NO_FRAMEBUFFER || !mode->framebuffer ||
	    !info->width || !info->height || info->pixels_per_line < info->width)
		return false;
	set_masks(screen, info);
	pixel = screen->red | screen->green | screen->blue | screen->unused;
	if (!pixel)
		return false;
	bytes = (32U - (unsigned int)__builtin_clz(pixel) + 7) / 8;
	if ((uint64_t)info->pixels_per_line * bytes > UINT32_MAX)
		return false;
	screen->fb = (struct boot_framebuffer){
		.base	= mode->framebuffer,
		.pitch	= info->pixels_per_line * bytes,
		.width	= info->width,
		.height	= info->height,
		.bpp	= (uint8_t)(bytes * 8),
		.type	= BOOT_SCREEN_RGB,
	};
	return true;
}

/* The console's own may be one that draws on several at once and has no framebuffer: see all. */
void efi_take_screen(struct efi_stub *stub)
{
	struct efi_boot_services *boot = stub->boot;
	efi_handle_t *handles = NULL;
	uint64_t nr = 0;

	if (boot->locate_handle_buffer(EFI_LOCATE_BY_PROTOCOL, &graphics_guid, NULL, &nr,
				       &handles) != EFI_SUCCESS)
		return;
	for (uint64_t i = 0; i < nr && !stub->screen.fb.bpp; i++) {
		void *graphics = NULL;

		if (boot->handle_protocol(handles[i], &graphics_guid, &graphics) == EFI_SUCCESS)
			efi_screen_from_mode(&stub->screen,
					     ((struct efi_graphics_output *)graphics)->mode);
	}
	boot->free_pool(handles);
}
