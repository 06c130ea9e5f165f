// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux's boot_params -> struct boot_info.
 *
 * The block is 4 KiB of fields at fixed places, so it is read by offset.  What it points to is
 * looked at in place only below EARLY_MAP_SIZE and outside the image, which has unmapped pages.
 * Two things have a length of their own and may lie anywhere (kexec -s puts them at the top of
 * RAM), so they are read by window: the list of setup_data nodes,
 *
 *	 0 next (u64)  8 type (u32)  12 len (u32)  16 data		each anywhere, reserved
 *
 * and, in nodes of type E820_EXT, entries of the map beyond the 128 that boot_params holds.
 */
#include "boot/linux_params.h"

#include "boot/x86_64/boot_params.h"
#include "kernel/lib/align.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"
#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */

#include <arch/memory.h>		/* phys_to_virt() */
#include <arch/paging.h>		/* early_memremap() */

typedef unsigned long long ull;

#define VGA_TEXT	0xb8000U
#define LOWMEM		0x9f000ULL	/* RAM below 1 MiB, if nobody knows better */
#define PROTOCOL_MIN	0x0200U
#define PROTOCOL_LISTS	0x0209U		/* the first with setup_data */

struct linux_params {
	const uint8_t		*p;		/* the block */
	struct boot_info	*info;
	struct boot_range	ext[LINUX_MAX_SETUP_DATA];	/* entries beyond the 128 */
	unsigned int		nr_ext;
	uint32_t		ext_entries;
	struct boot_range	initrd;
};

/* Bytes that can be read at @pa: up to the image, or to EARLY_MAP_SIZE. */
static uint64_t linux_reach(const struct boot_info *info, uint64_t pa)
{
	if (!pa || pa >= EARLY_MAP_SIZE)
		return 0;
	if (pa < info->kernel.base)
		return info->kernel.base - pa;
	return pa < info->kernel.base + info->kernel.size ? 0 : EARLY_MAP_SIZE - pa;
}

/* Copy @n bytes at @pa, wherever that is but in the image.  False: out of reach of any CPU. */
static bool linux_read(const struct boot_info *info, void *to, uint64_t pa, uint64_t n)
{
	uint8_t *out = to;

	if (linux_reach(info, pa) >= n) {
		memcpy(to, phys_to_virt(pa), n);
		return true;
	}
	if (pa < EARLY_MAP_SIZE || n > info->phys_end || pa > info->phys_end - n)
		return false;
	while (n) {
		size_t piece = MIN(n, EARLY_MEMREMAP_MAX);
		void *window = early_memremap(pa, piece);

		if (!window)
			return false;
		memcpy(out, window, piece);
		early_memunmap(window, piece);
		out += piece;
		pa += piece;
		n -= piece;
	}
	return true;
}

/* A number of 64 bits in two halves. */
static uint64_t split64(const struct linux_params *lp, size_t low, size_t high)
{
	return get_le32(lp->p + low) | (uint64_t)get_le32(lp->p + high) << 32;
}

/* ---- who it was ---------------------------------------------------------------------------- */

static void linux_take_loader(struct linux_params *lp)
{
	static const char *const names[16] = {
		[0x0] = "LILO", [0x1] = "Loadlin", [0x2] = "boot sector", [0x3] = "Syslinux",
		[0x4] = "Etherboot", [0x5] = "ELILO", [0x7] = "GRUB", [0x8] = "U-Boot",
		[0x9] = "Xen", [0xa] = "Gujin", [0xb] = "QEMU", [0xd] = "kexec",
	};
	uint8_t type = lp->p[LOADER_TYPE];
	const char *name = names[type >> 4];

	if (type == LOADER_EFI_STUB)
		boot_copy_text(lp->info->loader, sizeof(lp->info->loader), "EFI stub", 16);
	else if (type == 0xff || !name)
		ksnprintf(lp->info->loader, sizeof(lp->info->loader), "loader type %#x", type);
	else
		boot_copy_text(lp->info->loader, sizeof(lp->info->loader), name, 16);
}

