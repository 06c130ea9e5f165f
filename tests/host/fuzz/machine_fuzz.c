// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a whole machine: map, nodes, modules, CPU and command line at once, booted from
 * the loader's block to after the hand-over, as kernel/main.c does it.
 *
 * The law: the boot ends with an even ledger, a sound buddy, no bad page and no WARN, with
 * memblock in normal form on the way there, or with one of the refusals below.  What can be
 * given back afterwards (huge pages, reserve_mem=) is, and the ledger is even again.
 *
 *	byte 0		bits 0-2: CPU with 1 GiB pages, 5 levels, no 2 MiB pages; 3: 40 address
 *			bits; 4: SLIT; 5: CEDT; 6: the loader is GRUB
 *	byte 1		map entries (5 bits; none: a PC of 256 MiB), modules (3 bits)
 *	byte 2		entries of SRAT (5 bits; none: no SRAT), its flags (3 bits)
 *	byte 3		where the loader's block is, where ACPI's tables are
 *	text, NUL	the command line
 *	records		map, modules: of six bytes each, see struct record
 *	SLIT		n, n * n bytes, if wanted
 *	records		SRAT
 *	the rest	CEDT if wanted, else more bytes of SRAT if there is one
 */
#include "fuzz.h"
#include <asm/cpufeature.h>
#include "switched_on.h"

#include "arch/x86_64/e820.h"
#include "boot/modules.h"
#include "arch/x86_64/paging.h"
#include "kernel/lib/phase.h"
#include "boot/multiboot2.h"
#include "host_mmu.h"
#include "host_phys.h"
#include "kernel/lib/align.h"
#include "kernel/lib/bug.h"		/* warn_count() */
#include "kernel/lib/panic.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "mm/hugetlb.h"
#include "mm/ledger_sum.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/mm_init.h"
#include "mm/numa_memblks.h"		/* numa_nodes.possible */
#include "mm/page_alloc.h"
#include "mm/page_wipe.h"
#include "mm/release.h"
#include "mm/system_hash.h"
#include "mm/vmstat.h"
#include "mm_machine.h"
#include "tests/host/include/lib_reset.h"

#include <arch/memory.h>
#include <arch/paging.h>
#include <arch/setup.h>

#include <setjmp.h>
#include <string.h>
#include "tests/host/include/put_bytes.h"

#define M	* (1ULL << 20)
#define G	* (1ULL << 30)

/* How a boot may end before the hand-over: what came in is no machine, and this says so. */
static const char *const refusals[] = {
	"not enough memory: ",
	"no RAM in the memory map",
	"Invalid user supplied memory map",
	"has no memory map",
};

static jmp_buf end_of_boot;

static void halt(int status)
{
	(void)status;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strstr(panic_reason(), refusals[i]))
			longjmp(end_of_boot, 1);
	fprintf(stderr, "panic: %s\n", panic_reason());
	abort();
}

/* ---- the input -------------------------------------------------------------------------- */

struct input {
	const uint8_t	*data;
	size_t		size;
};

/* The next @n bytes, zeros after the end. */
static void take(struct input *in, void *to, size_t n)
{
	size_t have = MIN(n, in->size);

	memset(to, 0, n);
	memcpy(to, in->data, have);
	in->data += have;
	in->size -= have;
}

static uint8_t take_byte(struct input *in)
{
	uint8_t byte;

	take(in, &byte, 1);
	return byte;
}

/*
 * A range, so that a small change of a byte is a page, a MiB or a GiB:
 *
 *	kind	bits 0-5: whatever; bit 6: base counts down from the end before; 7: up from it
 *	base	a number of pages: 11 bits << 5 bits
 *	size	likewise
 *	odd	bytes added to base (low half) and size (high half)
 */
struct record {
	uint8_t		kind;
	uint64_t	base, size;
};

