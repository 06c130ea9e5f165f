// SPDX-License-Identifier: GPL-2.0-only
/*
 * A JSON writer of a page: values, commas, escapes (see json.h).
 */
#include "kernel/lib/json.h"

#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"

static void put_bytes(struct json *j, const char *s, size_t n)
{
	if (j->full || n > j->size - j->len) {
		j->full = true;
		return;
	}
	memcpy(j->buf + j->len, s, n);
	j->len += n;
}

static void put_text(struct json *j, const char *s)
{
	put_bytes(j, s, strlen(s));
}

static void put_escaped(struct json *j, const char *s)
{
	put_bytes(j, "\"", 1);
	for (; *s; s++) {
		char esc[8];

		if (*s == '"' || *s == '\\')
			ksnprintf(esc, sizeof(esc), "\\%c", *s);
		else if ((unsigned char)*s < ' ' || (unsigned char)*s >= 0x7f)
			ksnprintf(esc, sizeof(esc), "\\u%04x", (unsigned int)(unsigned char)*s);
		else
			ksnprintf(esc, sizeof(esc), "%c", *s);
		put_text(j, esc);
	}
	put_bytes(j, "\"", 1);
}

/* What comes before every value. */
static void begin_value(struct json *j, const char *key)
{
	if (j->comma)
		put_bytes(j, ",", 1);
	j->comma = true;
	if (key) {
		put_escaped(j, key);
		put_bytes(j, ":", 1);
	}
}

void json_open(struct json *j, const char *key, char bracket)
{
	begin_value(j, key);
	put_bytes(j, &bracket, 1);
	j->comma = false;
}

void json_close(struct json *j, char bracket)
{
	put_bytes(j, &bracket, 1);
	j->comma = true;
}

void json_uint(struct json *j, const char *key, uint64_t val)
{
	char text[24];

	begin_value(j, key);
	ksnprintf(text, sizeof(text), "%llu", (unsigned long long)val);
	put_text(j, text);
}

void json_int(struct json *j, const char *key, int64_t val)
{
	char text[24];

	begin_value(j, key);
	ksnprintf(text, sizeof(text), "%lld", (long long)val);
	put_text(j, text);
}

void json_bool(struct json *j, const char *key, bool val)
{
	begin_value(j, key);
	put_text(j, val ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	begin_value(j, key);
	put_text(j, "null");
}

void json_str(struct json *j, const char *key, const char *val)
{
	if (!val) {
		json_null(j, key);
		return;
	}
	begin_value(j, key);
	put_escaped(j, val);
}

void json_hex(struct json *j, const char *key, uint64_t val)
{
	char text[24];

	begin_value(j, key);
	ksnprintf(text, sizeof(text), "\"%#llx\"", (unsigned long long)val);
	put_text(j, text);
}

void json_hex64(struct json *j, const char *key, uint64_t val)
{
	char text[24];

	begin_value(j, key);
	ksnprintf(text, sizeof(text), "\"%#018llx\"", (unsigned long long)val);
	put_text(j, text);
}

size_t json_line(struct json *j)
{
	put_bytes(j, "\n", 1);
	return j->full ? 0 : j->len;
}
