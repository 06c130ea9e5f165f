// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loader-neutral half of boot information: reading the map in place, and borrowing RAM for
 * tables while nobody yet knows what is free.
 */
#include "boot/boot_info.h"

#include "boot/boot_info_efi.h"	/* efi_map_desc() */
#include "kernel/lib/align.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "mm/range.h"

#include <arch/memory.h>		/* phys_to_virt() */

#define BORROW_PASSES	4096	/* at most, and not more than: */
#define BORROW_LOOKS	1000000	/* at entries of the map, over all passes: some 10 ms */

struct boot_info boot_info;		/* constant after boot */

const char boot_setup_data[] = "setup_data";

void boot_info_init(struct boot_info *info, phys_addr_t kernel_base, uint64_t kernel_size)
{
	memset(info, 0, sizeof(*info));
	info->kernel = (struct boot_range){ kernel_base, kernel_size };
	info->modules = info->module_store;
	info->module_room = BOOT_MODULES_STATIC;
}

bool boot_map_entry(const struct boot_map *map, uint32_t i, struct boot_map_entry *entry)
{
	if (!map->records || i >= map->nr)
		return false;

	const uint8_t *record = map->records + (size_t)i * map->stride;

	/* memcpy: a hostile stride need not keep the fields aligned. */
	memcpy(&entry->base, record, sizeof(entry->base));
	memcpy(&entry->size, record + 8, sizeof(entry->size));
	memcpy(&entry->type, record + 16, sizeof(entry->type));
	return true;
}

void boot_add_extent(struct boot_info *info, phys_addr_t base, uint64_t size, const char *owner)
{
	if (!size)
		return;
	if (info->nr_extents == BOOT_EXTENTS_MAX) {
		boot_warn(info, "boot: no room to note that %s uses [mem %#018llx-%#018llx]; raise BOOT_EXTENTS_MAX\n",
			  owner, (unsigned long long)base, (unsigned long long)(base + size - 1));
		return;
	}
	info->extents[info->nr_extents++] = (struct boot_extent){ { base, size }, owner };
}

/* The map's span, cut where it would wrap. */
static struct boot_range entry_range(const struct boot_map_entry *entry)
{
	return (struct boot_range){ entry->base,
				    phys_range_end(entry->base, entry->size) - entry->base };
}

/*
 * Entry @i of the map that says what may be borrowed: the loader's or, if there is none, the EFI
 * map.  There, too, what loader and firmware are done with is RAM; what the loader left for us
 * is an extent or a module.
 */
static bool borrow_entry(const struct boot_info *info, uint32_t i, struct boot_map_entry *entry)
{
	struct efi_desc desc;

	if (info->map.nr)
		return boot_map_entry(&info->map, i, entry);
	if (!efi_map_desc(&info->efi, i, &desc))
		return false;
	*entry = (struct boot_map_entry){ desc.base, desc.size, efi_map_type(&desc) };
	return true;
}

static uint32_t borrow_entries(const struct boot_info *info)
{
	if (info->map.nr)
		return info->map.nr;
	return info->efi.descs ? info->efi.bytes / info->efi.desc_size : 0;
}

bool boot_touches_ram(const struct boot_info *info, struct boot_range range,
		      struct boot_range *ram)
{
	struct boot_map_entry entry;

	*ram = info->kernel;
	if (boot_overlap(range, *ram))
		return true;
	for (uint32_t i = 0; borrow_entry(info, i, &entry); i++) {
		*ram = entry_range(&entry);
		if (entry.type == BOOT_TYPE_RAM && boot_overlap(range, *ram))
			return true;
	}
	return false;
}

struct borrow {
	const struct boot_info	*info;
	boot_busy_fn		busy;
	const void		*ctx;
	uint64_t		passes;	/* left; a hostile map must not cost a second */
};

/*
 * If @want touches something in use, move it up to that thing's end and say so.  The caller
 * repeats until nothing is touched; @want only ever moves up, so the search ends.
 */
static bool borrow_collides(const struct borrow *b, struct boot_range *want)
{
	const struct boot_info *info = b->info;
	struct boot_map_entry entry;
	bool moved = boot_step_over(want, info->kernel);

	for (uint32_t i = 0; i < info->nr_extents; i++)
		moved |= boot_step_over(want, info->extents[i].range);
	for (uint32_t i = 0; i < info->nr_modules; i++)
		moved |= boot_step_over(want, info->modules[i].range);
	if (b->busy)
		moved |= b->busy(b->ctx, want);
	for (uint32_t i = 0; borrow_entry(info, i, &entry); i++)
		if (entry.type != BOOT_TYPE_RAM)
			moved |= boot_step_over(want, entry_range(&entry));
	return moved;
}

/* The lowest page-aligned place of @size bytes in @ram at or above @min; 0: none. */
static phys_addr_t borrow_in(struct borrow *b, struct boot_range ram, phys_addr_t min,
			     uint64_t size)
{
	phys_addr_t end = MIN(ram.base + ram.size, (phys_addr_t)EARLY_MAP_SIZE);
	struct boot_range want = { MAX(ram.base, min), size };

	while (b->passes) {
		if (want.base >= end)
			return 0;
		want.base = ALIGN_UP(want.base, (phys_addr_t)PAGE_SIZE);
		if (want.base >= end || size > end - want.base)
			return 0;
		b->passes--;
		if (!borrow_collides(b, &want))
			return want.base;
	}
	return 0;
}

