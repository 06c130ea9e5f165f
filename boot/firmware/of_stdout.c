// SPDX-License-Identifier: GPL-2.0-only
/*
 * stdout-path of /chosen: where the console is, by the device tree (see boot/of_fdt.h).
 *
 *	stdout-path = "serial0:115200n8"	an alias, options behind the colon
 *	aliases { serial0 = "/soc/uart@9000000"; }
 *	soc { ranges; uart@9000000 { reg = ...; } }
 *
 * A bus on the way has to hand its addresses on as they are (empty `ranges`) or say by how much
 * it moves them; else there is no address.
 */
#include "boot/of_fdt.h"
#include "kernel/lib/align.h"
#include "kernel/lib/init.h"
#include "kernel/lib/string.h"

#define DEPTH_MAX	8U	/* nodes of a path that are followed */
#define NAME_MAX	64U

/*
 * The first component of *@path, without the slash before it, to @name.
 * Return: false at the path's end, or if it is too long.
 */
static bool __init take_component(const char **path, char name[NAME_MAX])
{
	size_t n = 0;

	while (**path == '/')
		(*path)++;
	while (**path && **path != '/' && **path != ':' && n + 1 < NAME_MAX)
		name[n++] = *(*path)++;
	name[n] = '\0';
	return n && (!**path || **path == '/' || **path == ':');
}

/* The nodes on the way to @path, the root's child first.  Return: how many; 0: no such node. */
static unsigned int __init follow(const char *path, struct fdt_node nodes[DEPTH_MAX])
{
	const struct fdt_node *parent = &of_fdt.root;
	char name[NAME_MAX];
	unsigned int n = 0;

	while (*path && *path != ':') {
		if (n == DEPTH_MAX || !take_component(&path, name) ||
		    !fdt_find_child(&of_fdt.fdt, parent, name, &nodes[n]))
			return 0;
		parent = &nodes[n++];
	}
	return n;
}

/* The text of the alias that @path begins with, or @path; NULL: no such alias. */
static const char *__init resolve_alias(const char *path)
{
	struct fdt_node aliases;
	struct fdt_value v;
	char name[NAME_MAX];

	if (*path == '/')
		return path;
	if (!take_component(&path, name) ||
	    !fdt_find_child(&of_fdt.fdt, &of_fdt.root, "aliases", &aliases) ||
	    !fdt_prop(&of_fdt.fdt, &aliases, name, &v))
		return NULL;
	path = of_text(&v);
	return path && *path == '/' ? path : NULL;
}

/* Cells of addresses and sizes in the children of @bus. */
static uint32_t __init cells(const struct fdt_node *bus, const char *name, uint32_t missing)
{
	return MIN(fdt_u32(&of_fdt.fdt, bus, name, missing), 4U);
}

/* @pa as the children of @bus see it becomes @pa as @parent's children do. */
static bool __init through_bus(const struct fdt_node *bus, const struct fdt_node *parent,
			       uint64_t *pa)
{
	const uint32_t na = cells(bus, "#address-cells", 2), ns = cells(bus, "#size-cells", 1);
	const uint32_t up = cells(parent, "#address-cells", 2);
	uint64_t child, to, size;
	struct fdt_value v;

	if (!fdt_prop(&of_fdt.fdt, bus, "ranges", &v))
		return false;
	if (!v.len)
		return true;
	while (fdt_take_cells(&v, na, &child) && fdt_take_cells(&v, up, &to) &&
	       fdt_take_cells(&v, ns, &size)) {
		if (*pa - child < size) {
			*pa = *pa - child + to;
			return true;
		}
		if (!(na + up + ns))
			break;
	}
	return false;
}

bool __init of_stdout(const char *compatible, phys_addr_t *pa)
{
	struct fdt_node nodes[DEPTH_MAX];
	const char *path = of_fdt.stdout_path ? resolve_alias(of_fdt.stdout_path) : NULL;
	unsigned int n = path ? follow(path, nodes) : 0;
	const struct fdt_node *device, *bus;
	struct fdt_value reg;
	uint64_t at;

	if (!n)
		return false;
	device = &nodes[n - 1];
	bus = n > 1 ? &nodes[n - 2] : &of_fdt.root;
	if (!fdt_compatible(&of_fdt.fdt, device, compatible) ||
	    !fdt_available(&of_fdt.fdt, device) ||
	    !fdt_prop(&of_fdt.fdt, device, "reg", &reg) ||
	    !fdt_take_cells(&reg, cells(bus, "#address-cells", 2), &at))
		return false;
	for (unsigned int i = n - 1; i > 0; i--)
		if (!through_bus(&nodes[i - 1], i > 1 ? &nodes[i - 2] : &of_fdt.root, &at))
			return false;
	*pa = at;
	return true;
}
