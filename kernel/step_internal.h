/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What step.c remembers between two drawings.
 */
#ifndef KERNEL_STEP_INTERNAL_H
#define KERNEL_STEP_INTERNAL_H

#include "kernel/axis.h"
#include "kernel/lib/types.h"

#define STEP_REGIONS	128	/* per array; of more the rest is not drawn */
#define STEP_BORDERS	512

struct step_span {
	phys_addr_t	base, end;
};

/* One array as it was. */
struct step_copy {
	struct step_span	span[STEP_REGIONS];
	unsigned int		count;
};

struct step_picture {
	struct step_copy	memory, reserved;
};

/**
 * struct step_state - boot only
 * @before, @after: memblock at the last drawing and at this one
 * @axis, @border: what it is drawn along, and its borders
 * @running: `c` was typed: no more questions
 */
extern struct step_state {
	struct step_picture	before, after;
	struct axis_border	border[STEP_BORDERS];
	struct axis		axis;
	bool			running;
} step_state;

#endif /* KERNEL_STEP_INTERNAL_H */
