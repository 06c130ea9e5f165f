/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 16550 serial ports, polled.
 *
 * Finding them comes first: where there is no port every register reads 0xff, so the line
 * status says "ready" for ever and all output vanishes without a sign.  A port that stops
 * taking bytes is given up, because a log that hangs the kernel is worse than no log.
 */
#include <arch/serial.h>

#include "arch/x86_64/io.h"
#include "arch/x86_64/spcr.h"		/* serial_use_port() */
#include "kernel/lib/init.h"
#include "kernel/lib/params.h"	/* early_flag(), memparse() */
#include "kernel/lib/printk.h"	/* register_console() */

#include <arch/cpu.h>

/* Registers, as offsets from the port. */
#define UART_DATA	0	/* with DLAB: divisor, low byte */
#define UART_IER	1	/* with DLAB: divisor, high byte */
#define UART_FCR	2	/* read: IIR */
#define UART_LCR	3
#define UART_MCR	4
#define UART_LSR	5
#define UART_MSR	6
#define UART_SCRATCH	7

#define LCR_8N1		0x03
#define LCR_DLAB	0x80
#define FCR_ENABLE	0x07	/* FIFOs on, both emptied */
#define IIR_FIFO_WORKS	0xc0	/* 16550A; a plain 16550 has a broken FIFO */
#define MCR_DTR_RTS	0x03
#define MCR_LOOP	0x10
#define LSR_RECEIVED	0x01
#define LSR_THR_EMPTY	0x20

#define UART_CLOCK	115200
#define FIFO_SIZE	16
#define PATIENCE	200000	/* polls for room: at 1200 baud a byte takes about 10000 */

struct serial_port {
	uint16_t	base;
	bool		present;
	unsigned int	fifo;	/* bytes it takes at once when empty */
	unsigned int	room;	/* bytes it surely takes now */
};

/* A console of the log has a function of its own for each port. */
#define SERIAL_CONSOLE(n)							\
	static void ttys##n##_write(const char *s, size_t len);			\
	static void ttys##n##_setup(const char *options);
SERIAL_CONSOLE(0)
SERIAL_CONSOLE(1)
SERIAL_CONSOLE(2)
SERIAL_CONSOLE(3)
#undef SERIAL_CONSOLE

/*
 * State of the ports: one writer, the CPU that printks.
 * @looked: serial_init() has been there; an early exception may have been first
 */
static struct {
	struct serial_port	ports[SERIAL_PORTS];
	struct console		consoles[SERIAL_PORTS];
	bool			looked;
} serial = {
	.ports = { { .base = 0x3f8 }, { .base = 0x2f8 }, { .base = 0x3e8 }, { .base = 0x2e8 } },
	.consoles = {
		{ .name = "ttyS", .index = 0, .write = ttys0_write, .setup = ttys0_setup },
		{ .name = "ttyS", .index = 1, .write = ttys1_write, .setup = ttys1_setup },
		{ .name = "ttyS", .index = 2, .write = ttys2_write, .setup = ttys2_setup },
		{ .name = "ttyS", .index = 3, .write = ttys3_write, .setup = ttys3_setup },
	},
};

static uint8_t port_read(const struct serial_port *port, unsigned int reg)
{
	return inb((uint16_t)(port->base + reg));
}

static void port_write(const struct serial_port *port, unsigned int reg, unsigned int value)
{
	outb((uint16_t)(port->base + reg), (uint8_t)value);
}

/* Does the scratch register keep what is written?  The oldest ports have none. */
static bool scratch_works(const struct serial_port *port)
{
	port_write(port, UART_SCRATCH, 0x5a);
	if (port_read(port, UART_SCRATCH) != 0x5a)
		return false;
	port_write(port, UART_SCRATCH, 0xa5);
	return port_read(port, UART_SCRATCH) == 0xa5;
}

/* Looped back, the outputs RTS and OUT2 must come in as CTS and DCD. */
static bool loopback_works(const struct serial_port *port)
{
	uint8_t saved = port_read(port, UART_MCR);
	uint8_t status;

	port_write(port, UART_MCR, MCR_LOOP | 0x0a);
	status = port_read(port, UART_MSR);
	port_write(port, UART_MCR, saved);
	return (status & 0xf0) == 0x90;
}

