// SPDX-License-Identifier: GPL-2.0-only
/*
 * A Linux boot log with memblock=debug, turned back into the calls that made it.
 *
 * Reservations by the allocator and by array doubling follow from other calls and are
 * left out, unless no request line precedes them (node data).  What happened before
 * the log could speak is taken from its first dump; nodes from the second.
 */
#include "replay.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ULL(x)	((unsigned long long *)&(x))

struct log_reader {
	struct op	*ops;
	unsigned long	count, room;
	unsigned int	dumps;
	bool		asked;		/* a request line has no reservation yet */
	bool		allocated;	/* ... before the first dump */
	uint64_t	added;		/* bytes of memory, before the first dump */
};

static struct op *append(struct log_reader *l, struct op op)
{
	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 256;
		l->ops = realloc(l->ops, l->room * sizeof(*l->ops));
		if (!l->ops)
			abort();
	}
	l->ops[l->count] = op;
	return &l->ops[l->count++];
}

/* "memblock_xxx: [0xa-0xb] caller" */
static bool range_line(const char *line, const char *what, struct op *op, char caller[64])
{
	size_t n = strlen(what);
	uint64_t last;

	if (strncmp(line, what, n) || strncmp(line + n, ": [", 3))
		return false;
	if (sscanf(line + n, ": [%llx-%llx] %63[^+ \n]", ULL(op->start), ULL(last), caller) != 3)
		return false;
	op->size = last - op->start + 1;
	return true;
}

static bool alloc_line(const char *line, struct op *op)
{
	char func[64];

	if (sscanf(line, "memblock_phys_alloc_range: %llu bytes align=%llx from=%llx max_addr=%llx",
		   ULL(op->size), ULL(op->align), ULL(op->start), ULL(op->end)) == 4) {
		op->kind = OP_ALLOC_PHYS;
		return true;
	}
	if (sscanf(line, "%63[^:]: %llu bytes align=%llx nid=%d from=%llx max_addr=%llx", func,
		   ULL(op->size), ULL(op->align), &op->nid, ULL(op->start), ULL(op->end)) != 6)
		return false;
	op->kind = strstr(func, "exact") ? OP_ALLOC_EXACT : OP_ALLOC_NID;
	return true;
}

/* Was this reservation made inside another call? */
static bool implied(struct log_reader *l, const char *caller)
{
	bool asked = l->asked;

	if (!strcmp(caller, "memblock_double_array"))
		return true;
	if (strcmp(caller, "memblock_alloc_range_nid"))
		return false;
	l->asked = false;
	return asked;
}

static void call_line(struct log_reader *l, const char *line)
{
	struct op op = { .kind = OP_ADD, .nid = -1 };
	char caller[64];

	if (alloc_line(line, &op)) {
		append(l, op);
		l->asked = true;
		l->allocated |= !l->dumps;
	} else if (range_line(line, "memblock_add", &op, caller)) {
		append(l, op);
		l->added += l->dumps ? 0 : op.size;
	} else if (range_line(line, "memblock_remove", &op, caller)) {
		append(l, op)->kind = OP_REMOVE;
	} else if (range_line(line, "memblock_phys_free", &op, caller)) {
		append(l, op)->kind = OP_FREE;
	} else if (range_line(line, "memblock_reserve", &op, caller) && !implied(l, caller)) {
		append(l, op)->kind = OP_RESERVE;
	}
}

/* " memory[0x0]\t[0xa-0xb], 0xc bytes on node 1 flags: 0x0" */
static bool dump_line(const char *line, bool memory, struct op *op)
{
	unsigned int index;
	const char *node = strstr(line, "on node ");

	if (sscanf(line, memory ? " memory[%x] [%llx-%*x], %llx" : " reserved[%x] [%llx-%*x], %llx",
		   &index, ULL(op->start), ULL(op->size)) != 3)
		return false;
	op->nid = node ? atoi(node + 8) : -1;
	return true;
}

/* The first dump tells what was there before the first line; put it in front. */
static void prepend_first_dump(struct log_reader *l, char **lines, unsigned long count)
{
	struct log_reader head = { 0 };
	unsigned long i = 0;
	uint64_t memory = 0;
	struct op op = { .nid = -1 };

	while (i < count && strncmp(lines[i], "MEMBLOCK", 8))
		i++;
	append(&head, (struct op){ .kind = OP_LIMIT, .end = l->allocated ? ~0ULL : 1 << 20 });
	for (unsigned long k = i + 1; k < count && lines[k][0] == ' '; k++)
		memory += dump_line(lines[k], true, &op) ? op.size : 0;
	for (unsigned long k = i + 1; k < count && lines[k][0] == ' '; k++) {
		if (memory > l->added && dump_line(lines[k], true, &op)) {
			op.kind = OP_ADD;
			append(&head, op);
		} else if (!l->allocated && dump_line(lines[k], false, &op)) {
			op.kind = OP_RESERVE;
			append(&head, op);
		}
	}
	for (unsigned long k = 0; k < l->count; k++)
		append(&head, l->ops[k]);
	free(l->ops);
	l->ops = head.ops;
	l->count = head.count;
}

static void read_lines(struct log_reader *l, char **lines, unsigned long count)
{
	for (unsigned long i = 0; i < count; i++) {
		struct op op = { .nid = -1 };

		if (!strncmp(lines[i], "MEMBLOCK", 8)) {
			if (!l->dumps++) {
				append(l, (struct op){ .kind = OP_TRIM, .align = 4096 });
				append(l, (struct op){ .kind = OP_LIMIT, .end = ~0ULL });
			}
		} else if (dump_line(lines[i], true, &op)) {
			if (op.nid >= 0) {
				op.kind = OP_SET_NODE;
				append(l, op);
			}
		} else if (lines[i][0] != ' ') {
			call_line(l, lines[i]);
		}
	}
	prepend_first_dump(l, lines, count);
}

struct replay replay_read(const char *path)
{
	struct log_reader l = { 0 };
	char **lines = NULL, *line = NULL;
	unsigned long count = 0;
	size_t room = 0;
	FILE *f = fopen(path, "r");

	if (!f) {
		perror(path);
		exit(1);
	}
	while (getline(&line, &room, f) > 0) {
		char *stamp = line[0] == '[' ? strstr(line, "] ") : NULL;

		if (stamp)
			memmove(line, stamp + 2, strlen(stamp + 2) + 1);
		lines = realloc(lines, (count + 1) * sizeof(*lines));
		if (!lines)
			abort();
		lines[count++] = line;
		line = NULL;
	}
	fclose(f);
	read_lines(&l, lines, count);
	return (struct replay){ .ops = l.ops, .count = l.count };
}
