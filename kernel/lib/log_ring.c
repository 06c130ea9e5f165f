// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring that keeps the log: complete lines, the youngest 64 KiB of them.
 *
 * It holds records, each in one piece and aligned, at positions that only grow; position
 * modulo ring size is the place.  Where a record would cross the ring's end, a pad record
 * fills up to it:
 *
 *	0                                           LOG_RING_SIZE
 *	| rec 7 | rec 8 |  free ... | rec 5 | rec 6 | pad |
 *	                ^ head      ^ tail
 */
#include "kernel/lib/printk_internal.h"

#include "kernel/lib/align.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"

struct log_record {
	uint64_t	ns;
	uint32_t	len;	/* of the text that follows */
	uint32_t	level;	/* enum log_level, or LOG_RECORD_PAD */
	char		text[];
};

#define LOG_RECORD_PAD	0xffU

_Static_assert(sizeof(struct log_record) == LOG_RECORD_ALIGN, "a pad record must fit in any gap");
_Static_assert(LOG_LINE_MAX < LOG_RING_SIZE / 4, "the ring must hold some of the longest lines");

struct log_ring log_ring;

static struct log_record *log_record_at(uint64_t pos)
{
	return (struct log_record *)(void *)&log_ring.bytes[pos % LOG_RING_SIZE];
}

static uint64_t log_record_size(size_t len)
{
	return ALIGN_UP((uint64_t)(sizeof(struct log_record) + len), LOG_RECORD_ALIGN);
}

/* Move @pos and @seq on to the record behind. */
static void ring_step(uint64_t *pos, uint64_t *seq)
{
	const struct log_record *rec = log_record_at(*pos);

	if (rec->level != LOG_RECORD_PAD)
		++*seq;
	*pos += log_record_size(rec->len);
}

static void ring_make_room(uint64_t size)
{
	while (log_ring.head + size - log_ring.tail > LOG_RING_SIZE)
		ring_step(&log_ring.tail, &log_ring.tail_seq);
	if (log_ring.pos < log_ring.tail) {
		log_ring.pos = log_ring.tail;
		log_ring.pos_seq = log_ring.tail_seq;
	}
}

void log_ring_put(uint64_t ns, enum log_level level, const char *text, size_t len)
{
	uint64_t size = log_record_size(len);
	uint64_t to_end = LOG_RING_SIZE - log_ring.head % LOG_RING_SIZE;
	struct log_record *rec;

	if (size > to_end) {
		ring_make_room(to_end);
		rec = log_record_at(log_ring.head);
		rec->level = LOG_RECORD_PAD;
		rec->len = (uint32_t)(to_end - sizeof(*rec));
		log_ring.head += to_end;
	}
	ring_make_room(size);
	rec = log_record_at(log_ring.head);
	rec->ns = ns;
	rec->level = level;
	rec->len = (uint32_t)len;
	memcpy(rec->text, text, len);
	log_ring.head += size;
	log_ring.head_seq++;
}

bool log_read(uint64_t seq, struct log_line *line)
{
	const struct log_record *rec;

	if (seq < log_ring.tail_seq)
		seq = log_ring.tail_seq;
	if (seq >= log_ring.head_seq)
		return false;
	if (seq < log_ring.pos_seq) {
		log_ring.pos = log_ring.tail;
		log_ring.pos_seq = log_ring.tail_seq;
	}
	while (log_ring.pos_seq < seq || log_record_at(log_ring.pos)->level == LOG_RECORD_PAD)
		ring_step(&log_ring.pos, &log_ring.pos_seq);
	rec = log_record_at(log_ring.pos);
	*line = (struct log_line){
		.seq = seq,
		.ns = rec->ns,
		.level = (enum log_level)rec->level,
		.text = rec->text,
		.len = rec->len,
	};
	return true;
}

uint64_t log_dropped(void)
{
	return log_ring.tail_seq;
}

size_t log_format_line(const struct log_line *line, char *buf, size_t size)
{
	uint64_t us = line->ns / 1000;
	int len = 0;

	if (!size)
		return 0;
	if (!log_ring.no_stamps)
		len = kscnprintf(buf, size, "[%5llu.%06llu] ", (unsigned long long)(us / 1000000),
				 (unsigned long long)(us % 1000000));
	len += kscnprintf(buf + len, size - (size_t)len, "%.*s", (int)line->len, line->text);
	buf[len] = '\n';
	return (size_t)len + 1;
}
