/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "front/flash.h"
#include "tool/table.h"

static void
add_file_shown(const struct record *rec, struct buf *out)
{
	record_text(rec, record_has(rec, "image.path") ? "image.path" :
	    "firmware.file_name", out);
}

static const struct column plan_columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "BOARD", NULL, COLUMN_NAME, column_board },
	{ "VARIANT", NULL, COLUMN_NAME, column_variant },
	{ "VERSION", NULL, COLUMN_NAME, column_versions },
	{ "ACTION", NULL, COLUMN_STATE, column_action },
	{ "FILE", NULL, COLUMN_MORE, add_file_shown },
	{ "REASON", "firmware.reason", COLUMN_REASON, NULL },
	COLUMN_END
};

static const struct column done_columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "BOARD", NULL, COLUMN_NAME, column_board },
	{ "VARIANT", NULL, COLUMN_NAME, column_variant },
	{ "VERSION", NULL, COLUMN_NAME, column_versions },
	{ "ACTION", NULL, COLUMN_STATE, column_action },
	{ "STATE", "flash.state", COLUMN_STATE, NULL },
	{ "RECORD", "record.database", COLUMN_MORE, NULL },
	{ "REASON", NULL, COLUMN_REASON, column_skipped },
	COLUMN_END
};

/* What finds the boards, and chooses for them. */
static void
head(const struct front *f, struct front_pipe *p, const struct flash_opts *o)
{
	devices_stage(f, p, &o->devices);
	front_stage(p, "mpf-resolve");
	front_value(p, "--version", o->version);
	front_values(p, "--board", &o->board);
	front_value(p, "--variant", o->variant);
	front_values(p, "--port", &o->port);
	front_flag(p, "--custom", o->custom);
	front_flag(p, "--force", o->force);
	front_common(f, p);
}

static void
flash_fetch_stage(const struct front *f, struct front_pipe *p,
    const struct flash_opts *o)
{
	front_stage(p, "mpf-fetch");
	front_values(p, "--mirror", &o->mirror);
	front_flag(p, "--force", o->force);
	front_flag(p, "--offline", o->offline);
	front_common(f, p);
}

/* -1 is no number: nothing is added. */
static void
number_option(struct front_pipe *p, const char *option, int64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, v);
	front_value(p, option, v >= 0 ? text : NULL);
}

static void
flash_stage(const struct front *f, struct front_pipe *p,
    const struct flash_opts *o)
{
	front_stage(p, "mpf-flash");
	front_value(p, "--method", o->method);
	front_value(p, "--bootloader", o->bootloader);
	front_value(p, "--erase", o->erase ? "all" : NULL);
	front_value(p, "--flash-mode", o->flash_mode);
	number_option(p, "--retry-baud", o->retry_baud);
	/* What was saved is not lost. */
	front_flag(p, "--lose-files", o->lose_files || o->backup != NULL);
	front_flag(p, "--no-interactive", !f->interactive);
	number_option(p, "--jobs", o->jobs);
	front_common(f, p);
}

static void
record_stage(const struct front *f, struct front_pipe *p,
    const struct flash_opts *o)
{
	front_stage(p, "mpf-record");
	number_option(p, "--jobs", o->jobs);
	front_common(f, p);
	p->v[p->n - 1].keeps = true;	/* what was flashed is written down */
}

static size_t
count_action(const struct front_records *r, const char *action)
{
	const char *s;
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		s = record_str(r->v[i], "firmware.action");
		n += s != NULL && strcmp(s, action) == 0 &&
		    !record_failed(r->v[i]);
	}
	return n;
}

/* Is there a person at the terminal, who was not asked yet? */
static bool
must_ask(const struct front *f)
{
	return f->interactive && !f->yes && !f->json && !f->quiet &&
	    isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	    isatty(STDERR_FILENO);
}

/*
 * The plan, and the person's word on it.  1: go on; 0: all is said.  Where no
 * board is to be flashed, all that goes on is written down.
 */
static int
agree_plan(struct front *f, const struct front_records *plan, struct err *e)
{
	const size_t n = count_action(plan, "flash");
	char question[64];

	if (stop_requested())
		return front_show(f, plan_columns, plan, true, e);
	if (n == 0)
		return 1;
	if (front_table(f, plan_columns, plan, false, e) == -1)
		return -1;
	snprintf(question, sizeof(question), "\nFlash %zu board%s?", n,
	    n == 1 ? "" : "s");
	if (front_ask(question))
		return 1;
	log_msg("nothing was flashed");
	f->status = 2;
	return 0;
}

/* --- a plan carried out, step by step --- */

static bool
to_be_flashed(const struct record *rec)
{
	const char *action = record_str(rec, "firmware.action");

	return !record_failed(rec) && action != NULL &&
	    strcmp(action, "flash") == 0;
}

static bool
was_flashed(const struct record *rec)
{
	const char *state = record_str(rec, "flash.state");

	return !record_failed(rec) && state != NULL &&
	    strcmp(state, "running") == 0;
}

/*
 * One pipe, which is given the records that it is for; the others wait.  What
 * comes out is in *all afterwards, in the same order.
 */
