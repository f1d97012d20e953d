/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "tool/run.h"

const char *
run_text(const struct record *rec, const char *path)
{
	struct err ignored;
	const char *s;

	return record_opt_str(rec, path, &s, &ignored) == 0 ? s : NULL;
}

/* What people call the board: its port, its drive, else its place. */
const char *
run_label(const struct record *rec)
{
	static const char *const paths[] = {
		"device.serial_port", "device.volume", "device.id"
	};
	const char *s = NULL;

	for (size_t i = 0; s == NULL && i < 3; i++)
		s = run_text(rec, paths[i]);
	return s;
}

void
run_say(struct tool_run *run, const struct job *j, const struct err *e)
{
	struct err said = *e;

	progress_hide(run);
	if (j != NULL && j->label != NULL &&
	    strstr(e->msg, j->label) == NULL &&
	    (j->device == NULL || strstr(e->msg, j->device) == NULL))
		err_wrap(&said, "%s", j->label);
	log_err(&said);
}

/* A record too long to be read by the next tool leaves as this one. */
static struct record *
stand_in(const struct tool_run *run, const struct record *rec,
    const struct err *e)
{
	static const char *const paths[] = { "device.id", "device.mode" };
	struct record *r = record_new();
	const char *s;

	for (size_t i = 0; i < 2; i++)
		if ((s = run_text(rec, paths[i])) != NULL && strlen(s) < 4096)
			record_put_str(r, paths[i], s);
	record_fail(r, run_verb(run->t), e);
	return r;
}

void
run_emit(struct tool_run *run, const struct record *rec)
{
	struct record *other = NULL;
	struct err e = ERR_INIT;
	int r;

	if (record_ours(rec) && record_failed(rec) && run->status == 0)
		run->status = STATUS_FAILED;
	if (run->lost)
		return;
	if (run->table != NULL) {
		table_add(run->table, rec);
		return;
	}
	r = stream_write(STDOUT_FILENO, rec, &e);
	if (r == -1 && e.code == ERR_INPUT) {
		run_say(run, NULL, &e);
		other = stand_in(run, rec, &e);
		run->status = STATUS_FAILED;
		r = stream_write(STDOUT_FILENO, other, &e);
	}
	if (r == -1) {
		err_wrap(&e, "standard output");
		run_say(run, NULL, &e);
		run->lost = true;
		run->status = STATUS_CANNOT;
	}
	record_free(other);
}

void
run_fail(struct tool_run *run, const struct err *e)
{
	struct record *rec = record_new();

	run_say(run, NULL, e);
	record_fail(rec, run_verb(run->t), e);
	if (run->table != NULL || run->opt.json || !isatty(STDOUT_FILENO))
		run_emit(run, rec);
	record_free(rec);
}
