// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be said of a refused wish at the moment of its refusal (see why.h).
 *
 * Two questions are asked of the same list of free ranges: how large is the largest room, and
 * where is the nearest that would do.  A third one, who is in the way, goes from byte to byte of
 * a fixed place, or asks what lies at both ends of the largest room:
 *
 *	fixed	  low|-- free --|## who? ##|-- free --|## who? ##|high
 *	else	      ## who? ##|base ---- largest ----|## who? ##
 *
 * For memmap= the free ranges are RAM of the map without what is reserved: at that time
 * memblock has no memory yet.
 */
#include "mm/why.h"

#include "kernel/lib/align.h"
#include "kernel/lib/compiler.h"
#include "kernel/lib/init.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/range.h"
#include "mm/takers.h"
#include "mm/takers/takers_internal.h"

#include <arch/map.h>

#define RAM_OF_MAP	1	/* every architecture's number for RAM in <arch/map.h> */

struct why_records why_records;

/* What the walk over the free ranges carries. */
struct room_walk {
	struct why	*why;
	phys_addr_t	high;		/* of the wish, cut where memory is not mapped */
	phys_addr_t	keep;		/* bytes for others, of the only range that has so many */
	phys_addr_t	first, second;	/* sizes of the two largest ranges */
	bool		counting;	/* only these are wanted */
};

/* Of [@start, @end) the aligned room; its base is put into *@base. */
static phys_addr_t __init room_of(phys_addr_t start, phys_addr_t end, phys_addr_t align,
				  phys_addr_t *base)
{
	*base = ALIGN_UP(start, align);
	return *base < start || *base >= end ? 0 : end - *base;
}

static void __init note_nearest(struct why *w, phys_addr_t start, phys_addr_t end)
{
	const struct why_wish *wish = &w->wish;
	phys_addr_t first, last, at, best;

	if (room_of(start, end, wish->align, &first) < wish->size)
		return;
	last = ALIGN_DOWN(end - wish->size, wish->align);
	at = ALIGN_UP(wish->low, wish->align);
	at = at < first ? first : MIN(at, last);
	best = w->nearest > wish->low ? w->nearest - wish->low : wish->low - w->nearest;
	if (!w->nearest || (at > wish->low ? at - wish->low : wish->low - at) < best)
		w->nearest = at;
}

static void __init note_room(struct room_walk *walk, phys_addr_t start, phys_addr_t end, int nid)
{
	struct why *w = walk->why;
	const struct why_wish *wish = &w->wish;
	const phys_addr_t begin = MAX(start, wish->low);
	phys_addr_t base, room;

	if (walk->counting) {
		room = end - start;
		walk->second = MAX(walk->second, MIN(room, walk->first));
		walk->first = MAX(walk->first, room);
		return;
	}
	if (wish->fixed && start <= wish->low && end > wish->low)
		w->start = MIN(end - wish->low, wish->size);
	if (end - start == walk->first && walk->second < walk->keep) {
		room = room_of(begin, MIN(end, walk->high), wish->align, &base);
		w->starves |= room >= wish->size;
		if (end - start <= walk->keep)
			return;
		start += walk->keep;
	}
	note_nearest(w, start, end);
	room = room_of(start, end, wish->align, &base);
	if (room > w->far) {
		w->far = room;
		w->far_base = base;
	}
	if (wish->nid != NUMA_NO_NODE && nid != wish->nid && !wish->wanted)
		return;
	start = MAX(start, wish->low);
	end = MIN(end, walk->high);
	room = start < end ? room_of(start, end, wish->align, &base) : 0;
	if (room > w->largest) {
		w->largest = room;
		w->base = base;
		w->begin = begin;
	}
	if (nid >= 0 && nid < WHY_NODES)
		w->node[nid] = (uint16_t)(w->node[nid] + room / wish->size);
	w->pages += room / wish->size;
}

/* RAM [@start, @end) of the map without what is reserved. */
static void __init note_unreserved(struct room_walk *walk, phys_addr_t start, phys_addr_t end)
{
	const struct memblock_region *r;

	for_each_reserved_mem_region(r) {
		if (r->base >= end)
			break;
		if (r->base > start)
			note_room(walk, start, r->base, NUMA_NO_NODE);
		start = MAX(start, phys_range_end(r->base, r->size));
	}
	if (start < end)
		note_room(walk, start, end, NUMA_NO_NODE);
}

static void __init walk_rooms(struct room_walk *walk)
{
	struct arch_map_entry e;
	phys_addr_t start, end;
	uint64_t i;
	int nid;

	if (walk->why->wish.from == WHY_RAM_OF_MAP) {
		for (uint32_t n = 0; arch_map_entry(ARCH_MAP_SANE, n, &e); n++)
			if (e.type == RAM_OF_MAP)
				note_unreserved(walk, e.base, phys_range_end(e.base, e.size));
		return;
	}
	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &start, &end, &nid) {
		end = MIN(end, memblock.current_limit);
		if (start < end)
			note_room(walk, start, end, nid);
	}
}

/* ---- who is in the way ------------------------------------------------------------------ */

