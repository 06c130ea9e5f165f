// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first module: where it is, how it gets into mapped memory, and proof that its bytes
 * survive.  They may lie anywhere, also where there is no RAM, so they are read by window.
 */
#include "arch/x86_64/initrd.h"

#include "arch/x86_64/early_memremap.h"
#include "arch/x86_64/paging.h"
#include "arch/x86_64/phys_read.h"
#include "arch/x86_64/setup.h"
#include "kernel/lib/align.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/printk.h"
#include "mm/ledger.h"
#include "mm/memblock.h"

#include <arch/memory.h>

typedef unsigned long long ull;

static struct boot_range image;
static uint32_t checksum;

/* Adler-32 (RFC 1950): zlib.adler32() of the file gives the same number. */
static uint32_t adler(phys_addr_t pa, uint64_t size)
{
	uint32_t a = 1, b = 0;

	while (size) {
		size_t piece = MIN(size, EARLY_MEMREMAP_MAX);
		const uint8_t *p = early_memremap(pa, piece);

		for (size_t i = 0; p && i < piece;) {
			/* 5552: the most that cannot overflow b. */
			for (size_t end = MIN(piece, i + 5552); i < end; i++) {
				a += p[i];
				b += a;
			}
			a %= 65521;
			b %= 65521;
		}
		if (p)
			early_memunmap((void *)(uintptr_t)p, piece);
		pa += piece;
		size -= piece;
	}
	return b << 16 | a;
}

void initrd_init(const struct boot_info *info)
{
	image = (struct boot_range){ 0, 0 };
	if (!info->nr_modules || info->modules[0].refused)
		return;
	image = info->modules[0].range;
	if (image.base >= phys_read_limit || image.size > phys_read_limit - image.base)
		image.size = 0;
	if (!image.size)
		return;
	checksum = adler(image.base, image.size);
}

static phys_addr_t rounded_end(struct boot_range r)
{
	return ALIGN_UP(r.base + r.size, (phys_addr_t)PAGE_SIZE);
}

/* Copy it to mapped memory and give its old place back. */
static void relocate_initrd(void)
{
	uint64_t room = ALIGN_UP(image.size, (uint64_t)PAGE_SIZE);
	phys_addr_t to = memblock_phys_alloc_range(room, PAGE_SIZE, 0, get_max_mapped());

	if (!to)
		panic("Cannot find place for new RAMDISK of size %lld; give more memory than mem= and memmap= leave",
		      (long long)image.size);
	ledger_name(to, room, "initrd");
	pr_info("Allocated new RAMDISK: [mem %#llx-%#llx]\n", (ull)to, (ull)(to + image.size - 1));
	phys_read(phys_to_virt(to), image.base, image.size);
	pr_info("Move RAMDISK from [mem %#llx-%#llx] to [mem %#llx-%#llx]\n", (ull)image.base,
		(ull)(image.base + image.size - 1), (ull)to, (ull)(to + image.size - 1));
	memblock_phys_free(image.base, rounded_end(image) - image.base);
	image.base = to;
	if (!initrd_intact())
		panic("RAMDISK at %#llx differs from its original: bad memory, or our bug", (ull)to);
}

void reserve_initrd(void)
{
	phys_addr_t start = ALIGN_DOWN(image.base, (phys_addr_t)PAGE_SIZE);

	if (!image.size)
		return;
	pr_info("RAMDISK: [mem %#010llx-%#010llx]\n", (ull)image.base, (ull)(rounded_end(image) - 1));
	if (!direct_map_covers(start, rounded_end(image)))
		relocate_initrd();
	pr_info("initrd: %llu bytes, Adler-32 %08x\n", (ull)image.size, checksum);
}

struct boot_range initrd(void)
{
	return image;
}

uint32_t initrd_checksum(void)
{
	return checksum;
}

bool initrd_intact(void)
{
	return !image.size || adler(image.base, image.size) == checksum;
}
