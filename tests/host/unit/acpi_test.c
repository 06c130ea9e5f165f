// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/firmware/acpi.c: Linux's lines for the tables of two machines, and tables that
 * lie.  All are built in fake physical memory.
 */
#include "ktap.h"
#include "ledger_reset.h"

#include "boot/acpi.h"
#include "arch/x86_64/image.h"
#include "boot/phys_read.h"
#include "host_console.h"
#include "host_phys.h"
#include "kernel/lib/types.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/arch_reset.h"
#include "tests/host/include/memblock_reset.h"

#include <arch/memory.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RSDP	0xf59d0UL
#define RSDT	0x7fe1ad8UL
#define XSDT	0x7e80000UL
#define FACP	0x7fe198cUL
#define DSDT	0x7fe0040UL
#define FACS	0x7fe0000UL
#define SRAT	0x7fe3000UL

static struct boot_info info;

KTAP_SETUP
{
	host_phys_init(1ULL << 32);
	early_paging_init();
	boot_info.phys_end = 1ULL << 32;
	acpi_reset();
	memblock_reset();
	ledger_reset();
	boot_info_init(&info, 0x100000, 0x64000);
}

static uint8_t *at(phys_addr_t pa)
{
	return phys_to_virt(pa);
}

static void put32(phys_addr_t pa, uint32_t v)
{
	memcpy(at(pa), &v, 4);
}

static void put64(phys_addr_t pa, uint64_t v)
{
	memcpy(at(pa), &v, 8);
}

/* Make the @n bytes at @pa add up to 0 by the byte at @sum. */
static void fix_sum(phys_addr_t pa, size_t n, phys_addr_t sum)
{
	uint8_t total = 0;

	*at(sum) = 0;
	for (size_t i = 0; i < n; i++)
		total = (uint8_t)(total + at(pa)[i]);
	*at(sum) = (uint8_t)-total;
}

static void header(phys_addr_t pa, const char *signature, uint32_t length)
{
	memcpy(at(pa), signature, 4);
	put32(pa + 4, length);
	*at(pa + 8) = 1;
	memcpy(at(pa + 10), "BOCHS BXPC    ", 14);
	put32(pa + 24, 1);
	memcpy(at(pa + 28), "BXPC", 4);
	put32(pa + 32, 1);
}

static void finish(phys_addr_t pa)
{
	uint32_t length;

	memcpy(&length, at(pa + 4), 4);
	fix_sum(pa, length, pa + 9);
}

static void rsdp(uint8_t revision, phys_addr_t rsdt, phys_addr_t xsdt)
{
	memcpy(at(RSDP), "RSD PTR ", 8);
	memcpy(at(RSDP + 9), "BOCHS ", 6);
	*at(RSDP + 15) = revision;
	put32(RSDP + 16, (uint32_t)rsdt);
	put32(RSDP + 20, 36);
	put64(RSDP + 24, xsdt);
	fix_sum(RSDP, 20, RSDP + 8);
	fix_sum(RSDP, 36, RSDP + 32);
}

/* RSDP -> RSDT -> FACP (-> DSDT, FACS), SRAT: what the hostile cases spoil. */
static void good_machine(void)
{
	rsdp(0, RSDT, 0);
	header(RSDT, "RSDT", 44);
	put32(RSDT + 36, FACP);
	put32(RSDT + 40, SRAT);
	finish(RSDT);
	header(FACP, "FACP", 0x74);
	put32(FACP + 36, FACS);
	put32(FACP + 40, DSDT);
	finish(FACP);
	header(DSDT, "DSDT", 0x194c);
	finish(DSDT);
	header(FACS, "FACS", 0x40);
	header(SRAT, "SRAT", 0x30);
	finish(SRAT);
}

static unsigned int count(void)
{
	unsigned int n = 0;

	while (acpi_table_at(n))
		n++;
	return n;
}

KTAP_TEST(test_acpi_tables_are_found_and_reserved)
{
	uint32_t signature;

	good_machine();
	acpi_boot_table_init(&info);
	acpi_reserve_initial_tables();
	expect_eq(count(), 4);
	expect_log("ACPI: RSDP 0x00000000000F59D0 000014 (v00 BOCHS )");
	expect_log("ACPI: FACS 0x0000000007FE0000 000040");
	expect_log("ACPI: Reserving DSDT table memory at [mem 0x7fe0040-0x7fe198b]");
	expect_true(memblock_is_reserved(SRAT + 0x2f));
	expect_false(memblock_is_reserved(SRAT + 0x30));
	for (unsigned int i = 0; i < count(); i++) {	/* also the first, and over its length */
		const struct acpi_table *t = acpi_table_at(i);

		expect_true(memblock_is_reserved(t->pa));
		expect_true(memblock_is_reserved(t->pa + t->length - 1));
	}
	expect_eq(info.warnings, 0);

	const struct acpi_table *srat = acpi_find_table("SRAT");

	require_true(srat);
	expect_null(acpi_find_table("SLIT"));
	expect_true(acpi_read(srat, 0, &signature, 4));
	expect_mem_eq(&signature, "SRAT", 4);
	expect_true(acpi_read(srat, 44, &signature, 4));
	expect_false(acpi_read(srat, 45, &signature, 4));
	expect_false(acpi_read(srat, 0xffffffff, &signature, 4));
}

