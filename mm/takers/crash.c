// SPDX-License-Identifier: GPL-2.0-only
/*
 * crashkernel=, from words to a reservation (see crash.h).
 *
 * No crash kernel is ever loaded here.  The area is reserved by Linux's rules and with its lines,
 * so that the log and the map show what they show there.
 */
#include "mm/crash.h"

#include "kernel/lib/mutate.h"
#include "kernel/lib/params.h"	/* memparse() */
#include "mm/ledger.h"
#include "mm/memblock.h"
#include "mm/port.h"
#include "mm/takers.h"		/* early_memory_suffices() */
#include "mm/why.h"

#define CRASH_WORD	"crashkernel="
#define CRASH_ADDR_LOW_MAX	PFN_PHYS(MAX_DMA32_PFN)
#define RAM_STEP	(128ULL << 20)		/* firmware keeps some; 1G should mean 1G */

struct crash_area crashk_res, crashk_low_res;	/* constant after boot */

/*
 * The words are read by reserve_crashkernel(), later; without an entry parse_early_param() would
 * call them unknown.
 */
static int __init parse_crashkernel_dummy(char *val)
{
	(void)val;
	return 0;
}
early_param("crashkernel", parse_crashkernel_dummy,
	    "size[@offset] | lo-[hi]:size[,...][@offset] | size,high | size,low: room for a crash kernel");

/* ---- finding the word ---------------------------------------------------------------- */

static const char *const suffixes[] = { ",high", ",low" };

static bool __init ends_with(const char *s, size_t len, const char *suffix)
{
	size_t n = strlen(suffix);

	return len >= n && !strncmp(s + len - n, suffix, n);
}

/* The value of the last word with @suffix, or of the last with none; NULL: there is no such. */
static const char *__init get_last_crashkernel(const char *cmdline, const char *suffix)
{
	const char *found = NULL;

	for (const char *p = cmdline; (p = strstr(p, CRASH_WORD)); p++) {
		const char *blank = strchr(p, ' ');
		size_t len = blank ? (size_t)(blank - p) : strlen(p);
		bool plain = true;

		for (unsigned int i = 0; i < ARRAY_SIZE(suffixes); i++)
			plain &= !ends_with(p, len, suffixes[i]);
		if (suffix ? ends_with(p, len, suffix) : plain)
			found = p + strlen(CRASH_WORD);
	}
	return found;
}

/* ---- reading it ----------------------------------------------------------------------- */

static bool __init at_end(const char *s)
{
	return *s == ' ' || !*s;
}

/* A number at *@s, which moves behind it; false, and @complaint, if there is none. */
static bool __init take_number(const char **s, phys_addr_t *value, const char *complaint)
{
	char *end;

	*value = memparse(*s, &end);
	if (end == *s) {
		pr_warn("crashkernel: %s expected\n", complaint);
		return false;
	}
	*s = end;
	return true;
}

/* "lo-hi:" or "lo-:"; *@s moves behind the colon. */
static bool __init take_ram_range(const char **s, phys_addr_t *low, phys_addr_t *high)
{
	*high = PHYS_ADDR_MAX;
	if (!take_number(s, low, "Memory value"))
		return false;
	if (**s != '-') {
		pr_warn("crashkernel: '-' expected\n");
		return false;
	}
	++*s;
	if (**s != ':') {
		if (!take_number(s, high, "Memory value"))
			return false;
		if (*high <= *low) {
			pr_warn("crashkernel: end <= start\n");
			return false;
		}
	}
	if (**s != ':') {
		pr_warn("crashkernel: ':' expected\n");
		return false;
	}
	++*s;
	return true;
}

static void __init parse_crashkernel_mem(const char *s, phys_addr_t ram, struct crash_request *req)
{
	phys_addr_t low, high, size = 0;
	const char *offset;
	char *end;

	ram = ALIGN_UP(ram, RAM_STEP);
	do {
		if (!take_ram_range(&s, &low, &high) || !take_number(&s, &size, "Memory value"))
			return;
		if (size >= ram) {
			pr_warn("crashkernel: invalid size\n");
			return;
		}
		if (ram >= low && ram < high)
			break;
		size = 0;
	} while (*s++ == ',');

	if (!size) {
		pr_info("crashkernel size resulted in zero bytes\n");
		return;
	}
	for (offset = s; !at_end(offset) && *offset != '@';)
		offset++;
	if (*offset == '@') {
		req->base = memparse(offset + 1, &end);
		if (end == offset + 1) {
			pr_warn("crahskernel: Memory value expected after '@'\n");	/* sic */
			return;
		}
	}
	req->size = size;
}

static void __init parse_crashkernel_simple(const char *s, struct crash_request *req)
{
	phys_addr_t size;
	char *end;

	if (!take_number(&s, &size, "memory value"))
		return;
	if (*s == '@') {
		req->base = memparse(s + 1, &end);
	} else if (!at_end(s)) {
		pr_warn("crashkernel: unrecognized char: %c\n", *s);
		return;
	}
	req->size = size;
}

/* "size,high" or "size,low".  Return: false if it makes no sense. */
static bool __init parse_crashkernel_suffix(const char *s, const char *suffix, phys_addr_t *size)
{
	phys_addr_t value;

	if (!take_number(&s, &value, "memory value"))
		return false;
	if (strncmp(s, suffix, strlen(suffix)) || !at_end(s + strlen(suffix))) {
		pr_warn("crashkernel: unrecognized char: %c\n", *s);
		return false;
	}
	*size = value;
	return true;
}

