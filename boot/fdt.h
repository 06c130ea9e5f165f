/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flattened device tree: a bounded reader, of boot/firmware/fdt.c.
 *
 * The blob is read in place and never trusted: fdt_open() checks the header and walks all of the
 * tree once; what is behind the first damage does not exist for any function here.  Numbers
 * are big-endian.  Nothing recurses, nothing allocates, no walk takes longer than the blob is.
 *
 *	struct fdt_node node = { 0 };
 *	while (fdt_next_node(&fdt, &node))	every node, parents before their children
 */
#ifndef BOOT_FDT_H
#define BOOT_FDT_H

#include "kernel/lib/types.h"

#define FDT_MAGIC	0xd00dfeedU
#define FDT_SIZE_MAX	0x200000U	/* 2 MiB: what an architecture promises to map */
#define FDT_DEPTH_MAX	64

/**
 * struct fdt - an opened tree; constant after fdt_open()
 * @blob: @size bytes
 * @rsvmap: offset of the first memory reservation
 * @structs, @structs_end: offsets of the nodes; cut where damage begins
 * @strings, @strings_end: offsets of the names of properties
 * @damage: NULL, or a phrase about what is wrong at offset @damage_at
 */
struct fdt {
	const uint8_t	*blob;
	uint32_t	size;
	uint32_t	rsvmap;
	uint32_t	structs, structs_end;
	uint32_t	strings, strings_end;
	const char	*damage;
	uint32_t	damage_at;
};

/**
 * struct fdt_node - a place in a walk; all zero: before the first node
 * @name: with its unit address, "memory@40000000"; "" for the root
 * @depth: 1 for the root, 2 for its children
 * @at: offset behind the name, where its properties are
 */
struct fdt_node {
	const char	*name;
	uint32_t	depth;
	uint32_t	at;
};

/* A property's value: @len bytes, big-endian. */
struct fdt_value {
	const uint8_t	*data;
	uint32_t	len;
};

/**
 * fdt_open() - check @room bytes at @blob, of which the tree says how many are its own
 *
 * Return: NULL, or a phrase why there is no tree.  A tree with damage inside is opened.
 */
const char *fdt_open(struct fdt *fdt, const void *blob, uint64_t room);

/** fdt_next_node() - the next node of the blob.  Return: false behind the last one */
bool fdt_next_node(const struct fdt *fdt, struct fdt_node *node);

/**
 * fdt_next_child() - the next direct child of @parent
 * @child: a copy of @parent at first
 *
 * Return: false behind the last one.
 */
bool fdt_next_child(const struct fdt *fdt, const struct fdt_node *parent, struct fdt_node *child);

/** fdt_find_child() - the first child of @parent with that whole name */
bool fdt_find_child(const struct fdt *fdt, const struct fdt_node *parent, const char *name,
		    struct fdt_node *child);

/** fdt_prop() - a property of @node.  Return: false, and an empty value, if it has none */
bool fdt_prop(const struct fdt *fdt, const struct fdt_node *node, const char *name,
	      struct fdt_value *value);

/** fdt_has() - is there such a property, whatever its value? */
bool fdt_has(const struct fdt *fdt, const struct fdt_node *node, const char *name);

/** fdt_prop_is() - is the property there and exactly the text @text? */
bool fdt_prop_is(const struct fdt *fdt, const struct fdt_node *node, const char *name,
		 const char *text);

/** fdt_compatible() - is @text one of the strings of the property `compatible`? */
bool fdt_compatible(const struct fdt *fdt, const struct fdt_node *node, const char *text);

/** fdt_available() - no `status`, or "okay", or "ok" */
bool fdt_available(const struct fdt *fdt, const struct fdt_node *node);

/** fdt_u32() - a property of one cell, or @missing if it is not there or has another size */
uint32_t fdt_u32(const struct fdt *fdt, const struct fdt_node *node, const char *name,
		 uint32_t missing);

/**
 * fdt_take_cells() - cut a number of @cells cells off the front of @value
 *
 * Of more than two cells the low 64 bits count.  Return: false, and nothing cut, if the value is
 * shorter than that; a number of no cells is 0.
 */
bool fdt_take_cells(struct fdt_value *value, uint32_t cells, uint64_t *number);

/** fdt_reservation() - entry @i of the reservation block.  Return: false at its end */
bool fdt_reservation(const struct fdt *fdt, uint32_t i, uint64_t *base, uint64_t *size);

#endif /* BOOT_FDT_H */
