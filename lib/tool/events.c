/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tool/run.h"

#define TEXT_MOST	1024		/* bytes of one text; see event_write */

/* The keys of a line, in their order. */
static const struct {
	const char	*key;
	bool		 number;	/* an int64_t, and not a text */
	size_t		 at;		/* in struct event */
} keys[] = {
	{ "event", false, offsetof(struct event, what) },
	{ "device", false, offsetof(struct event, device) },
	{ "name", false, offsetof(struct event, name) },
	{ "step", false, offsetof(struct event, step) },
	{ "done", true, offsetof(struct event, done) },
	{ "total", true, offsetof(struct event, total) },
	{ "unit", false, offsetof(struct event, unit) },
	{ "rate", true, offsetof(struct event, rate) },
	{ "status", false, offsetof(struct event, status) },
	{ "code", false, offsetof(struct event, code) },
	{ "message", false, offsetof(struct event, message) },
	{ "hint", false, offsetof(struct event, hint) },
	{ "took_ms", true, offsetof(struct event, took_ms) },
};

#define KEYS	(sizeof(keys) / sizeof(keys[0]))

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
dump(const char *tool, const struct event *ev, size_t most, struct buf *out)
{
	struct record *rec;
	struct err ignored;

	buf_clear(out);
	if (record_parse("{}", 2, &rec, &ignored) == -1)
		return;
	record_put_str(rec, "tool", tool);
	for (size_t i = 0; i < KEYS; i++) {
		const void *from = (const char *)ev + keys[i].at;

		if (!keys[i].number)
			put_cut_text(rec, keys[i].key,
			    *(const char *const *)from, most);
		else if (*(const int64_t *)from >= 0)	/* known */
			record_put_int(rec, keys[i].key,
			    *(const int64_t *)from);
	}
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
	for (size_t i = 0; i < KEYS; i++) {
		void *to = (char *)out + keys[i].at;

		if (keys[i].number)
			*(int64_t *)to = record_int(rec, keys[i].key);
		else
			*(const char **)to = record_str(rec, keys[i].key);
	}
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
