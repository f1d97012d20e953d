/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "tool/run.h"

static void
is_named(const char *text, const char *want)
{
	char *got = run_named(text, "bench/usb/1-1.2", "/dev/ttyACM0");

	IS_STR(got, want);
	free(got);
}

/* One name for a board, and no other board's name is touched. */
static void
test_named(void)
{
	is_named("bench/usb/1-1.2: gone", "/dev/ttyACM0: gone");
	is_named("at bench/usb/1-1.2, and \"bench/usb/1-1.2\"",
	    "at /dev/ttyACM0, and \"/dev/ttyACM0\"");
	is_named("bench/usb/1-1.2", "/dev/ttyACM0");
	is_named("bench/usb/1-1.20: x", "bench/usb/1-1.20: x");
	is_named("bench/usb/1-1.2.3: x", "bench/usb/1-1.2.3: x");
	is_named("bench/usb/1-1.2:1: x", "bench/usb/1-1.2:1: x");
	is_named("workbench/usb/1-1.2: x", "workbench/usb/1-1.2: x");
	is_named("", "");
	for (int i = 0; i < 2; i++) {
		char *got = run_named("a: b", i == 0 ? NULL : "a",
		    i == 0 ? "x" : NULL);

		IS_STR(got, "a: b");
		free(got);
	}
}

/* What is written is read again; absent stays absent. */
static void
test_event(void)
{
	struct stream s = STREAM_INIT(-1, "pipe");
	struct event ev = EVENT_INIT("progress"), got;
	struct record *rec = NULL;
	struct err e = ERR_INIT;
	int fd[2];

	OK(pipe(fd) == 0);
	s.fd = fd[0];
	ev.device = "bench/usb/1-1.2";
	ev.step = "write";
	ev.done = 0;
	ev.total = 10;
	ev.unit = "bytes";
	OK(event_write(fd[1], "flash", &ev, &e) == 0);
	ev = (struct event)EVENT_INIT("result");
	ev.status = "done";
	OK(event_write(fd[1], "flash", &ev, &e) == 0);
	close(fd[1]);

	OK(stream_read(&s, &rec, &e) == 1 && event_read(rec, &got));
	IS_STR(got.what, "progress");
	IS_STR(got.device, "bench/usb/1-1.2");
	IS_STR(got.step, "write");
	OK(got.done == 0 && got.total == 10 && got.rate == -1);
	OK(got.name == NULL && got.status == NULL);
	record_free(rec);
	OK(stream_read(&s, &rec, &e) == 1 && event_read(rec, &got));
	OK(got.done == -1 && got.device == NULL);
	IS_STR(got.status, "done");
	record_free(rec);
	rec = record_new();
	OK(!event_read(rec, &got));
	record_free(rec);
	stream_release(&s);
	close(fd[0]);
}

/* However long the texts are, a pipe keeps the line together. */
static void
test_long(void)
{
	static char text[20000], bytes[20000];
	struct event ev = EVENT_INIT("message");
	struct err e = ERR_INIT;
	ssize_t n;
	int fd[2];

	OK(pipe(fd) == 0);
	memset(text, 1, sizeof(text) - 1);
	ev.message = ev.hint = ev.name = text;
	OK(event_write(fd[1], "flash", &ev, &e) == 0);
	n = read(fd[0], bytes, sizeof(bytes));
	OK(n > 1000 && n <= 4096 && bytes[n - 1] == '\n');

	/* Letters stay whole. */
	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	ev.name = "x";
	OK(event_write(fd[1], "flash", &ev, &e) == 0);
	n = read(fd[0], bytes, sizeof(bytes) - 1);
	OK(n > 2048 && n <= 4096);
	bytes[n] = '\0';
	OK(strstr(bytes, "\xef\xbf\xbd") == NULL);
	close(fd[0]);
	close(fd[1]);
}

int
main(void)
{
	test_named();
	test_event();
	test_long();
	return tap_done();
}
