/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A generated machine: what it is (machine.c), and as the bytes that a loader and firmware would
 * leave in memory (machine_bytes.c).
 */
#ifndef TESTS_HOST_REFERENCE_MACHINE_H
#define TESTS_HOST_REFERENCE_MACHINE_H

#include "reference.h"

#define ENTRIES 3000u
#define WORDS	8u

enum road { MULTIBOOT2, EFI, PVH, LINUX };

struct machine {
	uint64_t number;
	enum road road;
	struct {
		uint64_t base, size;
		uint32_t type;
	} entry[ENTRIES];
	unsigned int entries;
	struct ref_word word[WORDS];
	unsigned int words;
	struct ref_block block[ENTRIES];
	unsigned int blocks;
	uint32_t cpu[64];
	unsigned int cpus;
	unsigned int srat_revision;
	bool srat, numa_off;
	struct ref_movable movable;
	unsigned int phys_bits;
	char cmdline[1024];
};

extern struct machine machine;

/* Machine @number, always the same; print it. */
void make_machine(uint64_t number);
void describe_machine(void);
/* A number below @below, the next that follows from the machine's. */
uint64_t roll(uint64_t below);

/*
 * Tables and map into physical memory, which rounds what an EFI map can only say in pages; then
 * the boot, through the machine's road.
 */
void put_machine(void);
void boot_machine(void);

#endif /* TESTS_HOST_REFERENCE_MACHINE_H */
