// SPDX-License-Identifier: GPL-2.0-only
/*
 * A flattened device tree for a kernel that firmware started: firmware's own, if it has one, with
 * other words in /chosen and without its memory reservations, or one that is only /chosen.
 *
 *	40 bytes of header | 16 of no reservations | structure | names of the old tree, then ours
 */
#include "boot/efi_stub.h"
#include "boot/fdt.h"
#include "kernel/lib/align.h"
#include "kernel/lib/string.h"
#include "kernel/lib/unaligned.h"

#define FDT_MAGIC	0xd00dfeedU
#define FDT_VERSION	17U
#define FDT_COMPATIBLE	16U
#define FDT_HEADER	40U
#define FDT_NO_RESERVED	16U

#define BEGIN_NODE	1U
#define END_NODE	2U
#define PROP		3U
#define NOP		4U
#define END		9U

/* Names of the properties that are ours, one behind the other. */
static const char names[] =
	"bootargs\0" "linux,initrd-start\0" "linux,initrd-end\0" "linux,uefi-system-table\0"
	"linux,uefi-mmap-start\0" "linux,uefi-mmap-size\0" "linux,uefi-mmap-desc-size\0"
	"linux,uefi-mmap-desc-ver\0" "linux,uefi-secure-boot\0" "#address-cells\0" "#size-cells";

struct tree_writer {
	uint8_t			*to;
	uint32_t		at, room;
	bool			full;
	uint32_t		old_names;	/* bytes of names in front of ours */
	const struct efi_stub	*stub;
};

static void put(struct tree_writer *w, const void *bytes, uint32_t n)
{
	const uint32_t padded = ALIGN_UP(n, 4U);

	w->full |= n > w->room || padded > w->room - w->at;
	if (w->full)
		return;
	memcpy(w->to + w->at, bytes, n);
	memset(w->to + w->at + n, 0, padded - n);
	w->at += padded;
}

static void put32(struct tree_writer *w, uint32_t value)
{
	value = __builtin_bswap32(value);
	put(w, &value, sizeof(value));
}

/* ---- what is ours ---------------------------------------------------------------------------- */

/* Where @name begins in names[]; the size of names[] if it is not there. */
static uint32_t name_at(const char *name)
{
	uint32_t at = 0;

	while (at < sizeof(names) && strcmp(names + at, name) != 0)
		at += (uint32_t)strlen(names + at) + 1;
	return at;
}

static void put_prop(struct tree_writer *w, const char *name, const void *value, uint32_t n)
{
	put32(w, PROP);
	put32(w, n);
	put32(w, w->old_names + name_at(name));
	put(w, value, n);
}

static void put_prop32(struct tree_writer *w, const char *name, uint32_t value)
{
	value = __builtin_bswap32(value);
	put_prop(w, name, &value, sizeof(value));
}

static void put_prop64(struct tree_writer *w, const char *name, uint64_t value)
{
	value = __builtin_bswap64(value);
	put_prop(w, name, &value, sizeof(value));
}

static void put_chosen(struct tree_writer *w)
{
	const struct efi_stub *stub = w->stub;

	put_prop(w, "bootargs", stub->cmdline, (uint32_t)strlen(stub->cmdline) + 1);
	if (stub->initrd.size) {
		put_prop64(w, "linux,initrd-start", stub->initrd.base);
		put_prop64(w, "linux,initrd-end", stub->initrd.base + stub->initrd.size);
	}
	put_prop64(w, "linux,uefi-system-table", (uintptr_t)stub->systab);
	put_prop64(w, "linux,uefi-mmap-start", stub->map.pa);
	put_prop32(w, "linux,uefi-mmap-size", stub->map.bytes);
	put_prop32(w, "linux,uefi-mmap-desc-size", stub->map.desc_size);
	put_prop32(w, "linux,uefi-mmap-desc-ver", stub->map.version);
	put_prop32(w, "linux,uefi-secure-boot", 0);	/* nobody looked */
}

static void put_chosen_node(struct tree_writer *w)
{
	put32(w, BEGIN_NODE);
	put(w, "chosen", sizeof("chosen"));
	put_chosen(w);
	put32(w, END_NODE);
}

