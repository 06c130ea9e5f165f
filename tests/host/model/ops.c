/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Each operation twice, on memblock and on the model; see ops.h.
 */
#include "tests/host/model/ops.h"

#include <stdio.h>
#include <string.h>

#include "mm/memblock/memblock_internal.h"	/* mb_state, the port's warn_count() */
#include "tests/host/include/memblock_reset.h"

static phys_addr_t addr(const struct model *m, unsigned int c)
{
	return m->grid.base + c * m->grid.unit;
}

void ops_start(struct model *m, phys_addr_t base, size_t cells, bool growing)
{
	memblock_reset();
	movable_node_enabled = false;
	mirrored_kernelcore = true;
	if (growing)
		memblock_allow_resize();
	model_init(m, (struct picture_grid){ base, PAGE_SIZE }, cells);
}

/* ---- what may happen to the arrays on the way -------------------------------- */

struct block {
	phys_addr_t	at, bytes;	/* bytes 0: the static array */
};

struct before {
	struct block	memory, reserved;
	unsigned long	memory_max, reserved_max, reserved_cnt, memory_cnt;
};

static struct block block_of(const struct memblock_type *type, const struct mb_block *b)
{
	if (!b->first || type->regions < b->first || type->regions >= b->first + b->slots)
		return (struct block){ 0, 0 };
	return (struct block){ virt_to_phys(b->first),
			       ALIGN_UP(b->slots * sizeof(*b->first), PAGE_SIZE) };
}

static struct before look(void)
{
	return (struct before){
		.memory = block_of(&memblock.memory, &mb_state.memory_block),
		.reserved = block_of(&memblock.reserved, &mb_state.reserved_block),
		.memory_max = memblock.memory.max,
		.reserved_max = memblock.reserved.max,
		.memory_cnt = memblock.memory.cnt,
		.reserved_cnt = memblock.reserved.cnt,
	};
}

static unsigned int cell_of(const struct model *m, phys_addr_t pa)
{
	return (unsigned int)((pa - m->grid.base) / m->grid.unit);
}

/* Was [at, at + bytes) free for an array, in the model as it is now? */
static bool place_allowed(const struct model *m, struct block b)
{
	if (b.at < m->grid.base || !b.at || b.at % PAGE_SIZE ||
	    b.at + b.bytes > m->grid.base + m->cells * m->grid.unit || b.at + b.bytes > m->limit)
		return false;
	for (unsigned int c = cell_of(m, b.at); c < cell_of(m, b.at + b.bytes); c++)
		if (!model_cell_usable(m, c, NUMA_NO_NODE, 0))
			return false;
	return true;
}

static void reserve_block(struct model *m, struct block b)
{
	model_add(&m->reserved, cell_of(m, b.at), cell_of(m, b.at + b.bytes), MAX_NUMNODES, 0);
}

static void free_block(struct model *m, struct block b)
{
	if (b.bytes)
		model_remove(&m->reserved, cell_of(m, b.at), cell_of(m, b.at + b.bytes));
}

static bool meets(struct block b, phys_addr_t first, phys_addr_t end)
{
	return b.bytes && b.at < end && first < b.at + b.bytes;
}

/*
 * Tell the model about arrays that have moved.  [first, end) is what the
 * operation is about to reserve or free (0, 0 for nothing).
 */
static const char *follow_arrays(struct model *m, const struct before *old, phys_addr_t first,
				 phys_addr_t end)
{
	struct before now = look();
	bool memory = now.memory_max != old->memory_max;
	bool reserved = now.reserved_max != old->reserved_max;

	if (memory)
		free_block(m, old->memory);
	if (reserved)
		free_block(m, old->reserved);
	if (memory && !place_allowed(m, now.memory))
		return "the new memory array lies where it must not";
	if (memory)
		reserve_block(m, now.memory);
	if (reserved && !place_allowed(m, now.reserved))
		return "the new reserved array lies where it must not";
	if (reserved && meets(now.reserved, first, end))
		return "the new reserved array lies in the range in hand";
	if (reserved)
		reserve_block(m, now.reserved);
	return NULL;
}

