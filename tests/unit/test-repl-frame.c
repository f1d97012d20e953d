/* SPDX-License-Identifier: MIT */
#include "repl/frame.h"

#include "../tests/unit/tap.h"

/* Feeds text of n bytes; the state afterwards. */
static enum frame_state
feed(struct frame *f, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		frame_feed(f, s[i]);
	return f->state;
}

#define FEED(f, s)	feed((f), (s), sizeof(s) - 1)

static void
test_frame(void)
{
	struct buf out = BUF_INIT;
	struct frame f;

	frame_begin(&f, false, &out, 100);
	OK(FEED(&f, "tick\r\nO") == FRAME_ACK);
	OK(FEED(&f, "K1\r\n") == FRAME_OUTPUT);
	OK(FEED(&f, "\r2\r\r\n\xff\0\r") == FRAME_OUTPUT);
	OK(FEED(&f, "\x04") == FRAME_TRACE);
	OK(FEED(&f, "\x04") == FRAME_PROMPT);
	OK(FEED(&f, "tick") == FRAME_PROMPT);
	OK(FEED(&f, ">") == FRAME_DONE);
	OK(FEED(&f, "more") == FRAME_DONE);
	OK(out.len == 9 && memcmp(out.data, "1\n\r2\r\n\xff\0\r", 9) == 0);
	OK(f.trace.len == 0);
	frame_end(&f);
	buf_release(&out);

	frame_begin(&f, true, &out, 100);
	OK(FEED(&f, "OK\x01\x01") == FRAME_ACK);
	OK(FEED(&f, "\x04" "1\x04Trace\r\nOSError: 28\r\n\x04>") ==
	    FRAME_DONE);
	IS_STR(out.data, "1");
	IS_STR(f.trace.data, "Trace\r\nOSError: 28\r\n");
	frame_end(&f);
	buf_release(&out);
}

static void
test_limits(void)
{
	struct buf out = BUF_MAX(2), last = BUF_INIT;
	struct frame f;

	frame_begin(&f, true, &out, 3);
	OK(FEED(&f, "\x04" "12") == FRAME_OUTPUT);
	OK(FEED(&f, "3\x04\x04>") == FRAME_OVER);	/* out is full */
	frame_end(&f);
	buf_release(&out);

	out.max = 100;
	frame_begin(&f, true, &out, 3);
	OK(FEED(&f, "\x04" "123") == FRAME_OUTPUT);
	OK(FEED(&f, "\r4") == FRAME_OVER);		/* so many allowed */
	IS_STR(out.data, "123");
	frame_end(&f);
	buf_release(&out);

	/* Of a long traceback the end is kept. */
	frame_begin(&f, true, &out, 3);
	FEED(&f, "\x04\x04");
	for (int i = 0; i < 10000; i++)
		frame_feed(&f, i % 70 == 0 ? '\n' : 'x');
	OK(FEED(&f, "\r\nMemoryError: \r\n\x04>") == FRAME_DONE);
	OK(f.trace.len <= FRAME_TRACE_MAX);
	frame_last_line(&last, &f.trace);
	IS_STR(last.data, "MemoryError:");
	frame_end(&f);
	buf_release(&last);
}

static void
test_seek(void)
{
	static const struct seek_text list[] = {
		SEEK_TEXT("\n>>> "), SEEK_TEXT("R\x00"), SEEK_TEXT("\x04>"),
	};
	static const char long_one[] = "0123456789012345678901234567890123456"
	    "789\r\n>>> ";
	struct seek s;
	int found = -1;

	seek_begin(&s, list, 3);
	OK(seek_feed(&s, 'R') == -1);
	OK(seek_feed(&s, '\0') == 1);
	OK(seek_feed(&s, '\x04') == -1);
	OK(seek_feed(&s, '>') == 2);
	for (size_t i = 0; i < sizeof(long_one) - 1; i++)
		found = seek_feed(&s, long_one[i]);
	OK(found == 0);
}

static void
test_errno(void)
{
	static const struct {
		const char	*line;
		int		 eno;
	} lines[] = {
		{ "OSError: 28", 28 },
		{ "OSError: [Errno 28] ENOSPC", 28 },
		{ "OSError: (30, 'x')", 30 },
		{ "OSError: file not found", 0 },
		{ "OSError: ", 0 },
		{ "OSError: 99999999999999999999", 9999 },
		{ "ValueError: 28", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		OK(frame_errno(lines[i].line) == lines[i].eno);
}

static void
test_exception(void)
{
	static const struct {
		const char	*repr, *text;
	} cases[] = {
		{ "OSError(28,)", "OSError: 28" },
		{ "OSError(2, 'ENOENT')", "OSError: 2, 'ENOENT'" },
		{ "OSError('file not found',)", "OSError: file not found" },
		{ "ValueError(\"it's\",)", "ValueError: it's" },
		{ "ValueError('a\",)", "ValueError: 'a\"" },
		{ "ValueError('',)", "ValueError: " },
		{ "MemoryError()", "MemoryError: " },
		{ "X(", "X(" },
		{ "(", "(" },
		{ ")", ")" },
		{ "OSError: [Errno 2] ENOENT", "OSError: [Errno 2] ENOENT" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = BUF_INIT;

		frame_exception(&out, cases[i].repr, strlen(cases[i].repr));
		IS_STR(out.data, cases[i].text);
		buf_release(&out);
	}
}

int
main(void)
{
	test_frame();
	test_limits();
	test_seek();
	test_errno();
	test_exception();
	return tap_done();
}
