// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which devices show the log, and how far each has come.
 *
 * Drivers offer consoles, console= names wishes; they come in any order.  Until
 * a wish is met the first console offered is used, so that a misspelt console=
 * does not blind the machine.  Linux differs: there it does.
 */
#include "kernel/lib/errno.h"
#include "kernel/lib/params.h"		/* early_param() */
#include "kernel/lib/printk_internal.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"

#define MAX_WISHES	8
#define WISH_NAME_MAX	16

struct wish {
	char	device[WISH_NAME_MAX];		/* "ttyS0" */
	char	options[WISH_NAME_MAX];		/* "115200n8" or "" */
};

static struct console *consoles;
static struct wish wishes[MAX_WISHES];
static unsigned int wish_count;
static bool wish_met;
static bool held;

/* Stamp, longest line, newline; 32: a stamp of 2^64 ns has 22 characters. */
static char out[LOG_LINE_MAX + 32];

static void report_lost(struct console *con, uint64_t lost)
{
	int len = kscnprintf(out, sizeof(out), "** %llu printk messages dropped **\n",
			     (unsigned long long)lost);

	con->write(out, (size_t)len);
}

void console_catch_up(struct console *con)
{
	struct log_line line;

	if (held)
		return;
	while (log_read(con->next_line, &line)) {
		uint64_t expected = con->next_line;

		/* First: a fault in write() must not find this line again. */
		con->next_line = line.seq + 1;
		if (line.seq > expected)
			report_lost(con, line.seq - expected);
		if (ignore_loglevel || (int)line.level < console_loglevel)
			con->write(out, log_format_line(&line, out, sizeof(out)));
	}
}

void console_flush_all(void)
{
	for (struct console *con = consoles; con; con = con->next) {
		if (con->enabled)
			console_catch_up(con);
	}
}

void console_hold(bool hold)
{
	held = hold;
	console_flush_all();
}

void console_rewind(void)
{
	for (struct console *con = consoles; con; con = con->next)
		con->next_line = 0;
}

void console_reset(void)
{
	consoles = NULL;
	wish_count = 0;
	wish_met = false;
	held = false;
}

static bool wish_names(const struct wish *wish, const struct console *con)
{
	char device[WISH_NAME_MAX];

	ksnprintf(device, sizeof(device), "%s%d", con->name, con->index);
	return strcmp(device, wish->device) == 0;
}

static const struct wish *wish_for(const struct console *con)
{
	for (unsigned int i = 0; i < wish_count; i++) {
		if (wish_names(&wishes[i], con))
			return &wishes[i];
	}
	return NULL;
}

static void enable(struct console *con, const char *options)
{
	if (con->enabled)
		return;
	if (con->setup)
		con->setup(options);
	con->enabled = true;
	console_catch_up(con);
}

/* The first wish that is met ends the reign of the default console. */
static void grant(struct console *con, const struct wish *wish)
{
	if (!wish_met) {
		wish_met = true;
		for (struct console *c = consoles; c; c = c->next)
			c->enabled = c->enabled && wish_for(c);
	}
	enable(con, wish->options);
}

void register_console(struct console *con)
{
	const struct wish *wish = wish_for(con);
	bool first = !consoles;
	struct console **end = &consoles;

	for (; *end; end = &(*end)->next) {
		if (*end == con)
			return;
	}
	con->next = NULL;
	con->enabled = false;
	con->next_line = 0;
	*end = con;

	if (wish)
		grant(con, wish);
	else if (first)
		enable(con, "");
}

static struct wish *add_wish(const char *val)
{
	struct wish *wish = &wishes[wish_count];
	const char *comma = strchr(val, ',');
	size_t len = comma ? (size_t)(comma - val) : strlen(val);

	if (wish_count == MAX_WISHES) {
		pr_warn("console=%s ignored: only %d consoles can be named\n", val, MAX_WISHES);
		return NULL;
	}
	if (!len || len >= sizeof(wish->device)) {
		pr_warn("console=%s ignored: no such console\n", val);
		return NULL;
	}
	memcpy(wish->device, val, len);
	wish->device[len] = '\0';
	strscpy(wish->options, comma ? comma + 1 : "", sizeof(wish->options));
	wish_count++;
	return wish;
}

static int __init console_param(char *val)
{
	struct wish *wish;

	if (!val)
		return -EINVAL;
	wish = add_wish(val);
	if (!wish)
		return 0;
	for (struct console *con = consoles; con; con = con->next) {
		if (wish_names(wish, con)) {
			grant(con, wish);
			return 0;
		}
	}
	pr_warn("console=%s: there is no %s (yet); the log stays where it is\n", val, wish->device);
	return 0;
}
early_param("console", console_param,
	    "DEVICE[,OPTIONS]: show the log there, as ttyS0,115200; may repeat");