static phys_addr_t array_bytes(unsigned long entries)
{
	return ALIGN_UP(entries * sizeof(struct memblock_region), PAGE_SIZE);
}

/* Where an array of twice @max entries would go, looked for in [start, end). */
static phys_addr_t place(const struct model *m, unsigned long max, phys_addr_t start,
			 phys_addr_t end)
{
	struct model_query q = {
		.size = array_bytes(2 * max), .align = PAGE_SIZE, .start = start, .end = end,
		.nid = NUMA_NO_NODE, .flags = m->mirror ? MEMBLOCK_MIRROR : 0,
	};
	phys_addr_t at = model_find(m, &q);

	q.flags = 0;
	return at ? at : model_find(m, &q);
}

/* Is there really no place for a larger reserved array, [first, end) in hand? */
static bool reserved_stuck(const struct model *m, phys_addr_t first, phys_addr_t end)
{
	unsigned long max = memblock.reserved.max;

	return !place(m, max, end, 0) &&
	       (first <= PAGE_SIZE || !place(m, max, 0, MIN(first, m->limit)));
}

/* The same for memory, whose new array needs one or two entries in reserved. */
static bool memory_stuck(const struct model *m)
{
	unsigned long max = memblock.memory.max;
	unsigned long need = block_of(&memblock.memory, &mb_state.memory_block).bytes ? 2 : 1;
	phys_addr_t at = place(m, max, 0, 0);

	if (!at)
		return true;
	return memblock.reserved.cnt + need > memblock.reserved.max &&
	       reserved_stuck(m, at, at + array_bytes(2 * max));
}

/* ---- the operations --------------------------------------------------------------- */

static bool on_reserved(const struct op *op)
{
	return op->kind == OP_RESERVE || op->kind == OP_FREE || op->kind == OP_SET_NODE_RESERVED ||
	       (op->kind == OP_SET_FLAG && op->flags == MEMBLOCK_RSRV_NOINIT);
}

static int set_flag(phys_addr_t base, phys_addr_t size, unsigned int flag)
{
	switch (flag) {
	case MEMBLOCK_HOTPLUG:
		return memblock_mark_hotplug(base, size);
	case MEMBLOCK_MIRROR:
		return memblock_mark_mirror(base, size);
	case MEMBLOCK_NOMAP:
		return memblock_mark_nomap(base, size);
	default:
		return memblock_reserved_mark_noinit(base, size);
	}
}

static int run_range(const struct op *op, phys_addr_t base, phys_addr_t size)
{
	switch (op->kind) {
	case OP_ADD:
		if (op->nid == MAX_NUMNODES && !op->flags)
			return memblock_add(base, size);
		return memblock_add_node(base, size, op->nid, (enum memblock_flags)op->flags);
	case OP_REMOVE:
		return memblock_remove(base, size);
	case OP_RESERVE:
		return memblock_reserve(base, size);
	case OP_FREE:
		return memblock_phys_free(base, size);
	case OP_SET_FLAG:
		return set_flag(base, size, op->flags);
	case OP_CLEAR_FLAG:
		return op->flags == MEMBLOCK_HOTPLUG ? memblock_clear_hotplug(base, size) :
						       memblock_clear_nomap(base, size);
	case OP_SET_NODE:
		return memblock_set_node(base, size, &memblock.memory, op->nid);
	default:
		return memblock_set_node(base, size, &memblock.reserved, op->nid);
	}
}

static void model_range(struct model *m, const struct op *op)
{
	struct model_type *t = on_reserved(op) ? &m->reserved : &m->memory;

	switch (op->kind) {
	case OP_ADD:
		model_add(t, op->first, op->end, op->nid, op->flags);
		break;
	case OP_RESERVE:
		model_add(t, op->first, op->end, MAX_NUMNODES, 0);
		break;
	case OP_REMOVE:
	case OP_FREE:
		model_remove(t, op->first, op->end);
		break;
	case OP_SET_FLAG:
	case OP_CLEAR_FLAG:
		model_flag(t, op->first, op->end, op->flags, op->kind == OP_SET_FLAG);
		break;
	default:
		model_node(t, op->first, op->end, op->nid);
		break;
	}
}

