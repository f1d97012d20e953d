/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE		/* ppoll, which is in POSIX.1-2024 */

/*
 * mpf-try: a tool that does as its records say, to try out lib/tool.
 *
 * MPF_TRY chooses its kind: sync (as when unset), workers, async, source.
 * A record's "try.do" is one of
 *
 *	ok	sets try.done, and try.pid to the process that did
 *	leave	changes nothing
 *	fail	an error that names no board
 *	named	an error that names the port
 *	abort, kill, exit  the process ends
 *	grow	becomes longer than a line may be
 *	steps	as ok, with progress
 *	ask	as ok, after a person was asked for something
 *	wait	as ok, once somebody wrote to the fifo in try.fifo; a signal
 *		makes it "cancelled"
 *	hang	as wait, but it only says that there was a signal
 */

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/stop.h"
#include "tool/tool.h"

#define ASYNC_MAX	8

struct trial {
	bool		 flag;
	const char	*word;
	struct opt_list	 list;
	int64_t		 num, ms;
	size_t		 args;
	struct record	*out[ASYNC_MAX];	/* async: in flight */
	size_t		 n_out;
};

static int
done(struct record *rec)
{
	record_put_bool(rec, "try.done", true);
	record_put_int(rec, "try.pid", getpid());
	return 0;
}

static int
do_steps(struct record *rec)
{
	for (int i = 0; i <= 1000; i++)
		tool_progress(rec, "write", i * 2000, 2000000, "bytes");
	for (int i = 0; i <= 3; i++)
		tool_progress(rec, "check twice", i, 0, "blocks");
	return done(rec);
}

/* Waits until somebody has written to the fifo; false: a signal came. */
static bool
opened(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	sigset_t set, old;
	int r = -1;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &old);
	while (r != 1 && !stop_requested())
		r = ppoll(&p, 1, NULL, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return r == 1;
}

static int
do_wait(struct record *rec, bool hang, struct err *e)
{
	const char *path;
	bool ok;
	int fd;

	if (record_get_str(rec, "try.fifo", &path, e) == -1)
		return -1;
	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd == -1)
		return err_sys(e, "%s", path);
	if (!record_has(rec, "try.quiet"))
		tool_progress(rec, hang ? "hang" : "wait", 0, 0, "turns");
	ok = opened(fd);
	while (hang && !ok) {
		tool_progress(rec, "told", 0, 0, "turns");
		pause();
	}
	close(fd);
	return ok ? done(rec) :
	    err_set(e, ERR_CANCELLED, "stopped in the middle");
}

static int
do_ask(struct record *rec, struct err *e)
{
	struct buf text = BUF_INIT;
	const char *id;

	if (!tool_person(rec))
		return err_set(e, ERR_UNSUPPORTED, "nobody is there");
	if (record_get_str(rec, "device.id", &id, e) == -1)
		return -1;
	buf_addf(&text, "%s: press the button", id);
	tool_ask(rec, text.data);
	buf_release(&text);
	if (!record_has(rec, "try.fifo"))
		return done(rec);
	return do_wait(rec, false, e);
}

static int
do_grow(struct record *rec)
{
	char *text = mem_alloc(STREAM_LINE_MAX + 1);

	memset(text, 'x', STREAM_LINE_MAX);
	record_put_str(rec, "try.text", text);
	free(text);
	return 0;
}

static int
try_filter(struct record *rec, void *ctx, struct err *e)
{
	const char *what, *port;

	(void)ctx;
	if (record_get_str(rec, "try.do", &what, e) == -1)
		return -1;
	if (strcmp(what, "ok") == 0)
		return done(rec);
	if (strcmp(what, "leave") == 0)
		return 0;
	if (strcmp(what, "grow") == 0)
		return do_grow(rec);
	if (strcmp(what, "steps") == 0)
		return do_steps(rec);
	if (strcmp(what, "ask") == 0)
		return do_ask(rec, e);
	if (strcmp(what, "wait") == 0 || strcmp(what, "hang") == 0)
		return do_wait(rec, what[0] == 'h', e);
	if (strcmp(what, "abort") == 0)
		abort();
	if (strcmp(what, "kill") == 0)
		raise(SIGKILL);
	if (strcmp(what, "exit") == 0)
		exit(7);
	if (strcmp(what, "named") == 0 &&
	    record_get_str(rec, "device.serial_port", &port, e) == 0)
		return err_set(e, ERR_BUSY, "%s: held", port);
	err_set(e, ERR_VERIFY, "block 3 differs");
	return err_hint(e, "try again");
}

static bool
try_wants(const struct record *rec, void *ctx)
{
	(void)ctx;
	return !record_has(rec, "skip");
}

static int
try_arg(const char *arg, void *ctx, struct err *e)
{
	struct trial *t = ctx;

	if (strcmp(arg, "bad") == 0)
		return err_set(e, ERR_USAGE, "%s: no such thing", arg);
	t->args++;
	return 0;
}

