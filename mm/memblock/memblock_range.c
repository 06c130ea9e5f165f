// SPDX-License-Identifier: GPL-2.0-only
/*
 * The three operations on one sorted array: add a range, remove a range, change
 * flags or node inside a range.  Each finds its place by binary search, rewrites
 * only the entries it touches and their two neighbours, and moves the rest of the
 * array at most once.
 */
#include "mm/memblock/memblock_internal.h"

/* ---- rewriting a window of entries ---------------------------------------------- */

/*
 * Regions in, regions out, merged on the way.
 *
 * A small window is written beside the array and copied back.  A large one is passed
 * over twice: first only counting (step 0), to learn how much room is needed, then
 * writing in place, with the input shift entries behind:
 *
 *	before	        |L  r  r  R |tail
 *	mb_open(shift)	|. .|L  r  r  R |tail
 *	written		|L  n  r  n  r  n  R'|        out entries, never past the reader
 */
struct rewrite {
	struct memblock_region	*to;		/* the next entry goes here */
	unsigned long		step;		/* 1 writing, 0 counting */
	unsigned long		out;
	unsigned long		shift;
	struct memblock_region	last;		/* what was emitted last */
};

/*
 * Regions travel by value here: fields in registers, not copies of structs on the
 * stack, which would be read back wider than they were written and stall.
 */
#define FAST	static inline __attribute__((always_inline))

FAST void emit(struct rewrite *w, struct memblock_region r)
{
	if (w->out && mb_mergeable(&w->last, &r)) {
		w->last.size += r.size;
		w->to[-(long)w->step].size = w->last.size;
		return;
	}
	*w->to = r;
	w->to += w->step;
	w->last = r;
	w->out++;
}

/* Before input entry @in is read: what is written by now must not have reached it. */
FAST void keep_behind(struct rewrite *w, unsigned long in)
{
	if (w->out > in + w->shift)
		w->shift = w->out - in;
}

/* What to do to the entries of a window, and a pass over them @r[0..n) that does it. */
struct edit {
	struct memblock_region	range;		/* to add, or to change */
	const struct mb_change	*change;
};

typedef void edit_pass_fn(const struct edit *e, struct rewrite *w,
			  const struct memblock_region *r, unsigned long n);

#define SMALL_WINDOW	12	/* entries; set_node() and the flag setters rarely meet more */

FAST void edit_small(struct memblock_type *type, unsigned long from, unsigned long n,
		     const struct edit *e, edit_pass_fn *pass)
{
	struct memblock_region buf[2 * SMALL_WINDOW + 1];
	struct rewrite w = { .to = buf, .step = 1 };

	pass(e, &w, type->regions + from, n);
	if (w.out > n)
		mb_open(type, from + n, w.out - n);
	else if (w.out < n)
		mb_close(type, from + w.out, n - w.out);
	memcpy(type->regions + from, buf, w.out * sizeof(*buf));
}

static void edit_large(struct memblock_type *type, unsigned long from, unsigned long n,
		       const struct edit *e, edit_pass_fn *pass)
{
	struct memblock_region scratch = { 0 };
	struct rewrite count = { .to = &scratch }, w;

	pass(e, &count, type->regions + from, n);
	w = (struct rewrite){ .step = 1, .shift = count.shift };
	if (w.shift)
		mb_open(type, from, w.shift);
	w.to = type->regions + from;
	pass(e, &w, w.to + w.shift, n);
	if (n + w.shift > w.out)
		mb_close(type, from + w.out, n + w.shift - w.out);
}

/* Rewrite the entries [lo, hi) and the neighbours that touch them. */
FAST void edit_window(struct memblock_type *type, unsigned long lo, unsigned long hi,
		      const struct edit *e, edit_pass_fn *pass)
{
	const struct memblock_region *r = type->regions;

	if (lo && mb_end(&r[lo - 1]) >= MIN(r[lo].base, e->range.base))
		lo--;
	if (hi < type->cnt && r[hi].base <= MAX(mb_end(&r[hi - 1]), mb_end(&e->range)))
		hi++;
	if (likely(hi - lo <= SMALL_WINDOW))
		edit_small(type, lo, hi - lo, e, pass);
	else
		edit_large(type, lo, hi - lo, e, pass);
}