KTAP_TEST(test_acpi_original_rsdp_is_preferred_to_the_loaders_copy)
{
	good_machine();
	memcpy(at(0x20008), at(RSDP), 20);
	info.rsdp = 0x20008;
	acpi_boot_table_init(&info);
	expect_log("ACPI: RSDP 0x00000000000F59D0");
	expect_eq(count(), 4);
}

KTAP_TEST(test_acpi_copy_of_the_rsdp_serves_alone)
{
	good_machine();
	memcpy(at(0x20008), at(RSDP), 20);
	memset(at(RSDP), 0, 36);
	info.rsdp = 0x20008;
	acpi_boot_table_init(&info);
	expect_log("ACPI: RSDP 0x0000000000020008");
	expect_eq(count(), 4);
}

/* The second sum covers what ACPI 2.0 added, the XSDT's address above all. */
KTAP_TEST(test_acpi_second_sum_of_the_rsdp_counts)
{
	good_machine();
	rsdp(2, RSDT, 0);
	(*at(RSDP + 32))++;
	info.rsdp = RSDP;
	acpi_boot_table_init(&info);
	expect_log("ACPI: RSDP at 0xf59d0 is not one; ACPI is not used");
	expect_eq(count(), 0);
}

/* The EBDA is where its word says, up to the display's window; its first KiB is looked through. */
static const struct {
	const char	*name;
	uint16_t	segment;
	phys_addr_t	rsdp;
	unsigned int	tables;
} ebdas[] = {
	{ "at 639 KiB", 0x9fc0, 0x9fc00, 4 },
	{ "last place in it", 0x9800, 0x983f0, 4 },
	{ "behind it", 0x9800, 0x98400, 0 },
	{ "lowest", 0x2000, 0x20010, 4 },
	{ "below the lowest", 0x1fff, 0x1fff0, 0 },
	{ "last below the window", 0x9ff0, 0x9ff10, 4 },
	{ "in the window", 0xa000, 0xa0010, 0 },
};

KTAP_TABLE_TEST(test_acpi_ebda_is_searched, ebdas, c)
{
	good_machine();
	memcpy(at(c->rsdp), at(RSDP), 36);
	memset(at(RSDP), 0, 36);
	memcpy(at(0x40e), &c->segment, 2);
	acpi_boot_table_init(&info);
	expect_eq(count(), c->tables);
}

KTAP_TEST(test_acpi_uefi_says_where_the_rsdp_is)
{
	static const uint8_t acpi20[16] = { 0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11,
					    0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 };

	good_machine();
	rsdp(2, RSDT, 0);
	memcpy(at(0x7f00000), at(RSDP), 36);
	memcpy(at(0x20008), at(RSDP), 36);
	memset(at(RSDP), 0, 36);
	memcpy(at(0x7e00000), "IBI SYST", 8);
	put64(0x7e00000 + 104, 2);
	put64(0x7e00000 + 112, 0x7e01000);
	memcpy(at(0x7e01000 + 24), acpi20, 16);
	put64(0x7e01000 + 40, 0x7f00000);
	info.rsdp = 0x20008;
	info.efi_systab = 0x7e00000;
	acpi_boot_table_init(&info);
	expect_log("ACPI: RSDP 0x0000000007F00000 000024 (v02 BOCHS )");
}

/* ---- what can be wrong --------------------------------------------------------------------- */