static uint64_t amount(struct input *in)
{
	uint16_t v = (uint16_t)take_byte(in);

	v = (uint16_t)(v | take_byte(in) << 8);
	return (uint64_t)(v >> 5) << (v & 31) % 24 << PAGE_SHIFT;
}

static void take_record(struct input *in, struct record *r, uint64_t *end)
{
	uint8_t odd;

	r->kind = take_byte(in);
	r->base = amount(in);
	r->size = amount(in);
	odd = take_byte(in);
	r->base += (odd & 15) * 0x123u;
	r->size += (odd >> 4) * 0x2abu;
	if (r->kind & 0x80)
		r->base = *end + r->base;
	else if (r->kind & 0x40)
		r->base = *end - r->base;
	*end = r->base + r->size;
}

/* ---- writing into the machine's memory ---------------------------------------------------- */

static void put_bytes(const void *from, size_t n)
{
	memcpy(at, from, n);
	at += n;
}

/* ---- ACPI --------------------------------------------------------------------------------- */

static uint8_t *table_begin(const char *signature, uint8_t revision)
{
	uint8_t *table = at;

	put_bytes(signature, 4);
	put(4, 0);
	put(2, revision);
	put_bytes("FUZZ  MACHINE ", 14);
	put(12, 0);
	return table;
}

static void put_srat(struct input *in, uint8_t how, bool rest)
{
	uint8_t *table = table_begin("SRAT", how & 0x20 ? 1 : 3);
	unsigned int n = how & 31;
	struct record r;
	uint64_t end = 0;

	put(4, 1);
	put(8, 0);
	while (n--) {
		take_record(in, &r, &end);
		if (r.kind & 0x20) {			/* a CPU */
			put(2, 0x1000);
			put(1, r.kind & 7);
			put(1, r.base >> PAGE_SHIFT);
			put(4, !(r.kind & 8));
			put(8, 0);
			continue;
		}
		put(2, 0x2801); /* memory: 8 absent, 16 hotplug */
		put(4, r.kind & 7);
		put(2, 0);
		put(8, r.base);
		put(8, r.size);
		put(4, 0);
		put(4, !(r.kind & 8) | (r.kind & 16) >> 3);
		put(8, 0);
	}
	if (rest) {
		put_bytes(in->data, in->size);
		in->size = 0;
	}
	table_end(table);
}

static void put_slit(struct input *in)
{
	uint8_t *table = table_begin("SLIT", 1);
	unsigned int n = take_byte(in) % 9;

	put(8, n);
	for (unsigned int i = 0; i < n * n; i++)
		put(1, take_byte(in));
	table_end(table);
}

static void put_cedt(struct input *in)
{
	uint8_t *table = table_begin("CEDT", 1);

	put_bytes(in->data, in->size);
	in->size = 0;
	table_end(table);
}

/* Tables at @pa, then their root; @rsdp gets the root's address. */
static void put_acpi(struct input *in, phys_addr_t pa, uint8_t flags, uint8_t how,
		     uint8_t rsdp[36])
{
	uint8_t *tables[3], *root;
	unsigned int n = 0;

	at = phys_to_virt(pa);
	if (how & 31) {
		if (flags & 0x10) {
			tables[n++] = at;
			put_slit(in);
		}
		tables[n++] = at;
		put_srat(in, how, !(flags & 0x20));
	}
	if (flags & 0x20) {
		tables[n++] = at;
		put_cedt(in);
	}
	root = table_begin("XSDT", 1);
	for (unsigned int i = 0; i < n; i++)
		put(8, virt_to_phys(tables[i]));
	table_end(root);

	memset(rsdp, 0, 36);
	memcpy(rsdp, "RSD PTR ", 8);
	rsdp[15] = 2;
	put_at(rsdp + 20, 4, 36);
	put_at(rsdp + 24, 8, virt_to_phys(root));
	mend(rsdp, 20, rsdp + 8);
	mend(rsdp, 36, rsdp + 32);
}

/* ---- the loader's block ------------------------------------------------------------------- */