static void linux_take_cmdline(struct linux_params *lp)
{
	const char *text = (const char *)lp->p + LINUX_PARAMS_SIZE;

	if (!boot_copy_text(lp->info->cmdline, sizeof(lp->info->cmdline), text, LINUX_CMDLINE_SIZE))
		boot_warn(lp->info, "Linux protocol: command line is cut to %d bytes\n",
			  BOOT_CMDLINE_SIZE - 1);
}

/* ---- setup_data ---------------------------------------------------------------------------- */

static void take_node(struct linux_params *lp, uint64_t pa, uint32_t type, uint32_t len)
{
	uint8_t data[24];

	boot_add_extent(lp->info, pa, NODE_HEADER + (uint64_t)len, BOOT_SETUP_DATA);
	if (type == NODE_E820_EXT) {
		lp->ext[lp->nr_ext++] = (struct boot_range){ pa + NODE_HEADER,
							     len / BOOT_MAP_RECORD };
		lp->ext_entries += len / BOOT_MAP_RECORD;
	} else if (type == NODE_INDIRECT && len >= sizeof(data) &&
		   linux_read(lp->info, data, pa + NODE_HEADER, sizeof(data))) {
		uint64_t size = get_le64(data + 8), target = get_le64(data + 16);

		if (size <= PHYS_ADDR_MAX - target)
			boot_add_extent(lp->info, target, size, BOOT_SETUP_DATA);
		else
			boot_warn(lp->info, "Linux protocol: setup_data at %#llx points to [%#llx + %#llx]; ignored\n",
				  (ull)pa, (ull)target, (ull)size);
	}
}

/* True if @pa was a node already: the list bites its tail. */
static bool seen_node(const struct linux_params *lp, uint64_t pa)
{
	for (uint32_t i = 0; i < lp->info->nr_extents; i++)
		if (lp->info->extents[i].range.base == pa &&
		    lp->info->extents[i].owner == BOOT_SETUP_DATA)
			return true;
	return false;
}

/* What is wrong with a node at @pa whose header is @node; NULL: nothing. */
static const char *node_trouble(const struct linux_params *lp, uint64_t pa, uint8_t *node)
{
	if (!linux_read(lp->info, node, pa, NODE_HEADER))
		return "out of reach";
	if (get_le32(node + 12) > PHYS_ADDR_MAX - NODE_HEADER - pa)
		return "it wraps";
	return seen_node(lp, pa) ? "it was there before" : NULL;
}

static void linux_take_setup_data(struct linux_params *lp)
{
	uint64_t pa = get_le64(lp->p + SETUP_DATA);
	uint8_t node[NODE_HEADER];

	if (get_le16(lp->p + PROTOCOL) < PROTOCOL_LISTS)
		return;
	for (unsigned int nodes = 0; pa; nodes++, pa = get_le64(node)) {
		const char *trouble = nodes == LINUX_MAX_SETUP_DATA / 2 ? "too long" :
				      node_trouble(lp, pa, node);

		if (trouble) {
			boot_warn(lp->info, "Linux protocol: setup_data list goes on at %#llx: %s; ignoring the rest\n",
				  (ull)pa, trouble);
			return;
		}
		take_node(lp, pa, get_le32(node + 8), get_le32(node + 12));
	}
}

/* ---- the map ------------------------------------------------------------------------------- */

static void put_record(uint8_t *to, uint64_t base, uint64_t size)
{
	const uint32_t ram = 1;

	memcpy(to, &base, 8);
	memcpy(to + 8, &size, 8);
	memcpy(to + 16, &ram, 4);
}

/* Less than two entries are no map, as in Linux: the sizes that old firmware tells. */
static void use_sizes(struct linux_params *lp)
{
	uint64_t kib = MAX(get_le32(lp->p + ALT_MEM_K), get_le16(lp->p + EXT_MEM_K));

	if (!kib)
		return;
	put_record(lp->info->basic_map, 0, LOWMEM);
	put_record(lp->info->basic_map + BOOT_MAP_RECORD, SZ_1M, kib << 10);
	lp->info->map = (struct boot_map){
		.records = lp->info->basic_map,
		.nr	 = 2,
		.stride	 = BOOT_MAP_RECORD,
		.source	 = "basic memory sizes",
	};
}