/* The first entry from @lo on that begins at @end or above; mostly it is near. */
static inline unsigned long first_from(const struct memblock_type *type, unsigned long lo,
				       phys_addr_t end)
{
	unsigned long near = MIN(lo + 4, type->cnt);

	while (lo < near && type->regions[lo].base < end)
		lo++;
	if (lo < near || lo == type->cnt)
		return lo;
	return lo + mb_count_below(type->regions + lo, type->cnt - lo, end);
}

/* ---- adding ------------------------------------------------------------------------- */

static inline bool agree(const struct memblock_region *a, const struct memblock_region *b)
{
	return a->flags == b->flags && memblock_get_region_node(a) == memblock_get_region_node(b);
}

/*
 * One pass of adding e->range over the entries @r[0..n):
 *
 *	r	[--]    [---]     [--]
 *	range	     [~~~~~~~~~~~~~~~~~]
 *	out	[--] [~][---][~~~][--][~]	gaps are filled, what is there stays
 */
static void add_pass(const struct edit *e, struct rewrite *w, const struct memblock_region *r,
		     unsigned long n)
{
	phys_addr_t end = mb_end(&e->range), done = e->range.base;

	for (unsigned long i = 0; i < n; i++) {
		struct memblock_region old = r[i];
		phys_addr_t gap_end = MIN(old.base, end);

		keep_behind(w, i);
		if (done < gap_end)
			emit(w, mb_part(&e->range, done, gap_end));
		emit(w, old);
		done = MAX(done, mb_end(&old));
	}
	if (done < end)
		emit(w, mb_part(&e->range, done, end));
	keep_behind(w, n);
}

/* What adding would do to the entries it meets. */
struct survey {
	unsigned long	gaps;		/* parts that are new */
	phys_addr_t	bytes;		/* in them */
	bool		alike;		/* all that is met has the new flags and node */
};

static struct survey survey(const struct memblock_region *r, unsigned long n,
			    const struct memblock_region *new)
{
	phys_addr_t end = mb_end(new), done = new->base;
	struct survey s = { .alike = true };

	for (unsigned long i = 0; i < n; i++) {
		s.alike &= agree(&r[i], new);
		if (r[i].base > done) {
			s.gaps++;
			s.bytes += r[i].base - done;
		}
		done = mb_end(&r[i]);
	}
	if (done < end) {
		s.gaps++;
		s.bytes += end - done;
	}
	return s;
}

/* All is alike, so all becomes one region, with neighbours that touch. */
static void add_union(struct memblock_type *type, unsigned long lo, unsigned long hi,
		      const struct memblock_region *new)
{
	struct memblock_region *r = type->regions;
	phys_addr_t base, end;

	lo -= lo && mb_mergeable(&r[lo - 1], new);
	hi += hi < type->cnt && mb_mergeable(new, &r[hi]);
	base = MIN(r[lo].base, new->base);
	end = MAX(mb_end(&r[hi - 1]), mb_end(new));
	r[lo].base = base;
	r[lo].size = end - base;
	if (hi - lo > 1)
		mb_close(type, lo + 1, hi - lo - 1);
}

/* Regions with a new part below that are of another node or kind: the map is odd. */
static void warn_of_odd_gaps(const struct memblock_region *r, unsigned long n,
			     const struct memblock_region *new)
{
	phys_addr_t done = new->base;

	for (unsigned long i = 0; i < n; i++) {
		if (r[i].base > done) {
			WARN_ON(memblock_get_region_node(&r[i]) != memblock_get_region_node(new));
			WARN_ON(r[i].flags != new->flags);
		}
		done = mb_end(&r[i]);
	}
}

/*
 * The range meets existing regions; the first is @lo.
 * Return: false if there is no room for it.
 */
static __noinline bool add_over(struct memblock_type *type, unsigned long lo,
				const struct memblock_region *new)
{
	unsigned long hi = first_from(type, lo + 1, mb_end(new));
	struct survey s = survey(type->regions + lo, hi - lo, new);
	struct edit e = { .range = *new };

	if (!s.gaps)
		return true;
	if (type->cnt + s.gaps > type->max)
		return false;
	type->total_size += s.bytes;
	if (s.alike) {
		add_union(type, lo, hi, new);
		return true;
	}
	warn_of_odd_gaps(type->regions + lo, hi - lo, new);
	edit_window(type, lo, hi, &e, add_pass);
	return true;
}

/*
 * The range meets nothing and belongs before entry @at.  Grow a neighbour if one
 * agrees; only if none does is there an entry more.
 */
