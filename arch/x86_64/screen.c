// SPDX-License-Identifier: GPL-2.0-only
/*
 * From what the loader says of the screen to a device that shows cells (see screen.h).
 *
 * A loader may be wrong, and a screen drawn over RAM would be a kernel that shoots at random.  So
 * the framebuffer must not touch what the map calls RAM, nor the image, and text memory must be
 * where VGA has it and keep what is written.
 */
#include "arch/x86_64/screen.h"

#include "arch/x86_64/keyboard.h"
#include "arch/x86_64/paging.h"		/* paging_map_device() */
#include "arch/x86_64/vga.h"
#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/pixels.h"
#include "kernel/lib/printk.h"

#include <arch/memory.h>

#define VGA_START	0xa0000UL
#define VGA_END		0xc0000UL

typedef unsigned long long ull;

/**
 * struct machine_screen - boot only, but for what drawing reads
 * @text: first cell of VGA's text memory
 * @text_pitch: cells from a row to the next
 * @own_font: text is shown with kernel/lib/font.c
 * @pixels: the framebuffer
 * @pa, @bytes: where it is
 * @cells: borrowed; NULL: there is no screen
 */
static struct machine_screen {
	struct screen_device	dev;
	volatile uint16_t	*text;
	unsigned int		text_pitch;
	bool			own_font;
	struct pixels		pixels;
	phys_addr_t		pa;
	uint64_t		bytes;
	struct screen_cell	*cells;
} machine_screen;

/* ---- VGA text ---- */

/* In our font, or in code page 437, which VGA has in its ROM: half and whole blocks, and shades. */
static uint8_t vga_char(uint8_t ch)
{
	if (ch >= CELL_BAR && ch <= CELL_BAR_FULL) {
		if (machine_screen.own_font)
			return (uint8_t)(ch - CELL_BAR + VGA_BAR);
		return ch - CELL_BAR < 3 ? ' ' : ch - CELL_BAR < 6 ? 0xdd : 0xdb;
	}
	if (ch == CELL_SHADE)
		return machine_screen.own_font ? VGA_SHADE : 0xb1;
	return ch;
}

static void text_draw(unsigned int col, unsigned int row, struct screen_cell cell)
{
	machine_screen.text[row * machine_screen.text_pitch + col] =
		(uint16_t)(vga_char(cell.ch) | cell.colour << 8);
}

static void text_cursor(unsigned int col, unsigned int row)
{
	const struct machine_screen *s = &machine_screen;

	vga_move_cursor(row * s->text_pitch + MIN(col, s->dev.cols - 1));
}

/*
 * Does memory answer at the first and at the last two bytes?  The only reads there ever are: who
 * draws where nothing is waits for nothing at every dot.
 */
static bool __init memory_answers(void *start, uint64_t bytes)
{
	volatile uint16_t *first = start, *last = start + (bytes - 2) / 2 * 2;

	*first = 0x0741;
	*last = 0x0742;
	return *last == 0x0742 && (first == last || *first == 0x0741);
}

static bool __init text_init(const struct boot_framebuffer *fb)
{
	struct machine_screen *s = &machine_screen;
	uint64_t end = fb->base + (uint64_t)fb->pitch * fb->height;

	if (fb->base % 2 || fb->pitch % 2 || fb->base < VGA_START || end > VGA_END) {
		pr_warn("screen: text at %#llx-%#llx is not where VGA has it; not used\n",
			(ull)fb->base, (ull)end - 1);
		return false;
	}
	s->text = phys_to_virt(fb->base);
	s->text_pitch = fb->pitch / 2;
	if (!vga_answers() || !memory_answers(phys_to_virt(fb->base), end - fb->base)) {
		pr_info("screen: there is no VGA for the text at %#llx\n", (ull)fb->base);
		return false;
	}
	s->dev = (struct screen_device){
		.cols = MIN(fb->width, SCREEN_COLS_MAX), .rows = MIN(fb->height, SCREEN_ROWS_MAX),
		.jump = 1, .draw = text_draw, .cursor = text_cursor,
	};
	return true;
}

/* ---- framebuffer ---- */

static void dots_draw(unsigned int col, unsigned int row, struct screen_cell cell)
{
	if (machine_screen.pixels.base)		/* above 4 GiB: not before screen_map() */
		pixels_draw_cell(&machine_screen.pixels, col, row, cell);
}

