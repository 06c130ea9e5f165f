// SPDX-License-Identifier: GPL-2.0-only
/*
 * arch/x86_64/setup.c and modules.c as a whole: setup_arch() on fake machines that came in by
 * PVH.  Each runs in a child process, which starts with fresh state and ends like a machine.
 */
#include "ktap.h"

#include "arch/x86_64/e820.h"
#include "boot/modules.h"
#include "boot/pvh.h"
#include "host_console.h"
#include "host_phys.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/params.h"
#include "kernel/lib/types.h"
#include "mm/ledger_find.h"
#include "mm/ledger_sum.h"
#include "mm/memblock.h"
#include "mm/mm_init.h"
#include "mm/page_alloc.h"
#include "mm/totalram.h"

#include <arch/memory.h>
#include <arch/setup.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define START	0x21e0UL
#define CMDLINE	0x11c0UL
#define MAP	0x30000UL
#define MODLIST	0x40000UL

static struct { uint64_t base, size; uint32_t type, pad; } *map;
static struct { uint64_t base, size, cmdline, pad; } *modules;
static struct {
	uint32_t magic, version, flags, nr_modules;
	uint64_t modlist, cmdline, rsdp, memmap;
	uint32_t entries, pad;
} *start;

static void entry(uint64_t base, uint64_t size, uint32_t type)
{
	map[start->entries].base = base;
	map[start->entries].size = size;
	map[start->entries++].type = type;
}

static void module(uint64_t base, uint64_t size)
{
	modules[start->nr_modules].base = base;
	modules[start->nr_modules++].size = size;
}

static void put16(phys_addr_t pa, uint16_t v)
{
	memcpy(phys_to_virt(pa), &v, sizeof(v));
}

static void machine(const char *cmdline)
{
	host_phys_init(1ULL << 36);
	start = phys_to_virt(START);
	map = phys_to_virt(MAP);
	modules = phys_to_virt(MODLIST);
	start->magic = PVH_MAGIC;
	start->version = 1;
	start->cmdline = CMDLINE;
	start->modlist = MODLIST;
	start->memmap = MAP;
	strcpy(phys_to_virt(CMDLINE), cmdline);
	entry(0, 0x9fc00, 1);
	entry(0x9fc00, 0x400, 2);
	entry(0xf0000, 0x10000, 2);
	entry(0x100000, 0xfee0000, 1);		/* 256 MiB, like QEMU's pc */
	entry(0xffe0000, 0x20000, 2);
	put16(0x413, 639);
}

static void child_halt(int status)
{
	fflush(stdout);
	_exit(status);
}

/*
 * Run @body in a child; it returns 0 if all is well.  A panic ends it with status 35.
 */