FAST void add_between(struct memblock_type *type, unsigned long at, struct memblock_region new)
{
	struct memblock_region *r = type->regions + at;
	bool low = at > 0 && mb_mergeable(r - 1, &new);
	bool high = at < type->cnt && mb_mergeable(&new, r);

	type->total_size += new.size;
	if (high) {
		r->size += new.size;
		r->base = new.base;
		if (low) {
			r[-1].size += r->size;
			mb_close(type, at, 1);
		}
	} else if (low) {
		r[-1].size += new.size;
	} else {
		mb_open(type, at, 1);
		type->regions[at] = new;
	}
}

static __noinline int add_first(struct memblock_type *type, struct memblock_region new)
{
	WARN_ON(type->cnt || type->total_size);
	type->regions[0] = new;
	type->cnt = 1;
	type->total_size = new.size;
	return 0;
}

/* No place yet: it meets others, or the array is full.  Doubling changes all, so look again. */
static __noinline int add_slowly(struct memblock_type *type, struct memblock_region new)
{
	for (;;) {
		unsigned long lo = mb_first_above(type, new.base);

		if (lo < type->cnt && type->regions[lo].base < mb_end(&new)) {
			if (add_over(type, lo, &new))
				return 0;
		} else if (type->cnt < type->max) {
			add_between(type, lo, new);
			return 0;
		}
		if (memblock_double_array(type, new.base, new.size))
			return -ENOMEM;
	}
}

int mb_add(struct memblock_type *type, phys_addr_t base, phys_addr_t size, int nid,
	   enum memblock_flags flags)
{
	phys_addr_t end = phys_range_end(base, size);
	unsigned long lo;

	if (base == end)
		return 0;
	if (unlikely(mb_empty(type)))
		return add_first(type, mb_region(base, end, nid, flags));
	lo = mb_first_above(type, base);
	if ((lo < type->cnt && type->regions[lo].base < end) || unlikely(type->cnt >= type->max))
		return add_slowly(type, mb_region(base, end, nid, flags));
	add_between(type, lo, mb_region(base, end, nid, flags));
	return 0;
}

int mb_reserve_at(unsigned long at, phys_addr_t base, phys_addr_t end)
{
	struct memblock_type *type = &memblock.reserved;

	if (unlikely(mb_empty(type) || type->cnt >= type->max))
		return mb_add(type, base, end - base, MAX_NUMNODES, MEMBLOCK_NONE);
	add_between(type, at, mb_region(base, end, MAX_NUMNODES, MEMBLOCK_NONE));
	return 0;
}

/* ---- removing ----------------------------------------------------------------------- */

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
	phys_addr_t end = phys_range_end(base, size), gone = 0;
	unsigned long lo, hi;
	struct memblock_region *r;

	if (base == end)
		return 0;
	if (mb_room_for_split(type, base, size))
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

FAST struct memblock_region changed(const struct memblock_region *r, phys_addr_t base,
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
FAST void change_pass(const struct edit *e, struct rewrite *w, const struct memblock_region *r,
		      unsigned long n)
{
	phys_addr_t base = e->range.base, end = mb_end(&e->range);

	for (unsigned long i = 0; i < n; i++) {
		struct memblock_region old = r[i];
		phys_addr_t from = MAX(old.base, base), to = MIN(mb_end(&old), end);

		keep_behind(w, i);
		if (from >= to) {
			emit(w, old);
			continue;
		}
		if (old.base < from)
			emit(w, mb_part(&old, old.base, from));
		emit(w, changed(&old, from, to, e->change));
		if (to < mb_end(&old))
			emit(w, mb_part(&old, to, mb_end(&old)));
	}
	keep_behind(w, n);
}

int mb_change(struct memblock_type *type, phys_addr_t base, phys_addr_t size,
	      const struct mb_change *change)
{
	struct edit e = { .change = change,
			  .range = { .base = base, .size = phys_range_end(base, size) - base } };
	phys_addr_t end = mb_end(&e.range);
	unsigned long lo, hi;

	if (base == end)
		return 0;
	if (mb_room_for_split(type, base, size))
		return -ENOMEM;
	lo = mb_first_above(type, base);
	hi = first_from(type, lo, end);
	if (lo < hi)
		edit_window(type, lo, hi, &e, change_pass);
	return 0;
}
