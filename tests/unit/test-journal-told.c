/* SPDX-License-Identifier: MIT */
#include "journal/journal.h"

#include <stdlib.h>

#include "../tests/unit/journal-test.h"

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
		const char *now = cases[i].now;
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
		if (now == NULL)
			no_space(&conv);
		OK(play(&j, &conv, NULL, &done, &e) == -1);
		OK(e.code == (now == NULL ? ERR_SPACE : ERR_MISMATCH));
		OK(now == NULL || strstr(e.msg, now) != NULL);
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
		{ SAID(UID NO_INFO "record 787\\r\\n" FILE_SUM),
		    "its mpflash.toml did not come whole", ERR_PROTOCOL, 3 },
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

	begin(&conv, SAID(UID NO_INFO "record 7842\\r\\n203d2031\\r\\n"
	    FILE_SUM));
	step(&conv, SAID(UID NO_INFO FILE FILE_SUM), "probe", NULL, NULL);
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

/* What cannot be opened may be there: it is not written over. */
static void
test_shut(void)
{
	struct buf conv = BUF_INIT;
	struct err e = ERR_INIT;
	struct journal_done done;

	begin(&conv, SAID(UID NO_INFO "record-sum 0 [Errno 5] EIO\\r\\n"
	    "end\\r\\n"));
	OK(play(&pico, &conv, NULL, &done, &e) == -1);
	OK(e.code == ERR_IO && e.hint[0] != '\0' && !done.written);
	IS_STR(e.msg, "mpflash.toml: the board cannot open it: OSError: "
	    "[Errno 5] EIO");
}

/* Out of the raw REPL and in again. */
static void
again(struct buf *conv)
{
	buf_adds(conv, "> \\x02\n< \\r\\n>>> \n"
	    "> \\x01\n< \\r\\nraw REPL; CTRL-B to exit\\r\\n>\n");
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
	again(&conv);
	step(&conv, SAID(UID), "facts", NULL, NULL);
	again(&conv);
	step(&conv, SAID(END), "files", NULL, NULL);
	put_file(&conv, "mpflash.toml", "[firmware]\nboard_id = \"X\"\n"
	    "port = \"microbit\"\nversion = \"v1.2\"\ncustom = false\n");
	OK(play(&j, &conv, NULL, &done, &e) == 0);
	OK(done.written);

	begin(&conv, full);
	again(&conv);
	step(&conv, full, "facts", NULL, NULL);
	OK(play(&j, &conv, NULL, &done, &e) == -1);
	IS_STR(e.msg, "the board answers: MemoryError:");
}

int
main(void)
{
	test_firmware();
	test_answers();
	test_cut();
	test_large();
	test_shut();
	test_memory();
	return tap_done();
}
