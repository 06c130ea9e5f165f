// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text: load options in UTF-16 of any quality to a command line in UTF-8, and paths in it.
 */
#include "boot/efi_stub.h"
#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"

#define NO_CHARACTER	'?'		/* for half of a surrogate pair */
#define PATH_MEDIA	4U
#define PATH_FILE	4U		/* subtype: a name in UTF-16 */
#define PATH_END	0x7fU
#define PATH_NODES_MAX	64U

/* ---- UTF-16 to UTF-8 ------------------------------------------------------------------------- */

/* Any address: load options need not be aligned. */
static uint32_t unit_at(const void *text, size_t i)
{
	return get_le16((const uint8_t *)text + 2 * i);
}

/* The character at unit *@i of @units; *@i goes behind it. */
static uint32_t next_character(const void *text, size_t units, size_t *i)
{
	const uint32_t c = unit_at(text, (*i)++);

	if (c < 0xd800 || c > 0xdfff)
		return c;
	if (c < 0xdc00 && *i < units) {
		const uint32_t low = unit_at(text, *i);

		if (low >= 0xdc00 && low <= 0xdfff) {
			++*i;
			return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		}
	}
	return NO_CHARACTER;
}

/* Append @c to the @len bytes at @to; false if it does not fit with a NUL. */
static bool put_utf8(char *to, size_t size, size_t *len, uint32_t c)
{
	const size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	if (size - *len <= n)
		return false;
	for (size_t k = n - 1; k; k--) {
		to[*len + k] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	to[*len] = (char)(lead[n] | c);
	*len += n;
	return true;
}

/* Text has no control characters but white space. */
static bool is_text(const void *options, size_t units)
{
	for (size_t i = 0; i < units; i++) {
		const uint32_t c = unit_at(options, i);

		if ((c < ' ' && (c < '\t' || c > '\r')) || c == 0x7f || c >= 0xfffe)
			return false;
	}
	return true;
}

static size_t count_units(const void *text, uint32_t bytes)
{
	size_t units = 0;

	while (units < bytes / 2 && unit_at(text, units))
		units++;
	return units;
}

/* ---- the first word -------------------------------------------------------------------------- */

static uint32_t lower(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* Units of the first word, if that ends in our own name; with the blanks behind it. */
static size_t own_name_units(const void *options, size_t units, const efi_char16_t *own_name,
			     size_t own_units)
{
	size_t end = 0;

	while (end < units && unit_at(options, end) > ' ')
		end++;
	if (!own_units || end < own_units ||
	    (end > own_units && unit_at(options, end - own_units - 1) != '\\' &&
	     unit_at(options, end - own_units - 1) != ':'))
		return 0;
	for (size_t i = 0; i < own_units; i++)
		if (lower(unit_at(options, end - own_units + i)) != lower(unit_at(own_name, i)))
			return 0;
	while (end < units && unit_at(options, end) <= ' ')
		end++;
	return end;
}

const char *efi_take_options(char *cmdline, size_t size, const void *options, uint32_t bytes,
			     const efi_char16_t *own_name, size_t own_units)
{
	const size_t units = options ? count_units(options, bytes) : 0;
	size_t i, len = 0;

	cmdline[0] = '\0';
	if (!units)
		return NULL;
	if (!is_text(options, units))
		return "the load options are no text; ignored";
	for (i = own_name_units(options, units, own_name, own_units); i < units;) {
		if (!put_utf8(cmdline, size, &len, next_character(options, units, &i))) {
			cmdline[len] = '\0';
			return "too long; the end is cut off";
		}
	}
	cmdline[len] = '\0';
	return NULL;
}

/* ---- initrd=PATH ----------------------------------------------------------------------------- */

/* The character at @text, at most 3 bytes of UTF-8; @n: its bytes. */
static efi_char16_t from_utf8(const char *text, size_t *n)
{
	const uint8_t *p = (const uint8_t *)text;

	*n = 1;
	if (p[0] < 0x80)
		return p[0];
	if ((p[0] & 0xe0) == 0xc0 && (p[1] & 0xc0) == 0x80) {
		*n = 2;
		return (efi_char16_t)((p[0] & 0x1f) << 6 | (p[1] & 0x3f));
	}
	if ((p[0] & 0xf0) == 0xe0 && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
		*n = 3;
		return (efi_char16_t)((p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f));
	}
	return NO_CHARACTER;
}

bool efi_next_initrd(const char *cmdline, size_t *at, efi_char16_t *path, size_t units)
{
	const char *word = cmdline + *at;
	size_t len = 0, n;

	while (*word) {
		word = skip_spaces((char *)(uintptr_t)word);
		n = str_has_prefix(word, "initrd=");
		if (n && word[n] && !char_is_space(word[n])) {
			word += n;
			break;
		}
		while (*word && !char_is_space(*word))
			word++;
	}
	for (; *word && !char_is_space(*word); word += n) {
		const efi_char16_t c = from_utf8(word, &n);

		if (len < units - 1)
			path[len++] = c == '/' ? '\\' : c;
	}
	path[len] = 0;
	*at = (size_t)(word - cmdline);
	return len;
}

/* ---- device paths ---------------------------------------------------------------------------- */

const efi_char16_t *efi_path_name(const struct efi_device_path *path, size_t *units)
{
	const efi_char16_t *name = NULL;

	*units = 0;
	for (unsigned int nodes = 0; path && nodes < PATH_NODES_MAX; nodes++) {
		const size_t length = get_le16(path->length);

		if (path->type == PATH_END || length < sizeof(*path))
			break;
		if (path->type == PATH_MEDIA && path->subtype == PATH_FILE) {
			name = (const efi_char16_t *)(const void *)(path + 1);
			*units = count_units(name, (uint32_t)(length - sizeof(*path)));
		}
		path = (const void *)((const uint8_t *)path + length);
	}
	for (size_t i = *units; i > 0; i--)
		if (unit_at(name, i - 1) == '\\') {
			name += i;
			*units -= i;
			break;
		}
	return name;
}