/* --flag shows what the options were; --word is the way to fail. */
static int
try_begin(void *ctx, struct err *e)
{
	struct trial *t = ctx;

	if (t->word != NULL && strcmp(t->word, "begin") == 0)
		return err_set(e, ERR_IO, "begin: it cannot");
	if (!t->flag)
		return 0;
	fprintf(stderr, "word=%s num=%" PRId64 " ms=%" PRId64 " args=%zu "
	    "sysroot=%s list=", t->word != NULL ? t->word : "-", t->num,
	    t->ms, t->args, tool_sysroot() != NULL ? tool_sysroot() : "-");
	for (size_t i = 0; i < t->list.n; i++)
		fprintf(stderr, "%s,", t->list.v[i]);
	fprintf(stderr, "\n");
	return 0;
}

static int
try_prepare(struct record *rec, void *ctx, struct err *e)
{
	(void)ctx;
	if (record_has(rec, "try.unprepared"))
		return err_set(e, ERR_NOT_FOUND, "unprepared");
	return 0;
}

static int
try_finish(struct record *rec, void *ctx, struct err *e)
{
	(void)ctx;
	if (record_has(rec, "try.unfinished"))
		return err_set(e, ERR_SPACE, "unfinished");
	if (record_has(rec, "try.note"))
		record_put_int(rec, "try.finished_by", getpid());
	return 0;
}

static int
try_source(struct tool_run *run, void *ctx, struct err *e)
{
	struct trial *t = ctx;
	struct record *rec;
	char id[32];

	for (int64_t i = 0; i < t->num; i++) {
		rec = record_new();
		snprintf(id, sizeof(id), "t/tty/%" PRId64, i);
		record_put_str(rec, "device.id", id);
		record_put_str(rec, "device.mode", "repl");
		record_put_str(rec, "try.do", "ok");
		tool_feed(run, rec);
	}
	if (t->word != NULL && strcmp(t->word, "source") == 0)
		return err_set(e, ERR_IO, "source: it cannot");
	return 0;
}

static void
try_submit(struct tool_run *run, struct record *rec, void *ctx)
{
	struct trial *t = ctx;

	if (t->n_out == ASYNC_MAX || record_has(rec, "try.now"))
		tool_done(run, rec, NULL);
	else
		t->out[t->n_out++] = rec;
}

/* Holds all back until no more can come, and works the last one first. */
static int
try_turn(struct tool_run *run, int in_fd, void *ctx, struct err *e)
{
	struct trial *t = ctx;
	struct pollfd p = { .fd = in_fd, .events = POLLIN };
	struct err why = ERR_INIT;
	struct record *rec;

	if (t->word != NULL && strcmp(t->word, "turn") == 0)
		return err_set(e, ERR_NETWORK, "turn: it cannot");
	if (tool_more(run) && !stop_requested()) {
		poll(&p, 1, in_fd == -1 ? 0 : -1);
		return 0;
	}
	rec = t->out[--t->n_out];
	if (stop_requested())
		err_set(&why, ERR_CANCELLED, "held back");
	tool_done(run, rec, stop_requested() ||
	    try_filter(rec, ctx, &why) == -1 ? &why : NULL);
	return 0;
}

int
main(int argc, char *argv[])
{
	const char *kind = getenv("MPF_TRY");
	struct trial ctx = { .num = -1, .ms = -1 };
	const struct opt opts[] = {
		OPT_FLAG('f', "flag", &ctx.flag, "a flag"),
		OPT_STR('w', "word", "WORD", &ctx.word, "a word"),
		OPT_LIST('l', "list", "ITEM", &ctx.list, "one of many"),
		OPT_NUM('n', "number", "N", &ctx.num, "a number"),
		OPT_MS(0, "a-rather-long-name", "TIME", &ctx.ms, "a time"),
		OPT_END
	};
	static const struct column columns[] = {
		{ "DEVICE", NULL, COLUMN_NAME, NULL },
		{ "DONE", "try.done", COLUMN_STATE, NULL },
		{ "NOTE", "try.text", COLUMN_TEXT, NULL },
		COLUMN_END
	};
	struct tool t = {
		.name = "mpf-try",
		.summary = "Does as its records say.",
		.synopsis = "[options] [thing ...] <records",
		.arg = try_arg,
		.opts = opts,
		.columns = columns,
		.ctx = &ctx,
		.begin = try_begin,
		.wants = try_wants,
		.prepare = try_prepare,
		.filter = try_filter,
		.finish = try_finish,
	};

	kind = kind != NULL ? kind : "sync";
	t.workers = strcmp(kind, "workers") == 0 || strcmp(kind, "source") == 0;
	if (strcmp(kind, "source") == 0)
		t.source = try_source;
	if (strcmp(kind, "async") == 0) {
		t.filter = NULL;
		t.submit = try_submit;
		t.turn = try_turn;
	}
	t.finish_failed = getenv("MPF_TRY_FAILED") != NULL;
	return tool_main(&t, argc, argv);
}
