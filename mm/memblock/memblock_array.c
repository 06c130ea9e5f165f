// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arrays under memblock: where they are, how entries move, how they double.
 *
 * The first array of each kind is static and regions[0] stays where it is.  A
 * doubled array is a block taken from memblock itself; its entries may float in
 * it, so that making room moves the shorter side:
 *
 *	first                                               first + slots
 *	|. . . . .|r0 r1 r2 r3 r4 r5 r6 r7 r8|. . . . . . . . .|
 *	 headroom  regions ... regions + cnt    tail room
 *
 * What is inserted, and where, is decided in memblock_range.c.
 */
#include "mm/memblock/memblock_internal.h"

struct mb_state mb_state;

struct memblock memblock = {	/* boot only */
	.current_limit = MEMBLOCK_ALLOC_ANYWHERE,
	.memory = {
		.max = INIT_MEMBLOCK_MEMORY_REGIONS,
		.regions = mb_state.memory_init,
		.name = "memory",
	},
	.reserved = {
		.max = INIT_MEMBLOCK_RESERVED_REGIONS,
		.regions = mb_state.reserved_init,
		.name = "reserved",
	},
};

#ifdef CONFIG_HAVE_MEMBLOCK_PHYS_MAP
struct memblock_type physmem = {	/* boot only */
	.max = INIT_PHYSMEM_REGIONS,
	.regions = mb_state.physmem_init,
	.name = "physmem",
};
#endif

/*
 * Constant after boot.  No initialiser, so that a program that knows nothing of kernelcore=
 * may define it itself, as Linux's test-suite does.
 */
bool mirrored_kernelcore;

void memblock_allow_resize(void)
{
	mb_state.can_resize = true;
}

const char *memblock_type_broken(const struct memblock_type *type)
{
	phys_addr_t sum = 0;

	if (type->cnt > type->max)
		return "more regions than the array may hold";
	if (!type->cnt)
		return mb_empty(type) ? NULL : "cnt is 0 but regions[0] has a size";
	/*@ loop invariant 0 <= i <= type->cnt;
	    loop invariant mb_normal(type->regions, i);
	    loop invariant sum == mb_sum(type->regions, i);
	    loop invariant i > 0 ==> sum <= mb_end_of(type->regions, i - 1);
	    loop invariant i == 0 ==> sum == 0;
	    loop assigns i, sum;
	    loop variant type->cnt - i;
	*/
	for (unsigned long i = 0; i < type->cnt; i++) {
		const struct memblock_region *r = &type->regions[i];

		if (!r->size)
			return "empty region";
		if (r->size > PHYS_ADDR_MAX - r->base)
			return "region wraps";
		if (i && mb_end(r - 1) > r->base)
			return "regions overlap or are unsorted";
		if (i && mb_mergeable(r - 1, r))
			return "neighbours not merged";
		//@ assert mb_sane(type->regions, i + 1);
		/*@ assert i > 0 ==> mb_end_of(type->regions, i - 1) <= type->regions[i].base &&
			!mb_merges(type->regions + i - 1, type->regions + i);
		*/
		//@ assert mb_normal(type->regions, i + 1);
		sum += r->size;
	}
	return sum <= type->total_size ? NULL : "total_size is too small";
}

/* ---- moving entries ------------------------------------------------------------- */

#define REFLOAT_MIN	8	/* with fewer free entries it costs more than it saves */

/*
 * The memory of a doubled array, in which `regions` floats; NULL for an array that does not
 * float: a static one, or one that a test has put in place.
 */
static struct mb_block *array_block(const struct memblock_type *type)
{
	struct mb_block *b = type == &memblock.memory	? &mb_state.memory_block
			     : type == &memblock.reserved ? &mb_state.reserved_block
							  : NULL;

	if (!b || !b->slots || type->regions < b->first || type->regions >= b->first + b->slots)
		return NULL;
	return b;
}

static void move_regions(struct memblock_region *to, const struct memblock_region *from,
			 unsigned long n)
{
	memmove(to, from, n * sizeof(*to));
}

/*
 * Move all entries so that @n fit on the side that is cheaper to move, which lacks room.  The
 * free entries are shared out as if later insertions fell where this one does: an insertion
 * at the end leaves all of them behind the entries, one at the start before them, one in
 * the middle half and half.
 */
