// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as a command line: the tokeniser against a second, slower one
 * written from the specification's sentences; memparse() against strtoull();
 * and both passes with every parameter that is linked in.
 */
#include "fuzz.h"
#include "kernel/lib/params.h"

#include "kernel/lib/types.h"
#include "tests/host/include/lib_reset.h"

#include <string.h>

/* Seen by the fuzzer: what handlers may get. */
static int any_early(char *val)
{
	return val && memparse(val, &val) == 0;
}
early_param("fuzz", any_early, "takes a size");

static int any_setup(char *val)
{
	int n;

	while (get_option(&val, &n) == 2)
		;
	return parse_option_str(val, "x");
}
__setup("fuzz_", any_setup, "takes a list");

/* ---- the second opinion ---- */

struct word {
	char	*name;
	char	*val;	/* NULL: none */
};

/* The raw text of the word at *@line: up to white space outside quotes. */
static char *raw_word(const char **line)
{
	const char *from = *line;
	bool in_quote = false;
	char *raw;

	for (; **line; ++*line) {
		if (**line == '"')
			in_quote = !in_quote;
		else if (!in_quote && strchr(" \t\n\v\f\r", **line))
			break;
	}
	raw = strndup(from, (size_t)(*line - from));
	check(raw);
	return raw;
}

static bool drop_first_quote(char *s)
{
	if (s[0] != '"')
		return false;
	memmove(s, s + 1, strlen(s));
	return true;
}

/* Word and value may each begin with a quote; the last one goes once. */
static struct word second_opinion(const char **line)
{
	struct word w = { .name = raw_word(line) };
	bool quoted = drop_first_quote(w.name);
	char *equals = w.name[0] ? strchr(w.name + 1, '=') : NULL;
	char *tail = w.name;

	if (equals) {
		*equals = 0;
		tail = w.val = equals + 1;
		quoted = drop_first_quote(w.val) || quoted;
	}
	if (quoted && tail[0] && tail[strlen(tail) - 1] == '"')
		tail[strlen(tail) - 1] = 0;
	return w;
}

static void check_tokens(const char *text)
{
	char *copy = strdup(text);
	char *end = copy + strlen(copy);
	char *rest = copy;
	const char *line = text;

	check(copy);
	while (*rest) {
		struct word want = second_opinion(&line);
		char *param, *val;

		rest = next_arg(rest, &param, &val);
		check(param >= copy && param <= end && rest > copy && rest <= end);
		check(strcmp(param, want.name) == 0);
		check(!val == !want.val);
		check(!val || (val > param && val <= end && strcmp(val, want.val) == 0));
		line += strspn(line, " \t\n\v\f\r");
		check(strlen(line) == strlen(rest));
		free(want.name);
	}
	check(!*line);
	free(copy);
}

/* ---- numbers ---- */

static void check_memparse(const char *text)
{
	static const char letters[] = "KMGTPEkmgtpe";
	const char *suffix;
	unsigned long long want;
	char *end, *want_end;

	if (*text < '0' || *text > '9') {
		check(memparse(text, &end) == 0 && end == text);
		return;
	}
	/* strtoull() saturates where memparse() wraps: keep to what fits. */
	if (strspn(text, "0123456789abcdefABCDEFxX") > 16)
		return;
	want = strtoull(text, &want_end, 0);
	suffix = *want_end ? strchr(letters, *want_end) : NULL;
	if (suffix) {
		want <<= 10 * ((suffix - letters) % 6 + 1);
		want_end++;
	}
	check(memparse(text, &end) == want);
	check(end == want_end);
}

static void check_numbers(const char *text)
{
	char *copy = strdup(text);
	char *s = copy;
	int n;

	check(copy);
	check_memparse(text);
	while (get_option(&s, &n) >= 2 && *s)
		s += *s == '-';
	check(s <= copy + strlen(text));
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	check(text);
	check_tokens(text);
	check_numbers(text);
	params_reset();
	parse_early_param(text);
	parse_args(text);
	printk_reset();
	console_reset();
	free(text);
	return 0;
}
