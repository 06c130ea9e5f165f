/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What trace.c remembers.
 */
#ifndef KERNEL_LIB_TRACE_INTERNAL_H
#define KERNEL_LIB_TRACE_INTERNAL_H

#include "kernel/lib/owned_lock.h"
#include "kernel/lib/trace.h"

#define TRACE_LINE_SIZE	1024

/**
 * struct trace_ring - the events that are kept; one writer, the CPU that has @lock
 * @lock: taken while an event is recorded, and while events go to the sink
 * @events: number n is in slot n % TRACE_EVENTS while first <= n < count
 * @first: number of the oldest event kept
 * @written: number of the first event the sink has not got
 * @count: events ever recorded, and so the number of the next one
 * @dropped: events lost before the sink got them
 * @untold: how many of these the sink has not been told of
 * @sink: where JSON Lines go, NULL: nowhere; constant after boot
 * @line: the line being made for the sink
 */
extern struct trace_ring {
	struct owned_lock	lock;
	struct trace_event	events[TRACE_EVENTS];
	uint64_t		first, written, count;
	uint64_t		dropped, untold;
	void			(*sink)(const char *s, size_t n);
	char			line[TRACE_LINE_SIZE];
} trace_ring;

#endif /* KERNEL_LIB_TRACE_INTERNAL_H */
