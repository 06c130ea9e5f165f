// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own objects beside the reference of reference.h, on machines nobody thought of.
 *
 *	differential FIRST COUNT	machines FIRST, FIRST + 1, ...; one line of KTAP for all
 *	differential N			one machine, its description and its log
 *
 * A machine is its number: number ─► struct machine ─► a loader's block, tables and a command
 * line ─► setup_arch() and the hand-over.  What comes out is compared after each stage, not only
 * at the end: the map, memblock's memory, nodes, zones, the buddy's pages.  The reference
 * takes from the kernel only what is reserved; that what must be reserved is, is a law here.
 */
#include "machine.h"

#include <asm/cpufeature.h>

#include "arch/x86_64/e820.h"
#include "kernel/lib/bug.h" /* warn_count() */
#include "kernel/lib/panic.h"
#include "kernel/lib/params.h"
#include "kernel/lib/phase.h"
#include "kernel/lib/printk.h"
#include "mm/ledger_sum.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/mm_init.h"
#include "mm/totalram.h"
#include "mm/page_alloc.h"
#include "mm/zone.h"
#include "tests/host/fuzz/switched_on.h"
#include "tests/host/include/host_mmu.h"
#include "tests/host/include/host_phys.h"
#include "tests/host/include/lib_reset.h"

#include <arch/memory.h>

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define M	      *(1ULL << 20)
#define G	      *(1ULL << 30)
#define T	      *(1ULL << 40)
#define HAND_OVER_MAX (24 G) /* of more RAM only the way to the zones is compared */

static struct {
	struct ref_list firmware, map, memory, reserved;
	struct ref_node node[REF_NODES];
	uint64_t memory_size, last_page;
	bool bootable;
} want;

static jmp_buf end_of_boot;
static bool loud;
static struct {
	unsigned long booted, zones_only, refused, by_nodes;
} seen;

static void __attribute__((noreturn, format(printf, 1, 2))) differ(const char *format, ...)
{
	va_list args;

	printf("1..1\nnot ok 1 differential\n");
	describe_machine();
	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n# once more, with its log: differential %" PRIu64 "\n", machine.number);
	fflush(stdout);
	exit(1);
}

/* ---- what is compared ----------------------------------------------------------------------- */

static void compare_map(const char *what, const struct e820_table *have,
			const struct ref_list *list)
{
	unsigned int k = 0;

	for (unsigned int i = 0; i < have->nr_entries; i++) {
		const struct e820_entry *e = &have->entries[i];

		if (!e->size)
			continue;
		while (k < list->count && list->at[k].start == list->at[k].end)
			k++;
		if (k == list->count)
			differ("%s: entry %u [%#" PRIx64 " + %#" PRIx64
			       "] %u is not in the reference",
			       what, i, e->addr, e->size, e->type);
		if (e->addr != list->at[k].start || e->addr + e->size != list->at[k].end ||
		    e->type != list->at[k].type)
			differ("%s: entry %u is [%#" PRIx64 ", %#" PRIx64
			       ") %u, reference: [%#" PRIx64 ", %#" PRIx64 ") %u",
			       what, i, e->addr, e->addr + e->size, e->type, list->at[k].start,
			       list->at[k].end, list->at[k].type);
		k++;
	}
	while (k < list->count && list->at[k].start == list->at[k].end)
		k++;
	if (k < list->count)
		differ("%s: the reference has [%#" PRIx64 ", %#" PRIx64 ") %u as well", what,
		       list->at[k].start, list->at[k].end, list->at[k].type);
}

static void compare_memory(void)
{
	const struct ref_list *list = &want.memory;

	if (memblock.memory.cnt != list->count)
		differ("memblock has %lu regions, reference: %u", memblock.memory.cnt, list->count);
	for (unsigned int i = 0; i < list->count; i++) {
		const struct memblock_region *r = &memblock.memory.regions[i];

		if (r->base != list->at[i].start || r->base + r->size != list->at[i].end)
			differ("memory[%u] is [%#llx, %#llx), reference: [%#" PRIx64 ", %#" PRIx64
			       ")",
			       i, (unsigned long long)r->base,
			       (unsigned long long)(r->base + r->size), list->at[i].start,
			       list->at[i].end);
	}
	if (memblock_phys_mem_size() != want.memory_size)
		differ("memory's size is %#llx, reference: %#" PRIx64,
		       (unsigned long long)memblock_phys_mem_size(), want.memory_size);
}

static void note_reserved(void)
{
	const struct memblock_region *r;

	want.reserved.count = 0;
	for_each_reserved_mem_region (r) {
		if (want.reserved.count == REF_LIST)
			differ("more reserved regions than the reference can hold");
		want.reserved.at[want.reserved.count++] =
			(struct ref_range){ .start = r->base, .end = r->base + r->size };
	}
}

/* Is one of memblock's arrays on the node of @piece?  It came there while nodes were found, so
 * either is right. */
