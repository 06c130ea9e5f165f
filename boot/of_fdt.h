/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the device tree says about memory, told to boot_info and memblock before anything can be
 * allocated: boot/firmware/of_fdt.c.  Functions have Linux's names, and its lines.
 *
 * The blob is not copied: it has to stay where early_init_dt_verify() found it, readable and
 * reserved.
 */
#ifndef BOOT_OF_FDT_H
#define BOOT_OF_FDT_H

#include "boot/boot_info.h"
#include "boot/fdt.h"

/**
 * struct of_fdt - the tree the machine booted with; constant after boot
 * @fdt: the reader
 * @root: its first node
 * @address_cells, @size_cells: the root's: of an address and a size in its children
 * @elfcorehdr: linux,elfcorehdr of /chosen; size 0: none
 * @stdout_path: of /chosen, may have options behind a colon; NULL: none
 */
struct of_fdt {
	struct fdt		fdt;
	struct fdt_node		root;
	uint32_t		address_cells, size_cells;
	struct boot_range	elfcorehdr;
	const char		*stdout_path;
};

extern struct of_fdt of_fdt;

/**
 * early_init_dt_verify() - open the tree of @room bytes at most
 *
 * Return: NULL, or a phrase why there is none.  Damage inside the tree costs a warning in @info,
 * and what is behind it.
 */
const char *early_init_dt_verify(const void *blob, uint64_t room, struct boot_info *info);

/**
 * early_init_dt_scan_chosen() - command line and initrd, to @info
 *
 * The initrd becomes the first module, refused if it overlaps what @info knows is in use.
 */
void early_init_dt_scan_chosen(struct boot_info *info);

/** early_init_dt_scan_memory() - every bank of every memory node to memblock */
void early_init_dt_scan_memory(struct boot_info *info);

/** early_init_dt_add_memory_arch() - one bank, its ends moved inward to whole pages */
void early_init_dt_add_memory_arch(uint64_t base, uint64_t size, struct boot_info *info);

/**
 * early_init_dt_check_for_usable_mem_range() - linux,usable-memory-range of /chosen
 *
 * RAM outside of its first range is forgotten; a second one is added as it is.
 */
void early_init_dt_check_for_usable_mem_range(void);

/** of_flat_dt_get_machine_name() - `model` of the root, else its first `compatible`, or NULL */
const char *of_flat_dt_get_machine_name(void);

/**
 * of_stdout() - the address of what stdout-path names: boot/firmware/of_stdout.c
 * @compatible: what it has to be compatible with
 *
 * Return: false if there is no path, no such node, another device, or no way to its address.
 */
bool of_stdout(const char *compatible, phys_addr_t *pa);

/* A walk over the banks of all memory nodes in the order of the tree; all zero at first. */
struct of_bank_walk {
	struct fdt_node		node;
	struct fdt_value	reg;
};

/**
 * of_next_bank() - the next bank as it is written, size 0 and overlaps included
 *
 * @walk->node is its node.  Return: false behind the last one.
 */
bool of_next_bank(struct of_bank_walk *walk, struct boot_range *bank);

/** of_take_range() - an address and a size in cells of the root off the front of @value */
bool of_take_range(struct fdt_value *value, struct boot_range *range);

/**
 * of_memory_is_full() - is memblock.memory too full to cut one more range out of RAM?
 *
 * Its array cannot grow yet.  Linux differs: it panics before there is a console.
 */
bool of_memory_is_full(void);

/** of_text() - @value as a string, NULL if it has no end */
const char *of_text(const struct fdt_value *value);

#endif /* BOOT_OF_FDT_H */
