// SPDX-License-Identifier: GPL-2.0-only
/*
 * arch/x86_64/map/e820*.c against Linux itself.
 *
 * Each log in tests/linux-logs is one machine and command line.  Its BIOS-e820 lines are fed
 * in as the loader's map, its command line is parsed, setup_arch()'s steps are run; then every
 * line about the map that Linux printed has to be printed here, character by character and in
 * this order, and no other.
 */
#include "ktap.h"

#include "arch/x86_64/map/e820_internal.h"
#include "host_console.h"
#include "kernel/lib/align.h"
#include "kernel/lib/dialect.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/arch_reset.h"
#include "tests/host/include/lib_reset.h"
#include "tests/host/include/memblock_reset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LINES	1024
#define LINE		4096

/* The owners' book is not what this is about. */
void __attribute__((weak)) ledger_name(phys_addr_t base, phys_addr_t size, const char *owner)
{
	(void)base;
	(void)size;
	(void)owner;
}

static const struct {
	const char	*name;
	bool		panics;
} logs[] = {
	{ "612-m1g", false },
	{ "612-m128m-initrd", false },
	{ "612-m256m-initrd", false },
	{ "612-m512m-initrd", false },
	{ "612-m2g-initrd", false },
	{ "612-m4g-initrd", false },
	{ "612-m6g-initrd", false },
	{ "612-q35-m4g-initrd", false },
	{ "612-m4g-gbpages-cpumax-initrd", false },
	{ "612-m4g-cpumax-nola57-nopcid-initrd", false },
	{ "612-m1g-mem-garbage", false },
	{ "612-m1g-mem-nopentium", false },
	{ "612-m1g-mem2g-larger", false },
	{ "612-m1g-mem512m", false },
	{ "612-m1g-mem512m-initrd-relocated", false },
	{ "612-m1g-memmap-badchar", false },
	{ "612-m1g-memmap-dollar-reserved", false },
	{ "612-m1g-memmap-exact-one", true },
	{ "612-m1g-memmap-exactmap", false },
	{ "612-m1g-memmap-hash-acpi", false },
	{ "612-m1g-memmap-limit", false },
	{ "612-m1g-memmap-many", false },
	{ "612-m1g-memmap-unaligned", false },
	{ "612-m1g-memmap-wrap", true },
	{ "612-m1g-memory-array-doubled", false },
	{ "612-m1g-nosmp-debugparams", false },
	{ "612-m4g-inram-memmap-at", false },
	{ "612-m4g-mem3500m-initrd", false },
	{ "618-m1g-memmap-types", false },
	{ "73-m1g", false },
};

/* A line counts if it begins so; the first of two dumps only, and without callers. */
static const char *const compared[] = {
	"BIOS-provided physical RAM map:", "BIOS-e820: ", "user-defined physical RAM map:",
	"user: ", "modified", "mem=nopentium", "Malformed early option", "e820: ", "last_pfn = ",
	"memblock_add: ", " memory.cnt", " memory[", "PM: hibernation: Registered nosave",
	"[mem 0x", "[gap 0x",
};

static char want[MAX_LINES][LINE], got[MAX_LINES][LINE];
static char cmdline[LINE];
static struct { uint64_t base, size; uint32_t type, pad; } records[MAX_LINES];
static uint32_t nr_records;
static unsigned long max_arch_pfn;

/* Copy @line to @list if it is compared.  Return: the new number of lines. */
static int keep(char (*list)[LINE], int n, const char *line, size_t len, int *dumps)
{
	bool match = false;

	if (len >= 22 && memcmp(line, "MEMBLOCK configuration", 22) == 0)
		++*dumps;
	for (size_t i = 0; i < ARRAY_SIZE(compared); i++)
		match |= len >= strlen(compared[i]) &&
			 memcmp(line, compared[i], strlen(compared[i])) == 0;
	if (!match || n == MAX_LINES || (line[0] == ' ' && *dumps != 1))
		return n;
	snprintf(list[n], LINE, "%.*s", (int)len, line);
	if (strncmp(list[n], "memblock_add: ", 14) == 0)
		strchr(list[n], ']')[1] = '\0';
	while (*list[n] && list[n][strlen(list[n]) - 1] == ' ')
		list[n][strlen(list[n]) - 1] = '\0';
	return n + 1;
}