static int
run_step(struct front *f, struct front_pipe *p, struct front_records *all,
    bool (*is_for)(const struct record *rec), struct err *e)
{
	struct front_pipe *const pipes[] = { p };
	struct front_records go = { NULL, 0 }, next = { NULL, 0 };
	const size_t n = all->n;
	char **keys = mem_alloc((n + 1) * sizeof(*keys));
	int r = 0;

	for (size_t i = 0; i < n; i++) {
		const char *key = front_key(all->v[i]);

		keys[i] = mem_str(key != NULL ? key : "");
		front_keep(is_for == NULL || is_for(all->v[i]) ? &go : &next,
		    all->v[i]);
	}
	free(all->v);
	*all = next;
	command_tell(f, p);
	if (go.n > 0)
		r = front_run(f, pipes, 1, &go, all, e);
	front_sort(all, 0, (const char *const *)keys, n);
	for (size_t i = 0; i < n; i++)
		free(keys[i]);
	free(keys);
	front_records_release(&go);
	front_pipe_release(p);
	return r;
}

static int
backup_files(struct front *f, const struct flash_opts *o,
    struct front_records *all, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;

	if (o->backup == NULL)
		return 0;
	front_stage(&p, "mpf-backup");
	front_value(&p, "--output", o->backup);
	front_common(f, &p);
	return run_step(f, &p, all, to_be_flashed, e);
}

/* What is done to the files afterwards. */
static int
change_files(struct front *f, const struct flash_opts *o,
    struct front_records *all, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;

	if (o->format) {
		front_stage(&p, "mpf-format");
		front_arg(&p, "--yes");
		front_common(f, &p);
		if (run_step(f, &p, all, was_flashed, e) == -1)
			return -1;
	}
	if (!o->restore)
		return 0;
	front_stage(&p, "mpf-restore");
	front_value(&p, "--from", o->backup);
	front_common(f, &p);
	return run_step(f, &p, all, was_flashed, e);
}

/* The plan carried out; *all becomes what came out. */
static int
carry_out(struct front *f, const struct flash_opts *o,
    struct front_records *all, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	/* A board that a file does not fit must not seem to run that file. */
	bool (*const all_or)(const struct record *rec) =
	    o->file != NULL ? to_be_flashed : NULL;
	const bool change = o->format || o->restore;

	if (backup_files(f, o, all, e) == -1)
		return -1;
	flash_stage(f, &p, o);
	if (!change)
		record_stage(f, &p, o);
	if (run_step(f, &p, all, all_or, e) == -1)
		return -1;
	if (!change)
		return 0;
	if (change_files(f, o, all, e) == -1)
		return -1;
	record_stage(f, &p, o);
	return run_step(f, &p, all, all_or, e);
}

/* The files are here before anybody is asked: the plan is what will be done. */
static int
make_plan(struct front *f, const struct flash_opts *o,
    struct front_records *plan, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &p };
	int r;

	if (o->file != NULL)
		return flash_plan_file(f, o, plan, e);
	head(f, &p, o);
	flash_fetch_stage(f, &p, o);
	if (o->dry_run) {
		flash_stage(f, &p, o);
		front_arg(&p, "--dry-run");
	}
	command_tell(f, &p);
	r = front_run(f, pipes, 1, NULL, plan, e);
	front_pipe_release(&p);
	return r;
}

static int
flash_by_plan(struct front *f, const struct flash_opts *o, struct err *e)
{
	struct front_records plan = { NULL, 0 };
	int r = make_plan(f, o, &plan, e);

	if (r == 0 && o->dry_run)
		r = front_show(f, plan_columns, &plan, true, e);
	else if (r == 0 && (!must_ask(f) ||
	    (r = agree_plan(f, &plan, e)) == 1)) {
		r = carry_out(f, o, &plan, e);
		if (r == 0)
			r = front_show(f, done_columns, &plan, true, e);
	}
	front_records_release(&plan);
	return r;
}

/* All stages at once: a board is flashed while another one is asked. */
static int
flash_at_once(struct front *f, const struct flash_opts *o, struct err *e)
{
	struct front_pipe first = FRONT_PIPE_INIT, second = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &first, &second };
	struct front_records done = { NULL, 0 };
	int r;

	head(f, &first, o);
	flash_fetch_stage(f, &second, o);
	flash_stage(f, &second, o);
	record_stage(f, &second, o);
	command_tell(f, &first);
	command_tell(f, &second);
	r = front_run(f, pipes, 2, NULL, &done, e);
	if (r == 0)
		r = front_show(f, done_columns, &done, true, e);
	front_records_release(&done);
	front_pipe_release(&first);
	front_pipe_release(&second);
	return r;
}

/*
 * What the last tool would not take is found before a board is asked: it gets
 * its options and no board.  1: it takes them; 0: it said why not.
 */
static int
try_flash_options(struct front *f, const struct flash_opts *o, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &p };
	const struct front_records nothing = { NULL, 0 };
	struct front_records out = { NULL, 0 };
	int r = 0;

	if (o->method == NULL && o->bootloader == NULL &&
	    o->flash_mode == NULL && o->jobs == -1 && o->retry_baud == -1)
		return 1;
	flash_stage(f, &p, o);
	r = front_run(f, pipes, 1, &nothing, &out, e);
	if (r == 0 && f->json)
		r = front_json(f, &out, e);
	front_records_release(&out);
	front_pipe_release(&p);
	return r == -1 ? -1 : f->status == 0;
}

int
flash_do(struct front *f, const struct flash_opts *o, struct err *e)
{
	const int r = try_flash_options(f, o, e);

	if (r != 1)
		return r;
	if (o->file != NULL || o->dry_run || o->backup != NULL || o->format ||
	    must_ask(f))
		return flash_by_plan(f, o, e);
	f->at_once = f->json;
	return flash_at_once(f, o, e);
}
