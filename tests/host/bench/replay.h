/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_HOST_BENCH_REPLAY_H
#define TESTS_HOST_BENCH_REPLAY_H

#include "bench.h"

/* The calls behind a boot log (one line per memblock line, stamps stripped). */
struct replay replay_read(const char *path);

#endif /* TESTS_HOST_BENCH_REPLAY_H */
