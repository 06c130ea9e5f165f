// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reference 1: the buddy algorithm as Linux describes its own, with a struct of 64
 * bytes per frame, one zone, one migrate type, no checks.  Written from the
 * description, for comparison only.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct link {
	struct link *next, *prev;
};

struct frame {
	unsigned long	flags;		/* FRAME_* */
	struct link	link;
	unsigned long	order;
	int		refcount;
	int		mapcount;
	unsigned long	rest[3];
};

_Static_assert(sizeof(struct frame) == 64, "as a struct page of Linux");

#define FRAME_RESERVED	1UL
#define FRAME_BUDDY	2UL

static struct frame *frames;
static struct link lists[BENCH_ORDERS];
static unsigned long nr_free[BENCH_ORDERS], free_frames;

static void link_add(struct link *link, struct link *after)
{
	link->next = after->next;
	link->prev = after;
	after->next->prev = link;
	after->next = link;
}

static void link_del(struct link *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
}

static struct frame *frame_of(struct link *link)
{
	return (struct frame *)((char *)link - offsetof(struct frame, link));
}

static void reset(void)
{
	if (!frames)
		frames = aligned_alloc(1 << 21, BENCH_PAGES * sizeof(*frames));
	bench_large_pages(frames, BENCH_PAGES * sizeof(*frames));
	memset(frames, 0, BENCH_PAGES * sizeof(*frames));
	for (unsigned long i = 0; i < BENCH_PAGES; i++) {
		frames[i].flags = FRAME_RESERVED;
		frames[i].refcount = 1;
	}
	for (unsigned int o = 0; o < BENCH_ORDERS; o++) {
		lists[o].next = lists[o].prev = &lists[o];
		nr_free[o] = 0;
	}
	free_frames = 0;
}

static bool is_buddy(const struct frame *frame, unsigned int order)
{
	return (frame->flags & FRAME_BUDDY) && frame->order == order;
}

static void give(unsigned long pfn, unsigned int order, bool tail)
{
	free_frames += 1UL << order;
	while (order < BENCH_ORDERS - 1) {
		struct frame *buddy = &frames[pfn ^ 1UL << order];

		if (!is_buddy(buddy, order))
			break;
		link_del(&buddy->link);
		nr_free[order]--;
		buddy->flags &= ~FRAME_BUDDY;
		pfn &= ~(1UL << order);
		order++;
	}
	frames[pfn].flags |= FRAME_BUDDY;
	frames[pfn].order = order;
	if (!tail && order < BENCH_ORDERS - 2)
		tail = is_buddy(&frames[(pfn & ~(1UL << order)) ^ 2UL << order], order + 1);
	link_add(&frames[pfn].link, tail ? lists[order].prev : &lists[order]);
	nr_free[order]++;
}

static void seed(unsigned long pfn, unsigned int order)
{
	for (unsigned long i = pfn; i < pfn + (1UL << order); i++) {
		frames[i].flags &= ~FRAME_RESERVED;
		frames[i].refcount = 0;
	}
	give(pfn, order, true);
}

static void *take(unsigned int order)
{
	for (unsigned int o = order; o < BENCH_ORDERS; o++) {
		struct frame *frame;

		if (lists[o].next == &lists[o])
			continue;
		frame = frame_of(lists[o].next);
		link_del(&frame->link);
		nr_free[o]--;
		frame->flags &= ~FRAME_BUDDY;
		free_frames -= 1UL << order;
		while (o > order) {
			struct frame *half = frame + (1UL << --o);

			half->flags |= FRAME_BUDDY;
			half->order = o;
			link_add(&half->link, &lists[o]);
			nr_free[o]++;
		}
		frame->refcount = 1;
		return frame;
	}
	return NULL;
}

static void drop(void *handle, unsigned int order)
{
	struct frame *frame = handle;

	if (--frame->refcount == 0)
		give((unsigned long)(frame - frames), order, false);
}

static double bytes_per_page(void)
{
	return sizeof(struct frame);
}

const struct bench_allocator bench_linuxlike = {
	.name = "linux-like", .reset = reset, .seed = seed, .alloc = take, .free = drop,
	.bytes_per_page = bytes_per_page,
};
