// SPDX-License-Identifier: GPL-2.0-only
/*
 * Multiboot2's information block -> struct boot_info.
 *
 * The block is a list of tags of foreign sizes.  Everything is read through `struct mb2_tag`,
 * a span that has been proven to lie inside the block; a handler sees nothing else.  The walk
 * is linear and ends at the first impossible size: what came before it is used.
 *
 *	  total_size | reserved | tag | pad | tag | pad | ... | end tag
 *	  |<-------------- size, cut to what is in reach ------------->|
 *
 * Modules are taken in a second walk, when the map is known: a long list of them needs room.
 */
#include "boot/multiboot2.h"

#include "kernel/lib/align.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/mutate.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"
#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */

#include <arch/memory.h>		/* phys_to_virt() */

#define MB2_HEADER_SIZE		8
#define MB2_TAG_HEADER		8

enum mb2_type {
	MB2_END,
	MB2_CMDLINE,
	MB2_LOADER,
	MB2_MODULE,
	MB2_BASIC_MEM,
	MB2_MMAP		= 6,
	MB2_FRAMEBUFFER		= 8,
	MB2_ELF			= 9,
	MB2_EFI32		= 11,
	MB2_EFI64		= 12,
	MB2_RSDP1		= 14,
	MB2_RSDP2		= 15,
	MB2_EFI_MMAP		= 17,
	MB2_EFI_BS		= 18,
	MB2_LOAD_BASE		= 21,
	MB2_TYPES,
};

/* What follows the tag's header: @size bytes at @body, @offset into the block. */
struct mb2_tag {
	const uint8_t	*body;
	size_t		size;
	size_t		offset;
	uint32_t	type;
};

struct mb2 {
	const uint8_t		*data;
	size_t			size;
	phys_addr_t		pa;
	struct boot_info	*info;
	struct mb2_tag		cmdline;	/* body NULL: none */
	struct mb2_tag		basic;
	uint32_t		nr_modules;
	uint32_t		seen;		/* bit per type below MB2_TYPES */
	size_t			end;		/* bytes of the block that were walked */
};

/* ---- one function per tag ---------------------------------------------------------------- */

static void mb2_take_cmdline(struct mb2 *mb, const struct mb2_tag *tag)
{
	mb->cmdline = *tag;		/* unquoted at the end, when the loader is known */
}

static void take_loader(struct mb2 *mb, const struct mb2_tag *tag)
{
	boot_copy_text(mb->info->loader, sizeof(mb->info->loader),
		       (const char *)tag->body, tag->size);
}

static void count_module(struct mb2 *mb, const struct mb2_tag *tag)
{
	(void)tag;
	mb->nr_modules++;
}

static void take_basic(struct mb2 *mb, const struct mb2_tag *tag)
{
	mb->basic = *tag;
}

static void take_mmap(struct mb2 *mb, const struct mb2_tag *tag)
{
	uint32_t stride = get_le32(tag->body);
	size_t bytes = tag->size - 8;

	if (stride < BOOT_MAP_RECORD || stride > bytes) {
		boot_warn(mb->info,
			  "multiboot2: memory map at +%#zx: %zu bytes in entries of %u; not used\n",
			  tag->offset, bytes, stride);
		return;
	}
	if (stride % 8)
		boot_warn(mb->info, "multiboot2: memory map entries of %u bytes are odd; used\n",
			  stride);
	if (bytes % stride)
		boot_warn(mb->info, "multiboot2: memory map ends %zu bytes into entry %zu; entry ignored\n",
			  bytes % stride, bytes / stride);
	mb->info->map = (struct boot_map){
		.records = tag->body + 8,
		.nr	 = (uint32_t)(bytes / stride),
		.stride	 = stride,
		.source	 = "multiboot2 memory map",
	};
}

/*
 *	 0 base  8 pitch  12 width  16 height  20 bits  21 type: 0 palette, 1 RGB, 2 text
 *	24 red: lowest bit, bits  26 green  28 blue	of RGB only
 */