static void __init parse_crashkernel_high(const char *cmdline, struct crash_request *req)
{
	const char *high = get_last_crashkernel(cmdline, suffixes[0]);
	const char *low = get_last_crashkernel(cmdline, suffixes[1]);
	phys_addr_t size;

	if (!high || !parse_crashkernel_suffix(high, suffixes[0], &size))
		return;
	req->low_size = CRASH_LOW_SIZE;
	if (low && !parse_crashkernel_suffix(low, suffixes[1], &req->low_size))
		return;
	req->high = true;
	req->size = size;
}

/* The room for @size was refused; `why crashkernel` tells more. */
static __noinline void __init crash_refused(phys_addr_t size, phys_addr_t base, const char *tail)
{
	const bool high = !strcmp(tail, suffixes[0]);

	why_note(&(struct why_wish){
		.word = "crashkernel", .size = size, .align = CRASH_ALIGN, .nid = NUMA_NO_NODE,
		.low = base ? base : high ? CRASH_ADDR_LOW_MAX : 0,
		.high = base || high ? CRASH_ADDR_HIGH_MAX : CRASH_ADDR_LOW_MAX,
		.fixed = base != 0, .tail = tail, .far = high ? "" : *tail ? NULL : suffixes[0],
	});
}

struct crash_request __init parse_crashkernel(const char *cmdline, phys_addr_t ram)
{
	struct crash_request req = { 0 };
	const char *word = get_last_crashkernel(cmdline, NULL);

	if (!word) {
		parse_crashkernel_high(cmdline, &req);
	} else {
		const char *colon = strchr(word, ':'), *blank = strchr(word, ' ');

		if (colon && (!blank || colon < blank))
			parse_crashkernel_mem(word, ram, &req);
		else
			parse_crashkernel_simple(word, &req);
	}
	if (req.size >= ram && req.size) {
		/* Linux differs: it says nothing. */
		pr_warn("crash kernel: %llu bytes asked for, not less than the %llu of RAM; none reserved\n",
			(unsigned long long)req.size, (unsigned long long)ram);
		crash_refused(req.size, req.base, req.high ? suffixes[0] : "");
		req.size = 0;
	}
	return req;
}

/* ---- taking it -------------------------------------------------------------------------- */

static inline bool __init reserve_crashkernel_low(phys_addr_t size)
{
	phys_addr_t base = memblock_phys_alloc_range(size, CRASH_ALIGN, 0, CRASH_ADDR_LOW_MAX);

	if (!base) {
		pr_err("cannot allocate crashkernel low memory (size:0x%llx).\n",
		       (unsigned long long)size);
		crash_refused(size, 0, suffixes[1]);
		return false;
	}
	ledger_name(base, size, "crash kernel");
	pr_info("crashkernel low memory reserved: 0x%08llx - 0x%08llx (%lld MB)\n",
		(unsigned long long)base, (unsigned long long)(base + size),
		(long long)(size >> 20));
	crashk_low_res = (struct crash_area){ base, size };
	return true;
}

/*
 * One or two places to look:
 *
 *	SIZE@OFFSET	[OFFSET, OFFSET + SIZE)
 *	SIZE		[0, 4G), then [4G, 64T)
 *	SIZE,high	[4G, 64T), then [0, 4G)
 */
static __noinline void __init reserve_crashkernel_generic(const struct crash_request *req)
{
	phys_addr_t start = 0, end = CRASH_ADDR_LOW_MAX, low_size = req->low_size, base;
	bool retry = !req->base;

	if (req->base) {
		start = req->base;
		end = start + req->size;	/* may wrap: then nothing is found */
	} else if (req->high) {
		start = CRASH_ADDR_LOW_MAX;
		end = CRASH_ADDR_HIGH_MAX;
	}
	while (!(base = memblock_phys_alloc_range(req->size, CRASH_ALIGN, start, end))) {
		if (req->base) {
			pr_warn("crashkernel reservation failed - memory is in use.\n");
			crash_refused(req->size, req->base, "");
			return;
		}
		if (!retry) {
			pr_warn("cannot allocate crashkernel (size:0x%llx)\n",
				(unsigned long long)req->size);
			crash_refused(req->size, 0, req->high ? suffixes[0] : "");
			return;
		}
		retry = false;
		start = start ? 0 : CRASH_ADDR_LOW_MAX;
		end = start ? CRASH_ADDR_HIGH_MAX : CRASH_ADDR_LOW_MAX;
		low_size = CRASH_LOW_SIZE;
	}
	if (base >= CRASH_ADDR_LOW_MAX && low_size && !reserve_crashkernel_low(low_size)) {
		memblock_phys_free(base, req->size);
		return;
	}
	if (!early_memory_suffices()) {
		pr_warn("cannot allocate crashkernel (size:0x%llx)\n", (unsigned long long)req->size);
		memblock_phys_free(base, req->size);
		memblock_phys_free(crashk_low_res.base, crashk_low_res.size);
		crashk_low_res = (struct crash_area){ 0, 0 };
		crash_refused(req->size, req->base, req->high ? suffixes[0] : "");
		return;
	}
	if (MUTATE(skip_crash_kernel))
		memblock_phys_free(base, req->size);
	ledger_name(base, req->size, "crash kernel");
	pr_info("crashkernel reserved: 0x%016llx - 0x%016llx (%lld MB)\n",
		(unsigned long long)base, (unsigned long long)(base + req->size),
		(long long)(req->size >> 20));
	crashk_res = (struct crash_area){ base, req->size };
}

void __init reserve_crashkernel(const char *cmdline)
{
	struct crash_request req;

	crashk_res = crashk_low_res = (struct crash_area){ 0 };
	req = parse_crashkernel(cmdline, memblock_phys_mem_size());
	if (req.size)
		reserve_crashkernel_generic(&req);
}
