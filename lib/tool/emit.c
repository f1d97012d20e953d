/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "tool/run.h"

#define NAME_LONGEST	4096		/* bytes of a name worth keeping */

struct record *
run_stand_in(const struct tool_run *run, const struct record *rec,
    const struct err *e)
{
	static const char *const paths[] = { "device.id", "device.mode" };
	const char *v[] = {
		rec != NULL ? record_str(rec, paths[0]) : NULL,
		rec != NULL ? record_str(rec, paths[1]) : NULL
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
		run_say(run, NULL, &e);
		other = run_stand_in(run, rec, &e);
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
