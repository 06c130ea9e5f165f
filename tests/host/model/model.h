/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What memblock must be, as a map of cells.
 *
 * The model knows one thing per cell of a small grid: is there memory, on which
 * node, with which flags; is it reserved, for which node, with which flags.
 * Every operation is a loop over cells.  There are no arrays of regions, no
 * splitting, no merging, no searching by halves and nothing clever: slow, and
 * obviously right.  The arrays of memblock must always be the runs of equal
 * cells (normal form), and whoever disagrees with the model is wrong.
 *
 * Addresses are cell numbers; spans are half-open [first, end), 0 <= first <=
 * end <= cells.  The cell of physical page 0, if the grid has one, is a cell
 * like any other, except that model_find() never hands it out.
 */
#ifndef TESTS_HOST_MODEL_MODEL_H
#define TESTS_HOST_MODEL_MODEL_H

#include "tests/host/model/picture.h"

#define MODEL_CELLS	1024
#define MODEL_NOWHERE	((size_t)-1)

struct model_type {
	struct picture_cell	cell[MODEL_CELLS];
	phys_addr_t		stale;	/* bytes trim left in total_size by Linux's quirk */
	bool			warned;	/* set when Linux would WARN; the caller clears it */
};

struct model {
	struct picture_grid	grid;
	size_t			cells;
	struct model_type	memory;
	struct model_type	reserved;
	bool			bottom_up;
	bool			mirror;		/* some memory was marked as mirror */
	bool			movable_node;	/* hotplug memory is not for the kernel */
	phys_addr_t		limit;
};

/* A search, as memblock's own: sizes and borders in bytes, align a power of two. */
struct model_query {
	phys_addr_t	size;
	phys_addr_t	align;
	phys_addr_t	start;
	phys_addr_t	end;
	int		nid;
	unsigned int	flags;
	bool		exact;
};

void model_init(struct model *m, struct picture_grid grid, size_t cells);

/* *to = *from, cells beyond from->cells excepted: for those who do it millions of times. */
void model_copy(struct model *to, const struct model *from);

/*
 * Fill the cells of the span that are empty.  Linux warns where a region follows
 * a filled gap inside the span and has another node or other flags, and where
 * an empty array has a stale total.
 */
void model_add(struct model_type *t, size_t first, size_t end, int nid, unsigned int flags);
/* Linux warns when nothing is left but a stale total. */
void model_remove(struct model_type *t, size_t first, size_t end);
void model_flag(struct model_type *t, size_t first, size_t end, unsigned int flag, bool set);
void model_node(struct model_type *t, size_t first, size_t end, int nid);

/* memory outside the span goes, unless it is nomap; reservations outside go. */
void model_cap(struct model *m, size_t first, size_t end);

/* Everything above the first @amount bytes of memory goes; 0 or too much: nothing. */
void model_enforce(struct model *m, phys_addr_t amount);

/* Regions shrink to multiples of @align; what survives leaves total_size stale. */
void model_trim(struct model *m, phys_addr_t align);

/* May the allocator take memory cell @c when it looks for @nid and @flags? */
bool model_cell_usable(const struct model *m, size_t c, int nid, unsigned int flags);

/*
 * Where the search finds room: the address, or 0.  One attempt; model_alloc()
 * tries again as the allocator does and reserves what it finds.
 */
phys_addr_t model_find(const struct model *m, const struct model_query *q);
phys_addr_t model_alloc(struct model *m, struct model_query q);

/* The virtual allocators' rule: max clamped to the limit, min only preferred. */
phys_addr_t model_alloc_virt(struct model *m, struct model_query q);

/* Bytes in cells, plus what is stale. */
phys_addr_t model_total(const struct model *m, const struct model_type *t);

/*
 * Is @type exactly the runs of @t, with the right sums?  With a message and two
 * drawings if not, unless @quiet.
 */
bool model_matches(const struct model *m, const struct model_type *t,
		   const struct memblock_type *type, bool quiet);

/* Both arrays at once. */
bool model_same(const struct model *m, bool quiet);

/* Write memblock's arrays by hand so that they are what the model says. */
void model_to_memblock(const struct model *m);

/* Make the model what drawings say. */
void model_load(struct model *m, const char *memory, const char *reserved);

#endif /* TESTS_HOST_MODEL_MODEL_H */
