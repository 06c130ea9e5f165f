// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulator: the kernel's own objects, from the loader's block to the hand-over, in an
 * ordinary process.
 *
 *	sim MAGIC EBX [image=FIRST:NAME]... [ADDR=FILE]... [trace=FILE] [cpu=FLAG]... [ask=LINE]...
 *	    [log=FILE]
 *
 * ADDR=FILE puts a file into physical memory: the loader's block, ACPI tables, modules.
 * image= tells where the borders of the real kernel's image are (scripts/sim reads them from
 * kernel.elf), so that both reserve the same bytes.  ask= types a line into the monitor at the end;
 * the answer goes to stdout, as the log does without log=.  The log is what COM1 shows, without
 * stamps; the exit status is that of the verdict.
 *
 * What differs from a boot is only the machine: no CPU lines, no page tables that count.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <asm/cpufeature.h>
#include "boot/modules.h"
#include "arch/x86_64/paging.h"
#include "boot/boot_info.h"
#include "kernel/lib/monitor.h"
#include "kernel/lib/panic.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/snapshot.h"
#include "mm/ledger_sum.h"
#include "mm/log_buf.h"
#include "mm/mm_init.h"
#include "mm/release.h"
#include "mm/system_hash.h"
#include "mm/vmstat.h"
#include "tests/host/include/host_mmu.h"
#include "tests/host/include/host_phys.h"

#include <arch/memory.h>
#include <arch/paging.h>
#include <arch/serial.h>
#include <arch/setup.h>

static FILE *trace_file, *log_file;

/* What the monitor is asked at the end. */
static struct {
	const char	*line[8];
	unsigned int	count;
} questions;

static void __attribute__((noreturn)) die(const char *what, const char *about)
{
	fprintf(stderr, "sim: %s: %s\n", what, about);
	exit(2);
}

static void console_write(const char *s, size_t n)
{
	fwrite(s, 1, n, log_file ? log_file : stdout);
}

static void monitor_write(const char *s, size_t n)
{
	fwrite(s, 1, n, stdout);
}

static bool nobody_types(void)
{
	return false;
}

static const struct monitor_io monitor_io = { .can_type = nobody_types, .write = monitor_write };

static void ask(void)
{
	char line[256];

	monitor_set_io(&monitor_io);
	for (unsigned int i = 0; i < questions.count; i++) {
		snprintf(line, sizeof(line), "%s", questions.line[i]);
		monitor_run_line(line);
	}
}

static struct console console = { .name = "sim", .write = console_write };

/* ---- COM2 is a file ------------------------------------------------------------ */

bool serial_present(unsigned int index)
{
	return index == 1 && trace_file;
}

bool serial_is_console(unsigned int index)
{
	(void)index;
	return false;
}

void serial_write_raw(unsigned int index, const char *s, size_t n)
{
	(void)index;
	fwrite(s, 1, n, trace_file);
}

static void halt(int status)
{
	fflush(stdout);
	exit(status == EXIT_STATUS_PASS ? 0 : status);
}

/* ---- the machine ------------------------------------------------------------- */

static void load_file(uint64_t addr, const char *path)
{
	FILE *file = fopen(path, "rb");
	long size;

	if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0)
		die("cannot read", path);
	rewind(file);
	if (size && fread(phys_to_virt(addr), 1, (size_t)size, file) != (size_t)size)
		die("cannot read", path);
	fclose(file);
}

/* The image's borders, as linker.ld names them; kernel/lib/sections.h tells what they mean. */
static struct border {
	const char	*name;
	phys_addr_t	pa;
} borders[] = {
	{ "_text", 0 }, { "_etext", 0 }, { "__end_rodata", 0 }, { "_edata", 0 },
	{ "__init_begin", 0 }, { "__init_end", 0 }, { "_end", 0 }, { "__start_rodata", 0 },
	{ "_sdata", 0 }, { "_sinittext", 0 }, { "_einittext", 0 }, { "__initdata_begin", 0 },
	{ "__initdata_end", 0 }, { "__start_ro_after_init", 0 }, { "__end_ro_after_init", 0 }, { "__bss_start", 0 }, { "__bss_stop", 0 },
	{ "table_pages", 0 },
};

static phys_addr_t border(const char *name)
{
	for (size_t i = 0; i < sizeof(borders) / sizeof(borders[0]); i++)
		if (!strcmp(borders[i].name, name))
			return borders[i].pa;
	die("no such border of the image", name);
}

static void set_border(const char *text)
{
	const char *name = strchr(text, ':');

	for (size_t i = 0; name && i < sizeof(borders) / sizeof(borders[0]); i++)
		if (!strcmp(borders[i].name, name + 1))
			borders[i].pa = strtoull(text, NULL, 16);
}

