// SPDX-License-Identifier: GPL-2.0-only
/*
 * A second opinion: from a firmware's map, words of the command line and an SRAT to RAM, nodes,
 * zones and free pages, as Linux 6.12 is documented to do it.  Written from that description,
 * before and without a look at the code it is compared with; it shares nothing with it, not even
 * a header.  Everything is a plain list that is searched from its beginning: it is to be read,
 * not to be fast.
 *
 *   map ─► ref_firmware() ─► words ─► ref_user() ─► ref_fix() ─► ref_memory()
 *       ─► ref_nodes() ─► ref_zones() ─► ref_totals()
 *
 * Ranges are half-open.  An end is at most REF_TOP, so the last byte of the address space is in
 * no range.
 */
#ifndef TESTS_HOST_REFERENCE_REFERENCE_H
#define TESTS_HOST_REFERENCE_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#define REF_TOP	     UINT64_MAX
#define REF_PAGE     4096ull
#define REF_LIST     16384u /* entries of any list */
#define REF_NODES    1024u
#define REF_NO_NODE  (-1)
#define REF_ANY_NODE (-2) /* two nodes are equally near */

enum ref_type {
	REF_GAP = 0xfffffff0,
	REF_RAM = 1,
	REF_RESERVED = 2,
	REF_ACPI = 3,
	REF_PRAM = 12,
	REF_KERN = 128,
	REF_SOFT = 0xefffffff,
};

enum ref_zone { REF_DMA, REF_DMA32, REF_NORMAL, REF_MOVABLE, REF_ZONES };

struct ref_range {
	uint64_t start, end;
	uint32_t type; /* of a map */
	int nid;       /* of memory */
	bool hotplug;
};

struct ref_list {
	unsigned int count;
	struct ref_range at[REF_LIST];
};

enum ref_verb {
	REF_MEM,	 /* mem=size */
	REF_EXACT,	 /* memmap=exactmap */
	REF_ADD,	 /* memmap=size{@#$!}start, memmap=size%start+to */
	REF_CONVERT,	 /* memmap=size%start-from+to */
	REF_REMOVE_TYPE, /* memmap=size%start-from */
	REF_REMOVE,	 /* memmap=size%start */
	REF_LIMIT,	 /* memmap=size */
};

struct ref_word {
	enum ref_verb verb;
	uint64_t size, start;
	uint32_t from, to;
};

/* A memory entry of the SRAT, in the table's order; @pxm as the table has it. */
struct ref_block {
	uint64_t base, size;
	uint32_t pxm;
	bool enabled, hotplug;
};

/* @cpu: the domains of CPUs; @revision: of the table */
struct ref_srat {
	const struct ref_block *block;
	const uint32_t *cpu;
	unsigned int blocks, cpus, revision;
};

struct ref_zone_pages {
	uint64_t start, spanned, present, managed;
};

struct ref_node {
	bool known;	     /* a table named it */
	uint64_t first, end; /* page numbers; first == end: no memory */
	uint64_t movable;    /* its ZONE_MOVABLE begins here; 0: it has none */
	struct ref_zone_pages zone[REF_ZONES];
};

struct ref_movable {
	bool by_hotplug;		  /* movable_node */
	uint64_t kernelcore, movablecore; /* pages */
	unsigned int kernelcore_percent, movablecore_percent;
};

/* Each address gets the highest type that covers it; false, and nothing changed: a wrap, or less
 * than 2 entries. */
bool ref_sanitise(struct ref_list *map);
/* What the firmware said: wrapping entries are cut, then the map is sanitised. */
void ref_firmware(struct ref_list *map);
/* One word; then, after all of them, ref_user_end(): false means that there is no boot with this
 * map. */
void ref_user_word(struct ref_list *map, const struct ref_word *word);
bool ref_user_end(struct ref_list *map);
/* RAM above @limit goes, the image is RAM, page 0 and the window of the display are not. */
void ref_fix(struct ref_list *map, uint64_t limit, uint64_t image, uint64_t image_end);
/* The page behind the last of RAM or ACPI data below @limit: where the last zone ends. */
uint64_t ref_last_page(const struct ref_list *map, uint64_t limit);
/* The whole pages of @map that are RAM, as memblock has them; returns what it says its size is. */
uint64_t ref_memory(const struct ref_list *map, struct ref_list *memory);

/*
 * Gives @memory nodes by @srat; @reserved is what was reserved when it was read.  False: the
 * table is of no use, all is node 0.  @node has REF_NODES entries.
 */
bool ref_nodes(struct ref_list *memory, const struct ref_list *reserved,
	       const struct ref_srat *srat, struct ref_node *node);
/* All is node 0. */
void ref_one_node(struct ref_list *memory, struct ref_node *node);
/* first, end, movable, and all of zone[] but managed; returns how many zones have pages. */
unsigned int ref_zones(const struct ref_list *memory, const struct ref_movable *movable,
		       uint64_t last, struct ref_node *node);
/* managed of each zone: the pages of which no byte is in @reserved; returns their sum. */
uint64_t ref_totals(const struct ref_list *memory, const struct ref_list *reserved,
		    struct ref_node *node);

#endif
