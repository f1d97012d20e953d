/* SPDX-License-Identifier: MIT */
#include "repl/repl.h"

#include "../tests/unit/tap.h"
#include "base/clock.h"
#include "repl/script.h"

/*
 * A board without raw-paste, so that what we send is one piece.  The scripts
 * are not repeated here: that they do what they say is seen on real boards.
 */
static const char opening[] = "> \\x02\n< \\r\\n>>> \n"
    "> \\x01\n< \\r\\nraw REPL; CTRL-B to exit\\r\\n>\n"
    "> \\x05A\\x01\n< raw REPL; CTRL-B to exit\\r\\n>\n";
#define END	"> \\x02\n< \\r\\n>>> \n"

#define OK_SAID	"ok\\r\\n\\x04\\x04>"
#define RAISED(what)	"\\x04Traceback:\\r\\n" what "\\r\\n\\x04>"

/* Adds "we send this script, the board says OK and reply" to conv. */
static void
step(struct buf *conv, const char *reply, const char *name, const char *a,
    const char *b)
{
	const struct script_arg args[] = {
		{ a, a == NULL ? 0 : strlen(a) },
		{ b, b == NULL ? 0 : strlen(b) },
	};
	struct buf code = BUF_INIT;

	if (script_add(&code, name, args, (a != NULL) + (b != NULL)) == -1)
		printf("# no script %s\n", name);
	buf_adds(conv, "> ");
	for (size_t i = 0; i < code.len; i++)
		buf_addf(conv, "\\x%02x", (unsigned char)code.data[i]);
	buf_addf(conv, "\\x04\n< OK%s\n", reply);
	buf_release(&code);
}

static void
begin(struct buf *conv, const char *platform)
{
	buf_clear(conv);
	buf_adds(conv, opening);
	step(conv, platform, "platform", NULL, NULL);
}

static int64_t
in_10s(void)
{
	return clock_ms() + 10000;
}

/* Plays conv: text NULL reads path into out, else writes it. */
static int
play(struct buf *conv, const char *path, const char *text, struct buf *out,
    bool *renamed, struct err *e)
{
	struct link *l = NULL;
	struct repl *r = NULL;
	struct err why = ERR_INIT;
	int res;

	buf_adds(conv, END);
	OK(link_replay(conv->data, &l, &why) == 0);
	OK(repl_enter(l, NULL, in_10s(), &r, &why) == 0);
	if (text == NULL)
		res = repl_read_file(r, path, in_10s(), out, e);
	else
		res = repl_write_file(r, path, text, strlen(text), in_10s(),
		    renamed, e);
	OK(repl_leave(r, in_10s(), &why) == 0);
	if (!link_replay_done(l))
		printf("# not played to its end: %s\n", e->msg);
	OK(link_replay_done(l));
	link_close(l);
	return res;
}

