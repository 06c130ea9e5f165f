/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel log: printk(), the ring that keeps it, the consoles that show it.
 *
 * A message is stored as lines.  A line is stamped when it begins, is written
 * to the consoles when it is complete, and then whole.  It is complete at its
 * newline, or when the next printk() that does not begin with KERN_CONT comes.
 * The ring keeps the youngest 64 KiB; the oldest lines go first and are counted.
 *
 * Control bytes other than tab and newline are shown as \xNN, so that a command
 * line from a strange loader cannot drive the terminal.  A line longer than
 * LOG_LINE_MAX is cut and ends in "...".
 *
 * Linux differs: its lines end silently after 1023 bytes, and control bytes go
 * to the console as they are.
 */
#ifndef KERNEL_LIB_PRINTK_H
#define KERNEL_LIB_PRINTK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/lib/compiler.h"

#define KERN_SOH	"\001"
#define KERN_EMERG	KERN_SOH "0"
#define KERN_ALERT	KERN_SOH "1"
#define KERN_CRIT	KERN_SOH "2"
#define KERN_ERR	KERN_SOH "3"
#define KERN_WARNING	KERN_SOH "4"
#define KERN_NOTICE	KERN_SOH "5"
#define KERN_INFO	KERN_SOH "6"
#define KERN_DEBUG	KERN_SOH "7"
#define KERN_CONT	KERN_SOH "c"	/* goes on the line that was left open */

enum log_level {
	LOG_EMERG,
	LOG_ALERT,
	LOG_CRIT,
	LOG_ERR,
	LOG_WARNING,
	LOG_NOTICE,
	LOG_INFO,
	LOG_DEBUG,
	LOG_DEFAULT = LOG_WARNING,	/* of a message without KERN_ */
};

/* Longest line kept, without stamp: a whole 2048 byte command line and words. */
#define LOG_LINE_MAX	2176
#define PRINTK_MESSAGE_SIZE	(LOG_LINE_MAX + 8)	/* of one printk(), with its level */

/**
 * printk() - add to the kernel log
 * @fmt: KERN_<LEVEL> and a format as of kvsnprintf(); without a level LOG_DEFAULT
 *
 * Context: any, from the first C instruction; nothing is lost before the first
 * console is there.  A printk() inside a printk() (a fault while formatting)
 * is stored as its own line.
 * Return: characters of the message without the level.
 */
__printf(1, 2) int printk(const char *fmt, ...);
__printf(1, 0) int vprintk(const char *fmt, va_list args);

/**
 * log_lock() - no other CPU's lines come between the ones that follow, until log_unlock()
 *
 * For reports of several lines.  May be taken again by the CPU that has it; printk() works inside.
 */
void log_lock(void);
void log_unlock(void);

/** log_lock_is_mine() - is this CPU writing to the log?  Asked by an NMI, which must let it end. */
bool log_lock_is_mine(void);

/* A file may define pr_fmt before its includes to prefix all its messages. */
#ifndef pr_fmt
#define pr_fmt(fmt)	fmt
#endif

#define pr_emerg(fmt, ...)	printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...)	printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...)	printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...)	printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)	printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...)	printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)	printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...)	printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...)	printk(KERN_CONT fmt, ##__VA_ARGS__)

/* printk() once per call site, however often it is passed. */
#define printk_once(fmt, ...)							\
	do {									\
		static bool said_;						\
		if (!said_) {							\
			said_ = true;						\
			printk(fmt, ##__VA_ARGS__);				\
		}								\
	} while (0)
#define pr_warn_once(fmt, ...)	printk_once(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info_once(fmt, ...)	printk_once(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)

/*
 * Messages with a level below this reach the consoles; set by loglevel=, debug (10) and quiet
 * (4), and by panic().  ignore_loglevel shows everything; constant after boot.
 */
extern int console_loglevel;
extern bool ignore_loglevel;

/** printk_set_stamps() - show lines with [    0.000000] before them, or without; with at first */
void printk_set_stamps(bool shown);

/**
 * printk_set_clock() - where the stamps come from
 * @ns: nanoseconds since boot; until this is called every stamp is 0.000000
 */
void printk_set_clock(uint64_t (*ns)(void));

/**
 * printk_flush() - complete the line left open, if any, and write it out
 *
 * For those who are about to stop the machine.
 */
void printk_flush(void);

/* ---- consoles (console.c) ---- */

/**
 * struct console - a device that shows the log
 * @name: device name without number, "ttyS"
 * @index: its number
 * @write: show @n bytes; always whole lines ending in "\n", "\r\n" is the
 *         driver's job; must not printk()
 * @setup: told the options after the comma of console=ttyS0,115200n8 before the
 *         first line; may be NULL
 *
 * Drivers fill these and register; the rest belongs to console.c.
 */
struct console {
	const char	*name;
	int		index;
	void		(*write)(const char *s, size_t n);
	void		(*setup)(const char *options);

	bool		enabled;
	uint64_t	next_line;	/* sequence number of the first line not shown */
	struct console	*next;
};

/**
 * register_console() - offer a console
 * @con: static; must stay; a second time is harmless
 *
 * It is used if console= names it, or if it is the first of its @name and console= has
 * (so far) named none that exists.  What the ring still has is replayed first.
 * console= may come later: naming a registered console moves the log there and
 * turns off those that are not named.  Naming one that never comes costs one
 * warning and changes nothing.
 */
void register_console(struct console *con);

/**
 * console_use_too() - firmware says that somebody sits at @con, which is registered
 *
 * It is used, whatever its kind has already, unless console= has named one that exists.
 */
void console_use_too(struct console *con);

/**
 * console_hold() - keep lines in the ring, or show what was kept
 *
 * Held while it is not yet known what console=, loglevel= and quiet say about the first
 * lines; setup_arch() ends it behind parse_early_param(), and panic() does.
 */
void console_hold(bool hold);

/* ---- reading the ring (log_ring.c) ---- */

/**
 * struct log_line - a line of the ring
 * @seq: number of the line since boot, 0 first
 * @ns: its stamp
 * @level: enum log_level
 * @text, @len: not terminated, no newline; valid until the next printk()
 */
struct log_line {
	uint64_t	seq;
	uint64_t	ns;
	enum log_level	level;
	const char	*text;
	size_t		len;
};

/**
 * log_read() - the oldest line with a number of at least @seq
 *
 *	for (uint64_t seq = 0; log_read(seq, &line); seq = line.seq + 1)
 *
 * Return: false if there is none yet.
 * Context: while no other CPU printk()s, or with the log locked.
 */
bool log_read(uint64_t seq, struct log_line *line);

/** log_dropped() - lines the ring has lost to younger ones */
uint64_t log_dropped(void);

/**
 * log_format_line() - "[    0.000000] text\n" into @buf
 *
 * Return: bytes in @buf, at most @size; the newline is always there.
 */
size_t log_format_line(const struct log_line *line, char *buf, size_t size);

#endif /* KERNEL_LIB_PRINTK_H */
