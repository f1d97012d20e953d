/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "tool/run.h"

#define NAME_LONGEST	4096		/* bytes of a name worth keeping */

const char *
run_text(const struct record *rec, const char *path)
{
	struct err ignored;
	const char *s;

	return record_opt_str(rec, path, &s, &ignored) == 0 ? s : NULL;
}

const char *
run_device(const struct record *rec)
{
	static const char *const paths[] = {
		"device.serial_port", "device.volume", "device.id"
	};
	const char *s = NULL;

	for (size_t i = 0; s == NULL && i < 3; i++)
		s = run_text(rec, paths[i]);
	return s;
}

const char *
run_label(const struct record *rec)
{
	const char *s = run_device(rec);

	return s != NULL ? s : run_text(rec, "firmware.board_id");
}

void
run_say(const struct job *j, const struct err *e)
{
	struct err said = *e;

	if (j != NULL && j->label != NULL &&
	    strstr(e->msg, j->label) == NULL &&
	    (j->device == NULL || strstr(e->msg, j->device) == NULL))
		err_wrap(&said, "%s", j->label);
	log_err(&said);
}

struct record *
run_stand_in(const struct tool_run *run, const struct record *rec,
    const struct err *e)
{
	static const char *const paths[] = { "device.id", "device.mode" };
	const char *v[] = {
		rec != NULL ? run_text(rec, paths[0]) : NULL,
		rec != NULL ? run_text(rec, paths[1]) : NULL
	};
	struct record *r = record_new();

	for (size_t i = 0; v[0] != NULL && v[1] != NULL && i < 2; i++)
		if (strlen(v[i]) <= NAME_LONGEST)
			record_put_str(r, paths[i], v[i]);
	record_fail(r, run_verb(run->t), e);
	return r;
}

void
run_emit(struct tool_run *run, const struct record *rec)
{
	struct record *other = NULL;
	struct err e = ERR_INIT;
	int r;

	run->said = true;
	if (record_ours(rec) && record_failed(rec) && run->status == 0)
		run->status = STATUS_FAILED;
	if (run->lost)
		return;
	if (run->table != NULL) {
		table_add(run->table, rec);
		return;
	}
	progress_hide(run);
	r = stream_write(STDOUT_FILENO, rec, &e);
	if (r == -1 && e.code == ERR_INPUT) {
		run_say(NULL, &e);
		other = run_stand_in(run, rec, &e);
		run->status = STATUS_FAILED;
		r = stream_write(STDOUT_FILENO, other, &e);
	}
	if (r == -1) {
		err_wrap(&e, "standard output");
		run_say(NULL, &e);
		run->lost = true;
		run->status = STATUS_CANNOT;
	}
	record_free(other);
}

void
run_fail(struct tool_run *run, const struct err *e)
{
	struct record *rec = record_new();

	run_say(NULL, e);
	record_fail(rec, run_verb(run->t), e);
	if (!run->own_output && (run->table != NULL || run->opt.json ||
	    !isatty(STDOUT_FILENO)))
		run_emit(run, rec);
	record_free(rec);
}
