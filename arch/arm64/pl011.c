// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PL011 UART, polled; and the second channel, for programs: semihosting's console, if the
 * one below says with the words of its command line that it is meant for that.
 *
 * The UART has to speak before the device tree is read, so that a bad tree is seen: its place is
 * compiled in, and is that of QEMU's machine virt.  The tree's stdout-path and the user's
 * earlycon= may move it (see pl011.h).
 */
#include <arch/serial.h>

#include "arch/arm64/paging.h"
#include "arch/arm64/pl011.h"
#include "arch/arm64/semihost.h"
#include "kernel/lib/align.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/init.h"
#include "kernel/lib/params.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "mm/memblock.h"		/* memblock_is_memory() */

#include <arch/cpu.h>
#include <arch/traps.h>

#define PL011_BASE	0x09000000UL

/* Registers, as offsets, and bits. */
#define UART_DR		0x00
#define UART_FR		0x18
#define UART_PERIPH_ID	0xfe0		/* four words, a byte in each */
#define UART_CELL_ID	0xff0		/* the same */
#define CELL_ID		0xb105f00dU	/* of ARM's devices */
#define PART_MASK	0xfffU
#define PART_PL011	0x011U
#define FR_RX_EMPTY	BIT(4)
#define FR_TX_FULL	BIT(5)

#define PATIENCE	2000000U	/* polls for room */

#define SYS_WRITE0	0x04U
#define SYS_GET_CMDLINE	0x15U
#define TRACE_WORDS	"daybreak trace"	/* of -semihosting-config arg=..,arg=.. */

static void tty_write(const char *s, size_t n);

/*
 * One writer, the CPU that printks.  @looked, @trace, @base, @pa: constant after boot; @page: of
 * the fixmap, where it is mapped; @earlycon: the user wants a line about it.
 */
static struct {
	uint8_t		*base;
	phys_addr_t	pa;
	enum fix_page	page;
	bool		earlycon;
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
	uart.pa = PL011_BASE;
	uart.page = FIX_UART;
	uart.base = fix_map_device(FIX_UART, PL011_BASE);
	uart.present = probe_read_byte((uint64_t)uart.base + UART_FR, &byte);
	if (uart.present)
		register_console(&uart.console);
	uart.trace = trace_is_wanted();
}

/* ---- somewhere else -------------------------------------------------------------------- */

static uint32_t __init read_id(const uint8_t *base, unsigned int offset)
{
	uint32_t id = 0;
	uint8_t byte;

	for (unsigned int i = 0; i < 4; i++) {
		const uint8_t *at = base + offset + i * 4;

		if (!probe_read_byte((uint64_t)at, &byte))
			return 0;
		id |= (*(const volatile uint32_t *)at & 0xff) << i * 8;
	}
	return id;
}

static bool __init is_mapped_at(phys_addr_t pa, enum fix_page page, uint8_t **base)
{
	if (pa % PAGE_SIZE || memblock_is_memory(pa))
		return false;
	*base = fix_map_device(page, pa);
	return read_id(*base, UART_CELL_ID) == CELL_ID &&
	       (read_id(*base, UART_PERIPH_ID) & PART_MASK) == PART_PL011;
}

void __init pl011_use(phys_addr_t pa, const char *who)
{
	const enum fix_page page = uart.page == FIX_UART ? FIX_UART_OTHER : FIX_UART;
	uint8_t *base;

	if (pa == uart.pa && uart.present)
		return;
	if (!is_mapped_at(pa, page, &base)) {
		pr_warn("%s: no PL011 at %pa; the console stays at %pa\n", who, &pa, &uart.pa);
		return;
	}
	uart.base = base;
	uart.pa = pa;
	uart.page = page;
	uart.present = true;
	register_console(&uart.console);
}

static void __init say_earlycon(phys_addr_t pa)
{
	pr_info("earlycon: pl11 at MMIO %pa (options '')\n", &pa);
}

void __init pl011_earlycon(phys_addr_t pa)
{
	if (uart.earlycon)
		say_earlycon(pa);
}

/*
 * earlycon			Linux's line, when the tree's UART is known
 * earlycon=pl011,ADDR		that one
 */
static int __init parse_earlycon(char *val)
{
	phys_addr_t pa;
	char *end;

	uart.earlycon = !val || !*val;
	if (uart.earlycon)
		return 0;
	if (strncmp(val, "pl011,", 6))
		return -EINVAL;
	val += 6;
	if (!strncmp(val, "mmio32,", 7))
		val += 7;
	pa = kstrtoull(val, &end, 0);
	if (end == val)
		return -EINVAL;
	pl011_use(pa, "earlycon");
	if (pa == uart.pa)
		say_earlycon(pa);
	return 0;
}
early_param("earlycon", parse_earlycon, "[pl011,ADDR]: where the UART is (arm64); the log is complete without it");

/* Linux needs it to see the first lines; ours are always kept and shown. */
early_flag("earlyprintk", NULL, "accepted; the log is complete without it");
