// SPDX-License-Identifier: GPL-2.0-only
/*
 * printf-style formatting.
 *
 * A format is a sequence of plain text and conversions.  A conversion is parsed
 * into a struct spec, its text (at most sign, prefix, digits) is made in a small
 * buffer, and emit_field() pads it.  Output past the buffer's end is counted
 * and thrown away, so that one pass serves both purposes of the return value.
 */
#include "kernel/lib/vsnprintf.h"

#include "kernel/lib/align.h"	/* MIN() */
#include "kernel/lib/ksyms.h"	/* ksyms_lookup() for %pS */
#include "kernel/lib/string.h"
#include "kernel/lib/types.h"	/* phys_addr_t for %pa */

struct out {
	char	*buf;
	size_t	size;
	size_t	len;	/* of the whole text, in the buffer or not */
};

enum length { LEN_CHAR, LEN_SHORT, LEN_INT, LEN_LONG, LEN_LLONG };

struct spec {
	bool		left, zero, plus, space, alt, upper;
	unsigned int	width;
	int		precision;	/* -1: none */
	enum length	length;
};

/* What stands before the digits of a number, and the digits. */
struct number {
	char		prefix[3];	/* sign, or 0x */
	unsigned int	prefix_len;
	char		digits[24];	/* 64 bits in octal are 22 */
	unsigned int	len;
};

static void emit_char(struct out *out, char c)
{
	if (out->len < out->size)
		out->buf[out->len] = c;
	out->len++;
}

static void emit_repeat(struct out *out, char c, size_t n)
{
	for (; n; n--)
		emit_char(out, c);
}

static void emit_text(struct out *out, const char *s, size_t n)
{
	if (out->len < out->size)
		memcpy(out->buf + out->len, s, MIN(n, out->size - out->len));
	out->len += n;
}

/* @s as a field: spaces on one side up to the width. */
static void emit_field(struct out *out, const struct spec *spec, const char *s, size_t n)
{
	size_t pad = spec->width > n ? spec->width - n : 0;

	if (!spec->left)
		emit_repeat(out, ' ', pad);
	emit_text(out, s, n);
	if (spec->left)
		emit_repeat(out, ' ', pad);
}

static void number_digits(struct number *num, uint64_t val, unsigned int base, bool upper)
{
	const char *set = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char reversed[sizeof(num->digits)];

	num->len = 0;
	do {
		reversed[num->len++] = set[val % base];
		val /= base;
	} while (val);
	for (unsigned int i = 0; i < num->len; i++)
		num->digits[i] = reversed[num->len - 1 - i];
}

/*
 *	width     |--------------------|
 *	right     [spaces][prefix][zeros][digits]
 *	with 0            [prefix][zeros][digits]	no precision given
 *	left              [prefix][zeros][digits][spaces]
 */
static void emit_number(struct out *out, const struct spec *spec, const struct number *num)
{
	size_t digits = num->len, total, pad;

	if (spec->precision > (int)num->len)
		digits = (size_t)spec->precision;
	else if (spec->zero && !spec->left && spec->precision < 0 &&
		 spec->width > num->prefix_len + num->len)
		digits = spec->width - num->prefix_len;
	total = num->prefix_len + digits;
	pad = spec->width > total ? spec->width - total : 0;

	if (!spec->left)
		emit_repeat(out, ' ', pad);
	emit_text(out, num->prefix, num->prefix_len);
	emit_repeat(out, '0', digits - num->len);
	emit_text(out, num->digits, num->len);
	if (spec->left)
		emit_repeat(out, ' ', pad);
}

static void emit_signed(struct out *out, const struct spec *spec, int64_t val)
{
	struct number num = { 0 };

	number_digits(&num, val < 0 ? 0 - (uint64_t)val : (uint64_t)val, 10, false);
	if (val < 0)
		num.prefix[num.prefix_len++] = '-';
	else if (spec->plus)
		num.prefix[num.prefix_len++] = '+';
	else if (spec->space)
		num.prefix[num.prefix_len++] = ' ';
	emit_number(out, spec, &num);
}