static void take_framebuffer(struct mb2 *mb, const struct mb2_tag *tag)
{
	struct boot_framebuffer fb = {
		.type	= (enum boot_screen)tag->body[21],
		.base	= get_le64(tag->body),
		.pitch	= get_le32(tag->body + 8),
		.width	= get_le32(tag->body + 12),
		.height	= get_le32(tag->body + 16),
		.bpp	= tag->body[20],
	};

	if (tag->body[21] != BOOT_SCREEN_RGB && tag->body[21] != BOOT_SCREEN_TEXT) {
		pr_info("multiboot2: framebuffer of type %u; not used\n", tag->body[21]);
		return;
	}
	for (unsigned int i = 0; i < 3 && tag->size >= 30; i++) {
		fb.at[i] = tag->body[24 + 2 * i];
		fb.bits[i] = tag->body[25 + 2 * i];
	}
	boot_take_screen(mb->info, &fb, "multiboot2");
}

static void check_elf(struct mb2 *mb, const struct mb2_tag *tag)
{
	uint32_t num = get_le32(tag->body);
	uint32_t entsize = get_le32(tag->body + 4);

	if ((uint64_t)num * entsize > tag->size - 12 || (num && entsize < 64))
		boot_warn(mb->info, "multiboot2: ELF sections at +%#zx: %u of %u bytes in %zu; ignored\n",
			  tag->offset, num, entsize, tag->size - 12);
}

static void take_systab(struct mb2 *mb, const struct mb2_tag *tag)
{
	mb->info->efi_systab = tag->type == MB2_EFI32 ? get_le32(tag->body) : get_le64(tag->body);
}

static void take_rsdp(struct mb2 *mb, const struct mb2_tag *tag)
{
	if (!mb->info->rsdp || tag->type == MB2_RSDP2)
		mb->info->rsdp = mb->pa + (phys_addr_t)(tag->body - mb->data);
}

static void take_efi_mmap(struct mb2 *mb, const struct mb2_tag *tag)
{
	uint32_t desc_size = get_le32(tag->body);
	uint32_t version = get_le32(tag->body + 4);
	size_t bytes = tag->size - 8;

	if (desc_size < 40 || desc_size % 8 || desc_size > bytes || version != 1) {
		boot_warn(mb->info, "multiboot2: EFI map at +%#zx: version %u, %zu bytes "
			  "in descriptors of %u; not used\n",
			  tag->offset, version, bytes, desc_size);
		return;
	}
	mb->info->efi = (struct boot_efi_map){
		.descs		= tag->body + 8,
		.bytes		= (uint32_t)(bytes - bytes % desc_size),
		.desc_size	= desc_size,
		.version	= version,
		.pa		= mb->pa + (phys_addr_t)(tag->body + 8 - mb->data),
	};
}

static void note_boot_services(struct mb2 *mb, const struct mb2_tag *tag)
{
	boot_warn(mb->info, "multiboot2: tag at +%#zx says that EFI boot services still run\n",
		  tag->offset);
}

static void check_load_base(struct mb2 *mb, const struct mb2_tag *tag)
{
	phys_addr_t base = get_le32(tag->body);
	phys_addr_t linked = ALIGN_DOWN(mb->info->kernel.base, (phys_addr_t)PAGE_SIZE);

	if (base != linked)
		ksnprintf(mb->info->refusal, sizeof(mb->info->refusal),
			  "multiboot2: the kernel was loaded at %#llx but is linked for %#llx and cannot move",
			  (unsigned long long)base, (unsigned long long)linked);
}

/* @min: bytes behind the tag's header that the handler reads unasked. */
static const struct {
	const char	*name;
	size_t		min;
	void		(*take)(struct mb2 *mb, const struct mb2_tag *tag);
	bool		may_repeat;
} tags[MB2_TYPES] = {
	[MB2_CMDLINE]	  = { "command line",	   0,	mb2_take_cmdline,	    false },
	[MB2_LOADER]	  = { "loader name",	   0,	take_loader,	    false },
	[MB2_MODULE]	  = { "module",		   8,	count_module,	    true  },
	[MB2_BASIC_MEM]	  = { "basic memory",	   8,	take_basic,	    false },
	[MB2_MMAP]	  = { "memory map",	   8,	take_mmap,	    false },
	[MB2_FRAMEBUFFER] = { "framebuffer",	   22,	take_framebuffer,   false },
	[MB2_ELF]	  = { "ELF sections",	   12,	check_elf,	    false },
	[MB2_EFI32]	  = { "EFI32 table",	   4,	take_systab,	    false },
	[MB2_EFI64]	  = { "EFI64 table",	   8,	take_systab,	    false },
	[MB2_RSDP1]	  = { "RSDP",		   20,	take_rsdp,	    false },
	[MB2_RSDP2]	  = { "RSDP of ACPI 2.0",  36,	take_rsdp,	    false },
	[MB2_EFI_MMAP]	  = { "EFI memory map",	   8,	take_efi_mmap,	    false },
	[MB2_EFI_BS]	  = { "EFI boot services", 0,	note_boot_services, false },
	[MB2_LOAD_BASE]	  = { "load base",	   4,	check_load_base,    false },
};

