/* SPDX-License-Identifier: MIT */

/*
 * mpf-index: which firmware there is, by the boards' download pages: brings
 * them up to date, lists them, and writes out what is known.
 */

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/dirs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "http/options.h"
#include "model/codec.h"
#include "site/board.h"
#include "site/index_line.h"
#include "site/list.h"
#include "site/name.h"
#include "site/refresh.h"
#include "tool/tool.h"

enum verb { VERB_FILTER, VERB_REFRESH, VERB_LIST, VERB_EXPORT };

static const char *const verbs[] = {
	[VERB_REFRESH] = "refresh",
	[VERB_LIST] = "list",
	[VERB_EXPORT] = "export",
};

struct ctx {
	struct refresh_opts	 o;
	const char		*dir;		/* as the user gave it */
	struct opt_list		 mirrors;
	struct list_want	 want;
	enum verb		 verb;
	const char		**boards;
	size_t			 n_boards;
	bool			 passing;	/* what is fed now is done */
	struct refresh		*r;
	struct tool_run		*run;
};

/* A record that waits for its board's page. */
struct job {
	struct refresh_wait	 w;
	struct ctx		*ctx;
	struct record		*rec;
	bool			 chosen;	/* it has a firmware */
};

static int
take_verb_or_board(const char *arg, void *p, struct err *e)
{
	struct ctx *ctx = p;

	for (size_t i = VERB_REFRESH; i <= VERB_EXPORT; i++)
		if (ctx->verb == VERB_FILTER && strcmp(arg, verbs[i]) == 0) {
			ctx->verb = (enum verb)i;
			return 0;
		}
	if (ctx->verb == VERB_FILTER) {
		err_set(e, ERR_USAGE, "%s: not a command of mpf-index", arg);
		return err_hint(e, "refresh, list or export; without any, it "
		    "reads records");
	}
	ctx->boards = mem_grow(ctx->boards, ctx->n_boards + 1,
	    sizeof(*ctx->boards));
	ctx->boards[ctx->n_boards++] = arg;
	return 0;
}

static int
check_index_words(const struct ctx *ctx, struct err *e)
{
	const struct list_want *w = &ctx->want;

	if (ctx->verb == VERB_LIST && ctx->n_boards == 0) {
		err_set(e, ERR_USAGE, "list: no board given");
		return err_hint(e, "mpf-index list BOARD");
	}
	if (ctx->verb != VERB_LIST && (w->variant != NULL ||
	    w->version != NULL || w->port != NULL || w->folder != NULL))
		return err_set(e, ERR_USAGE, "--variant, --port, --version and "
		    "--source go with list");
	if (ctx->verb != VERB_LIST && ctx->verb != VERB_EXPORT && w->offline)
		return err_set(e, ERR_USAGE, "--offline goes with list");
	if (w->folder != NULL && w->folder[0] == '\0')
		return err_set(e, ERR_USAGE, "--source '': names nothing");
	if (ctx->o.http.cacert != NULL && ctx->o.http.cacert[0] == '\0')
		return err_set(e, ERR_USAGE, "--cacert '': no file");
	return 0;
}

static int
begin(void *p, struct err *e)
{
	struct ctx *ctx = p;
	char *dir;
	int r;

	if (check_index_words(ctx, e) == -1)
		return -1;
	dir = dirs_firmware(ctx->dir);
	ctx->o.mirrors = ctx->mirrors.v;
	ctx->o.dir = dir;
	ctx->o.by_hand = ctx->n_boards > 0;
	r = refresh_open(&ctx->o, &ctx->r, e);
	free(dir);
	return r;
}

static bool
has_source(void *p)
{
	const struct ctx *ctx = p;

	return ctx->verb != VERB_FILTER;
}

static void
feed_record(struct ctx *ctx, struct record *rec)
{
	ctx->passing = true;
	tool_feed(ctx->run, rec);
	ctx->passing = false;
}

