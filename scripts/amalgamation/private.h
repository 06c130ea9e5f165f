/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mm/port.h and mm/handover.h in terms of the port: what stands first in the amalgamated
 * memblock.c.  Names that the port's own headers may bring along are left alone.
 */
#include <stdarg.h>

/* <limits.h> of gcc asks for a libc's. */
#ifndef ULONG_MAX
#define ULONG_MAX	(~0UL)
#endif
#ifndef INT_MAX
#define INT_MAX		__INT_MAX__
#endif

#ifndef ENOMEM
#define ENOMEM		12
#endif
#ifndef likely
#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#endif
#ifndef MIN
#define MIN(a, b)	((a) < (b) ? (a) : (b))
#endif
#ifndef MAX
#define MAX(a, b)	((a) > (b) ? (a) : (b))
#endif
#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#endif
#undef ALIGN_DOWN
#undef ALIGN_UP
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a)-1))
#define ALIGN_UP(x, a)	ALIGN_DOWN((x) + ((__typeof__(x))(a)-1), a)
#undef __noinline
#define __noinline	__attribute__((noinline))
#undef __printf
#define __printf(fmt, first) __attribute__((format(printf, fmt, first)))
#undef RET_IP
#define RET_IP		((unsigned long)__builtin_return_address(0))

/* ---- strings ---- */

#undef strlen
#undef strnlen
#define strnlen		port_strnlen
#define strlen(s)	port_strnlen(s, SIZE_MAX)

static size_t port_strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

/* ---- words ---- */

/* The port has no symbol table: %pS shows the address, for addr2line. */
static inline const char *ksyms_lookup(unsigned long addr, unsigned long *offset,
				       unsigned long *size)
{
	(void)addr;
	*offset = *size = 0;
	return NULL;
}

static int kvsnprintf(char *buf, size_t size, const char *fmt, va_list args);

__attribute__((format(printf, 2, 3))) static void port_say(void (*say)(const char *text),
							     const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	kvsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	say(text);
}

int memblock_printk(const char *fmt, ...)
{
	char text[256];
	va_list args;
	int len;

	va_start(args, fmt);
	len = kvsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	memblock_port_write(text);
	return len;
}

#undef printk
#undef pr_err
#undef pr_warn
#undef panic
#undef BUG_ON
#undef WARN
#undef WARN_ON
#undef WARN_ONCE
#undef KERN_INFO
#undef dump_stack
#define KERN_INFO	""
#define printk		memblock_printk
#define pr_err(...)	port_say(memblock_port_write, __VA_ARGS__)
#define pr_warn(...)	port_say(memblock_port_write, __VA_ARGS__)
#define pr_warn_ratelimited pr_warn
#define dump_stack()	pr_warn("memblock: call of %s from %p\n", __func__, (void *)RET_IP)
#define panic(...)	(port_say(memblock_port_panic, __VA_ARGS__), __builtin_unreachable())
#define BUG_ON(cond)							\
	do {								\
		if (unlikely(cond))					\
			panic("memblock: BUG at line %d of memblock.c\n", __LINE__);	\
	} while (0)
#define WARN(cond, ...)							\
	({								\
		bool warn_ = !!(cond);					\
		if (unlikely(warn_)) {					\
			pr_warn("memblock: WARNING at line %d: ", __LINE__);	\
			pr_warn(__VA_ARGS__);				\
		}							\
		unlikely(warn_);					\
	})
#define WARN_ON(cond)	WARN(cond, "%s\n", #cond)
#define WARN_ONCE(cond, ...)						\
	({								\
		static bool warned_;					\
		bool once_ = !!(cond);					\
		if (unlikely(once_ && !warned_)) {			\
			warned_ = true;					\
			WARN(true, __VA_ARGS__);			\
		}							\
		unlikely(once_);					\
	})

/* ---- the hand-over ---- */

#ifndef MAX_PAGE_ORDER
#define MAX_PAGE_ORDER	10
#endif
#ifndef accept_memory			/* confidential guests: before the first use */
#define accept_memory(start, size) ((void)0)
#endif
#undef pfn_to_page
#undef memblock_free_pages
#undef memblock_free_late_page
#undef reserve_bootmem_region
#undef totalram_pages_add
#undef zones_clear_managed_pages
#define pfn_to_page(pfn)		NULL
#define memblock_free_pages(page, pfn, order) memblock_port_free_pages(pfn, order)
#define memblock_free_late_page(pfn) (memblock_port_free_pages(pfn, 0), true)
#define reserve_bootmem_region(start, end, nid) memblock_port_reserve_pages(start, end, nid)
#define totalram_pages_add(pages)	((void)(pages))
#define zones_clear_managed_pages()	((void)0)

/* movable_node: hotplug memory is not given out while this is true. */
bool movable_node_enabled;
