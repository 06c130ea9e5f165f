/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drawings of region arrays: parse, compare, print.  Knows the structures of
 * mm/memblock.h and nothing of its functions.
 */
#include "tests/host/model/picture.h"

#include <stdio.h>
#include <string.h>

static const struct {
	char		letter;
	int		nid;
	unsigned int	flags;
} letters[] = {
	{ '=', MAX_NUMNODES,	MEMBLOCK_NONE },
	{ '-', NUMA_NO_NODE,	MEMBLOCK_NONE },
	{ '0', 0,		MEMBLOCK_NONE },
	{ '1', 1,		MEMBLOCK_NONE },
	{ '2', 2,		MEMBLOCK_NONE },
	{ '3', 3,		MEMBLOCK_NONE },
	{ 'H', MAX_NUMNODES,	MEMBLOCK_HOTPLUG },
	{ 'M', MAX_NUMNODES,	MEMBLOCK_MIRROR },
	{ 'N', MAX_NUMNODES,	MEMBLOCK_NOMAP },
	{ 'D', MAX_NUMNODES,	MEMBLOCK_DRIVER_MANAGED },
	{ 'I', MAX_NUMNODES,	MEMBLOCK_RSRV_NOINIT },
	{ 'X', MAX_NUMNODES,	MEMBLOCK_HOTPLUG | MEMBLOCK_NOMAP },
	{ 'Y', MAX_NUMNODES,	MEMBLOCK_HOTPLUG | MEMBLOCK_MIRROR },
	{ 'h', 0,		MEMBLOCK_HOTPLUG },
	{ 'm', 0,		MEMBLOCK_MIRROR },
	{ 'n', 0,		MEMBLOCK_NOMAP },
	{ 'd', 0,		MEMBLOCK_DRIVER_MANAGED },
	{ 'i', 0,		MEMBLOCK_RSRV_NOINIT },
	{ 'x', 1,		MEMBLOCK_HOTPLUG },
	{ 'y', 1,		MEMBLOCK_MIRROR },
	{ 'z', 1,		MEMBLOCK_NOMAP },
};

int picture_known_nid(int nid)
{
#ifdef CONFIG_NUMA
	return nid;
#else
	(void)nid;
	return MAX_NUMNODES;
#endif
}

int picture_nid(const struct memblock_region *r)
{
#ifdef CONFIG_NUMA
	return r->nid;
#else
	(void)r;
	return MAX_NUMNODES;
#endif
}

struct picture_cell picture_cell(char letter)
{
	struct picture_cell cell = { .in = false, .nid = MAX_NUMNODES };

	if (letter == '.')
		return cell;
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
		if (letters[i].letter == letter)
			return (struct picture_cell){ true, picture_known_nid(letters[i].nid),
						      letters[i].flags };
	fprintf(stderr, "picture: no such letter '%c'\n", letter);
	__builtin_trap();
}

char picture_letter(int nid, unsigned int flags)
{
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
		if (picture_known_nid(letters[i].nid) == picture_known_nid(nid) &&
		    letters[i].flags == flags)
			return letters[i].letter;
	return '?';
}

static bool cells_equal(struct picture_cell a, struct picture_cell b)
{
	return a.in == b.in && (!a.in || (a.nid == b.nid && a.flags == b.flags));
}

/* Step to the next run of equal letters from *@at; false at the end of the drawing. */
static bool next_run(const char *drawing, size_t *at, size_t *len, struct picture_cell *cell)
{
	if (!drawing[*at])
		return false;
	*cell = picture_cell(drawing[*at]);
	for (*len = 1; drawing[*at + *len]; ++*len)
		if (!cells_equal(picture_cell(drawing[*at + *len]), *cell))
			break;
	return true;
}

static void set_nid(struct memblock_region *r, int nid)
{
#ifdef CONFIG_NUMA
	r->nid = nid;
#else
	(void)r;
	(void)nid;
#endif
}

