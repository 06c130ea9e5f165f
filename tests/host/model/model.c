/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cell map: loops over cells, nothing else.  See model.h.
 */
#include "tests/host/model/model.h"

#include <stdio.h>
#include <string.h>

#include "kernel/lib/align.h"	/* MIN() MAX() */

static const struct picture_cell nothing = { .in = false, .nid = MAX_NUMNODES };

void model_init(struct model *m, struct picture_grid grid, size_t cells)
{
	memset(m, 0, sizeof(*m));
	m->grid = grid;
	m->cells = cells;
	m->limit = PHYS_ADDR_MAX;
	for (size_t c = 0; c < MODEL_CELLS; c++)
		m->memory.cell[c] = m->reserved.cell[c] = nothing;
}

static void type_copy(struct model_type *to, const struct model_type *from, size_t cells)
{
	memcpy(to->cell, from->cell, cells * sizeof(to->cell[0]));
	to->stale = from->stale;
	to->warned = from->warned;
}

void model_copy(struct model *to, const struct model *from)
{
	to->grid = from->grid;
	to->cells = from->cells;
	type_copy(&to->memory, &from->memory, from->cells);
	type_copy(&to->reserved, &from->reserved, from->cells);
	to->bottom_up = from->bottom_up;
	to->mirror = from->mirror;
	to->movable_node = from->movable_node;
	to->limit = from->limit;
}

static bool type_empty(const struct model_type *t)
{
	for (size_t c = 0; c < MODEL_CELLS; c++)
		if (t->cell[c].in)
			return false;
	return true;
}

void model_add(struct model_type *t, size_t first, size_t end, int nid, unsigned int flags)
{
	bool filled = false;	/* the cell below was filled by this call */

	nid = picture_known_nid(nid);
	if (first == end)
		return;
	if (t->stale && type_empty(t)) {
		t->warned = true;
		t->stale = 0;
	}
	for (size_t c = first; c < end; c++) {
		struct picture_cell *cell = &t->cell[c];

		if (filled && cell->in && (cell->nid != nid || cell->flags != flags))
			t->warned = true;
		filled = !cell->in;
		if (filled)
			*cell = (struct picture_cell){ true, nid, flags };
	}
}

void model_remove(struct model_type *t, size_t first, size_t end)
{
	bool removed = false;

	for (size_t c = first; c < end; c++) {
		removed |= t->cell[c].in;
		t->cell[c] = nothing;
	}
	if (removed && t->stale && type_empty(t))
		t->warned = true;
}

void model_flag(struct model_type *t, size_t first, size_t end, unsigned int flag, bool set)
{
	for (size_t c = first; c < end; c++)
		if (t->cell[c].in)
			t->cell[c].flags = set ? t->cell[c].flags | flag :
						 t->cell[c].flags & ~flag;
}

void model_node(struct model_type *t, size_t first, size_t end, int nid)
{
#ifdef CONFIG_NUMA
	for (size_t c = first; c < end; c++)
		if (t->cell[c].in)
			t->cell[c].nid = nid;
#else
	(void)t, (void)first, (void)end, (void)nid;
#endif
}

void model_cap(struct model *m, size_t first, size_t end)
{
	if (first == end || !model_total(m, &m->memory))
		return;
	for (size_t c = 0; c < m->cells; c++) {
		if (c >= first && c < end)
			continue;
		if (!(m->memory.cell[c].flags & MEMBLOCK_NOMAP))
			model_remove(&m->memory, c, c + 1);
	}
	model_remove(&m->reserved, 0, first);
	model_remove(&m->reserved, end, m->cells);
}

void model_enforce(struct model *m, phys_addr_t amount)
{
	if (!amount)
		return;
	for (size_t c = 0; c < m->cells; c++) {
		if (!m->memory.cell[c].in)
			continue;
		if (amount > m->grid.unit) {
			amount -= m->grid.unit;
			continue;
		}
		model_remove(&m->memory, c + 1, m->cells);
		model_remove(&m->reserved, c + 1, m->cells);
		return;
	}
}

static bool same_region(const struct model_type *t, size_t a, size_t b)
{
	return t->cell[a].in && t->cell[b].in && t->cell[a].nid == t->cell[b].nid &&
	       t->cell[a].flags == t->cell[b].flags;
}

/* The end of the region that begins with cell @c. */
static size_t run_end(const struct model *m, const struct model_type *t, size_t c)
{
	size_t end = c + 1;

	while (end < m->cells && same_region(t, c, end))
		end++;
	return end;
}