static bool has_array(const struct ref_range *piece)
{
	const struct memblock_type *const types[] = { &memblock.memory, &memblock.reserved };
	const struct memblock_region *r;

	for (unsigned int i = 0; i < 2; i++) {
		const char *array = (const char *)types[i]->regions;
		uint64_t pa = (uint64_t)(array - host_phys_base);

		if (array < host_phys_base || pa >= HOST_PHYS_SIZE)
			continue;
		for_each_mem_region (r)
			if (r->nid == piece->nid && pa >= r->base && pa < r->base + r->size)
				return true;
	}
	return false;
}

/* Every byte of the memory on the node that the reference says; where two are right, ours is. */
static void compare_nodes(void)
{
	struct ref_list *list = &want.memory;
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < list->count; i++) {
		struct ref_range *piece = &list->at[i];
		const struct memblock_region *r;

		for_each_mem_region (r) {
			uint64_t start = r->base > piece->start ? r->base : piece->start;
			uint64_t end =
				r->base + r->size < piece->end ? r->base + r->size : piece->end;

			if (start >= end)
				continue;
			bytes += end - start;
			if (piece->nid == REF_ANY_NODE)
				piece->nid = r->nid;
			if (piece->nid != r->nid)
				differ("[%#" PRIx64 ", %#" PRIx64 ") is on node %d, reference: %d",
				       start, end, r->nid, piece->nid);
			if (has_array(piece))
				piece->hotplug = r->flags & MEMBLOCK_HOTPLUG;
			if (piece->hotplug != !!(r->flags & MEMBLOCK_HOTPLUG))
				differ("[%#" PRIx64 ", %#" PRIx64
				       ") is %shotplug, reference: %shotplug",
				       start, end, piece->hotplug ? "not " : "",
				       piece->hotplug ? "" : "not ");
		}
		bytes -= piece->end - piece->start;
	}
	if (bytes)
		differ("memory has lost or won bytes when it got nodes");
	seen.by_nodes += list->count && list->at[list->count - 1].nid > 0;
}

static void compare_zones(bool managed)
{
	for (int nid = 0; nid < (int)REF_NODES; nid++) {
		const struct ref_node *n = &want.node[nid];

		for (unsigned int z = 0; z < NR_ZONES; z++) {
			static const struct zone none;
			const struct zone *have =
				NODE_DATA(nid) ? &NODE_DATA(nid)->node_zones[z] : &none;
			const struct ref_zone_pages *w = &n->zone[z];

			if (have->present_pages != w->present ||
			    (w->present && (have->zone_start_pfn != w->start ||
					    have->spanned_pages != w->spanned)))
				differ("node %d zone %u: start %lu spanned %lu present %lu, "
				       "reference: %" PRIu64 " %" PRIu64 " %" PRIu64,
				       nid, z, have->zone_start_pfn, have->spanned_pages,
				       have->present_pages, w->start, w->spanned, w->present);
			if (managed && have->managed_pages != w->managed)
				differ("node %d zone %u: managed %lu, reference: %" PRIu64, nid, z,
				       have->managed_pages, w->managed);
		}
	}
}

/* Law 3, as far as one can say without having seen who reserves: this is in use. */
static void check_reserved(uint64_t start, uint64_t end, const char *what)
{
	for (unsigned int i = 0; i < want.reserved.count; i++) {
		if (want.reserved.at[i].start <= start && want.reserved.at[i].end > start)
			start = want.reserved.at[i].end;
	}
	if (start < end)
		differ("%s is not reserved at %#" PRIx64, what, start);
}

static void check_laws(void)
{
	if (memblock_type_broken(&memblock.memory) || memblock_type_broken(&memblock.reserved))
		differ("memblock is not in normal form");
	for (unsigned long i = 0; i < memblock.memory.cnt; i++) {
		uint64_t at_byte = memblock.memory.regions[i].base;
		uint64_t end = at_byte + memblock.memory.regions[i].size;

		for (unsigned int k = 0; k < want.map.count && at_byte < end; k++) {
			const struct ref_range *r = &want.map.at[k];

			if ((r->type == REF_RAM || r->type == REF_KERN) && r->start <= at_byte &&
			    r->end > at_byte)
				at_byte = r->end;
		}
		if (at_byte < end)
			differ("memory holds %#" PRIx64 ", which is no RAM", at_byte);
	}
}

static uint64_t ram_bytes(void)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < want.memory.count; i++)
		sum += want.memory.at[i].end - want.memory.at[i].start;
	return sum;
}

