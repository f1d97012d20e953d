/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "tool/run.h"

const char *
run_device(const struct record *rec)
{
	static const char *const paths[] = {
		"device.serial_port", "device.volume", "device.id"
	};
	const char *s = NULL;

	for (size_t i = 0; s == NULL && i < 3; i++)
		s = record_str(rec, paths[i]);
	return s;
}

const char *
run_label(const struct record *rec)
{
	const char *s = run_device(rec);

	return s != NULL ? s : record_str(rec, "firmware.board_id");
}

/* Is it a word by itself that stands there, and not a part of another name? */
static bool
stands_alone(const char *text, const char *at, size_t n)
{
	const char next = at[n];

	if (at > text && strchr(" \"'(", at[-1]) == NULL)
		return false;
	return !isalnum((unsigned char)next) && (next == '\0' ||
	    strchr("./-_", next) == NULL) &&
	    !(next == ':' && isdigit((unsigned char)at[n + 1]));
}

char *
run_named(const char *text, const char *id, const char *label)
{
	const size_t n = id == NULL ? 0 : strlen(id);
	struct buf out = BUF_INIT;
	const char *from = text, *at = text;

	while (n > 0 && label != NULL && (at = strstr(at, id)) != NULL) {
		if (stands_alone(text, at, n)) {
			buf_add(&out, from, (size_t)(at - from));
			buf_adds(&out, label);
			from = at + n;
		}
		at += n;
	}
	buf_adds(&out, from);
	return buf_steal(&out);
}

void
run_message(struct tool_run *run, const struct job *j,
    const struct log_message *m)
{
	const char *id = j == NULL ? NULL : j->device;
	const char *label = j == NULL ? NULL : j->label;
	char *text = run_named(m->text, id, label);
	char *hint = run_named(m->hint, id, label);
	struct event ev = EVENT_INIT("message");

	ev.code = m->code == ERR_NONE ? NULL : err_name(m->code);
	ev.message = text;
	ev.hint = hint[0] == '\0' ? NULL : hint;
	if (!run_event(run, j, &ev)) {
		progress_hide(run);
		log_write(&(struct log_message){ text, hint, m->code });
	}
	free(text);
	free(hint);
}

void
run_say(struct tool_run *run, const struct job *j, const struct err *e)
{
	struct err said = *e;

	if (j != NULL && j->label != NULL &&
	    strstr(e->msg, j->label) == NULL &&
	    (j->device == NULL || strstr(e->msg, j->device) == NULL))
		err_wrap(&said, "%s", j->label);
	run_message(run, j, &(struct log_message){ said.msg, said.hint,
	    said.code });
}
