// SPDX-License-Identifier: GPL-2.0-only
/*
 * dialect=: which row of the table is in force after a command line, and that no row lacks a word.
 */
#include "kernel/lib/dialect.h"

#include "host_console.h"
#include "kernel/lib/params.h"
#include "tests/host/include/ktap.h"
#include "tests/host/include/lib_reset.h"

#include <string.h>

static const struct {
	const char	*name;
	const char	*cmdline;
	const char	*release;
	const char	*log;
} choices[] = {
	{ "without the word", "", "6.12", NULL },
	{ "named", " dialect=6.18", "6.18", NULL },
	{ "the newest", "dialect=7.3", "7.3", NULL },
	{ "the default named", "dialect=6.12", "6.12", NULL },
	{ "the last counts", "dialect=7.3 dialect=6.18", "6.18", NULL },
	{ "quoted", "\"dialect=7.3\"", "7.3", NULL },
	{ "another release", "dialect=6.17", "6.12", "dialect=6.17: not one of 6.12, 6.18, 7.3; 6.12 stays" },
	{ "another release behind a good one", "dialect=7.3 dialect=x", "7.3", "dialect=x: not one" },
	{ "more than a release", "dialect=7.3.4", "6.12", "dialect=7.3.4: not one" },
	{ "empty", "dialect=", "6.12", "dialect=: not one" },
	{ "no value", "dialect", "6.12", "dialect=: not one" },
	{ "not the kernel's any more", "-- dialect=7.3", "6.12", NULL },
	{ "of another word", "xdialect=7.3 dialectx=6.18", "6.12", NULL },
};

KTAP_TABLE_TEST(test_dialect_of_a_command_line, choices, c)
{
	params_reset();
	choose_dialect(c->cmdline);
	expect_true(strcmp(dialect->release, c->release) == 0);
	if (c->log)
		expect_log(c->log);
	else
		expect_true(!strstr(host_console_text(), "dialect="));
	/* The word is known later, too, and not complained about again. */
	parse_early_param(c->cmdline);
	parse_args(c->cmdline);
	if (!strstr(c->cmdline, "xdialect"))
		expect_true(!strstr(host_console_text(), "Unknown"));
	params_reset();
}

KTAP_TEST(test_dialect_rows_have_every_word)
{
	static const char *const lines[] = { "dialect=6.12", "dialect=6.18", "dialect=7.3" };

	for (size_t i = 0; i < 3; i++) {
		choose_dialect(lines[i]);
		expect_true(dialect->ram && dialect->reserved && dialect->persistent);
		expect_true(dialect->table_full && dialect->ram_buffer && dialect->bad_range);
	}
	params_reset();
}
