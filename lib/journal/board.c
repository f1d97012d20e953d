/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "board/facts.h"
#include "board/session.h"
#include "bus/bus.h"
#include "journal/journal.h"
#include "repl/repl.h"

/* What both know of the firmware, and differs: "v1.24.1"; or NULL. */
static const char *
changed_to(const char *was, const char *now, size_t n)
{
	return was != NULL && now != NULL && strncmp(was, now, n) != 0 ? now :
	    NULL;
}

/* Of two commits one may be longer. */
static size_t
common(const char *a, const char *b)
{
	const size_t n = a != NULL ? strlen(a) : 0;
	const size_t m = b != NULL ? strlen(b) : 0;

	return n < m ? n : m;
}

/*
 * Does it run what the record says?  That was asked of it too, in the same
 * way, so all that it says of its firmware should be as it was.
 */
static int
runs_that(const struct journal *j, const struct probe *p, struct err *e)
{
	struct board_answer a;
	const char *now;
	int res = 0;

	board_facts(p, &a);
	now = changed_to(j->version, a.board.version, INT_MAX);
	if (now == NULL)
		now = changed_to(j->description, a.board.description, INT_MAX);
	if (now == NULL)
		now = changed_to(j->commit, a.board.commit,
		    common(j->commit, a.board.commit));
	if (now == NULL && j->build != -1 && a.board.build != -1 &&
	    j->build != a.board.build)
		now = "another build";
	if (now != NULL) {
		err_set(e, ERR_MISMATCH, "the board has other firmware by "
		    "now (%.80s) than the record says", now);
		res = err_todo(e, NEXT_DETECT_AGAIN,
		    "nothing was written: begin again with mpf-detect");
	}
	board_answer_release(&a);
	return res;
}

/*
 * Where the board's files are: /flash beside its cards, else the root.  A
 * micro:bit of 2017 has no folders, and takes a slash for a letter.
 */
static int
write_board_file(const struct journal *j, struct session *s, const char *name,
    const struct buf *text, bool *renamed, struct err *e)
{
	static const char *const folders[] = { "/flash/", "/", "" };
	const size_t from = strcmp(j->port, "microbit") == 0 ? 2 : 0;

	for (size_t i = from; i < 3; i++) {
		char *path = mem_printf("%s%s", folders[i], name);
		const int res = repl_write_file(s->repl, path, text->data,
		    text->len, s->work_ms, renamed, e);

		free(path);
		if (res == 0)
			return 0;
		if (e->code != ERR_NOT_FOUND)
			return -1;
	}
	return -1;
}

/*
 * Is there no place for the file on this board?  Then 0, and out says why, and
 * whether there may be one later; else -1, and what failed.  Firmware without a
 * file system has no open(), or nothing is mounted (ENODEV, 19).  A line that
 * fails has errors of the same codes, which say nothing of the board.
 */
static int
no_place(const struct session *s, const struct err *failed,
    struct journal_done *out, struct err *e)
{
	const char *shut = s->says.record.len == 0 ? s->says.record_shut :
	    NULL;
	const char *why = NULL;

	if ((shut != NULL && (strstr(shut, "NameError") != NULL ||
	    strstr(shut, "OSError(19") != NULL ||
	    strstr(shut, "ENODEV") != NULL)) ||
	    failed->code == ERR_NOT_FOUND)
		why = "the board has no file system";
	else if (failed->code == ERR_PERMISSION)
		why = "the board's file system is read-only";
	else if (failed->code == ERR_SPACE)
		why = "the board's file system is full";
	if (why == NULL || repl_gone(s->repl)) {
		*e = *failed;
		return -1;
	}
	snprintf(out->none, sizeof(out->none), "%s", why);
	out->later = failed->code == ERR_SPACE;
	return 0;
}

/* The tree of what is on the board; what is no TOML is put aside first. */
static int
read_tree(const struct journal *j, struct session *s, struct toml **t,
    struct journal_done *out, struct err *e)
{
	const struct probe *p = &s->says;
	struct err why;

