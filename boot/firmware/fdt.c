// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a flattened device tree (see boot/fdt.h).
 *
 *	header | reservations | structs: BEGIN name PROP .. BEGIN name .. END END | strings
 *
 * All rests on next_token(): it finds the end of what begins at an offset, or that no whole token
 * is there.  Invariant: every offset kept anywhere is at most @structs_end, and a token before it
 * has been found whole.
 */
#include "boot/fdt.h"

#include "kernel/lib/align.h"
#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"

enum {
	TOKEN_BAD,		/* of ours: no whole token */
	TOKEN_BEGIN_NODE = 1,
	TOKEN_END_NODE = 2,
	TOKEN_PROP = 3,
	TOKEN_NOP = 4,
	TOKEN_END = 9,
};

/* Offsets in the header. */
enum {
	HEADER_MAGIC = 0,
	HEADER_TOTAL = 4,
	HEADER_STRUCTS = 8,
	HEADER_STRINGS = 12,
	HEADER_RSVMAP = 16,
	HEADER_VERSION = 20,
	HEADER_COMPATIBLE = 24,
	HEADER_STRINGS_SIZE = 32,
	HEADER_STRUCTS_SIZE = 36,	/* from version 17 on */
	HEADER_SIZE = 40,
};

#define PROP_HEAD	12U		/* token, length, offset of the name */
#define VERSION_MIN	16U		/* names of nodes are whole paths before */
#define VERSION_MAX	17U

static uint32_t header(const struct fdt *fdt, uint32_t field)
{
	return get_be32(fdt->blob + field);
}

/* The token at @at; *@next becomes the offset behind all that belongs to it. */
static uint32_t next_token(const struct fdt *fdt, uint32_t at, uint32_t *next)
{
	const uint32_t room = fdt->structs_end - at;
	uint64_t len = 4;
	uint32_t token;

	if (room < 4)
		return TOKEN_BAD;
	token = get_be32(fdt->blob + at);
	if (token == TOKEN_BEGIN_NODE)
		len += strnlen((const char *)fdt->blob + at + 4, room - 4) + 1;
	else if (token == TOKEN_PROP)
		len = room < PROP_HEAD ? room + 1ULL :
		      (uint64_t)PROP_HEAD + get_be32(fdt->blob + at + 4);
	else if (token != TOKEN_END_NODE && token != TOKEN_NOP && token != TOKEN_END)
		return TOKEN_BAD;
	len = ALIGN_UP(len, 4ULL);
	if (len > room)
		return TOKEN_BAD;
	*next = at + (uint32_t)len;
	return token;
}

/* ---- opening ------------------------------------------------------------------------- */

/* Is [offset, offset + size) in the blob, behind the header? */
static bool inside(const struct fdt *fdt, uint32_t offset, uint32_t size)
{
	return offset >= HEADER_SIZE && offset <= fdt->size && size <= fdt->size - offset;
}

static const char *read_header(struct fdt *fdt)
{
	const uint32_t version = header(fdt, HEADER_VERSION);
	uint32_t size;

	if (version < VERSION_MIN || header(fdt, HEADER_COMPATIBLE) > VERSION_MAX)
		return "its version is not 16 or 17";
	fdt->structs = header(fdt, HEADER_STRUCTS);
	if (!inside(fdt, fdt->structs, 0) || fdt->structs % 4)
		return "its nodes begin outside of it";
	size = version >= 17 ? header(fdt, HEADER_STRUCTS_SIZE) : fdt->size - fdt->structs;
	if (!inside(fdt, fdt->structs, size))
		return "its nodes end outside of it";
	fdt->structs_end = fdt->structs + ALIGN_DOWN(size, 4U);
	fdt->strings = header(fdt, HEADER_STRINGS);
	size = header(fdt, HEADER_STRINGS_SIZE);
	if (!inside(fdt, fdt->strings, size))
		return "its names of properties lie outside of it";
	fdt->strings_end = fdt->strings + size;
	fdt->rsvmap = header(fdt, HEADER_RSVMAP);
	if (!inside(fdt, fdt->rsvmap, 0) || fdt->rsvmap % 8)
		return "its reservations begin outside of it";
	return NULL;
}

/* What is wrong with @token at this depth, or NULL. */
static const char *misplaced(uint32_t token, uint32_t depth, bool children)
{
	switch (token) {
	case TOKEN_BEGIN_NODE:
		if (depth == FDT_DEPTH_MAX)
			return "more than 64 nodes in each other";
		return NULL;
	case TOKEN_PROP:
		return children ? "a property behind a node's children" :
		       depth ? NULL : "a property outside of all nodes";
	case TOKEN_END_NODE:
		return depth ? NULL : "the end of a node that has no beginning";
	case TOKEN_END:
		return depth ? "the tree ends inside a node" : NULL;
	case TOKEN_BAD:
		return "no token, or one that does not end in the tree";
	default:
		return NULL;
	}
}

/* Walk all of it; damage cuts the tree off, there or behind the root. */
static void check_tree(struct fdt *fdt)
{
	uint32_t at = fdt->structs, next = at, depth = 0, token;
	bool children = false;

	for (;; at = next) {
		token = next_token(fdt, at, &next);
		fdt->damage = misplaced(token, depth, children);
		if (fdt->damage) {
			fdt->damage_at = at;
			fdt->structs_end = at;
			return;
		}
		depth += token == TOKEN_BEGIN_NODE;
		depth -= token == TOKEN_END_NODE;
		if (token == TOKEN_BEGIN_NODE || token == TOKEN_END_NODE)
			children = token == TOKEN_END_NODE;
		if (token == TOKEN_END || (token == TOKEN_END_NODE && !depth))
			break;
	}
	fdt->structs_end = next;	/* one root is all there is */
}

