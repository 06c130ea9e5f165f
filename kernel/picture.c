// SPDX-License-Identifier: GPL-2.0-only
/*
 * The picture, row by row (see picture.h).  On a framebuffer and in VGA text it is made of the same
 * cells: coloured ones, with a letter where something begins, and bars that end within a cell.
 *
 *	map      #......rr#################      what firmware calls it
 *	memory   6k 1   m  ================      who has it: an owner, or the buddy
 *	         0  640K  1M               the addresses of both
 */
#include "kernel/picture.h"

#include "boot/boot_info.h"
#include "kernel/axis.h"
#include "kernel/lib/align.h"
#include "kernel/lib/errno.h"
#include "kernel/lib/monitor.h"
#include "kernel/lib/screen.h"
#include "kernel/lib/string.h"
#include "kernel/lib/vsnprintf.h"
#include "kernel/looks.h"
#include "mm/buddy.h"
#include "mm/ledger_sum.h"
#include "mm/pcp.h"			/* zone_free_pages() */
#include "mm/zone.h"

#include <arch/map.h>
#include <arch/memory.h>

#define COLS_MIN	80
#define ROWS_MIN	25
#define ROWS_BELOW	6	/* for the end of the log and the prompt */
#define LABEL		9	/* columns left of a bar */
#define OWNERS		24
#define BORDERS		160
#define NODES		4	/* shown by themselves; and as many zones */

typedef unsigned long long ull;

/**
 * struct picture - what the rows need to know
 * @cols, @end: columns, and the row behind the last one that may be used
 * @row: the next one
 * @bar: columns of a bar
 * @top, @owners: the largest owners, and how many there are in all
 * @count, @letter: how many of them are shown, and each one's letter
 */
struct picture {
	unsigned int		cols, end, row, bar;
	struct ledger_share	top[OWNERS];
	unsigned int		owners, count;
	char			letter[OWNERS + 1];
	struct axis		axis;
	struct axis_border	border[BORDERS];
};

/* ---- pieces of rows ---- */

static void begin_row(const struct picture *p, const char *label)
{
	for (unsigned int col = 0; col < p->cols; col++) {
		char c = ' ';

		if (*label)
			c = *label++;
		screen_put(col, p->row, screen_cell((unsigned char)c, COLOUR_TEXT, COLOUR_BLACK));
	}
}

/* Text at @col of the current row, cut at the last column.  Return: the column behind it. */
__printf(4, 5) static unsigned int put_text(const struct picture *p, unsigned int col,
					    enum screen_colour colour, const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	kvsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	for (const char *c = text; *c && col < p->cols; c++)
		screen_put(col++, p->row, screen_cell((unsigned char)*c, colour, COLOUR_BLACK));
	return col;
}

static void put_piece(const struct picture *p, unsigned int column, enum screen_colour colour,
		      char letter)
{
	screen_put(LABEL + column, p->row,
		   screen_cell((unsigned char)letter, COLOUR_BLACK, colour));
}

/* A bar of @eighths eighths of a cell, on a ground of @behind up to column @end. */
static void put_bar(const struct picture *p, unsigned int col, unsigned int end,
		    uint64_t eighths, enum screen_colour colour, enum screen_colour behind)
{
	for (; col < end; col++) {
		unsigned int n = (unsigned int)MIN(eighths, 8ULL);

		screen_put(col, p->row, screen_cell(CELL_BAR + n, colour, behind));
		eighths -= n;
	}
}

/* "4G", "639K", or bytes in hexadecimal for what is no multiple of 1 KiB. */
static void name_address(phys_addr_t pa, char *text, size_t size)
{
	static const char units[] = "KMGT";
	unsigned int unit = 0;

	if (!pa || pa % 1024) {
		ksnprintf(text, size, pa ? "%llx" : "0", (ull)pa);
		return;
	}
	for (pa /= 1024; pa % 1024 == 0 && unit < 3; unit++)
		pa /= 1024;
	ksnprintf(text, size, "%llu%c", (ull)pa, units[unit]);
}

/* "127.9M": four digits are enough for a label. */
static void name_size(uint64_t bytes, char *text, size_t size)
{
	static const char units[] = "KMGTP";
	unsigned int unit = 0;

	while (bytes >= 1000 * 1024ULL && unit < 4) {
		bytes /= 1024;
		unit++;
	}
	ksnprintf(text, size, "%llu.%llu%c", (ull)bytes / 1024, (ull)(bytes % 1024 * 10 / 1024),
		  units[unit]);
}

