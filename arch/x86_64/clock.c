/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time since boot, for the stamps of the log: the TSC, whose frequency the hypervisor tells
 * or the PIT measures.  If neither makes sense the stamps stay 0.000000.
 */
#include <arch/machine.h>

#include "arch/x86_64/io.h"
#include "kernel/lib/printk.h"	/* printk_set_clock() */

#include <arch/cpu.h>
#include <asm/cpufeature.h>

#define PIT_HZ			1193182
#define PIT_CHANNEL0		0x40
#define PIT_COMMAND		0x43
#define PIT_MODE2_CHANNEL0	0x34	/* low byte, high byte, count down from n to 1 for ever */
#define PIT_LATCH_CHANNEL0	0x00

#define MEASURE_MS		2	/* one tick is 0.84 us: good to 0.1 % */
#define MEASURE_TICKS		(PIT_HZ * MEASURE_MS / 1000)
#define MEASURE_TIMES		3
#define MEASURE_POLLS		200000	/* a poll is 3 port accesses: 20 ns by -icount, else us */
#define TSC_KHZ_MIN		100000
#define TSC_KHZ_MAX		20000000
#define TSC_KHZ_GUESS		3000000	/* for delays, if nothing is known */

/* Frequency, 0 if unknown; where time begins; ns a tick, times 2^32: constant after boot. */
static struct {
	uint64_t	khz;
	uint64_t	start;
	uint64_t	ns_per_tick;
} tsc;

static uint16_t pit_read(void)
{
	uint8_t low, high;

	outb(PIT_COMMAND, PIT_LATCH_CHANNEL0);
	low = inb(PIT_CHANNEL0);
	high = inb(PIT_CHANNEL0);
	return (uint16_t)(high << 8 | low);
}

/*
 * Frequency of the TSC against channel 0 of the PIT, or 0 if there is no PIT.  Channel 2 would
 * need port 0x61, which microvm does not have.  Channel 0's interrupt is masked, because all are.
 */
static uint64_t measure_khz_once(void)
{
	uint16_t first;
	uint64_t start;

	outb(PIT_COMMAND, PIT_MODE2_CHANNEL0);
	outb(PIT_CHANNEL0, 0);		/* 0 means 65536: 55 ms */
	outb(PIT_CHANNEL0, 0);
	start = get_cycles();
	first = pit_read();

	for (unsigned int polls = 0; polls < MEASURE_POLLS; polls++) {
		uint16_t elapsed = (uint16_t)(first - pit_read());

		if (elapsed >= MEASURE_TICKS)
			return (get_cycles() - start) * PIT_HZ / 1000 / elapsed;
	}
	return 0;
}

/*
 * The least of a few.  A host may let the guest wait anywhere.  The TSC is read before the PIT's
 * first value and after its last one, so its stretch is never the shorter one, and a wait, as a
 * wrap of the PIT's 16 bits, makes the TSC look faster, never slower.
 */
static uint64_t measure_khz(void)
{
	uint64_t least = measure_khz_once();

	for (unsigned int times = 1; least && times < MEASURE_TIMES; times++) {
		uint64_t khz = measure_khz_once();

		if (khz < least)
			least = khz;
	}
	return least;
}

void clock_init(void)
{
	tsc.khz = cpu.tsc_khz ? cpu.tsc_khz : measure_khz();
	if (tsc.khz < TSC_KHZ_MIN || tsc.khz > TSC_KHZ_MAX) {
		pr_info("clock: no usable time source (TSC %llu kHz); log lines carry no time\n",
			(unsigned long long)tsc.khz);
		tsc.khz = 0;
		return;
	}
	tsc.ns_per_tick = (1000000UL << 32) / tsc.khz;
	tsc.start = get_cycles();
	printk_set_clock(clock_ns);
}

uint64_t clock_ns(void)
{
	if (!tsc.khz)
		return 0;
	return (uint64_t)((unsigned __int128)(get_cycles() - tsc.start) * tsc.ns_per_tick >> 32);
}

uint64_t clock_khz(void)
{
	return tsc.khz;
}

void clock_delay_ms(unsigned int ms)
{
	uint64_t start = get_cycles();
	uint64_t ticks = (tsc.khz ? tsc.khz : TSC_KHZ_GUESS) * ms;

	while (get_cycles() - start < ticks)
		cpu_relax();
}
