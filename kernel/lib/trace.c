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
#define LINE_SIZE	1024

static struct trace_event events[TRACE_EVENTS];
static uint64_t first, written, count;
static uint64_t dropped;		/* since boot */
static uint64_t untold;			/* of these, not yet said to the sink */
static void (*sink)(const char *s, size_t n);

void trace_add(const struct trace_event *event)
{
	if (count - first == TRACE_EVENTS) {
		if (sink && written == first)
			trace_flush();
		first++;
		if (written < first) {
			written = first;
			dropped++;
			untold++;
		}
	}
	events[count++ % TRACE_EVENTS] = *event;
}

bool trace_get(uint64_t seq, struct trace_event *event)
{
	if (seq < first || seq >= count)
		return false;
	*event = events[seq % TRACE_EVENTS];
	return true;
}

uint64_t trace_first(void)
{
	return first;
}

uint64_t trace_count(void)
{
	return count;
}

uint64_t trace_dropped(void)
{
	return dropped;
}

void trace_set_sink(void (*write)(const char *s, size_t n))
{
	sink = write;
}

void trace_reset(void)
{
	first = written = count = 0;
	dropped = untold = 0;
	sink = NULL;
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
	json_uint(&j, "seq", written - untold);
	json_uint(&j, "count", untold);
	json_close(&j, '}');
	sink(buf, json_line(&j));
	untold = 0;
}

void trace_flush(void)
{
	static char line[LINE_SIZE];

	if (!sink)
		return;
	if (untold)
		write_dropped(line, sizeof(line));
	while (written < count) {
		struct trace_event event = events[written % TRACE_EVENTS];
		size_t len = trace_format(written, &event, line, sizeof(line));

		if (!len) {	/* a name of absurd length; the rest matters more */
			event.owner = "(name too long)";
			len = trace_format(written, &event, line, sizeof(line));
		}
		written++;
		sink(line, len);
	}
}