/* ---- the map, and who has it ---- */

static bool is_in_map(phys_addr_t base, phys_addr_t end)
{
	phys_addr_t first, last;

	(void)end;
	return arch_map_type(ARCH_MAP_IN_USE, base, &first, &last);
}

static void build_picture_axis(struct picture *p)
{
	struct ledger_entry entry;
	struct arch_map_entry e;

	p->axis = (struct axis){ .border = p->border, .room = BORDERS };
	axis_add(&p->axis, 0);
	for (uint32_t i = 0; arch_map_entry(ARCH_MAP_IN_USE, i, &e); i++) {
		axis_add(&p->axis, e.base);
		axis_add(&p->axis, e.base + MIN(e.size, PHYS_ADDR_MAX - e.base));
	}
	for (unsigned int i = 0; ledger_get(i, &entry); i++) {
		axis_add(&p->axis, entry.base);
		axis_add(&p->axis, entry.base + entry.size);
	}
	axis_weigh(&p->axis, is_in_map);
}

/* The addresses of a column; at least one. */
static phys_addr_t column_of(const struct picture *p, unsigned int column, phys_addr_t *end)
{
	phys_addr_t base = axis_start(&p->axis, column, p->bar);

	*end = MAX(axis_start(&p->axis, column + 1, p->bar), base + 1);
	return base;
}

static void draw_map(struct picture *p)
{
	const char *before = "";

	begin_row(p, "map");
	for (unsigned int c = 0; c < p->bar; c++) {
		phys_addr_t end, first, last, base = column_of(p, c, &end);
		const char *type = arch_map_type(ARCH_MAP_IN_USE, base, &first, &last);
		struct look look = map_look(type);

		if (type)
			put_piece(p, c, look.colour, type == before ? ' ' : look.letter);
		else
			screen_put(LABEL + c, p->row,
				   screen_cell(CELL_SHADE, COLOUR_DARK, COLOUR_BLACK));
		before = type;
	}
	p->row++;
}

/* The first record that touches [base, end). */
static bool record_at(phys_addr_t base, phys_addr_t end, struct ledger_entry *entry)
{
	for (unsigned int i = 0; ledger_get(i, entry); i++)
		if (entry->base < end && base < entry->base + entry->size)
			return true;
	return false;
}

static char letter_of(const struct picture *p, const struct ledger_entry *entry)
{
	for (unsigned int i = 0; i < p->count; i++)
		if (ledger_same_owner(&p->top[i].who, entry))
			return p->letter[i];
	return '+';		/* one of the smaller owners */
}

static bool is_ram(phys_addr_t base, phys_addr_t end)
{
	const struct zone_range *range = zone_range_from(PFN_DOWN(base));

	return range && PFN_PHYS(range->start) < end;
}

static void draw_owners_bar(struct picture *p)
{
	char before = '\0';

	begin_row(p, "memory");
	for (unsigned int c = 0; c < p->bar; c++) {
		phys_addr_t end, base = column_of(p, c, &end);
		struct ledger_entry entry;
		char letter = '\0';

		if (record_at(base, end, &entry) && is_ram(base, end)) {
			letter = letter_of(p, &entry);
			put_piece(p, c, owner_look(entry.owner).colour,
				  letter == before ? ' ' : letter);
		} else if (is_ram(base, end)) {
			letter = '=';
			put_piece(p, c, COLOUR_BUDDY, letter == before ? ' ' : letter);
		}
		before = letter;
	}
	p->row++;
}

static void draw_addresses(struct picture *p)
{
	unsigned int free_from = 0, i = 0;

	begin_row(p, "");
	for (unsigned int c = 0; c < p->bar; c++) {
		char text[24];

		if (i >= p->axis.borders || axis_start(&p->axis, c, p->bar) < p->axis.border[i].at)
			continue;
		name_address(p->axis.border[i].at, text, sizeof(text));
		if (c >= free_from && c + strlen(text) <= p->bar)
			free_from = put_text(p, LABEL + c, COLOUR_TEXT, "%s", text) - LABEL + 1;
		while (i < p->axis.borders &&
		       p->axis.border[i].at <= axis_start(&p->axis, c, p->bar))
			i++;
	}
	p->row++;
}