void model_trim(struct model *m, phys_addr_t align)
{
	phys_addr_t base = m->grid.base, unit = m->grid.unit;
	bool vanished = false;
	size_t end;

	for (size_t c = 0; c < m->cells; c = end) {
		size_t lo = c, hi;

		end = c + 1;
		if (!m->memory.cell[c].in)
			continue;
		end = hi = run_end(m, &m->memory, c);
		while (lo < end && (base + lo * unit) % align)
			lo++;
		while (hi > lo && (base + hi * unit) % align)
			hi--;
		if (lo < hi)
			m->memory.stale += (end - c - (hi - lo)) * unit;
		vanished |= lo >= hi;
		for (size_t i = c; i < end; i++)
			if (i < lo || i >= hi)
				m->memory.cell[i] = nothing;
	}
	if (vanished && m->memory.stale && type_empty(&m->memory))
		m->memory.warned = true;
}

bool model_cell_usable(const struct model *m, size_t c, int nid, unsigned int flags)
{
	const struct picture_cell *mem = &m->memory.cell[c];

	if (!mem->in || m->reserved.cell[c].in)
		return false;
#ifdef CONFIG_NUMA
	if (nid >= 0 && nid < MAX_NUMNODES && mem->nid != nid)
		return false;
#else
	if (nid > 0 && nid < MAX_NUMNODES)
		return false;	/* every byte is on node 0 */
#endif
	if ((mem->flags & MEMBLOCK_HOTPLUG) && m->movable_node && !(flags & MEMBLOCK_HOTPLUG))
		return false;
	if ((flags & MEMBLOCK_MIRROR) && !(mem->flags & MEMBLOCK_MIRROR))
		return false;
	if ((mem->flags & MEMBLOCK_NOMAP) && !(flags & MEMBLOCK_NOMAP))
		return false;
	return !(mem->flags & MEMBLOCK_DRIVER_MANAGED) || (flags & MEMBLOCK_DRIVER_MANAGED);
}

/* May cells @a and @a + 1 be parts of one piece of memory that is handed out? */
static bool joined(const struct model *m, size_t a, const struct model_query *q)
{
	return a + 1 < m->cells && same_region(&m->memory, a, a + 1) &&
	       model_cell_usable(m, a, q->nid, q->flags) &&
	       model_cell_usable(m, a + 1, q->nid, q->flags);
}

static phys_addr_t clamp_addr(phys_addr_t x, phys_addr_t lo, phys_addr_t hi)
{
	return x < lo ? lo : x > hi ? hi : x;
}

/* Room in the free piece of cells [@first, @end); 0 if there is none. */
static phys_addr_t fit(const struct model *m, size_t first, size_t end,
		       const struct model_query *q)
{
	phys_addr_t lo = clamp_addr(m->grid.base + first * m->grid.unit, q->start, q->end);
	phys_addr_t hi = clamp_addr(m->grid.base + end * m->grid.unit, q->start, q->end);
	phys_addr_t at;

	if (m->bottom_up) {
		at = (lo + q->align - 1) / q->align * q->align;
		return at < hi && hi - at >= q->size ? at : 0;
	}
	if (hi < q->size)
		return 0;
	at = (hi - q->size) / q->align * q->align;
	return at >= lo ? at : 0;
}

phys_addr_t model_find(const struct model *m, const struct model_query *query)
{
	struct model_query q = *query;
	phys_addr_t found = 0;
	size_t end;

	if (q.end == MEMBLOCK_ALLOC_ACCESSIBLE || q.end == MEMBLOCK_ALLOC_NOLEAKTRACE)
		q.end = m->limit;
	q.start = MAX(q.start, (phys_addr_t)PAGE_SIZE);
	q.end = MAX(q.start, q.end);
	for (size_t c = 0; c < m->cells; c = end) {
		phys_addr_t at;

		end = c + 1;
		if (!model_cell_usable(m, c, q.nid, q.flags))
			continue;
		while (joined(m, end - 1, &q))
			end++;
		at = fit(m, c, end, &q);
		if (at && m->bottom_up)
			return at;
		if (at)
			found = at;
	}
	return found;
}

static size_t cell_of(const struct model *m, phys_addr_t pa)
{
	return (size_t)((pa - m->grid.base) / m->grid.unit);
}

phys_addr_t model_alloc(struct model *m, struct model_query q)
{
	phys_addr_t at;
	int nid = q.nid;

	if (!q.align)
		q.align = SMP_CACHE_BYTES;
	for (q.flags = m->mirror ? MEMBLOCK_MIRROR : 0;; q.flags = 0) {
		q.nid = nid;
		at = model_find(m, &q);
		if (!at && nid >= 0 && nid < MAX_NUMNODES && !q.exact) {
			q.nid = NUMA_NO_NODE;
			at = model_find(m, &q);
		}
		if (at || !q.flags)
			break;
	}
	if (at && q.size)
		model_add(&m->reserved, cell_of(m, at), cell_of(m, at + q.size), MAX_NUMNODES, 0);
	return at;
}

