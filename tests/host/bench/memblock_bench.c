// SPDX-License-Identifier: GPL-2.0-only
/*
 * memblock_bench [-l] [-s SIZE] [-w SUBSTR] [-r ROUNDS] OURS.so [LINUX.so] LOG...
 *
 * Runs every workload at 64, 1k, 10k and 100k regions and every boot log, and prints
 * nanoseconds per operation (median over rounds), instructions where the machine can
 * count them, and how the cost grows.  With two modules they take turns round by
 * round, what they leave behind must be equal, and ratios of medians are printed.
 * -r: exactly so many rounds, and how many operations that were: for valgrind, which
 * counts instructions where the machine does not (COUNT=1 scripts/bench-memblock).
 * -l: only the workloads' names.
 */
#include "bench.h"
#include "replay.h"

#include <dlfcn.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SIZES		4
#define MAX_ROUNDS	4000
#define BATCH_NS	60e6		/* timed per module and workload, if one run is quicker */
#define MIN_ROUNDS	5

static const unsigned long sizes[SIZES] = { 64, 1000, 10000, 100000 };

struct sample {
	double	ns;		/* per operation, median */
	double	instructions;	/* per operation, 0: unknown */
	double	total_ns;	/* of one run, median: for the growth */
};

static const struct bench_module *modules[2];
static unsigned int module_count;
static int failures;
static int perf_fd = -1;

/* ---- clocks ------------------------------------------------------------------------ */

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void perf_open(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE, .size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS, .exclude_kernel = 1, .exclude_hv = 1,
	};

	perf_fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static double instructions_now(void)
{
	uint64_t count = 0;

	if (perf_fd < 0 || read(perf_fd, &count, sizeof(count)) != sizeof(count))
		return 0;
	return (double)count;
}

/* ---- measuring ---------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, unsigned int n)
{
	qsort(v, n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

struct measurement {
	double		ns[MAX_ROUNDS], ins[MAX_ROUNDS];
	unsigned long	ops;
	uint64_t	checksum;
	double		spent;
};

static void one_run(const struct bench_module *m, const struct workload *w, unsigned long n,
		    const struct replay *replay, struct measurement *out, unsigned int round)
{
	double start, instructions;

	/* Other random numbers in every round, or the branch predictor learns them by heart. */
	*m->first_seed = 88172645463325252ULL + round * 7919;
	w->setup(n);
	instructions = instructions_now();
	start = now_ns();
	out->ops = w->run(n, replay);
	out->ns[round] = now_ns() - start;
	out->ins[round] = instructions_now() - instructions;
	out->spent += out->ns[round];
	out->checksum = m->checksum();
}

static unsigned int fixed_rounds;

/* Rounds in turns until every module has had its time. */
static void measure(const struct workload *w[2], unsigned long n, const struct replay *replay,
		    struct sample out[2])
{
	static struct measurement got[2];
	unsigned int round = 0;
	bool more = true;

	memset(got, 0, sizeof(got));
	while (more && round < MAX_ROUNDS) {
		more = round + 1 < MIN_ROUNDS;
		for (unsigned int k = 0; k < module_count; k++) {
			unsigned int m = (k + round) % module_count;

			one_run(modules[m], w[m], n, replay, &got[m], round);
		}
		for (unsigned int m = 0; m < module_count; m++)
			more |= got[m].spent < BATCH_NS &&
				got[module_count - 1].spent < 20 * BATCH_NS;
		round++;
		if (fixed_rounds)
			more = round < fixed_rounds;
		/* A run that takes seconds is not repeated more than it must. */
		if (!fixed_rounds && round >= 3 && got[module_count - 1].spent > 40 * BATCH_NS)
			break;
	}
	for (unsigned int m = 0; m < module_count; m++) {
		if (fixed_rounds)
			printf("  %lu operations in %u rounds\n", got[m].ops * round, round);
		out[m].total_ns = median(got[m].ns, round);
		out[m].ns = out[m].total_ns / (double)got[m].ops;
		out[m].instructions = median(got[m].ins, round) / (double)got[m].ops;
	}
	if (module_count == 2 &&
	    (got[0].checksum != got[1].checksum || got[0].ops != got[1].ops)) {
		printf("DIFFERENT RESULT: %s at %lu\n", w[0]->name, n);
		failures++;
	}
}

/* ---- printing ------------------------------------------------------------------------- */

static double log_sum[SIZES + 1];
static unsigned int log_count[SIZES + 1];

