// SPDX-License-Identifier: GPL-2.0-only
/*
 * SRAT -> nodes and their memory, SLIT -> distances (ACPI 6.5, 5.2.16 and 5.2.17), CEDT
 * -> windows that CXL devices may fill with memory (CXL 3.0, 9.17.1).
 *
 *	SRAT	36 table revision 1	40 reserved	48 entries, each type, length, ...
 *	SLIT	36 number of localities N		44 N * N distances of a byte
 *	CEDT	36 entries, each type, 0, 16 bits of length, ...
 *
 *	entry		length	domain	      flags	besides
 *	0 CPU		16	2, 9..11      4		3 APIC id
 *	1 memory	40	2..5	      28	8 base, 16 length
 *	2 x2APIC CPU	>= 24	4..7	      12	8 x2APIC id
 *	3 GICC CPU	>= 18	2..5	      10	6 processor uid
 *	5 initiator	>= 32	4..7	      24
 *
 *	CEDT: 1 window	>= 36			      8 base, 16 size
 *
 * A proximity domain is any 32-bit number (8 bits in tables of revision 1); nodes are
 * small numbers in the order in which domains appear, CPUs first.
 */
#include "boot/srat.h"

#include "boot/acpi.h"
#include "boot/firmware/acpi_entries.h"
#include "boot/firmware/srat_internal.h"
#include "boot/madt.h"			/* acpi_madt_cpus() */
#include "kernel/lib/align.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "mm/numa_memblks.h"

#include <arch/memory.h>

typedef unsigned long long ull;

#define SRAT_ENTRIES	48U
#define SLIT_COUNT	36U
#define SLIT_ENTRIES	44U

#define CEDT_ENTRIES	36U
#define CEDT_WINDOW	1
#define WINDOW_LENGTH	36U
#define MAX_WINDOWS	1024U	/* real machines have a dozen */

enum srat_type {
	SRAT_CPU	= 0,
	SRAT_MEMORY	= 1,
	SRAT_X2APIC	= 2,
	SRAT_GICC	= 3,
	SRAT_INITIATOR	= 5,
};

#define ENTRY_ENABLED		1U
#define MEMORY_HOTPLUG		2U
#define MEMORY_NON_VOLATILE	4U

#define MAX_DOMAINS	((uint32_t)MAX_NUMNODES)	/* as Linux: domains above have no node */
struct srat_state srat_state __initbss;

void __init disable_srat(void)
{
	srat_state.disabled = true;
}

static void __init bad_srat(void)
{
	pr_err("ACPI: SRAT: SRAT not used.\n");
	srat_state.disabled = true;
}

/* The node of a proximity domain, a new one if need be; -1 beyond the limits. */
static int __init domain_to_node(uint32_t domain)
{
	if (domain >= MAX_DOMAINS)
		return NUMA_NO_NODE;
	/* There are as many nodes as domains, so that one is always left. */
	if (srat_state.node_of[domain] < 0)
		srat_state.node_of[domain] = (int16_t)srat_state.nr_nodes++;
	return srat_state.node_of[domain];
}

/* ---- CPUs ------------------------------------------------------------------------------ */

static void __init take_present_cpu(const struct madt_cpu *cpu, void *context)
{
	(void)context;
	if (cpu->apic_id < MAX_APIC_ID)
		srat_state.present[cpu->apic_id / 64] |= 1ULL << (cpu->apic_id % 64);
}

static void __init add_cpu(uint32_t domain, uint32_t apic)
{
	int node = domain_to_node(domain);

	if (node < 0) {
		pr_err("SRAT: Too many proximity domains %x\n", domain);
		bad_srat();
		return;
	}
	numa_set_parsed(node);
	if (apic < MAX_APIC_ID && (srat_state.present[apic / 64] >> (apic % 64) & 1))
		numa_set_online(node);
}

/* A device that reads and writes memory of its own accord: its node is online.  False: end here. */
static bool __init take_initiator(const struct acpi_entry *e)
{
	int node;

	if (!(entry_32(e, 24) & ENTRY_ENABLED))
		return true;
	node = domain_to_node(entry_32(e, 4));
	if (node < 0) {
		pr_err("ACPI: SRAT: Too many proximity domains.\n");
		return false;
	}
	numa_set_parsed(node);
	numa_set_online(node);
	return true;
}

/* The domain in an entry of type SRAT_CPU. */
static uint32_t __init narrow_domain(const struct acpi_entry *e)
{
	uint32_t domain = e->body[0];

	if (srat_state.revision >= 2)
		domain |= entry_32(e, 8) & 0xffffff00;	/* offsets 9 to 11 */
	return domain;
}