static void
feed_firmware(const struct firmware *fw, void *p)
{
	struct record *rec = record_new();

	firmware_put(rec, fw);
	feed_record(p, rec);
}

static void
feed_board_error(struct ctx *ctx, const char *board, const struct err *e)
{
	struct record *rec = record_new();

	log_err(e);
	record_put_str(rec, "firmware.wanted", board);
	record_fail(rec, "index", e);
	feed_record(ctx, rec);
}

static int
feed_page(const char *board_id, void *p)
{
	struct ctx *ctx = p;
	struct buf line = BUF_INIT;
	struct record *rec = NULL;
	struct index ix;
	struct err e = ERR_INIT;
	int r = index_from_store(refresh_store(ctx->r), board_id, &ix, &e);

	if (r == 1) {
		index_line_put(&ix, board_id, &line);
		r = record_parse(line.data, line.len - 1, &rec, &e);
		index_release(&ix);
	}
	buf_release(&line);
	if (r == 0 && rec != NULL)
		feed_record(ctx, rec);
	else if (r == -1)
		feed_board_error(ctx, board_id, &e);
	return 0;
}

static int
source(struct tool_run *run, void *p, struct err *e)
{
	struct ctx *ctx = p;
	struct err why = ERR_INIT;

	ctx->run = run;
	if (ctx->verb == VERB_EXPORT && ctx->n_boards == 0)
		return store_page_boards(refresh_store(ctx->r), feed_page,
		    ctx, e);
	if (ctx->verb == VERB_REFRESH)
		return 0;
	for (size_t i = 0; i < ctx->n_boards; i++) {
		ctx->want.board = ctx->boards[i];
		if (ctx->verb == VERB_EXPORT)
			feed_page(ctx->boards[i], ctx);
		else if (list_board(ctx->r, &ctx->want, feed_firmware, ctx,
		    &why) == -1)
			feed_board_error(ctx, ctx->boards[i], &why);
	}
	return 0;
}

static bool
wants(const struct record *rec, void *p)
{
	const struct ctx *ctx = p;

	(void)rec;
	return !ctx->passing;
}

/* That there is no page is no fault of a board of the user's own. */
static void
on_page(struct refresh_wait *w, const char *url, const struct err *e)
{
	struct job *job = (struct job *)w;
	struct record *rec = job->rec;
	const bool none = e != NULL && e->code == ERR_NOT_FOUND;

	if (none)
		log_err(e);
	if (e == NULL && job->chosen) {
		record_put_str(rec, "firmware.index.source", url);
		record_put_int(rec, "firmware.index.age_s", 0);
		record_put_bool(rec, "firmware.index.stale", false);
	}
	tool_done(job->ctx->run, rec, none ? NULL : e);
	free(job);
}

static int
board_of(const struct record *rec, const char **id, bool *chosen,
    struct err *e)
{
	if (record_opt_str(rec, "firmware.board_id", id, e) == -1)
		return -1;
	*chosen = *id != NULL;
	if (*id == NULL && record_opt_str(rec, "board.board_id", id, e) == -1)
		return -1;
	return *id == NULL || firmware_file_safe(*id) ? 0 :
	    err_set(e, ERR_INPUT, "%s: not a board's id", *id);
}

static void
submit(struct tool_run *run, struct record *rec, void *p)
{
	struct ctx *ctx = p;
	struct err e = ERR_INIT;
	struct job *job;
	const char *id;
	bool chosen;
	const int r = board_of(rec, &id, &chosen, &e);

	ctx->run = run;
	if (r == -1 || id == NULL) {
		tool_done(run, rec, r == -1 ? &e : NULL);
		return;
	}
	job = mem_alloc(sizeof(*job));
	*job = (struct job){ { .done = on_page }, ctx, rec, chosen };
	refresh_board(ctx->r, id, &job->w);
}

static int
turn(struct tool_run *run, int in_fd, void *p, struct err *e)
{
	struct ctx *ctx = p;

	ctx->run = run;
	if (!stop_requested())
		return refresh_turn(ctx->r, in_fd, e);
	refresh_cancel(ctx->r);
	return 0;
}