/* The number of the last operation that reserved @pa; -1: not known any more. */
static int64_t __init step_of(phys_addr_t pa)
{
	struct trace_event ev;

	for (uint64_t seq = trace_count(); seq-- > trace_first() && trace_get(seq, &ev);)
		if (!ev.rc && pa >= ev.base && pa - ev.base < ev.size &&
		    (!strcmp(ev.op, "reserve") || !strcmp(ev.op, "alloc")))
			return (int64_t)seq;
	return -1;
}

static enum arch_map_stage __init stage_of(const struct why_wish *wish)
{
	return wish->from == WHY_RAM_OF_MAP ? ARCH_MAP_SANE : ARCH_MAP_IN_USE;
}

/* Cut what lies around @pa to where memblock has no memory. */
static void __init cut_to_gap(phys_addr_t pa, struct why_piece *piece)
{
	const struct memblock_region *r;

	for_each_mem_region(r) {
		if (r->base > pa)
			piece->end = MIN(piece->end, r->base);
		else
			piece->base = MAX(piece->base, r->base + r->size);
	}
}

/* What has @pa.  Return: false if nobody has: it is free. */
static bool __init who_has(const struct why_wish *wish, phys_addr_t pa, struct why_piece *piece)
{
	const struct memblock_region *r;
	struct ledger_entry entry;
	const char *type;
	phys_addr_t last;

	*piece = (struct why_piece){ .step = -1 };
	if (ledger_find_record(pa, &entry)) {
		*piece = (struct why_piece){ entry.base, phys_range_end(entry.base, entry.size),
					     entry.owner, entry.caller, step_of(pa), "" };
		return true;
	}
	for_each_reserved_mem_region(r) {
		if (pa < r->base || pa - r->base >= r->size)
			continue;
		piece->base = r->base;
		piece->end = phys_range_end(r->base, r->size);
		return true;
	}
	type = arch_map_type(stage_of(wish), pa, &piece->base, &last);
	piece->end = phys_range_end(last, 1);
	if (wish->from == WHY_FREE_MEMORY && memblock_is_memory(pa)) {
		if (pa < memblock.current_limit)
			return false;
		type = "not mapped yet";
	} else if (wish->from == WHY_FREE_MEMORY) {
		cut_to_gap(pa, piece);
		if (type && !strcmp(type, "usable"))
			type = "left out";
	} else if (type && !strcmp(type, "usable")) {
		return false;
	}
	strscpy(piece->type, type ? type : "no memory", sizeof(piece->type));
	return true;
}

static void __init add_piece(struct why *w, const struct why_piece *piece)
{
	if (w->pieces == WHY_PIECES)
		w->more++;
	else
		w->piece[w->pieces++] = *piece;
}

/* Where the free memory at @pa ends: at the next thing that somebody has. */
static phys_addr_t __init end_of_free(const struct why_wish *wish, phys_addr_t pa, phys_addr_t end)
{
	const struct memblock_region *r;
	phys_addr_t first, last;

	for_each_reserved_mem_region(r)
		if (r->base > pa)
			end = MIN(end, r->base);
	if (wish->from == WHY_RAM_OF_MAP) {
		arch_map_type(ARCH_MAP_SANE, pa, &first, &last);
		return MIN(end, phys_range_end(last, 1));
	}
	for_each_mem_region(r)
		if (pa >= r->base && pa - r->base < r->size)
			end = MIN(end, r->base + r->size);
	return pa < memblock.current_limit ? MIN(end, memblock.current_limit) : end;
}

static void __init in_the_place(struct why *w)
{
	const phys_addr_t end = phys_range_end(w->wish.low, w->wish.size);
	struct why_piece piece;

	for (phys_addr_t pa = w->wish.low; pa < end;) {
		phys_addr_t next = end;

		if (who_has(&w->wish, pa, &piece)) {
			add_piece(w, &piece);
			next = piece.end;
		} else {
			next = end_of_free(&w->wish, pa, end);
		}
		if (next <= pa)
			break;
		pa = next;
	}
}

static void __init at_both_ends(struct why *w)
{
	struct why_piece piece;

	if (!w->largest)
		return;
	if (w->begin && who_has(&w->wish, w->begin - 1, &piece))
		add_piece(w, &piece);
	if (who_has(&w->wish, w->base + w->largest, &piece))
		add_piece(w, &piece);
}

__noinline void __init why_note(const struct why_wish *wish)
{
	struct why *w = &why_records.record[why_records.count];
	struct room_walk walk = { .why = w, .high = wish->high ? wish->high : PHYS_ADDR_MAX };

	if (why_records.count == WHY_RECORDS || !wish->size)
		return;
	why_records.count++;
	*w = (struct why){ .wish = *wish, .at = trace_count() };
	w->wish.align = MAX(w->wish.align, (phys_addr_t)1);
	w->wish.size = MAX(wish->size, ALIGN_UP(wish->size, MAX(wish->grain, (phys_addr_t)1)));
	w->wish.tail = wish->tail ? wish->tail : "";
	walk.keep = wish->from == WHY_FREE_MEMORY ? early_room_needed() : 0;
	walk.counting = true;
	walk_rooms(&walk);
	walk.counting = false;
	walk_rooms(&walk);
	if (wish->fixed)
		in_the_place(w);
	else
		at_both_ends(w);
}

const struct why *why_get(unsigned int i)
{
	return i < why_records.count ? &why_records.record[i] : NULL;
}
