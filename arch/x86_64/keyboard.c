// SPDX-License-Identifier: GPL-2.0-only
/*
 * The i8042 and the keys of a US keyboard (see keyboard.h).  Not hosted.
 *
 *	keyboard ─► controller, translates to scan code set 1 ─► keyboard_getc() ─► monitor
 */
#include "arch/x86_64/keyboard.h"

#include "arch/x86_64/io.h"
#include "kernel/lib/init.h"
#include "kernel/lib/monitor.h"		/* monitor_add_keyboard() */
#include "kernel/lib/printk.h"

#include <arch/cpu.h>

#define DATA		0x60
#define STATUS		0x64	/* read; written: a command to the controller */
#define STATUS_OUTPUT	0x01	/* a byte waits in DATA */
#define STATUS_INPUT	0x02	/* the controller has not read the last byte yet */
#define STATUS_MOUSE	0x20	/* the byte is a mouse's */

#define COMMAND_READ	0x20	/* the configuration byte; bits: */
#define COMMAND_WRITE	0x60
#define CONFIG_IRQS	0x03
#define CONFIG_NO_CLOCK	0x10	/* the keyboard is switched off */
#define CONFIG_SET_1	0x40	/* scan codes are translated to set 1 */
#define ENABLE_SCANNING	0xf4	/* to the keyboard, which answers: */
#define ACK		0xfa

#define PATIENCE	100000	/* polls: a port takes about 1 us */

#define KEY_CTRL	0x1d
#define KEY_SHIFT_L	0x2a
#define KEY_SHIFT_R	0x36
#define KEY_CAPS	0x3a
#define KEY_RELEASED	0x80
#define KEY_EXTENDED	0xe0

/* By scan code; what no key of ASCII has is 0. */
static const char plain[] =
	"\0\033" "1234567890-=\b\t" "qwertyuiop[]\r\0" "asdfghjkl;'`\0" "\\zxcvbnm,./\0*\0 ";
static const char shifted[] =
	"\0\033" "!@#$%^&*()_+\b\t" "QWERTYUIOP{}\r\0" "ASDFGHJKL:\"~\0" "|ZXCVBNM<>?\0*\0 ";

/* Keys behind KEY_EXTENDED, and what a terminal sends for them. */
static const struct {
	uint8_t		code;
	const char	*text;
} extended[] = {
	{ 0x1c, "\r" }, { 0x35, "/" },
	{ 0x48, "\033[A" }, { 0x50, "\033[B" }, { 0x4d, "\033[C" }, { 0x4b, "\033[D" },
	{ 0x47, "\001" }, { 0x4f, "\005" }, { 0x53, "\004" },
};

/**
 * struct keyboard - one writer, the CPU that runs the monitor
 * @shift, @ctrl, @caps: held down, or on
 * @extended: KEY_EXTENDED has come
 * @pending: characters of the last key that have not been read; NULL: none
 */
static struct keyboard {
	bool		shift, ctrl, caps;
	bool		extended;
	const char	*pending;
} keyboard;

/* ---- the controller ---- */

static bool __init wait_status(unsigned int mask, unsigned int wanted)
{
	for (unsigned int i = 0; i < PATIENCE; i++) {
		if ((inb(STATUS) & mask) == wanted)
			return true;
		cpu_relax();
	}
	return false;
}

static bool __init send(uint16_t port, unsigned int value)
{
	if (!wait_status(STATUS_INPUT, 0))
		return false;
	outb(port, (uint8_t)value);
	return true;
}

/* The next byte, or -1. */
static int __init answer(void)
{
	return wait_status(STATUS_OUTPUT, STATUS_OUTPUT) ? inb(DATA) : -1;
}

static void __init throw_away_input(void)
{
	for (unsigned int i = 0; i < 64 && (inb(STATUS) & STATUS_OUTPUT); i++)
		inb(DATA);
}

static bool __init controller_works(void)
{
	int config;

	if (inb(STATUS) == 0xff)	/* nothing is there: all bits read 1 */
		return false;
	throw_away_input();
	if (!send(STATUS, COMMAND_READ) || (config = answer()) < 0)
		return false;
	config = (config | CONFIG_SET_1) & ~(CONFIG_IRQS | CONFIG_NO_CLOCK);
	return send(STATUS, COMMAND_WRITE) && send(DATA, (unsigned int)config);
}

/* A key that was pressed meanwhile may come before the answer. */
static bool __init keyboard_answers(void)
{
	int byte;

	if (!send(DATA, ENABLE_SCANNING))
		return false;
	for (unsigned int i = 0; i < 8 && (byte = answer()) >= 0; i++)
		if (byte == ACK)
			return true;
	return false;
}

/* ---- keys ---- */

static int ascii_of(uint8_t code)
{
	char c = '\0';

	if (code < sizeof(plain) - 1)
		c = (keyboard.shift ? shifted : plain)[code];
	if (keyboard.caps && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
		c ^= 'a' ^ 'A';
	if (keyboard.ctrl && c >= '@')
		c &= 0x1f;
	return c ? c : -1;
}

static int extended_key(uint8_t code)
{
	for (unsigned int i = 0; i < sizeof(extended) / sizeof(extended[0]); i++) {
		if (extended[i].code != code)
			continue;
		keyboard.pending = extended[i].text + 1;
		return extended[i].text[0];
	}
	return -1;
}

/* What one scan code types, or -1. */
static int feed(uint8_t scan)
{
	const bool pressed = !(scan & KEY_RELEASED);
	const uint8_t code = scan & (uint8_t)~KEY_RELEASED;
	const bool is_extended = keyboard.extended;

	keyboard.extended = scan == KEY_EXTENDED;
	if (keyboard.extended)
		return -1;
	switch (code) {
	case KEY_CTRL:
		keyboard.ctrl = pressed;
		return -1;
	case KEY_SHIFT_L:
	case KEY_SHIFT_R:
		if (!is_extended)	/* some keyboards press shift around an arrow */
			keyboard.shift = pressed;
		return -1;
	case KEY_CAPS:
		keyboard.caps ^= pressed;
		return -1;
	default:
		if (!pressed)
			return -1;
		return is_extended ? extended_key(code) : ascii_of(code);
	}
}

static int keyboard_getc(void)
{
	int c = -1;
	uint8_t status;

	if (keyboard.pending && *keyboard.pending)
		return *keyboard.pending++;
	status = inb(STATUS);
	if (!(status & STATUS_OUTPUT))
		return -1;
	c = inb(DATA);
	return status & STATUS_MOUSE ? -1 : feed((uint8_t)c);
}

void __init keyboard_init(void)
{
	if (!controller_works() || !keyboard_answers()) {
		pr_info("keyboard: no PS/2 keyboard answers, and USB is not looked at; the serial port types\n");
		return;
	}
	pr_info("keyboard: PS/2\n");
	monitor_add_keyboard(keyboard_getc);
}
