// SPDX-License-Identifier: GPL-2.0-only
/*
 * Boot in slow motion, for lectures.  One drawing is
 *
 *	step 8: alloc [0x0000000000098000-0x000000000009efff] 28672 bytes
 *	        by reserve_real_mode+0x57/0x90
 *	  before |##--------------##....|-----------------------##|
 *	  here   |              ^^      |                         |
 *	  after  |##------------####....|-----------------------##|
 *	  memory 2 regions 1073213440 bytes, reserved 4 regions 47702016 bytes
 *
 * on an axis (axis.h) where every border of both arrays is a border of a piece:
 *
 *	#  reserved   -  free memory   .  neither   ^  what the operation was about
 *
 * What was "before" is a copy made after the last drawing.
 */
#include "kernel/step.h"

#include "kernel/lib/align.h"
#include "kernel/lib/monitor.h"
#include "kernel/lib/panic.h"	/* enum exit_status */
#include "kernel/lib/string.h"
#include "kernel/step_internal.h"
#include "mm/memblock_event.h"

#include <arch/machine.h>

#define WIDTH		72

struct step_state step_state;

static void take_copy(struct step_copy *copy, const struct memblock_type *type)
{
	copy->count = (unsigned int)MIN(type->cnt, (unsigned long)STEP_REGIONS);
	for (unsigned int i = 0; i < copy->count; i++) {
		copy->span[i].base = type->regions[i].base;
		copy->span[i].end = type->regions[i].base + type->regions[i].size;
	}
}

/* Does some region of @copy touch [base, end)? */
static bool touches(const struct step_copy *copy, phys_addr_t base, phys_addr_t end)
{
	for (unsigned int i = 0; i < copy->count; i++)
		if (copy->span[i].base < end && base < copy->span[i].end)
			return true;
	return false;
}

/* ---- the axis ---------------------------------------------------------------- */

static void add_borders(const struct step_copy *copy)
{
	for (unsigned int i = 0; i < copy->count; i++) {
		axis_add(&step_state.axis, copy->span[i].base);
		axis_add(&step_state.axis, copy->span[i].end);
	}
}

/* Does the piece [base, end) of the axis lie in some region, before or after? */
static bool is_something(phys_addr_t base, phys_addr_t end)
{
	const struct step_picture *p[] = { &step_state.before, &step_state.after };

	return touches(&p[0]->memory, base, end) || touches(&p[0]->reserved, base, end) ||
	       touches(&p[1]->memory, base, end) || touches(&p[1]->reserved, base, end);
}

static void build_axis(const struct step_span *op)
{
	struct axis *axis = &step_state.axis;

	*axis = (struct axis){ .border = step_state.border, .room = STEP_BORDERS };
	axis_add(axis, 0);
	add_borders(&step_state.before.memory);
	add_borders(&step_state.before.reserved);
	add_borders(&step_state.after.memory);
	add_borders(&step_state.after.reserved);
	axis_add(axis, op->base);
	axis_add(axis, op->end);
	axis_weigh(axis, is_something);
}

/* ---- the drawing ------------------------------------------------------------- */

static char cell(const struct step_picture *p, phys_addr_t base, phys_addr_t end)
{
	if (touches(&p->reserved, base, end))
		return '#';
	return touches(&p->memory, base, end) ? '-' : '.';
}

static void draw_lines(const struct step_span *op)
{
	char was[WIDTH + 1] = "", here[WIDTH + 1] = "", is[WIDTH + 1] = "";

	for (unsigned int c = 0; c < WIDTH && step_state.axis.total; c++) {
		phys_addr_t base = axis_start(&step_state.axis, c, WIDTH);
		phys_addr_t end = axis_start(&step_state.axis, c + 1, WIDTH);

		end = MAX(end, base + 1);
		was[c] = cell(&step_state.before, base, end);
		is[c] = cell(&step_state.after, base, end);
		here[c] = op->base < end && base < op->end ? '^' : ' ';
	}
	monitor_print("  before |%s|\n  here   |%s|\n  after  |%s|\n", was, here, is);
}

/* Some operations are about all of memory, and what they carry is no range. */
static bool has_range(const struct trace_event *event)
{
	return strcmp(event->op, "trim") && strcmp(event->op, "free_all") &&
	       strcmp(event->op, "discard");
}

void step_draw(uint64_t seq, const struct trace_event *event)
{
	struct step_span op = { event->base, event->base + event->size };
	phys_addr_t last = op.end - 1;

	if (!has_range(event))
		op = (struct step_span){ 0, 0 };
	else if (op.end < op.base)
		op.end = PHYS_ADDR_MAX;
	take_copy(&step_state.after.memory, &memblock.memory);
	take_copy(&step_state.after.reserved, &memblock.reserved);
	monitor_print("step %llu: %s", (unsigned long long)seq, event->op);
	if (has_range(event))
		monitor_print(" [%pa-%pa]", &event->base, &last);
	monitor_print(" %llu bytes\n", (unsigned long long)event->size);
	monitor_print("        by %pS%s\n", (void *)event->caller, event->rc ? ": FAILED" : "");
	build_axis(&op);
	draw_lines(&op);
	monitor_print("  memory %lu regions %llu bytes, reserved %lu regions %llu bytes\n",
		      memblock.memory.cnt, (unsigned long long)memblock.memory.total_size,
		      memblock.reserved.cnt, (unsigned long long)memblock.reserved.total_size);
	step_state.before = step_state.after;
}

/*
 * After each operation: draw, and wait for a key.  What happens before
 * the parameters are read is not drawn, but remembered for the first drawing.
 */
static void step_after(uint64_t seq, const struct trace_event *event)
{
	if (!memblock_is_stepping()) {
		if (!memblock.memory.cnt)
			take_copy(&step_state.before.reserved, &memblock.reserved);
		return;
	}
	if (step_state.running)
		return;
	step_draw(seq, event);
	monitor_print("  (any key: next, c: continue, q: quit) ");
	switch (monitor_wait_key()) {
	case 'c':
		step_state.running = true;
		break;
	case 'q':
		monitor_print("\n");
		machine_exit(EXIT_STATUS_PASS);
	default:
		break;
	}
	monitor_print("\n");
}

void step_init(void)
{
	memblock_events.stepper = step_after;
}
