/* SPDX-License-Identifier: MIT */

/*
 * mpf-add: takes firmware of the user's own into the firmware folder, and
 * emits a record of each file that can go straight on to mpf-flash.
 */

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/dirs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "custom/track.h"
#include "http/options.h"
#include "model/codec.h"
#include "site/address.h"
#include "tool/tool.h"

struct ctx {
	struct custom_opts	 o;
	struct firmware		 said;
	const char		*dir;		/* as the user gave it */
	struct opt_list		 boards, features, dependencies, tags, pubkeys;
	const char		**words;	/* what to add */
	size_t			 n_words;
	bool			 flash, track, update;
	const char		*git_path;
	const char		*serial;	/* for mpf-flash */
	struct custom		*c;
	struct store		*store;		/* NULL: not open yet */
	struct buf		 input;		/* all of standard input */
	struct custom_asked	*asked;		/* each file */
	size_t			 n_asked;
	struct tool_run		*run;
};

/* Which of them a record is of; gone when it is done. */
#define NUMBER		"add.number"

static int
take_file(const char *arg, void *p, struct err *e)
{
	struct ctx *ctx = p;

	if (arg[0] == '\0') {
		err_set(e, ERR_USAGE, "'': names no file");
		return err_hint(e, "name one, or - for standard input");
	}
	ctx->words = mem_grow(ctx->words, ctx->n_words + 1,
	    sizeof(*ctx->words));
	ctx->words[ctx->n_words++] = arg;
	return 0;
}

static int
take_list(const struct opt_list *l, const char *option, const char **out,
    struct err *e)
{
	if (l->n > MODEL_WORDS)
		return err_set(e, ERR_USAGE, "--%s: more than %u times",
		    option, MODEL_WORDS);
	for (size_t i = 0; i < l->n; i++)
		out[i] = l->v[i];
	return 0;
}

/* What the options say, as a record says it. */
static int
take_options(struct ctx *ctx, struct err *e)
{
	struct firmware *said = &ctx->said;
	struct opt_list more = ctx->boards;

	if (ctx->n_words == 0 && !ctx->update) {
		err_set(e, ERR_USAGE, "names no firmware to add");
		return err_hint(e, "mpf-add FILE; a folder, an address, "
		    "github:OWNER/REPO@TAG#GLOB, or - for standard input");
	}
	if (ctx->update && (ctx->n_words > 0 || ctx->track))
		return err_set(e, ERR_USAGE, "--update takes what --track "
		    "was given before, and no other");
	if (ctx->serial != NULL && !ctx->flash)
		return err_set(e, ERR_USAGE, "--serial goes with --flash");
	if (ctx->boards.n > 0) {
		said->board_id = ctx->boards.v[0];
		more.v++;
		more.n--;
	}
	if (take_list(&more, "board", said->fits, e) == -1 ||
	    take_list(&ctx->features, "feature", said->features, e) == -1 ||
	    take_list(&ctx->dependencies, "dependency", said->dependencies,
	    e) == -1)
		return -1;
	return take_list(&ctx->tags, "tag", said->tags, e);
}

static int
begin(void *p, struct err *e)
{
	struct ctx *ctx = p;
	char *dir;
	int r;

	if (take_options(ctx, e) == -1)
		return -1;
	signal(SIGXFSZ, SIG_IGN);	/* a limit is an error of write(2) */
	dir = dirs_firmware(ctx->dir);
	ctx->o.dir = dir;
	ctx->o.pubkeys = ctx->pubkeys.v;
	r = custom_open(&ctx->o, &ctx->c, e);
	free(dir);
	return r;
}

static void
feed_file_error(struct ctx *ctx, const struct err *e)
{
	struct record *rec = record_new();

	log_err(e);
	record_fail(rec, "add", e);
	tool_feed(ctx->run, rec);
}

/*
 * Takes a over.  Until it is known, a record says of a file no more than where
 * it is.
 */
static void
feed_asked(struct custom_asked *a, void *p)
{
	struct ctx *ctx = p;
	struct record *rec = record_new();
	char *shown = address_public(a->source);

	ctx->asked = mem_grow(ctx->asked, ctx->n_asked + 1,
	    sizeof(*ctx->asked));
	ctx->asked[ctx->n_asked] = *a;
	record_put_str(rec, "firmware.source", shown);
	record_put_int(rec, NUMBER, (int64_t)ctx->n_asked++);
	free(shown);
	tool_feed(ctx->run, rec);
}

