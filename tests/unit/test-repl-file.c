/* SPDX-License-Identifier: MIT */
#include "repl/repl.h"

#include "../tests/unit/repl_said.h"
#include "../tests/unit/tap.h"
#include "base/clock.h"

static int64_t
in_30s(void)
{
	return clock_ms() + 30000;
}

/* Plays conv: text NULL reads path into out, else writes it. */
static int
play(struct conv *conv, const char *path, const char *text, struct buf *out,
    bool *renamed, struct err *e)
{
	struct link *l = NULL;
	struct repl *r = NULL;
	struct err why = ERR_INIT;
	int res;

	buf_adds(&conv->text, said_closing);
	OK(link_replay(conv->text.data, &l, &why) == 0);
	OK(repl_enter(l, NULL, in_30s(), &r, &why) == 0);
	if (text == NULL)
		res = repl_read_file(r, path, in_30s(), out, e);
	else
		res = repl_write_file(r, path, text, strlen(text), in_30s(),
		    renamed, e);
	OK(repl_leave(r, in_30s(), &why) == 0);
	if (!link_replay_done(l))
		printf("# not played to its end: %s\n", e->msg);
	OK(link_replay_done(l));
	link_close(l);
	buf_clear(&conv->text);
	/* Time has passed, and what is numbered by it begins anew. */
	clock_fake(1000);
	return res;
}

