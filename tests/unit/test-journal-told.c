/* SPDX-License-Identifier: MIT */
#include "journal/journal.h"

#include <stdlib.h>

#include "../tests/unit/journal-test.h"

#define GIT	"version=5:1.2.3" \
	"release=18:v1.2.3-5-gabcdef01"

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
		{ "version=5:1.2.3", "v1.2.3", NULL, NULL, -1, NULL },
		{ "version=5:1.3.3", "v1.2.3", NULL, NULL, -1,
		    "v1.3.3" },
		{ "machine=1:d", "v1.2.3", "d", NULL, -1, NULL },
		{ "machine=1:x", "v1.2.3", "d", NULL, -1, "(x)" },
		{ GIT, "v1.2.3", NULL, NULL, -1, NULL },
		{ GIT, "v1.2.3", NULL, "abcdef012", 5, NULL },
		{ GIT, "v1.2.3", NULL, "abcdef1", 5, "abcdef01" },
		{ GIT, "v1.2.3", NULL, NULL, 6, "another build" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *now = cases[i].now;
		struct journal j = pico;
		struct conv conv = { .text = BUF_INIT };
		struct buf said = BUF_INIT;
		struct err e = ERR_INIT;
		struct journal_done done;

		j.version = cases[i].version;
		j.description = cases[i].description;
		j.commit = cases[i].commit;
		j.build = cases[i].build;
		buf_addf(&said, UID "%s", cases[i].said);
		begin(&conv, said.data, BAD);
		if (now == NULL)
			no_space(&conv);
		OK(play(&j, &conv, NULL, &done, &e) == (now == NULL ? 0 : -1));
		OK(now == NULL ? done.none[0] != '\0' :
		    e.code == ERR_MISMATCH);
		OK(now == NULL || strstr(e.msg, now) != NULL);
		buf_release(&said);
	}
}

/* A facts answer that is none, or raises; its files are not asked for. */
static void
test_answers(void)
{
	static const struct {
		const char	*fields, *raised, *msg;
	} cases[] = {
		{ "uid=1:x", NULL, "it does not say what it is" },
		{ "name=2:m", NULL, "its answer is not as the script gives "
		    "it" },
		{ "", "ValueError()", "the board answers: ValueError: " },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conv conv = { .text = BUF_INIT };
		struct err e = ERR_INIT;
		struct journal_done done;

		conv_begin(&conv, "linux");
		answer(&conv, PROBE_ALL, cases[i].fields, cases[i].raised);
		if (cases[i].raised == NULL)
			answer(&conv, 0, "", NULL);
		OK(play(&pico, &conv, NULL, &done, &e) == -1);
		OK(e.code == ERR_IO);
		IS_STR(e.msg, cases[i].msg);
	}
}

/* More than we ask of it; what we do not have we can not write back. */
static void
test_large(void)
{
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;
	struct journal_done done;

	begin(&conv, UID, FILE "record-more=1:x");
	OK(play(&pico, &conv, NULL, &done, &e) == -1);
	OK(e.code == ERR_INPUT && !done.written);
	IS_STR(e.msg, "mpflash.toml: over 8192 bytes on the board");
}

/* What a file could not be read for: it may be there, and is kept. */
static void
test_unread(void)
{
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;
	struct journal_done done;

	conv_begin(&conv, "linux");
	answer(&conv, PROBE_ALL, UID, NULL);
	answer(&conv, 0, "", "OSError(5,)");
	OK(play(&pico, &conv, NULL, &done, &e) == -1);
	OK(e.code == ERR_IO && !done.written);
	IS_STR(e.msg, "mpflash.toml: the board cannot open it: OSError: 5");
}

/* What cannot be opened may be there: it is not written over. */
static void
test_shut(void)
{
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;
	struct journal_done done;

	begin(&conv, UID, "record-shut=11:OSError(5,)");
	OK(play(&pico, &conv, NULL, &done, &e) == -1);
	OK(e.code == ERR_IO && e.hint[0] != '\0' && !done.written);
	IS_STR(e.msg, "mpflash.toml: the board cannot open it: OSError: 5");
}

/* Out of the raw REPL and in again. */
static void
again(struct conv *conv)
{
	buf_adds(&conv->text, "> \\x02\n< \\r\\n>>> \n"
	    "> \\x01\n< \\r\\nraw REPL; CTRL-B to exit\\r\\n>\n");
}

/* The code alone is too much; it never runs. */
static void
full(struct conv *conv, int groups)
{
	ask(conv, groups);
	buf_adds(&conv->text, "< OK\\x04MemoryError: \\r\\n\\x04>\n");
}

/* No room for all questions: in parts, which may be too much too. */
static void
test_memory(void)
{
	static const char *const parts[] = { UID, "", "machine=1:x", "",
	    "uid=2:\xe6\x61", "" };
	struct journal j = pico;
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;
	struct journal_done done;

	j.port = "microbit";
	conv_begin(&conv, "linux");
	full(&conv, PROBE_ALL);
	for (int i = 0; i < 6; i++) {
		again(&conv);
		answer(&conv, 1 << i, parts[i], NULL);
	}
	again(&conv);
	full(&conv, 0);
	again(&conv);
	answer(&conv, 0, "", NULL);
	put_file(&conv, "mpflash.toml", "[firmware]\nboard_id = \"X\"\n"
	    "port = \"microbit\"\nversion = \"v1.2\"\ncustom = false\n");
	OK(play(&j, &conv, NULL, &done, &e) == 0);
	OK(done.written);

	conv_begin(&conv, "linux");
	answer(&conv, PROBE_ALL, "", "MemoryError()");
	for (int i = 0; i < 3; i++) {
		again(&conv);
		full(&conv, 1);
	}
	OK(play(&j, &conv, NULL, &done, &e) == -1);
	IS_STR(e.msg, "the board answers: MemoryError:");
	OK(strstr(e.hint, "memory is free") != NULL);
}

int
main(void)
{
	clock_fake(1000);
	test_firmware();
	test_answers();
	test_large();
	test_unread();
	test_shut();
	test_memory();
	return tap_done();
}