static uint8_t *tag_begin(uint32_t type)
{
	uint8_t *tag = at;

	put(4, type);
	put(4, 0);
	return tag;
}

static void tag_end(uint8_t *tag)
{
	put_at(tag + 4, 4, (uint64_t)(at - tag));
	while ((at - tag) % 8)
		put(1, 0);
}

static void put_entry(uint64_t base, uint64_t size, uint32_t type)
{
	put(8, base);
	put(8, size);
	put(4, type);
	put(4, 0);
}

static void put_usual_map(void)
{
	put_entry(0, 0x9fc00, 1);
	put_entry(0x9fc00, 0x400, 2);
	put_entry(0xf0000, 0x10000, 2);
	put_entry(1 M, 255 M - 0x20000, 1);
	put_entry(256 M - 0x20000, 0x20000, 2);
}

static void put_map(struct input *in, unsigned int n)
{
	static const uint32_t types[16] = {
		1, 2, 1, 3, 1, 4, 1, 5, 1, 7, 1, 12, 1, 128, 0xefffffff, 20,
	};
	uint8_t *tag = tag_begin(6);
	struct record r;
	uint64_t end = 0;

	put(4, 24);
	put(4, 0);
	if (!n)
		put_usual_map();
	while (n--) {
		take_record(in, &r, &end);
		put_entry(r.base, r.size, types[r.kind & 15]);
	}
	tag_end(tag);
}

static void put_module(struct input *in, uint64_t *end)
{
	uint8_t *tag = tag_begin(3);
	struct record r;

	take_record(in, &r, end);
	put(4, r.base);
	put(4, r.base + r.size);
	put_bytes("module", 7);
	tag_end(tag);
}

static void put_text(uint32_t type, const char *text)
{
	uint8_t *tag = tag_begin(type);

	put_bytes(text, strlen(text) + 1);
	tag_end(tag);
}

static void put_block(struct input *in, const char *cmdline, const uint8_t head[4])
{
	static const uint32_t acpi_places[8] = {
		0xe0000, 0x9e000, 0xf800000, 0xffe0004, 0x7fff7fd, 0x163ffc, 0x1000000, 0x2ff0123,
	};
	static const uint32_t places[8] = {
		0x10000, 0x90000, 0x170000, 0x1000000, 0xfff8, 0x1fffff8, 0x8000000, 0x3fffff0,
	};
	phys_addr_t pa = places[head[3] & 7];
	uint8_t *block, *tag, rsdp[36];
	uint64_t end = 0;

	block = at = phys_to_virt(pa);
	put(8, 0);
	put_text(2, head[0] & 0x40 ? "GRUB 2.06" : "fuzz");
	put_text(1, cmdline);
	put_map(in, head[1] & 31);
	for (unsigned int i = 0; i < head[1] >> 5; i++)
		put_module(in, &end);
	if (head[2] & 31 || head[0] & 0x20) {
		uint8_t *keep = at;

		put_acpi(in, acpi_places[head[3] >> 3 & 7], head[0], head[2], rsdp);
		at = keep;
		tag = tag_begin(15);
		put_bytes(rsdp, sizeof(rsdp));
		tag_end(tag);
	}
	tag_end(tag_begin(0));
	put_at(block, 4, (uint64_t)(at - block));
	setup_arch(MB2_MAGIC, pa);
}

/* ---- the boot ----------------------------------------------------------------------------- */

static void check_memblock(void)
{
	check(!memblock_type_broken(&memblock.memory) && !memblock_type_broken(&memblock.reserved));
}

/* Every node has a list of all others, nearest first: 234 nodes take two seconds under ASan. */
static void check_nodes(void)
{
	int nid, n = 0;

	for_each_node_in(nid, &numa_nodes.possible)
		n++;
	if (n > 40)
		longjmp(end_of_boot, 1);
}

