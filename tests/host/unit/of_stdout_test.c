// SPDX-License-Identifier: GPL-2.0-only
/*
 * boot/firmware/of_stdout.c: stdout-path, aliases, options, and addresses behind buses.
 */
#include "ktap.h"

#include "tests/host/include/of_machine.h"

/* A bus of one-cell addresses that moves 0x1000..0x1fff to 0x40009000000, or as it is told. */
enum ranges { NONE, EMPTY, MOVED };

static void tree(const char *stdout_path, enum ranges ranges)
{
	memory("memory", MEM, SIZE);
	node("chosen");
	if (stdout_path)
		text("stdout-path", stdout_path);
	end();
	node("aliases");
	text("serial0", "/uart@9000000");
	text("inner", "/soc/uart@1000");
	text("loop", "serial0");
	end();
	node("uart@9000000");
	text("compatible", "arm,pl011");
	range("reg", 0x9000000, 0x1000);
	end();
	node("other");
	text("compatible", "ns16550a");
	range("reg", 0xa000000, 0x1000);
	end();
	node("off");
	text("compatible", "arm,pl011");
	text("status", "disabled");
	range("reg", 0xb000000, 0x1000);
	end();
	node("bare");
	text("compatible", "arm,pl011");
	end();
	node("soc");
	cells("#address-cells", 1, 1);
	cells("#size-cells", 1, 1);
	if (ranges == EMPTY)
		empty("ranges");
	else if (ranges == MOVED)
		cells("ranges", 4, 0x1000, 0x400, 0x9000000, 0x1000);
	node("uart@1000");
	text("compatible", "arm,pl011");
	cells("reg", 2, 0x1000, 0x1000);
	end();
	node("uart@2000");
	text("compatible", "arm,pl011");
	cells("reg", 2, 0x2000, 0x1000);
	end();
	end();
	scan();
}

static const struct {
	const char	*name;
	const char	*path;
	enum ranges	ranges;
	uint64_t	at;		/* 0: none */
} paths[] = {
	{ .name = "no path", .path = NULL },
	{ .name = "empty", .path = "" },
	{ .name = "root", .path = "/" },
	{ .name = "a path", .path = "/uart@9000000", .at = 0x9000000 },
	{ .name = "options", .path = "/uart@9000000:115200n8", .at = 0x9000000 },
	{ .name = "an alias", .path = "serial0", .at = 0x9000000 },
	{ .name = "an alias with options", .path = "serial0:115200", .at = 0x9000000 },
	{ .name = "no such alias", .path = "serial1" },
	{ .name = "an alias of an alias", .path = "loop" },
	{ .name = "no such node", .path = "/uart@9000001" },
	{ .name = "nothing behind it", .path = "/uart@9000000/more" },
	{ .name = "another device", .path = "/other" },
	{ .name = "disabled", .path = "/off" },
	{ .name = "no reg", .path = "/bare" },
	{ .name = "a bus that hands on", .path = "inner", .ranges = EMPTY, .at = 0x1000 },
	{ .name = "a bus that moves", .path = "inner:9600", .ranges = MOVED, .at = 0x40009000000 },
	{ .name = "outside of what it moves", .path = "/soc/uart@2000", .ranges = MOVED },
	{ .name = "a bus that does not say", .path = "/soc/uart@1000", .ranges = NONE },
	{ .name = "too deep", .path = "/soc/soc/soc/soc/soc/soc/soc/soc/soc/soc" },
	{ .name = "a long name", .path = "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
};

KTAP_TABLE_TEST(of_stdout_path, paths, c)
{
	phys_addr_t pa = 1;

	tree(c->path, c->ranges);
	expect_eq(of_stdout("arm,pl011", &pa), c->at != 0);
	expect_eq(pa, c->at ? c->at : 1);
}
