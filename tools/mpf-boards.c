/* SPDX-License-Identifier: MIT */

/*
 * mpf-boards: the table of boards, made from MicroPython's own repository, or
 * compared with it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/share.h"
#include "tool/tool.h"
#include "upstream/check.h"
#include "upstream/upstream.h"

#define FILE_MODE	0644
#define WORDS_MAX	5

struct opts {
	const char	*repo, *output, *share, *tip;
	bool		 check, versions;
	struct column	*columns;	/* they depend on what is done */
};

/* What the repository holds; rows only where they are wanted. */
static int
read_repo(struct tool_run *run, const struct opts *o, bool rows,
    struct catalog *out, struct err *e)
{
	struct problems problems = PROBLEMS_INIT;
	struct err said = ERR_INIT;
	struct git *g = NULL;
	int r = -1;

	*out = (struct catalog)CATALOG_INIT;
	if (git_open(o->repo, &g, e) == -1 ||
	    upstream_versions(g, o->tip, out, e) == -1)
		goto out;
	r = rows ? upstream_rows(g, out, &problems, e) : 0;
	for (size_t i = 0; r == 0 && i < problems.n; i++) {
		const struct problem *p = &problems.v[i];

		err_set(&said, ERR_INPUT, "%s%s%s: %s",
		    out->version[p->first].name,
		    p->first < p->last ? " to " : "",
		    p->first < p->last ? out->version[p->last].name : "",
		    p->what);
		tool_fail(run, &said);
	}
out:
	problems_release(&problems);
	git_close(g);
	return r;
}

/* --- the table --- */

static int
write_table(const struct opts *o, const struct buf *text, struct err *e)
{
	if (o->output == NULL)
		return file_write_all(STDOUT_FILENO, text->data, text->len,
		    "standard output", e);
	if (file_write(o->output, text->data, text->len, FILE_MODE, e) == -1)
		return err_hint(e, "it is as it was; name another file with "
		    "--output");
	return 0;
}

static int
make_table(struct tool_run *run, const struct opts *o, struct err *e)
{
	struct buf text = BUF_INIT;
	struct catalog t;
	int r;

	tool_own_output(run);
	r = read_repo(run, o, true, &t, e);
	if (r == 0) {
		catalog_print(&t, &text);
		r = write_table(o, &text, e);
	}
	if (r == 0)
		log_verbose("%zu rows, %zu versions, %s", t.n_rows,
		    t.n_versions, t.tip);
	buf_release(&text);
	catalog_release(&t);
	return r;
}

/* --- comparing --- */

struct differences {
	struct tool_run	*run;
	size_t		 n;
};

/* A record for each: what is concerned, and the rest as an error. */
static void
differ(void *ctx, const struct difference *d)
{
	const struct {
		const char *path, *value;
	} keys[] = {
		{ "board.version", d->version }, { "board.port", d->port },
		{ "board.board_id", d->board },
		{ "board.variant", d->variant },
	};
	struct differences *all = ctx;
	struct record *rec = record_new();
	struct err e = ERR_INIT;

	err_set(&e, ERR_MISMATCH, "%s", d->text);
	for (size_t i = 0; d->board[0] != '\0' && i < 4; i++)
		if (keys[i].value[0] != '\0')
			record_put_str(rec, keys[i].path, keys[i].value);
	record_fail(rec, "boards", &e);
	log_err(&e);
	tool_feed(all->run, rec);
	all->n++;
}

/* The same facts, but in another order, say, or with DOS's line ends. */
static void
check_bytes(const struct check *c, const struct catalog *tree,
    const struct buf *text)
{
	struct buf made = BUF_INIT;

	catalog_print(tree, &made);
	if (made.len != text->len ||
	    memcmp(made.data, text->data, made.len) != 0)
		c->say(c->ctx, &(struct difference){ .port = "", .board = "",
		    .variant = "", .version = "", .text = "boards.tsv: the "
		    "same facts, but not as mpf-boards writes them" });
	buf_release(&made);
}

static int
check_share(struct tool_run *run, const struct opts *o, struct err *e)
{
	struct buf boards = BUF_MAX(SHARE_MAX), renames = BUF_MAX(SHARE_MAX);
	struct buf copy = BUF_INIT;
	struct catalog share = CATALOG_INIT, tree = CATALOG_INIT;
	struct differences all = { .run = run };
	const struct check c = { .say = differ, .ctx = &all };
	int r = -1;

	if (share_read(&boards, &renames, e) == -1)
		goto out;
	buf_add(&copy, boards.data, boards.len);
	if (catalog_parse(copy.data, copy.len, "boards.tsv", &share,
	    e) == -1 || read_repo(run, o, true, &tree, e) == -1)
		goto out;
	catalog_sort(&share);		/* whatever order it has */
	check_boards(&share, &tree, &c);
	if (all.n == 0)
		check_bytes(&c, &tree, &boards);
	if (all.n > 0)
		log_msg("hint: mpf-boards --output FILE %s writes the table "
		    "anew", o->repo);
	r = check_renames(renames.data, renames.len, &tree, &c, e);
	if (r == 0)
		log_verbose("%zu rows, %zu differences", tree.n_rows, all.n);
out:
	catalog_release(&share);
	catalog_release(&tree);
	buf_release(&copy);
	buf_release(&boards);
	buf_release(&renames);
	return r;
}

/* --- versions --- */

