// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/iomem and /sys/firmware/memmap against Linux itself.
 *
 * Each log of tests/linux-logs/takers has a map, a command line and /proc/iomem.  The map is
 * fed in and shaped as setup_arch() does; where Linux's kernel and crash kernel were is told;
 * then every line of Linux's about RAM, reserved ranges and what is in RAM has to come, in
 * this order, and no other.  Lines about devices and ROMs are Linux's alone.
 */
#include "ktap.h"

#include "arch/x86_64/map/e820_internal.h"
#include "arch/x86_64/iomem.h"
#include "kernel/lib/params.h"
#include "mm/crash.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/arch_reset.h"
#include "tests/host/include/lib_reset.h"
#include "tests/host/include/memblock_reset.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ROOM	8192

static const struct {
	const char	*name;
} logs[] = {
	{ "612-m1g-crashkernel-fixed" },
	{ "612-m1g-crashkernel-toobig" },
	{ "612-m1g-crashkernel128m" },
	{ "612-m1g-mem500m" },
	{ "612-m1g-mem512m-initrd-relocated" },
	{ "612-m1g-memmap-dollar-reserved" },
	{ "612-m1g-memmap-exactmap-buffers" },
	{ "612-m1g-memmap-many" },
	{ "612-m1g-memmap-odd-buffers" },
	{ "612-m4g-huge1g-1" },
	{ "612-m4g-initrd" },
	{ "612-m6g-initrd" },
	{ "612-q35-m4g-initrd" },
};

static struct { uint64_t base, size; uint32_t type, pad; } records[64];
static uint32_t nr_records;
static struct iomem_part parts[8];
static unsigned int nr_parts;
static char cmdline[2048], want[ROOM], got[ROOM], want_memmap[ROOM];

static int print_got(const char *fmt, ...)
{
	size_t n = strlen(got);
	va_list args;

	va_start(args, fmt);
	vsnprintf(got + n, ROOM - n, fmt, args);
	va_end(args);
	return 0;
}

/* In the names of what Linux finds in the machine; all other lines are about memory. */
static const char *const devices[] = {
	"PCI", "ROM", "0000:", "IOAPIC", "HPET", "PNP", "APIC", "iTCO", "pnp",
};

static void take_record(const char *line)
{
	unsigned long long first, last;
	char type[32];

	if (sscanf(line, "BIOS-e820: [mem %llx-%llx] %31[^\n]", &first, &last, type) != 3)
		return;
	records[nr_records].type = strcmp(type, "usable") ? 2 : 1;
	records[nr_records].base = first;
	records[nr_records++].size = last - first + 1;
}

/* A line of /proc/iomem: wanted, if it is about memory; the kernel's parts are told to ours. */
static void take_iomem(const char *line)
{
	static char names[8][64];
	unsigned long long first, last;
	char name[64];

	if (sscanf(line, " %llx-%llx : %63[^\n]", &first, &last, name) != 3)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		if (strstr(name, devices[i]))
			return;
	if (!strcmp(name, "Reserved"))	/* may be below a device in Linux */
		line += strspn(line, " ");
	strcat(want, line);
	if (!strcmp(name, "Crash kernel"))
		crashk_res = (struct crash_area){ first, last - first + 1 };
	if (strncmp(name, "Kernel ", 7) || nr_parts == ARRAY_SIZE(parts))
		return;
	snprintf(names[nr_parts], sizeof(names[0]), "%s", name);
	parts[nr_parts] = (struct iomem_part){ names[nr_parts], first, last - first + 1 };
	nr_parts++;
}

static bool read_log(const char *name)
{
	char path[256], line[4096];
	bool iomem = false;
	FILE *f;

	snprintf(path, sizeof(path), "tests/linux-logs/takers/%s.log", name);
	f = fopen(path, "r");
	nr_records = nr_parts = 0;
	want[0] = got[0] = want_memmap[0] = '\0';
	crashk_res = crashk_low_res = (struct crash_area){ 0 };
	while (f && fgets(line, sizeof(line), f)) {
		char *text = line[0] == '[' ? strstr(line, "] ") + 2 : line;

		if (strncmp(text, "Command line: ", 14) == 0) {
			snprintf(cmdline, sizeof(cmdline), "%s", text + 14);
			cmdline[strcspn(cmdline, "\n")] = '\0';
		}
		if (strncmp(text, "=====MEMMAP ", 12) == 0)
			strcat(want_memmap, text + 12);
		if (strncmp(text, "=====", 5) == 0)
			iomem = strstr(text, "BEGIN /proc/iomem") != NULL;
		else if (iomem)
			take_iomem(text);
		take_record(text);
	}
	if (f)
		fclose(f);
	return f != NULL;
}

KTAP_TABLE_TEST(test_iomem_is_what_linux_shows, logs, c)
{
	require_true(read_log(c->name));
	require_true(nr_records && nr_parts && want[0]);
	e820_reset();
	memblock_reset();
	params_reset();
	boot_info_init(&boot_info, 0x1000000, 0x2c11000);
	boot_info.map = (struct boot_map){
		(const uint8_t *)records, nr_records, sizeof(records[0]), "multiboot2 memory map",
	};
	expect_true(e820__memory_setup(&boot_info));
	parse_early_param(cmdline);
	e820__finish_early_params();
	e820_add_kernel_range(boot_info.kernel);
	trim_bios_range();
	/* A machine without PCI has no buffers: nobody keeps them. */
	iomem_print(parts, nr_parts, print_got);
	expect_null(strstr(got, "RAM buffer"));
	got[0] = '\0';
	e820__reserve_resources_late();
	iomem_print(parts, nr_parts, print_got);
	expect_str_eq(got, want);
	if (want_memmap[0]) {
		got[0] = '\0';
		firmware_map_print(print_got);
		expect_str_eq(got, want_memmap);
	}
}
