/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions about the firmware's memory map, whatever the architecture's name for it.
 */
#ifndef ARCH_MAP_H
#define ARCH_MAP_H

#include "kernel/lib/types.h"

/* The map as firmware gave it, as it was understood, and in use: shaped by the user. */
enum arch_map_stage {
	ARCH_MAP_GIVEN,
	ARCH_MAP_SANE,
	ARCH_MAP_IN_USE,
};

/* @base, @size may be anything in ARCH_MAP_GIVEN; @type is the firmware's number. */
struct arch_map_entry {
	uint64_t	base;
	uint64_t	size;
	uint32_t	type;
};

/* Entry @i of the map at that stage; false if there is none.  Context: after setup_arch(). */
bool arch_map_entry(enum arch_map_stage stage, uint32_t i, struct arch_map_entry *entry);

/**
 * arch_map_type() - what the map calls the byte at @pa
 * @stage: ARCH_MAP_SANE or ARCH_MAP_IN_USE
 * @first, @last: set to the entry's, or the hole's, first and last byte
 *
 * Return: a word that stays until the next call, "usable" for RAM; NULL: nothing, a hole.
 */
const char *arch_map_type(enum arch_map_stage stage, phys_addr_t pa, phys_addr_t *first,
			  phys_addr_t *last);

#endif /* ARCH_MAP_H */
