/* SPDX-License-Identifier: GPL-2.0-only */
/* What the reference's two files share: lists and numbers, nothing that knows of memory. */
#ifndef TESTS_HOST_REFERENCE_REFERENCE_LISTS_H
#define TESTS_HOST_REFERENCE_REFERENCE_LISTS_H

#include "reference.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static inline uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t most(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static inline uint64_t page_down(uint64_t address)
{
	return address / REF_PAGE;
}

static inline uint64_t page_up(uint64_t address)
{
	return address / REF_PAGE + (address % REF_PAGE != 0);
}

static inline void append(struct ref_list *list, struct ref_range range)
{
	assert(list->count < REF_LIST);
	list->at[list->count++] = range;
}

static inline void copy(struct ref_list *to, const struct ref_list *from)
{
	to->count = from->count;
	memcpy(to->at, from->at, from->count * sizeof(from->at[0]));
}

static inline int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static inline int by_start(const void *a, const void *b)
{
	const struct ref_range *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

#endif /* TESTS_HOST_REFERENCE_REFERENCE_LISTS_H */
