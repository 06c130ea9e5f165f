// SPDX-License-Identifier: GPL-2.0-only
/*
 * The axis of pictures (see axis.h).
 */
#include "kernel/axis.h"

#include "kernel/lib/string.h"

void axis_add(struct axis *axis, phys_addr_t at)
{
	struct axis_border *border = axis->border;
	unsigned int i = axis->borders;

	while (i && border[i - 1].at > at)
		i--;
	if ((i && border[i - 1].at == at) || axis->borders == axis->room)
		return;
	memmove(border + i + 1, border + i, (axis->borders - i) * sizeof(border[0]));
	border[i] = (struct axis_border){ .at = at };
	axis->borders++;
}

/* 12 for a page, 1 more for twice the size; of something three times that. */
void axis_weigh(struct axis *axis, bool (*is_something)(phys_addr_t base, phys_addr_t end))
{
	axis->total = 0;
	for (unsigned int i = 0; i + 1 < axis->borders; i++) {
		phys_addr_t base = axis->border[i].at, end = axis->border[i + 1].at;
		unsigned int bits = 64 - (unsigned int)__builtin_clzll(end - base);

		axis->border[i].weight = (bits + 2) * (is_something(base, end) ? 3 : 1);
		axis->total += axis->border[i].weight;
	}
}

phys_addr_t axis_start(const struct axis *axis, unsigned int column, unsigned int width)
{
	uint64_t want = (uint64_t)column * axis->total, at = 0;

	for (unsigned int i = 0; i + 1 < axis->borders; i++) {
		uint64_t wide = (uint64_t)axis->border[i].weight * width;

		if (want < at + wide) {
			phys_addr_t base = axis->border[i].at, size = axis->border[i + 1].at - base;

			return base + size / wide * (want - at);
		}
		at += wide;
	}
	return axis->borders ? axis->border[axis->borders - 1].at : 0;
}