/* ---- the walk ------------------------------------------------------------------------------ */

/*
 * The tag at *@offset; moves *@offset behind it.  Return: false at the end tag, at the end of
 * the block, or at a tag that cannot be (then *@offset stays at it).
 */
static bool mb2_next(const struct mb2 *mb, size_t *offset, struct mb2_tag *tag)
{
	if (*offset > mb->size || mb->size - *offset < MB2_TAG_HEADER)
		return false;

	uint32_t type = get_le32(mb->data + *offset);
	uint32_t size = get_le32(mb->data + *offset + 4);

	if (size < MB2_TAG_HEADER || size > mb->size - *offset)
		return false;
	*tag = (struct mb2_tag){
		.body	= mb->data + *offset + MB2_TAG_HEADER,
		.size	= size - MB2_TAG_HEADER,
		.offset	= *offset,
		.type	= type,
	};
	*offset += ALIGN_UP((size_t)size, (size_t)8);
	return type != MB2_END;
}

static void take_tag(struct mb2 *mb, const struct mb2_tag *tag)
{
	if (tag->type >= MB2_TYPES || !tags[tag->type].take)
		return;			/* unknown: not our business */

	if (tag->size < tags[tag->type].min) {
		boot_warn(mb->info, "multiboot2: %s tag at +%#zx has only %zu bytes; ignored\n",
			  tags[tag->type].name, tag->offset, tag->size);
		return;
	}
	if (mb->seen & 1U << tag->type && !tags[tag->type].may_repeat) {
		boot_warn(mb->info, "multiboot2: second %s tag at +%#zx; the first one counts\n",
			  tags[tag->type].name, tag->offset);
		return;
	}
	mb->seen |= 1U << tag->type;
	tags[tag->type].take(mb, tag);
}

static void walk_tags(struct mb2 *mb)
{
	struct mb2_tag tag = { .type = MB2_END + 1 };
	size_t offset = MB2_HEADER_SIZE;

	while (mb2_next(mb, &offset, &tag))
		take_tag(mb, &tag);
	mb->end = MIN(offset, mb->size);

	if (tag.type == MB2_END)
		return;
	if (mb->size - mb->end >= MB2_TAG_HEADER)
		boot_warn(mb->info, "multiboot2: tag %u at +%#zx has bad size %u (%zu left); ignoring the rest\n",
			  get_le32(mb->data + mb->end), mb->end, get_le32(mb->data + mb->end + 4),
			  mb->size - mb->end);
	else
		boot_warn(mb->info, "multiboot2: no end tag in %zu bytes\n", mb->size);
}

static bool mb2_modules_collide(const void *ctx, struct boot_range *want)
{
	const struct mb2 *mb = ctx;
	size_t offset = MB2_HEADER_SIZE;
	struct mb2_tag tag;
	bool moved = false;

	while (mb2_next(mb, &offset, &tag)) {
		if (tag.type != MB2_MODULE || tag.size < 8)
			continue;

		uint64_t start = get_le32(tag.body), end = get_le32(tag.body + 4);

		if (start < end)
			moved |= boot_step_over(want, (struct boot_range){ start, end - start });
	}
	return moved;
}

static void mb2_take_modules(struct mb2 *mb)
{
	size_t offset = MB2_HEADER_SIZE;
	struct mb2_tag tag;

	boot_room_for_modules(mb->info, mb->nr_modules, mb2_modules_collide, mb);
	while (mb2_next(mb, &offset, &tag))
		if (tag.type == MB2_MODULE && tag.size >= 8)
			boot_add_module(mb->info, get_le32(tag.body), get_le32(tag.body + 4),
					(const char *)tag.body + 8, tag.size - 8);
}

/* ---- what needs all tags ------------------------------------------------------------------- */

/*
 * GRUB splits its command into words and joins them again: a word with a blank is put in
 * double quotes, and back-slashes and quotes inside a word get a back-slash.  Undo the latter;
 * the former is what the kernel's own tokeniser understands.
 */