static void refloat(struct memblock_type *type, const struct mb_block *b, unsigned long cnt,
		    unsigned long at, unsigned long n)
{
	unsigned long spare = b->slots - cnt - n;
	unsigned long front = spare * (cnt - at) / cnt;

	if (at < cnt - at)
		front += n;
	move_regions(b->first + front, type->regions, cnt);
	type->regions = b->first + front;
}

/*
 * mb_make_room() in a doubled array of @cnt entries: the shorter side is moved.  Where that
 * side has no room, refloat() costs at most twice what moving the other side would, and
 * makes room for many calls; when hardly an entry is free the other side is moved instead.
 */
static __noinline void open_in_block(struct memblock_type *type, const struct mb_block *b,
				     unsigned long cnt, unsigned long at, unsigned long n)
{
	unsigned long head = (unsigned long)(type->regions - b->first);
	unsigned long tail = b->slots - head - cnt;
	bool front = at < cnt - at;

	if ((front ? head : tail) < n) {
		if (head + tail - n >= REFLOAT_MIN || (front ? tail : head) < n)
			refloat(type, b, cnt, at, n);
		else
			front = !front;
	}
	if (front) {
		move_regions(type->regions - n, type->regions, at);
		type->regions -= n;
	} else {
		move_regions(type->regions + at + n, type->regions + at, cnt - at);
	}
}

void mb_make_room(struct memblock_type *type, unsigned long at, unsigned long n)
{
	const struct mb_block *b = array_block(type);
	unsigned long cnt = type->cnt;

	/* Every array grows here and nowhere else, so no entry is ever written behind one. */
	BUG_ON(cnt + n > type->max);
	/* Before the move: a store behind it would have to wait for all of the move's stores. */
	type->cnt = cnt + n;
	if (b)
		open_in_block(type, b, cnt, at, n);
	else
		move_regions(type->regions + at + n, type->regions + at, cnt - at);
}

void memblock_remove_region(struct memblock_type *type, unsigned long at, unsigned long n)
{
	unsigned long after = type->cnt - at - n;

	type->cnt -= n;
	if (!type->cnt) {
		/* memblock_trim_memory() can leave total_size too large; Linux warns as well. */
		WARN_ON(type->total_size != 0);
		type->regions[0] = mb_region(0, 0, MAX_NUMNODES, MEMBLOCK_NONE);
	} else if (at < after && array_block(type)) {
		move_regions(type->regions + n, type->regions, at);
		type->regions += n;
	} else {
		move_regions(type->regions + at, type->regions + at + n, after);
	}
}

/* ---- doubling ---------------------------------------------------------------------- */

/* A doubling that is under way. */
struct doubling {
	struct memblock_type	*type;
	unsigned long		max;		/* new number of entries */
	phys_addr_t		addr;		/* the new array */
	phys_addr_t		bytes;		/* of whole pages */
};

/* Lines and events name this address inside memblock_double_array() as the caller. */
#define DOUBLE_IP	((unsigned long)memblock_double_array + 1)

/* Mirrored memory, if there is such; else, with a warning, any. */
static phys_addr_t memblock_find_in_range(phys_addr_t start, phys_addr_t end, phys_addr_t size,
					  phys_addr_t align)
{
	struct mb_wish wish = { size, align, start, end, NUMA_NO_NODE };
	enum memblock_flags flags = choose_memblock_flags();
	phys_addr_t addr = mb_find_for_array(&wish, flags);

	if (!addr && flags & MEMBLOCK_MIRROR) {
		mb_warn_no_mirror(size);
		addr = mb_find_for_array(&wish, MEMBLOCK_NONE);
	}
	return addr;
}

/*
 * A place for the new array outside [base, end), which is about to be reserved:
 *
 *	0 ......[base    end)........ current_limit
 *	   2nd                1st
 *
 * Linux differs: if the range begins at 0 and nothing is free above it, Linux's second
 * search has no end and may put the array inside the range.
 */
static phys_addr_t find_outside(phys_addr_t bytes, phys_addr_t base, phys_addr_t end)
{
	phys_addr_t addr = memblock_find_in_range(end, MEMBLOCK_ALLOC_ACCESSIBLE, bytes,
						  PAGE_SIZE);

	/* An end of 0 or 1 would mean "accessible", and so the range itself. */
	if (!addr && base > PAGE_SIZE)
		addr = memblock_find_in_range(0, MIN(base, memblock.current_limit), bytes,
					      PAGE_SIZE);
	return addr;
}

