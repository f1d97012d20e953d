/* SPDX-License-Identifier: MIT */
#include "repl/repl.h"

#include "../tests/unit/repl_said.h"
#include "../tests/unit/tap.h"
#include "base/clock.h"
#include "base/file.h"

/*
 * Lines that stand for a script and what the board answers: "@platform NAME"
 * (without NAME it has none), "@send bootloader", "@raise REPR".
 */
static void
add_line(struct conv *c, const char *line, size_t n)
{
	struct buf fields = BUF_INIT, packed = BUF_INIT;
	const size_t word = strcspn(line, " \n");
	char arg[64];

	snprintf(arg, sizeof(arg), "%.*s", (int)(n - word - 1),
	    line + word + (line[word] == ' '));
	arg[strcspn(arg, "\n")] = '\0';
	if (line[0] != '@') {
		buf_add(&c->text, line, n);
	} else if (strncmp(line, "@send", word) == 0) {
		conv_send(c, arg, NULL, 0);
	} else if (strncmp(line, "@raise", word) == 0) {
		parcel_put(&fields, "error", arg, strlen(arg));
		parcel_pack(&packed,
		    parcel_error(parcel_nonce(clock_ms(), 0)),
		    fields.data, fields.len);
		buf_addf(&c->text, "< \\x04%s\\x04\\x04>\n", packed.data);
	} else {
		if (arg[0] != '\0')
			parcel_put(&fields, "platform", arg, strlen(arg));
		conv_step(c, &fields, arg[0] != '\0' ? NULL :
		    "NameError('x',)", "platform", NULL, NULL);
	}
	buf_release(&fields);
	buf_release(&packed);
}

/* The conversation tests/data/repl/NAME.replay. */
static struct link *
replay(const char *name)
{
	struct link *l = NULL;
	struct buf path = BUF_INIT, script = BUF_INIT;
	struct conv conv = { .text = BUF_INIT };
	struct err e = ERR_INIT;

	printf("# %s\n", name);
	buf_addf(&path, "tests/data/repl/%s.replay", name);
	if (file_read(path.data, &script, &e) == 0)
		for (const char *s = script.data; *s != '\0';) {
			const size_t n = strcspn(s, "\n") + 1;

			add_line(&conv, s, n);
			s += n;
		}
	if (e.code != ERR_NONE ||
	    link_replay(conv.text.data, &l, &e) == -1)
		printf("Bail out! %s\n", e.msg);
	buf_release(&path);
	buf_release(&conv.text);
	buf_release(&script);
	return l;
}

static int64_t
in_10s(void)
{
	return clock_ms() + 10000;
}

static const struct {
	const char	*name;
	bool		 no_interrupt, interrupted;
	enum err_code	 code;
	const char	*msg;
} entries[] = {
	{ "idle", true, false, ERR_NONE, "" },
	{ "idle-noise", false, false, ERR_NONE, "" },
	{ "slow", false, false, ERR_NONE, "" },
	{ "slow-raw", false, false, ERR_NONE, "" },
	{ "half-line", false, false, ERR_NONE, "" },
	{ "half-block", false, false, ERR_NONE, "" },
	{ "half-paste", false, false, ERR_NONE, "" },
	{ "dots", false, true, ERR_NONE, "" },
	{ "dots-alone", true, false, ERR_BUSY, "replay: no prompt, and what "
	    "runs may not be interrupted" },
	{ "left-raw", true, false, ERR_NONE, "" },
	{ "other-prompt", true, false, ERR_NONE, "" },
	{ "left-pasting", false, false, ERR_NONE, "" },
	{ "left-pasting-name", false, false, ERR_NONE, "" },
	{ "left-pasting-refused", false, false, ERR_NONE, "" },
	{ "left-pasting-noise", false, false, ERR_NONE, "" },
	{ "left-pasting-late", false, false, ERR_NONE, "" },
	{ "half-line-noise", false, false, ERR_NONE, "" },
	{ "idle-noise-line", true, false, ERR_NONE, "" },
	{ "idle-noise-dots", true, false, ERR_NONE, "" },
	{ "idle-cut", true, false, ERR_NONE, "" },
	{ "program", false, true, ERR_NONE, "" },
	{ "program-input", true, true, ERR_NONE, "" },
	{ "program-input-silent", true, true, ERR_NONE, "" },
	{ "reset", true, false, ERR_NONE, "" },
	{ "program-gone", false, true, ERR_NONE, "" },
	{ "program-twice", false, true, ERR_NONE, "" },
	{ "program-raw", false, true, ERR_NONE, "" },
	{ "program-ends", false, true, ERR_NONE, "" },
	{ "program-alone", true, false, ERR_BUSY, "replay: no prompt, and "
	    "what runs may not be interrupted" },
	{ "program-prompt", false, true, ERR_NONE, "" },
	{ "program-prompt-alone", true, false, ERR_BUSY,
	    "replay: a prompt, but no raw REPL" },
	{ "boots", false, true, ERR_NONE, "" },
	{ "silence", false, false, ERR_TIMEOUT, "replay: no answer, nor "
	    "to ^C" },
	{ "modem", false, false, ERR_PROTOCOL, "replay: no MicroPython "
	    "prompt, but \"\\x0d\\nERROR\\x0d\\n\"" },
	{ "aiorepl", false, false, ERR_NONE, "" },
	{ "catches", false, false, ERR_PROTOCOL, "replay: a program there "
	    "catches ^C and goes on; it says \"t\\x0d\\nTraceback (most "
	    "recent call last):\\x0d\\nKeyboardInterrupt: \\x0d\\n\"" },
	{ "catches-quietly", false, false, ERR_PROTOCOL, "replay: a program "
	    "there catches ^C and goes on; it says \"stopped\\x0d\\nstopped"
	    "\\x0d\\nstopped\\x0d\\nstopped\\x0d\\nstopped\\x0d\\nstopped"
	    "\\x0d\\nstopped\\x0d\\ns\"" },
	{ "catches-prompt", false, false, ERR_NONE, "" },
	{ "no-raw", false, false, ERR_PROTOCOL,
	    "replay: a prompt, but no raw REPL" },
	{ "program-no-raw", false, false, ERR_PROTOCOL,
	    "replay: a prompt, but no raw REPL" },
	{ "gone", false, false, ERR_NOT_FOUND, NULL },
	{ "gone-later", false, false, ERR_NOT_FOUND, NULL },
};

