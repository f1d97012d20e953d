/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tool/run.h"

#define TEXT_MOST	1024		/* bytes of one text; see event_write */
#define UNKNOWN(v)	((v) < 0)

int
event_open(int64_t asked, const char *progress, int *fd, struct err *e)
{
	const char *env = getenv("MPF_EVENTS_FD");
	const char *what = "--events-fd";
	int flags;

	if (asked == -1 && env != NULL && env[0] != '\0') {
		what = "MPF_EVENTS_FD";
		if (options_number(env, &asked) == -1)
			return err_set(e, ERR_USAGE,
			    "%s %s: not a file descriptor", what, env);
	}
	if (asked == -1 && strcmp(progress, "json") == 0)
		asked = STDERR_FILENO;
	*fd = -1;
	if (asked == -1)
		return 0;
	flags = asked > INT_MAX ? -1 : fcntl((int)asked, F_GETFL);
	if (flags == -1 || (flags & O_ACCMODE) == O_RDONLY)
		return err_set(e, ERR_USAGE,
		    "%s %" PRId64 ": not open for writing", what, asked);
	*fd = (int)asked;
	return 0;
}

/* At most so many bytes of s, which end where a letter ends. */
static void
put_cut_text(struct record *rec, const char *key, const char *s, size_t most)
{
	struct buf part = BUF_INIT;
	size_t n = s == NULL ? 0 : strlen(s);

	if (s == NULL)
		return;
	for (n = n > most ? most : n; n > 0 && (s[n] & 0xc0) == 0x80; n--)
		;
	buf_add(&part, s, n);
	record_put_str(rec, key, part.data);
	buf_release(&part);
}

static void
put_event_number(struct record *rec, const char *key, int64_t v)
{
	if (!UNKNOWN(v))
		record_put_int(rec, key, v);
}

static void
dump(const char *tool, const struct event *ev, size_t most, struct buf *out)
{
	struct record *rec;
	struct err ignored;

	buf_clear(out);
	if (record_parse("{}", 2, &rec, &ignored) == -1)
		return;
	record_put_str(rec, "tool", tool);
	record_put_str(rec, "event", ev->what);
	put_cut_text(rec, "device", ev->device, most);
	put_cut_text(rec, "name", ev->name, most);
	put_cut_text(rec, "step", ev->step, most);
	put_event_number(rec, "done", ev->done);
	put_event_number(rec, "total", ev->total);
	put_cut_text(rec, "unit", ev->unit, most);
	put_event_number(rec, "rate", ev->rate);
	put_cut_text(rec, "status", ev->status, most);
	put_cut_text(rec, "code", ev->code, most);
	put_cut_text(rec, "message", ev->message, most);
	put_cut_text(rec, "hint", ev->hint, most);
	put_event_number(rec, "took_ms", ev->took_ms);
	record_dump(rec, out);
	buf_addc(out, '\n');
	record_free(rec);
}

int
event_write(int fd, const char *tool, const struct event *ev, struct err *e)
{
	struct buf line = BUF_INIT;
	size_t most = TEXT_MOST;
	int r;

	do {
		dump(tool, ev, most, &line);
		most /= 2;
	} while (line.len > PIPE_BUF && most > 0);
	r = file_write_all(fd, line.data, line.len, "events", e);
	buf_release(&line);
	return r;
}

bool
event_read(const struct record *rec, struct event *out)
{
	*out = (struct event){
		.what = record_str(rec, "event"),
		.device = record_str(rec, "device"),
		.name = record_str(rec, "name"),
		.step = record_str(rec, "step"),
		.unit = record_str(rec, "unit"),
		.status = record_str(rec, "status"),
		.code = record_str(rec, "code"),
		.message = record_str(rec, "message"),
		.hint = record_str(rec, "hint"),
		.done = record_int(rec, "done"),
		.total = record_int(rec, "total"),
		.rate = record_int(rec, "rate"),
		.took_ms = record_int(rec, "took_ms"),
	};
	return out->what != NULL;
}

bool
run_event(struct tool_run *run, const struct job *j, struct event *ev)
{
	struct err why = ERR_INIT;

	if (run->events_fd == -1)
		return false;
	if (j != NULL) {
		ev->device = j->device;
		ev->name = j->label;
	}
	if (event_write(run->events_fd, run_verb(run->t), ev, &why) == 0)
		return true;
	run->events_fd = -1;		/* people are told instead */
	return false;
}