static void
test_read(void)
{
	static const struct {
		const char	*text, *raised, *out;
		enum err_code	 code;
		const char	*msg;
	} cases[] = {
		{ "hi\n", NULL, "hi\n", ERR_NONE, "" },
		{ "", NULL, "", ERR_NONE, "" },
		{ NULL, "OSError(2,)", "", ERR_NOT_FOUND,
		    "a.toml: no such file on the board" },
		{ NULL, "OSError(2, 'ENOENT')", "", ERR_NOT_FOUND,
		    "a.toml: no such file on the board" },
		{ NULL, "OSError('file not found',)", "", ERR_NOT_FOUND,
		    "a.toml: no such file on the board" },
		{ NULL, "OSError(5,)", "", ERR_PROTOCOL,
		    "a.toml: OSError: 5" },
		{ "hihihi", NULL, "", ERR_INPUT, "a.toml: over 5 bytes" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conv conv = { .text = BUF_INIT };
		struct buf out = BUF_MAX(5);
		struct err e = ERR_INIT;

		conv_begin(&conv, "esp8266");
		if (cases[i].text != NULL)
			conv_read(&conv, "a.toml", cases[i].text);
		else
			conv_done(&conv, cases[i].raised, "read", "a.toml",
			    NULL);
		play(&conv, "a.toml", NULL, &out, NULL, &e);
		OK(e.code == cases[i].code);
		IS_STR(e.msg, cases[i].msg);
		IS_STR(out.data, cases[i].out);
		buf_release(&conv.text);
		buf_release(&out);
	}
}

/*
 * What code raises that arrived wrong is no answer: it says nothing of the
 * file.  The board is asked again, and then it is an error.
 */
static void
test_unframed(void)
{
	static const char raised[] = "< OK\\x04OSError: 2\\r\\n\\x04>\n";
	static const char recovered[] = "< \\x04>\n"
	    "< raw REPL; CTRL-B to exit\\r\\n>\n";
	struct conv conv = { .text = BUF_INIT };
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT, why;
	struct link *l = NULL;
	struct repl *r = NULL;

	conv_begin(&conv, "esp8266");
	buf_addf(&conv.text, "*\n%s", raised);
	for (int i = 1; i < 4; i++)
		buf_addf(&conv.text, "%s%s", recovered, raised);
	buf_addf(&conv.text, "%s< \\r\\n>>> \n", recovered);
	OK(link_replay(conv.text.data, &l, &why) == 0);
	OK(repl_enter(l, NULL, in_30s(), &r, &why) == 0);
	OK(repl_read_file(r, "a.toml", in_30s(), &out, &e) == -1);
	OK(e.code == ERR_PROTOCOL);
	IS_STR(e.msg, "a.toml: replay: what the board answers does not arrive "
	    "whole: OSError: 2");
	OK(repl_leave(r, in_30s(), &why) == 0);
	OK(link_replay_done(l));
	link_close(l);
	buf_release(&conv.text);
	clock_fake(1000);
}

static void
no_rename(struct conv *conv)
{
	struct buf fields = BUF_INIT;

	parcel_put(&fields, "no", "", 0);
	conv_step(conv, &fields, NULL, "rename", "a.tmp", "a");
	buf_release(&fields);
}

static void
test_write(void)
{
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;
	bool renamed = false;

	conv_begin(&conv, "esp8266");
	conv_put(&conv, "/a.tmp", "hi");
	conv_read(&conv, "/a.tmp", "hi");
	conv_done(&conv, NULL, "rename", "/a.tmp", "/a");
	OK(play(&conv, "/a", "hi", NULL, &renamed, &e) == 0 && renamed);

	conv_begin(&conv, "microbit");
	conv_put(&conv, "a.tmp", "hi");
	conv_read(&conv, "a.tmp", "hi");
	no_rename(&conv);
	conv_done(&conv, NULL, "remove", "a.tmp", NULL);
	conv_put(&conv, "a", "hi");
	conv_read(&conv, "a", "hi");
	OK(play(&conv, "a", "hi", NULL, &renamed, &e) == 0 && !renamed);
	buf_release(&conv.text);
}

/* In 256 bytes a time. */
static void
test_pieces(const char *platform)
{
	struct conv conv = { .text = BUF_INIT };
	struct buf text = BUF_INIT;
	struct err e = ERR_INIT;

	for (int i = 0; i < 32; i++) {
		buf_adds(&text, "0123456789abcdef");
		if (i != 0 && i != 15 && i != 16 && i != 31)
			continue;
		conv_begin(&conv, platform);
		conv_put(&conv, "a.tmp", text.data);
		conv_read(&conv, "a.tmp", text.data);
		conv_done(&conv, NULL, "rename", "a.tmp", "a");
		OK(play(&conv, "a", text.data, NULL, NULL, &e) == 0);
	}
	conv_begin(&conv, platform);
	conv_put(&conv, "a.tmp", "");
	conv_read(&conv, "a.tmp", "");
	conv_done(&conv, NULL, "rename", "a.tmp", "a");
	OK(play(&conv, "a", "", NULL, NULL, &e) == 0);
	buf_release(&conv.text);
	buf_release(&text);
}

static void
test_failures(void)
{
	static const struct {
		const char	*write, *close, *read, *rename;
		enum err_code	 code;
		const char	*msg;
	} cases[] = {
		{ "OSError(30,)", "NameError('x',)", NULL, NULL,
		    ERR_PERMISSION,
		    "a.tmp: the board's file system is read-only" },
		{ "OSError(28,)", NULL, NULL, NULL, ERR_SPACE,
		    "a.tmp: the board's file system is full" },
		/* The first failure is the one that is told. */
		{ "OSError(28,)", "OSError(5,)", NULL, NULL, ERR_SPACE,
		    "a.tmp: the board's file system is full" },
		{ NULL, NULL, "hh", NULL, ERR_VERIFY,
		    "a.tmp: 2 bytes written, read back different" },
		{ NULL, NULL, "hiih", NULL, ERR_VERIFY,
		    "a.tmp: 2 bytes written, read back different" },
		{ NULL, NULL, "hi", "OSError(5,)", ERR_PROTOCOL,
		    "a: OSError: 5" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conv conv = { .text = BUF_INIT };
		struct err e = ERR_INIT;

		conv_begin(&conv, "esp8266");
		conv_write(&conv, cases[i].write, "a.tmp", "hi", 2, true);
		if (cases[i].write != NULL)
			conv_write(&conv, cases[i].close, "", "", 0, true);
		if (cases[i].read != NULL)
			conv_read(&conv, "a.tmp", cases[i].read);
		if (cases[i].rename != NULL)
			conv_done(&conv, cases[i].rename, "rename", "a.tmp",
			    "a");
		conv_done(&conv, NULL, "remove", "a.tmp", NULL);
		OK(play(&conv, "a", "hi", NULL, NULL, &e) == -1);
		OK(e.code == cases[i].code);
		IS_STR(e.msg, cases[i].msg);
		buf_release(&conv.text);
	}
}

/* What was asked gets no answer; it is asked again. */
static void
lose(struct conv *conv)
{
	buf_adds(&conv->text, "< OK20\\r\\n\\x04\\x04>\n"
	    "> \\x03\\x01\n< raw REPL; CTRL-B to exit\\r\\n>\n");
}

static void
lose_step(struct conv *conv, const char *name, const char *a, const char *b)
{
	const struct script_arg args[] = {
		{ a, strlen(a) }, { b, b == NULL ? 0 : strlen(b) },
	};

	conv_send(conv, name, args, b == NULL ? 1 : 2);
	lose(conv);
}

/* A step whose answer was lost is done again, and so may be done twice. */
static void
test_twice(void)
{
	static const char long_text[] = "123456789012345678901234567890123456"
	    "78901234567890123456789012345678901234567890123456789012345678901"
	    "23456789012345678901234567890123456789012345678901234567890123456"
	    "78901234567890123456789012345678901234567890123456789012345678901"
	    "23456789012345678901234567890";
	const struct script_arg last[] = {
		{ "", 0 }, { long_text + 256, strlen(long_text) - 256 },
		{ "last", 4 },
	};
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;
	bool renamed = false;

	/* The last piece, which has closed the file: all of it again. */
	conv_begin(&conv, "esp8266");
	conv_write(&conv, NULL, "a.tmp", long_text, 256, false);
	conv_send(&conv, "write", last, 3);
	lose(&conv);
	conv_answer(&conv, conv_send(&conv, "write", last, 3), NULL,
	    "NameError('_mpf_f',)");
	conv_write(&conv, "NameError('_mpf_f',)", "", "", 0, true);
	conv_put(&conv, "a.tmp", long_text);
	conv_read(&conv, "a.tmp", long_text);
	/* Renamed before. */
	lose_step(&conv, "rename", "a.tmp", "a");
	conv_done(&conv, "OSError(2,)", "rename", "a.tmp", "a");
	conv_read(&conv, "a", long_text);
	OK(play(&conv, "a", long_text, NULL, &renamed, &e) == 0 && renamed);

	/* Removed before. */
	conv_begin(&conv, "esp8266");
	conv_put(&conv, "a.tmp", "hi");
	conv_read(&conv, "a.tmp", "hi");
	no_rename(&conv);
	lose_step(&conv, "remove", "a.tmp", NULL);
	conv_done(&conv, "OSError(2,)", "remove", "a.tmp", NULL);
	conv_put(&conv, "a", "hi");
	conv_read(&conv, "a", "hi");
	OK(play(&conv, "a", "hi", NULL, &renamed, &e) == 0 && !renamed);

	/* What is not there, and was not touched, is not there. */
	conv_begin(&conv, "esp8266");
	conv_put(&conv, "a.tmp", "hi");
	conv_read(&conv, "a.tmp", "hi");
	conv_done(&conv, "OSError(2,)", "rename", "a.tmp", "a");
	conv_done(&conv, NULL, "remove", "a.tmp", NULL);
	OK(play(&conv, "a", "hi", NULL, &renamed, &e) == -1);
	IS_STR(e.msg, "a: no such file on the board");
	buf_release(&conv.text);
}

int
main(void)
{
	clock_fake(1000);
	test_read();
	test_unframed();
	test_write();
	test_pieces("esp8266");
	test_pieces("microbit");
	test_failures();
	test_twice();
	return tap_done();
}
