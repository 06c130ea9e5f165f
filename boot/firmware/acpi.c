// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSDP -> RSDT or XSDT -> tables (ACPI 6.5, 5.2.5 to 5.2.11).
 *
 *	RSDP   0 "RSD PTR "  8 sum  9 OEM  15 revision  16 RSDT  20 length  24 XSDT  32 sum
 *	table  0 signature  4 length  8 revision  9 sum  10 OEM  16 OEM table  24 OEM revision
 *	      28 creator  32 creator's revision  36 body
 *
 * Nothing here follows a pointer from a table to a table but the root's entries and the
 * FADT's two (DSDT, FACS), so a ring of tables cannot trap it.
 */
#include "boot/acpi.h"

#include "boot/firmware/acpi_internal.h"
#include "boot/phys_read.h"
#include "kernel/lib/align.h"		/* MIN() */
#include "kernel/lib/mutate.h"
#include "kernel/lib/params.h"		/* early_param() */
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"
#include "kernel/lib/vsnprintf.h"	/* ksnprintf() */
#include "mm/memblock_event.h"

typedef unsigned long long ull;

#define MAX_ROOT_LENGTH		0x100000U
#define MAX_ROOT_ENTRIES	1024U	/* more are not read: real machines have 30 */

#define MAX_TOTAL		0x2000000U	/* 32 MiB in all: summing them up takes time */

#define RSDP_V1_SIZE		20U
#define RSDP_V2_SIZE		36U

#define FADT_FACS		36U
#define FADT_DSDT		40U
#define FADT_X_FACS		132U
#define FADT_X_DSDT		140U

struct header {
	char		signature[4];
	uint32_t	length;
	uint8_t		revision;
	uint8_t		checksum;
	char		oem[6];
	char		oem_table[8];
	uint32_t	oem_revision;
	char		creator[4];
	uint32_t	creator_revision;
};

_Static_assert(sizeof(struct header) == ACPI_HEADER_SIZE, "layout");

struct acpi_state acpi_state;

static int parse_acpi(char *val)
{
	if (!val)
		return -1;
	acpi_state.off |= strcmp(val, "off") == 0;
	return 0;
}
early_param("acpi", parse_acpi, "off: do not look at ACPI tables");

/* Foreign characters, to be printed: what is no ASCII letter, digit or sign becomes '?'. */
static const char *printable(char *to, const char *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	to[n] = '\0';
	while (n && !from[n - 1])	/* padding is blank */
		to[--n] = ' ';
	return to;
}