static void emit_unsigned(struct out *out, const struct spec *spec, uint64_t val,
			  unsigned int base)
{
	struct number num = { 0 };

	number_digits(&num, val, base, spec->upper);
	if (spec->alt && base != 10)
		num.prefix[num.prefix_len++] = '0';
	if (spec->alt && base == 16)
		num.prefix[num.prefix_len++] = spec->upper ? 'X' : 'x';
	emit_number(out, spec, &num);
}

static void emit_hex(struct out *out, uint64_t val, int digits)
{
	emit_unsigned(out, &(struct spec){ .alt = true, .precision = digits }, val, 16);
}

/* name+0xoff/0xlen; an address without a name as 0x and 16 digits. */
static void emit_symbol(struct out *out, unsigned long addr, char kind)
{
	unsigned long back = kind == 'B' && addr ? 1 : 0;
	unsigned long offset, size;
	const char *name = ksyms_lookup(addr - back, &offset, &size);

	if (!name) {
		emit_hex(out, addr, 16);
		return;
	}
	emit_text(out, name, strlen(name));
	if (kind == 's')
		return;
	emit_char(out, '+');
	emit_hex(out, offset + back, -1);
	emit_char(out, '/');
	emit_hex(out, size, -1);
}

static void emit_string(struct out *out, const struct spec *spec, const char *s)
{
	if (!s)
		s = "(null)";
	emit_field(out, spec, s,
		   spec->precision < 0 ? strlen(s) : strnlen(s, (size_t)spec->precision));
}

/* The letter after %p decides; returns how many of them were used. */
static size_t emit_pointer(struct out *out, const struct spec *spec, const void *ptr, char kind)
{
	struct spec wide = *spec;
	uint64_t val = (uint64_t)(uintptr_t)ptr;

	switch (kind) {
	case 'S':
	case 's':
	case 'B':
		emit_symbol(out, (unsigned long)val, kind);
		return 1;
	case 'a':
		if (!ptr) {
			emit_string(out, spec, NULL);
			return 1;
		}
		val = *(const phys_addr_t *)ptr;
		break;
	default:
		kind = 0;
	}
	wide.alt = true;
	wide.precision = 16;
	emit_unsigned(out, &wide, val, 16);
	return kind ? 1 : 0;
}

/* ---- parsing ---- */

static const char *parse_flags(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-':
			spec->left = true;
			break;
		case '0':
			spec->zero = true;
			break;
		case '+':
			spec->plus = true;
			break;
		case ' ':
			spec->space = true;
			break;
		case '#':
			spec->alt = true;
			break;
		default:
			return fmt;
		}
	}
}

/* Widths and precisions are ours; beyond this bound a format is a mistake. */
#define FIELD_MAX	4096

static const char *parse_count(const char *fmt, int *count)
{
	*count = 0;
	for (; *fmt >= '0' && *fmt <= '9'; fmt++) {
		*count = *count * 10 + (*fmt - '0');
		if (*count > FIELD_MAX)
			*count = FIELD_MAX;
	}
	return fmt;
}

static const char *parse_length(const char *fmt, enum length *length)
{
	switch (*fmt) {
	case 'h':
		*length = fmt[1] == 'h' ? LEN_CHAR : LEN_SHORT;
		return fmt + (fmt[1] == 'h' ? 2 : 1);
	case 'l':
		*length = fmt[1] == 'l' ? LEN_LLONG : LEN_LONG;
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	case 'z':
	case 't':
	case 'j':
		*length = LEN_LONG;	/* all three are long on this machine */
		return fmt + 1;
	}
	*length = LEN_INT;
	return fmt;
}

/* va_list is an array type here; in a struct it can be passed by pointer. */
struct args {
	va_list list;
};

static void set_width(struct spec *spec, int width)
{
	if (width < 0) {
		spec->left = true;
		width = width < -FIELD_MAX ? FIELD_MAX : -width;
	}
	spec->width = (unsigned int)(width > FIELD_MAX ? FIELD_MAX : width);
}