void picture_load(struct memblock_type *type, const char *drawing, struct picture_grid grid)
{
	struct picture_cell cell;
	size_t at = 0, len;

	memset(type->regions, 0, type->max * sizeof(type->regions[0]));
	type->cnt = 0;
	type->total_size = 0;
	while (next_run(drawing, &at, &len, &cell)) {
		if (cell.in) {
			struct memblock_region *r = &type->regions[type->cnt++];

			r->base = grid.base + at * grid.unit;
			r->size = len * grid.unit;
			r->flags = (enum memblock_flags)cell.flags;
			set_nid(r, cell.nid);
			type->total_size += r->size;
		}
		at += len;
	}
	if (!type->cnt)
		set_nid(&type->regions[0], MAX_NUMNODES);
}

void picture_draw(const struct memblock_type *type, struct picture_grid grid, char *out,
		  size_t cells)
{
	memset(out, '.', cells);
	out[cells] = '\0';
	for (size_t c = 0; c < cells; c++) {
		phys_addr_t lo = grid.base + c * grid.unit, hi = lo + grid.unit;

		for (unsigned long i = 0; i < type->cnt; i++) {
			const struct memblock_region *r = &type->regions[i];

			if (r->base < hi && r->base + r->size > lo)
				out[c] = r->base <= lo && r->base + r->size >= hi ?
					 picture_letter(picture_nid(r), r->flags) : '#';
		}
	}
}

const char *picture_type_broken(const struct memblock_type *type)
{
	phys_addr_t sum = 0;

	if (type->cnt > type->max)
		return "more regions than room";
	for (unsigned long i = 0; i < type->cnt; i++) {
		const struct memblock_region *r = &type->regions[i];
		const struct memblock_region *prev = i ? r - 1 : NULL;

		if (!r->size)
			return "empty region";
		if (r->size > PHYS_ADDR_MAX - r->base)
			return "region wraps";
		if (prev && prev->base + prev->size > r->base)
			return "regions overlap or are unsorted";
		if (prev && prev->base + prev->size == r->base &&
		    prev->flags == r->flags && picture_nid(prev) == picture_nid(r))
			return "neighbours not merged";
		sum += r->size;
	}
	return sum == type->total_size ? NULL : "total_size is stale";
}

/* The first difference between array and drawing, or NULL. */
static const char *first_difference(const struct memblock_type *type, const char *drawing,
				    struct picture_grid grid)
{
	const char *broken = picture_type_broken(type);
	struct picture_cell cell;
	unsigned long idx = 0;
	size_t at = 0, len;

	if (broken)
		return broken;
	for (; next_run(drawing, &at, &len, &cell); at += len) {
		const struct memblock_region *r = &type->regions[idx];

		if (!cell.in)
			continue;
		if (idx++ >= type->cnt)
			return "a region is missing";
		if (r->base != grid.base + at * grid.unit)
			return "a region begins elsewhere";
		if (r->size != len * grid.unit)
			return "a region has another size";
		if (picture_nid(r) != cell.nid)
			return "a region has another node";
		if (r->flags != cell.flags)
			return "a region has other flags";
	}
	return idx == type->cnt ? NULL : "a region too many";
}

bool picture_same(const struct memblock_type *type, const char *drawing,
		  struct picture_grid grid, const char *what)
{
	const char *difference = first_difference(type, drawing, grid);
	size_t cells = strlen(drawing);
	char got[PICTURE_MAX + 1];

	if (!difference)
		return true;
	if (cells > PICTURE_MAX)
		cells = PICTURE_MAX;
	picture_draw(type, grid, got, cells);
	printf("# %s: %s\n#   want %s %s\n#   got  %s %s\n", what, difference, type->name,
	       drawing, type->name, got);
	for (unsigned long i = 0; i < type->cnt && i < 64; i++) {
		const struct memblock_region *r = &type->regions[i];

		printf("#   %s[%lu] [%#018llx-%#018llx] nid %d flags %#x\n", type->name, i,
		       (unsigned long long)r->base,
		       (unsigned long long)(r->base + r->size - 1), picture_nid(r),
		       (unsigned int)r->flags);
	}
	printf("#   cnt %lu max %lu total %#llx, cell %#llx at %#llx\n", type->cnt, type->max,
	       (unsigned long long)type->total_size, (unsigned long long)grid.unit,
	       (unsigned long long)grid.base);
	return false;
}
