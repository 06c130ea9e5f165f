// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules may lie anywhere, also where there is no RAM, so they are read by window until they
 * are known to be in the direct map.
 */
#include "boot/modules.h"

#include "boot/acpi.h"		/* acpi_table_at() */
#include "boot/phys_read.h"
#include "kernel/lib/align.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/mutate.h"
#include "kernel/lib/params.h"		/* early_param(), core_flag() */
#include "kernel/lib/printk.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/memblock_event.h"
#include "mm/release.h"		/* free_reserved_area() */

#include <arch/memory.h>
#include <arch/paging.h>

typedef unsigned long long ull;

#define EARLY_MODULES	64U

#define ADLER_MOD	65521U
#define ADLER_RUN	5552U	/* the most bytes that cannot overflow the second sum */

/* Adler-32 (RFC 1950): zlib.adler32() of the file gives the same number. */
static uint32_t __init adler(phys_addr_t pa, uint64_t size)
{
	uint32_t a = 1, b = 0;

	while (size) {
		size_t piece = MIN(size, EARLY_MEMREMAP_MAX);
		uint8_t *p = early_memremap(pa, piece);

		if (!p)
			return 0;
		for (size_t i = 0; i < piece;) {
			for (size_t end = MIN(piece, i + ADLER_RUN); i < end; i++) {
				a += p[i];
				b += a;
			}
			a %= ADLER_MOD;
			b %= ADLER_MOD;
		}
		early_memunmap(p, piece);
		pa += piece;
		size -= piece;
	}
	return b << 16 | a;
}

static uint64_t rounded_size(struct boot_range r)
{
	return ALIGN_UP(r.base + r.size, (phys_addr_t)PAGE_SIZE) - r.base;
}

static void __init reserve_module(const struct boot_info *info, uint32_t i)
{
	struct boot_range r = info->modules[i].range;

	if (i)
		ledger_reserve(r.base, rounded_size(r), "module");
	else
		ledger_reserve_kern(r.base, rounded_size(r), "initrd");
}

/* Number @i among those that do not wait: while arrays cannot grow, 128 entries are all. */
static bool __init at_once(const struct boot_info *info, uint32_t i)
{
	return i < EARLY_MODULES || info->modules[i].range.base < SZ_1M;
}

void __init early_reserve_initrd(const struct boot_info *info)
{
	for (uint32_t i = 0; i < info->nr_modules && !MUTATE(skip_modules); i++)
		if (at_once(info, i))
			reserve_module(info, i);
	ledger_reserve(info->module_rest.base, info->module_rest.size, "modules");
}

void __init reserve_more_modules(const struct boot_info *info)
{
	for (uint32_t i = EARLY_MODULES; i < info->nr_modules; i++)
		if (!at_once(info, i))
			reserve_module(info, i);
}

/* ---- initrdmem= ------------------------------------------------------------------------ */

/* What initrdmem= and retain_initrd said; boot only. */
static struct {
	struct boot_range	initrdmem;
	bool			retain;
} initrd_wish __initdata;

/* Text behind the size is ignored; a word without a size leaves an earlier one in force. */
static int __init parse_initrdmem(char *val)
{
	phys_addr_t base;

	if (!val)		/* Linux differs: it reads the number that is not there */
		return -EINVAL;
	base = memparse(val, &val);
	if (*val == ',')
		initrd_wish.initrdmem = (struct boot_range){ base, memparse(val + 1, NULL) };
	return 0;
}
early_param("initrdmem", parse_initrdmem, "ADDRESS,SIZE: the initrd is already there, in RAM");
early_param("initrd", parse_initrdmem, "ADDRESS,SIZE: the same as initrdmem=");

void __init take_initrdmem(struct boot_info *info)
{
	static const char name[] = "initrdmem=";
	const struct boot_range wish = initrd_wish.initrdmem;
	phys_addr_t end = initrd_wish.initrdmem.base + wish.size;

	if (info->nr_modules || !wish.base || !wish.size)
		return;
	if (end < wish.base || end > phys_read_limit()) {
		boot_warn(info, "initrdmem=%#llx,%#llx: beyond all addresses of this CPU; ignored\n",
			  (ull)wish.base, (ull)wish.size);
		return;
	}
	boot_add_module(info, wish.base, end, name, sizeof(name) - 1);
	if (!info->modules[0].refused)
		reserve_module(info, 0);
}

/* ---- who else is there ------------------------------------------------------------------- */

static bool __init module_touches(struct boot_range r, phys_addr_t start, phys_addr_t end)
{
	return r.size && r.base < end && r.base + r.size > start;
}