static int in_child(int (*body)(const void *), const void *arg)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		panic_set_halt(child_halt);
		_exit(body(arg));
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* Line number of the first claim that does not hold, modulo 200 so that 35 stays a panic. */
#define claim(cond)								\
	do {									\
		if (!(cond)) {							\
			fprintf(stdout, "# %s:%d: not %s\n", __FILE__, __LINE__, #cond);	\
			fflush(stdout);						\
			return 100 + __LINE__ % 100;				\
		}								\
	} while (0)

static int boots_even(const void *arg)
{
	(void)arg;
	machine("memblock=debug");
	setup_arch(0, START);
	claim(host_console_has("last_pfn = 0xffe0 max_arch_pfn = 0x400000000"));
	claim(host_console_has("memblock_add: [0x0000000000100000-0x000000000ffdffff]"));
	claim(host_console_has("[0x000000000009f000-0x0000000000163fff]"));
	claim(host_console_has("[mem 0x10000000-0xffffffff] available for PCI devices"));
	claim(memblock_is_reserved(0x98000) && memblock_is_reserved(0xfffff));
	claim(!host_console_has("oddities"));
	return 0;
}

KTAP_TEST(test_setup_plain_machine)
{
	expect_eq(in_child(boots_even, NULL), 0);
}

static const struct bios_words {
	const char	*name;
	uint16_t	base_kib, ebda;
	phys_addr_t	start;		/* where the BIOS area begins in the first dump */
} bios_words[] = {
	{ "QEMU", 639, 0x9fc0, 0x9f000 },
	{ "nothing", 0, 0, 0x9f000 },
	{ "all ones", 0xffff, 0xffff, 0x9f000 },
	{ "low EBDA", 639, 0x9000, 0x90000 },
	{ "EBDA below 128K", 639, 0x1000, 0x9f000 },
	{ "base memory of 512K", 512, 0, 0x80000 },
	{ "base memory of 64K", 64, 0, 0x9f000 },
};

static int bios_area(const void *arg)
{
	const struct bios_words *c = arg;
	char want[64];

	machine("memblock=debug");
	put16(0x413, c->base_kib);
	put16(0x40e, c->ebda);
	setup_arch(0, START);
	snprintf(want, sizeof(want), "[0x%016llx-0x0000000000163fff]", (unsigned long long)c->start);
	claim(host_console_has(want));
	return 0;
}

KTAP_TABLE_TEST(test_setup_bios_area, bios_words, c)
{
	expect_eq(in_child(bios_area, c), 0);
}

static int initrd_moves(const void *arg)
{
	(void)arg;
	machine("mem=64M");
	module(0x8000000, 0x12345);
	for (unsigned int i = 0; i < 0x12345; i++)
		((uint8_t *)phys_to_virt(0x8000000))[i] = (uint8_t)(i * 7);
	setup_arch(0, START);
	claim(host_console_has("RAMDISK: [mem 0x08000000-0x08012fff]"));
	claim(host_console_has("Allocated new RAMDISK: [mem 0x03"));
	claim(host_console_has("Move RAMDISK from [mem 0x08000000-0x08012344] to"));
	claim(boot_info.modules[0].range.base < 0x4000000);
	claim(boot_info.modules[0].range.size == 0x12345);
	for (unsigned int i = 0; i < 0x12345; i++)
		claim(((uint8_t *)phys_to_virt(boot_info.modules[0].range.base))[i] ==
		      (uint8_t)(i * 7));
	claim(!memblock_is_reserved(0x8000000));
	return 0;
}

KTAP_TEST(test_setup_initrd_outside_of_memory_moves)
{
	expect_eq(in_child(initrd_moves, NULL), 0);
}

/*
 * Where one module ends inside of a page, the next begins; both lie partly outside of RAM.  The
 * first moves, and its old place is free for the second, but for what the second has of it:
 *
 *	RAM	     [-------------------------)
 *	modules	  [----------- 0 -----------][-- 1 --)
 */
static int neighbours_move(const void *arg)
{
	const uint64_t base = 0x800048c, size = 0x101803, next = base + size;
	const uint8_t *at;

	(void)arg;
	machine("");
	entry(0x8000000, 0x2000, 2);
	entry(0x8104000, 0x8000000, 2);
	memset(phys_to_virt(base), 0x33, size);
	for (uint64_t i = 0; i < 0x3000; i++)
		((uint8_t *)phys_to_virt(next))[i] = (uint8_t)(i * 7);
	module(base, size);
	module(next, 0x3000);
	setup_arch(0, START);
	claim(!host_console_has("differs from the original"));
	at = phys_to_virt(boot_info.modules[0].range.base);
	for (uint64_t i = 0; i < size; i++)
		claim(at[i] == 0x33);
	at = phys_to_virt(boot_info.modules[1].range.base);
	for (uint64_t i = 0; i < 0x3000; i++)
		claim(at[i] == (uint8_t)(i * 7));
	return 0;
}

KTAP_TEST(test_setup_modules_that_share_a_page_move)
{
	expect_eq(in_child(neighbours_move, NULL), 0);
}

/* Tables that had to borrow leave no trace at the top of RAM before the direct map is there. */
static int many_entries(const void *arg)
{
	(void)arg;
	machine("memblock=debug mem=0x9000000");
	for (unsigned int i = 0; i < 300; i++)
		entry(0x4000000 + i * 0x40000, 0x1000, 2);
	setup_arch(0, START);
	claim(host_console_has("memblock_phys_free: [0x0000000008e00000-0x0000000008ffffff]"));
	claim(e820_table->nr_entries > 300);
	return 0;
}

KTAP_TEST(test_setup_of_many_entries_maps_from_the_top)
{
	expect_eq(in_child(many_entries, NULL), 0);
}

struct wish {
	const char	*name, *cmdline, *log;
	uint64_t	size;		/* of the initrd there is in the end */
};

static const struct wish wishes[] = {
	{ "in place", "initrdmem=0x2000000,1000000", "RAMDISK: [mem 0x02000000-0x020f4fff]", 1000000 },
	{ "the other name", "initrd=32M,1M,x initrdmem=", "RAMDISK: [mem 0x02000000-0x020fffff]", SZ_1M },
	{ "the last one", "initrd=32M,1M initrd=33M,2M", "RAMDISK: [mem 0x02100000-0x022fffff]", SZ_2M },
	{ "outside", "mem=64M initrd=128M,1M", "Move RAMDISK from [mem 0x08000000-0x080fffff] to", SZ_1M },
	{ "no size", "initrdmem=0x2000000", "last_pfn", 0 },
	{ "no number", "initrdmem=x,1M", "last_pfn", 0 },
	{ "no value", "initrdmem", "Malformed early option 'initrdmem'", 0 },
	{ "wraps", "initrdmem=0x2000000,0xffffffffffffffff", "beyond all addresses", 0 },
	{ "too high", "initrdmem=8E,4K", "beyond all addresses", 0 },
};

static int initrd_wish(const void *arg)
{
	const struct wish *w = arg;

	machine(w->cmdline);
	setup_arch(0, START);
	claim(host_console_has(w->log));
	claim(boot_info.nr_modules == (w->size != 0));
	if (!w->size)
		return 0;
	claim(boot_info.modules[0].range.size == w->size);
	claim(memblock_is_region_reserved(boot_info.modules[0].range.base, w->size));
	return 0;
}

KTAP_TABLE_TEST(test_setup_initrdmem, wishes, w)
{
	expect_eq(in_child(initrd_wish, w), 0);
}

static const struct { const char *name, *cmdline; bool malformed; } memtest_words[] = {
	{ "no number", "memtest=0x", true }, { "rest", "memtest=1x", true },
	{ "empty", "memtest=", true }, { "too large", "memtest=0x100000000", true },
	{ "hex", "memtest=0x1", false }, { "none", "memtest=0", false }, { "all", "memtest", false },
};

static int memtest_word(const void *arg)
{
	machine(arg);
	setup_arch(0, START);
	return host_console_has("Malformed early option 'memtest'");
}

KTAP_TABLE_TEST(test_setup_memtest_words, memtest_words, w)
{
	expect_eq(in_child(memtest_word, w->cmdline), w->malformed);
}

/* The loader's own wins; nobody takes the kernel for an initrd. */
static int initrd_wish_in_vain(const void *arg)
{
	const bool with_module = arg;

	machine(with_module ? "initrdmem=0x2000000,1M" : "initrdmem=1M,1M");
	if (with_module)
		module(0x3000000, 0x1000);
	setup_arch(0, START);
	claim(boot_info.nr_modules == 1);
	if (with_module)
		claim(boot_info.modules[0].range.base == 0x3000000 &&
		      !memblock_is_reserved(0x2000000));
	else
		claim(boot_info.modules[0].refused && !memblock_is_reserved(0x1f0000));
	return 0;
}

KTAP_TEST(test_setup_initrdmem_in_vain)
{
	expect_eq(in_child(initrd_wish_in_vain, NULL), 0);
	expect_eq(in_child(initrd_wish_in_vain, "module"), 0);
}

static int initrd_too_big(const void *arg)
{
	(void)arg;
	machine("mem=16M");
	module(0x8000000, 0x4000000);
	setup_arch(0, START);
	claim(host_console_has("Cannot find place for new RAMDISK of size 67108864"));
	claim(boot_info.modules[0].refused);
	return 0;
}

KTAP_TEST(test_setup_initrd_without_room_is_refused)
{
	expect_eq(in_child(initrd_too_big, NULL), 0);
}

static int scattered_modules(const void *arg)
{
	(void)arg;
	machine("");
	for (uint64_t i = 0; i < 900; i++)	/* none next to another */
		module(0x1000000 + i * 0x3000, 0x800);
	setup_arch(0, START);
	claim(boot_info.nr_modules == 900);
	for (uint64_t i = 0; i < 900; i++)
		claim(memblock_is_reserved(0x1000000 + i * 0x3000));
	return 0;
}

KTAP_TEST(test_setup_900_scattered_modules_are_reserved)
{
	expect_eq(in_child(scattered_modules, NULL), 0);
}

static const struct refusal {
	const char	*name;		/* the command line */
	const char	*says;
} refusals[] = {
	{ "mem=1M", "not enough memory: " },
	{ "mem=640K", "given: mem=640K" },
	{ "memmap=exactmap", "Invalid user supplied memory map" },
	{ "memmap=0x8000000000000000@0x8000000000000000", "Invalid user supplied memory map" },
};

static int refuses(const void *arg)
{
	const struct refusal *c = arg;

	machine(c->name);
	setup_arch(0, START);
	return 1;
}

KTAP_TABLE_TEST(test_setup_refuses_cleanly, refusals, c)
{
	expect_eq(in_child(refuses, c), EXIT_STATUS_PANIC);
}

/* ---- the initrd goes back ------------------------------------------------------------- */

static const struct initrd_case {
	const char	*name;
	const char	*cmdline;
	struct { uint64_t base, size; } module[2];
	unsigned int	kib;		/* freed; 0: none */
} initrd_cases[] = {
	{ "whole pages", "", { { 0x8000000, 0x3000 } }, 12 },
	{ "to the next page end", "", { { 0x8000000, 0x2001 } }, 12 },
	{ "first page is somebody's", "", { { 0x8000800, 0x2000 } }, 8 },
	{ "last page shared with a module", "", { { 0x8000000, 0x2800 }, { 0x8002800, 0x800 } }, 8 },
	{ "next to a module", "", { { 0x8000000, 0x3000 }, { 0x8003000, 0x800 } }, 12 },
	{ "second module stays", "", { { 0x8000000, 0x1000 }, { 0x9000000, 0x5000 } }, 4 },
	{ "moved", "mem=64M", { { 0x8000000, 0x12345 } }, 76 },
	{ "less than a page, shared", "", { { 0x8000100, 0x100 }, { 0x8000800, 0x100 } }, 0 },
	{ "below 1 MiB", "", { { 0x80000, 0x3000 } }, 0 },
	{ "kept", "retain_initrd", { { 0x8000000, 0x3000 } }, 0 },
};

static int frees_initrd(const void *arg)
{
	static const struct image_sizes image;
	const struct initrd_case *c = arg;
	unsigned long total;
	char want[64];

	machine(c->cmdline);
	for (unsigned int i = 0; i < 2 && c->module[i].size; i++)
		module(c->module[i].base, c->module[i].size);
	setup_arch(0, START);
	parse_args(boot_info.cmdline);
	mm_core_init();
	page_alloc_init_late(&image);
	mm_initcalls();
	total = totalram_pages();
	free_initrd_mem(&boot_info);
	snprintf(want, sizeof(want), "Freeing initrd memory: %uK", c->kib);
	claim(host_console_has(want) == (c->kib != 0));
	claim(host_console_has("Freeing initrd") == (c->kib != 0));
	claim((totalram_pages() - total) * 4 == c->kib);
	claim(ledger_check());
	claim(!bad_page_count());
	if (c->module[1].size)
		claim(page_is_reserved(c->module[1].base >> 12));
	return 0;
}

KTAP_TABLE_TEST(test_setup_initrd_is_freed, initrd_cases, c)
{
	expect_eq(in_child(frees_initrd, c), 0);
}

/* ---- takers on the way through setup_arch() ---------------------------------------------- */

static const struct taker_case {
	const char	*name;		/* the command line */
	const char	*says[3];
} taker_cases[] = {
	{ "cma=32M crashkernel=64M hugepages=4 reserve_mem=1M:4096:trace",
	  { "cma: Reserved 32 MiB at 0x", "crashkernel reserved: 0x", "pre-allocated 4 pages" } },
	{ "movable_node cma=32M crashkernel=64M", { "cma: Reserved 32", "crashkernel reserved" } },
	{ "crashkernel=32M@16M cma=16M@48M", { "crashkernel reserved: 0x0000000001000000",
					       "cma: Reserved 16 MiB at 0x0000000003000000" } },
	{ "crashkernel=32M@0x100000", { "crashkernel reservation failed - memory is in use." } },
	{ "crashkernel=300M cma=300M hugepages=300 reserve_mem=300M:0:x",
	  { "cma: Failed to reserve 300 MiB", "crash kernel: 314572800 bytes",
	    "HugeTLB: allocating 300 of page size 2.00 MiB failed." } },
	{ "numa=fake=2 cma=32M hugepages=0:2,1:2 movablecore=64M",
	  { "cma: Reserved 32 MiB", "pre-allocated 4 pages" } },
	{ "mem=64M crashkernel=16M,high", { "crashkernel reserved: 0x" } },
};

static int takes(const void *arg)
{
	static const struct image_sizes image;
	const struct taker_case *c = arg;
	phys_addr_t pa, size;

	machine(c->name);
	setup_arch(0, START);
	parse_args(boot_info.cmdline);
	mm_core_init();
	page_alloc_init_late(&image);
	mm_initcalls();
	for (unsigned int i = 0; i < 3 && c->says[i]; i++)
		claim(host_console_has(c->says[i]));
	claim(!host_console_has("Unknown kernel command line"));
	claim(reserve_mem_find_by_name("trace", &pa, &size) == !!strstr(c->name, ":trace"));
	if (strstr(c->name, ":trace")) {
		struct ledger_answer answer;

		ledger_find(pa, &answer);
		claim(answer.base == pa && answer.size == size && !strcmp(answer.owner, "trace"));
		claim(reserve_mem_release_by_name("trace"));
		ledger_find(pa, &answer);
		claim(answer.state == LEDGER_BUDDY_FREE);
	}
	claim(ledger_check());
	claim(!bad_page_count());
	return 0;
}

KTAP_TABLE_TEST(test_setup_takers, taker_cases, c)
{
	expect_eq(in_child(takes, c), 0);
}