static void check_size(void)
{
	phys_addr_t room = cpu.pse ? 8 G : 1 G;

	/* What touches all RAM. */
	if (page_options & (INIT_ON_FREE | PAGE_POISONING) || strstr(boot_info.cmdline, "memtest"))
		room = 12 M;
	if (memblock_phys_mem_size() > room)
		longjmp(end_of_boot, 1);
	for (uint32_t i = 0; i < boot_info.nr_modules; i++)
		if (boot_info.modules[i].range.size > 4 M)
			longjmp(end_of_boot, 1);
}

/*
 * A machine that would take seconds, or all of the host's memory, is left here.  In place of
 * kernel/lib/phase.c: nobody measures.
 */
void boot_phase(const char *name)
{
	check_memblock();			/* after each stage, not only at the end */
	if (strcmp(name, "direct map") == 0) {
		check_size();
	} else if (strcmp(name, "modules, ACPI") == 0) {
		/* Later a node may begin inside a page, which is then RAM to neither. */
		check(!paging_check(paging_ram_memblock));
	} else if (strcmp(name, "early takers") == 0) {
		check_nodes();
	}
}

static void free_initmem(void)
{
	paging_release_image(0x138000, 0x140000);
	free_reserved_area(phys_to_virt(0x138000), phys_to_virt(0x140000), POISON_FREE_INITMEM,
			   "unused kernel image (initmem)");
}

static void boot(struct input *in, const char *cmdline, const uint8_t head[4])
{
	static const struct image_sizes image = { 0x20000, 0x10000, 0x6000, 0x8000, 0x8000 };

	put_block(in, cmdline, head);
	parse_args(boot_info.cmdline);
	vfs_caches_init_early();
	check_memblock();
	mm_core_init();
	page_alloc_init_late(&image);
	mm_initcalls();
	e820__reserve_resources_late();
	free_initrd_mem(&boot_info);
	mark_rodata_ro();
	free_initmem();
	arch_report_meminfo(printk);
	buddy_report();
	ledger_print();
}

/* Every name after the last colon of a reserve_mem=. */
static void release_reserved(const char *cmdline)
{
	char name[32];

	while ((cmdline = strstr(cmdline, "reserve_mem="))) {
		size_t n = strcspn(cmdline, " \t\n\""), len = 0;

		while (len < n && len < sizeof(name) - 1 && cmdline[n - len - 1] != ':')
			len++;
		memcpy(name, cmdline + n - len, len);
		name[len] = '\0';
		reserve_mem_release_by_name(name);
		cmdline += n;
	}
}

static void check_sound(void)
{
	expect_mm_sound();
	check(!bad_page_count());
	check(!warn_count());
}

static void give_back(void)
{
	struct hstate *h;

	for (unsigned int i = 0; (h = hugetlb_get(i)); i++)
		check(hugetlb_resize(h, 0) == 0);
	check_sound();
	release_reserved(boot_info.cmdline);
	check_sound();
}

static void make_cpu(uint8_t flags)
{
	cpu.gbpages = host_paging_setup.gbpages = flags & 1;
	cpu.la57 = flags & 2;
	if (cpu.la57) {
		host_paging_setup.levels = 5;
		host_paging_setup.direct_base = 0xff11000000000000UL;
	}
	cpu.pse = host_paging_setup.pse = !(flags & 4);
	cpu.phys_bits = flags & 8 ? 40 : 46;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	char cmdline[BOOT_CMDLINE_SIZE] = "";
	uint8_t head[4];
	size_t len;

	if (size < 5 || size > 4096)
		return 0;
	if (!host_phys_base)
		host_phys_init(HOST_PHYS_SIZE);
	switch_on();
	panic_set_halt(halt);
	take(&in, head, sizeof(head));
	len = strnlen((const char *)in.data, in.size);
	take(&in, cmdline, MIN(len, sizeof(cmdline) - 1));
	take_byte(&in);
	make_cpu(head[0]);
	if (!setjmp(end_of_boot)) {
		boot(&in, cmdline, head);
		check_sound();
		give_back();
	}
	host_phys_reset();
	return 0;
}
