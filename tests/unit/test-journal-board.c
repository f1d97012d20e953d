/* SPDX-License-Identifier: MIT */
#include "journal/journal.h"

#include <stdlib.h>

#include "../tests/unit/journal-test.h"
#include "../tests/unit/tmp.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"

/* This folder is not there: neither is what should be removed from it. */
static void
no_folder(struct conv *conv, const char *tmp, const char *text)
{
	conv_write(conv, "OSError(2,)", tmp, text, strlen(text), true);
	conv_write(conv, "NameError('_mpf_f',)", "", "", 0, true);
	conv_done(conv, "OSError(2,)", "remove", tmp, NULL);
}

static void
test_write(void)
{
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;
	struct journal_done done;

	begin(&conv, UID, "");
	no_folder(&conv, "/flash/mpflash.toml.tmp", TEXT);
	put_file(&conv, "/mpflash.toml", TEXT);
	OK(play(&pico, &conv, NULL, &done, &e) == 0);
	OK(done.written && done.renamed && !done.replaced);
	IS_STR(e.hint, "");
}

/* "mpflash.toml as it is": nothing is written. */
static void
test_unchanged(void)
{
	struct conv conv = { .text = BUF_INIT };
	struct buf said = BUF_INIT;
	struct err e = ERR_INIT;
	struct journal_done done;

	parcel_put(&said, "record", TEXT, sizeof(TEXT) - 1);
	begin(&conv, UID, said.data);
	OK(play(&pico, &conv, NULL, &done, &e) == 0);
	OK(!done.written && !done.replaced);
	buf_release(&said);
}

/* "x = " is no TOML: it is kept under another name. */
static void
test_replaced(void)
{
	struct journal microbit = pico;
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;
	struct journal_done done;

	microbit.port = "microbit";
	begin(&conv, UID, BAD);
	put_file(&conv, "mpflash.toml.bad", "x = ");
	put_file(&conv, "mpflash.toml", "[firmware]\nboard_id = \"X\"\n"
	    "port = \"microbit\"\nversion = \"v1.2\"\ncustom = false\n");
	OK(play(&microbit, &conv, NULL, &done, &e) == 0);
	OK(done.written && done.replaced);
}

/* Without TOML of ours nothing may be lost, so nothing is written. */
static void
test_full(void)
{
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;
	struct journal_done done;

	begin(&conv, UID, BAD);
	no_space(&conv);
	OK(play(&pico, &conv, NULL, &done, &e) == 0);
	OK(!done.written && !done.replaced && done.later);
	IS_STR(done.none, "the board's file system is full");
	OK(!played_text && e.code == ERR_NONE);
}

static void
test_no_folder_at_all(void)
{
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;
	struct journal_done done;

	begin(&conv, UID, "");
	no_folder(&conv, "/flash/mpflash.toml.tmp", TEXT);
	no_folder(&conv, "/mpflash.toml.tmp", TEXT);
	no_folder(&conv, "mpflash.toml.tmp", TEXT);
	OK(play(&pico, &conv, NULL, &done, &e) == 0);
	OK(!done.written && !done.later);
	IS_STR(done.none, "the board has no file system");
}

/* Pulled while the file is written: that is no word of its file system. */
static void
test_pulled(void)
{
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;
	struct journal_done done;

	begin(&conv, UID, "");
	buf_adds(&conv.text, "!\n");
	OK(play(&pico, &conv, NULL, &done, &e) == -1);
	OK(e.code == ERR_NOT_FOUND && !done.written);
	IS_STR(done.none, "");
}

/* With ours the user's own tables would be too long to be read again. */
static void
test_too_long(void)
{
	struct conv conv = { .text = BUF_INIT };
	struct buf file = BUF_INIT;
	struct err e = ERR_INIT;
	struct journal_done done;

	buf_addf(&file, "record=%d:x = \"", PROBE_FILE_MAX - 10);
	for (int i = 0; i < PROBE_FILE_MAX - 16; i++)
		buf_addc(&file, 'y');
	buf_addc(&file, '"');
	begin(&conv, UID, file.data);
	buf_release(&file);
	OK(play(&pico, &conv, NULL, &done, &e) == -1 && e.code == ERR_SPACE);
	OK(strstr(e.msg, "mpflash.toml: ") != NULL);
	IS_STR(e.hint, "shorten your own tables in it");
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
		{ "e661", UID, "other", true, "" },
		{ "ffff", UID, "ffff", false, "the board "
		    "there now has the id e661, the board of the record had "
		    "ffff" },
		{ NULL, UID, NULL, false, "the board there "
		    "now has the id e661, the board of the record had no id" },
		{ "AB12", NAME, "ab12", true, "" },
		{ "AB12", NAME, NULL, false, "the board there "
		    "now has no id, the board of the record had AB12" },
		{ NULL, NAME, "x", true, "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct journal j = pico;
		struct conv conv = { .text = BUF_INIT };
		struct err e = ERR_INIT;
		struct journal_done done;

		j.uid = cases[i].uid;
		j.port = "microbit";
		begin(&conv, cases[i].probe, "");
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
	clock_fake(1000);
	test_write();
	test_unchanged();
	test_replaced();
	test_full();
	test_no_folder_at_all();
	test_pulled();
	test_too_long();
	test_identity();
	test_place();
	tmp_leave();
	return tap_done();
}
