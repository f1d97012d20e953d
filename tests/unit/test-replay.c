/* SPDX-License-Identifier: MIT */
#include "link/link.h"
#include "tap.h"

static struct err e;

static struct link *
replay(const char *script)
{
	struct link *l = NULL;

	OK(link_replay(script, &l, &e) == 0);
	return l;
}

static void
test_replay(void)
{
	char got[64];
	size_t n;
	struct link *l = replay("# a talk\n> \\x01\n< raw REPL\\r\\n\n< >\n"
	    "\n> 1\\\\\\t\n!\n");

	OK(link_read(l, got, 64, 0, &n, &e) == -1 && e.code == ERR_TIMEOUT);
	OK(link_write(l, "\x01", 1, 0, &e) == 0);
	OK(link_read(l, got, 3, 0, &n, &e) == 0 && n == 3);
	OK(link_read(l, got, 64, 0, &n, &e) == 0 && n == 7);
	OK(memcmp(got, " REPL\r\n", 7) == 0);
	OK(!link_replay_done(l));
	OK(link_read(l, got, 64, 0, &n, &e) == 0 && n == 1 && got[0] == '>');
	OK(link_read(l, got, 64, 0, &n, &e) == -1 && e.code == ERR_TIMEOUT);
	OK(!link_replay_done(l));
	OK(link_baud(l, 1200, &e) == 0 && link_lines(l, 1, 0, &e) == 0);
	OK(link_write(l, "1", 1, 0, &e) == 0);
	OK(link_write(l, "\\\t", 2, 0, &e) == 0);
	OK(link_replay_done(l));
	OK(link_write(l, "x", 1, 0, &e) == -1 && e.code == ERR_NOT_FOUND);
	OK(link_read(l, got, 64, 0, &n, &e) == -1 && e.code == ERR_NOT_FOUND);
	link_close(l);
}

static void
test_replay_wrong(void)
{
	char got[64];
	size_t n;
	struct link *l = replay("> ab\n< c\n> d");

	OK(link_write(l, "ax", 2, 0, &e) == -1 && e.code == ERR_PROTOCOL);
	IS_STR(e.msg, "replay: step 1: sent \"ax\", not \"ab\"");
	OK(link_write(l, "ab", 2, 0, &e) == 0);
	/* What came in waits, while we go on. */
	OK(link_write(l, "d", 1, 0, &e) == 0);
	OK(link_read(l, got, 64, 0, &n, &e) == 0 && n == 1 && got[0] == 'c');
	OK(link_write(l, "x", 1, 0, &e) == -1 && e.code == ERR_PROTOCOL);
	link_close(l);
	l = replay("< old\n< older\n> a\n< new\n");
	link_flush(l);
	OK(link_write(l, "a", 1, 0, &e) == 0);
	OK(link_read(l, got, 64, 0, &n, &e) == 0 && memcmp(got, "new", 3) == 0);
	link_close(l);
	l = NULL;
	OK(link_replay("> a\n<b\n", &l, &e) == -1 && e.code == ERR_INPUT);
	IS_STR(e.msg, "replay: line 2: not a step");
	OK(link_replay("hello\n", &l, &e) == -1 && e.code == ERR_INPUT);
	OK(link_replay("> \\x4", &l, &e) == -1 && e.code == ERR_INPUT);
	OK(link_replay("> \\q", &l, &e) == -1 && e.code == ERR_INPUT);
	OK(link_replay("> \\", &l, &e) == -1 && e.code == ERR_INPUT);
	OK(link_replay("!!", &l, &e) == -1 && e.code == ERR_INPUT);
	OK(l == NULL);
}

/* Bauds and lines are part of the talk, where it has any. */
static void
test_replay_settings(void)
{
	static const char script[] = "@ 1200\n~ 0 0\n> a\n< b\n~ 1 0\n";
	char got[64];
	size_t n;
	struct link *l = replay(script);

	OK(link_write(l, "a", 1, 0, &e) == -1 && e.code == ERR_PROTOCOL);
	OK(link_lines(l, false, false, &e) == -1 && e.code == ERR_PROTOCOL);
	IS_STR(e.msg, "replay: step 1: set dtr 0 rts 0, which is not in the "
	    "recording");
	OK(link_baud(l, 9600, &e) == -1 && e.code == ERR_PROTOCOL);
	OK(link_baud(l, 1200, &e) == 0);
	OK(link_lines(l, true, false, &e) == -1);
	OK(link_lines(l, false, true, &e) == -1);
	OK(link_lines(l, false, false, &e) == 0);
	OK(link_write(l, "a", 1, 0, &e) == 0);
	OK(link_read(l, got, 64, 0, &n, &e) == 0 && got[0] == 'b');
	OK(!link_replay_done(l));
	OK(link_lines(l, true, false, &e) == 0 && link_replay_done(l));
	OK(link_baud(l, 1200, &e) == -1 && e.code == ERR_PROTOCOL);
	link_close(l);
	/* A talk with bauds alone takes any lines; after "*" all is taken. */
	l = replay("@ 9600\n*\n< x\n");
	OK(link_lines(l, true, true, &e) == 0);
	OK(link_baud(l, 9600, &e) == 0 && link_baud(l, 115200, &e) == 0);
	link_close(l);
	l = replay("@ 9600\n!\n");
	OK(link_baud(l, 9600, &e) == 0);
	OK(link_baud(l, 9600, &e) == -1 && e.code == ERR_NOT_FOUND);
	link_close(l);
	l = NULL;
	OK(link_replay("@ x", &l, &e) == -1 && e.code == ERR_INPUT);
	OK(link_replay("@ 1200 8N1", &l, &e) == -1);
	OK(link_replay("~ 1", &l, &e) == -1);
	OK(link_replay("~ 1 2", &l, &e) == -1);
	OK(link_replay("@ 12345678901234567890", &l, &e) == -1);
}

static void
test_replay_any(void)
{
	char got[64];
	size_t n;
	struct link *l = replay("> a\n*\n< x\n< y\n!\n");

	OK(link_write(l, "a", 1, 0, &e) == 0);
	OK(link_write(l, "whatever", 8, 0, &e) == 0);
	OK(link_read(l, got, 64, 0, &n, &e) == 0 && got[0] == 'x');
	OK(link_read(l, got, 64, 0, &n, &e) == 0 && got[0] == 'y');
	OK(link_replay_done(l));
	OK(link_read(l, got, 64, 0, &n, &e) == -1 && e.code == ERR_NOT_FOUND);
	link_close(l);
}

/* A talk that ends after byte N, for every N. */
static void
test_replay_cut(void)
{
	for (size_t cut = 0; cut <= 5; cut++) {
		char got[64];
		size_t n, all = 0;
		struct link *l = replay("< abc\n> x\n< de\n");

		link_replay_cut(l, cut);
		while (link_read(l, got, 64, 0, &n, &e) == 0)
			all += n;
		if (cut > 3) {
			OK(e.code == ERR_TIMEOUT);
			OK(link_write(l, "x", 1, 0, &e) == 0);
			while (link_read(l, got, 64, 0, &n, &e) == 0)
				all += n;
		} else {
			OK(link_write(l, "x", 1, 0, &e) == -1);
		}
		OK(e.code == ERR_NOT_FOUND);
		OK(all == cut);
		link_close(l);
	}
}

int
main(void)
{
	test_replay();
	test_replay_wrong();
	test_replay_settings();
	test_replay_any();
	test_replay_cut();
	return tap_done();
}