static void take_quoted(struct boot_info *info, const char *text, size_t n)
{
	bool grub = strncmp(info->loader, "GRUB", 4) == 0;
	size_t len = strnlen(text, n), out = 0;

	for (size_t i = 0; i < len && out < BOOT_CMDLINE_SIZE - 1; i++) {
		if (grub && text[i] == '\\' && i + 1 < len && text[i + 1] &&
		    strchr("\\\"'", text[i + 1]))
			i++;
		info->cmdline[out++] = text[i];
		if (out == BOOT_CMDLINE_SIZE - 1 && i + 1 < len)
			boot_warn(info, "multiboot2: command line of %zu bytes is cut to %d\n",
				  len, BOOT_CMDLINE_SIZE - 1);
	}
	info->cmdline[out] = '\0';
}

/* No map at all, but the loader knows how much there is below and above 1 MiB. */
static void use_basic_map(struct mb2 *mb)
{
	const uint64_t ram[2][2] = {
		{ 0,	 (uint64_t)get_le32(mb->basic.body) * 1024 },
		{ SZ_1M, (uint64_t)get_le32(mb->basic.body + 4) * 1024 },
	};
	uint8_t *to = mb->info->basic_map;

	for (int i = 0; i < 2; i++, to += BOOT_MAP_RECORD) {
		const uint32_t type = 1;

		memcpy(to, &ram[i][0], 8);
		memcpy(to + 8, &ram[i][1], 8);
		memcpy(to + 16, &type, 4);
	}
	mb->info->map = (struct boot_map){
		.records = mb->info->basic_map,
		.nr	 = 2,
		.stride	 = BOOT_MAP_RECORD,
		.source	 = "basic memory sizes",
	};
}

static int mb2_refuse(struct boot_info *info, const char *why, phys_addr_t pa)
{
	ksnprintf(info->refusal, sizeof(info->refusal), "multiboot2: information block at %#llx %s",
		  (unsigned long long)pa, why);
	return -EINVAL;
}

int mb2_parse(const uint8_t *data, size_t size, phys_addr_t pa, struct boot_info *info)
{
	struct mb2 mb = { .data = data, .size = size, .pa = pa, .info = info };

	info->protocol = "multiboot2";
	if (size < MB2_HEADER_SIZE || get_le32(data) < MB2_HEADER_SIZE)
		return mb2_refuse(info, "is too short", pa);
	if (get_le32(data) > size)
		boot_warn(info, "multiboot2: information block of %u bytes; only %zu are read\n",
			  get_le32(data), size);
	else
		mb.size = get_le32(data);

	walk_tags(&mb);
	if (info->refusal[0])
		return -EINVAL;
	if (boot_overlap((struct boot_range){ pa, mb.end }, info->kernel))
		return mb2_refuse(info, "lies inside the kernel image", pa);
	if (!MUTATE(skip_boot_info))
		boot_add_extent(info, pa, mb.end, "boot information");
	if (mb.cmdline.body)
		take_quoted(info, (const char *)mb.cmdline.body, mb.cmdline.size);
	if (!info->map.nr && !info->efi.bytes && mb.basic.body)
		use_basic_map(&mb);
	if (!info->map.nr && !info->efi.bytes)
		return mb2_refuse(info, "has no memory map: neither tag 6, nor 17, nor 4", pa);
	mb2_take_modules(&mb);
	return 0;
}

int boot_info_from_multiboot2(uint32_t magic, phys_addr_t pa, struct boot_info *info)
{
	if (magic != MB2_MAGIC) {
		ksnprintf(info->refusal, sizeof(info->refusal),
			  "not booted by multiboot2 (magic %#x)", magic);
		return -EINVAL;
	}
	if (!pa)
		return mb2_refuse(info, "is missing", pa);
	if (!IS_ALIGNED(pa, (phys_addr_t)8))
		return mb2_refuse(info, "is not aligned to 8", pa);
	if (pa >= EARLY_MAP_SIZE - MB2_HEADER_SIZE)
		return mb2_refuse(info, "is out of reach", pa);
	if (pa >= info->kernel.base && pa < info->kernel.base + info->kernel.size)
		return mb2_refuse(info, "lies inside the kernel image", pa);

	uint64_t reach = MIN(EARLY_MAP_SIZE - pa, (phys_addr_t)MB2_MAX_SIZE);

	/* Not into the image: it has unmapped pages, and no loader puts a block across it. */
	if (pa < info->kernel.base)
		reach = MIN(reach, info->kernel.base - pa);
	return mb2_parse(phys_to_virt(pa), reach, pa, info);
}
