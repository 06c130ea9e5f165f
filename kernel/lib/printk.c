// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel log (see printk.h for what it promises).
 *
 *	printk ── format ──► message ── split, escape ──► open line ── complete ──► ring
 *
 * Everything is static; nothing allocates.  There is one CPU.  The only way
 * back into printk() is a fault inside it: printk_depth (percpu.h) gives that call buffers of
 * its own and ends the line that was being made.
 *
 * The ring holds records, each in one piece and aligned, at positions that only
 * grow; position modulo ring size is the place.  Where a record would cross the
 * ring's end, a pad record fills up to it:
 *
 *	0                                           LOG_RING_SIZE
 *	| rec 7 | rec 8 |  free ... | rec 5 | rec 6 | pad |
 *	                ^ head      ^ tail
 */
#include "kernel/lib/printk.h"

#include "kernel/lib/align.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/params.h"		/* early_param() */
#include "kernel/lib/percpu.h"
#include "kernel/lib/printk_internal.h"
#include "kernel/lib/string.h"
#include "kernel/lib/types.h"
#include "kernel/lib/vsnprintf.h"

#define LOG_RING_SIZE		65536
#define LOGLEVEL_QUIET		4
#define LOGLEVEL_DEFAULT	7
#define LOGLEVEL_DEBUG		10
#define LOGLEVEL_MAX		15

int console_loglevel = LOGLEVEL_DEFAULT;
bool ignore_loglevel;
bool printk_time = true;

static uint64_t (*clock_ns)(void);

/* ---- the ring ---- */

struct record {
	uint64_t	ns;
	uint32_t	len;	/* of the text that follows */
	uint32_t	level;	/* enum log_level, or RECORD_PAD */
	char		text[];
};

#define RECORD_PAD	0xffU
#define RECORD_ALIGN	16UL	/* = sizeof(struct record): a pad always has a header */

_Static_assert(sizeof(struct record) == RECORD_ALIGN, "a pad record must fit in any gap");
_Static_assert(LOG_LINE_MAX < LOG_RING_SIZE / 4, "the ring must hold some of the longest lines");

static char ring[LOG_RING_SIZE] __attribute__((aligned(RECORD_ALIGN)));
static struct {
	uint64_t	head, head_seq;	/* where and as what the next record goes */
	uint64_t	tail, tail_seq;	/* the oldest record */
	uint64_t	pos, pos_seq;	/* some record between: where the last reader was */
} at;

static struct record *record_at(uint64_t pos)
{
	return (struct record *)(void *)&ring[pos % LOG_RING_SIZE];
}

static uint64_t record_size(size_t len)
{
	return ALIGN_UP((uint64_t)(sizeof(struct record) + len), RECORD_ALIGN);
}

/* Position and number of the record behind @pos. */
static void ring_step(uint64_t *pos, uint64_t *seq)
{
	const struct record *rec = record_at(*pos);

	if (rec->level != RECORD_PAD)
		++*seq;
	*pos += record_size(rec->len);
}

static void ring_make_room(uint64_t size)
{
	while (at.head + size - at.tail > LOG_RING_SIZE)
		ring_step(&at.tail, &at.tail_seq);
	if (at.pos < at.tail) {
		at.pos = at.tail;
		at.pos_seq = at.tail_seq;
	}
}

static void ring_put(uint64_t ns, enum log_level level, const char *text, size_t len)
{
	uint64_t size = record_size(len);
	uint64_t to_end = LOG_RING_SIZE - at.head % LOG_RING_SIZE;
	struct record *rec;

	if (size > to_end) {
		ring_make_room(to_end);
		rec = record_at(at.head);
		rec->level = RECORD_PAD;
		rec->len = (uint32_t)(to_end - sizeof(*rec));
		at.head += to_end;
	}
	ring_make_room(size);
	rec = record_at(at.head);
	rec->ns = ns;
	rec->level = level;
	rec->len = (uint32_t)len;
	memcpy(rec->text, text, len);
	at.head += size;
	at.head_seq++;
}

bool log_read(uint64_t seq, struct log_line *line)
{
	const struct record *rec;

	if (seq < at.tail_seq)
		seq = at.tail_seq;
	if (seq >= at.head_seq)
		return false;
	if (seq < at.pos_seq) {
		at.pos = at.tail;
		at.pos_seq = at.tail_seq;
	}
	while (at.pos_seq < seq || record_at(at.pos)->level == RECORD_PAD)
		ring_step(&at.pos, &at.pos_seq);
	rec = record_at(at.pos);
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
	return at.tail_seq;
}

size_t log_format_line(const struct log_line *line, char *buf, size_t size)
{
	uint64_t us = line->ns / 1000;
	int len = 0;

	if (!size)
		return 0;
	if (printk_time)
		len = kscnprintf(buf, size, "[%5llu.%06llu] ", (unsigned long long)(us / 1000000),
				 (unsigned long long)(us % 1000000));
	len += kscnprintf(buf + len, size - (size_t)len, "%.*s", (int)line->len, line->text);
	buf[len] = '\n';
	return (size_t)len + 1;
}

/* ---- the open line ---- */

