// SPDX-License-Identifier: GPL-2.0-only
/*
 * printk(): from a format to complete lines (see printk.h for what it promises).
 *
 *	printk ── format ──► message ── split, escape ──► open line ── complete ──► log_ring.c
 *	                                                                       └──► console.c
 *
 * Messages and open lines are each CPU's own, so CPUs meet only where a line is complete: there one
 * at a time goes on, under log_ring.lock.
 *
 * Nothing allocates.  The only way back into printk() is a fault inside it: the depth of
 * struct per_cpu gives that call a message buffer of its own and ends the line that was being
 * made.
 */
#include "kernel/lib/printk.h"

#include "kernel/lib/panic.h"		/* panic_park() */
#include "kernel/lib/percpu.h"
#include "kernel/lib/printk_internal.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"

int console_loglevel = LOGLEVEL_DEFAULT;	/* constant after boot, until a panic */
bool ignore_loglevel;				/* constant after boot */

/* ---- one CPU at a time ---- */

void log_lock(void)
{
	owned_lock(&log_ring.lock);
}

/* A CPU that another one's panic found writing was left to end its line: it stops here. */
void log_unlock(void)
{
	if (owned_unlock(&log_ring.lock))
		panic_park();
}

bool log_lock_is_mine(void)
{
	return owned_lock_is_mine(&log_ring.lock);
}

/* ---- the open line ---- */

static const char cut_mark[] = "...";
#define CUT_MARK_LEN	(sizeof(cut_mark) - 1)

static void open_line_begin(enum log_level level)
{
	struct open_line *line = &this_cpu()->open_line;

	line->active = true;
	line->cut = false;
	line->len = 0;
	line->level = level;
	line->ns = log_ring.clock ? log_ring.clock() : 0;
}

static void open_line_end(void)
{
	struct open_line *line = &this_cpu()->open_line;

	if (!line->active)
		return;
	line->active = false;
	if (line->cut) {
		memcpy(line->text + line->len, cut_mark, CUT_MARK_LEN);
		line->len += CUT_MARK_LEN;
	}
	log_lock();
	log_ring_put(line->ns, line->level, line->text, line->len);
	console_flush_all();
	log_unlock();
}

/* Appends what fits of the @n bytes at @s; if @whole, all of them or nothing. */
static void open_line_add(const char *s, size_t n, bool whole)
{
	struct open_line *line = &this_cpu()->open_line;
	const size_t room = LOG_LINE_MAX - CUT_MARK_LEN - line->len;

	if (line->cut)
		return;
	line->cut = n > room;
	if (line->cut)
		n = whole ? 0 : room;
	memcpy(line->text + line->len, s, n);
	line->len += n;
}

static bool is_plain(char c)
{
	return ((unsigned char)c >= ' ' && c != 0x7f) || c == '\t';
}

/* Appends the first character of @s, or all the plain ones it begins with.  Return: how many. */
static size_t open_line_add_text(const char *s)
{
	char hex[5];
	size_t n = 0;

	while (is_plain(s[n]))
		n++;
	if (n) {
		open_line_add(s, n, false);
		return n;
	}
	ksnprintf(hex, sizeof(hex), "\\x%02x", (unsigned int)*s);
	open_line_add(hex, sizeof(hex) - 1, true);
	return 1;
}

/*
 * Store a message as lines.
 * @cont: go on with the line left open
 * @cut: the end of the message did not fit in the buffer
 */
static void store_message(const char *s, enum log_level level, bool cont, bool cut)
{
	struct open_line *line = &this_cpu()->open_line;

	if (!cont)
		open_line_end();
	while (*s) {
		if (!line->active)
			open_line_begin(level);
		if (*s == '\n') {
			open_line_end();
			s++;
		} else {
			s += open_line_add_text(s);
		}
	}
	if (cut && line->active) {	/* its newline was lost with the rest */
		line->cut = true;
		open_line_end();
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
	unsigned int *depth = &this_cpu()->printk_depth;
	char *buf = this_cpu()->printk_message[*depth ? 1 : 0];
	enum log_level level = LOG_DEFAULT;
	const char *text;
	bool cont;
	int len;

	++*depth;
	len = kvsnprintf(buf, PRINTK_MESSAGE_SIZE, fmt, args);
	text = take_level(buf, &level, &cont);
	store_message(text, level, cont && *depth == 1, len >= (int)PRINTK_MESSAGE_SIZE);
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
	log_ring.clock = ns;
}

void printk_set_stamps(bool shown)
{
	log_ring.no_stamps = !shown;
}

void printk_flush(void)
{
	open_line_end();
	log_lock();
	console_flush_all();
	log_unlock();
}
