// SPDX-License-Identifier: GPL-2.0-only
/*
 * The three operations on one sorted array: add a range, remove a range, change
 * flags or node inside a range.  Each finds its place by binary search, rewrites
 * only the entries it touches and their two neighbours, and moves the rest of the
 * array at most once.
 */
#include "mm/memblock_internal.h"

/* ---- rewriting a window of entries ---------------------------------------------- */

/*
 * Regions in, regions out, merged on the way.  With to == NULL it only counts, to
 * learn how much room the second pass needs.
 *
 * The second pass reads its input shift entries behind where it writes:
 *
 *	before	        |L  r  r  R |tail
 *	mb_open(shift)	|. .|L  r  r  R |tail
 *	written		|L  n  r  n  r  n  R'|        out entries, never past the reader
 */
struct rewrite {
	struct memblock_region	*to;
	unsigned long		out;
	unsigned long		shift;
	struct memblock_region	last;		/* what was emitted last */
};

static void emit(struct rewrite *w, const struct memblock_region *r)
{
	if (w->out && mb_mergeable(&w->last, r)) {
		w->last.size += r->size;
		if (w->to)
			w->to[w->out - 1].size = w->last.size;
		return;
	}
	w->last = *r;
	if (w->to)
		w->to[w->out] = *r;
	w->out++;
}

/* Before input entry @in is read: what is written by now must not have reached it. */
static inline void keep_behind(struct rewrite *w, unsigned long in)
{
	if (w->out > in + w->shift)
		w->shift = w->out - in;
}

/* The entries a rewrite reads: those that meet [base, end), and a neighbour on each side. */
struct window {
	unsigned long	from;
	unsigned long	count;
};

static struct window window_around(const struct memblock_type *type, unsigned long lo,
				   phys_addr_t end)
{
	const struct memblock_region *r = type->regions;
	unsigned long hi = lo + mb_count_below(r + lo, type->cnt - lo, end);
	unsigned long from = lo ? lo - 1 : 0;

	if (hi < type->cnt)
		hi++;
	return (struct window){ .from = from, .count = hi - from };
}

/* After the counting pass: open room, so that the second pass may write. */
static const struct memblock_region *begin_writing(struct memblock_type *type,
						   const struct window *win, struct rewrite *w)
{
	if (w->shift)
		mb_open(type, win->from, w->shift);
	w->to = type->regions + win->from;
	w->out = 0;
	return w->to + w->shift;
}

static void end_writing(struct memblock_type *type, const struct window *win,
			const struct rewrite *w)
{
	unsigned long surplus = win->count + w->shift - w->out;

	if (surplus)
		mb_close(type, win->from + w->out, surplus);
}

/* ---- adding ------------------------------------------------------------------------- */

/*
 * One pass of adding @new over the entries @r[0..n):
 *
 *	r	[--]    [---]     [--]
 *	new	     [~~~~~~~~~~~~~~~~~]
 *	out	[--] [~][---][~~~][--][~]	gaps are filled, what is there stays
 *
 * Return: the number of gaps.
 */
static unsigned long add_pass(struct rewrite *w, const struct memblock_region *r,
			      unsigned long n, const struct memblock_region *new)
{
	phys_addr_t end = mb_end(new), done = new->base;
	unsigned long gaps = 0;

	for (unsigned long i = 0; i < n; i++) {
		struct memblock_region old = r[i];
		phys_addr_t gap_end = MIN(old.base, end);

		keep_behind(w, i);
		if (done < gap_end) {
			struct memblock_region gap = mb_part(new, done, gap_end);

			emit(w, &gap);
			gaps++;
		}
		emit(w, &old);
		done = MAX(done, mb_end(&old));
	}
	if (done < end) {
		struct memblock_region gap = mb_part(new, done, end);

		emit(w, &gap);
		gaps++;
	}
	keep_behind(w, n);
	return gaps;
}