static const char *range_op(struct model *m, const struct op *op)
{
	phys_addr_t first = addr(m, op->first), end = addr(m, op->end);
	bool rsv = on_reserved(op);
	struct before old = look();
	const char *wrong;
	int rc;

	if (op->kind == OP_SET_FLAG && op->flags == MEMBLOCK_MIRROR)
		m->mirror = true;
	rc = run_range(op, first, end - first);
	wrong = follow_arrays(m, &old, rsv ? first : 0, rsv ? end : 0);
	if (wrong)
		return wrong;
	if (!rc)
		model_range(m, op);
	else if (rc != -ENOMEM)
		return "neither 0 nor -ENOMEM";
	else if (!(rsv ? reserved_stuck(m, first, end) : memory_stuck(m)))
		return "-ENOMEM although the array could grow";
	return NULL;
}

static phys_addr_t real_alloc(const struct op *op, const struct model_query *q)
{
	void *p;

	if (op->kind == OP_PHYS_ALLOC)
		return memblock_alloc_range_nid(q->size, q->align, q->start, q->end, q->nid,
						q->exact);
	if (q->exact)
		p = memblock_alloc_exact_nid_raw(q->size, q->align, q->start, q->end, q->nid);
	else
		p = memblock_alloc_try_nid_raw(q->size, q->align, q->start, q->end, q->nid);
	return p ? virt_to_phys(p) : 0;
}

static bool piece_free(const struct model *m, phys_addr_t at, phys_addr_t size)
{
	for (unsigned int c = cell_of(m, at); c < cell_of(m, at + size); c++)
		if (c >= m->cells || !model_cell_usable(m, c, NUMA_NO_NODE, 0))
			return false;
	return true;
}

static const char *alloc_op(struct model *m, const struct op *op)
{
	struct model_query q = {
		.size = op->size * m->grid.unit, .align = op->align * m->grid.unit,
		.start = op->first ? addr(m, op->first) : 0,
		.end = op->end ? addr(m, op->end) : 0, .nid = op->nid, .exact = op->exact,
	};
	struct before old = look();
	phys_addr_t got = real_alloc(op, &q), want;
	static struct model trial;
	const char *wrong;

	model_copy(&trial, m);
	want = op->kind == OP_PHYS_ALLOC ? model_alloc(&trial, q) : model_alloc_virt(&trial, q);
	wrong = follow_arrays(m, &old, got, got ? got + q.size : 0);
	if (wrong)
		return wrong;
	if (got == want) {
		if (got && q.size)
			model_add(&m->reserved, cell_of(m, got), cell_of(m, got + q.size),
				  MAX_NUMNODES, 0);
		return NULL;
	}
	/* Where the model finds room, memblock may lack an entry to reserve it with. */
	if (!want || old.reserved_cnt < old.reserved_max || !reserved_stuck(m, want, want + q.size))
		return "the allocator found another place";
	if (got && !piece_free(m, got, q.size))
		return "the allocator found a place that is not free";
	if (got)
		model_add(&m->reserved, cell_of(m, got), cell_of(m, got + q.size), MAX_NUMNODES, 0);
	return NULL;
}

static void model_limit(struct model *m, const struct op *op)
{
	if (op->kind == OP_CAP)
		model_cap(m, op->first, op->end);
	else if (op->kind == OP_ENFORCE)
		model_enforce(m, op->size * m->grid.unit);
	else
		model_trim(m, op->align * m->grid.unit);
}

/* One above the last cell of memory. */
static size_t memory_end(const struct model *m)
{
	size_t end = m->cells;

	while (end && !m->memory.cell[end - 1].in)
		end--;
	return end;
}

/*
 * Linux's limits ignore that a removal wants two free entries and may not get
 * them.  Where an array was full and is stuck, memory may be what it was, and
 * reserved may have been cut on neither side, below, or above.  Only capping gives
 * up altogether if memory is stuck.
 */
