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
 * A window is a run of neighbouring entries that an operation rewrites.  A pass over it reads
 * the old entries in order and puts out the new ones, merged.  A small window's new entries
 * are written beside the array and copied back.  A large window is passed over twice:
 * count_entries() learns how much room is needed, then write_entries() writes the new entries
 * over the old ones in the array itself.  Setting a flag (f) in [4, 16):
 *
 *	old entries	A = [0, 8)    B = [12, 20)
 *	new entries	a = [0, 4)  b = [4, 8) f  c = [12, 16) f  d = [16, 20)
 *
 *	array		|A B|...		... are the entries behind the window
 *	count_entries()	nr = 4; before B is read 2 entries are out, in the end 4: ahead = 2
 *	mb_make_room(2)	|. . A B|...
 *	write_entries()	|a b A B|...  ->  |a b c d|...
 *
 * Invariant of the writing: what is out has not reached the next entry to be read, since
 * that lies @ahead entries farther than it was when they were counted.
 */
struct output {
	struct memblock_region	*next;		/* where the next new entry is written */
	unsigned long		step;		/* 1; counting, 0: each over the one before */
	unsigned long		nr;		/* new entries so far */
	unsigned long		ahead;		/* the most that nr was before the number read */
	struct memblock_region	last;		/* the newest of them */
};

/* What to do to the entries of a window, and a pass over its @n entries at @r that does it. */
struct edit {
	struct memblock_region	range;		/* to add, or to change */
	const struct mb_change	*change;	/* if to change */
};

typedef void edit_pass_fn(const struct edit *e, struct output *out,
			  const struct memblock_region *r, unsigned long n);

/*
 * Regions are passed by value here, so that their fields stay in registers.  Copies of whole
 * structs on the stack would be read in wider pieces than they were written, which stalls.
 */
#define FAST	static inline __attribute__((always_inline))

FAST void put_entry(struct output *out, struct memblock_region r)
{
	if (out->nr && mb_mergeable(&out->last, &r)) {
		out->last.size += r.size;
		out->next[-(long)out->step].size = out->last.size;
		return;
	}
	*out->next = r;
	out->next += out->step;
	out->last = r;
	out->nr++;
}

/* Called before old entry @i is read, and in the end with the number of old entries. */
FAST void note_read(struct output *out, unsigned long i)
{
	if (out->nr > i + out->ahead)
		out->ahead = out->nr - i;
}

/*
 * Adding e->range:
 *
 *	old	[--]    [---]     [--]
 *	range	     [~~~~~~~~~~~~~~~~~]
 *	new	[--] [~][---][~~~][--][~]	gaps are filled, what is there stays
 */
static void add_pass(const struct edit *e, struct output *out, const struct memblock_region *r,
		     unsigned long n)
{
	phys_addr_t end = mb_end(&e->range), done = e->range.base;

	for (unsigned long i = 0; i < n; i++) {
		struct memblock_region old = r[i];
		phys_addr_t gap_end = MIN(old.base, end);

		note_read(out, i);
		if (done < gap_end)
			put_entry(out, mb_part(&e->range, done, gap_end));
		put_entry(out, old);
		done = MAX(done, mb_end(&old));
	}
	if (done < end)
		put_entry(out, mb_part(&e->range, done, end));
	note_read(out, n);
}

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
 * Changing flags or node inside e->range:
 *
 *	old	[--]  [-----------]  [---]  [-----]
 *	range	          [~~~~~~~~~~~~~~~~~~]
 *	new	[--]  [--][~~~~~~~]  [~~~]  [~][--]
 */
FAST void change_pass(const struct edit *e, struct output *out, const struct memblock_region *r,
		      unsigned long n)
{
	phys_addr_t base = e->range.base, end = mb_end(&e->range);

	for (unsigned long i = 0; i < n; i++) {
		struct memblock_region old = r[i];
		phys_addr_t from = MAX(old.base, base), to = MIN(mb_end(&old), end);

		note_read(out, i);
		if (from >= to) {
			put_entry(out, old);
			continue;
		}
		if (old.base < from)
			put_entry(out, mb_part(&old, old.base, from));
		put_entry(out, changed(&old, from, to, e->change));
		if (to < mb_end(&old))
			put_entry(out, mb_part(&old, to, mb_end(&old)));
	}
	note_read(out, n);
}

/* How many entries come of the @n at @r, and how far ahead of them those must lie. */
static struct output count_entries(const struct edit *e, edit_pass_fn *pass,
				   const struct memblock_region *r, unsigned long n)
{
	struct memblock_region nowhere;
	struct output out = { .next = &nowhere, .step = 0 };

	pass(e, &out, r, n);
	return out;
}