static void put_bare_tree(struct tree_writer *w)
{
	put32(w, BEGIN_NODE);
	put(w, "", 1);
	put_prop32(w, "#address-cells", 2);
	put_prop32(w, "#size-cells", 2);
	put_chosen_node(w);
	put32(w, END_NODE);
}

/* ---- what was firmware's --------------------------------------------------------------------- */

/*
 * Is the property whose name is at @at of the old names left out?  One that /chosen gets from us,
 * and one whose name is not all there: in the new tree it would end in ours.
 */
static bool is_left_out(const struct fdt *old, uint32_t at, bool in_chosen)
{
	const uint32_t room = old->strings_end - old->strings;
	const char *name = (const char *)old->blob + old->strings + at;

	if (at >= room || strnlen(name, room - at) == room - at)
		return true;
	return in_chosen && name_at(name) < name_at("#address-cells");
}

/*
 * Copy the nodes of @old, which has no damage: fdt_open() has seen every token of it.  Ours are
 * put behind the properties of /chosen, or in a node in front of the root's end.
 */
static void put_old_tree(struct tree_writer *w, const struct fdt *old)
{
	bool in_chosen = false, done = false;
	uint32_t depth = 0;

	for (uint32_t at = old->structs; at < old->structs_end;) {
		const uint8_t *p = old->blob + at;
		const uint32_t token = get_be32(p);
		uint32_t n = 4;

		if (token == PROP)
			n = 12 + ALIGN_UP(get_be32(p + 4), 4U);
		else if (token == BEGIN_NODE)
			n = 4 + ALIGN_UP((uint32_t)strlen((const char *)p + 4) + 1, 4U);
		else if (token == END)
			return;
		if (in_chosen && token != PROP && token != NOP) {
			put_chosen(w);
			in_chosen = false;
			done = true;
		}
		if (token == END_NODE && --depth == 0 && !done)
			put_chosen_node(w);
		if (token == BEGIN_NODE && depth++ == 1 && !done)
			in_chosen = strcmp((const char *)p + 4, "chosen") == 0;
		if (token != PROP || !is_left_out(old, get_be32(p + 8), in_chosen))
			put(w, p, n);
		at += n;
	}
}

/* Whole, and with a root that is its first token. */
static bool is_usable_tree(struct fdt *old, const void *blob)
{
	struct fdt_node root = { .depth = 0 };

	return blob && !fdt_open(old, blob, EFI_TREE_MAX) && !old->damage &&
	       fdt_next_node(old, &root);
}

uint32_t efi_write_tree(const struct efi_stub *stub, void *to, uint32_t room)
{
	struct tree_writer w = { .to = to, .room = room, .stub = stub };
	struct fdt old;
	const bool usable = is_usable_tree(&old, stub->tree);
	uint32_t structs, strings;

	if (room < FDT_HEADER + FDT_NO_RESERVED)
		return 0;
	memset(to, 0, FDT_HEADER + FDT_NO_RESERVED);
	w.at = structs = FDT_HEADER + FDT_NO_RESERVED;
	w.old_names = usable ? old.strings_end - old.strings : 0;
	if (usable)
		put_old_tree(&w, &old);
	else
		put_bare_tree(&w);
	put32(&w, END);
	strings = w.at;
	if (usable)
		put(&w, old.blob + old.strings, w.old_names);
	w.at = strings + w.old_names;		/* names are not padded */
	put(&w, names, sizeof(names));
	if (w.full)
		return 0;
	room = w.at;
	w.at = 0;
	put32(&w, FDT_MAGIC);
	put32(&w, room);
	put32(&w, structs);
	put32(&w, strings);
	put32(&w, FDT_HEADER);
	put32(&w, FDT_VERSION);
	put32(&w, FDT_COMPATIBLE);
	put32(&w, 0);				/* the CPU that boots */
	put32(&w, w.old_names + (uint32_t)sizeof(names));
	put32(&w, strings - structs);
	return room;
}

uint32_t efi_tree_room(const struct efi_stub *stub)
{
	const uint32_t old = stub->tree ? get_be32((const uint8_t *)stub->tree + 4) : 0;

	return MIN(old, EFI_TREE_MAX) + 4096U + (uint32_t)sizeof(stub->cmdline);
}
