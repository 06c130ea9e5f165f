/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by the memblock tests: fresh start, and the runner of rows.
 */
#include "tests/host/model/mbtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/lib/bug.h"		/* warn_count() */
#include "mm/memblock/memblock_internal.h"
#include "tests/host/include/ktap.h"	/* ktap_expect_warns() */
#include "tests/host/include/memblock_reset.h"

const struct picture_grid page_grid = { .base = 0x1000000, .unit = 0x1000 };

/*
 * Where rows are played: bytes from 0; pages; bytes at an odd place; huge cells
 * across 4 GiB; the very end of the address space (the last byte stays out).
 */
static const struct picture_grid grids[] = {
	{ 0, 1 },
	{ 0x1000, 0x1000 },
	{ 0x123457, 3 },
	{ 0xffc00000, 0x200000 },
	{ PHYS_ADDR_MAX - 128 * 0x1000, 0x1000 },
};

/* Strangers around a row, one free cell apart. */
#define BELOW	"=.0.1.=.h.=.0.=.1.N.=.2.=.0."
#define ABOVE	".0.=.2.=.N.1.=.0.=.h.=.1.0.="

static unsigned int warns_seen;

void mbtest_reset(void)
{
	memblock_reset();
	mirrored_kernelcore = false;
	movable_node_enabled = false;
	warns_seen = warn_count();
}

bool mbtest_warned(void)
{
	unsigned int now = warn_count();
	bool warned = now != warns_seen;

	ktap_expect_warns(now - warns_seen);
	warns_seen = now;
	return warned;
}

void mbtest_load(const char *memory, const char *reserved, struct picture_grid grid)
{
	mbtest_reset();
	picture_load(&memblock.memory, memory ? memory : "", grid);
	picture_load(&memblock.reserved, reserved ? reserved : "", grid);
}

void span_range(const char *span, struct picture_grid grid, phys_addr_t *base,
		phys_addr_t *size)
{
	size_t first = strspn(span, "."), len = strcspn(span + first, ".");

	*base = grid.base + first * grid.unit;
	*size = len * grid.unit;
}

static bool works_on_reserved(enum row_op op)
{
	return op == ROW_RESERVE || op == ROW_PHYS_FREE || op == ROW_FREE ||
	       op == ROW_MARK_NOINIT || op == ROW_SET_NODE_RESERVED;
}

static int add_letter(phys_addr_t base, phys_addr_t size, char letter)
{
	struct picture_cell cell = picture_cell(letter);

	if (letter == '=')
		return memblock_add(base, size);
	return memblock_add_node(base, size, cell.nid, (enum memblock_flags)cell.flags);
}

static int apply(enum row_op op, phys_addr_t base, phys_addr_t size, char letter)
{
	switch (op) {
	case ROW_ADD:
		return add_letter(base, size, letter);
	case ROW_RESERVE:
		return memblock_reserve(base, size);
	case ROW_REMOVE:
		return memblock_remove(base, size);
	case ROW_PHYS_FREE:
		return memblock_phys_free(base, size);
	case ROW_FREE:
		memblock_free(phys_to_virt(base), (size_t)size);
		return 0;
	case ROW_MARK_HOTPLUG:
		return memblock_mark_hotplug(base, size);
	case ROW_CLEAR_HOTPLUG:
		return memblock_clear_hotplug(base, size);
	case ROW_MARK_MIRROR:
		return memblock_mark_mirror(base, size);
	case ROW_MARK_NOMAP:
		return memblock_mark_nomap(base, size);
	case ROW_CLEAR_NOMAP:
		return memblock_clear_nomap(base, size);
	case ROW_MARK_NOINIT:
		return memblock_reserved_mark_noinit(base, size);
	case ROW_SET_NODE:
	case ROW_SET_NODE_RESERVED:
		return memblock_set_node(base, size, works_on_reserved(op) ? &memblock.reserved :
					 &memblock.memory, picture_cell(letter).nid);
	}
	return -1;
}