static int
begin_boards(struct ctx *ctx, struct err *e)
{
	struct facts *facts = refresh_facts(ctx->r, e);
	struct board_name name;

	for (size_t i = 0; i < ctx->n_boards; i++) {
		if (facts == NULL || site_board(refresh_store(ctx->r), &facts,
		    NULL, ctx->boards[i], &name, e) == -1)
			return -1;
		refresh_board(ctx->r, name.board_id, NULL);
	}
	return 0;
}

static int
last(struct tool_run *run, void *p, struct err *e)
{
	struct ctx *ctx = p;
	struct refreshed n = { .changed = 0 };
	int r = 0;

	ctx->run = run;
	if (ctx->verb != VERB_REFRESH)
		return 0;
	if (ctx->n_boards == 0)
		r = refresh_all(ctx->r, &n, e);
	else if (begin_boards(ctx, e) == -1)
		return -1;
	else
		r = refresh_finish(ctx->r, &n, e);
	log_msg("%zu boards: %zu changed, %zu unchanged, %zu without firmware,"
	    " %zu failed", n.pages, n.changed, n.unchanged, n.empty, n.failed);
	return r;
}

static void
end(void *p)
{
	struct ctx *ctx = p;

	refresh_close(ctx->r);
	free(ctx->boards);
}

static void
on_page_progress(size_t done, size_t total, void *p)
{
	const struct ctx *ctx = p;

	if (ctx->run != NULL)
		tool_progress_all(ctx->run, "refresh", (int64_t)done,
		    (int64_t)total, "pages");
}

/* What the options say. */
static struct ctx the = { .o = { .http = HTTP_OPTS_INIT, .say = log_msg,
    .page_failed = log_err, .progress = on_page_progress, .ctx = &the } };

static const struct opt opts[] = {
	OPT_STR(0, "variant", "NAME", &the.want.variant,
	    "list this variant of the board; - is the plain build"),
	OPT_STR(0, "port", "NAME", &the.want.port,
	    "list the board of the MicroPython port NAME"),
	OPT_STR(0, "version", "WHICH", &the.want.version,
	    "list stable, preview, latest, 1.24.1, 1.24 or \">=1.22,<1.25\""),
	OPT_STR(0, "source", "FOLDER", &the.want.folder,
	    "list the files in FOLDER instead of the site"),
	OPT_FLAG(0, "offline", &the.want.offline,
	    "list the files in the firmware folder"),
	OPT_LIST(0, "mirror", "URL", &the.mirrors,
	    "ask the site at URL (default " SITE_MIRROR ")"),
	OPT_STR('d', "dir", "DIR", &the.dir, "use DIR as the firmware folder"),
	HTTP_OPTS(&the.o.http),
	OPT_END
};

static const struct column columns[] = {
	{ "BOARD", "firmware.board_id", COLUMN_NAME, NULL },
	{ "VARIANT", "firmware.variant", COLUMN_NAME, NULL },
	{ "VERSION", "firmware.version", COLUMN_NAME, NULL },
	{ "BUILD", "firmware.build", COLUMN_NAME, NULL },
	{ "FILE", "firmware.file_name", COLUMN_PATH, NULL },
	COLUMN_END
};

int
main(int argc, char *argv[])
{
	const struct tool t = {
		.name = "mpf-index",
		.summary = "know which firmware there is for which board",
		.synopsis = "[options] [refresh [BOARD...] | list BOARD... | "
		    "export [BOARD...] | <records]",
		.arg = take_verb_or_board,
		.opts = opts,
		.columns = columns,
		.ctx = &the,
		.begin = begin,
		.source = source,
		.has_source = has_source,
		.wants = wants,
		.submit = submit,
		.turn = turn,
		.last = last,
		.end = end,
	};

	return tool_main(&t, argc, argv);
}