static int
feed_word(const char *source, void *p)
{
	struct ctx *ctx = p;
	struct custom_asked a = { .source = mem_str(source),
	    .git_path = mem_str(ctx->git_path), .said = ctx->said };
	struct err e = ERR_INIT;

	if (!ctx->track || custom_track(&a, &e) == 0) {
		feed_asked(&a, ctx);
		return 0;
	}
	feed_file_error(ctx, &e);
	custom_asked_release(&a);
	return 0;
}

static int
source(struct tool_run *run, void *p, struct err *e)
{
	struct ctx *ctx = p;
	bool input = false;

	ctx->run = run;
	for (size_t i = 0; i < ctx->n_words; i++)
		input = input || strcmp(ctx->words[i], "-") == 0;
	if (input && custom_input(&ctx->input, e) == -1)
		return -1;
	for (size_t i = 0; i < ctx->n_words; i++) {
		struct err why = ERR_INIT;

		if (custom_each(ctx->words[i], feed_word, ctx, &why) == -1)
			feed_file_error(ctx, &why);
	}
	return ctx->update ? custom_tracked(ctx->c, feed_asked, ctx, e) : 0;
}

/* Of a file: its bytes, and all that they and others say of it. */
static int
add_file(struct record *rec, void *p, struct err *e)
{
	const struct ctx *ctx = p;
	const struct custom_asked *a;
	struct custom_entry en;
	struct firmware said;
	int64_t n;
	int r;

	if (record_get_int(rec, NUMBER, &n, e) == -1)
		return -1;
	a = &ctx->asked[n];
	said = a->said;
	said.source = a->source;
	r = custom_take(ctx->c, &said, a->git_path, &ctx->input, &en, e);
	if (r == 0 && text_same(a->last, en.firmware.sha256)) {
		en.firmware.action = "skip";
		en.firmware.reason = "unchanged since it was last looked at";
	}
	if (r == 0) {
		record_clear(rec, "firmware");
		firmware_put(rec, &en.firmware);
		image_put(rec, &en.image);
	}
	custom_release(&en);
	return r;
}

static int
open_custom_store(struct ctx *ctx, struct err *e)
{
	if (ctx->store != NULL ||
	    store_open_folder(ctx->dir, STORE_WRITE, &ctx->store, e) == 0)
		return 0;
	return e->hint[0] != '\0' ? -1 : err_hint(e, "name another folder "
	    "with --dir");
}

/* The rows, which belong to the parent alone. */
static int
put_rows(struct record *rec, void *p, struct err *e)
{
	struct ctx *ctx = p;
	struct record *was;
	struct custom_entry en = { .firmware = FIRMWARE_INIT,
	    .image = IMAGE_INIT };
	struct err ignored;
	bool again = false;
	int64_t n = -1;
	int r = -1;

	record_opt_int(rec, NUMBER, &n, &ignored);
	record_drop(rec, "add");
	if (ctx->o.dry_run || record_failed(rec))
		return 0;
	was = record_copy(rec);
	if (firmware_get(was, &en.firmware, e) == 0 &&
	    image_get(was, &en.image, e) == 0 &&
	    open_custom_store(ctx, e) == 0)
		r = custom_asked_keep(ctx->store, &ctx->asked[n], &en, &again,
		    e);
	if (r == 0) {
		firmware_put(rec, &en.firmware);
		image_put(rec, &en.image);
	}
	if (again && !ctx->update)
		log_msg("%s: these bytes are there already, since %s",
		    en.firmware.file_name, en.firmware.added_at);
	custom_release(&en);
	record_free(was);
	return r;
}

static void
end(void *p)
{
	struct ctx *ctx = p;

	store_close(ctx->store);
	custom_close(ctx->c);
	buf_release(&ctx->input);
	while (ctx->n_asked > 0)
		custom_asked_release(&ctx->asked[--ctx->n_asked]);
	free(ctx->asked);
	free(ctx->words);
}

/* "mpf-add FILE | mpf-flash" */
static const char **
next(void *p)
{
	const struct ctx *ctx = p;
	const char **argv;
	size_t n = 0;

	if (!ctx->flash)
		return NULL;
	argv = mem_alloc(5 * sizeof(*argv));
	argv[n++] = "mpf-flash";
	if (ctx->o.dry_run)
		argv[n++] = "--dry-run";
	if (ctx->serial != NULL) {
		argv[n++] = "--serial";
		argv[n++] = ctx->serial;
	}
	return argv;
}

