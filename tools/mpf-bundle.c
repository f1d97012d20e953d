/* SPDX-License-Identifier: MIT */

/*
 * mpf-bundle: carries firmware to a machine without a network, in a tar.
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/dirs.h"
#include "base/log.h"
#include "base/stop.h"
#include "bundle/bundle.h"
#include "model/codec.h"
#include "tool/tool.h"

enum verb { VERB_NONE, VERB_EXPORT, VERB_IMPORT, VERB_VERIFY };

static const char *const verbs[] = {
	[VERB_EXPORT] = "export",
	[VERB_IMPORT] = "import",
	[VERB_VERIFY] = "verify",
};

struct ctx {
	struct fetch_opts	 o;
	const char		*dir;		/* as the user gave it */
	struct opt_list		 pubkeys;
	enum verb		 verb;
	const char		*file;
	struct fetch		*f;
	struct bundle		*bundle;	/* what is exported */
	size_t			 n_failed;	/* records with an error */
	bool			 passing;	/* what is fed now is done */
	struct tool_run		*run;
};

static int
take_verb_or_file(const char *arg, void *p, struct err *e)
{
	struct ctx *ctx = p;

	for (size_t i = VERB_EXPORT; i <= VERB_VERIFY; i++)
		if (ctx->verb == VERB_NONE && strcmp(arg, verbs[i]) == 0) {
			ctx->verb = (enum verb)i;
			return 0;
		}
	if (ctx->verb == VERB_NONE) {
		err_set(e, ERR_USAGE, "%s: not a command of mpf-bundle", arg);
		return err_hint(e, "export FILE, import FILE or verify FILE");
	}
	if (ctx->file != NULL)
		return err_set(e, ERR_USAGE, "%s: one file at a time", arg);
	ctx->file = arg;
	return 0;
}

static int
check_bundle_words(const struct ctx *ctx, struct err *e)
{
	if (ctx->verb == VERB_NONE || ctx->file == NULL ||
	    ctx->file[0] == '\0') {
		err_set(e, ERR_USAGE, "no %s", ctx->verb == VERB_NONE ?
		    "command" : "file");
		return err_hint(e, "export FILE, import FILE or verify FILE");
	}
	if (ctx->verb == VERB_EXPORT && ctx->pubkeys.n > 0) {
		err_set(e, ERR_USAGE, "--pubkey goes with import and verify");
		return err_hint(e, "to sign a bundle: minisign -S -m %.80s",
		    ctx->file);
	}
	return 0;
}

static int
begin(void *p, struct err *e)
{
	struct ctx *ctx = p;
	char *dir;
	int r;

	if (check_bundle_words(ctx, e) == -1)
		return -1;
	signal(SIGXFSZ, SIG_IGN);	/* a limit is an error of write(2) */
	dir = dirs_firmware(ctx->dir);
	ctx->o.pubkeys = ctx->pubkeys.v;
	ctx->o.dir = dir;
	r = fetch_open(&ctx->o, &ctx->f, e);
	free(dir);
	if (r == 0 && ctx->verb == VERB_EXPORT)
		ctx->bundle = bundle_new(ctx->f);
	return r;
}

static bool
has_source(void *p)
{
	const struct ctx *ctx = p;

	return ctx->verb != VERB_EXPORT;
}

static void
feed_bundled(const struct firmware *fw, const struct image *image, void *p)
{
	struct ctx *ctx = p;
	struct record *rec = record_new();

	firmware_put(rec, fw);
	image_put(rec, image);
	ctx->passing = true;
	tool_feed(ctx->run, rec);
	ctx->passing = false;
}

static int
source(struct tool_run *run, void *p, struct err *e)
{
	struct ctx *ctx = p;

	ctx->run = run;
	return ctx->verb == VERB_IMPORT ?
	    bundle_import(ctx->f, ctx->file, feed_bundled, ctx, e) :
	    bundle_verify(ctx->f, ctx->file, feed_bundled, ctx, e);
}

static bool
wants(const struct record *rec, void *p)
{
	const struct ctx *ctx = p;

	return !ctx->passing && !firmware_skipped(rec);
}

static int
add(struct record *rec, void *p, struct err *e)
{
	struct ctx *ctx = p;

	return bundle_add(ctx->bundle, rec, e);
}

static int
count_failed(struct record *rec, void *p, struct err *e)
{
	struct ctx *ctx = p;

	(void)e;
	ctx->n_failed += record_failed(rec);
	return 0;
}

/* A bundle that lacks what was asked for is not written. */
static int
last(struct tool_run *run, void *p, struct err *e)
{
	struct ctx *ctx = p;

	(void)run;
	if (ctx->bundle == NULL)
		return fetch_finish(ctx->f, e);
	if (ctx->n_failed > 0 || stop_requested()) {
		err_set(e, stop_requested() ? ERR_CANCELLED : ERR_NOT_FOUND,
		    "%s: not written: %zu file%s did not come", ctx->file,
		    ctx->n_failed, ctx->n_failed == 1 ? "" : "s");
		return err_hint(e, "the errors above say why");
	}
	return bundle_write(ctx->bundle, ctx->file, e);
}

static void
end(void *p)
{
	struct ctx *ctx = p;

	bundle_free(ctx->bundle);
	fetch_close(ctx->f);
}

/* What the options say. */
static struct ctx the = { .o = { .offline = true, .say = log_msg } };

static const struct opt opts[] = {
	OPT_STR('d', "dir", "DIR", &the.dir, "use DIR as the firmware folder"),
	OPT_STR(0, "lock", "FILE", &the.o.lock,
	    "use the lock file FILE (default mpf.lock, if it exists)"),
	OPT_FLAG(0, "locked", &the.o.locked,
	    "refuse files that are not in the lock file"),
	OPT_FLAG(0, "no-lock", &the.o.no_lock, "use no lock file"),
	OPT_LIST(0, "pubkey", "KEY", &the.pubkeys,
	    "refuse a bundle that KEY, a key of minisign, has not signed"),
	OPT_END
};

static const struct column columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "BOARD", "firmware.board_id", COLUMN_NAME, NULL },
	{ "VERSION", "firmware.version", COLUMN_NAME, NULL },
	{ "SIZE", "image.size_bytes", COLUMN_NAME, NULL },
	{ "FILE", "image.path", COLUMN_PATH, NULL },
	COLUMN_END
};

int
main(int argc, char *argv[])
{
	const struct tool t = {
		.name = "mpf-bundle",
		.summary = "carry firmware to a machine without a network",
		.synopsis = "[options] export FILE <records | import FILE | "
		    "verify FILE",
		.arg = take_verb_or_file,
		.opts = opts,
		.columns = columns,
		.ctx = &the,
		.begin = begin,
		.source = source,
		.has_source = has_source,
		.wants = wants,
		.filter = add,
		.finish = count_failed,
		.finish_failed = true,
		.last = last,
		.end = end,
	};

	return tool_main(&t, argc, argv);
}