static void allow_shortfall(struct model *m, const struct op *op, const struct model *was,
			    const struct before *old)
{
	size_t low = op->kind == OP_CAP ? op->first : 0;
	size_t high = op->kind == OP_CAP ? op->end : memory_end(m);

	if (old->memory_cnt + 2 > old->memory_max && memory_stuck(was)) {
		if (op->kind == OP_CAP && model_same(was, true)) {
			model_copy(m, was);
			return;
		}
		if (!model_matches(m, &m->memory, &memblock.memory, true))
			m->memory = was->memory;
	}
	/* Full before, or since memory's new array was reserved. */
	if (old->reserved_cnt + 2 <= old->reserved_max &&
	    memblock.reserved.cnt + 2 <= memblock.reserved.max)
		return;
	for (int sides = 0; sides < 3; sides++) {
		if (model_matches(m, &m->reserved, &memblock.reserved, true))
			return;
		m->reserved = was->reserved;
		if (sides == 1)
			model_remove(&m->reserved, 0, low);
		if (sides == 2)
			model_remove(&m->reserved, high, m->cells);
	}
}

static const char *limit_op(struct model *m, const struct op *op)
{
	static struct model was;
	struct before old = look();
	const char *wrong;

	switch (op->kind) {
	case OP_CAP:
		memblock_cap_memory_range(addr(m, op->first),
					  (op->end - op->first) * m->grid.unit);
		break;
	case OP_ENFORCE:
		memblock_enforce_memory_limit(op->size * m->grid.unit);
		break;
	default:
		memblock_trim_memory(op->align * m->grid.unit);
		break;
	}
	wrong = follow_arrays(m, &old, 0, 0);
	if (wrong)
		return wrong;
	model_copy(&was, m);
	model_limit(m, op);
	if (!model_same(m, true))
		allow_shortfall(m, op, &was, &old);
	return NULL;
}

/* ---- questions --------------------------------------------------------------------------- */

static bool covered(const struct model_type *t, const struct model *m, unsigned int first,
		    unsigned int end)
{
	for (unsigned int c = first; c < end; c++)
		if (c >= m->cells || !t->cell[c].in || t->cell[c].nid != t->cell[first].nid ||
		    t->cell[c].flags != t->cell[first].flags)
			return false;
	return true;
}

static bool touched(const struct model_type *t, unsigned int first, unsigned int end)
{
	for (unsigned int c = first; c < end; c++)
		if (t->cell[c].in)
			return true;
	return false;
}

static const char *query_op(struct model *m, const struct op *op)
{
	phys_addr_t base = addr(m, op->first), size = (op->end - op->first) * m->grid.unit;
	const struct picture_cell *mem = &m->memory.cell[op->first];

	if (memblock_is_memory(base) != mem->in || memblock_is_memory(base + 0xfff) != mem->in)
		return "is_memory";
	if (memblock_is_map_memory(base) != (mem->in && !(mem->flags & MEMBLOCK_NOMAP)))
		return "is_map_memory";
	if (memblock_is_reserved(base) != m->reserved.cell[op->first].in)
		return "is_reserved";
	if (!size)
		return NULL;
	if (memblock_is_region_memory(base, size) !=
	    covered(&m->memory, m, op->first, op->end))
		return "is_region_memory";
	if (memblock_is_region_reserved(base, size) != touched(&m->reserved, op->first, op->end))
		return "is_region_reserved";
	if (memblock_overlaps_region(&memblock.memory, base, size) !=
	    touched(&m->memory, op->first, op->end))
		return "overlaps_region";
	return NULL;
}

/* The next free piece of the model from cell *@c on; false at the end. */
static bool next_piece(const struct model *m, const struct op *op, unsigned int *c,
		       phys_addr_t *start, phys_addr_t *end)
{
	while (*c < m->cells && !model_cell_usable(m, *c, op->nid, op->flags))
		++*c;
	if (*c >= m->cells)
		return false;
	*start = addr(m, *c);
	do {
		++*c;
	} while (*c < m->cells && model_cell_usable(m, *c, op->nid, op->flags) &&
		 covered(&m->memory, m, *c - 1, *c + 1));
	*end = addr(m, *c);
	return true;
}

