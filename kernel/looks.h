/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an owner looks like in pictures: its name decides, and the host's pictures decide in the
 * same way (scripts/memmaplib/colours.py).
 */
#ifndef KERNEL_LOOKS_H
#define KERNEL_LOOKS_H

#include "kernel/lib/screen.h"

struct look {
	enum screen_colour	colour;
	char			letter;
};

/* Of an owner; @name may be NULL. */
struct look owner_look(const char *name);

/* Of a type of the map, as arch_map_type() calls it; NULL: a hole. */
struct look map_look(const char *type);

/**
 * look_letter() - a letter that nobody has yet
 * @look, @name: whose it will be: its own letter, else one of its name, else any
 * @taken: the others' letters
 */
char look_letter(struct look look, const char *name, const char *taken);

#endif /* KERNEL_LOOKS_H */
