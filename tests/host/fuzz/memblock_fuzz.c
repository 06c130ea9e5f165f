/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Any bytes are a sequence of operations on memblock and on the model.
 *
 * The first byte chooses the world, every following six an operation.  The
 * static arrays have eight entries here, so that inputs of a few hundred bytes
 * double both of them several times.  Addresses are pages of a world of 250.
 */

#include "fuzz.h"
#include "mm/memblock/memblock_internal.h"
#include "mm/port.h"
#include "tests/host/model/ops.h"

#define WORLD		250
#define OP_BYTES	6
#define MAX_OPS		2048

/* Nodes: two that exist, both that mean none, one that no region is likely to have. */
static const int nids[] = { 0, 1, NUMA_NO_NODE, MAX_NUMNODES, 7 };

static const unsigned int set_flags[] = {
	MEMBLOCK_HOTPLUG, MEMBLOCK_MIRROR, MEMBLOCK_NOMAP, MEMBLOCK_RSRV_NOINIT,
};

static struct op decode(const uint8_t *b)
{
	struct op op = {
		.kind = b[0] % OP_KINDS, .first = b[1] % WORLD, .size = b[3],
		.align = 1U << b[4] % 5, .nid = nids[b[4] / 8 % ARRAY_SIZE(nids)],
		.flags = b[5] & 0xf, .exact = b[5] & 0x80,
	};

	op.end = MIN(op.first + b[2], (unsigned int)WORLD);
	switch (op.kind) {
	case OP_SET_FLAG:
		op.flags = set_flags[b[5] % ARRAY_SIZE(set_flags)];
		break;
	case OP_CLEAR_FLAG:
		op.flags = b[5] & 1 ? MEMBLOCK_HOTPLUG : MEMBLOCK_NOMAP;
		break;
	case OP_PHYS_ALLOC:
	case OP_VIRT_ALLOC:
		op.first = b[5] & 0x40 ? op.first : 0;
		op.end = b[5] & 0x20 ? op.end : 0;
		break;
	default:
		break;
	}
	return op;
}

static void report(struct model *m, const uint8_t *data, size_t n, const char *wrong)
{
	printf("memblock_fuzz: %s\n", wrong);
	for (size_t i = 0; i <= n; i++) {
		struct op op = decode(data + i * OP_BYTES);

		op_print(&op);
	}
	model_same(m, false);
	fflush(stdout);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct model m;

	if (!size)
		return 0;
	ops_start(&m, data[0] & 1 ? 0 : 0x1000000, WORLD, true);
	movable_node_enabled = data[0] & 2;
	data++;
	size = MIN((size - 1) / OP_BYTES, (size_t)MAX_OPS);
	for (size_t i = 0; i < size; i++) {
		struct op op = decode(data + i * OP_BYTES);
		const char *wrong = op_run(&m, &op);

		if (wrong)
			report(&m, data, i, wrong);
	}
	return 0;
}
