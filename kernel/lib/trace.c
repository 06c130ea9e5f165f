// SPDX-License-Identifier: GPL-2.0-only
/*
 * The event ring (see trace.h).
 *
 *	first <= written <= count, count - first <= TRACE_EVENTS
 *
 * Event number n lives in slot n % TRACE_EVENTS while first <= n < count;
 * numbers below `written` have been given to the sink.
 */
#include "kernel/lib/trace.h"

#include "kernel/lib/json.h"
#include "kernel/lib/trace_internal.h"
#include "kernel/lib/vsnprintf.h"

#define SCHEMA		1

struct trace_ring trace_ring;

void trace_add(const struct trace_event *event)
{
	owned_lock(&trace_ring.lock);
	if (trace_ring.count - trace_ring.first == TRACE_EVENTS) {
		if (trace_ring.sink && trace_ring.written == trace_ring.first)
			trace_flush();
		trace_ring.first++;
		if (trace_ring.written < trace_ring.first) {
			trace_ring.written = trace_ring.first;
			trace_ring.dropped++;
			trace_ring.untold++;
		}
	}
	trace_ring.events[trace_ring.count++ % TRACE_EVENTS] = *event;
	owned_unlock(&trace_ring.lock);
}

bool trace_get(uint64_t seq, struct trace_event *event)
{
	if (seq < trace_ring.first || seq >= trace_ring.count)
		return false;
	*event = trace_ring.events[seq % TRACE_EVENTS];
	return true;
}

uint64_t trace_first(void)
{
	return trace_ring.first;
}

uint64_t trace_count(void)
{
	return trace_ring.count;
}

uint64_t trace_dropped(void)
{
	return trace_ring.dropped;
}

void trace_set_sink(void (*write)(const char *s, size_t n))
{
	trace_ring.sink = write;
}

/* ---- JSON Lines ---- */

size_t trace_format(uint64_t seq, const struct trace_event *event, char *buf, size_t size)
{
	struct json j = JSON_INIT(buf, size);
	char caller[160];

	ksnprintf(caller, sizeof(caller), "%pS", (void *)(uintptr_t)event->caller);
	json_open(&j, NULL, '{');
	json_uint(&j, "schema", SCHEMA);
	json_str(&j, "kind", "event");
	json_uint(&j, "seq", seq);
	json_str(&j, "op", event->op);
	json_hex64(&j, "base", event->base);
	json_hex64(&j, "size", event->size);
	if (event->nid < 0)
		json_null(&j, "nid");
	else
		json_int(&j, "nid", event->nid);
	json_hex(&j, "flags", event->flags);
	json_str(&j, "caller", event->caller ? caller : NULL);
	json_str(&j, "owner", event->owner);
	json_int(&j, "rc", event->rc);
	json_close(&j, '}');
	return json_line(&j);
}

static void write_dropped(char *buf, size_t size)
{
	struct json j = JSON_INIT(buf, size);

	json_open(&j, NULL, '{');
	json_uint(&j, "schema", SCHEMA);
	json_str(&j, "kind", "dropped");
	json_uint(&j, "seq", trace_ring.written - trace_ring.untold);
	json_uint(&j, "count", trace_ring.untold);
	json_close(&j, '}');
	trace_ring.sink(buf, json_line(&j));
	trace_ring.untold = 0;
}

void trace_flush(void)
{
	char *line = trace_ring.line;

	if (!trace_ring.sink)
		return;
	owned_lock(&trace_ring.lock);
	if (trace_ring.untold)
		write_dropped(line, TRACE_LINE_SIZE);
	while (trace_ring.written < trace_ring.count) {
		uint64_t seq = trace_ring.written++;
		struct trace_event event = trace_ring.events[seq % TRACE_EVENTS];
		size_t len = trace_format(seq, &event, line, TRACE_LINE_SIZE);

		if (!len) {	/* a name of absurd length; the rest matters more */
			event.owner = "(name too long)";
			len = trace_format(seq, &event, line, TRACE_LINE_SIZE);
		}
		trace_ring.sink(line, len);
	}
	owned_unlock(&trace_ring.lock);
}
