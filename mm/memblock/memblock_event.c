// SPDX-License-Identifier: GPL-2.0-only
/*
 * After each of memblock's operations: one event in the trace, then the ledger follows.
 *
 * This file is this kernel's, not the portable library's: memblock itself only calls
 * memblock_event(), if the program has one.
 */
#include "mm/memblock_event.h"

#include "kernel/lib/trace.h"	/* trace_add() */
#include "mm/port.h"
#include "mm/range.h"

struct memblock_events memblock_events;

phys_addr_t memblock_memory_bytes(void)
{
	struct memblock_region *r;
	phys_addr_t bytes = 0;

	for_each_mem_region(r)
		bytes += r->size;
	return bytes;
}

static void memory_was_trimmed(void)
{
	const phys_addr_t left = memblock_memory_bytes();

	ledger_trimmed(memblock_events.memory - left);
	memblock_events.memory = left;
	memblock_events.excess = memblock.memory.total_size - left;
}

static void memory_was_changed(void)
{
	memblock_events.memory = memblock.memory.total_size - memblock_events.excess;
}

/* Everything outside of [base, base + size) was removed. */
static void memory_was_capped(phys_addr_t base, phys_addr_t size)
{
	ledger_clear(0, base);
	ledger_clear(phys_range_end(base, size), PHYS_ADDR_MAX);
}

/* The whole pages of [base, base + size) went to the buddy: the trace gets one more event. */
static void pages_were_freed_late(phys_addr_t base, phys_addr_t size)
{
	phys_addr_t first = ALIGN_UP(base, PAGE_SIZE);
	phys_addr_t end = ALIGN_DOWN(phys_range_end(base, size), PAGE_SIZE);

	if (first < end)
		ledger_release(first, end - first);
}

/* The ledger hears of an operation that succeeded. */
static void tell_ledger(enum memblock_op op, phys_addr_t base, phys_addr_t size,
			unsigned long caller)
{
	/* After the hand-over a page can be free in memblock's arrays and used in the buddy. */
	if (ledger.closed && op != MEMBLOCK_OP_FREE_LATE)
		return;
	switch (op) {
	case MEMBLOCK_OP_ADD:
	case MEMBLOCK_OP_REMOVE:
		memory_was_changed();
		break;
	case MEMBLOCK_OP_TRIM:
		memory_was_trimmed();
		break;
	case MEMBLOCK_OP_RESERVE:
	case MEMBLOCK_OP_ALLOC:
		ledger_fill(base, size, NULL, caller);
		break;
	case MEMBLOCK_OP_DOUBLE:
		ledger_fill(base, size, "memblock array", caller);
		break;
	case MEMBLOCK_OP_FREE:
		ledger_clear(base, size);
		break;
	case MEMBLOCK_OP_CAP:
		memory_was_changed();
		memory_was_capped(base, size);
		break;
	case MEMBLOCK_OP_FREE_LATE:
		pages_were_freed_late(base, size);
		break;
	default:
		break;
	}
}

/*
 * The ledger's records move to a larger array when theirs is nearly full; where there is no
 * memory they stay where they are.  Called only right after an allocation: memblock is at rest
 * then and may be asked again.
 */
static void make_room_for_records(void)
{
	size_t bytes = ledger_wants(), old_bytes;
	void *bigger, *old;

	if (!bytes || memblock_events.growing)
		return;
	memblock_events.growing = true;
	bigger = memblock_alloc_raw(bytes, PAGE_SIZE);
	if (bigger) {
		old = ledger_move(bigger, &old_bytes);
		ledger_name(virt_to_phys(bigger), bytes, "ledger");
		if (old)
			memblock_free(old, old_bytes);
	}
	memblock_events.growing = false;
}

void memblock_event(enum memblock_op op, phys_addr_t base, phys_addr_t size, int nid,
		    unsigned int flags, unsigned long caller, int rc)
{
	static const char *const names[MEMBLOCK_OP_COUNT] = {
		[MEMBLOCK_OP_ADD] = "add",
		[MEMBLOCK_OP_REMOVE] = "remove",
		[MEMBLOCK_OP_RESERVE] = "reserve",
		[MEMBLOCK_OP_FREE] = "free",
		[MEMBLOCK_OP_ALLOC] = "alloc",
		[MEMBLOCK_OP_SET_FLAG] = "set_flag",
		[MEMBLOCK_OP_CLEAR_FLAG] = "clear_flag",
		[MEMBLOCK_OP_SET_NODE] = "set_node",
		[MEMBLOCK_OP_DOUBLE] = "double",
		[MEMBLOCK_OP_TRIM] = "trim",
		[MEMBLOCK_OP_CAP] = "cap",
		[MEMBLOCK_OP_FREE_LATE] = "free_late",
		[MEMBLOCK_OP_FREE_ALL] = "free_all",
		[MEMBLOCK_OP_DISCARD] = "discard",
	};
	const struct trace_event event = {
		.op = names[op], .base = base, .size = size, .caller = caller,
		.nid = (int16_t)nid, .rc = (int16_t)rc, .flags = flags,
	};

	trace_add(&event);
	if (!rc)
		tell_ledger(op, base, size, caller);
	if (memblock_events.stepper)
		memblock_events.stepper(trace_count() - 1, &event);
	if (op == MEMBLOCK_OP_ALLOC && !rc)
		make_room_for_records();
}
