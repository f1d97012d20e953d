/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "front/flow.h"
#include "tool/table.h"

#define TOLD_MAX	(1u << 20)	/* bytes of a line of events */

static void
say_line(struct flow *w, const char *tool, const char *prefix,
    const char *text)
{
	char *name = mem_printf("mpf-%s", tool);

	screen_hide(&w->screen);
	log_open(name, log_level());
	log_write(&(struct log_message){ text, prefix, ERR_NONE });
	log_open("mpf", log_level());
	free(name);
}

/* A board's error is said in its row and below the table. */
static void
hear_stage_message(struct flow *w, const char *tool, const struct event *ev)
{
	const bool shown = ev->code != NULL && !w->f->json &&
	    screen_find(&w->screen, ev->device) != NULL;

	if (!shown)
		say_line(w, tool, ev->hint != NULL ? ev->hint : "",
		    ev->message);
}

static void
hear_stage_event(struct flow *w, const char *line, size_t n)
{
	struct record *rec;
	struct event ev;
	struct err ignored;
	const char *tool;

	if (record_parse(line, n, &rec, &ignored) == -1)
		return;
	tool = record_str(rec, "tool");
	if (tool != NULL && event_read(rec, &ev)) {
		if (strcmp(ev.what, "message") == 0 && ev.message != NULL)
			hear_stage_message(w, tool, &ev);
		else
			screen_event(&w->screen, tool, &ev);
		if (strcmp(ev.what, "ask") == 0 && ev.message != NULL)
			say_line(w, tool, "", ev.message);
	}
	record_free(rec);
}

static void
hear_text(struct flow *w, const char *line, size_t n)
{
	struct buf text = BUF_INIT;
	struct err ignored;

	buf_add(&text, line, n);
	buf_addc(&text, '\n');
	screen_hide(&w->screen);
	if (file_write_all(STDERR_FILENO, text.data, text.len, "a message",
	    &ignored) == -1)
		flow_close(&w->errors);	/* nobody reads it */
	buf_release(&text);
}

/* Reads what is there; whole lines go to fn. */
static void
hear_lines(struct flow *w, int *fd, struct buf *b,
    void (*fn)(struct flow *w, const char *line, size_t n))
{
	char bytes[65536];
	const char *nl;
	ssize_t n = read(*fd, bytes, sizeof(bytes));
	size_t len;

	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0)
		buf_add(b, bytes, (size_t)n);
	else if (b->len > 0)
		buf_addc(b, '\n');	/* a last line without its end */
	while ((nl = memchr(b->data, '\n', b->len)) != NULL) {
		len = (size_t)(nl - b->data);
		fn(w, b->data, len);
		buf_drop(b, len + 1);
	}
	if (b->len > TOLD_MAX)
		buf_clear(b);
	if (n <= 0)
		flow_close(fd);
}

void
hear_events(struct flow *w)
{
	hear_lines(w, &w->events, &w->told, hear_stage_event);
}

void
hear_errors(struct flow *w)
{
	hear_lines(w, &w->errors, &w->said, hear_text);
}