/*
 * Write the entries that come of the @n at @r to @to, where they are in no old entry's way: @r
 * is elsewhere, or lies as far ahead as count_entries() says.  Return: how many.
 */
FAST unsigned long write_entries(const struct edit *e, edit_pass_fn *pass,
				 const struct memblock_region *r, unsigned long n,
				 struct memblock_region *to)
{
	struct output out = { .next = to, .step = 1 };

	pass(e, &out, r, n);
	return out.nr;
}

#define SMALL_WINDOW	12	/* entries; set_node() and the flag setters rarely meet more */

FAST void edit_small(struct memblock_type *type, unsigned long from, unsigned long n,
		     const struct edit *e, edit_pass_fn *pass)
{
	struct memblock_region buf[2 * SMALL_WINDOW + 1];
	unsigned long nr = write_entries(e, pass, type->regions + from, n, buf);

	if (nr > n)
		mb_make_room(type, from + n, nr - n);
	else if (nr < n)
		memblock_remove_region(type, from + nr, n - nr);
	memcpy(type->regions + from, buf, nr * sizeof(*buf));
}

/* Not inlined, so that both passes are called through the pointer here: one copy of them. */
static __noinline void edit_large(struct memblock_type *type, unsigned long from, unsigned long n,
		       const struct edit *e, edit_pass_fn *pass)
{
	struct output counted = count_entries(e, pass, type->regions + from, n);
	struct memblock_region *to;

	if (counted.ahead)
		mb_make_room(type, from, counted.ahead);
	to = type->regions + from;
	write_entries(e, pass, to + counted.ahead, n, to);
	if (n + counted.ahead > counted.nr)
		memblock_remove_region(type, from + counted.nr, n + counted.ahead - counted.nr);
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

/* The first entry from @lo on that begins at @end or above; mostly @lo or one of the next. */
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

/* What adding a range would do to the entries it meets. */
struct survey {
	unsigned long	gaps;		/* new parts, which fill gaps of the old */
	phys_addr_t	bytes;		/* in the new parts */
	bool		alike;		/* all old entries have the new flags and node */
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

/* All that is met is like the new range: it becomes one region, with neighbours that touch. */
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
		memblock_remove_region(type, lo + 1, hi - lo - 1);
}

/*
 * Linux warns where a new part lies directly below a region of another node or other flags:
 * the caller's map contradicts itself.  Since reservations have flags (6.16) a range without any
 * may lie beside one of the kernel's.
 */
static void warn_of_odd_gaps(const struct memblock_region *r, unsigned long n,
			     const struct memblock_region *new)
{
	phys_addr_t done = new->base;

	for (unsigned long i = 0; i < n; i++) {
		if (r[i].base > done) {
			WARN_ON(memblock_get_region_node(&r[i]) != memblock_get_region_node(new));
			WARN_ON(r[i].flags != new->flags &&
				(new->flags || !mb_state.rsrv_kern));
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
 * The range meets nothing and belongs before entry @at.  A neighbour that touches and agrees
 * grows instead of a new entry being made; where both do, the two become one.
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
			memblock_remove_region(type, at, 1);
		}
	} else if (low) {
		r[-1].size += new.size;
	} else {
		memblock_insert_region(type, at, new);
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

/*
 * The range meets others, or the array is full.  Doubling allocates and reserves, which changes
 * the arrays, so the range's place is searched again afterwards.
 */
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

int memblock_add_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size, int nid,
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
		return memblock_add_range(type, base, end - base, MAX_NUMNODES, MEMBLOCK_NONE);
	add_between(type, at, mb_region(base, end, MAX_NUMNODES, MEMBLOCK_NONE));
	return 0;
}

/* ---- removing ----------------------------------------------------------------------- */

/* [base, end) lies strictly inside entry @i, which becomes two. */
static void split_around(struct memblock_type *type, unsigned long i, phys_addr_t base,
			 phys_addr_t end)
{
	struct memblock_region high = mb_part(&type->regions[i], end, mb_end(&type->regions[i]));

	memblock_insert_region(type, i + 1, high);
	type->regions[i].size = base - type->regions[i].base;
	type->total_size -= end - base;
}

/*
 * Entries at the borders are cut in place, so that nothing has to be isolated first:
 *
 *	regions	  [--lo--]  [----]   [--hi-1--]   [hi]
 *	range	      [~~~~~~~~~~~~~~~~~~]
 *	left	  [--]                    [--]    [hi]
 */
int memblock_remove_range(struct memblock_type *type, phys_addr_t base, phys_addr_t size)
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
			split_around(type, lo, base, end);
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
		memblock_remove_region(type, lo, hi - lo);
	return 0;
}

/* ---- changing flags and node ------------------------------------------------------------ */

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