/* The image's parts in the order of arch/x86_64/image.c. */
static const struct {
	const char	*from, *to;
	uint64_t	flags;
} rights[] = {
	{ "_text", "_etext", PTE_RX },
	{ "__start_rodata", "__end_rodata", PTE_RO },
	{ "__start_ro_after_init", "__end_ro_after_init", PTE_RW },
	{ "__end_ro_after_init", "_edata", PTE_RW },
	{ "__init_begin", "_sinittext", PTE_RW },
	{ "_sinittext", "_einittext", PTE_RX },
	{ "__initdata_begin", "__initdata_end", PTE_RW },
	{ "__bss_start", "__bss_stop", PTE_RW },
};

static void use_real_image(void)
{
	struct paging_setup *s = &host_paging_setup;

	if (!border("_end"))
		return;
	s->image_start = border("_text");
	s->image_end = border("_end");
	s->rodata_start = border("__start_rodata");
	s->rodata_end = border("__end_ro_after_init");
	memset(s->parts, 0, sizeof(s->parts));
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++)
		s->parts[i] = (struct image_part){ border(rights[i].from), border(rights[i].to),
						   rights[i].flags };
	if (border("table_pages")) {
		s->fixed = border("table_pages");
		s->fixed_end = s->fixed + PAGING_FIXED_PAGES * PAGE_SIZE;
		s->pool = s->fixed_end;
		s->pool_end = s->pool + PAGING_POOL_PAGES * PAGE_SIZE;
	}
}

static void set_cpu(const char *flag)
{
	if (!strncmp(flag, "phys-bits=", 10))
		cpu.phys_bits = (unsigned int)strtoul(flag + 10, NULL, 10);
	else if (!strcmp(flag, "gbpages"))
		cpu.gbpages = host_paging_setup.gbpages = true;
	else if (!strcmp(flag, "la57"))
		cpu.la57 = true;
	else
		die("no such CPU flag", flag);
}

static void take_word(const char *word)
{
	const char *value = strchr(word, '=');

	if (!value)
		die("not KEY=VALUE", word);
	value++;
	if (!strncmp(word, "image=", 6))
		set_border(value);
	else if (!strncmp(word, "cpu=", 4))
		set_cpu(value);
	else if (!strncmp(word, "ask=", 4) && questions.count < ARRAY_SIZE(questions.line))
		questions.line[questions.count++] = value;
	else if (!strncmp(word, "trace=", 6))
		trace_file = fopen(value, "w");
	else if (!strncmp(word, "log=", 4))
		log_file = fopen(value, "w");
	else
		load_file(strtoull(word, NULL, 16), value);
}

/* ---- the boot, as kernel/main.c has it --------------------------------------- */

/* A word of the kernel's that needs no deed here: a simulation always ends. */
static int parse_exit(char *val)
{
	(void)val;
	return 0;
}
core_param("exit", parse_exit, "accepted, as in the kernel");

static void report_memory(void)
{
	struct image_sizes image = {
		.code = border("_etext") - border("_text"),
		.rodata = border("__end_rodata") - border("__start_rodata"),
		.rwdata = border("_edata") - border("_sdata"),
		.init = border("__init_end") - border("__init_begin"),
		.bss = border("__bss_stop") - border("__bss_start"),
	};

	page_alloc_init_late(&image);
}

static void free_initmem(void)
{
	if (border("__init_end"))
		free_reserved_area(phys_to_virt(border("__init_begin")),
				   phys_to_virt(border("__init_end")), POISON_FREE_INITMEM,
				   "unused kernel image (initmem)");
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("usage", "sim MAGIC EBX [image=HEX:NAME]... [ADDR=FILE]... [trace=FILE] "
		    "[cpu=FLAG]... [ask=LINE]... [log=FILE]");
	for (int i = 3; i < argc; i++)
		take_word(argv[i]);
	use_real_image();
	printk_set_stamps(false);
	panic_set_halt(halt);
	register_console(&console);
	snapshot_init();

	setup_arch((uint32_t)strtoul(argv[1], NULL, 16), strtoull(argv[2], NULL, 16));
	pr_notice("Kernel command line: %s\n", boot_info.cmdline);
	parse_args(boot_info.cmdline);
	setup_log_buf();
	vfs_caches_init_early();
	mm_core_init();
	snapshot_handover();
	report_memory();
	mm_initcalls();
	free_initrd_mem(&boot_info);
	mark_rodata_ro();
	free_initmem();
	arch_report_meminfo(printk);
	buddy_report();
	ledger_print();
	snapshot_end();
	trace_flush();
	printk_flush();
	ask();
	if (trace_file)
		fclose(trace_file);
	return ledger_check() ? 0 : EXIT_STATUS_TESTS_FAILED;
}
