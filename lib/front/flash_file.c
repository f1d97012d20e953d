/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "front/flash.h"
#include "tool/table.h"

char *
flash_source(const char *file, struct err *e)
{
	char *path;

	if (strstr(file, "://") != NULL || strncmp(file, "github:", 7) == 0)
		return mem_str(file);
	path = realpath(file, NULL);
	if (path == NULL) {
		err_sys(e, "%s", file);
		err_hint(e, "name a file or an address; --board and --serial "
		    "name boards");
	}
	return path;
}

/* Why nobody has said that this device may get it; NULL: somebody has. */
static const char *
why_refused(const struct record *rec, const struct flash_opts *o)
{
	const bool named = record_true(rec, "device.named");

	if (text_same(record_str(rec, "device.mode"), "repl") ||
	    (named && o->board.n > 0))
		return NULL;
	return named ? "say with --board which board it is" :
	    "name its port with --serial, and its board with --board";
}

static void
skip_record(struct record *rec, const char *reason)
{
	record_drop(rec, "flash");	/* a dry run's */
	record_put_str(rec, "firmware.action", "skip");
	record_put_str(rec, "firmware.reason", reason);
}

/* The firmware that the user chose, as if mpf-resolve had. */
static void
choose_file(struct record *rec, const struct flash_opts *o, const char *source)
{
	const char *why = why_refused(rec, o);
	const char *board = o->board.n > 0 ? o->board.v[0] :
	    record_str(rec, "board.board_id");
	const char *port = o->port.n > 0 ? o->port.v[0] :
	    record_str(rec, "board.port");

	if (record_failed(rec))
		return;
	record_clear(rec, "firmware");
	if (board != NULL)
		record_put_str(rec, "firmware.board_id", board);
	if (o->variant != NULL)
		record_put_str(rec, "firmware.variant", o->variant);
	if (port != NULL)
		record_put_str(rec, "firmware.port", port);
	record_put_bool(rec, "firmware.custom", true);
	record_put_str(rec, "firmware.source", source);
	record_put_str(rec, "firmware.by", "manual");
	record_put_str(rec, "firmware.action", "flash");
	if (o->force)
		record_put_bool(rec, "firmware.force", true);
	record_put_str(rec, "firmware.reason", "the file was named");
	if (why != NULL)
		skip_record(rec, why);
}

/*
 * Is the image for this board, by what both say?  A port that was named may
 * get anything that its chip runs: that is for mpf-flash to say.
 */
static void
check_file_fit(struct record *rec)
{
	const char *wants = record_str(rec, "image.board");
	const char *is = record_str(rec, "board.description");
	const char *code = record_str(rec, "error.code");
	char *reason = NULL;

	if (record_true(rec, "device.named") ||
	    record_str(rec, "firmware.action") == NULL)
		return;
	if (record_failed(rec) && (text_same(code, "mismatch") ||
	    text_same(code, "unsupported"))) {
		reason = mem_str(record_str(rec, "error.message"));
		record_drop(rec, "error");
	} else if (!record_failed(rec) && record_has(rec, "image")) {
		if (wants == NULL)
			reason = mem_str("the file does not say which board "
			    "it is for: name the port with --serial");
		else if (!text_same(wants, is))
			reason = mem_printf("the file is for %s", wants);
	}
	if (reason != NULL)
		skip_record(rec, reason);
	free(reason);
}

/* What --dry-run said is not for the run itself. */
static void
tidy(struct record *rec, bool dry_run)
{
	if (!dry_run)
		record_drop(rec, "flash");
}

static int
nothing_fits(const struct front_records *plan, const char *file,
    struct err *e)
{
	bool any = false;
	const char *action;

	for (size_t i = 0; i < plan->n; i++) {
		action = record_str(plan->v[i], "firmware.action");
		any = any || record_failed(plan->v[i]) || (action != NULL &&
		    strcmp(action, "flash") == 0);
	}
	if (any)
		return 0;
	err_set(e, ERR_MISMATCH, "%s: fits no board that is here", file);
	return err_hint(e, "mpf flash --dry-run %.80s says why", file);
}

/* Fetches it once, and has mpf-flash look at each board and the image. */
static int
try_file(struct front *f, const struct flash_opts *o,
    const struct front_records *found, struct front_records *plan,
    struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &p };
	int r;

	front_stage(&p, "mpf-fetch");
	front_flag(&p, "--offline", o->offline);
	front_common(f, &p);
	front_stage(&p, "mpf-flash");
	front_arg(&p, "--dry-run");
	front_arg(&p, "--keep-order");
	front_value(&p, "--method", o->method);
	front_value(&p, "--bootloader", o->bootloader);
	front_common(f, &p);
	command_tell(f, &p);
	r = front_run(f, pipes, 1, found, plan, e);
	front_pipe_release(&p);
	return r;
}

int
flash_plan_file(struct front *f, const struct flash_opts *o,
    struct front_records *plan, struct err *e)
{
	struct front_records found = { NULL, 0 };
	char *source = flash_source(o->file, e);
	int r = -1;

	if (source == NULL)
		return -1;
	if (devices_find(f, &o->devices, &found, e) == -1)
		goto out;
	for (size_t i = 0; i < found.n; i++)
		choose_file(found.v[i], o, source);
	r = try_file(f, o, &found, plan, e);
	for (size_t i = 0; i < plan->n; i++) {
		check_file_fit(plan->v[i]);
		tidy(plan->v[i], o->dry_run);
	}
	if (r == 0 && !o->dry_run && plan->n > 0)
		r = nothing_fits(plan, o->file, e);
out:
	front_records_release(&found);
	free(source);
	return r;
}