/* What may name a domain besides memory. */
static bool __init take_cpu_entry(const struct acpi_entry *e, void *context)
{
	(void)context;
	if (srat_state.disabled)
		return true;
	switch (e->type) {
	case SRAT_CPU:
		if (e->length != 16)
			bad_srat();
		else if (entry_32(e, 4) & ENTRY_ENABLED)
			add_cpu(narrow_domain(e), e->body[1]);
		break;
	case SRAT_X2APIC:
		if (e->length < 24)
			bad_srat();
		else if (entry_32(e, 12) & ENTRY_ENABLED)
			add_cpu(entry_32(e, 4), entry_32(e, 8));
		break;
	case SRAT_GICC:
		if (e->length < 18)
			bad_srat();
		else if (entry_32(e, 10) & ENTRY_ENABLED)
			add_cpu(entry_32(e, 2), entry_32(e, 6));
		break;
	case SRAT_INITIATOR:
		return take_initiator(e);
	}
	return true;
}

/* ---- memory ---------------------------------------------------------------------------- */

static void __init add_memory(int node, uint32_t domain, const struct acpi_entry *e)
{
	phys_addr_t start = entry_64(e, 8), length = entry_64(e, 16), end = start + length;
	uint32_t flags = entry_32(e, 28);

	if (numa_add_memblk(node, start, end) < 0) {
		pr_err("ACPI: SRAT: Failed to add memblk to node %u [mem %#010llx-%#010llx]\n",
		       (unsigned int)node, (ull)start, (ull)end - 1);
		bad_srat();
		return;
	}
	numa_set_parsed(node);
	pr_info("ACPI: SRAT: Node %u PXM %u [mem %#010llx-%#010llx]%s%s\n", (unsigned int)node,
		domain, (ull)start, (ull)end - 1, flags & MEMORY_HOTPLUG ? " hotplug" : "",
		flags & MEMORY_NON_VOLATILE ? " non-volatile" : "");
	if (flags & MEMORY_HOTPLUG)
		memblock_mark_hotplug(start, length);
	max_possible_pfn = MAX(max_possible_pfn, (ull)PFN_UP(end - 1));
	srat_state.nr_memory++;
}

static bool __init take_memory_entry(const struct acpi_entry *e, void *context)
{
	uint32_t domain = entry_32(e, 2);
	int node;

	(void)context;
	if (e->type != SRAT_MEMORY || srat_state.disabled)
		return true;
	if (e->length < 40) {
		pr_err("ACPI: SRAT: Unexpected header length: %d\n", e->length);
		bad_srat();
		return true;
	}
	if (!(entry_32(e, 28) & ENTRY_ENABLED))
		return true;
	if (srat_state.revision <= 1)
		domain &= 0xff;
	node = domain_to_node(domain);
	if (node < 0) {
		pr_err("ACPI: SRAT: Too many proximity domains.\n");
		bad_srat();
	} else {
		add_memory(node, domain, e);
	}
	return true;
}

/* Return: false if the table's list of entries is broken. */
static bool __init read_srat(const struct acpi_table *t)
{
	memset(srat_state.present, 0, sizeof(srat_state.present));
	acpi_madt_cpus(take_present_cpu, NULL);
	srat_state.revision = t->revision;
	acpi_walk(t, SRAT_ENTRIES, SRAT_CPU, take_cpu_entry, NULL);
	return acpi_walk(t, SRAT_ENTRIES, SRAT_MEMORY, take_memory_entry, NULL);
}

/* ---- distances --------------------------------------------------------------------------- */

/* A locality is nearest to itself, or the table is not worth reading. */
static bool __init slit_row_valid(const struct acpi_table *t, uint32_t n, uint32_t row)
{
	uint8_t piece[256];

	for (uint32_t column = 0; column < n; column += sizeof(piece)) {
		uint32_t have = MIN(n - column, (uint32_t)sizeof(piece));

		if (!acpi_read(t, SLIT_ENTRIES + row * n + column, piece, have))
			return false;
		for (uint32_t i = 0; i < have; i++)
			if (column + i == row ? piece[i] != LOCAL_DISTANCE :
						piece[i] <= LOCAL_DISTANCE)
				return false;
	}
	return true;
}

/*
 * The number of localities; 0 if the table is not to be used.
 * Linux differs: it believes N, however short the table is.
 */
static uint32_t __init slit_localities(const struct acpi_table *t)
{
	uint64_t n = 0;
	bool valid = acpi_read(t, SLIT_COUNT, &n, sizeof(n)) && n <= ACPI_MAX_LENGTH &&
		     n * n <= t->length - SLIT_ENTRIES;

	for (uint32_t row = 0; valid && row < n; row++)
		valid = slit_row_valid(t, (uint32_t)n, row);
	if (valid)
		return (uint32_t)n;
	pr_info("ACPI: SLIT table looks invalid. Not used.\n");
	return 0;
}

