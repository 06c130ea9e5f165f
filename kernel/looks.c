// SPDX-License-Identifier: GPL-2.0-only
/*
 * The usual owners and their colours and letters (see looks.h); a checksum decides for all others.
 */
#include "kernel/looks.h"

#include "kernel/lib/string.h"

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* The eight of owners, in the order of the host's COLOURS. */
static const enum screen_colour owner_colours[] = {
	COLOUR_1, COLOUR_2, COLOUR_3, COLOUR_4, COLOUR_5, COLOUR_6, COLOUR_7, COLOUR_8,
};

/* tests/scripts/looks_test.py compares this with the host's table. */
static const struct {
	const char	*name;
	struct look	look;
} owners[] = {
	{ "kernel image", { COLOUR_1, 'k' } },	{ "initrd", { COLOUR_2, 'i' } },
	{ "first MiB", { COLOUR_3, '1' } },	{ "first 64 KiB", { COLOUR_3, '6' } },
	{ "page map", { COLOUR_4, 'm' } },	{ "page tables", { COLOUR_5, 't' } },
	{ "crash kernel", { COLOUR_6, 'c' } },	{ "cma", { COLOUR_7, 'C' } },
	{ "huge page", { COLOUR_8, 'H' } },	{ "node data", { COLOUR_1, 'n' } },
	{ "hugetlb cma", { COLOUR_7, 'G' } },	{ "pagesets", { COLOUR_4, 'p' } },
	{ "modules", { COLOUR_2, 'M' } },	{ "module", { COLOUR_2, 'o' } },
	{ "log buffer", { COLOUR_5, 'l' } },	{ "log descriptors", { COLOUR_5, 'd' } },
	{ "log records", { COLOUR_5, 'r' } },	{ "page owner", { COLOUR_4, 'w' } },
	{ "ledger", { COLOUR_8, 'L' } },	{ "device tree", { COLOUR_6, 'D' } },
	{ "MP table", { COLOUR_3, 'P' } },	{ "BIOS area", { COLOUR_3, 'B' } },
	{ "elfcorehdr", { COLOUR_6, 'E' } },	{ "bad memory", { COLOUR_2, 'x' } },
};

/* The first words of a type; the first row that fits counts. */
static const struct {
	const char	*type;
	struct look	look;
} types[] = {
	{ "usable", { COLOUR_RAM, '#' } },	{ "memory", { COLOUR_RAM, '#' } },
	{ "reserved", { COLOUR_RESERVED, 'r' } }, { "ACPI NVS", { COLOUR_2, 'n' } },
	{ "ACPI", { COLOUR_3, 'a' } },		{ "unusable", { COLOUR_UNUSABLE, 'x' } },
	{ "persistent", { COLOUR_1, 'p' } },	{ "soft reserved", { COLOUR_8, 's' } },
	{ "Soft Reserved", { COLOUR_8, 's' } },
};

struct look owner_look(const char *name)
{
	struct look look = { COLOUR_UNUSABLE, '?' };

	if (!name)
		return look;
	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++)
		if (!strcmp(owners[i].name, name))
			return owners[i].look;
	look.colour = owner_colours[crc32(name, strlen(name)) % 8];
	look.letter = look_letter((struct look){ COLOUR_TEXT, '\0' }, name, "");
	return look;
}

struct look map_look(const char *type)
{
	for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++)
		if (str_has_prefix(type, types[i].type))
			return types[i].look;
	return type ? (struct look){ COLOUR_UNUSABLE, '?' } : (struct look){ COLOUR_BLACK, '.' };
}

char look_letter(struct look look, const char *name, const char *taken)
{
	if (look.letter && look.letter != '?' && !strchr(taken, look.letter))
		return look.letter;
	for (; name && *name; name++)
		if (strchr(letters, *name) && !strchr(taken, *name))
			return *name;
	for (const char *c = letters; *c; c++)
		if (!strchr(taken, *c))
			return *c;
	return '?';
}
