/* SPDX-License-Identifier: MIT */
#ifndef MPF_JOURNAL_TEST_H
#define MPF_JOURNAL_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "journal/journal.h"
#include "board/probe.h"
#include "repl_said.h"
#include "tap.h"

/* Conversations of the journal with a board, for its tests. */

/* Fields, as boards answer with them. */
#define NAME		"name=1:m"
#define UID		NAME "uid=2:\xe6\x61"
/* "x = 1"; and "x = ", which is no TOML. */
#define FILE		"record=5:x = 1"
#define BAD		"record=4:x = "

/* What j says, on a board that said nothing before. */
#define TEXT	"[firmware]\nboard_id = \"X\"\nport = \"rp2\"\n" \
	"version = \"v1.2\"\ncustom = false\n"

static const struct journal pico = { .device_id = "h/usb/1-1.2:2",
	.usb_path = "1-1.2", .uid = "E661", .port = "rp2", .board_id = "X",
	.version = "v1.2", .build = -1, .custom = -1 };

/* What it is asked of itself (groups 0: of its files); the answer's nonce. */
static uint32_t
ask(struct conv *conv, int groups)
{
	struct script_arg args[SCRIPT_ARGS];
	const size_t n = groups == 0 ? probe_files(args) :
	    probe_questions(groups, args);

	return conv_send(conv, groups == 0 ? "files" : "facts", args, n);
}

static void
answer(struct conv *conv, int groups, const char *fields, const char *raised)
{
	const uint32_t nonce = ask(conv, groups);
	struct buf b = BUF_INIT;

	buf_adds(&b, fields);
	conv_answer(conv, nonce, &b, raised);
	buf_release(&b);
}

/* It answers facts.py with these fields, and has no files; or these. */
static void
begin(struct conv *conv, const char *facts, const char *files)
{
	conv_begin(conv, "linux");
	answer(conv, PROBE_ALL, facts, NULL);
	answer(conv, 0, files, NULL);
}

/* The file under its temporary name, written, read back and renamed. */
static void
put_file(struct conv *conv, const char *path, const char *text)
{
	char tmp[80];

	snprintf(tmp, sizeof(tmp), "%s.tmp", path);
	conv_put(conv, tmp, text);
	conv_read(conv, tmp, text);
	conv_done(conv, NULL, "rename", tmp, path);
}

static bool played_text;	/* the last play told what the file says now */

static int
play(const struct journal *j, struct conv *conv, const char *serial,
    struct journal_done *done, struct err *e)
{
	const struct session_opts how = { .deadline = clock_ms() + 30000 };
	struct session s = SESSION_INIT;
	struct err why = ERR_INIT;
	struct link *l = NULL;
	const bool pulled = conv->text.data[conv->text.len - 2] == '!';
	int res;

	if (!pulled)
		buf_adds(&conv->text, said_closing);
	OK(link_replay(conv->text.data, &l, &why) == 0);
	res = session_begin(l, &how, &s, e);
	if (res == 0) {
		s.usb_serial = serial != NULL ? mem_str(serial) : NULL;
		res = journal_write_session(j, &s, done, e);
		session_close(&s, &why);
	}
	played_text = res == 0 && done->text != NULL;
	if (res == 0)
		free(done->text);
	done->text = NULL;
	if (!pulled && !link_replay_done(l))
		printf("# not played to its end: %s\n", e->msg);
	OK(pulled || link_replay_done(l));
	link_close(l);
	buf_release(&conv->text);
	clock_fake(1000);
	return res;
}

static void
no_space(struct conv *conv)
{
	conv_write(conv, "OSError(28,)", "/flash/mpflash.toml.bad.tmp",
	    "x = ", 4, true);
	conv_write(conv, "NameError('_mpf_f',)", "", "", 0, true);
	conv_done(conv, NULL, "remove", "/flash/mpflash.toml.bad.tmp", NULL);
}

#endif