/* Every type that the map has, once, and what the buddy has. */
static void draw_legend(struct picture *p)
{
	unsigned int col = LABEL;
	char seen[16] = "";
	struct arch_map_entry e;

	begin_row(p, "");
	for (uint32_t i = 0; arch_map_entry(ARCH_MAP_IN_USE, i, &e); i++) {
		phys_addr_t first, last;
		const char *type = arch_map_type(ARCH_MAP_IN_USE, e.base, &first, &last);
		struct look look = map_look(type);
		size_t n = strlen(seen);

		if (!type || strchr(seen, look.letter) || n + 1 == sizeof(seen))
			continue;
		seen[n] = look.letter;
		put_piece(p, col - LABEL, look.colour, look.letter);
		col = put_text(p, col + 2, COLOUR_TEXT, "%s", type) + 2;
	}
	put_piece(p, col - LABEL, COLOUR_BUDDY, '=');
	put_text(p, col + 2, COLOUR_TEXT, "in the buddy");
	p->row++;
}

/* ---- nodes ---- */

static void sum_node(const struct pglist_data *node, uint64_t *managed, uint64_t *unused)
{
	*managed = *unused = 0;
	for (unsigned int i = 0; i < NR_ZONES; i++) {
		const struct zone *zone = &node->node_zones[i];

		if (!populated_zone(zone))
			continue;
		*managed += zone->managed_pages;
		*unused += zone_free_pages(zone);
	}
}

/* Free, then given out, then what was never the buddy's: reserved. */
static void draw_node(struct picture *p, const struct pglist_data *node)
{
	const unsigned int end = LABEL + p->bar / 2;
	uint64_t pages = node->node_present_pages, managed, unused;
	char label[LABEL + 1], all[16], have[16];

	ksnprintf(label, sizeof(label), "node %d", node->node_id);
	sum_node(node, &managed, &unused);
	begin_row(p, label);
	name_size(PFN_PHYS(pages), all, sizeof(all));
	name_size(PFN_PHYS(pages - MIN(managed, pages)), have, sizeof(have));
	if (pages)
		put_bar(p, LABEL, end, unused * 8 * (end - LABEL) / pages, COLOUR_BUDDY,
			COLOUR_RESERVED);
	put_text(p, end + 1, COLOUR_TEXT, "%s of RAM, %s of it reserved", all, have);
	p->row++;
}

static void draw_nodes(struct picture *p)
{
	unsigned int shown = 0;
	int nid;

	for_each_node(nid)
		if (shown++ < NODES)
			draw_node(p, NODE_DATA(nid));
	if (shown > NODES) {
		begin_row(p, "");
		put_text(p, LABEL, COLOUR_TEXT, "and %u nodes more: `nodes`", shown - NODES);
		p->row++;
	}
}

/* ---- owners ---- */

static void draw_owner(struct picture *p, unsigned int i)
{
	const struct ledger_share *share = &p->top[i];
	const unsigned int bar = LABEL + 42;
	uint64_t eighths = share->bytes * 8 * (p->cols - bar) / p->top[0].bytes;

	begin_row(p, i ? "" : "reserved");
	put_piece(p, 0, owner_look(share->who.owner).colour, p->letter[i]);
	if (share->who.owner)
		put_text(p, LABEL + 2, COLOUR_TEXT, "%.22s", share->who.owner);
	else
		put_text(p, LABEL + 2, COLOUR_TEXT, "%ps()", (void *)share->who.caller);
	put_text(p, LABEL + 25, COLOUR_TEXT, " %14lluB", (ull)share->bytes);
	put_bar(p, bar, p->cols, MAX(eighths, 1ULL), owner_look(share->who.owner).colour,
		COLOUR_BLACK);
	p->row++;
}

static void find_owners(struct picture *p, unsigned int room)
{
	p->owners = ledger_shares(p->top, OWNERS);
	p->count = MIN(MIN(p->owners, (unsigned int)OWNERS), room);
	for (unsigned int i = 0; i < p->count; i++) {
		const char *name = p->top[i].who.owner;

		p->letter[i] = look_letter(owner_look(name), name, p->letter);
	}
}

static void draw_owners(struct picture *p)
{
	for (unsigned int i = 0; i < p->count; i++)
		draw_owner(p, i);
	if (p->owners == p->count)
		return;
	begin_row(p, "");
	put_piece(p, 0, COLOUR_UNUSABLE, '+');
	put_text(p, LABEL + 2, COLOUR_TEXT, "%u smaller ones: `owners`", p->owners - p->count);
	p->row++;
}