static void print_header(phys_addr_t pa, const struct header *h)
{
	char signature[5], oem[7], oem_table[9], creator[5];

	pr_info("ACPI: %-4.4s 0x%016llX %06X (v%.2d %-6.6s %-8.8s %08X %-4.4s %08X)\n",
		printable(signature, h->signature, 4), (ull)pa, h->length, h->revision,
		printable(oem, h->oem, 6), printable(oem_table, h->oem_table, 8), h->oem_revision,
		printable(creator, h->creator, 4), h->creator_revision);
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* Read a table's header.  Return: NULL, or why it cannot be a table. */
static const char *read_header(phys_addr_t pa, struct header *h)
{
	if (!pa)
		return "is at address 0";
	if (!phys_read(h, pa, sizeof(*h)))
		return "is out of reach";
	for (int i = 0; i < 4; i++)
		if (h->signature[i] < ' ' || h->signature[i] > '~')
			return "has no signature";
	if (h->length < (memcmp(h->signature, "FACS", 4) ? ACPI_HEADER_SIZE : 64))
		return "is shorter than its header";
	if (h->length > ACPI_MAX_LENGTH || h->length > phys_read_limit() - pa)
		return "is impossibly long";
	return NULL;
}

/* List the table at @pa.  Return: its record, or NULL if no table can be there. */
static struct acpi_table *add_table(struct boot_info *info, phys_addr_t pa)
{
	struct header h = { 0 };
	const char *wrong = read_header(pa, &h);

	if (!wrong && acpi_state.nr == ACPI_MAX_TABLES)
		wrong = "is one too many";
	if (!wrong && h.length > MAX_TOTAL - acpi_state.total_length)
		wrong = "is more than all tables of a machine";
	if (wrong) {
		boot_warn(info, "ACPI: table at %#llx %s (length %u); skipped\n", (ull)pa, wrong,
			  h.length);
		return NULL;
	}

	struct acpi_table *t = &acpi_state.tables[acpi_state.nr++];

	acpi_state.total_length += h.length;
	*t = (struct acpi_table){ .pa = pa, .length = h.length, .revision = h.revision };
	memcpy(t->signature, h.signature, 4);
	ksnprintf(t->owner, sizeof(t->owner), "ACPI %s", t->signature);
	if (strcmp(t->signature, "FACS") == 0) {	/* has no checksum and no OEM */
		pr_info("ACPI: %-4.4s 0x%016llX %06X\n", t->signature, (ull)pa, h.length);
		return t;
	}
	print_header(pa, &h);
	t->bad = phys_sum(pa, h.length) != 0;
	if (t->bad)
		boot_warn(info, "ACPI: %s at %#llx has a wrong checksum; not used\n", t->signature,
			  (ull)pa);
	return t;
}

/* The two tables that only the FADT knows. */
static void add_fadt_tables(struct boot_info *info, const struct acpi_table *fadt)
{
	uint64_t dsdt = 0, facs = 0;

	if (!acpi_read(fadt, FADT_X_DSDT, &dsdt, 8) || !dsdt)
		acpi_read(fadt, FADT_DSDT, &dsdt, 4);
	if (!acpi_read(fadt, FADT_X_FACS, &facs, 8) || !facs)
		acpi_read(fadt, FADT_FACS, &facs, 4);
	if (dsdt)
		add_table(info, dsdt);
	if (facs)
		add_table(info, facs);
}

/* Walk the root table at @pa, whose entries have @width bytes.  False: it is unusable. */
static bool add_root(struct boot_info *info, phys_addr_t pa, const char *name, uint32_t width)
{
	struct header h = { 0 };
	const char *wrong = read_header(pa, &h);
	uint32_t nr = (h.length - ACPI_HEADER_SIZE) / width;

	if (!wrong && memcmp(h.signature, name, 4) != 0)
		wrong = "has another signature";
	if (!wrong && h.length > MAX_ROOT_LENGTH)
		wrong = "is impossibly long";
	if (!wrong && phys_sum(pa, h.length) != 0)
		wrong = "has a wrong checksum";
	if (wrong) {
		boot_warn(info, "ACPI: %s at %#llx %s (length %u); ignored\n", name, (ull)pa, wrong,
			  h.length);
		return false;
	}
	print_header(pa, &h);
	if ((h.length - ACPI_HEADER_SIZE) % width || nr > MAX_ROOT_ENTRIES)
		boot_warn(info, "ACPI: %s has %u bytes of entries; %u entries are read\n", name,
			  h.length - ACPI_HEADER_SIZE, MIN(nr, MAX_ROOT_ENTRIES));

	for (uint32_t i = 0; i < nr && i < MAX_ROOT_ENTRIES; i++) {
		uint64_t entry = 0;

		phys_read(&entry, pa + ACPI_HEADER_SIZE + (phys_addr_t)i * width, width);

		const struct acpi_table *t = add_table(info, entry);

		if (t && !t->bad && strcmp(t->signature, "FACP") == 0)
			add_fadt_tables(info, t);
	}
	return true;
}

/* ---- the way in ------------------------------------------------------------------------------ */

static bool rsdp_good(phys_addr_t pa, uint8_t rsdp[RSDP_V2_SIZE])
{
	memset(rsdp, 0, RSDP_V2_SIZE);
	if (!phys_read(rsdp, pa, RSDP_V1_SIZE) || memcmp(rsdp, "RSD PTR ", 8) != 0 ||
	    phys_sum(pa, RSDP_V1_SIZE) != 0)
		return false;
	if (rsdp[15] < 2)
		return true;
	return phys_read(rsdp, pa, RSDP_V2_SIZE) && phys_sum(pa, RSDP_V2_SIZE) == 0;
}

/* @like: if not NULL, only one with these bytes will do. */
static bool rsdp_like(phys_addr_t pa, const void *like)
{
	uint8_t rsdp[RSDP_V2_SIZE];

	return rsdp_good(pa, rsdp) && (!like || memcmp(rsdp, like, RSDP_V1_SIZE) == 0);
}

static phys_addr_t scan_bios(const uint8_t *like)
{
	uint16_t segment = 0;
	phys_addr_t ebda, found = 0;

	phys_read(&segment, 0x40e, sizeof(segment));
	ebda = (phys_addr_t)segment << 4;
	if (ebda >= 0x20000 && ebda < 0xa0000)
		found = phys_scan(ebda, ebda + 1024, "RSD PTR ", 8, rsdp_like, like);
	return found ? found : phys_scan(0xe0000, 0x100000, "RSD PTR ", 8, rsdp_like, like);
}

/* The address UEFI itself gives in its configuration table, or 0. */
static phys_addr_t efi_rsdp(phys_addr_t systab)
{
	static const uint8_t acpi20[16] = {
		0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11,
		0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81,
	};
	uint8_t st[120], entry[24];

	if (!systab || !phys_read(st, systab, sizeof(st)) || memcmp(st, "IBI SYST", 8) != 0)
		return 0;
	for (uint64_t i = 0; i < get_le64(st + 104) && i < 256; i++) {
		if (!phys_read(entry, get_le64(st + 112) + i * sizeof(entry), sizeof(entry)))
			return 0;
		if (memcmp(entry, acpi20, sizeof(acpi20)) == 0)
			return get_le64(entry + 16);
	}
	return 0;
}

/*
 * A multiboot2 loader passes a copy; the original is the one to print.  Without either: 0.
 */
static phys_addr_t find_rsdp(struct boot_info *info, uint8_t rsdp[RSDP_V2_SIZE])
{
	phys_addr_t original;

	if (!info->rsdp) {
		original = info->efi_systab ? efi_rsdp(info->efi_systab) : scan_bios(NULL);
		return original && rsdp_good(original, rsdp) ? original : 0;
	}
	if (!rsdp_good(info->rsdp, rsdp)) {
		boot_warn(info, "ACPI: RSDP at %#llx is not one; ACPI is not used\n",
			  (ull)info->rsdp);
		return 0;
	}

	uint8_t other[RSDP_V2_SIZE];

	original = efi_rsdp(info->efi_systab);
	if (original && rsdp_good(original, other) && memcmp(other, rsdp, RSDP_V1_SIZE) == 0)
		return original;
	original = info->efi_systab ? 0 : scan_bios(rsdp);
	return original ? original : info->rsdp;
}

void acpi_boot_table_init(struct boot_info *info)
{
	uint8_t rsdp[RSDP_V2_SIZE];
	char oem[7];
	phys_addr_t pa;

	if (acpi_state.off || !(pa = find_rsdp(info, rsdp)))
		return;

	bool v2 = rsdp[15] >= 2;
	uint64_t xsdt = get_le64(rsdp + 24);

	pr_info("ACPI: RSDP 0x%016llX %06X (v%.2d %-6.6s)\n", (ull)pa,
		v2 ? get_le32(rsdp + 20) : RSDP_V1_SIZE, rsdp[15],
		printable(oem, (const char *)rsdp + 9, 6));
	if (v2 && xsdt && add_root(info, xsdt, "XSDT", 8))
		return;
	add_root(info, get_le32(rsdp + 16), "RSDT", 4);
}

void acpi_reserve_initial_tables(void)
{
	for (unsigned int i = 0; i < acpi_state.nr; i++) {
		struct acpi_table *t = &acpi_state.tables[i];

		pr_info("ACPI: Reserving %4s table memory at [mem 0x%llx-0x%llx]\n", t->signature,
			(ull)t->pa, (ull)(t->pa + t->length - 1));
		if (!MUTATE(skip_acpi))
			ledger_reserve(t->pa, t->length, t->owner);
	}
}

const struct acpi_table *acpi_find_table(const char *signature)
{
	for (unsigned int i = 0; i < acpi_state.nr; i++) {
		const struct acpi_table *t = &acpi_state.tables[i];

		if (!t->bad && strcmp(t->signature, signature) == 0)
			return t;
	}
	return NULL;
}

bool acpi_read(const struct acpi_table *table, uint32_t offset, void *to, uint32_t n)
{
	if (n > table->length || offset > table->length - n)
		return false;
	return phys_read(to, table->pa + offset, n);
}

const struct acpi_table *acpi_table_at(unsigned int i)
{
	return i < acpi_state.nr ? &acpi_state.tables[i] : NULL;
}