static void __init read_slit(const struct acpi_table *t)
{
	const int16_t *node_of = srat_state.node_of;
	uint32_t n = slit_localities(t), domains = MIN(n, MAX_DOMAINS);
	uint8_t distance;

	for (uint32_t i = 0; i < domains; i++) {
		if (node_of[i] < 0)
			continue;
		for (uint32_t j = 0; j < domains; j++)
			if (node_of[j] >= 0 && acpi_read(t, SLIT_ENTRIES + i * n + j, &distance, 1))
				numa_set_distance(node_of[i], node_of[j], distance);
	}
}

/* ---- windows for CXL ----------------------------------------------------------------------- */

/* The window is its neighbours' if they reach into it, else it is a node of its own. */
static bool __init add_window(uint64_t start, uint64_t end, uint32_t *domain)
{
	int node;

	if (numa_fill_memblks(start, end))
		return true;
	node = domain_to_node((*domain)++);
	if (node < 0) {
		pr_err("ACPI: ACPI NUMA: Too many proximity domains while processing CFMWS.\n");
		return false;
	}
	if (numa_add_memblk(node, start, end) < 0)
		pr_warn("ACPI: ACPI NUMA: Failed to add memblk for CFMWS node %d [mem %#llx-%#llx]\n",
			node, (ull)start, (ull)end);
	numa_set_parsed(node);
	return true;
}

/*
 * Nodes of windows get domains above all others.  Linux differs: it believes an entry's
 * length, however short the table is, and reads any number of windows.
 */
static void __init read_cedt(const struct acpi_table *t)
{
	uint32_t domain = MAX_DOMAINS, windows = 0;
	uint8_t e[WINDOW_LENGTH];
	uint64_t start, size;
	uint16_t length;

	while (domain && srat_state.node_of[domain - 1] < 0)
		domain--;
	for (uint32_t at = CEDT_ENTRIES; acpi_read(t, at, e, 4); at += length) {
		memcpy(&length, e + 2, sizeof(length));
		if (!length) {
			pr_err("[CEDT:0x%02x] Invalid zero length\n", CEDT_WINDOW);
			return;
		}
		if (length < 4 || length > t->length - at || windows == MAX_WINDOWS) {
			pr_err("[CEDT:0x%02x] length %u at +%#x; the rest is not read\n", e[0],
			       length, at);
			return;
		}
		if (e[0] != CEDT_WINDOW || length < WINDOW_LENGTH ||
		    !acpi_read(t, at, e, WINDOW_LENGTH))
			continue;
		memcpy(&start, e + 8, sizeof(start));
		memcpy(&size, e + 16, sizeof(size));
		windows++;
		if (!add_window(start, start + size, &domain))
			return;
	}
}

/* Who asks for the nodes of CPUs. */
struct cpu_node_taker {
	void	(*take)(uint32_t apic_id, int nid, void *context);
	void	*context;
};

static bool __init take_cpu_node(const struct acpi_entry *e, void *context)
{
	const struct cpu_node_taker *taker = context;
	bool narrow = e->type == SRAT_CPU, wide = e->type == SRAT_X2APIC;
	uint32_t domain;

	if ((!narrow && !wide) || !(entry_32(e, wide ? 12 : 4) & ENTRY_ENABLED))
		return true;
	domain = wide ? entry_32(e, 4) : narrow_domain(e);
	if (domain < MAX_DOMAINS && srat_state.node_of[domain] >= 0)
		taker->take(wide ? entry_32(e, 8) : e->body[1], srat_state.node_of[domain],
			    taker->context);
	return true;
}

void __init acpi_cpu_nodes(void (*take)(uint32_t apic_id, int nid, void *context), void *context)
{
	const struct acpi_table *srat = acpi_find_table("SRAT");
	struct cpu_node_taker taker = { .take = take, .context = context };

	if (!srat || srat_state.disabled || !srat_state.nr_nodes)
		return;
	acpi_walk(srat, SRAT_ENTRIES, SRAT_CPU, take_cpu_node, &taker);
}

int __init acpi_numa_init(void)
{
	const struct acpi_table *cedt = acpi_find_table("CEDT");
	const struct acpi_table *srat = acpi_find_table("SRAT");
	const struct acpi_table *slit = acpi_find_table("SLIT");
	bool whole = true;

	srat_state.nr_nodes = 0;
	srat_state.nr_memory = 0;
	memset(srat_state.node_of, 0xff, sizeof(srat_state.node_of));
	if (srat)
		whole = read_srat(srat);
	if (slit)
		read_slit(slit);
	if (cedt)
		read_cedt(cedt);
	if (!whole || srat_state.disabled)
		return -EINVAL;
	return srat_state.nr_memory ? 0 : -ENOENT;
}