	if (p->record_too_large) {
		err_set(e, ERR_INPUT, "%s: over %d bytes on the board",
		    JOURNAL_FILE, PROBE_FILE_MAX);
		return err_hint(e, "shorten it, or remove it from the board");
	}
	/* It may be there, and hold what is to stay. */
	if (p->record.len == 0 && p->record_shut != NULL) {
		err_set(e, ERR_IO, "%s: the board cannot open it: %s",
		    JOURNAL_FILE, p->record_shut);
		return err_hint(e, "reset the board, and look at its file "
		    "system");
	}
	*t = toml_parse(p->record.data, p->record.len, JOURNAL_FILE, &why);
	if (*t != NULL)
		return 0;
	if (write_board_file(j, s, JOURNAL_FILE ".bad", &p->record, NULL,
	    e) == -1)
		return -1;
	out->replaced = true;
	*t = toml_new(TOML_TABLE);
	return 0;
}

/* What could not be read again is not written. */
static int
check_file_size(const struct buf *text, struct err *e)
{
	if (text->len <= PROBE_FILE_MAX)
		return 0;
	err_set(e, ERR_SPACE, "%s: %zu bytes, of at most %d", JOURNAL_FILE,
	    text->len, PROBE_FILE_MAX);
	return err_hint(e, "shorten your own tables in it");
}

int
journal_write_session(const struct journal *j, struct session *s,
    struct journal_done *out, struct err *e)
{
	struct buf text = BUF_INIT;
	struct err why = ERR_INIT;
	struct toml *t = NULL;
	int res = -1;

	*out = (struct journal_done){ .renamed = true };
	if (session_check_uid(s, j->uid, e) == -1 ||
	    runs_that(j, &s->says, e) == -1)
		goto out;
	if (read_tree(j, s, &t, out, &why) == -1) {
		res = no_place(s, &why, out, e);
		goto out;
	}
	out->written = journal_merge(j, t);
	toml_write(t, &text);
	if (out->written && check_file_size(&text, e) == -1)
		goto out;
	if (out->written && write_board_file(j, s, JOURNAL_FILE, &text,
	    &out->renamed, &why) == -1) {
		out->written = false;
		res = no_place(s, &why, out, e);
		goto out;
	}
	out->text = buf_steal(&text);
	res = 0;
out:
	toml_free(t);
	buf_release(&text);
	return res;
}

/*
 * What this host has mounted is not to be written by the board at the same
 * time: the host would put its own old sectors back (PYBFLASH).  1, 0, -1.
 */
static int
is_mounted(const struct journal *j, const char *sysroot,
    struct journal_done *out, struct err *e)
{
	struct bus_place place = { .present = false };
	struct bus *b;
	int res = 0;

	if (j->usb_path == NULL)
		return 0;
	b = bus_new(sysroot);
	if (bus_look(b, j->usb_path, -1, &place, e) == -1)
		res = -1;
	else if (place.volume != NULL) {
		snprintf(out->none, sizeof(out->none), "this host has mounted "
		    "its drive at %.120s: eject it", place.volume);
		out->later = true;
		res = 1;
	}
	bus_place_release(&place);
	bus_free(b);
	return res;
}

int
journal_write_board(const struct journal *j, const char *sysroot,
    int64_t deadline, struct journal_done *out, struct err *e)
{
	const struct device d = { .id = j->device_id, .usb_path = j->usb_path,
		.serial_port = j->serial_port, .lines = j->lines };
	const struct session_opts how = { .deadline = deadline };
	struct session s = SESSION_INIT;
	struct err ignored = ERR_INIT;
	int res;

	*out = (struct journal_done){ .renamed = true };
	if (is_mounted(j, sysroot, out, e) != 0)
		return out->none[0] != '\0' ? 0 : -1;
	if (session_open(&d, sysroot, &how, &s, e) == -1)
		return -1;
	res = journal_write_session(j, &s, out, e);
	if (res == -1)
		err_wrap(e, "%s", link_name(s.link));
	/* What is written was read back; how it goes on is its own affair. */
	session_close(&s, &ignored);
	return res;
}
