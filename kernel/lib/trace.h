/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's diary: what happened to which range, in a fixed ring.
 *
 * Recording starts with the first operation and never allocates.  A full ring
 * loses its oldest events and counts them, unless a sink is set: then the
 * oldest are written out before they are lost.
 *
 * Written as JSON Lines, schema 1 (scripts/README.md), one object per event,
 * keys always in this order, addresses as hex strings, what is unknown null:
 *
 *	{"schema":1,"kind":"event","seq":7,"op":"reserve","base":"0x0000000000100000",
 *	 "size":"0x0000000000003000","nid":null,"flags":"0x0",
 *	 "caller":"setup_arch+0x5e/0xd1","owner":"kernel image","rc":0}
 *
 * and, where events were lost before they could be written,
 *
 *	{"schema":1,"kind":"dropped","seq":7,"count":120}
 */
#ifndef KERNEL_LIB_TRACE_H
#define KERNEL_LIB_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/lib/types.h"

/* A boot of an ordinary machine has a hundred or two; 36 KiB of bss. */
#define TRACE_EVENTS	768

/**
 * struct trace_event - one thing that happened
 * @op: a string constant: "add", "reserve", "free_all", ...
 * @base, @size: range as given by the caller, [base, base + size)
 * @caller: address in the function that asked, 0 unknown
 * @owner: name that stays (a constant or of the ledger), NULL unknown
 * @nid: node or -1
 * @rc: result, 0 or a negative error
 * @flags: of the operation's module
 */
struct trace_event {
	const char	*op;
	phys_addr_t	base;
	phys_addr_t	size;
	unsigned long	caller;
	const char	*owner;
	int16_t		nid;
	int16_t		rc;
	uint32_t	flags;
};

/** trace_add() - record a copy of @event; its number is the count before it */
void trace_add(const struct trace_event *event);

/**
 * trace_get() - event number @seq
 *
 *	for (uint64_t seq = trace_first(); trace_get(seq, &ev); seq++)
 *
 * Return: false if it does not exist (yet or any more).
 */
bool trace_get(uint64_t seq, struct trace_event *event);

uint64_t trace_first(void);	/* number of the oldest event kept */
uint64_t trace_count(void);	/* events ever recorded: number of the next one */
uint64_t trace_dropped(void);	/* events lost unwritten */

/**
 * trace_set_sink() - where JSON Lines go
 * @write: gets whole lines; NULL for nowhere; must not trace_add()
 */
void trace_set_sink(void (*write)(const char *s, size_t n));

/** trace_flush() - write every event not yet written to the sink */
void trace_flush(void);

/**
 * trace_format() - one event as a JSON line
 * @size: of @buf; 512 is enough for names of up to 128 bytes
 *
 * Return: bytes in @buf with the newline; 0 if @size is too small.
 */
size_t trace_format(uint64_t seq, const struct trace_event *event, char *buf, size_t size);

#endif /* KERNEL_LIB_TRACE_H */