/* In place of kernel/lib/phase.c: each stage has just begun, so the one before is over. */
void boot_phase(const char *name)
{
	static const struct ref_movable none;

	if (loud)
		printf("# %s\n", name);
	if (!strcmp(name, "loader's words") || !strcmp(name, "map"))
		return;
	if (!want.bootable)
		differ("a map that cannot be used is not refused");
	if (!strcmp(name, "memblock")) {
		compare_map("firmware's map", e820_table_firmware, &want.firmware);
		compare_map("map", e820_table, &want.map);
		if (max_pfn != want.last_page)
			differ("last_pfn is %#lx, reference: %#" PRIx64, max_pfn, want.last_page);
		return;
	}
	check_laws();
	if (!strcmp(name, "direct map")) {
		compare_memory();
	} else if (!strcmp(name, "nodes")) {
		const struct ref_srat table = {
			machine.block, machine.cpu,	      machine.blocks,
			machine.cpus,  machine.srat_revision,
		};
		bool srat = machine.srat && !machine.numa_off;

		note_reserved();
		check_reserved(0, 1 M, "the first MiB");
		check_reserved(host_paging_setup.image_start, host_paging_setup.image_end,
			       "the image");
		if (srat)
			srat = ref_nodes(&want.memory, &want.reserved, &table, want.node);
		if (srat && ref_zones(&want.memory, &none, want.last_page, want.node) > MAX_ZONES)
			srat = false;
		if (!srat)
			ref_one_node(&want.memory, want.node);
	} else if (!strcmp(name, "early takers")) {
		compare_nodes();
		/* Zones have a number each, of which there are so many: first ZONE_MOVABLE is given
		 * up. */
		if (ref_zones(&want.memory, &machine.movable, want.last_page, want.node) >
		    MAX_ZONES)
			ref_zones(&want.memory, &none, want.last_page, want.node);
	} else if (!strcmp(name, "holes")) {
		compare_zones(false);
		if (ram_bytes() > HAND_OVER_MAX) {
			seen.zones_only++;
			longjmp(end_of_boot, 1);
		}
	}
}

static void halt(int status)
{
	static const char *const refusals[] = { "not enough memory: ", "no RAM in the memory map" };

	(void)status;
	if (strstr(panic_reason(), "Invalid user supplied memory map") && !want.bootable) {
		seen.refused++;
		longjmp(end_of_boot, 1);
	}
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (!strstr(panic_reason(), refusals[i]))
			continue;
		if (ram_bytes() > 16 M)
			differ("refused: %s", panic_reason());
		seen.refused++;
		longjmp(end_of_boot, 1);
	}
	differ("panic: %s", panic_reason());
}

/* All that can be said before a boot. */
static void ask_reference(void)
{
	uint64_t image = host_paging_setup.image_start, end = host_paging_setup.image_end;

	want.firmware.count = 0;
	for (unsigned int i = 0; i < machine.entries; i++)
		want.firmware.at[want.firmware.count++] = (struct ref_range){
			.start = machine.entry[i].base,
			.end = machine.entry[i].base + machine.entry[i].size,
			.type = machine.entry[i].type,
		};
	ref_firmware(&want.firmware);
	want.map.count = want.firmware.count;
	memcpy(want.map.at, want.firmware.at, want.firmware.count * sizeof(want.map.at[0]));
	for (unsigned int i = 0; i < machine.words; i++)
		ref_user_word(&want.map, &machine.word[i]);
	want.bootable = !machine.words || ref_user_end(&want.map);
	want.memory.count = 0;
	if (!want.bootable)
		return;
	ref_fix(&want.map, 1ULL << machine.phys_bits, image, end);
	want.last_page = ref_last_page(&want.map, 64 T);
	want.memory_size = ref_memory(&want.map, &want.memory);
}

static void boot(void)
{
	static const struct image_sizes image = { 0x20000, 0x10000, 0x6000, 0x8000, 0x8000 };
	uint64_t pages;

	put_machine();
	ask_reference();
	boot_machine();
	parse_args(machine.cmdline);
	check_laws();
	mm_core_init();
	check_laws();
	note_reserved();
	pages = ref_totals(&want.memory, &want.reserved, want.node);
	compare_zones(true);
	if (totalram_pages() != pages || nr_free_pages() != pages)
		differ("%lu pages in total, %lu free, reference: %" PRIu64, totalram_pages(),
		       nr_free_pages(), pages);
	if (!ledger_check())
		differ("the ledger is not even");
	page_alloc_init_late(&image);
	mm_initcalls();
	if (!ledger_check())
		differ("the ledger is not even in the end");
	if (warn_count())
		differ("there was a warning with a trace");
	seen.booted++;
}

static void one_machine(uint64_t number)
{
	switch_on();
	make_machine(number);
	panic_set_halt(halt);
	cpu.gbpages = host_paging_setup.gbpages = !roll(2);
	cpu.phys_bits = machine.phys_bits;
	if (!setjmp(end_of_boot))
		boot();
	host_phys_reset();
}

static void to_stdout(const char *text, size_t n)
{
	fwrite(text, 1, n, stdout);
}

static struct console console = { .name = "stdout", .write = to_stdout };

int main(int argc, char **argv)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

	loud = argc == 2;
	host_phys_init(HOST_PHYS_SIZE);
	if (loud) {
		make_machine(first);
		describe_machine();
		register_console(&console);
	}
	for (uint64_t i = 0; i < count; i++)
		one_machine(first + i);
	printf("1..1\nok 1 differential\n# %" PRIu64
	       " machines: %lu booted, %lu up to the zones, %lu refused; "
	       "%lu with several nodes\n",
	       count, seen.booted, seen.zones_only, seen.refused, seen.by_nodes);
	return 0;
}