static struct {
	bool		active;
	bool		cut;
	enum log_level	level;
	uint64_t	ns;
	size_t		len;
	char		text[LOG_LINE_MAX];
} open_line;

static const char cut_mark[] = "...";
#define CUT_MARK_LEN	(sizeof(cut_mark) - 1)

static void line_begin(enum log_level level)
{
	open_line.active = true;
	open_line.cut = false;
	open_line.len = 0;
	open_line.level = level;
	open_line.ns = clock_ns ? clock_ns() : 0;
}

static void line_end(void)
{
	if (!open_line.active)
		return;
	open_line.active = false;
	if (open_line.cut) {
		memcpy(open_line.text + open_line.len, cut_mark, CUT_MARK_LEN);
		open_line.len += CUT_MARK_LEN;
	}
	ring_put(open_line.ns, open_line.level, open_line.text, open_line.len);
	console_flush_all();
}

static void line_add(const char *s, size_t n)
{
	if (open_line.cut || n > LOG_LINE_MAX - CUT_MARK_LEN - open_line.len) {
		open_line.cut = true;
		return;
	}
	memcpy(open_line.text + open_line.len, s, n);
	open_line.len += n;
}

static void line_add_char(char c)
{
	char hex[5];
	bool control = ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;

	if (!control) {
		line_add(&c, 1);
		return;
	}
	ksnprintf(hex, sizeof(hex), "\\x%02x", (unsigned int)c);
	line_add(hex, sizeof(hex) - 1);
}

/*
 * Store a message as lines.
 * @cont: go on with the line left open
 * @cut: the end of the message did not fit in the buffer
 */
static void store(const char *s, enum log_level level, bool cont, bool cut)
{
	if (!cont)
		line_end();
	for (; *s; s++) {
		if (!open_line.active)
			line_begin(level);
		if (*s == '\n')
			line_end();
		else
			line_add_char(*s);
	}
	if (cut && open_line.active) {	/* its newline was lost with the rest */
		open_line.cut = true;
		line_end();
	}
}

/* ---- the front ---- */

/* The level at the beginning of @s, if there is one; returns what follows. */
static const char *take_level(const char *s, enum log_level *level, bool *cont)
{
	*cont = false;
	if (s[0] != KERN_SOH[0])
		return s;
	if (s[1] >= '0' && s[1] <= '7') {
		*level = (enum log_level)(s[1] - '0');
		return s + 2;
	}
	if (s[1] == KERN_CONT[1]) {
		*cont = true;
		return s + 2;
	}
	return s;
}

int vprintk(const char *fmt, va_list args)
{
	/* One for the normal case, one for a fault inside; 8: the level. */
	static char message[2][LOG_LINE_MAX + 8];
	unsigned int *depth = &this_cpu()->printk_depth;
	char *buf = message[*depth ? 1 : 0];
	enum log_level level = LOG_DEFAULT;
	const char *text;
	bool cont;
	int len;

	++*depth;
	len = kvsnprintf(buf, sizeof(message[0]), fmt, args);
	text = take_level(buf, &level, &cont);
	store(text, level, cont && *depth == 1, len >= (int)sizeof(message[0]));
	--*depth;
	return len - (int)(text - buf);
}

int printk(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vprintk(fmt, args);
	va_end(args);
	return len;
}

void printk_set_clock(uint64_t (*ns)(void))
{
	clock_ns = ns;
}

void printk_flush(void)
{
	line_end();
	console_flush_all();
}

void printk_reset(void)
{
	open_line.active = false;
	memset(&at, 0, sizeof(at));
	console_loglevel = LOGLEVEL_DEFAULT;
	ignore_loglevel = false;
	printk_time = true;
	clock_ns = NULL;
	console_rewind();
}

/* ---- parameters ---- */

static int __init loglevel_param(char *val)
{
	int level;

	if (!val || !get_option(&val, &level))
		return -EINVAL;
	/* Linux differs: it takes any number.  Level 0 would hide even emergencies. */
	console_loglevel = level < 1 ? 1 : level > LOGLEVEL_MAX ? LOGLEVEL_MAX : level;
	if (console_loglevel != level)
		pr_warn("loglevel=%d is outside 1-%d; using %d\n", level, LOGLEVEL_MAX,
			console_loglevel);
	return 0;
}
early_param("loglevel", loglevel_param,
	    "1-15: show messages of a lower level than this; default 7");

static int __init ignore_loglevel_param(char *val)
{
	(void)val;
	ignore_loglevel = true;
	pr_info("debug: ignoring loglevel setting.\n");
	return 0;
}
early_param("ignore_loglevel", ignore_loglevel_param,
	    "show all messages, whatever loglevel= says");

static int __init debug_param(char *val)
{
	(void)val;
	console_loglevel = LOGLEVEL_DEBUG;
	return 0;
}
early_param("debug", debug_param, "show debug messages too: loglevel=10");

static int __init quiet_param(char *val)
{
	(void)val;
	console_loglevel = LOGLEVEL_QUIET;
	return 0;
}
early_param("quiet", quiet_param, "show errors and worse only: loglevel=4");
