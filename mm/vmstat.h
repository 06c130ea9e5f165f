/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buddy as text: Linux's /proc files, character for character, for whoever
 * prints them.  Nothing is allocated; @print is printf-like and called in pieces.
 */
#ifndef MM_VMSTAT_H
#define MM_VMSTAT_H

typedef int vmstat_print_fn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* /proc/buddyinfo, pagetypeinfo, zoneinfo: any time after the hand-over. */
void buddyinfo_print(vmstat_print_fn *print);
void pagetypeinfo_print(vmstat_print_fn *print);
void zoneinfo_print(vmstat_print_fn *print);

/* The same at the end of boot, for the log: "buddy: Node 0, zone ..." */
void buddy_report(void);

/** struct image_sizes - bytes of the kernel's parts, for the "Memory:" line */
struct image_sizes {
	unsigned long code, rwdata, rodata, init, bss;
};

/* "Memory: %luK/%luK available (...)", as Linux says it when allocation works. */
void mem_init_print_info(const struct image_sizes *image);

/* "mem auto-init:": are pages wiped when they are allocated, and when they are freed? */
void report_meminit(void);

/**
 * meminfo_print() - /proc/meminfo up to DirectMap, which others own
 * @extra: called at the end for those lines, may be NULL
 */
void meminfo_print(vmstat_print_fn *print, void (*extra)(vmstat_print_fn *print));

#endif /* MM_VMSTAT_H */
