// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PL011 UART, polled; and the second channel, for programs: semihosting's console, if the
 * one below says with the words of its command line that it is meant for that.
 *
 * The UART has to speak before the device tree is read, so that a bad tree is seen: its place is
 * compiled in, and is that of QEMU's machine virt.
 */
#include <arch/serial.h>

#include "arch/arm64/paging.h"
#include "arch/arm64/semihost.h"
#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"

#include <arch/cpu.h>
#include <arch/traps.h>

#define PL011_BASE	0x09000000UL

/* Registers, as offsets, and bits. */
#define UART_DR		0x00
#define UART_FR		0x18
#define FR_RX_EMPTY	BIT(4)
#define FR_TX_FULL	BIT(5)

#define PATIENCE	2000000U	/* polls for room */

#define SYS_WRITE0	0x04U
#define SYS_GET_CMDLINE	0x15U
#define TRACE_WORDS	"daybreak trace"	/* of -semihosting-config arg=..,arg=.. */

static void tty_write(const char *s, size_t n);

/* One writer, the CPU that printks; @looked, @trace: constant after boot. */
static struct {
	uint8_t		*base;
	struct console	console;
	bool		looked, present, trace;
} uart = {
	.console = { .name = "ttyAMA", .index = 0, .write = tty_write },
};

static volatile uint32_t *reg(unsigned int offset)
{
	return (volatile uint32_t *)(uart.base + offset);
}

static void put(char c)
{
	for (unsigned int polls = 0; *reg(UART_FR) & FR_TX_FULL; polls++) {
		if (polls == PATIENCE) {
			uart.present = false;
			return;
		}
		cpu_relax();
	}
	*reg(UART_DR) = (uint8_t)c;
}

static void tty_write(const char *s, size_t n)
{
	for (; n && uart.present; s++, n--) {
		if (*s == '\n')
			put('\r');
		put(*s);
	}
}

/* Strings with an end, at most a piece at a time. */
static void write_trace(const char *s, size_t n)
{
	char piece[129];

	while (n) {
		const size_t take = MIN(n, sizeof(piece) - 1);

		memcpy(piece, s, take);
		piece[take] = '\0';
		semihost_call(SYS_WRITE0, piece);
		s += take;
		n -= take;
	}
}

void serial_write_raw(unsigned int index, const char *s, size_t n)
{
	if (index == 1 && uart.trace)
		write_trace(s, n);
	for (; index == 0 && n && uart.present; n--)
		put(*s++);
}

int serial_getc(unsigned int index)
{
	if (index || !uart.present || (*reg(UART_FR) & FR_RX_EMPTY))
		return -1;
	return (int)(*reg(UART_DR) & 0xff);
}

bool serial_present(unsigned int index)
{
	return index ? uart.trace : uart.present;
}

bool serial_is_console(unsigned int index)
{
	return !index && uart.console.enabled;
}

static bool trace_is_wanted(void)
{
	char words[64] = "";
	struct {
		char		*buffer;
		uint64_t	size;
	} block = { words, sizeof(words) };

	return !semihost_call(SYS_GET_CMDLINE, &block) && !strncmp(words, TRACE_WORDS,
								    sizeof(TRACE_WORDS));
}

void serial_init(void)
{
	uint8_t byte;

	if (uart.looked)
		return;
	uart.looked = true;
	uart.base = fix_map_device(FIX_UART, PL011_BASE);
	uart.present = probe_read_byte((uint64_t)uart.base + UART_FR, &byte);
	if (uart.present)
		register_console(&uart.console);
	uart.trace = trace_is_wanted();
}

/* Linux needs one of these to see the first lines; ours are always kept and shown. */
early_flag("earlycon", NULL, "accepted; the log is complete without it");
early_flag("earlyprintk", NULL, "accepted; the log is complete without it");