static const char *walk_op(struct model *m, const struct op *op)
{
	static phys_addr_t starts[MODEL_CELLS], ends[MODEL_CELLS];
	phys_addr_t s, e, ms, me;
	unsigned int c = 0, n = 0;
	uint64_t i;

	for_each_free_mem_range(i, op->nid, (enum memblock_flags)op->flags, &s, &e, NULL) {
		if (n == MODEL_CELLS || !next_piece(m, op, &c, &ms, &me) || s != ms || e != me)
			return "forward walk";
		starts[n] = s;
		ends[n++] = e;
	}
	if (next_piece(m, op, &c, &ms, &me))
		return "forward walk ends early";
	for_each_free_mem_range_reverse(i, op->nid, (enum memblock_flags)op->flags, &s, &e, NULL)
		if (!n-- || s != starts[n] || e != ends[n])
			return "reverse walk is not the mirror image";
	return n ? "reverse walk ends early" : NULL;
}

/* ---- all together -------------------------------------------------------------------------- */

const char *op_ask(struct model *m, const struct op *op)
{
	m->movable_node = movable_node_enabled;
	switch (op->kind) {
	case OP_PHYS_ALLOC:
	case OP_VIRT_ALLOC:
		return alloc_op(m, op);
	case OP_CAP:
	case OP_ENFORCE:
	case OP_TRIM:
		return limit_op(m, op);
	case OP_BOTTOM_UP:
		m->bottom_up = op->size & 1;
		memblock_set_bottom_up(m->bottom_up);
		return NULL;
	case OP_LIMIT:
		m->limit = op->end ? addr(m, op->end) : PHYS_ADDR_MAX;
		memblock_set_current_limit(m->limit);
		return NULL;
	case OP_QUERY:
		return query_op(m, op);
	case OP_WALK:
		return walk_op(m, op);
	default:
		return range_op(m, op);
	}
}

static bool block_lost(const struct model *m, struct block b)
{
	if (!b.bytes)
		return false;
	for (unsigned int c = cell_of(m, b.at); c < cell_of(m, b.at + b.bytes); c++)
		if (!m->reserved.cell[c].in)
			return true;
	return false;
}

/* Somebody freed, or cut away, the memory a doubled array lives in. */
static bool arrays_lost(const struct model *m)
{
	struct before now = look();

	return block_lost(m, now.memory) || block_lost(m, now.reserved);
}

/* Would the operation free memory that a doubled array lives in? */
static bool frees_arrays(const struct model *m, const struct op *op)
{
	phys_addr_t first = addr(m, op->first), end = addr(m, op->end);
	struct before now = look();

	return op->kind == OP_FREE && (meets(now.memory, first, end) ||
				       meets(now.reserved, first, end));
}

static bool floats_out(const struct memblock_type *type, const struct mb_block *b)
{
	return block_of(type, b).bytes && type->regions + type->cnt > b->first + b->slots;
}

const char *op_run(struct model *m, const struct op *op)
{
	unsigned int warns = warn_count();
	const char *wrong;

	if (arrays_lost(m) || frees_arrays(m, op))
		return NULL;
	m->memory.warned = m->reserved.warned = false;
	wrong = op_ask(m, op);
	if (wrong)
		return wrong;
	if (floats_out(&memblock.memory, &mb_state.memory_block) ||
	    floats_out(&memblock.reserved, &mb_state.reserved_block))
		return "an array is not where its memory is";
	if (!model_same(m, true))
		return "the arrays are not what the model says";
	if ((m->memory.warned || m->reserved.warned) != (warn_count() != warns))
		return m->memory.warned || m->reserved.warned ? "did not warn" : "warned";
	return NULL;
}

void op_print(const struct op *op)
{
	static const char *const names[OP_KINDS] = {
		"add", "remove", "reserve", "free", "set_flag", "clear_flag", "set_node",
		"set_node_reserved", "phys_alloc", "virt_alloc", "cap", "enforce", "trim",
		"bottom_up", "limit", "query", "walk",
	};

	printf("%-18s [%u,%u) size %u align %u nid %d flags %#x%s\n", names[op->kind], op->first,
	       op->end, op->size, op->align, op->nid, op->flags, op->exact ? " exact" : "");
}