phys_addr_t model_alloc_virt(struct model *m, struct model_query q)
{
	phys_addr_t at;

	if (q.end > m->limit)
		q.end = m->limit;
	at = model_alloc(m, q);
	if (at || !q.start)
		return at;
	q.start = 0;
	return model_alloc(m, q);
}

phys_addr_t model_total(const struct model *m, const struct model_type *t)
{
	phys_addr_t sum = t->stale;

	for (size_t c = 0; c < m->cells; c++)
		if (t->cell[c].in)
			sum += m->grid.unit;
	return sum;
}

static bool runs_match(const struct model *m, const struct model_type *t,
		       const struct memblock_type *type)
{
	phys_addr_t sum = t->stale;
	unsigned long idx = 0;

	for (size_t c = 0; c < m->cells; ) {
		const struct memblock_region *r = &type->regions[idx];
		size_t end;

		if (!t->cell[c].in) {
			c++;
			continue;
		}
		end = run_end(m, t, c);
		if (idx++ >= type->cnt || r->base != m->grid.base + c * m->grid.unit ||
		    r->size != (end - c) * m->grid.unit ||
		    (unsigned int)r->flags != t->cell[c].flags || picture_nid(r) != t->cell[c].nid)
			return false;
		sum += r->size;
		c = end;
	}
	return idx == type->cnt && type->cnt <= type->max && sum == type->total_size;
}

static void print_difference(const struct model *m, const struct model_type *t,
			     const struct memblock_type *type)
{
	char want[PICTURE_MAX + 1], got[PICTURE_MAX + 1];
	size_t cells = MIN(m->cells, (size_t)PICTURE_MAX);

	for (size_t c = 0; c < cells; c++)
		want[c] = t->cell[c].in ? picture_letter(t->cell[c].nid, t->cell[c].flags) : '.';
	want[cells] = '\0';
	picture_draw(type, m->grid, got, cells);
	printf("#   want %s %s, total %#llx\n#   got  %s %s, total %#llx, %lu of %lu%s%s\n",
	       type->name, want, (unsigned long long)model_total(m, t), type->name, got,
	       (unsigned long long)type->total_size, type->cnt, type->max,
	       picture_type_broken(type) ? ", " : "",
	       picture_type_broken(type) ? picture_type_broken(type) : "");
	for (unsigned long i = 0; i < type->cnt && i < 80; i++)
		printf("#   %s[%lu] [%#llx, +%#llx) nid %d flags %#x\n", type->name, i,
		       (unsigned long long)type->regions[i].base,
		       (unsigned long long)type->regions[i].size,
		       picture_nid(&type->regions[i]), (unsigned int)type->regions[i].flags);
}

bool model_matches(const struct model *m, const struct model_type *t,
		   const struct memblock_type *type, bool quiet)
{
	bool same = runs_match(m, t, type);

	if (!same && !quiet)
		print_difference(m, t, type);
	return same;
}

bool model_same(const struct model *m, bool quiet)
{
	bool memory = model_matches(m, &m->memory, &memblock.memory, quiet);

	return model_matches(m, &m->reserved, &memblock.reserved, quiet) && memory;
}

static void type_to_memblock(const struct model *m, const struct model_type *t,
			     struct memblock_type *type)
{
	memset(type->regions, 0, MIN(type->max, m->cells + 1) * sizeof(type->regions[0]));
	type->cnt = 0;
	type->total_size = t->stale;
#ifdef CONFIG_NUMA
	type->regions[0].nid = MAX_NUMNODES;
#endif
	for (size_t c = 0, end; c < m->cells; c = end) {
		struct memblock_region *r = &type->regions[type->cnt];

		end = c + 1;
		if (!t->cell[c].in)
			continue;
		end = run_end(m, t, c);
		type->cnt++;
		r->base = m->grid.base + c * m->grid.unit;
		r->size = (end - c) * m->grid.unit;
		r->flags = (enum memblock_flags)t->cell[c].flags;
#ifdef CONFIG_NUMA
		r->nid = t->cell[c].nid;
#endif
		type->total_size += r->size;
	}
}

void model_to_memblock(const struct model *m)
{
	type_to_memblock(m, &m->memory, &memblock.memory);
	type_to_memblock(m, &m->reserved, &memblock.reserved);
}

static void load_type(struct model *m, struct model_type *t, const char *drawing)
{
	for (size_t c = 0; c < m->cells; c++)
		t->cell[c] = drawing && drawing[0] ? picture_cell(*drawing++) : nothing;
	t->stale = 0;
}

void model_load(struct model *m, const char *memory, const char *reserved)
{
	load_type(m, &m->memory, memory);
	load_type(m, &m->reserved, reserved);
}
