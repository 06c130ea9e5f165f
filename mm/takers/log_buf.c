// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of log_buf_len= (see log_buf.h).
 *
 *	log_buf_len=300K	text	512 KiB		the next power of two
 *				desc	16384 * 24	one for each 32 bytes of text
 *				info	16384 * 88
 */
#include "mm/log_buf.h"

#include "kernel/lib/errno.h"
#include "kernel/lib/params.h"	/* early_param(), memparse() */
#include "mm/memblock.h"
#include "mm/memblock_event.h"	/* ledger_owned() */
#include "mm/port.h"
#include "mm/takers.h"		/* early_memory_suffices() */
#include "mm/takers/takers_internal.h"

#define LOG_BUF_LEN	(128UL << 10)	/* Debian's log without the word */
#define LOG_BUF_MAX	(2UL << 30)
#define LOG_ALIGN	8
#define RECORD_TEXT	32		/* bytes of text that one record is expected to have */
#define DESC_BYTES	24
#define INFO_BYTES	88

struct log_buf_word log_buf_word __initdata;

static int __init log_buf_len_param(char *val)
{
	unsigned long long bytes;
	unsigned long len;

	if (!val)
		return -EINVAL;
	bytes = memparse(val, NULL);
	if (bytes > LOG_BUF_MAX) {
		bytes = LOG_BUF_MAX;
		pr_err("printk: log_buf over 2G is not supported.\n");
	}
	len = bytes <= LOG_BUF_LEN ? 0 : 1UL << (64 - __builtin_clzl((unsigned long)bytes - 1));
	if (len)
		log_buf_word.wanted = len;
	return 0;
}
early_param("log_buf_len", log_buf_len_param,
	    "nn[KMG]: take memory for so long a log, as Linux does; the log itself stays as it is");

/* Take @bytes for the @what of the log; say so if they are not to be had. */
static __always_inline void *log_buf_alloc(unsigned long bytes, const char *what)
{
	void *part = memblock_alloc(bytes, LOG_ALIGN);

	if (!part)
		pr_err("printk: log_buf_len: %lu %s bytes not available\n", bytes, what);
	return part;
}

__noinline void __init setup_log_buf(void)
{
	const unsigned long len = log_buf_word.wanted, records = len / RECORD_TEXT;
	void *text, *desc, *info;

	if (!len)
		return;
	text = log_buf_alloc(len, "text");
	if (!text)
		return;
	desc = log_buf_alloc(records * DESC_BYTES, "desc");
	if (!desc)
		goto free_text;
	info = log_buf_alloc(records * INFO_BYTES, "info");
	if (!info)
		goto free_desc;
	if (!early_memory_suffices()) {
		pr_err("printk: log_buf_len: %lu bytes would leave too little memory\n", len);
		goto free_info;
	}
	log_buf_word.wanted = 0;
	ledger_owned(text, len, "log buffer");
	ledger_owned(desc, records * DESC_BYTES, "log descriptors");
	ledger_owned(info, records * INFO_BYTES, "log records");
	pr_info("printk: log_buf_len: %lu bytes\n", len);
	return;

free_info:
	memblock_free(info, records * INFO_BYTES);
free_desc:
	memblock_free(desc, records * DESC_BYTES);
free_text:
	memblock_free(text, len);
}
