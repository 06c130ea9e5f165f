// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trace is the whole story: memblock on the host, told what the kernel's memblock was told
 * (COM2, JSON Lines), must end with the arrays the kernel had at hand-over.
 *
 *	trace_replay TRACE.jsonl
 *
 *	kernel	op op op ... free_all | snapshot {memory, reserved}
 *	host	op op op ...            == , entry by entry, with node and flags
 *
 * An allocation is replayed as the reservation of its result, a doubling as the reservation
 * of its array: nothing is searched here, so only what the trace says can come out.
 *
 * Exit status: 0 equal, 1 not (each difference is a line), 2 no such file or not a trace,
 * 3 incomplete: events were dropped, or the kernel did not live to see the hand-over.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mm/memblock_since.h"

struct event {
	phys_addr_t	base, size;
	int		nid;		/* -1 for null */
	unsigned int	flags;
};

/* ---- one line ---------------------------------------------------------------------- */

/*
 * The value of @key in @line or NULL.  The kernel writes no blanks, and no string of its
 * contains an unescaped quote, so the first "key": is the key.
 */
static const char *value(const char *line, const char *key)
{
	char quoted[32];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\":", key);
	at = strstr(line, quoted);
	return at ? at + strlen(quoted) : NULL;
}

/* A number, in a string or not; @otherwise if it is null or there is none. */
static unsigned long long number(const char *line, const char *key, unsigned long long otherwise)
{
	const char *at = value(line, key);

	if (!at || *at == 'n')
		return otherwise;
	return *at == '"' ? strtoull(at + 1, NULL, 16) : strtoull(at, NULL, 10);
}

static bool is(const char *line, const char *key, const char *text)
{
	const char *at = value(line, key);
	size_t n = strlen(text);

	return at && *at == '"' && !strncmp(at + 1, text, n) && at[n + 1] == '"';
}

static struct event event_of(const char *line)
{
	return (struct event){ .base = number(line, "base", 0), .size = number(line, "size", 0),
			       .nid = (int)number(line, "nid", (unsigned long long)-1),
			       .flags = (unsigned int)number(line, "flags", 0) };
}

/* ---- what the operations do (the table at memblock_event()) --------------------------- */

static int op_add(const struct event *e)
{
	return memblock_add_node(e->base, e->size, e->nid, (enum memblock_flags)e->flags);
}

static int op_remove(const struct event *e)
{
	return memblock_remove(e->base, e->size);
}

static int op_reserve(const struct event *e)
{
	return __memblock_reserve(e->base, e->size, e->nid, (enum memblock_flags)e->flags);
}

static int op_alloc(const struct event *e)
{
	return __memblock_reserve(e->base, e->size, e->nid,
				  (enum memblock_flags)e->flags | MEMBLOCK_RSRV_KERN);
}

static int op_double(const struct event *e)
{
	return memblock_reserve_kern(e->base, e->size);
}

static int op_free(const struct event *e)
{
	return memblock_phys_free(e->base, e->size);
}

static int op_set_flag(const struct event *e)
{
	switch (e->flags) {
	case MEMBLOCK_HOTPLUG:
		return memblock_mark_hotplug(e->base, e->size);
	case MEMBLOCK_MIRROR:
		return memblock_mark_mirror(e->base, e->size);
	case MEMBLOCK_NOMAP:
		return memblock_mark_nomap(e->base, e->size);
	case MEMBLOCK_RSRV_NOINIT:
		return memblock_reserved_mark_noinit(e->base, e->size);
	case MEMBLOCK_KHO_SCRATCH:
		return memblock_mark_kho_scratch(e->base, e->size);
	}
	return -1;
}

static int op_clear_flag(const struct event *e)
{
	switch (e->flags) {
	case MEMBLOCK_HOTPLUG:
		return memblock_clear_hotplug(e->base, e->size);
	case MEMBLOCK_NOMAP:
		return memblock_clear_nomap(e->base, e->size);
	case MEMBLOCK_KHO_SCRATCH:
		return memblock_clear_kho_scratch(e->base, e->size);
	}
	return -1;
}

static int op_set_node(const struct event *e)
{
	struct memblock_type *array[] = { &memblock.memory, &memblock.reserved };

	return e->flags < ARRAY_SIZE(array)
		       ? memblock_set_node(e->base, e->size, array[e->flags], e->nid)
		       : 0;
}

static int op_trim(const struct event *e)
{
	memblock_trim_memory(e->size);
	return 0;
}

/* What memblock_enforce_memory_limit() leaves has no NOMAP above; the others keep it. */
static int op_cap(const struct event *e)
{
	if (e->flags & MEMBLOCK_NOMAP) {
		memblock_cap_memory_range(e->base, e->size);
		return 0;
	}
	memblock_remove(e->base + e->size, PHYS_ADDR_MAX);
	return memblock_phys_free(e->base + e->size, PHYS_ADDR_MAX);
}

