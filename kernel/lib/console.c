// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which devices show the log, and how far each has come.
 *
 * Drivers offer consoles, console= names wishes; they come in any order.  Until
 * a wish is met the first console of each kind is used, a serial port and the
 * screen, so that nobody need know where to look, and a misspelt console= does not
 * blind the machine.  Linux differs: without console= it uses one, the screen if
 * there is one, and with a misspelt one none.
 */
#include "kernel/lib/printk_internal.h"

#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"

struct console_state console_state;

static void report_lost(struct console *con, uint64_t lost)
{
	char *out = console_state.out;
	int len = kscnprintf(out, sizeof(console_state.out), "** %llu printk messages dropped **\n",
			     (unsigned long long)lost);

	con->write(out, (size_t)len);
}

void console_catch_up(struct console *con)
{
	char *out = console_state.out;
	struct log_line line;

	if (console_state.held)
		return;
	while (log_read(con->next_line, &line)) {
		uint64_t expected = con->next_line;

		/* First: a fault in write() must not find this line again. */
		con->next_line = line.seq + 1;
		if (line.seq > expected)
			report_lost(con, line.seq - expected);
		if (ignore_loglevel || (int)line.level < console_loglevel)
			con->write(out, log_format_line(&line, out, sizeof(console_state.out)));
	}
}

void console_flush_all(void)
{
	for (struct console *con = console_state.list; con; con = con->next) {
		if (con->enabled)
			console_catch_up(con);
	}
}

void console_hold(bool hold)
{
	log_lock();
	console_state.held = hold;
	console_flush_all();
	log_unlock();
}

/* A name without a number means number 0, as in Linux. */
static bool wish_names(const struct console_wish *wish, const struct console *con)
{
	char device[CONSOLE_NAME_MAX];

	if (con->index == 0 && strcmp(con->name, wish->device) == 0)
		return true;
	ksnprintf(device, sizeof(device), "%s%d", con->name, con->index);
	return strcmp(device, wish->device) == 0;
}

static const struct console_wish *wish_for(const struct console *con)
{
	for (unsigned int i = 0; i < console_state.wish_count; i++) {
		if (wish_names(&console_state.wishes[i], con))
			return &console_state.wishes[i];
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

/* Once a console that console= names is there, those that it does not name are turned off. */
static void grant(struct console *con, const struct console_wish *wish)
{
	if (!console_state.wish_met) {
		console_state.wish_met = true;
		for (struct console *c = console_state.list; c; c = c->next)
			c->enabled = c->enabled && wish_for(c);
	}
	enable(con, wish->options);
}

void register_console(struct console *con)
{
	const struct console_wish *wish = wish_for(con);
	struct console **end = &console_state.list;
	bool first = !console_state.wish_met;

	for (; *end; end = &(*end)->next) {
		if (*end == con)
			return;
		first = first && strcmp((*end)->name, con->name) != 0;
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

void console_use_too(struct console *con)
{
	if (!console_state.wish_met)
		enable(con, "");
}

enum wish_outcome console_wish(const char *val)
{
	struct console_wish *wish = &console_state.wishes[console_state.wish_count];
	const char *comma = strchr(val, ',');
	size_t len = comma ? (size_t)(comma - val) : strlen(val);

	if (console_state.wish_count == CONSOLE_WISHES_MAX)
		return WISH_ONE_TOO_MANY;
	if (!len || len >= sizeof(wish->device))
		return WISH_NAMES_NOTHING;
	memcpy(wish->device, val, len);
	wish->device[len] = '\0';
	strscpy(wish->options, comma ? comma + 1 : "", sizeof(wish->options));
	console_state.wish_count++;

	for (struct console *con = console_state.list; con; con = con->next) {
		if (wish_names(wish, con)) {
			grant(con, wish);
			return WISH_GRANTED;
		}
	}
	return WISH_WAITS;
}