static void port_program(struct serial_port *port, unsigned int baud)
{
	unsigned int divisor = baud && baud <= UART_CLOCK ? UART_CLOCK / baud : 1;

	port_write(port, UART_IER, 0);
	port_write(port, UART_LCR, LCR_8N1 | LCR_DLAB);
	port_write(port, UART_DATA, divisor & 0xff);
	port_write(port, UART_IER, divisor >> 8 & 0xff);
	port_write(port, UART_LCR, LCR_8N1);
	port_write(port, UART_FCR, FCR_ENABLE);
	port_write(port, UART_MCR, MCR_DTR_RTS);

	port->fifo = (port_read(port, UART_FCR) & IIR_FIFO_WORKS) == IIR_FIFO_WORKS ? FIFO_SIZE : 1;
	port->room = 0;
}

static void port_putc(struct serial_port *port, char c)
{
	for (unsigned int polls = 0; !port->room; polls++) {
		if (port_read(port, UART_LSR) & LSR_THR_EMPTY) {
			port->room = port->fifo;
		} else if (polls == PATIENCE) {
			port->present = false;
			return;
		} else {
			cpu_relax();
		}
	}
	port->room--;
	port_write(port, UART_DATA, (uint8_t)c);
}

void serial_write_raw(unsigned int index, const char *s, size_t n)
{
	struct serial_port *port = &serial.ports[index];

	while (n-- && port->present)
		port_putc(port, *s++);
}

int serial_getc(unsigned int index)
{
	struct serial_port *port = &serial.ports[index];

	if (!port->present || !(port_read(port, UART_LSR) & LSR_RECEIVED))
		return -1;
	return port_read(port, UART_DATA);
}

bool serial_present(unsigned int index)
{
	return serial.ports[index].present;
}

/* ---- consoles ---- */

static void console_write_to(unsigned int index, const char *s, size_t n)
{
	for (; n; s++, n--) {
		if (*s == '\n')
			serial_write_raw(index, "\r", 1);
		serial_write_raw(index, s, 1);
	}
}

/* The options of console=ttyS0,115200n8: only the baud rate is used. */
static void console_setup_port(unsigned int index, const char *options)
{
	unsigned long long baud = memparse(options, NULL);

	if (serial.ports[index].present && baud && baud <= UART_CLOCK)
		port_program(&serial.ports[index], (unsigned int)baud);
}

#define SERIAL_CONSOLE(n)							\
	static void ttys##n##_write(const char *s, size_t len)			\
	{									\
		console_write_to(n, s, len);					\
	}									\
	static void ttys##n##_setup(const char *options)			\
	{									\
		console_setup_port(n, options);					\
	}
SERIAL_CONSOLE(0)
SERIAL_CONSOLE(1)
SERIAL_CONSOLE(2)
SERIAL_CONSOLE(3)

bool serial_is_console(unsigned int index)
{
	return serial.consoles[index].enabled;
}

/* Program the port if it is there, and offer it as a console. */
static void start_port(unsigned int i)
{
	struct serial_port *port = &serial.ports[i];

	port->present = scratch_works(port) || loopback_works(port);
	if (!port->present)
		return;
	port_program(port, UART_CLOCK);
	register_console(&serial.consoles[i]);
}

void serial_init(void)
{
	if (serial.looked)
		return;
	serial.looked = true;
	for (unsigned int i = 0; i < SERIAL_PORTS; i++)
		start_port(i);
}

/* Which of the ports is, or may become, the one at @base; -1: none. */
static int __init place_for(uint16_t base)
{
	for (unsigned int i = 0; i < SERIAL_PORTS; i++)
		if (serial.ports[i].base == base)
			return (int)i;
	for (unsigned int i = 0; i < SERIAL_PORTS; i++)
		if (!serial.ports[i].present && i != 1)
			return (int)i;
	return -1;
}

int __init serial_use_port(uint16_t base, unsigned int baud)
{
	int i = place_for(base);

	if (i < 0)
		return -1;
	if (serial.ports[i].base != base) {
		serial.ports[i].base = base;
		start_port((unsigned int)i);
	}
	if (!serial.ports[i].present)
		return -1;
	if (baud && !serial.consoles[i].enabled)
		port_program(&serial.ports[i], baud);
	console_use_too(&serial.consoles[i]);
	return i;
}

/* Linux needs earlyprintk= to see the first lines; ours are always kept and shown. */
early_flag("earlyprintk", NULL, "accepted; the log is complete without it");