static void print_sample(const char *name, const struct sample s[2], unsigned int group)
{
	printf("  %-28s %10.1f ns", name, s[0].ns);
	if (s[0].instructions > 0)
		printf(" %9.1f ins", s[0].instructions);
	if (module_count == 2) {
		double ratio = s[1].ns / s[0].ns;

		printf("   Linux %10.1f ns   x %8.2f%s", s[1].ns, ratio, ratio < 0.95 ? "  SLOWER" : "");
		log_sum[group] += log(ratio);
		log_count[group]++;
	}
	printf("\n");
	fflush(stdout);
}

static void print_growth(const struct workload *w, double ns[SIZES])
{
	printf("  %-28s %6.2f %6.2f %6.2f\n", w->name,
	       log(ns[1] / ns[0]) / log((double)sizes[1] / (double)sizes[0]),
	       log(ns[2] / ns[1]) / log(10), log(ns[3] / ns[2]) / log(10));
}

static void print_geomeans(void)
{
	if (module_count < 2)
		return;
	printf("geometric means of Linux / ours:\n");
	for (unsigned int i = 0; i <= SIZES; i++) {
		if (!log_count[i])
			continue;
		if (i < SIZES)
			printf("  %6lu regions", sizes[i]);
		else
			printf("  boot replays  ");
		printf("  x %.2f over %u workloads\n", exp(log_sum[i] / log_count[i]), log_count[i]);
	}
}

/* ---- main ------------------------------------------------------------------------------- */

static const char *only;
static unsigned long only_size;

static void all_of_size(unsigned int size, double growth[][SIZES])
{
	if (only_size && only_size != sizes[size])
		return;
	printf("%lu regions\n", sizes[size]);
	for (unsigned long i = 0; i < modules[0]->count; i++) {
		const struct workload *w[2] = { &modules[0]->workloads[i],
						module_count > 1 ?
						&modules[1]->workloads[i] : NULL };
		struct sample s[2];

		if (only && !strstr(w[0]->name, only))
			continue;
		measure(w, sizes[size], NULL, s);
		print_sample(w[0]->name, s, size);
		growth[i][size] = s[0].ns;
	}
}

static void all_replays(char **logs, int count)
{
	if (only && strcmp(only, "replay"))
		return;
	printf("boot replays (per operation)\n");
	for (int i = 0; i < count; i++) {
		const struct workload *w[2] = { modules[0]->replay,
						module_count > 1 ? modules[1]->replay : NULL };
		const char *base = strrchr(logs[i], '/');
		struct replay replay = replay_read(logs[i]);
		struct sample s[2];

		measure(w, 0, &replay, s);
		print_sample(base ? base + 1 : logs[i], s, SIZES);
	}
}

static void load(const char *path)
{
	void *so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct bench_module *m = so ? dlsym(so, "bench_module") : NULL;

	if (!m) {
		fprintf(stderr, "memblock_bench: %s\n", dlerror());
		exit(1);
	}
	m->init();
	modules[module_count++] = m;
}

/* Real memory where arrays may double: physical addresses are virtual ones here. */
static void map_memory(uint64_t base, uint64_t size)
{
	void *p = mmap((void *)(uintptr_t)base, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	if (p == MAP_FAILED) {
		perror("memblock_bench: mmap");
		exit(1);
	}
}

static int list_names(void)
{
	for (unsigned long i = 0; i < modules[0]->count; i++)
		printf("%s\n", modules[0]->workloads[i].name);
	return 0;
}

int main(int argc, char **argv)
{
	static double growth[64][SIZES];
	bool list = false;
	int opt;

	while ((opt = getopt(argc, argv, "+ls:w:r:")) != -1) {
		if (opt == 'l')
			list = true;
		else if (opt == 's')
			only_size = strtoul(optarg, NULL, 0);
		else if (opt == 'w')
			only = optarg;
		else if (opt == 'r')
			fixed_rounds = (unsigned int)strtoul(optarg, NULL, 0) % MAX_ROUNDS;
		else
			return 2;
	}
	perf_open();
	map_memory(ARENA_BASE, ARENA_SIZE);
	map_memory(0x10000, 0x80000000 - 0x10000);
	while (optind < argc && module_count < 2 && strstr(argv[optind], ".so"))
		load(argv[optind++]);
	if (!module_count)
		return 2;
	if (list)
		return list_names();
	for (unsigned int i = 0; i < SIZES; i++)
		all_of_size(i, growth);
	if (!only_size)
		all_replays(argv + optind, argc - optind);
	if (!only && !only_size) {
		printf("growth exponents of ours   64-1k 1k-10k 10k-100k\n");
		for (unsigned long i = 0; i < modules[0]->count; i++)
			print_growth(&modules[0]->workloads[i], growth[i]);
	}
	print_geomeans();
	return failures ? 1 : 0;
}
