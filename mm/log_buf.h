/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory of log_buf_len=, taken where and as Linux takes it, since it moves what comes after.
 *
 * Linux differs: its log moves there.  Ours stays in its ring (kernel/lib).
 */
#ifndef MM_LOG_BUF_H
#define MM_LOG_BUF_H

/**
 * setup_log_buf() - a buffer, its descriptors and their records from memblock
 *
 * Prints "printk: log_buf_len: N bytes", or which of the three is not available; then nothing
 * stays taken.  Does nothing if the word asks for no more than the log has, or if all was taken
 * before.
 * Context: when the direct map is up; once more before the hand-over.
 */
void setup_log_buf(void);

#endif /* MM_LOG_BUF_H */
