/* SPDX-License-Identifier: MIT */
#ifndef MPF_JOURNAL_TEST_H
#define MPF_JOURNAL_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "board/probe.h"
#include "journal/journal.h"
#include "repl/script.h"
#include "tap.h"

/* Conversations of the journal with a board, for its tests. */

/* A board without raw-paste: each script is one piece, as repl/ sends it. */
static const char opening[] = "> \\x02\n< \\r\\n>>> \n"
    "> \\x01\n< \\r\\nraw REPL; CTRL-B to exit\\r\\n>\n"
    "> \\x05A\\x01\n< raw REPL; CTRL-B to exit\\r\\n>\n";

#define SAID(text)	text "\\x04\\x04>"
#define OK_SAID		SAID("ok\\r\\n")
#define NO_FOLDER	"\\x04OSError: [Errno 2] ENOENT\\r\\n\\x04>"
#define NAME		"name 6d\\r\\n"
#define UID		NAME "uid e661\\r\\n"
#define NO_INFO		"info-sum 0 0\\r\\n"
#define END		NO_INFO "record-sum 0 0\\r\\nend\\r\\n"
/* "x = 1" */
#define FILE		"record 78203d2031\\r\\n"
#define FILE_SUM	"record-sum 5 31216\\r\\nend\\r\\n"
/* "x = ", which is no TOML. */
#define BAD		"record 78203d20\\r\\n" NO_INFO \
	"record-sum 4 1396\\r\\nend\\r\\n"

/* What j says, on a board that said nothing before. */
#define TEXT	"[firmware]\nboard_id = \"X\"\nport = \"rp2\"\n" \
	"version = \"v1.2\"\ncustom = false\n"

static const struct journal pico = { .device_id = "h/usb/1-1.2:2",
	.usb_path = "1-1.2", .uid = "E661", .port = "rp2", .board_id = "X",
	.version = "v1.2", .build = -1, .custom = -1 };

static void
step(struct buf *conv, const char *reply, const char *name, const char *a,
    const char *b)
{
	const struct script_arg args[] = {
		{ a, a == NULL ? 0 : strlen(a) },
		{ b, b == NULL ? 0 : strlen(b) },
	};
	struct buf code = BUF_INIT;

	script_add(&code, name, args, (a != NULL) + (b != NULL));
	buf_adds(conv, "> ");
	for (size_t i = 0; i < code.len; i++)
		buf_addf(conv, "\\x%02x", (unsigned char)code.data[i]);
	buf_addf(conv, "\\x04\n< OK%s\n", reply);
	buf_release(&code);
}

static void
begin(struct buf *conv, const char *probe)
{
	buf_adds(conv, opening);
	step(conv, SAID("linux\\r\\n"), "platform", NULL, NULL);
	step(conv, probe, "probe", NULL, NULL);
}

/* The file under its temporary name, written, read back and renamed. */
static void
put_file(struct buf *conv, const char *path, const char *text)
{
	const size_t n = strlen(text);
	char *hex = malloc(2 * n + 1), tmp[80];
	struct buf reply = BUF_INIT;

	snprintf(tmp, sizeof(tmp), "%s.tmp", path);
	step(conv, OK_SAID, "open", tmp, NULL);
	step(conv, OK_SAID, "write", text, NULL);
	step(conv, OK_SAID, "close", NULL, NULL);
	text_hex(hex, (const uint8_t *)text, n);
	/* Lines of 32 bytes, as the script sends them. */
	for (size_t i = 0; i < 2 * n; i += 64)
		buf_addf(&reply, "%.64s\\r\\n", hex + i);
	buf_adds(&reply, SAID("end\\r\\n"));
	step(conv, reply.data, "read", tmp, NULL);
	step(conv, OK_SAID, "rename", tmp, path);
	buf_release(&reply);
	free(hex);
}

/* This folder is not there: neither is what should be removed from it. */
static void
no_folder(struct buf *conv, const char *tmp)
{
	step(conv, NO_FOLDER, "open", tmp, NULL);
	step(conv, NO_FOLDER, "remove", tmp, NULL);
}

static int
play(const struct journal *j, struct buf *conv, const char *serial,
    struct journal_done *done, struct err *e)
{
	struct err why = ERR_INIT;
	struct link *l = NULL;
	int res;

	buf_adds(conv, "> \\x02\n< \\r\\n>>> \n");
	OK(link_replay(conv->data, &l, &why) == 0);
	res = journal_write_link(j, l, serial, clock_ms() + 10000, done, e);
	if (!link_replay_done(l))
		printf("# not played to its end: %s\n", e->msg);
	OK(link_replay_done(l));
	link_close(l);
	buf_release(conv);
	return res;
}

static void
no_space(struct buf *conv)
{
	step(conv, "\\x04OSError: 28\\r\\n\\x04>", "open",
	    "/flash/mpflash.toml.bad.tmp", NULL);
	step(conv, OK_SAID, "remove", "/flash/mpflash.toml.bad.tmp", NULL);
}

#endif