/* The array the row is not about: its content must survive. */
#define OTHER	"..==.0"

/*
 * Arrays of exactly the entries that one operation may need, on the heap: with
 * ASan nobody reads or writes beside them unnoticed.
 */
static bool tight;

static void tighten(struct memblock_type *type, unsigned long cnt)
{
	type->max = cnt ? 2 * cnt + 1 : 2;
	type->regions = calloc(type->max, sizeof(type->regions[0]));
	if (!type->regions)
		abort();
}

static unsigned long regions_in(const char *drawing, struct picture_grid grid)
{
	unsigned long cnt;

	picture_load(&memblock.memory, drawing, grid);
	cnt = memblock.memory.cnt;
	picture_load(&memblock.memory, "", grid);
	return cnt;
}

static bool play(const struct row *row, const char *before, const char *span,
		 const char *after, struct picture_grid grid, bool check_warning)
{
	bool reserved = works_on_reserved(row->op);
	struct memblock_type *type = reserved ? &memblock.reserved : &memblock.memory;
	struct memblock_type *other = reserved ? &memblock.memory : &memblock.reserved;
	phys_addr_t base, size;
	bool good = true;
	int rc;

	mbtest_reset();
	if (tight)
		tighten(type, regions_in(before, grid));
	picture_load(type, before, grid);
	picture_load(other, OTHER, grid);
	span_range(span, grid, &base, &size);
	rc = apply(row->op, base, size, span[strspn(span, ".")]);
	if (rc) {
		printf("# %s: returned %d\n", row->name, rc);
		good = false;
	}
	good = picture_same(type, after, grid, row->name) && good;
	good = picture_same(other, OTHER, grid, row->name) && good;
	if (mbtest_warned() != row->warns && check_warning) {
		printf("# %s: %s\n", row->name, row->warns ? "did not warn" : "warned");
		good = false;
	}
	if (!good)
		printf("#   was  %s\n#   op   %s\n", before, span);
	if (tight)
		free(type->regions);
	return good;
}

struct strip {
	char	cells[PICTURE_MAX + 1];
};

static struct strip mirrored(const char *drawing)
{
	size_t len = strlen(drawing);
	struct strip out = { "" };

	for (size_t i = 0; i < len; i++)
		out.cells[i] = drawing[len - 1 - i];
	return out;
}

static struct strip surrounded(const char *drawing)
{
	struct strip out;

	snprintf(out.cells, sizeof(out.cells), BELOW "%s" ABOVE, drawing);
	return out;
}

static struct strip span_surrounded(const char *span)
{
	struct strip out = { "" };
	size_t len = strlen(span);

	memset(out.cells, '.', strlen(BELOW ABOVE) + len);
	memcpy(out.cells + strlen(BELOW), span, len);
	return out;
}

/* As drawn and mirrored: all rules but the one of warnings are symmetric. */
static bool play_both_ways(const struct row *row, const char *before, const char *span,
			   const char *after, struct picture_grid grid)
{
	struct strip was = mirrored(before), op = mirrored(span), becomes = mirrored(after);
	bool good = play(row, before, span, after, grid, true);

	return play(row, was.cells, op.cells, becomes.cells, grid, false) && good;
}

bool row_holds(const struct row *row)
{
	struct strip before = surrounded(row->before), after = surrounded(row->after);
	struct strip span = span_surrounded(row->span);
	bool good = true;

	for (size_t i = 0; i < ARRAY_SIZE(grids); i++) {
		/* memblock_free() is about mapped memory: host memory ends somewhere. */
		if (row->op == ROW_FREE && grids[i].base > PHYS_ADDR_MAX / 2)
			continue;
		good = play_both_ways(row, row->before, row->span, row->after, grids[i]) && good;
		tight = true;
		good = play_both_ways(row, row->before, row->span, row->after, grids[i]) && good;
		tight = false;
		good = play_both_ways(row, before.cells, span.cells, after.cells, grids[i]) &&
		       good;
	}
	return good;
}
