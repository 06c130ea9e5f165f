/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing JSON, one line at a time, into a caller's buffer.
 *
 *	struct json j = JSON_INIT(buf, sizeof(buf));
 *
 *	json_open(&j, NULL, '{');
 *	json_uint(&j, "schema", 1);
 *	json_open(&j, "regions", '[');
 *	json_hex64(&j, NULL, base);
 *	json_close(&j, ']');
 *	json_close(&j, '}');
 *	len = json_line(&j);
 *
 * @key is NULL inside an array.  Commas come by themselves.  Addresses are hex
 * strings because readers' numbers are doubles.  Text is escaped; bytes above
 * 0x7f are taken as Latin-1, so the output is valid whatever firmware wrote.
 * A buffer that is too small is remembered, not overrun.
 */
#ifndef KERNEL_LIB_JSON_H
#define KERNEL_LIB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
	char	*buf;
	size_t	size;
	size_t	len;
	bool	comma;		/* the next value needs one before it */
	bool	full;		/* something did not fit */
};

#define JSON_INIT(buf_, size_) (struct json){ .buf = (buf_), .size = (size_) }

/*
 * One value each.  @key: NULL inside an array and for the outermost bracket.  What does not fit
 * is left out and remembered: json_line() tells.
 */
void json_open(struct json *j, const char *key, char bracket);		/* '{' or '[' */
void json_close(struct json *j, char bracket);				/* '}' or ']' */
void json_uint(struct json *j, const char *key, uint64_t val);
void json_int(struct json *j, const char *key, int64_t val);
void json_bool(struct json *j, const char *key, bool val);
void json_null(struct json *j, const char *key);
void json_str(struct json *j, const char *key, const char *val);	/* NULL: null */
void json_hex(struct json *j, const char *key, uint64_t val);		/* "0x1f" */
void json_hex64(struct json *j, const char *key, uint64_t val);		/* 16 digits */

/**
 * json_line() - end the line
 *
 * Return: bytes in the buffer with "\n"; 0 if something did not fit, then the
 * buffer is not valid JSON.
 */
size_t json_line(struct json *j);

#endif /* KERNEL_LIB_JSON_H */
