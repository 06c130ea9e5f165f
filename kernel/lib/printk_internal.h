/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the log share: printk.c calls console.c, both call log_ring.c, and
 * printk_param.c sets what the command line says.
 */
#ifndef KERNEL_LIB_PRINTK_INTERNAL_H
#define KERNEL_LIB_PRINTK_INTERNAL_H

#include "kernel/lib/owned_lock.h"
#include "kernel/lib/printk.h"

#define LOG_RING_SIZE		65536
#define LOG_RECORD_ALIGN	16	/* the size of a record's header: a pad always has one */
#define LOGLEVEL_DEFAULT	7

/* ---- log_ring.c ---- */

/**
 * struct log_ring - the lines that are kept; one writer, the CPU that has @lock
 * @lock: taken while a complete line goes into the ring and on to the consoles
 * @bytes: the records
 * @head, @head_seq: position and number of the next record
 * @tail, @tail_seq: of the oldest record
 * @pos, @pos_seq: of some record between, where the last reader was
 * @clock: where stamps come from, NULL: they are 0; constant after boot
 * @no_stamps: lines are shown without; constant after boot
 */
extern struct log_ring {
	struct owned_lock lock;
	char		bytes[LOG_RING_SIZE] __attribute__((aligned(LOG_RECORD_ALIGN)));
	uint64_t	head, head_seq;
	uint64_t	tail, tail_seq;
	uint64_t	pos, pos_seq;
	uint64_t	(*clock)(void);
	bool		no_stamps;
} log_ring;

/* Keep a line; the oldest make room. */
void log_ring_put(uint64_t ns, enum log_level level, const char *text, size_t len);

/* ---- console.c ---- */

#define CONSOLE_WISHES_MAX	8
#define CONSOLE_NAME_MAX	16

struct console_wish {
	char	device[CONSOLE_NAME_MAX];	/* "ttyS0" */
	char	options[CONSOLE_NAME_MAX];	/* "115200n8" or "" */
};

/**
 * struct console_state - who shows the log; one writer, the CPU that has log_ring.lock
 * @list: what drivers have registered
 * @wishes, @wish_count: what console= named; constant after boot
 * @wish_met: some registered console was named; constant after boot
 * @held: lines stay in the ring
 * @out: the line being written.  32: a stamp of 2^64 ns has 22 characters, and a newline
 */
extern struct console_state {
	struct console		*list;
	struct console_wish	wishes[CONSOLE_WISHES_MAX];
	unsigned int		wish_count;
	bool			wish_met;
	bool			held;
	char			out[LOG_LINE_MAX + 32];
} console_state;

/* Show every complete line of the ring that @con has not shown yet. */
void console_catch_up(struct console *con);

/* The same for all enabled consoles; called by printk.c for each new line. */
void console_flush_all(void);

/* What became of a wish: WISH_WAITS for a console that nobody has registered. */
enum wish_outcome {
	WISH_GRANTED,
	WISH_WAITS,
	WISH_ONE_TOO_MANY,
	WISH_NAMES_NOTHING,
};

/* Move the log to the console that @val, "ttyS0,115200", names; now or when it is registered. */
enum wish_outcome console_wish(const char *val);

#endif /* KERNEL_LIB_PRINTK_INTERNAL_H */