static bool initrd_collides(const void *ctx, struct boot_range *want)
{
	const struct linux_params *lp = ctx;

	return boot_step_over(want, lp->initrd);
}

/* One array of the map's records: those of boot_params, then those of E820_EXT nodes. */
static void join_map(struct linux_params *lp)
{
	struct boot_map *map = &lp->info->map;
	uint64_t bytes = ((uint64_t)map->nr + lp->ext_entries) * BOOT_MAP_RECORD;
	uint8_t *to = boot_borrow(lp->info, bytes, "boot memory map", initrd_collides, lp);
	size_t at = (size_t)map->nr * BOOT_MAP_RECORD;

	if (!to) {
		boot_warn(lp->info, "Linux protocol: no RAM to join %u entries of the memory map and %u more; these are lost\n",
			  map->nr, lp->ext_entries);
		return;
	}
	memcpy(to, map->records, at);
	map->records = to;
	for (unsigned int i = 0; i < lp->nr_ext; i++) {
		uint64_t piece = lp->ext[i].size * BOOT_MAP_RECORD;

		if (!linux_read(lp->info, to + at, lp->ext[i].base, piece)) {
			boot_warn(lp->info, "Linux protocol: setup_data at %#llx with %llu bytes of memory map "
				  "is out of reach; not used\n", (ull)lp->ext[i].base, (ull)piece);
			continue;
		}
		at += piece;
		map->nr += (uint32_t)lp->ext[i].size;
	}
}

static void linux_take_map(struct linux_params *lp)
{
	uint32_t nr = lp->p[E820_ENTRIES];

	if (nr > E820_MAX) {
		boot_warn(lp->info, "Linux protocol: memory map of %u entries; only %u are read\n",
			  nr, E820_MAX);
		nr = E820_MAX;
	}
	if (nr < 2) {
		use_sizes(lp);
		return;
	}
	lp->info->map = (struct boot_map){
		.records = lp->p + E820_TABLE,
		.nr	 = nr,
		.stride	 = BOOT_MAP_RECORD,
		.source	 = "boot_params memory map",
	};
	if (lp->ext_entries)
		join_map(lp);
}

/* ---- the rest ------------------------------------------------------------------------------ */

static void linux_find_initrd(struct linux_params *lp)
{
	uint64_t base = split64(lp, RAMDISK, EXT_RAMDISK);
	uint64_t size = split64(lp, RAMDISK + 4, EXT_RAMDISK + 4);

	if (!lp->p[LOADER_TYPE] || !base || !size)	/* as Linux decides */
		return;
	if (size > PHYS_ADDR_MAX - base)
		boot_warn(lp->info, "Linux protocol: initrd [%#llx + %#llx] wraps; ignored\n",
			  (ull)base, (ull)size);
	else
		lp->initrd = (struct boot_range){ base, size };
}

static void linux_take_efi(struct linux_params *lp)
{
	uint32_t bytes = get_le32(lp->p + EFI_MAP_SIZE);
	uint32_t desc_size = get_le32(lp->p + EFI_DESC_SIZE);
	uint32_t version = get_le32(lp->p + EFI_VERSION);
	uint64_t pa = split64(lp, EFI_MAP, EFI_MAP_HI);

	if (memcmp(lp->p + EFI_SIGNATURE, "EL64", 4) != 0)
		return;
	lp->info->efi_systab = split64(lp, EFI_SYSTAB, EFI_SYSTAB_HI);
	if (!bytes)
		return;
	if (linux_reach(lp->info, pa) < bytes || desc_size < 40 || desc_size % 8 ||
	    desc_size > bytes || version != 1) {
		boot_warn(lp->info, "Linux protocol: EFI map at %#llx: version %u, %u bytes "
			  "in descriptors of %u; not used\n", (ull)pa, version, bytes, desc_size);
		return;
	}
	lp->info->efi = (struct boot_efi_map){
		.descs		= phys_to_virt(pa),
		.bytes		= bytes - bytes % desc_size,
		.desc_size	= desc_size,
		.version	= version,
		.pa		= pa,
	};
	boot_add_extent(lp->info, pa, bytes, "EFI memory map");
}

