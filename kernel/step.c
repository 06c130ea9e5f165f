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
 * on an axis where every border of both arrays is a border of a piece, and a piece is as
 * wide as the logarithm of its size, so that 4 KiB and 1 TiB are both seen:
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
#include "mm/memblock_event.h"

#include <arch/machine.h>

#define WIDTH		72
#define COPY_REGIONS	128	/* per array; of more the rest is not drawn */
#define BORDERS		512

struct span {
	phys_addr_t	base, end;
};

/* One array as it was. */
struct copy {
	struct span	span[COPY_REGIONS];
	unsigned int	count;
};

struct picture {
	struct copy	memory, reserved;
};

static struct picture before, after;
static phys_addr_t border[BORDERS];
static unsigned int borders;
static bool running;		/* `c` was typed: no more questions */

static void take_copy(struct copy *copy, const struct memblock_type *type)
{
	copy->count = (unsigned int)MIN(type->cnt, (unsigned long)COPY_REGIONS);
	for (unsigned int i = 0; i < copy->count; i++) {
		copy->span[i].base = type->regions[i].base;
		copy->span[i].end = type->regions[i].base + type->regions[i].size;
	}
}

/* Does some region of @copy touch [base, end)? */
static bool touches(const struct copy *copy, phys_addr_t base, phys_addr_t end)
{
	for (unsigned int i = 0; i < copy->count; i++)
		if (copy->span[i].base < end && base < copy->span[i].end)
			return true;
	return false;
}

/* ---- the axis ---------------------------------------------------------------- */

/* Keep border[] sorted and without doubles; a full one takes no more. */
static void add_border(phys_addr_t at)
{
	unsigned int i = borders;

	while (i && border[i - 1] > at)
		i--;
	if ((i && border[i - 1] == at) || borders == BORDERS)
		return;
	memmove(border + i + 1, border + i, (borders - i) * sizeof(border[0]));
	border[i] = at;
	borders++;
}

static void add_borders(const struct copy *copy)
{
	for (unsigned int i = 0; i < copy->count; i++) {
		add_border(copy->span[i].base);
		add_border(copy->span[i].end);
	}
}

static void build_axis(const struct span *op)
{
	borders = 0;
	add_border(0);
	add_borders(&before.memory);
	add_borders(&before.reserved);
	add_borders(&after.memory);
	add_borders(&after.reserved);
	add_border(op->base);
	add_border(op->end);
}

/* How wide piece @i is: 12 for a page, 1 more for twice the size; holes a third of that. */
static unsigned int weight(unsigned int i)
{
	phys_addr_t size = border[i + 1] - border[i];
	unsigned int bits = 64 - (unsigned int)__builtin_clzll(size);
	bool something = touches(&before.memory, border[i], border[i + 1]) ||
			 touches(&before.reserved, border[i], border[i + 1]) ||
			 touches(&after.memory, border[i], border[i + 1]) ||
			 touches(&after.reserved, border[i], border[i + 1]);

	return (bits + 2) * (something ? 3 : 1);
}

/*
 * The addresses drawn in column @c of @total weights: columns that begin inside a piece
 * begin at its share of the piece.
 */
static phys_addr_t column_start(unsigned int c, unsigned int total)
{
	uint64_t want = (uint64_t)c * total, at = 0;

	for (unsigned int i = 0; i + 1 < borders; i++) {
		uint64_t width = (uint64_t)weight(i) * WIDTH;

		if (want < at + width) {
			phys_addr_t size = border[i + 1] - border[i];

			return border[i] + size / width * (want - at);
		}
		at += width;
	}
	return border[borders - 1];
}

/* ---- the drawing ------------------------------------------------------------- */

static char cell(const struct picture *p, phys_addr_t base, phys_addr_t end)
{
	if (touches(&p->reserved, base, end))
		return '#';
	return touches(&p->memory, base, end) ? '-' : '.';
}

static void draw_lines(const struct span *op)
{
	char was[WIDTH + 1] = "", here[WIDTH + 1] = "", is[WIDTH + 1] = "";
	unsigned int total = 0;

	for (unsigned int i = 0; i + 1 < borders; i++)
		total += weight(i);
	for (unsigned int c = 0; c < WIDTH && total; c++) {
		phys_addr_t base = column_start(c, total), end = column_start(c + 1, total);

		end = MAX(end, base + 1);
		was[c] = cell(&before, base, end);
		is[c] = cell(&after, base, end);
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
	struct span op = { event->base, event->base + event->size };
	phys_addr_t last = op.end - 1;

	if (!has_range(event))
		op = (struct span){ 0, 0 };
	else if (op.end < op.base)
		op.end = PHYS_ADDR_MAX;
	take_copy(&after.memory, &memblock.memory);
	take_copy(&after.reserved, &memblock.reserved);
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
	before = after;
}

void step_reset(void)
{
	before.memory.count = 0;
	before.reserved.count = 0;
	running = false;
}

/*
 * After each operation: draw, and wait until somebody has seen it.  What happens before
 * the parameters are read is not drawn, but remembered for the first drawing.
 */
static void step(uint64_t seq, const struct trace_event *event)
{
	if (!memblock_step && !memblock.memory.cnt)
		take_copy(&before.reserved, &memblock.reserved);
	if (!memblock_step || running)
		return;
	step_draw(seq, event);
	monitor_print("  (any key: next, c: continue, q: quit) ");
	switch (monitor_wait_key()) {
	case 'c':
		running = true;
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
	memblock_events.stepper = step;
}
