/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few symbols of the explorer's quiet world; see include/mm/port.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "mm/memblock.h"
#include "mm/port.h"
#include "tests/host/include/host_phys.h"

unsigned int port_warns;
bool movable_node_enabled;

char *host_phys_base;
uint64_t host_phys_size;

__attribute__((noreturn)) void port_panic(const char *what, int line)
{
	fprintf(stderr, "panic at %s:%d\n", what, line);
	abort();
}

int printk(const char *fmt, ...)
{
	(void)fmt;
	return 0;
}

/* Physical memory is wanted for doubled arrays only: 64 MiB from address 0. */
#define FAKE_RAM	(64UL << 20)

static char ram[FAKE_RAM] __attribute__((aligned(4096)));

void *host_phys_to_virt(uint64_t pa)
{
	if (pa >= FAKE_RAM)
		port_panic("an array outside of the fake memory", 0);
	return ram + pa;
}

uint64_t host_virt_to_phys(const void *va)
{
	return (uint64_t)((const char *)va - ram);
}
