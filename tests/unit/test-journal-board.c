/* SPDX-License-Identifier: MIT */
#include "journal/journal.h"

#include <stdlib.h>

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/text.h"
#include "board/probe.h"
#include "repl/script.h"

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
/* Of "x = 1". */
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
test_write(void)
{
	struct buf conv = BUF_INIT;
	struct err e = ERR_INIT;
	struct journal_done done;

	begin(&conv, SAID(UID END));
	no_folder(&conv, "/flash/mpflash.toml.tmp");
	put_file(&conv, "/mpflash.toml", TEXT);
	OK(play(&pico, &conv, NULL, &done, &e) == 0);
	OK(done.written && done.renamed && !done.replaced);
	IS_STR(e.hint, "");
}

/* "mpflash.toml as it is": nothing is written. */
static void
test_unchanged(void)
{
	struct buf conv = BUF_INIT, said = BUF_INIT;
	char hex[2 * sizeof(TEXT)];
	struct err e = ERR_INIT;
	struct journal_done done;

	text_hex(hex, (const uint8_t *)TEXT, sizeof(TEXT) - 1);
	buf_addf(&said, UID "record %s\\r\\n" NO_INFO
	    "record-sum %zu %lu\\r\\n" SAID("end\\r\\n"), hex,
	    sizeof(TEXT) - 1, probe_sum(TEXT, sizeof(TEXT) - 1));
	begin(&conv, said.data);
	OK(play(&pico, &conv, NULL, &done, &e) == 0);
	OK(!done.written && !done.replaced);
	buf_release(&said);
}

/* "x = " is no TOML: it is kept under another name. */
static void
test_replaced(void)
{
	struct journal microbit = pico;
	struct buf conv = BUF_INIT;
	struct err e = ERR_INIT;
	struct journal_done done;

	microbit.port = "microbit";
	begin(&conv, SAID(UID BAD));
	put_file(&conv, "mpflash.toml.bad", "x = ");
	put_file(&conv, "mpflash.toml", "[firmware]\nboard_id = \"X\"\n"
	    "port = \"microbit\"\nversion = \"v1.2\"\ncustom = false\n");
	OK(play(&microbit, &conv, NULL, &done, &e) == 0);
	OK(done.written && done.replaced);
}

static void
no_space(struct buf *conv)
{
	step(conv, "\\x04OSError: 28\\r\\n\\x04>", "open",
	    "/flash/mpflash.toml.bad.tmp", NULL);
	step(conv, OK_SAID, "remove", "/flash/mpflash.toml.bad.tmp", NULL);
}

/* Without TOML of ours nothing may be lost, so nothing is written. */
static void
test_full(void)
{
	struct buf conv = BUF_INIT;
	struct err e = ERR_INIT;
	struct journal_done done;

	begin(&conv, SAID(UID BAD));
	no_space(&conv);
	OK(play(&pico, &conv, NULL, &done, &e) == -1);
	OK(e.code == ERR_SPACE && !done.written && !done.replaced);
	IS_STR(e.msg, "/flash/mpflash.toml.bad.tmp: the board's file system "
	    "is full");
}

static void
test_no_folder_at_all(void)
{
	struct buf conv = BUF_INIT;
	struct err e = ERR_INIT;
	struct journal_done done;

	begin(&conv, SAID(UID END));
	no_folder(&conv, "/flash/mpflash.toml.tmp");
	no_folder(&conv, "/mpflash.toml.tmp");
	no_folder(&conv, "mpflash.toml.tmp");
	OK(play(&pico, &conv, NULL, &done, &e) == -1);
	OK(e.code == ERR_NOT_FOUND && !done.written);
}