const char *fdt_open(struct fdt *fdt, const void *blob, uint64_t room)
{
	const char *why;

	*fdt = (struct fdt){ .blob = blob };
	if (!blob)
		return "there is none";
	if (room < HEADER_SIZE)
		return "there is no room for its header";
	if (header(fdt, HEADER_MAGIC) != FDT_MAGIC)
		return "it does not begin with d00dfeed";
	fdt->size = header(fdt, HEADER_TOTAL);
	if (fdt->size < HEADER_SIZE)
		return "it is shorter than its header";
	if (fdt->size > FDT_SIZE_MAX)
		return "it exceeds 2 MiB";
	if (fdt->size > room)
		return "it is longer than the memory it lies in";
	why = read_header(fdt);
	if (!why)
		check_tree(fdt);
	return why;
}

/* ---- nodes --------------------------------------------------------------------------- */

bool fdt_next_node(const struct fdt *fdt, struct fdt_node *node)
{
	uint32_t at = node->depth ? node->at : fdt->structs, next = at;
	uint32_t depth = node->depth;

	for (;; at = next) {
		switch (next_token(fdt, at, &next)) {
		case TOKEN_BEGIN_NODE:
			*node = (struct fdt_node){ (const char *)fdt->blob + at + 4, depth + 1,
						   next };
			return true;
		case TOKEN_END_NODE:
			depth--;
			break;
		case TOKEN_END:
		case TOKEN_BAD:
			return false;
		default:
			break;
		}
	}
}

bool fdt_next_child(const struct fdt *fdt, const struct fdt_node *parent, struct fdt_node *child)
{
	while (fdt_next_node(fdt, child)) {
		if (child->depth <= parent->depth)
			return false;
		if (child->depth == parent->depth + 1)
			return true;
	}
	return false;
}

bool fdt_find_child(const struct fdt *fdt, const struct fdt_node *parent, const char *name,
		    struct fdt_node *child)
{
	*child = *parent;
	while (fdt_next_child(fdt, parent, child))
		if (!strcmp(child->name, name))
			return true;
	return false;
}

/* ---- properties ---------------------------------------------------------------------- */

static bool name_is(const struct fdt *fdt, uint32_t offset, const char *name)
{
	const uint32_t room = fdt->strings_end - fdt->strings;
	const size_t n = strlen(name) + 1;

	return offset < room && n <= room - offset &&
	       !memcmp(fdt->blob + fdt->strings + offset, name, n);
}

bool fdt_prop(const struct fdt *fdt, const struct fdt_node *node, const char *name,
	      struct fdt_value *value)
{
	uint32_t next = node->at, token;

	*value = (struct fdt_value){ NULL, 0 };
	if (!node->depth)
		return false;
	for (uint32_t at = next; ; at = next) {
		token = next_token(fdt, at, &next);
		if (token != TOKEN_PROP && token != TOKEN_NOP)
			return false;
		if (token == TOKEN_PROP && name_is(fdt, get_be32(fdt->blob + at + 8), name)) {
			*value = (struct fdt_value){ fdt->blob + at + PROP_HEAD,
						     get_be32(fdt->blob + at + 4) };
			return true;
		}
	}
}

bool fdt_has(const struct fdt *fdt, const struct fdt_node *node, const char *name)
{
	struct fdt_value value;

	return fdt_prop(fdt, node, name, &value);
}

bool fdt_prop_is(const struct fdt *fdt, const struct fdt_node *node, const char *name,
		 const char *text)
{
	struct fdt_value v;

	return fdt_prop(fdt, node, name, &v) && v.len == strlen(text) + 1 &&
	       !memcmp(v.data, text, v.len);
}

bool fdt_compatible(const struct fdt *fdt, const struct fdt_node *node, const char *text)
{
	const size_t n = strlen(text) + 1;
	struct fdt_value v;

	fdt_prop(fdt, node, "compatible", &v);
	while (v.len) {
		const uint32_t len = (uint32_t)strnlen((const char *)v.data, v.len);

		if (len == v.len)	/* the last one has no end */
			return false;
		if (len + 1 == n && !memcmp(v.data, text, n))
			return true;
		v = (struct fdt_value){ v.data + len + 1, v.len - len - 1 };
	}
	return false;
}

bool fdt_available(const struct fdt *fdt, const struct fdt_node *node)
{
	return !fdt_has(fdt, node, "status") || fdt_prop_is(fdt, node, "status", "okay") ||
	       fdt_prop_is(fdt, node, "status", "ok");
}

uint32_t fdt_u32(const struct fdt *fdt, const struct fdt_node *node, const char *name,
		 uint32_t missing)
{
	struct fdt_value v;

	return fdt_prop(fdt, node, name, &v) && v.len == 4 ? get_be32(v.data) : missing;
}

bool fdt_take_cells(struct fdt_value *value, uint32_t cells, uint64_t *number)
{
	uint64_t n = 0;

	if (cells > value->len / 4)
		return false;
	for (uint32_t i = 0; i < cells; i++)
		n = n << 32 | get_be32(value->data + (size_t)i * 4);
	value->data += (size_t)cells * 4;
	value->len -= cells * 4;
	*number = n;
	return true;
}

bool fdt_reservation(const struct fdt *fdt, uint32_t i, uint64_t *base, uint64_t *size)
{
	const uint32_t room = (fdt->size - fdt->rsvmap) / 16;

	if (i >= room)
		return false;
	*base = get_be64(fdt->blob + fdt->rsvmap + (size_t)i * 16);
	*size = get_be64(fdt->blob + fdt->rsvmap + (size_t)i * 16 + 8);
	return *size;
}