/* Regions with a new part below that are of another node or kind: the map is odd. */
static phys_addr_t check_gaps(const struct memblock_region *r, unsigned long n,
			      const struct memblock_region *new)
{
	phys_addr_t end = mb_end(new), done = new->base, added = 0;

	for (unsigned long i = 0; i < n && r[i].base < end; i++) {
		if (r[i].base > done) {
			added += r[i].base - done;
			WARN_ON(memblock_get_region_node(&r[i]) != memblock_get_region_node(new));
			WARN_ON(r[i].flags != new->flags);
		}
		done = MAX(done, mb_end(&r[i]));
	}
	return done < end ? added + (end - done) : added;
}

/*
 * The range meets existing regions; the first is @lo.
 * Return: gaps there was no room for, 0 if it is done.
 */
static unsigned long add_over(struct memblock_type *type, unsigned long lo,
			      const struct memblock_region *new)
{
	struct window win = window_around(type, lo, mb_end(new));
	struct rewrite w = { 0 };
	unsigned long gaps = add_pass(&w, type->regions + win.from, win.count, new);
	const struct memblock_region *from;

	if (!gaps)
		return 0;
	if (type->cnt + gaps > type->max)
		return gaps;
	type->total_size += check_gaps(type->regions + win.from, win.count, new);
	from = begin_writing(type, &win, &w);
	add_pass(&w, from, win.count, new);
	end_writing(type, &win, &w);
	return 0;
}

/*
 * The range meets nothing and belongs before entry @at.  Grow a neighbour if one
 * agrees; only if none does is there an entry more.
 */
static void add_between(struct memblock_type *type, unsigned long at,
			const struct memblock_region *new)
{
	struct memblock_region *r = type->regions + at;
	bool low = at > 0 && mb_mergeable(r - 1, new);
	bool high = at < type->cnt && mb_mergeable(new, r);

	type->total_size += new->size;
	if (low && high) {
		r[-1].size += new->size + r->size;
		mb_close(type, at, 1);
	} else if (low) {
		r[-1].size += new->size;
	} else if (high) {
		r->base = new->base;
		r->size += new->size;
	} else {
		mb_open(type, at, 1);
		type->regions[at] = *new;
	}
}

static void add_first(struct memblock_type *type, const struct memblock_region *new)
{
	WARN_ON(type->cnt || type->total_size);
	type->regions[0] = *new;
	type->cnt = 1;
	type->total_size = new->size;
}

int mb_add(struct memblock_type *type, phys_addr_t base, phys_addr_t size, int nid,
	   enum memblock_flags flags)
{
	phys_addr_t end = mb_range_end(base, size);
	struct memblock_region new = mb_region(base, end, nid, flags);

	if (base == end)
		return 0;
	if (mb_empty(type)) {
		add_first(type, &new);
		return 0;
	}
	/* Doubling reserves and frees, so every attempt looks again. */
	for (;;) {
		unsigned long lo = mb_first_above(type, base);

		if (lo < type->cnt && type->regions[lo].base < end) {
			if (!add_over(type, lo, &new))
				return 0;
		} else if (type->cnt < type->max) {
			add_between(type, lo, &new);
			return 0;
		}
		if (memblock_double_array(type, base, size))
			return -ENOMEM;
	}
}

/* ---- removing ----------------------------------------------------------------------- */

/*
 * Two more entries must fit, whether a split will need them or not: Linux asks so,
 * and when an array doubles can be seen.
 */
static int room_for_split(struct memblock_type *type, phys_addr_t base, phys_addr_t size)
{
	while (type->cnt + 2 > type->max)
		if (memblock_double_array(type, base, size))
			return -ENOMEM;
	return 0;
}

/* [base, end) lies strictly inside entry @i. */
static void punch(struct memblock_type *type, unsigned long i, phys_addr_t base, phys_addr_t end)
{
	struct memblock_region high = mb_part(&type->regions[i], end, mb_end(&type->regions[i]));

	mb_open(type, i + 1, 1);
	type->regions[i].size = base - type->regions[i].base;
	type->regions[i + 1] = high;
	type->total_size -= end - base;
}

