/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memblock=step: after every memblock operation a drawing and a wait for a key.
 */
#ifndef KERNEL_STEP_H
#define KERNEL_STEP_H

#include "kernel/lib/trace.h"

/**
 * step_init() - be told of every operation from now on, if memblock=step asks for it
 *
 * Context: before parse_early_param(); needs monitor_init().
 */
void step_init(void);

/**
 * step_draw() - what @event did to memblock, in six lines
 * @seq: its number
 *
 * Compares with what memblock looked like at the last call.
 */
void step_draw(uint64_t seq, const struct trace_event *event);

#endif /* KERNEL_STEP_H */