/* What the options say. */
static struct ctx the = { .o = { .http = HTTP_OPTS_INIT, .say = log_msg },
    .said = FIRMWARE_INIT, .input = BUF_MAX(CUSTOM_MAX) };

static const struct opt opts[] = {
	OPT_LIST('b', "board", "ID", &the.boards,
	    "the firmware is for the board ID; give it for each board"),
	OPT_STR(0, "variant", "NAME", &the.said.variant,
	    "it is this variant of the board; - is the plain build"),
	OPT_STR(0, "port", "NAME", &the.said.port,
	    "it is for the MicroPython port NAME"),
	OPT_STR(0, "version", "WHICH", &the.said.version,
	    "it is v1.24.1, v1.26.0-preview or v1.26.0-preview-48"),
	OPT_STR(0, "description", "TEXT", &the.said.description,
	    "describe it"),
	OPT_STR(0, "author", "NAME", &the.said.author, "name its author"),
	OPT_STR(0, "organization", "NAME", &the.said.organization,
	    "name the author's organization"),
	OPT_LIST(0, "feature", "WORD", &the.features,
	    "name something that it has; give it for each feature"),
	OPT_LIST(0, "dependency", "SPEC", &the.dependencies,
	    "name something that it needs; give it for each dependency"),
	OPT_LIST(0, "tag", "WORD", &the.tags, "tag it; give it for each tag"),
	OPT_STR(0, "custom-id", "ID", &the.said.custom_id,
	    "the id under which mpflash knows it"),
	OPT_STR(0, "toolchain", "TEXT", &the.said.toolchain_version,
	    "name the toolchain that built it"),
	OPT_STR(0, "git-path", "DIR", &the.git_path,
	    "it was built from the git repository at DIR"),
	OPT_LIST(0, "pubkey", "KEY", &the.pubkeys,
	    "refuse files that KEY, a key of minisign, has not signed"),
	OPT_STR(0, "scan", "COMMAND", &the.o.scan,
	    "refuse files for which COMMAND FILE fails"),
	OPT_STR('d', "dir", "DIR", &the.dir, "use DIR as the firmware folder"),
	OPT_FLAG('n', "dry-run", &the.o.dry_run,
	    "print the records, and store nothing"),
	OPT_FLAG(0, "track", &the.track, "look for it again at each --update"),
	OPT_FLAG(0, "update", &the.update,
	    "add what is new of all that --track was given"),
	OPT_FLAG(0, "flash", &the.flash,
	    "flash the board that the firmware fits"),
	OPT_STR(0, "serial", "NAME", &the.serial,
	    "with --flash: the board at this port, USB path or drive"),
	OPT_FLAG('f', "force", &the.o.force,
	    "believe the options where the file says something else"),
	HTTP_OPTS(&the.o.http),
	OPT_END
};

static const struct column columns[] = {
	{ "FILE", "firmware.file_name", COLUMN_NAME, NULL },
	{ "BOARD", NULL, COLUMN_NAME, column_board },
	{ "VERSION", "firmware.version", COLUMN_NAME, NULL },
	{ "CHIP", "image.chip", COLUMN_MORE, NULL },
	{ "TRUST", "firmware.trust", COLUMN_STATE, NULL },
	{ "SIZE", "image.size_bytes", COLUMN_MORE, NULL },
	{ "DESCRIPTION", "firmware.description", COLUMN_REASON, NULL },
	COLUMN_END
};

int
main(int argc, char *argv[])
{
	const struct tool t = {
		.name = "mpf-add",
		.summary = "take custom firmware into the firmware folder",
		.synopsis = "[options] FILE | FOLDER | ADDRESS | - ...",
		.examples = "  mpf-add firmware.uf2 | mpf-flash\n"
		    "  mpf-add --board RPI_PICO --description 'with BLE' "
		    "build/\n"
		    "  mpf-add 'github:acme/blinky@v2.1#*.uf2'\n",
		.arg = take_file,
		.opts = opts,
		.columns = columns,
		.ctx = &the,
		.share = true,
		.begin = begin,
		.source = source,
		.filter = add_file,
		.finish = put_rows,
		.finish_failed = true,
		.end = end,
		.next = next,
		.workers = true,
	};

	return tool_main(&t, argc, argv);
}