static const char *parse_spec(const char *fmt, struct spec *spec, struct args *args)
{
	int count;

	*spec = (struct spec){ .precision = -1 };
	fmt = parse_flags(fmt, spec);
	if (*fmt == '*') {
		count = va_arg(args->list, int);
		fmt++;
	} else {
		fmt = parse_count(fmt, &count);
	}
	set_width(spec, count);

	if (*fmt == '.') {
		if (*++fmt == '*') {
			count = va_arg(args->list, int);
			fmt++;
		} else {
			fmt = parse_count(fmt, &count);
		}
		spec->precision = count < 0 ? -1 : count > FIELD_MAX ? FIELD_MAX : count;
	}
	return parse_length(fmt, &spec->length);
}

static int64_t fetch_signed(struct args *args, enum length length)
{
	switch (length) {
	case LEN_CHAR:
		return (signed char)va_arg(args->list, int);
	case LEN_SHORT:
		return (short)va_arg(args->list, int);
	case LEN_INT:
		return va_arg(args->list, int);
	case LEN_LONG:
		return va_arg(args->list, long);
	case LEN_LLONG:
		break;
	}
	return va_arg(args->list, long long);
}

static uint64_t fetch_unsigned(struct args *args, enum length length)
{
	switch (length) {
	case LEN_CHAR:
		return (unsigned char)va_arg(args->list, unsigned int);
	case LEN_SHORT:
		return (unsigned short)va_arg(args->list, unsigned int);
	case LEN_INT:
		return va_arg(args->list, unsigned int);
	case LEN_LONG:
		return va_arg(args->list, unsigned long);
	case LEN_LLONG:
		break;
	}
	return va_arg(args->list, unsigned long long);
}

/*
 * One conversion; @fmt is behind its %.
 *
 * Return: behind the conversion, or NULL if we know none such (nothing was put
 * out, but a * may have taken its argument).
 */
static const char *convert(struct out *out, const char *fmt, struct args *args)
{
	struct spec spec;
	char c;

	fmt = parse_spec(fmt, &spec, args);
	switch (*fmt++) {
	case '%':
		emit_char(out, '%');
		return fmt;
	case 'c':
		c = (char)va_arg(args->list, int);
		emit_field(out, &spec, &c, 1);
		return fmt;
	case 's':
		emit_string(out, &spec, va_arg(args->list, const char *));
		return fmt;
	case 'p':
		return fmt + emit_pointer(out, &spec, va_arg(args->list, const void *), *fmt);
	case 'd':
	case 'i':
		emit_signed(out, &spec, fetch_signed(args, spec.length));
		return fmt;
	case 'u':
		emit_unsigned(out, &spec, fetch_unsigned(args, spec.length), 10);
		return fmt;
	case 'o':
		emit_unsigned(out, &spec, fetch_unsigned(args, spec.length), 8);
		return fmt;
	case 'X':
		spec.upper = true;
		/* fall through */
	case 'x':
		emit_unsigned(out, &spec, fetch_unsigned(args, spec.length), 16);
		return fmt;
	}
	return NULL;
}

int kvsnprintf(char *buf, size_t size, const char *fmt, va_list list)
{
	struct out out = { .buf = buf, .size = size };
	struct args args;

	va_copy(args.list, list);
	while (*fmt) {
		const char *next = *fmt == '%' ? convert(&out, fmt + 1, &args) : NULL;

		if (next)
			fmt = next;
		else
			emit_char(&out, *fmt++);
	}
	va_end(args.list);
	if (size)
		buf[out.len < size ? out.len : size - 1] = '\0';
	return out.len > INT_MAX ? INT_MAX : (int)out.len;
}

int ksnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = kvsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int kscnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = kvsnprintf(buf, size, fmt, args);
	va_end(args);
	if (!size)
		return 0;
	return (size_t)len < size ? len : (int)(size - 1);
}