/* Whose board is it?  uid: what the record says. */
static void
test_identity(void)
{
	static const struct {
		const char	*uid, *probe, *serial;
		bool		 ours;
		const char	*msg;
	} cases[] = {
		{ "e661", SAID(UID END), "other", true, "" },
		{ "ffff", SAID(UID END), "ffff", false, "the board "
		    "there now has the id e661, the one of the record had "
		    "ffff" },
		{ NULL, SAID(UID END), NULL, false, "the board there "
		    "now has the id e661, the one of the record had none" },
		{ "AB12", SAID(NAME END), "ab12", true, "" },
		{ "AB12", SAID(NAME END), NULL, false, "the board there "
		    "now has no id, the one of the record had AB12" },
		{ NULL, SAID(NAME END), "x", true, "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct journal j = pico;
		struct buf conv = BUF_INIT;
		struct err e = ERR_INIT;
		struct journal_done done;

		j.uid = cases[i].uid;
		j.port = "microbit";
		begin(&conv, cases[i].probe);
		if (cases[i].ours)
			put_file(&conv, "mpflash.toml",
			    "[firmware]\nboard_id = \"X\"\nport = "
			    "\"microbit\"\nversion = \"v1.2\"\n"
			    "custom = false\n");
		OK(play(&j, &conv, cases[i].serial, &done, &e) ==
		    (cases[i].ours ? 0 : -1));
		OK(done.written == cases[i].ours);
		IS_STR(e.msg, cases[i].msg);
		OK(cases[i].ours || e.code == ERR_MISMATCH);
	}
}

#define GIT	"version 312e322e33\\r\\n" \
	"release 76312e322e332d352d676162636465663031\\r\\n"

/* Does it run what the record says?  What one does not know may be. */
static void
test_firmware(void)
{
	static const struct {
		const char	*said, *version, *description, *commit;
		int64_t		 build;
		const char	*now;		/* NULL: it does */
	} cases[] = {
		{ "", "v1.2.3", "d", "abcdef0", 5, NULL },
		{ "version 312e322e33\\r\\n", "v1.2.3", NULL, NULL, -1, NULL },
		{ "version 312e332e33\\r\\n", "v1.2.3", NULL, NULL, -1,
		    "v1.3.3" },
		{ "machine 64\\r\\n", "v1.2.3", "d", NULL, -1, NULL },
		{ "machine 78\\r\\n", "v1.2.3", "d", NULL, -1, "(x)" },
		{ GIT, "v1.2.3", NULL, NULL, -1, NULL },
		{ GIT, "v1.2.3", NULL, "abcdef012", 5, NULL },
		{ GIT, "v1.2.3", NULL, "abcdef1", 5, "abcdef01" },
		{ GIT, "v1.2.3", NULL, NULL, 6, "another build" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct journal j = pico;
		struct buf conv = BUF_INIT, said = BUF_INIT;
		struct err e = ERR_INIT;
		struct journal_done done;

		j.version = cases[i].version;
		j.description = cases[i].description;
		j.commit = cases[i].commit;
		j.build = cases[i].build;
		buf_addf(&said, UID "%s" SAID(BAD), cases[i].said);
		begin(&conv, said.data);
		if (cases[i].now == NULL)
			no_space(&conv);
		OK(play(&j, &conv, NULL, &done, &e) == -1);
		OK(e.code == (cases[i].now == NULL ? ERR_SPACE :
		    ERR_MISMATCH));
		OK(cases[i].now == NULL || strstr(e.msg, cases[i].now) != NULL);
		buf_release(&said);
	}
}

/* Answers that are none. */
static void
test_answers(void)
{
	static const struct {
		const char	*probe, *msg;
		enum err_code	 code;
		int		 times;		/* it is asked */
	} cases[] = {
		{ SAID(UID), "its answer has no end", ERR_PROTOCOL, 3 },
		{ SAID(UID NO_INFO "record 787\\r\\n" FILE_SUM), "its mpflash.toml "
		    "did not come whole", ERR_PROTOCOL, 3 },
		{ "\\x04ValueError:\\r\\n\\x04>",
		    "the board answers: ValueError:", ERR_PROTOCOL, 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf conv = BUF_INIT;
		struct err e = ERR_INIT;
		struct journal_done done;

		begin(&conv, cases[i].probe);
		for (int k = 1; k < cases[i].times; k++)
			step(&conv, cases[i].probe, "probe", NULL, NULL);
		OK(play(&pico, &conv, NULL, &done, &e) == -1);
		OK(e.code == cases[i].code);
		IS_STR(e.msg, cases[i].msg);
	}
}

/*
 * A timer prints "42" into the file, and what comes of it, "x", is no TOML.
 * It is the user's all the same: nothing is put aside, and it is asked again.
 */
static void
test_cut(void)
{
	struct buf conv = BUF_INIT;
	struct err e = ERR_INIT;
	struct journal_done done;

	begin(&conv, SAID(UID "record 7842\\r\\n203d2031\\r\\n" NO_INFO
	    FILE_SUM));
	step(&conv, SAID(UID "record 78203d2031\\r\\n" NO_INFO FILE_SUM),
	    "probe", NULL, NULL);
	no_folder(&conv, "/flash/mpflash.toml.tmp");
	put_file(&conv, "/mpflash.toml", "x = 1\n\n" TEXT);
	OK(play(&pico, &conv, NULL, &done, &e) == 0);
	OK(done.written && !done.replaced);
}

/* More than we ask of it; what we do not have we can not write back. */
static void
test_large(void)
{
	uint8_t zeros[PROBE_FILE_MAX] = { 0 };
	struct buf conv = BUF_INIT, said = BUF_INIT;
	struct err e = ERR_INIT;
	struct journal_done done;

	buf_adds(&said, UID NO_INFO "record ");
	for (size_t i = 0; i < sizeof(zeros); i++)
		buf_adds(&said, "00");
	buf_addf(&said, "\\r\\nrecord-sum %zu 0\\r\\n"
	    SAID("end\\r\\n"), sizeof(zeros) + 1);
	begin(&conv, said.data);
	OK(play(&pico, &conv, NULL, &done, &e) == -1);
	OK(e.code == ERR_INPUT && !done.written);
	IS_STR(e.msg, "mpflash.toml: over 8192 bytes on the board");
	buf_release(&said);
}

/* No room for the whole question: in halves, which may be too much too. */
static void
test_memory(void)
{
	static const char full[] = "\\x04MemoryError: \\r\\n\\x04>";
	struct journal j = pico;
	struct buf conv = BUF_INIT;
	struct err e = ERR_INIT;
	struct journal_done done;

	j.port = "microbit";
	begin(&conv, full);
	step(&conv, SAID(UID), "facts", NULL, NULL);
	step(&conv, SAID(END), "files", NULL, NULL);
	put_file(&conv, "mpflash.toml", "[firmware]\nboard_id = \"X\"\n"
	    "port = \"microbit\"\nversion = \"v1.2\"\ncustom = false\n");
	OK(play(&j, &conv, NULL, &done, &e) == 0);
	OK(done.written);

	begin(&conv, full);
	step(&conv, full, "facts", NULL, NULL);
	OK(play(&j, &conv, NULL, &done, &e) == -1);
	IS_STR(e.msg, "the board answers: MemoryError:");
}

/* By its place, with its lock; the place is empty, or held. */
static void
test_place(void)
{
	struct journal j = pico;
	struct lock lock = LOCK_INIT;
	struct journal_done done;
	struct err e = ERR_INIT;
	const int64_t soon = clock_ms() + 100;

	setenv("MPF_LOCKS", ".", 1);
	OK(file_mkdirs("root/sys/bus/usb/devices", 0777, &e) == 0);
	OK(journal_write_board(&j, "root", soon, &done, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
	IS_STR(e.msg, "h/usb/1-1.2:2: nothing is plugged in there now");

	j.usb_path = NULL;
	OK(journal_write_board(&j, "root", soon, &done, &e) == -1);
	OK(e.code == ERR_INPUT);
	j.serial_port = "/dev/ttyACM7";
	OK(journal_write_board(&j, "root", soon, &done, &e) == -1);
	OK(e.code == ERR_NOT_FOUND && strstr(e.msg, "ttyACM7") != NULL);

	OK(lock_device(j.device_id, 0, &lock, NULL, &e) == 0);
	OK(journal_write_board(&j, "root", 0, &done, &e) == -1);
	OK(e.code == ERR_BUSY);
	lock_drop(&lock);
}

int
main(void)
{
	tmp_enter();
	test_write();
	test_unchanged();
	test_replaced();
	test_full();
	test_no_folder_at_all();
	test_identity();
	test_firmware();
	test_answers();
	test_cut();
	test_large();
	test_memory();
	test_place();
	tmp_leave();
	return tap_done();
}
