/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buddy allocator as anybody would explain it: a state per page, no lists.
 *
 * With merging at once, the free blocks are always the largest aligned blocks of
 * which every page is free and in the zone; so the map of pages alone says what the
 * histogram must be, and which order an allocation must be cut from.
 */
#ifndef TESTS_HOST_BUDDY_MODEL_H
#define TESTS_HOST_BUDDY_MODEL_H

#include "mm/zone.h"

#define MODEL_PAGES	(1UL << 16)	/* largest zone: 256 MiB */

struct buddy_model {
	struct zone	*zone;
	unsigned long	start, end;		/* pfns of the zone's span */
	uint8_t		free[MODEL_PAGES];	/* 1: free */
	uint8_t		head[MODEL_PAGES];	/* order + 1 of an allocated block */
	unsigned long	blocks[NR_PAGE_ORDERS];	/* model_count() */
};

/* Take what memblock says is free; right after the hand-over. */
void model_init(struct buddy_model *model, struct zone *zone);

/* Free blocks by order, into model->blocks. */
void model_count(struct buddy_model *model);

/* NULL, or what is wrong with @zone having just given or taken back this block. */
const char *model_alloc(struct buddy_model *model, unsigned long pfn, unsigned int order);
const char *model_free(struct buddy_model *model, unsigned long pfn, unsigned int order);

/* NULL, or how the zone's histogram differs. */
const char *model_compare(struct buddy_model *model);

/* What an operation can change, and where it is kept meanwhile: @save it, or bring it back. */
struct model_part {
	void	*live, *copy;
	size_t	size;
};
void model_copy_parts(const struct model_part *parts, size_t count, bool save);

#endif /* TESTS_HOST_BUDDY_MODEL_H */