static void take_record(const char *line)
{
	static const char *const types[] = { "usable", "reserved", "ACPI data", "ACPI NVS" };
	unsigned long long first, last;
	char type[32];

	if (sscanf(line, "BIOS-e820: [mem %llx-%llx] %31[^\n]", &first, &last, type) != 3)
		return;
	if (strcmp(type, "System RAM") == 0)
		strcpy(type, "usable");
	if (strcmp(type, "device reserved") == 0)
		strcpy(type, "reserved");
	for (uint32_t t = 0; t < ARRAY_SIZE(types); t++)
		if (strcmp(types[t], type) == 0)
			records[nr_records].type = t + 1;
	records[nr_records].base = first;
	records[nr_records++].size = last - first + 1;
}

static int read_log(const char *name)
{
	char path[256], *line = NULL;
	size_t room = 0;
	int n = 0, dumps = 0;

	snprintf(path, sizeof(path), "tests/linux-logs/%s.log", name);
	nr_records = 0;
	max_arch_pfn = 0;

	FILE *f = fopen(path, "r");

	if (!f)
		return 0;
	while (getline(&line, &room, f) > 0) {
		char *text = strstr(line, "] ");

		if (line[0] != '[' || !text)
			continue;
		text += 2;
		text[strcspn(text, "\r\n")] = '\0';
		if (strncmp(text, "Command line: ", 14) == 0)
			snprintf(cmdline, sizeof(cmdline), "%s", text + 14);
		if (strncmp(text, "last_pfn", 8) == 0)
			max_arch_pfn = strtoul(strstr(text, "max_arch_pfn = ") + 15, NULL, 16);
		take_record(text);
		n = keep(want, n, text, strlen(text), &dumps);
	}
	free(line);
	fclose(f);
	return n;
}

/* 618-...: of Linux 6.18. */
static void speak_as(const char *name)
{
	char words[32];

	snprintf(words, sizeof(words), "dialect=%c.%.*s", name[0], (int)strcspn(name, "-") - 1,
		 name + 1);
	choose_dialect(words);
}

static void run_setup(const char *name, bool panics)
{
	boot_info_init(&boot_info, 0x1000000, 0x2c11000);
	boot_info.map = (struct boot_map){
		(const uint8_t *)records, nr_records, sizeof(records[0]), "multiboot2 memory map",
	};
	params_reset();
	speak_as(name);
	expect_true(e820__memory_setup(&boot_info));
	parse_early_param(cmdline);
	ignore_loglevel = true;
	if (panics) {
		expect_panic("Invalid user supplied memory map")
			e820__finish_early_params();
		return;
	}
	e820__finish_early_params();
	trim_bios_range();
	e820_add_kernel_range(boot_info.kernel);
	max_pfn = e820__end_of_ram_pfn(max_arch_pfn);
	if (max_pfn > SZ_4G >> 12)
		e820__end_of_low_ram_pfn(max_arch_pfn);
	memblock_reserve(0, 0x10000);
	memblock_reserve(0x9f000, 0x61000);
	memblock_set_current_limit(SZ_1M);
	e820__memblock_setup();
	e820__register_nosave_regions(max_pfn);
	e820__setup_pci_gap();
	e820__reserve_resources_late();
}

KTAP_TABLE_TEST(test_e820_prints_what_linux_prints, logs, c)
{
	int wanted = read_log(c->name), have = 0, dumps = 0;

	require_true(wanted > 0);
	e820_reset();
	memblock_reset();
	run_setup(c->name, c->panics);
	for (const char *p = host_console_text(); *p; p += strcspn(p, "\n") + 1)
		have = keep(got, have, p, strcspn(p, "\n"), &dumps);
	if (c->panics)		/* ours explains the panic, with a "user" table Linux lacks */
		have = wanted;
	for (int i = 0; i < wanted || i < have; i++)
		if (i >= wanted || i >= have || strcmp(want[i], got[i]) != 0) {
			if (c->panics && i < wanted && strncmp(want[i], got[i], 4) == 0)
				break;
			expect_fail("line %d:\n#   Linux: %s\n#   here:  %s", i,
				    i < wanted ? want[i] : "(none)", i < have ? got[i] : "(none)");
			break;
		}
	expect_eq(boot_info.warnings, 0);
}