/* Text mode of VGA as the BIOS has it; other modes of text have other borders, and are rare. */
static void linux_take_text(struct linux_params *lp)
{
	struct boot_framebuffer fb = {
		.type	= BOOT_SCREEN_TEXT,
		.base	= VGA_TEXT,
		.pitch	= lp->p[VIDEO_COLS] * 2U,
		.width	= lp->p[VIDEO_COLS],
		.height	= lp->p[VIDEO_LINES],
	};

	if (fb.width && fb.height && (lp->p[VIDEO_MODE] == 2 || lp->p[VIDEO_MODE] == 3))
		boot_take_screen(lp->info, &fb, "Linux protocol");
}

static void linux_take_screen(struct linux_params *lp)
{
	uint8_t type = lp->p[VIDEO_TYPE];
	struct boot_framebuffer fb = {
		.type	= BOOT_SCREEN_RGB,
		.base	= split64(lp, LFB_BASE, LFB_EXT_BASE),
		.pitch	= get_le16(lp->p + LFB_PITCH),
		.width	= get_le16(lp->p + LFB_WIDTH),
		.height	= get_le16(lp->p + LFB_HEIGHT),
		.bpp	= (uint8_t)get_le16(lp->p + LFB_DEPTH),
	};

	if (type == VIDEO_VGA) {
		linux_take_text(lp);
		return;
	}
	if (type != VIDEO_VESA && type != VIDEO_EFI)
		return;
	for (unsigned int i = 0; i < 3; i++) {
		fb.bits[i] = lp->p[LFB_COLOURS + 2 * i];
		fb.at[i] = lp->p[LFB_COLOURS + 2 * i + 1];
	}
	boot_take_screen(lp->info, &fb, "Linux protocol");
}

/*
 * A loader that copied more than the header of our file left the sentinel standing: the fields
 * that it did not know hold bytes of the file.  These are the ones that newer loaders fill in.
 */
static bool is_clean(const struct linux_params *lp)
{
	return !lp->p[SENTINEL];
}

static int linux_refuse(struct boot_info *info, const char *why, phys_addr_t pa)
{
	ksnprintf(info->refusal, sizeof(info->refusal), "Linux protocol: boot_params at %#llx %s",
		  (ull)pa, why);
	return -EINVAL;
}

int boot_info_from_linux(uint32_t magic, phys_addr_t pa, struct boot_info *info)
{
	struct linux_params lp = { .info = info };

	info->protocol = "Linux protocol";
	if (magic != LINUX_MAGIC ||
	    linux_reach(info, pa) < LINUX_PARAMS_SIZE + LINUX_CMDLINE_SIZE)
		return linux_refuse(info, "is out of reach", pa);
	lp.p = phys_to_virt(pa);
	if (get_le32(lp.p + HEADER_MAGIC) != LINUX_MAGIC)
		return linux_refuse(info, "is not there", pa);
	if (get_le16(lp.p + PROTOCOL) < PROTOCOL_MIN)
		return linux_refuse(info, "is older than version 2.00 of the protocol", pa);

	boot_add_extent(info, pa, LINUX_PARAMS_SIZE + LINUX_CMDLINE_SIZE, "boot information");
	linux_take_loader(&lp);
	linux_take_cmdline(&lp);
	linux_find_initrd(&lp);
	linux_take_setup_data(&lp);
	if (is_clean(&lp)) {
		linux_take_efi(&lp);
		linux_take_screen(&lp);
		info->rsdp = get_le64(lp.p + ACPI_RSDP);
	} else {
		boot_warn(info, "Linux protocol: the loader left fields of boot_params uninitialised; EFI, screen and RSDP are not believed\n");
	}
	linux_take_map(&lp);
	if (!info->map.nr && !info->efi.bytes)
		return linux_refuse(info, "has no memory map: no e820, no EFI map, no sizes", pa);
	if (lp.initrd.size)
		boot_add_module(info, lp.initrd.base, lp.initrd.base + lp.initrd.size, "initrd", 6);
	return 0;
}