static void
test_read(void)
{
	static const struct {
		const char	*reply, *out;
		enum err_code	 code;
		const char	*msg;
	} cases[] = {
		{ "6869\\r\\ntick\\r\\n0a\\r\\nend\\r\\n\\x04\\x04>", "hi\n",
		    ERR_NONE, "" },
		{ "end\\r\\n\\x04\\x04>", "", ERR_NONE, "" },
		{ "\\x04OSError: 2\\r\\n\\x04>", "", ERR_NOT_FOUND,
		    "a.toml: no such file on the board" },
		{ RAISED("OSError: [Errno 2] ENOENT"), "", ERR_NOT_FOUND,
		    "a.toml: no such file on the board" },
		{ RAISED("OSError: file not found"), "", ERR_NOT_FOUND,
		    "a.toml: no such file on the board" },
		{ RAISED("OSError: 5"), "", ERR_PROTOCOL,
		    "a.toml: OSError: 5" },
		{ "6869\\r\\n\\x04\\x04>", "hi", ERR_PROTOCOL,
		    "a.toml: the board did not send it to its end" },
		{ "68696869\\r\\n6869\\r\\nend\\r\\n\\x04\\x04>", "hihi",
		    ERR_INPUT, "a.toml: over 5 bytes" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf conv = BUF_INIT, out = BUF_MAX(5);
		struct err e = ERR_INIT;

		begin(&conv, "esp8266\\r\\n\\x04\\x04>");
		step(&conv, cases[i].reply, "read", "a.toml", NULL);
		play(&conv, "a.toml", NULL, &out, NULL, &e);
		OK(e.code == cases[i].code);
		IS_STR(e.msg, cases[i].msg);
		IS_STR(out.data, cases[i].out);
		buf_release(&conv);
		buf_release(&out);
	}
}

static const char hi[] = "6869\\r\\nend\\r\\n\\x04\\x04>";

/* path opened, "hi" written, closed. */
static void
put_hi(struct buf *conv, const char *path)
{
	step(conv, OK_SAID, "open", path, NULL);
	step(conv, OK_SAID, "write", "hi", NULL);
	step(conv, OK_SAID, "close", NULL, NULL);
}

static void
test_write(void)
{
	struct buf conv = BUF_INIT;
	struct err e = ERR_INIT;
	bool renamed = false;

	begin(&conv, "esp8266\\r\\n\\x04\\x04>");
	put_hi(&conv, "/a.tmp");
	step(&conv, hi, "read", "/a.tmp", NULL);
	step(&conv, OK_SAID, "rename", "/a.tmp", "/a");
	OK(play(&conv, "/a", "hi", NULL, &renamed, &e) == 0 && renamed);

	begin(&conv, "microbit\\r\\n\\x04\\x04>");
	put_hi(&conv, "a.tmp");
	step(&conv, hi, "read", "a.tmp", NULL);
	step(&conv, "norename\\r\\n\\x04\\x04>", "rename", "a.tmp", "a");
	step(&conv, OK_SAID, "remove", "a.tmp", NULL);
	put_hi(&conv, "a");
	step(&conv, hi, "read", "a", NULL);
	OK(play(&conv, "a", "hi", NULL, &renamed, &e) == 0 && !renamed);
	buf_release(&conv);
}

/* In 256 bytes a time; a board that loses bytes gets less. */
static void
test_pieces(const char *platform, size_t piece)
{
	static const char full[] = "0123456789abcdef";
	struct buf conv = BUF_INIT, text = BUF_INIT, back = BUF_INIT;
	struct buf part = BUF_INIT;
	struct err e = ERR_INIT;

	for (int i = 0; i < 20; i++)
		buf_adds(&text, full);
	for (size_t i = 0; i < text.len; i++)
		buf_addf(&back, "%02x%s", (unsigned char)text.data[i],
		    i % 32 == 31 ? "\\r\\n" : "");
	buf_adds(&back, "end\\r\\n\\x04\\x04>");
	begin(&conv, platform);
	step(&conv, OK_SAID, "open", "a.tmp", NULL);
	for (size_t i = 0; i < text.len; i += piece) {
		const size_t left = text.len - i;

		buf_clear(&part);
		buf_add(&part, text.data + i, left < piece ? left : piece);
		step(&conv, OK_SAID, "write", part.data, NULL);
	}
	step(&conv, OK_SAID, "close", NULL, NULL);
	step(&conv, back.data, "read", "a.tmp", NULL);
	step(&conv, OK_SAID, "rename", "a.tmp", "a");
	OK(play(&conv, "a", text.data, NULL, NULL, &e) == 0);
	buf_release(&conv);
	buf_release(&text);
	buf_release(&back);
	buf_release(&part);
}

static void
test_failures(void)
{
	static const struct {
		const char	*open, *write, *close, *read, *rename;
		enum err_code	 code;
		const char	*msg;
	} cases[] = {
		{ RAISED("OSError: 30"), NULL, NULL, NULL, NULL,
		    ERR_PERMISSION,
		    "a.tmp: the board's file system is read-only" },
		{ OK_SAID, RAISED("OSError: [Errno 28] ENOSPC"), OK_SAID,
		    NULL, NULL, ERR_SPACE,
		    "a.tmp: the board's file system is full" },
		/* The first failure is the one that is told. */
		{ OK_SAID, RAISED("OSError: 28"), RAISED("OSError: 5"), NULL,
		    NULL, ERR_SPACE,
		    "a.tmp: the board's file system is full" },
		{ OK_SAID, OK_SAID, RAISED("OSError: 28"), NULL, NULL,
		    ERR_SPACE, "a.tmp: the board's file system is full" },
		{ OK_SAID, "\\x04\\x04>", OK_SAID, NULL, NULL, ERR_PROTOCOL,
		    "a.tmp: write: the board does not say ok" },
		{ OK_SAID, OK_SAID, OK_SAID, "6868\\r\\nend\\r\\n\\x04\\x04>",
		    NULL, ERR_VERIFY,
		    "a.tmp: 2 bytes written, read back different" },
		{ OK_SAID, OK_SAID, OK_SAID,
		    "68696968\\r\\nend\\r\\n\\x04\\x04>", NULL, ERR_VERIFY,
		    "a.tmp: 2 bytes written, read back different" },
		{ OK_SAID, OK_SAID, OK_SAID, hi, RAISED("OSError: 5"),
		    ERR_PROTOCOL, "a: OSError: 5" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf conv = BUF_INIT;
		struct err e = ERR_INIT;

		begin(&conv, "esp8266\\r\\n\\x04\\x04>");
		step(&conv, cases[i].open, "open", "a.tmp", NULL);
		if (cases[i].write != NULL)
			step(&conv, cases[i].write, "write", "hi", NULL);
		if (cases[i].close != NULL)
			step(&conv, cases[i].close, "close", NULL, NULL);
		if (cases[i].read != NULL)
			step(&conv, cases[i].read, "read", "a.tmp", NULL);
		if (cases[i].rename != NULL)
			step(&conv, cases[i].rename, "rename", "a.tmp", "a");
		step(&conv, OK_SAID, "remove", "a.tmp", NULL);
		OK(play(&conv, "a", "hi", NULL, NULL, &e) == -1);
		OK(e.code == cases[i].code);
		IS_STR(e.msg, cases[i].msg);
		buf_release(&conv);
	}
}

int
main(void)
{
	clock_fake(1000);
	test_read();
	test_write();
	test_pieces("esp8266\\r\\n\\x04\\x04>", 256);
	test_pieces("microbit\\r\\n\\x04\\x04>", 64);
	test_failures();
	return tap_done();
}
