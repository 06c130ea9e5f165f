// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time since boot: the generic timer, which says itself how fast it counts.
 */
#include <arch/machine.h>

#include "kernel/lib/printk.h"		/* printk_set_clock() */

#include <arch/cpu.h>
#include <asm/sysreg.h>

#define HZ_MIN		10000U
#define NS_PER_S	1000000000UL
#define KHZ_GUESS	62500U		/* for delays, if firmware has not said it */

/* Counts a second, 0 if unknown; where time begins: constant after boot. */
static struct {
	uint64_t	hz;
	uint64_t	start;
} timer;

void clock_init(void)
{
	timer.hz = read_sysreg(cntfrq_el0) & UINT32_MAX;
	if (timer.hz < HZ_MIN) {
		pr_info("clock: firmware has not set CNTFRQ (%llu Hz); log lines carry no time\n",
			(unsigned long long)timer.hz);
		timer.hz = 0;
		return;
	}
	timer.start = get_cycles();
	printk_set_clock(clock_ns);
}

uint64_t clock_ns(void)
{
	uint64_t ticks;

	if (!timer.hz)
		return 0;
	ticks = get_cycles() - timer.start;
	return ticks / timer.hz * NS_PER_S + ticks % timer.hz * NS_PER_S / timer.hz;
}

uint64_t clock_khz(void)
{
	return timer.hz / 1000;
}

void clock_delay_ms(unsigned int ms)
{
	const uint64_t start = get_cycles();
	const uint64_t ticks = (timer.hz ? timer.hz / 1000 : KHZ_GUESS) * ms;

	while (get_cycles() - start < ticks)
		cpu_relax();
}
