// SPDX-License-Identifier: GPL-2.0-only
/*
 * The capturing console of host builds (see host_console.h).
 */
#define _GNU_SOURCE /* memmem() */
#include "tests/host/include/host_console.h"

#include "kernel/lib/printk.h"		/* struct console */
#include "tests/host/include/lib_reset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text;
static size_t text_len, text_size;

static void capture(const char *s, size_t n)
{
	static int echo = -1;

	if (echo < 0)
		echo = getenv("HOST_PRINTK") && strcmp(getenv("HOST_PRINTK"), "1") == 0;
	if (echo)
		fwrite(s, 1, n, stdout);
	if (text_len + n + 1 > text_size) {
		text_size = 2 * (text_len + n + 1);
		text = realloc(text, text_size);
		if (!text)
			abort();
	}
	memcpy(text + text_len, s, n);
	text_len += n;
	text[text_len] = 0;
}

static struct console host_console = { .name = "host", .write = capture };

void host_console_init(void)
{
	static bool done;

	if (!done) {
		done = true;
		printk_set_stamps(false);
		register_console(&host_console);
	}
}

void host_console_reset(void)
{
	printk_reset();
	printk_set_stamps(false);
	text_len = 0;
	if (text)
		*text = 0;
}

const char *host_console_text(void)
{
	printk_flush();
	return text ? text : "";
}

bool host_console_has(const char *needle)
{
	return strstr(host_console_text(), needle) != NULL;
}

size_t host_console_count(const char *needle)
{
	const char *line = host_console_text();
	size_t n = 0;

	while (*line) {
		size_t len = strcspn(line, "\n");

		if (memmem(line, len, needle, strlen(needle)))
			n++;
		line += len + (line[len] == '\n');
	}
	return n;
}