/* Has anybody but module @self something in [start, end)? */
static bool __init is_shared(const struct boot_info *info, uint32_t self, phys_addr_t start,
			     phys_addr_t end)
{
	for (uint32_t i = 0; i < info->nr_modules; i++)
		if (i != self && !info->modules[i].refused &&
		    module_touches(info->modules[i].range, start, end))
			return true;
	for (uint32_t i = 0; i < info->nr_extents; i++)
		if (module_touches(info->extents[i].range, start, end))
			return true;
	for (unsigned int i = 0; acpi_table_at(i); i++)
		if (module_touches((struct boot_range){ acpi_table_at(i)->pa,
							acpi_table_at(i)->length }, start, end))
			return true;
	return module_touches(info->module_rest, start, end) ||
	       module_touches(info->kernel, start, end);
}

/* ---- to where they can be read ----------------------------------------------------------- */

/* The old place of module @i, with the rest of its last page if nobody else has that. */
static void __init free_old_place(const struct boot_info *info, uint32_t i, struct boot_range old)
{
	const phys_addr_t end = old.base + old.size;

	if (is_shared(info, i, end, ALIGN_UP(end, (phys_addr_t)PAGE_SIZE)))
		memblock_phys_free(old.base, old.size);
	else
		memblock_phys_free(old.base, rounded_size(old));
}

/* Copy module @i to [@to, ...), which is mapped.  False: it could not be read twice alike. */
static bool __init move_module(const struct boot_info *info, uint32_t i, phys_addr_t to,
			       uint32_t *sum)
{
	struct boot_module *m = &info->modules[i];
	struct boot_range from = m->range;

	if (!phys_read(phys_to_virt(to), from.base, from.size))
		return false;
	*sum = adler(to, from.size);
	m->range.base = to;
	free_old_place(info, i, from);
	return *sum == adler(from.base, from.size);
}

static void __init relocate_initrd(struct boot_info *info, uint32_t i)
{
	struct boot_module *m = &info->modules[i];
	struct boot_range from = m->range;
	uint64_t room = ALIGN_UP(from.size, (uint64_t)PAGE_SIZE);
	phys_addr_t to = memblock_phys_alloc_range(room, PAGE_SIZE, 0, get_max_mapped());
	const char *what = i ? "module" : "RAMDISK";
	uint32_t sum = 0;

	if (!to) {
		m->refused = true;
		boot_warn(info, "Cannot find place for new %s of size %lld; not used, stays at [mem %#llx-%#llx]\n",
			  what, (long long)from.size, (ull)from.base,
			  (ull)(from.base + from.size - 1));
		return;
	}
	ledger_name(to, room, i ? "module" : "initrd");
	pr_info("Allocated new %s: [mem %#010llx-%#010llx]\n", what, (ull)to,
		(ull)(to + from.size - 1));
	pr_info("Move %s from [mem %#010llx-%#010llx] to [mem %#010llx-%#010llx]\n", what,
		(ull)from.base, (ull)(from.base + from.size - 1),
		(ull)to, (ull)(to + from.size - 1));
	if (!move_module(info, i, to, &sum))
		boot_warn(info, "%s at %#llx: the copy differs from the original; bad memory?\n",
			  what, (ull)to);
	pr_info("%s: %llu bytes, Adler-32 %08x before and after\n", what, (ull)from.size, sum);
}

void __init reserve_initrd(struct boot_info *info)
{
	for (uint32_t i = 0; i < info->nr_modules; i++) {
		struct boot_range r = info->modules[i].range;
		phys_addr_t start = ALIGN_DOWN(r.base, (phys_addr_t)PAGE_SIZE);

		if (info->modules[i].refused)
			continue;
		if (!i)
			pr_info("RAMDISK: [mem %#010llx-%#010llx]\n", (ull)r.base,
				(ull)(r.base + rounded_size(r) - 1));
		if (!direct_map_covers(start, r.base + rounded_size(r)))
			relocate_initrd(info, i);
	}
}

/* ---- giving it back ------------------------------------------------------------------ */

core_flag("retain_initrd", &initrd_wish.retain, "keep the initrd's memory");

void __init free_initrd_mem(struct boot_info *info)
{
	struct boot_module *m = &info->modules[0];
	const phys_addr_t start = MAX(m->range.base, SZ_1M), end = m->range.base + m->range.size;
	phys_addr_t stop = ALIGN_UP(end, PAGE_SIZE);

	if (!info->nr_modules || m->refused || initrd_wish.retain || start >= end)
		return;
	if (is_shared(info, 0, start, ALIGN_DOWN(end, PAGE_SIZE))) {
		boot_warn(info, "initrd at %#llx overlaps something else; kept\n", (ull)start);
		return;
	}
	if (is_shared(info, 0, ALIGN_DOWN(end, PAGE_SIZE), stop))
		stop = ALIGN_DOWN(end, PAGE_SIZE);
	pr_info("RAMDISK: %llu bytes, Adler-32 %08x\n", (ull)m->range.size,
		adler(m->range.base, m->range.size));
	if (ARCH_KEEP_MEMBLOCK)
		memblock_free(phys_to_virt(ALIGN_DOWN(start, PAGE_SIZE)),
			      stop - ALIGN_DOWN(start, PAGE_SIZE));
	free_reserved_area(phys_to_virt(start), phys_to_virt(stop), -1, "initrd");
	m->freed = true;
}