static void no_rsdp(void) { memset(at(RSDP), 0, 36); }
static void rsdp_sum(void) { (*at(RSDP + 8))++; }
static void rev0_xsdt(void) { rsdp(0, RSDT, 0x123456789abcdef0); }
static void xsdt_far(void) { rsdp(2, RSDT, 0xfffffffffffffff0); }
static void rsdt_null(void) { rsdp(0, 0, 0); }
static void rsdt_far(void) { rsdp(0, 0xfffffff8, 0); }
static void rsdt_length_0(void) { put32(RSDT + 4, 0); }
static void rsdt_length_35(void) { put32(RSDT + 4, 35); finish(RSDT); }
static void rsdt_long(void) { put32(RSDT + 4, 0x100001); }
static void rsdt_sum(void) { (*at(RSDT + 9))++; }
static void rsdt_odd(void) { put32(RSDT + 4, 46); finish(RSDT); }
static void rsdt_name(void) { memcpy(at(RSDT), "FOOO", 4); finish(RSDT); }
static void entry_null(void) { put32(RSDT + 40, 0); finish(RSDT); }
static void entry_self(void) { put32(RSDT + 40, RSDT); finish(RSDT); }
static void entry_nowhere(void) { put32(RSDT + 40, 0x70000000); finish(RSDT); }
static void entry_end(void) { put32(RSDT + 40, 0xfffffff0); finish(RSDT); }
static void length_0(void) { put32(SRAT + 4, 0); }
static void length_35(void) { put32(SRAT + 4, 35); }
static void length_4g(void) { put32(SRAT + 4, 0xffffffff); }
static void srat_sum(void) { (*at(SRAT + 9))++; }
static void srat_name(void) { memcpy(at(SRAT), "\1\2\3\4", 4); finish(SRAT); }
static void facp_short(void) { put32(FACP + 4, 36); finish(FACP); }
static void dsdt_self(void) { put32(FACP + 40, FACP); finish(FACP); }

static const struct {
	const char	*name;
	void		(*spoil)(void);
	unsigned int	tables;		/* listed */
	bool		srat;		/* still found */
	const char	*says;
} spoilt[] = {
	{ "no RSDP at all", no_rsdp, 0, false, NULL },
	{ "RSDP checksum", rsdp_sum, 0, false, NULL },
	{ "revision 0 with an XSDT", rev0_xsdt, 4, true, NULL },
	{ "XSDT out of reach", xsdt_far, 4, true, "ACPI: XSDT at 0xfffffffffffffff0 is out of reach" },
	{ "RSDT at 0", rsdt_null, 0, false, "ACPI: RSDT at 0x0 is at address 0" },
	{ "RSDT out of reach", rsdt_far, 0, false, "is out of reach" },
	{ "RSDT of no length", rsdt_length_0, 0, false, "is shorter than its header" },
	{ "RSDT of 35 bytes", rsdt_length_35, 0, false, "is shorter than its header" },
	{ "RSDT beyond 1 MiB", rsdt_long, 0, false, "is impossibly long" },
	{ "RSDT checksum", rsdt_sum, 0, false, "has a wrong checksum" },
	{ "RSDT with half an entry", rsdt_odd, 4, true, "has 10 bytes of entries; 2 entries" },
	{ "RSDT with another name", rsdt_name, 0, false, "has another signature" },
	{ "entry 0", entry_null, 3, false, "is at address 0" },
	{ "entry is the RSDT", entry_self, 4, false, NULL },
	{ "entry where nothing is", entry_nowhere, 3, false, "has no signature" },
	{ "entry at the end", entry_end, 3, false, "is out of reach" },
	{ "table of no length", length_0, 3, false, "is shorter than its header" },
	{ "table of 35 bytes", length_35, 3, false, "is shorter than its header" },
	{ "table of 4 GiB", length_4g, 3, false, "is impossibly long" },
	{ "table checksum", srat_sum, 4, false, "ACPI: SRAT at 0x7fe3000 has a wrong checksum" },
	{ "garbage for a name", srat_name, 3, false, "has no signature" },
	{ "FACP without pointers", facp_short, 2, true, NULL },
	{ "DSDT is the FACP", dsdt_self, 4, true, NULL },
};

KTAP_TABLE_TEST(test_acpi_nonsense_is_skipped, spoilt, c)
{
	acpi_reset();
	host_phys_reset();
	early_paging_init();
	good_machine();
	c->spoil();
	acpi_boot_table_init(&info);
	expect_eq(count(), c->tables);
	expect_eq(acpi_find_table("SRAT") != NULL, c->srat);
	if (c->says)
		expect_log(c->says);
}

KTAP_TEST(test_acpi_first_of_two_tables_wins_and_128_are_the_most)
{
	good_machine();
	header(XSDT, "XSDT", 36 + 8 * 2000);
	for (phys_addr_t i = 0; i < 2000; i++)
		put64(XSDT + 36 + 8 * i, i == 1 ? SRAT + 0x100 : SRAT);
	finish(XSDT);
	header(SRAT + 0x100, "SRAT", 0x40);
	finish(SRAT + 0x100);
	rsdp(2, RSDT, XSDT);
	acpi_boot_table_init(&info);
	expect_eq(count(), ACPI_MAX_TABLES);
	require_true(acpi_find_table("SRAT"));
	expect_eq(acpi_find_table("SRAT")->pa, SRAT);
	expect_log("is one too many");
}

KTAP_TEST(test_acpi_huge_tables_do_not_cost_minutes)
{
	good_machine();
	header(XSDT, "XSDT", 36 + 8 * 1000);
	for (phys_addr_t i = 0; i < 1000; i++) {
		put64(XSDT + 36 + 8 * i, 0x10000000 + i * 64);
		header(0x10000000 + i * 64, "HUGE", ACPI_MAX_LENGTH);
	}
	finish(XSDT);
	rsdp(2, RSDT, XSDT);
	acpi_boot_table_init(&info);
	expect_true(count() < 20);
}