static void
test_enter(void)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		bool sent = false;
		const struct repl_opts opts = {
			.no_interrupt = entries[i].no_interrupt,
			.sent_int = &sent,
		};
		struct link *l = replay(entries[i].name);
		struct repl *r = NULL;
		struct err e = ERR_INIT;

		if (repl_enter(l, &opts, in_10s(), &r, &e) == 0) {
			OK(repl_interrupted(r) == entries[i].interrupted);
			OK(repl_leave(r, in_10s(), &e) == 0);
		}
		/* It was stopped, or what is there may have been. */
		OK(e.code == ERR_NOT_FOUND || sent == (e.code ==
		    ERR_TIMEOUT || e.code == ERR_PROTOCOL));
		OK(e.code == entries[i].code);
		if (entries[i].msg != NULL)
			IS_STR(e.msg, entries[i].msg);
		OK(link_replay_done(l) || e.code == ERR_NOT_FOUND);
		link_close(l);
	}
}

static const struct {
	const char	*name, *code, *out;
	enum err_code	 err;
	const char	*msg;
} runs[] = {
	{ "run-paste", "print(1+1)", "2\n", ERR_NONE, "" },
	{ "run-window", "123456789", "", ERR_NONE, "" },
	{ "run-abort", "x = ;+ 2 + 3", "", ERR_PROTOCOL,
	    "SyntaxError: invalid syntax" },
	{ "run-no-paste", "1", "", ERR_NONE, "" },
	{ "run-old", "print(2)", "2\n", ERR_NONE, "" },
	{ "run-old-unknown", "1", "", ERR_NONE, "" },
	{ "run-lost", "print(1)", "1\n", ERR_NONE, "" },
	{ "run-lost-end", "print(1)", "1\n", ERR_NONE, "" },
	{ "run-lost-always", "print(1)", "", ERR_PROTOCOL,
	    "IndentationError: x" },
	{ "run-raise", "1/0", "", ERR_PROTOCOL,
	    "ZeroDivisionError: divide by zero\\x1b" },
	{ "run-endless", "run()", "tick\n", ERR_TIMEOUT,
	    "replay: no answer" },
	{ "run-window-0", "1", "", ERR_PROTOCOL,
	    "replay: raw-paste window of 0 bytes, and 01" },
	/* A byte that means something to a raw REPL is not sent to one. */
	{ "idle", "a\x04", "", ERR_INTERNAL,
	    "replay: control byte 04 in the code to run" },
};

static void
test_run(void)
{
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		struct buf out = BUF_INIT;
		struct link *l = replay(runs[i].name);
		struct repl *r = NULL;
		struct err e = ERR_INIT, why = ERR_INIT;
		bool raised = false;

		OK(repl_enter(l, NULL, in_10s(), &r, &why) == 0);
		repl_run(r, runs[i].code, in_10s(), &out, &raised, &e);
		OK(e.code == runs[i].err);
		IS_STR(e.msg, runs[i].msg);
		IS_STR(out.data, runs[i].out);
		OK(raised == (strstr(e.msg, "Error: ") != NULL));
		OK(repl_leave(r, in_10s(), &why) == 0);
		OK(link_replay_done(l));
		link_close(l);
		buf_release(&out);
	}
}