static int op_nothing(const struct event *e)
{
	(void)e;
	return 0;
}

static const struct {
	const char	*name;
	int		(*replay)(const struct event *e);
} ops[] = {
	{ "add", op_add },		{ "remove", op_remove },
	{ "reserve", op_reserve },	{ "alloc", op_alloc },
	{ "double", op_double },	{ "free", op_free },
	{ "set_flag", op_set_flag },	{ "clear_flag", op_clear_flag },
	{ "set_node", op_set_node },	{ "trim", op_trim },
	{ "cap", op_cap },		{ "free_all", op_nothing },
	/* The ledger's notes, and what comes after memblock's end. */
	{ "name", op_nothing },		{ "release", op_nothing },
	{ "free_late", op_nothing },	{ "discard", op_nothing },
};

/* Return: 0, or 1 with a line that says what is wrong with this one. */
static int replay(const char *line, unsigned long lineno)
{
	struct event e = event_of(line);

	if (number(line, "rc", 0))		/* failed: it has changed nothing */
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		if (!is(line, "op", ops[i].name))
			continue;
		if (!ops[i].replay(&e))
			return 0;
		break;
	}
	printf("line %lu cannot be replayed: %.200s", lineno, line);
	return 1;
}

/* ---- the end --------------------------------------------------------------------------- */

static void say_region(const char *who, const struct memblock_region *r)
{
	if (r)
		printf("  %s [%#018llx-%#018llx] nid=%d flags=%#x\n", who,
		       (unsigned long long)r->base, (unsigned long long)(r->base + r->size - 1),
		       memblock_get_region_node(r), (unsigned int)r->flags);
	else
		printf("  %s nothing\n", who);
}

static bool same(const struct memblock_region *a, const struct memblock_region *b)
{
	return a->base == b->base && a->size == b->size && a->flags == b->flags &&
	       memblock_get_region_node(a) == memblock_get_region_node(b);
}

/* The array @type->name of the snapshot @line against ours.  Return: entries that differ. */
static unsigned long compare(const char *line, const struct memblock_type *type)
{
	const char *at = value(line, type->name);
	unsigned long i = 0, wrong = 0;

	for (; at && (at = strpbrk(at, "{]")) && *at == '{'; at++, i++) {
		struct event e = event_of(at);
		struct memblock_region kernel = { .base = e.base, .size = e.size,
						  .flags = (enum memblock_flags)e.flags };
		const struct memblock_region *ours = i < type->cnt ? &type->regions[i] : NULL;

		memblock_set_region_node(&kernel, e.nid);
		if (ours && same(ours, &kernel))
			continue;
		if (!wrong++) {
			printf("%s[%lu] differs\n", type->name, i);
			say_region("kernel", &kernel);
			say_region("replay", ours);
		}
	}
	if (i != type->cnt) {
		printf("%s: the kernel has %lu entries, the replay %lu\n", type->name, i,
		       type->cnt);
		wrong++;
	}
	return wrong;
}

/* Arrays that never double: whatever doubles in the trace says so itself. */
static void room_for(struct memblock_type *type, size_t events)
{
	type->max = 2 * events + 16;
	type->regions = calloc(type->max, sizeof(*type->regions));
	if (!type->regions) {
		fprintf(stderr, "trace_replay: no memory for %zu events\n", events);
		exit(2);
	}
}

static int finish(const char *line, unsigned long events)
{
	if (compare(line, &memblock.memory) + compare(line, &memblock.reserved))
		return 1;
	printf("%lu events: memory %lu entries, reserved %lu, as in the kernel\n", events,
	       memblock.memory.cnt, memblock.reserved.cnt);
	return 0;
}

static int run(FILE *file)
{
	unsigned long events = 0, lineno = 0;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, file) > 0) {
		lineno++;
		if (is(line, "kind", "dropped")) {
			printf("incomplete: the ring dropped %llu events\n",
			       number(line, "count", 0));
			return 3;
		}
		if (is(line, "kind", "snapshot") && value(line, "memory"))
			return finish(line, events);
		if (!is(line, "kind", "event"))
			continue;
		if (replay(line, lineno))
			return 1;
		events++;
	}
	printf("incomplete: no snapshot of the hand-over in %lu lines\n", lineno);
	return 3;
}

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	char *line = NULL;
	size_t lines = 0, size = 0;

	if (!file) {
		fprintf(stderr, "trace_replay: %s\n", argc == 2 ? "cannot read the trace"
								: "usage: trace_replay TRACE");
		return 2;
	}
	for (; getline(&line, &size, file) > 0; lines++)
		if (is(line, "op", "reserve") && number(line, "flags", 0) & MEMBLOCK_RSRV_KERN)
			memblock_set_rsrv_kern(true);	/* so it was a later dialect */
	rewind(file);
	room_for(&memblock.memory, lines);
	room_for(&memblock.reserved, lines);
	mirrored_kernelcore = true;		/* or marks would be ignored */
	return run(file);
}