/* ---- Linux's words ------------------------------------------------------------------------- */

static const struct {
	const char	*name;
} logs[] = { { "612-m1g" }, { "612-q35-m4g-initrd" }, { "612-efi-m1g" }, { "612-m6g-initrd" } };

static char want[64][160];

/* Build the table a line like "ACPI: FACP 0x... 000074 (v01 BOCHS  BXPC ..." speaks of. */
static void build(const char *line, phys_addr_t *root, uint32_t *entries)
{
	unsigned long long pa;
	unsigned int length, revision;
	char name[5];

	if (sscanf(line, "ACPI: %4s 0x%llx %x (v%u", name, &pa, &length, &revision) < 3)
		return;
	if (strcmp(name, "RSDP") == 0) {
		info.rsdp = pa;
		memcpy(at(pa), "RSD PTR ", 8);
		memcpy(at(pa + 9), strchr(line, '(') + 5, 6);
		*at(pa + 15) = (uint8_t)revision;
		put32(pa + 20, 36);
		return;
	}
	header(pa, name, length);
	const char *p = strchr(line, '(');
	if (p) {
		*at(pa + 8) = (uint8_t)revision;
		memcpy(at(pa + 10), p + 5, 6);
		memcpy(at(pa + 16), p + 12, 8);
		put32(pa + 24, (uint32_t)strtoul(p + 21, NULL, 16));
		memcpy(at(pa + 28), p + 30, 4);
		put32(pa + 32, (uint32_t)strtoul(p + 35, NULL, 16));
	}
	if (name[1] == 'S' && name[2] == 'D' && name[0] != 'D') {
		*root = pa;
	} else if (strcmp(name, "DSDT") == 0 || strcmp(name, "FACS") == 0) {
		phys_addr_t facp;

		memcpy(&facp, at(*root + 36), 4);
		facp &= 0xffffffff;
		put32(facp + (name[0] == 'D' ? 40 : 36), (uint32_t)pa);
	} else if (*at(*root) == 'X') {
		put64(*root + 36 + 8 * (*entries)++, pa);
	} else {
		put32(*root + 36 + 4 * (*entries)++, (uint32_t)pa);
	}
}

static int read_lines(const char *name, phys_addr_t *root)
{
	char path[200], line[400];
	uint32_t entries = 0;
	int n = 0;

	snprintf(path, sizeof(path), "tests/linux-logs/%s.log", name);

	FILE *f = fopen(path, "r");

	while (f && fgets(line, sizeof(line), f)) {
		char *text = strstr(line, "] ACPI: ");

		if (!text || n == 64 || strstr(line, "Early table"))
			continue;
		text += 2;
		if (!strstr(text, " 0x0000") && !strstr(text, "Reserving"))
			continue;
		text[strcspn(text, "\r\n")] = '\0';
		snprintf(want[n++], sizeof(want[0]), "%s", text);
		build(text, root, &entries);
	}
	if (f)
		fclose(f);
	return n;
}

KTAP_TABLE_TEST(test_acpi_says_what_linux_says, logs, c)
{
	phys_addr_t root = 0;
	int n, i = 0;

	acpi_reset();
	host_phys_reset();
	early_paging_init();
	host_console_reset();
	n = read_lines(c->name, &root);
	require_true(n > 10 && root && info.rsdp);
	put32(info.rsdp + 16, (uint32_t)root);
	put64(info.rsdp + 24, *at(root) == 'X' ? root : 0);
	fix_sum(info.rsdp, 20, info.rsdp + 8);
	fix_sum(info.rsdp, 36, info.rsdp + 32);
	for (phys_addr_t k = 0; k < (*at(root) == 'X' ? 16U : 8U); k++)
		if (want[k][0] == 'A' && strncmp(want[k], "ACPI: R", 7) != 0) {
			unsigned long long pa = strtoull(strstr(want[k], " 0x"), NULL, 16);

			if (memcmp(at(pa), "FACS", 4) != 0 && pa != root && strchr(want[k], '('))
				finish(pa);
		}
	finish(root);
	acpi_boot_table_init(&info);
	acpi_reserve_initial_tables();
	for (const char *p = host_console_text(); *p && i < n; p += strcspn(p, "\n") + 1) {
		char got[400];

		snprintf(got, sizeof(got), "%.*s", (int)strcspn(p, "\n"), p);
		if (strstr(got, "checksum"))
			continue;	/* contents are not those of the machine */
		expect_str_eq(got, want[i]);
		i++;
	}
	expect_eq(i, n);
}