static void
test_flood(void)
{
	static const char begin[] = "> \\x02\n< \\r\\n>>> \n> \\x01\n"
	    "< raw REPL; CTRL-B to exit\\r\\n>\n*\n< R\\x01\\x80\\x00\\x01\n"
	    "< \\x04\n";
	struct buf script = BUF_INIT, out = BUF_INIT;
	struct err e = ERR_INIT;
	struct link *l = NULL;
	struct repl *r = NULL;

	buf_adds(&script, begin);
	for (unsigned i = 0; i < REPL_OUTPUT_MAX / 64 + 1; i++)
		buf_adds(&script, "< 0123456789abcdef0123456789abcdef"
		    "0123456789abcdef0123456789abcdef\n");
	OK(link_replay(script.data, &l, &e) == 0);
	OK(repl_enter(l, NULL, in_10s(), &r, &e) == 0);
	OK(repl_run(r, "run()", in_10s(), &out, NULL, &e) == -1);
	OK(e.code == ERR_INPUT && out.len == REPL_OUTPUT_MAX);
	OK(repl_leave(r, in_10s(), &e) == -1);
	link_close(l);
	buf_release(&script);
	buf_release(&out);
}

static void
test_start(void)
{
	static const struct {
		const char	*name;
		enum err_code	 code;
	} cases[] = {
		{ "start-gone", ERR_NONE },
		{ "start-gone-at-once", ERR_NONE },
		{ "start-stays", ERR_NONE },
		{ "start-no", ERR_UNSUPPORTED },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = ERR_INIT;
		struct link *l = replay(cases[i].name);
		struct repl *r = NULL;

		OK(repl_enter(l, NULL, in_10s(), &r, &e) == 0);
		repl_start(r, "bootloader", in_10s(), &e);
		OK(e.code == cases[i].code);
		repl_abandon(r);
		link_close(l);
	}
	repl_abandon(NULL);
}

/* What is kept of the time for leaving. */
static void
test_work(void)
{
	static const char *const names[] = { "idle", "program" };
	static const int kept[] = { 1500, 3000 };

	for (size_t i = 0; i < 2; i++) {
		struct link *l = replay(names[i]);
		const int64_t now = clock_ms();
		struct err e = ERR_INIT;
		struct repl *r = NULL;

		OK(repl_enter(l, NULL, now + 10000, &r, &e) == 0);
		OK(repl_work(r, now + 10000) == now + 10000 - kept[i]);
		OK(repl_work(r, now + 2000) == now + 1000);
		OK(repl_work(r, now) == now && repl_work(r, 1) == 1);
		repl_abandon(r);
		link_close(l);
	}
}

/* Code that is sent slowly is not sent beyond the deadline. */
static void
test_slow(void)
{
	struct link *l = replay("run-lost-always");
	const int64_t deadline = clock_ms() + 800;
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;
	struct repl *r = NULL;

	OK(repl_enter(l, NULL, in_10s(), &r, &e) == 0);
	OK(repl_run(r, "print(1)", deadline, &out, NULL, &e) == -1);
	OK(e.code == ERR_TIMEOUT && clock_ms() < deadline + 50);
	repl_abandon(r);
	link_close(l);
	buf_release(&out);
}

/* One conversation of all steps; the board vanishes after n bytes. */
static int
whole(size_t n, struct err *e)
{
	struct link *l = replay("run-whole");
	struct repl *r = NULL;
	struct buf out = BUF_INIT;
	int res;

	link_replay_cut(l, n);
	res = repl_enter(l, NULL, in_10s(), &r, e);
	if (res == 0)
		res = repl_run(r, "print(1)", in_10s(), &out, NULL, e);
	if (r != NULL && repl_leave(r, in_10s(), e) == -1)
		res = -1;
	link_close(l);
	buf_release(&out);
	return res;
}

/* Whenever the board vanishes, we come to an end and say so. */
static void
test_cut(void)
{
	struct err e = ERR_INIT;
	size_t n, bad = 0;

	for (n = 0; n < 1000 && whole(n, &e) == -1; n++)
		bad += e.code != ERR_NOT_FOUND;
	OK(n > 200 && n < 1000 && bad == 0);
}

int
main(void)
{
	clock_fake(1000);
	test_enter();
	test_run();
	test_flood();
	test_start();
	test_work();
	test_slow();
	test_cut();
	return tap_done();
}