static void __init say_no_memory(const struct machine_screen *s)
{
	pr_warn("screen: no memory answers in the framebuffer [mem %#010llx-%#010llx]; not used\n",
		(ull)s->pa, (ull)(s->pa + s->bytes - 1));
}

static bool __init dots_init(const struct boot_info *info, const struct boot_framebuffer *fb)
{
	const struct pixel_format format = {
		.bits = fb->bpp,
		.at = { fb->at[0], fb->at[1], fb->at[2] },
		.width = { fb->bits[0], fb->bits[1], fb->bits[2] },
	};
	struct machine_screen *s = &machine_screen;
	struct boot_range dots = { fb->base, (uint64_t)fb->pitch * fb->height }, ram;

	if (boot_touches_ram(info, dots, &ram)) {
		pr_warn("screen: framebuffer [mem %#010llx-%#010llx] touches RAM [mem %#010llx-%#010llx]; not used\n",
			(ull)dots.base, (ull)(dots.base + dots.size - 1), (ull)ram.base,
			(ull)(ram.base + ram.size - 1));
		return false;
	}
	if (!pixels_init(&s->pixels, fb->pitch, fb->width, fb->height, &format) ||
	    fb->width < FONT_WIDTH || fb->height < FONT_HEIGHT ||
	    (info->phys_end && dots.base + dots.size > info->phys_end)) {
		pr_warn("screen: framebuffer %#llx %ux%ux%u (%u:%u %u:%u %u:%u) pitch %u: cannot be drawn to; not used\n",
			(ull)fb->base, fb->width, fb->height, fb->bpp, fb->at[0], fb->bits[0],
			fb->at[1], fb->bits[1], fb->at[2], fb->bits[2], fb->pitch);
		return false;
	}
	s->pa = dots.base;
	s->bytes = dots.size;
	if (dots.base + dots.size <= EARLY_MAP_SIZE) {
		s->pixels.base = phys_to_virt(dots.base);
		if (!memory_answers(s->pixels.base, dots.size)) {
			say_no_memory(s);
			return false;
		}
	}
	s->dev = (struct screen_device){
		.cols = MIN(fb->width / FONT_WIDTH, SCREEN_COLS_MAX),
		.rows = MIN(fb->height / FONT_HEIGHT, SCREEN_ROWS_MAX),
		.draw = dots_draw,
	};
	s->dev.jump = MAX(s->dev.rows / 8, 1U);
	return true;
}

/* ---- the contract ---- */

static bool __init device_init(const struct boot_info *info)
{
	switch (info->fb.type) {
	case BOOT_SCREEN_TEXT:
		return text_init(&info->fb);
	case BOOT_SCREEN_RGB:
		return dots_init(info, &info->fb);
	default:
		return false;
	}
}

void __init screen_init(struct boot_info *info)
{
	struct machine_screen *s = &machine_screen;

	if (!device_init(info))
		return;
	s->cells = boot_borrow(info, (uint64_t)s->dev.cols * s->dev.rows * sizeof(*s->cells),
			       "screen", NULL, NULL);
	if (!s->cells) {
		pr_warn("screen: no RAM for %u cells\n", s->dev.cols * s->dev.rows);
		return;
	}
	if (info->fb.type == BOOT_SCREEN_TEXT) {
		vga_load_palette();
		s->own_font = vga_load_font(phys_to_virt(VGA_START));
	}
	pr_info("screen: %ux%u characters, %s at %#llx\n", s->dev.cols, s->dev.rows,
		info->fb.type == BOOT_SCREEN_TEXT ? "VGA text" : "framebuffer",
		(ull)info->fb.base);
	screen_start(&s->dev, s->cells);
	keyboard_init();
}

void __init screen_map(void)
{
	struct machine_screen *s = &machine_screen;
	bool seen = s->pixels.base;
	void *base;

	if (!s->cells || !s->bytes)
		return;
	s->pixels.base = NULL;		/* out of reach: init_mem_mapping() has gone by */
	base = paging_map_device(s->pa, s->bytes);
	if (!base) {
		pr_warn("screen: no room to map a framebuffer of %lluK; it stays as it is\n",
			(ull)s->bytes >> 10);
	} else if (!seen && !memory_answers(base, s->bytes)) {
		say_no_memory(s);
	} else {
		s->pixels.base = base;
		if (!seen)
			screen_redraw();
	}
}
