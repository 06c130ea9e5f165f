/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Region arrays as drawings.
 *
 * A drawing is a string with one letter per cell of a regular grid; the letter
 * says whether memory or a reservation is there, on which node, with which
 * flags.  Equal neighbours are one region, because normal form merges them:
 *
 *	"..==00h."	[2,4) without node, [4,6) on node 0, [6,7) on node 0 and hotplug
 *
 * Tests state before and after as drawings, so a table row can be read, and a
 * failing row prints what was wanted above what was found.  Loading writes the
 * arrays by hand (it uses no function under test) and so also proves that the
 * implementation keeps no second copy of them.
 */
#ifndef TESTS_HOST_MODEL_PICTURE_H
#define TESTS_HOST_MODEL_PICTURE_H

#include "mm/memblock.h"

#define PICTURE_MAX	512	/* cells in a drawing */

/* Cell i covers [base + i * unit, base + (i + 1) * unit). */
struct picture_grid {
	phys_addr_t	base;
	phys_addr_t	unit;
};

/* What a letter stands for; nid is MAX_NUMNODES for "none given". */
struct picture_cell {
	bool		in;
	int		nid;
	unsigned int	flags;
};

/*
 * The letters.  '.' is nothing; any letter not listed is an error of the test.
 * Without CONFIG_NUMA the node of a letter is ignored, so drawings that differ
 * in nodes only are the same there.
 */
struct picture_cell picture_cell(char letter);
char picture_letter(int nid, unsigned int flags);

/* @nid, or MAX_NUMNODES where nodes do not exist. */
int picture_known_nid(int nid);

/* The node a region is known by: MAX_NUMNODES where nodes do not exist. */
int picture_nid(const struct memblock_region *r);

/* Make @type exactly what @drawing shows, including total_size. */
void picture_load(struct memblock_type *type, const char *drawing, struct picture_grid grid);

/*
 * Is @type exactly what @drawing shows?  Compares count, every field of every
 * region, total_size, and normal form.  If not, says so with both drawings;
 * @what names the case.
 */
bool picture_same(const struct memblock_type *type, const char *drawing,
		  struct picture_grid grid, const char *what);

/* Draw the first @cells cells of @type into @out (room for @cells + 1). */
void picture_draw(const struct memblock_type *type, struct picture_grid grid, char *out,
		  size_t cells);

/* Is @type sorted, disjoint, merged and summed right?  NULL, or what is wrong. */
const char *picture_type_broken(const struct memblock_type *type);

#endif /* TESTS_HOST_MODEL_PICTURE_H */