/*
 *	regions	  [--lo--]  [----]   [--hi-1--]   [hi]
 *	range	      [~~~~~~~~~~~~~~~~~~]
 *	left	  [--]                    [--]    [hi]
 */
int mb_remove(struct memblock_type *type, phys_addr_t base, phys_addr_t size)
{
	phys_addr_t end = mb_range_end(base, size), gone = 0;
	unsigned long lo, hi;
	struct memblock_region *r;

	if (base == end)
		return 0;
	if (room_for_split(type, base, size))
		return -ENOMEM;
	lo = mb_first_above(type, base);
	r = type->regions;
	if (lo == type->cnt || r[lo].base >= end)
		return 0;
	if (r[lo].base < base) {
		if (mb_end(&r[lo]) > end) {
			punch(type, lo, base, end);
			return 0;
		}
		gone += mb_end(&r[lo]) - base;
		r[lo].size = base - r[lo].base;
		lo++;
	}
	for (hi = lo; hi < type->cnt && mb_end(&r[hi]) <= end; hi++)
		gone += r[hi].size;
	if (hi < type->cnt && r[hi].base < end) {
		gone += end - r[hi].base;
		r[hi] = mb_part(&r[hi], end, mb_end(&r[hi]));
	}
	type->total_size -= gone;
	if (hi > lo)
		mb_close(type, lo, hi - lo);
	return 0;
}

/* ---- changing flags and node ------------------------------------------------------------ */

static struct memblock_region changed(const struct memblock_region *r, phys_addr_t base,
				      phys_addr_t end, const struct mb_change *c)
{
	struct memblock_region part = mb_part(r, base, end);

	part.flags = (part.flags | c->set) & ~c->clear;
	if (c->set_nid)
		memblock_set_region_node(&part, c->nid);
	return part;
}

/*
 *	r	[--]  [-----------]  [---]  [-----]
 *	range	          [~~~~~~~~~~~~~~~~~~]
 *	out	[--]  [--][~~~~~~~]  [~~~]  [~][--]
 */
static void change_pass(struct rewrite *w, const struct memblock_region *r, unsigned long n,
			const struct memblock_region *range, const struct mb_change *c)
{
	phys_addr_t base = range->base, end = mb_end(range);

	for (unsigned long i = 0; i < n; i++) {
		struct memblock_region old = r[i], part;
		phys_addr_t from = MAX(old.base, base), to = MIN(mb_end(&old), end);

		keep_behind(w, i);
		if (from >= to) {
			emit(w, &old);
			continue;
		}
		if (old.base < from) {
			part = mb_part(&old, old.base, from);
			emit(w, &part);
		}
		part = changed(&old, from, to, c);
		emit(w, &part);
		if (to < mb_end(&old)) {
			part = mb_part(&old, to, mb_end(&old));
			emit(w, &part);
		}
	}
	keep_behind(w, n);
}

int mb_change(struct memblock_type *type, phys_addr_t base, phys_addr_t size,
	      const struct mb_change *change)
{
	struct memblock_region range = mb_region(base, mb_range_end(base, size), 0, MEMBLOCK_NONE);
	struct rewrite w = { 0 };
	const struct memblock_region *from;
	struct window win;
	unsigned long lo;

	if (!range.size)
		return 0;
	if (room_for_split(type, base, size))
		return -ENOMEM;
	lo = mb_first_above(type, base);
	if (lo == type->cnt || type->regions[lo].base >= mb_end(&range))
		return 0;
	win = window_around(type, lo, mb_end(&range));
	change_pass(&w, type->regions + win.from, win.count, &range, change);
	from = begin_writing(type, &win, &w);
	change_pass(&w, from, win.count, &range, change);
	end_writing(type, &win, &w);
	return 0;
}