/* ---- the buddy and the sum ---- */

static void draw_blocks(struct picture *p, const char *label, const unsigned long *blocks)
{
	begin_row(p, label);
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
		put_text(p, LABEL + 6 * order, blocks[order] ? COLOUR_BUDDY : COLOUR_DARK, " %5lu",
			 blocks[order]);
	p->row++;
}

/* Free blocks by order: each zone, or where there are many all zones together. */
static void draw_buddy(struct picture *p)
{
	unsigned long all[NR_PAGE_ORDERS] = { 0 }, blocks[NR_PAGE_ORDERS];
	char label[LABEL + 1];
	struct zone *zone;

	begin_row(p, "blocks");
	for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++) {
		char size[24];

		name_address(PAGE_SIZE << order, size, sizeof(size));
		put_text(p, LABEL + 6 * order, COLOUR_TEXT, " %5s", size);
	}
	p->row++;
	for_each_populated_zone(zone) {
		drain_pages_zone(zone);
		buddy_count(zone, blocks);
		for (unsigned int order = 0; order < NR_PAGE_ORDERS; order++)
			all[order] += blocks[order];
		ksnprintf(label, sizeof(label), "%d %s", zone->nid, zone->name);
		if (zone_index.nr_zones <= NODES)
			draw_blocks(p, label, blocks);
	}
	if (zone_index.nr_zones > NODES)
		draw_blocks(p, "all free", all);
}

static void draw_sum(struct picture *p)
{
	struct ledger_sum sum;

	ledger_get_sum(&sum);
	begin_row(p, ledger_check() ? "even" : "BROKEN");
	put_text(p, LABEL, COLOUR_WHITE, "%lluB = %lluB buddy + %lluB reserved + %lluB rounding",
		 (ull)sum.usable, (ull)sum.buddy, (ull)sum.reserved,
		 (ull)(sum.rounding + sum.withheld));
	p->row++;
}

/* ---- the whole ---- */

static void draw_title(struct picture *p)
{
	unsigned int nodes = 0;
	phys_addr_t pages = 0;
	unsigned int col;
	char size[16];
	int nid;

	for_each_node(nid) {
		nodes++;
		pages += NODE_DATA(nid)->node_present_pages;
	}
	name_size(PFN_PHYS(pages), size, sizeof(size));
	begin_row(p, "");
	col = put_text(p, 0, COLOUR_WHITE, "Daybreak: %s of RAM, %u node%s, by %s", size, nodes,
		       nodes == 1 ? "" : "s",
		       boot_info.loader[0] ? boot_info.loader : boot_info.protocol);
	if (boot_info.cmdline[0])
		put_text(p, col, COLOUR_TEXT, ", %s", boot_info.cmdline);
	p->row++;
}

/* Rows that all but the owners take. */
static unsigned int rows_without_owners(void)
{
	unsigned int nodes = 0;
	int nid;

	for_each_node(nid)
		nodes++;
	return 5 + MIN(nodes, NODES + 1U) +
	       (zone_index.nr_zones > NODES ? 1 : zone_index.nr_zones) + 2;
}

static void draw_picture(void)
{
	struct picture p = {
		.cols = screen_cols(), .end = screen_rows() - ROWS_BELOW,
		.bar = screen_cols() - LABEL,
	};

	find_owners(&p, p.end - MIN(rows_without_owners() + 1, p.end));
	build_picture_axis(&p);
	draw_title(&p);
	draw_map(&p);
	draw_owners_bar(&p);
	draw_addresses(&p);
	draw_legend(&p);
	draw_nodes(&p);
	draw_owners(&p);
	draw_buddy(&p);
	draw_sum(&p);
	screen_leave_above(p.row);
}

static bool screen_is_large_enough(void)
{
	return screen_cols() >= COLS_MIN && screen_rows() >= ROWS_MIN;
}

void picture_after_boot(void)
{
	if (!screen_is_console() || !screen_is_large_enough())
		return;
	screen_make_room(ROWS_BELOW - 1);
	draw_picture();
}

static int cmd_picture(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (!screen_is_console() || !screen_is_large_enough()) {
		monitor_print("no screen of %d columns and %d rows is a console; `make map` draws on the host\n",
			      COLS_MIN, ROWS_MIN);
		return 0;
	}
	screen_clear();
	draw_picture();
	return 0;
}
MONITOR_COMMAND(picture, "", "draw memory on the screen", 0, 0, cmd_picture);