static void print_doubled(const struct doubling *d)
{
	phys_addr_t last = d->addr + d->max * sizeof(struct memblock_region) - 1;

	if (unlikely(mb_state.verbose))
		printk(KERN_INFO "memblock: %s is doubled to %ld at [%pa-%pa]\n", d->type->name,
		       (long)d->max, &d->addr, &last);
}

/* Return: -ENOMEM, after telling so. */
static int doubling_failed(const struct doubling *d)
{
	pr_err("memblock: Failed to double %s array from %ld to %ld entries !\n", d->type->name,
	       (long)d->type->max, (long)d->max);
	mb_tell(MEMBLOCK_OP_DOUBLE, 0, d->bytes, NUMA_NO_NODE, mb_array_id(d->type),
		DOUBLE_IP, -ENOMEM);
	return -ENOMEM;
}

/* Use the new array: copy, give the old one back unless it is static, reserve the new one. */
static void switch_array(const struct doubling *d)
{
	struct memblock_type *type = d->type;
	struct mb_block *old = array_block(type);
	struct mb_block gone = old ? *old : (struct mb_block){ 0 };
	struct memblock_region *first;
	int rc;

	accept_memory(d->addr, d->bytes);
	first = phys_to_virt(d->addr);
	memcpy(first, type->regions, type->cnt * sizeof(*first));
	memset(first + type->cnt, 0, (d->max - type->cnt) * sizeof(*first));
	type->regions = first;
	type->max = d->max;
	if (type == &memblock.memory)
		mb_state.memory_block = (struct mb_block){ first, d->max };
	else if (type == &memblock.reserved)
		mb_state.reserved_block = (struct mb_block){ first, d->max };
	mb_tell(MEMBLOCK_OP_DOUBLE, d->addr, d->bytes, NUMA_NO_NODE, mb_array_id(type),
		DOUBLE_IP, 0);
	if (gone.first) {
		phys_addr_t bytes = ALIGN_UP(gone.slots * sizeof(*first), PAGE_SIZE);

		mb_free(virt_to_phys(gone.first), bytes, DOUBLE_IP);
	}
	/* Cannot fail: double_reserved() and double_other() have made room before. */
	rc = mb_reserve(d->addr, d->bytes, NUMA_NO_NODE, MEMBLOCK_RSRV_KERN, DOUBLE_IP);
	BUG_ON(rc);
}

static struct doubling plan_doubling(struct memblock_type *type)
{
	phys_addr_t bytes = 2 * type->max * sizeof(struct memblock_region);

	return (struct doubling){ .type = type, .max = 2 * type->max,
				  .bytes = ALIGN_UP(bytes, PAGE_SIZE) };
}

static int double_reserved(phys_addr_t base, phys_addr_t end)
{
	struct doubling d = plan_doubling(&memblock.reserved);

	d.addr = find_outside(d.bytes, base, end);
	if (!d.addr)
		return doubling_failed(&d);
	print_doubled(&d);
	switch_array(&d);
	return 0;
}

/*
 * Freeing the old array may cost two entries of reserved and reserving the new one
 * takes one.  If they are not there, reserved doubles first.
 *
 * Linux differs: it doubles reserved in the middle of the switch, when the new array
 * is not reserved yet, and may place one array over the other; and it stops with a BUG
 * where reserved cannot double.
 */
static int double_other(struct memblock_type *type)
{
	struct doubling d = plan_doubling(type);
	unsigned long need = array_block(type) ? 2 : 1;

	d.addr = memblock_find_in_range(0, MEMBLOCK_ALLOC_ACCESSIBLE, d.bytes, PAGE_SIZE);
	if (!d.addr)
		return doubling_failed(&d);
	print_doubled(&d);
	if (memblock.reserved.cnt + need > memblock.reserved.max &&
	    double_reserved(d.addr, d.addr + d.bytes))
		return doubling_failed(&d);
	switch_array(&d);
	return 0;
}

int memblock_double_array(struct memblock_type *type, phys_addr_t base, phys_addr_t size)
{
	if (!mb_state.can_resize)
		panic("memblock: cannot resize %s array", type->name);
	if (type == &memblock.reserved)
		return double_reserved(base, phys_range_end(base, size));
	return double_other(type);
}
