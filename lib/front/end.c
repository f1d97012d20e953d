/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "front/impl.h"
#include "tool/event.h"
#include "tool/table.h"

void
front_say(struct front *f, const struct err *e)
{
	struct event ev = EVENT_INIT("message");
	struct err ignored;

	ev.code = err_name(e->code);
	ev.message = e->msg;
	ev.hint = e->hint[0] != '\0' ? e->hint : NULL;
	if (f->events_fd == -1 ||
	    event_write(f->events_fd, "mpf", &ev, &ignored) == -1)
		log_err(e);
}

void
front_action(const struct record *rec, struct buf *out)
{
	column_action(rec, out);
}

void
front_common(const struct front *f, struct front_pipe *p)
{
	front_flag(p, "--quiet", f->quiet);
	front_flag(p, "--verbose", f->verbose > 0 && !f->quiet);
}

static int
output_failed(struct front *f)
{
	f->lost = true;
	f->status = 2;
	return -1;
}

int
front_print(struct front *f, const struct buf *text, struct err *e)
{
	if (fwrite(text->data, 1, text->len, stdout) == text->len &&
	    fflush(stdout) == 0)
		return 0;
	err_sys(e, "standard output");
	return output_failed(f);
}

/* "3 boards: 1 flashed, 1 skip, 1 failed, in 12.3 s". */
static void
add_counts(const struct front *f, const struct front_records *r,
    struct buf *out)
{
	static const char *const words[] = { "flashed", "would flash",
	    "flash", "skip", "failed" };
	static const char *const shown[] = { "flashed", "would be flashed",
	    "to be flashed", "skipped", "failed" };
	size_t count[5] = { 0 }, all = 0;
	struct buf action = BUF_INIT, line = BUF_INIT;
	const int64_t ms = clock_ms() - f->begun_ms;

	for (size_t i = 0; i < r->n; i++) {
		if (!record_has(r->v[i], "device"))
			continue;
		all++;
		buf_clear(&action);
		front_action(r->v[i], &action);
		for (size_t k = 0; k < 5; k++)
			count[k] += strcmp(action.data, words[k]) == 0;
	}
	for (size_t k = 0; k < 5; k++)
		if (count[k] > 0)
			buf_addf(&line, "%s%zu %s", line.len > 0 ? ", " : "",
			    count[k], shown[k]);
	if (all > 0 && line.len > 0) {
		buf_addf(out, "\n%zu board%s: %s, in ", all,
		    all == 1 ? "" : "s", line.data);
		buf_addf(out, "%" PRId64 ".%" PRId64 " s\n", ms / 1000,
		    ms % 1000 / 100);
	}
	buf_release(&action);
	buf_release(&line);
}

int
front_table(struct front *f, const struct column *columns,
    const struct front_records *r, bool counts, struct err *e)
{
	struct buf text = BUF_INIT;
	struct table *t;
	int printed = 0;

	setlocale(LC_CTYPE, "");	/* how wide a letter is */
	t = table_new(&(struct table_look){ .columns = columns,
	    .colour = table_colour(f->colour) });
	for (size_t i = 0; i < r->n; i++)
		if (record_has(r->v[i], "device") ||
		    record_has(r->v[i], "firmware"))
			table_add(t, r->v[i]);
	if (table_end(t, e) == -1)
		return output_failed(f);
	if (counts)
		add_counts(f, r, &text);
	if (text.len > 0)
		printed = front_print(f, &text, e);
	buf_release(&text);
	return printed;
}

int
front_json(struct front *f, const struct front_records *r, struct err *e)
{
	for (size_t i = f->emitted; i < r->n; i++)
		if (stream_write(STDOUT_FILENO, r->v[i], e) == -1) {
			err_wrap(e, "standard output");
			return output_failed(f);
		}
	return 0;
}

int
front_show(struct front *f, const struct column *columns,
    const struct front_records *r, bool counts, struct err *e)
{
	for (size_t i = 0; i < r->n; i++)
		if (f->status == 0 && record_failed(r->v[i]))
			f->status = 1;
	return f->json ? front_json(f, r, e) :
	    front_table(f, columns, r, counts, e);
}

bool
front_ask(const char *question)
{
	struct buf text = BUF_INIT;
	char answer[256];
	struct err ignored;
	ssize_t n;

	buf_addf(&text, "%s [y/N] ", question);
	file_write_all(STDERR_FILENO, text.data, text.len, "the question",
	    &ignored);
	buf_release(&text);
	n = read(STDIN_FILENO, answer, sizeof(answer));
	if (n <= 0)
		file_write_all(STDERR_FILENO, "\n", 1, "a line", &ignored);
	return n > 0 && (answer[0] == 'y' || answer[0] == 'Y');
}