void *boot_borrow(struct boot_info *info, uint64_t size, const char *owner,
		  boot_busy_fn busy, const void *ctx)
{
	struct borrow b = {
		.info = info, .busy = busy, .ctx = ctx,
		.passes = MIN(BORROW_PASSES, 16 + BORROW_LOOKS / (borrow_entries(info) + 1)),
	};
	struct boot_map_entry entry;
	phys_addr_t best = 0;

	size = ALIGN_UP(size, (uint64_t)PAGE_SIZE);
	for (uint32_t i = 0; borrow_entry(info, i, &entry); i++) {
		struct boot_range ram = entry_range(&entry);

		if (entry.type != BOOT_TYPE_RAM || ram.size < size || (best && ram.base >= best))
			continue;

		phys_addr_t pa = borrow_in(&b, ram, info->kernel.base + info->kernel.size, size);

		if (pa && (!best || pa < best))
			best = pa;
	}
	if (!best)
		return NULL;

	boot_add_extent(info, best, size, owner);
	return memset(phys_to_virt(best), 0, size);
}

/* Red, green and blue of dots with as many bits, where nobody says more. */
static void usual_colours(struct boot_framebuffer *fb)
{
	const uint8_t green = fb->bpp == 15 ? 5 : fb->bpp == 16 ? 6 : 8;
	const uint8_t other = fb->bpp <= 16 ? 5 : 8;

	if (fb->bits[0] || fb->bits[1] || fb->bits[2])
		return;
	fb->bits[0] = fb->bits[2] = other;
	fb->bits[1] = green;
	fb->at[2] = 0;
	fb->at[1] = other;
	fb->at[0] = (uint8_t)(other + green);
}

void boot_take_screen(struct boot_info *info, const struct boot_framebuffer *screen,
		      const char *who)
{
	struct boot_framebuffer fb = *screen;
	uint64_t bytes = (uint64_t)fb.pitch * fb.height;
	uint64_t line = fb.type == BOOT_SCREEN_TEXT ? (uint64_t)fb.width * 2 :
			((uint64_t)fb.width * fb.bpp + 7) / 8;

	if (!bytes || !line || line > fb.pitch || bytes > PHYS_ADDR_MAX - fb.base) {
		boot_warn(info, "%s: framebuffer %#llx %ux%ux%u pitch %u cannot be; not used\n", who,
			  (unsigned long long)fb.base, fb.width, fb.height, fb.bpp, fb.pitch);
		return;
	}
	usual_colours(&fb);
	info->fb = fb;
}

bool boot_copy_text(char *dst, size_t size, const char *text, size_t n)
{
	size_t len = strnlen(text, n);
	bool fits = len < size;

	if (!fits)
		len = size - 1;
	memcpy(dst, text, len);
	dst[len] = '\0';
	return fits;
}

void boot_room_for_modules(struct boot_info *info, uint32_t nr, boot_busy_fn busy, const void *ctx)
{
	if (nr > BOOT_MODULES_MAX) {
		boot_warn(info, "boot: %u modules; only the first %u are used\n",
			  nr, BOOT_MODULES_MAX);
		nr = BOOT_MODULES_MAX;
	}
	if (nr <= info->module_room)
		return;

	struct boot_module *room = boot_borrow(info, (uint64_t)nr * sizeof(*room), "module list",
					       busy, ctx);

	if (!room) {
		boot_warn(info, "boot: no RAM for a list of %u modules; only the first %u are used\n",
			  nr, info->module_room);
		return;
	}
	info->modules = room;
	info->module_room = nr;
}

const char *boot_range_user(const struct boot_info *info, struct boot_range m,
			    struct boot_range *with)
{
	*with = info->kernel;
	if (boot_overlap(m, *with))
		return "the kernel";
	for (uint32_t i = 0; i < info->nr_extents; i++) {
		*with = info->extents[i].range;
		if (boot_overlap(m, *with))
			return info->extents[i].owner;
	}
	for (uint32_t i = 0; i < info->nr_modules; i++) {
		*with = info->modules[i].range;
		if (boot_overlap(m, *with))
			return "an earlier module";
	}
	return NULL;
}

/* There is no room to describe the module @m; one span around all such is reserved. */
static void module_keep(struct boot_info *info, struct boot_range m)
{
	struct boot_range *rest = &info->module_rest;

	if (!rest->size) {
		*rest = m;
		return;
	}

	phys_addr_t base = MIN(rest->base, m.base);
	phys_addr_t end = MAX(rest->base + rest->size, m.base + m.size);

	*rest = (struct boot_range){ base, end - base };
}

void boot_add_module(struct boot_info *info, uint64_t start, uint64_t end,
		     const char *name, size_t name_len)
{
	if (start >= end) {
		boot_warn(info, "boot: module %u has no bytes (start %#llx, end %#llx); ignored\n",
			  info->nr_modules, (unsigned long long)start, (unsigned long long)end);
		return;
	}

	struct boot_range range = { start, end - start };

	if (info->nr_modules >= info->module_room) {
		module_keep(info, range);
		return;
	}

	struct boot_range with;
	const char *what = boot_range_user(info, range, &with);
	struct boot_module *m = &info->modules[info->nr_modules];

	m->range = range;
	m->refused = what != NULL;
	boot_copy_text(m->name, sizeof(m->name), name, name_len);
	if (what)
		boot_warn(info, "boot: module %u [mem %#018llx-%#018llx] overlaps %s "
			  "[mem %#018llx-%#018llx]; not used\n",
			  info->nr_modules, (unsigned long long)start, (unsigned long long)end - 1,
			  what, (unsigned long long)with.base,
			  (unsigned long long)(with.base + with.size - 1));
	info->nr_modules++;
}
