// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/lib/trace.c: what the ring keeps and what the sink gets; json.c.
 */
#include "kernel/lib/trace.h"

#include "kernel/lib/json.h"
#include "tests/host/include/ktap.h"

#include <stdlib.h>
#include <string.h>

static char sunk[1 << 20];
static size_t sunk_len;

static void sink(const char *s, size_t n)
{
	if (n > sizeof(sunk) - 1 - sunk_len)
		abort();
	memcpy(sunk + sunk_len, s, n);
	sunk_len += n;
	sunk[sunk_len] = 0;
}

KTAP_SETUP
{
	sunk_len = 0;
	sunk[0] = 0;
}

static void add(uint64_t n)
{
	trace_add(&(struct trace_event){ .op = "reserve", .base = n << 12, .size = 0x1000,
					 .nid = -1 });
}

/* How many events the sink got; fails if they are not consecutive from @first. */
static uint64_t sunk_events(uint64_t first)
{
	static const char head[] = "{\"schema\":1,\"kind\":\"event\",\"seq\":";
	uint64_t seq = first;
	const char *line = sunk, *end;

	for (; (end = memchr(line, '\n', sunk_len - (size_t)(line - sunk))); line = end + 1) {
		if (memcmp(line, head, sizeof(head) - 1) != 0)
			continue;
		require_eq(strtoull(line + sizeof(head) - 1, NULL, 10), seq);
		seq++;
	}
	return seq - first;
}

KTAP_TEST(test_trace_line)
{
	const struct trace_event event = {
		.op = "reserve", .base = 0x100000, .size = 0x3000, .caller = 0x1234,
		.owner = "kernel \"image\"", .nid = 1, .rc = -12, .flags = 0x20,
	};

	trace_add(&event);
	add(1);
	trace_set_sink(sink);
	trace_flush();
	trace_flush();
	expect_str_eq(sunk,
		"{\"schema\":1,\"kind\":\"event\",\"seq\":0,\"op\":\"reserve\","
		"\"base\":\"0x0000000000100000\",\"size\":\"0x0000000000003000\",\"nid\":1,"
		"\"flags\":\"0x20\",\"caller\":\"0x0000000000001234\","
		"\"owner\":\"kernel \\\"image\\\"\",\"rc\":-12}\n"
		"{\"schema\":1,\"kind\":\"event\",\"seq\":1,\"op\":\"reserve\","
		"\"base\":\"0x0000000000001000\",\"size\":\"0x0000000000001000\",\"nid\":null,"
		"\"flags\":\"0x0\",\"caller\":null,\"owner\":null,\"rc\":0}\n");
}

KTAP_TEST(test_trace_iteration)
{
	struct trace_event event;
	uint64_t seq;

	expect_false(trace_get(0, &event));
	for (uint64_t n = 0; n < 5; n++)
		add(n);
	for (seq = trace_first(); trace_get(seq, &event); seq++)
		expect_eq(event.base, seq << 12);
	expect_eq(seq, 5);
	expect_eq(trace_count(), 5);
	expect_eq(trace_dropped(), 0);
}

KTAP_TEST(test_trace_full_ring_without_sink_counts)
{
	struct trace_event event;

	for (uint64_t n = 0; n < TRACE_EVENTS + 120; n++)
		add(n);
	expect_eq(trace_first(), 120);
	expect_eq(trace_dropped(), 120);
	expect_false(trace_get(119, &event));
	expect_true(trace_get(120, &event));
	expect_eq(event.base, 120 << 12);

	trace_set_sink(sink);
	trace_flush();
	expect_true(strstr(sunk, "{\"schema\":1,\"kind\":\"dropped\",\"seq\":0,\"count\":120}\n") ==
		    sunk);
	expect_eq(sunk_events(120), TRACE_EVENTS);
	trace_flush();
	expect_eq(sunk_events(120), TRACE_EVENTS);
}

KTAP_TEST(test_trace_sink_loses_nothing)
{
	trace_set_sink(sink);
	for (uint64_t n = 0; n < 2 * TRACE_EVENTS + 7; n++)
		add(n);
	expect_eq(trace_dropped(), 0);
	expect_eq(sunk_events(0), 2 * TRACE_EVENTS);
	trace_flush();
	expect_eq(sunk_events(0), 2 * TRACE_EVENTS + 7);
	expect_null(strstr(sunk, "dropped"));
}

KTAP_TEST(test_trace_second_loss_has_its_own_number)
{
	trace_set_sink(sink);
	add(0);
	trace_flush();
	trace_set_sink(NULL);
	for (uint64_t n = 1; n < TRACE_EVENTS + 11; n++)
		add(n);
	trace_set_sink(sink);
	trace_flush();
	expect_eq(trace_dropped(), 10);
	expect_true(strstr(sunk, "\"kind\":\"dropped\",\"seq\":1,\"count\":10}\n") != NULL);
}

KTAP_TEST(test_trace_absurd_owner)
{
	static char owner[2000];

	memset(owner, 'x', sizeof(owner) - 1);
	trace_add(&(struct trace_event){ .op = "add", .owner = owner });
	trace_set_sink(sink);
	trace_flush();
	expect_true(strstr(sunk, "\"owner\":\"(name too long)\"") != NULL);
}

/* ---- json.c ---- */

KTAP_TEST(test_json_nesting_and_commas)
{
	char buf[256];
	struct json j = JSON_INIT(buf, sizeof(buf));
	size_t len;

	json_open(&j, NULL, '{');
	json_open(&j, "a", '[');
	json_close(&j, ']');
	json_open(&j, "b", '[');
	json_uint(&j, NULL, ~0ULL);
	json_int(&j, NULL, INT64_MIN);
	json_open(&j, NULL, '{');
	json_close(&j, '}');
	json_close(&j, ']');
	json_bool(&j, "t", true);
	json_bool(&j, "f", false);
	json_null(&j, "n");
	json_str(&j, "s", NULL);
	json_hex(&j, "h", 0);
	json_hex64(&j, "h64", 0xabc);
	json_close(&j, '}');
	len = json_line(&j);
	expect_eq(len, j.len);
	buf[len] = 0;
	expect_str_eq(buf, "{\"a\":[],\"b\":[18446744073709551615,-9223372036854775808,{}],"
			   "\"t\":true,\"f\":false,\"n\":null,\"s\":null,\"h\":\"0x0\","
			   "\"h64\":\"0x0000000000000abc\"}\n");
}

KTAP_TEST(test_json_escapes)
{
	char buf[64];
	struct json j = JSON_INIT(buf, sizeof(buf));

	json_str(&j, NULL, "a\"\\\n\x01/\x7f\xe9");
	buf[json_line(&j)] = 0;
	expect_str_eq(buf, "\"a\\\"\\\\\\u000a\\u0001/\\u007f\\u00e9\"\n");
}

KTAP_TEST(test_json_too_small_is_remembered)
{
	char buf[64];

	for (size_t size = 0; size < 9; size++) {
		struct json j = JSON_INIT(buf, size);

		memset(buf, '#', sizeof(buf));
		json_open(&j, NULL, '[');
		json_str(&j, NULL, "abc");
		json_close(&j, ']');
		expect_eq(json_line(&j), size < 8 ? 0 : 8);	/* ["abc"]\n */
		expect_eq(buf[size], '#');
	}
}