/* Is it the newest that this word lets in? */
static bool
chosen(const struct catalog *t, size_t i, const char *word)
{
	struct wanted w;
	size_t best = t->n_versions;

	if (!wanted_parse(word, &w))
		return false;
	for (size_t k = 0; k < t->n_versions; k++)
		if (wanted_admits(&w, &t->version[k].v))
			best = k;
	return best == i;
}

/* The words by which mpf-resolve --version chooses it. */
static void
put_words(struct record *rec, const struct catalog *t, size_t i)
{
	static const char *const all[] = { "stable", "preview", "latest" };
	const struct version *v = &t->version[i].v;
	char *series = mem_printf("%u.%u", v->major, v->minor);
	const char *list[WORDS_MAX];
	size_t n = 0;

	for (size_t k = 0; k < 3; k++)
		if (chosen(t, i, all[k]))
			list[n++] = all[k];
	if (chosen(t, i, series))
		list[n++] = series;
	list[n] = NULL;
	if (n > 0)
		record_put_list(rec, "release.words", list);
	free(series);
}

static void
feed_version(struct tool_run *run, const struct catalog *t, size_t i)
{
	const struct catalog_version *v = &t->version[i];
	struct record *rec = record_new();
	char at[CLOCK_TEXT];
	struct version tip;

	record_put_str(rec, "release.version", v->name);
	if (v->v.preview && version_parse(t->tip, &tip)) {
		if (tip.build >= 0)
			record_put_int(rec, "release.build", tip.build);
		if (v->commit[0] == '\0' && tip.commit[0] != '\0')
			record_put_str(rec, "release.commit", tip.commit);
	}
	if (v->commit[0] != '\0')
		record_put_str(rec, "release.commit", v->commit);
	if (v->time >= 0) {
		clock_text((time_t)v->time, at);
		record_put_str(rec, "release.at", at);
	}
	put_words(rec, t, i);
	tool_feed(run, rec);
}

/* From the repository, or else from share/. */
static int
list_versions(struct tool_run *run, const struct opts *o, struct err *e)
{
	struct buf boards = BUF_MAX(SHARE_MAX), renames = BUF_MAX(SHARE_MAX);
	struct catalog t = CATALOG_INIT;
	int r;

	if (o->repo != NULL)
		r = read_repo(run, o, false, &t, e);
	else if ((r = share_read(&boards, &renames, e)) == 0)
		r = catalog_parse(boards.data, boards.len, "boards.tsv", &t,
		    e);
	for (size_t i = 0; r == 0 && i < t.n_versions; i++)
		feed_version(run, &t, i);
	catalog_release(&t);
	buf_release(&boards);
	buf_release(&renames);
	return r;
}

/* --- the tool --- */

static int
take_repo(const char *arg, void *ctx, struct err *e)
{
	struct opts *o = ctx;

	if (o->repo != NULL)
		return err_set(e, ERR_USAGE, "%s: one repository at a time",
		    arg);
	o->repo = arg;
	return 0;
}

static int
check_options(void *ctx, struct err *e)
{
	static const struct column differences[] = {
		{ "PORT", "board.port" }, { "BOARD", "board.board_id" },
		{ "VARIANT", "board.variant" }, { "VERSION", "board.version" },
	};
	const struct opts *o = ctx;

	if (o->check)
		memcpy(o->columns, differences, sizeof(differences));
	if (o->check + o->versions + (o->output != NULL) > 1)
		return err_set(e, ERR_USAGE, "one of --check, --versions and "
		    "--output at a time");
	if (o->repo == NULL && !o->versions) {
		err_set(e, ERR_USAGE, "of which repository?");
		return err_hint(e, "name a clone of MicroPython's: "
		    "git clone https://github.com/micropython/micropython");
	}
	if (o->share != NULL && setenv("MPF_SHARE", o->share, 1) == -1)
		return err_sys(e, "%s", o->share);
	return 0;
}

static int
work(struct tool_run *run, void *ctx, struct err *e)
{
	const struct opts *o = ctx;

	return o->versions ? list_versions(run, o, e) :
	    o->check ? check_share(run, o, e) : make_table(run, o, e);
}

int
main(int argc, char *argv[])
{
	struct column columns[] = {
		{ "VERSION", "release.version" }, { "WORDS", "release.words" },
		{ "COMMIT", "release.commit" }, { "AT", "release.at" },
		{ NULL, NULL }
	};
	struct opts o = { .tip = "HEAD", .columns = columns };
	const struct opt opts[] = {
		OPT_FLAG(0, "check", &o.check,
		    "say where the tables in share/ differ from the tree"),
		OPT_STR('o', "output", "FILE", &o.output,
		    "write the table there, whole or not at all"),
		OPT_STR(0, "share", "DIR", &o.share,
		    "where boards.tsv and renames.tsv are"),
		OPT_STR(0, "tip", "REV", &o.tip,
		    "the preview, after the releases (default HEAD)"),
		OPT_FLAG(0, "versions", &o.versions,
		    "list the releases and the preview"),
		OPT_END
	};
	const struct tool t = {
		.name = "mpf-boards",
		.summary = "the table of boards, from a clone of "
		    "MicroPython's repository",
		.synopsis = "[options] [repository]",
		.arg = take_repo,
		.opts = opts,
		.columns = columns,
		.ctx = &o,
		.begin = check_options,
		.source = work,
	};

	return tool_main(&t, argc, argv);
}
