// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reference 3: nothing but the buddy algorithm.  A struct of 64 bytes per frame and a list per
 * order; no zones, types, reference counts, statistics or checks, and no frame but the first of a
 * block is ever looked at.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct bare_frame {
	struct bare_frame *next, *prev;
	unsigned long	free;		/* 1 + the order of the free block that begins here, or 0 */
	unsigned long	rest[5];
};

_Static_assert(sizeof(struct bare_frame) == 64, "as a struct page of Linux");

static struct bare_frame *bare;
static struct bare_frame heads[BENCH_ORDERS];

static void bare_reset(void)
{
	if (!bare)
		bare = aligned_alloc(1 << 21, BENCH_PAGES * sizeof(*bare));
	bench_large_pages(bare, BENCH_PAGES * sizeof(*bare));
	memset(bare, 0, BENCH_PAGES * sizeof(*bare));
	for (unsigned int o = 0; o < BENCH_ORDERS; o++)
		heads[o].next = heads[o].prev = &heads[o];
}

static inline void bare_unlink(struct bare_frame *frame)
{
	frame->next->prev = frame->prev;
	frame->prev->next = frame->next;
	frame->free = 0;
}

static inline void bare_link(struct bare_frame *frame, unsigned int order)
{
	struct bare_frame *head = &heads[order];

	frame->free = order + 1;
	frame->next = head->next;
	frame->prev = head;
	head->next->prev = frame;
	head->next = frame;
}

static void bare_give(unsigned long page, unsigned int order)
{
	for (; order < BENCH_ORDERS - 1; order++) {
		struct bare_frame *buddy = &bare[page ^ 1UL << order];

		if (buddy->free != order + 1)
			break;
		bare_unlink(buddy);
		page &= ~(1UL << order);
	}
	bare_link(&bare[page], order);
}

static void *bare_take(unsigned int order)
{
	for (unsigned int o = order; o < BENCH_ORDERS; o++) {
		struct bare_frame *frame = heads[o].next;

		if (frame == &heads[o])
			continue;
		bare_unlink(frame);
		while (o > order) {
			o--;
			bare_link(frame + (1UL << o), o);
		}
		return frame;
	}
	return NULL;
}

static void bare_drop(void *handle, unsigned int order)
{
	bare_give((unsigned long)((struct bare_frame *)handle - bare), order);
}

static double bare_bytes(void)
{
	return sizeof(struct bare_frame);
}

const struct bench_allocator bench_bare = {
	.name = "bare", .reset = bare_reset, .seed = bare_give, .alloc = bare_take,
	.free = bare_drop, .bytes_per_page = bare_bytes,
};
