/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tap.h"
#include "usb/ops.h"
#include "usb/string.h"

/* A device that does as it is told, and counts what reaches it. */
struct toy {
	struct usb	 usb;
	int		 calls, closed;
	size_t		 answers;	/* bytes of each answer */
	int		 fails;		/* a libusb-like way to fail, or 0 */
	uint8_t		 strings[3][16];
};

enum { FAILS_GONE = 1, FAILS_REFUSED };

static struct err e;

static int
toy_result(struct toy *t, struct err *err)
{
	t->calls++;
	return t->fails == FAILS_GONE ? usb_gone(&t->usb, err) :
	    t->fails == FAILS_REFUSED ? usb_refused(&t->usb, err) : 0;
}

static int
toy_claim(struct usb *u, uint8_t interface, uint8_t alternate,
    struct err *err)
{
	(void)interface;
	(void)alternate;
	return toy_result((struct toy *)u, err);
}

static void
toy_release(struct usb *u, uint8_t interface)
{
	(void)interface;
	((struct toy *)u)->calls++;
}

static int
toy_control(struct usb *u, const struct usb_setup *setup, void *p, size_t n,
    int64_t deadline, size_t *got, struct err *err)
{
	struct toy *t = (struct toy *)u;
	const uint8_t *s = t->strings[setup->value & 3];

	(void)deadline;
	if (toy_result(t, err) == -1)
		return -1;
	*got = n < s[0] ? n : s[0];
	memcpy(p, s, *got);
	return 0;
}

static int
toy_bulk(struct usb *u, uint8_t endpoint, void *p, size_t n,
    int64_t deadline, size_t *got, struct err *err)
{
	struct toy *t = (struct toy *)u;

	(void)deadline;
	if (toy_result(t, err) == -1)
		return -1;
	*got = n < t->answers ? n : t->answers;
	if ((endpoint & USB_IN) != 0)
		memset(p, 'x', *got);
	return 0;
}

static int
toy_clear_halt(struct usb *u, uint8_t endpoint, struct err *err)
{
	(void)endpoint;
	return toy_result((struct toy *)u, err);
}

static int
toy_reset(struct usb *u, struct err *err)
{
	return toy_result((struct toy *)u, err);
}

static void
toy_close(struct usb *u)
{
	((struct toy *)u)->closed++;
}

static const struct usb_ops toy_ops = {
	toy_claim, toy_release, toy_control, toy_bulk, toy_clear_halt,
	toy_reset, toy_close
};

static void
toy_init(struct toy *t)
{
	*t = (struct toy){ .usb = { .ops = &toy_ops } };
	memcpy(t->usb.info.path, "1-1.2", 6);
	t->usb.info.settings = mem_alloc(2 * sizeof(struct usb_setting));
	t->usb.info.n_settings = 2;
	t->usb.info.settings[0] = (struct usb_setting){ .class = 8,
		.subclass = 6, .protocol = 0x50 };
	t->usb.info.settings[1] = (struct usb_setting){ .interface = 1,
		.class = 0xff };
}

static void
test_find(void)
{
	struct toy t;

	toy_init(&t);
	OK(usb_find(usb_info(&t.usb), 0xff, 0, 0)->interface == 1);
	OK(usb_find(usb_info(&t.usb), 8, -1, -1)->interface == 0);
	OK(usb_find(usb_info(&t.usb), 8, 5, -1) == NULL);
	OK(usb_find(usb_info(&t.usb), 8, 6, 0x62) == NULL);
	usb_close(&t.usb);
	OK(t.closed == 1);
	usb_close(NULL);
}

/* What went out in part did not go out. */
static void
test_bulk(void)
{
	struct toy t;
	uint8_t p[64] = { 0 };
	size_t got = 99;

	toy_init(&t);
	t.answers = 40;
	OK(usb_bulk_out(&t.usb, 3, p, 40, 0, &e) == 0);
	OK(usb_bulk_out(&t.usb, 3, p, 41, 0, &e) == -1 && e.code == ERR_IO);
	IS_STR(e.msg, "1-1.2: it took 40 of 41 bytes");
	OK(usb_bulk_in(&t.usb, 0x84, p, 64, 0, &got, &e) == 0 && got == 40);
	OK(p[39] == 'x' && p[40] == 0);
	OK(usb_bulk_in(&t.usb, 0x84, NULL, 0, 0, NULL, &e) == -1 &&
	    e.code == ERR_IO);
	t.answers = 0;
	OK(usb_bulk_in(&t.usb, 0x84, NULL, 0, 0, NULL, &e) == 0);
	t.fails = FAILS_REFUSED;
	OK(usb_bulk_out(&t.usb, 3, p, 1, 0, &e) == -1 &&
	    e.code == ERR_PROTOCOL);
	t.fails = 0;
	t.answers = 1;
	OK(usb_bulk_out(&t.usb, 3, p, 1, 0, &e) == 0);	/* not for ever */
	usb_close(&t.usb);
}

/* Nothing reaches a device that vanished, but for its end. */
static void
test_gone(void)
{
	const struct usb_setup setup = { USB_IN, 6, 0, 0 };
	struct toy t;
	char text[USB_TEXT];
	uint8_t p[4];
	size_t got;

	toy_init(&t);
	t.fails = FAILS_GONE;
	OK(usb_claim(&t.usb, 1, 0, &e) == -1 && e.code == ERR_NOT_FOUND);
	IS_STR(e.msg, "1-1.2: the device vanished");
	t.fails = 0;
	OK(usb_claim(&t.usb, 1, 0, &e) == -1 && e.code == ERR_NOT_FOUND);
	OK(usb_control(&t.usb, &setup, p, 4, 0, NULL, &e) == -1 &&
	    e.code == ERR_NOT_FOUND);
	OK(usb_bulk_out(&t.usb, 3, p, 4, 0, &e) == -1 &&
	    e.code == ERR_NOT_FOUND);
	OK(usb_bulk_in(&t.usb, 0x84, p, 4, 0, &got, &e) == -1 &&
	    e.code == ERR_NOT_FOUND);
	OK(usb_clear_halt(&t.usb, 3, &e) == -1 && e.code == ERR_NOT_FOUND);
	OK(usb_reset(&t.usb, &e) == -1 && e.code == ERR_NOT_FOUND);
	OK(usb_string(&t.usb, 1, 0, text, &e) == -1 &&
	    e.code == ERR_NOT_FOUND);
	usb_unclaim(&t.usb, 1);
	OK(t.calls == 1);
	usb_close(&t.usb);
	OK(t.closed == 1);
}

static void
test_strings(void)
{
	struct toy t;
	char text[USB_TEXT];

	toy_init(&t);
	memcpy(t.strings[0], "\4\3\7\4", 4);		/* German alone */
	memcpy(t.strings[1], "\x0a\3P\0\xe9\0\x3d\xd8\x00\xde", 10);
	OK(usb_string(&t.usb, 1, 0, text, &e) == 0);
	IS_STR(text, "P\xc3\xa9\xf0\x9f\x98\x80");
	OK(usb_string(&t.usb, 0, 0, text, &e) == 0 && t.calls == 2);
	IS_STR(text, "");
	usb_close(&t.usb);
}

static const struct {
	const char	*bytes;
	size_t		 n;
	const char	*text;
} bad_strings[] = {
	{ "", 0, "" },
	{ "\4", 1, "" },
	{ "\4\2A\0", 4, "" },			/* another descriptor */
	{ "\4\3A\0B\0", 6, "A" },		/* shorter than what came */
	{ "\xff\3A\0B", 5, "A" },		/* longer; half a unit */
	{ "\x0a\3A\0\x1b\0\n\0B\0", 10, "AB" },	/* not for a terminal */
	{ "\x08\3\x3d\xd8" "A\0B\0", 8, "AB" },	/* half a pair */
	{ "\x06\3" "A\0\x3d\xd8", 6, "A" },
	{ "\x06\3\x00\xdc" "A\0", 6, "A" },
};

#define N_BAD	(sizeof(bad_strings) / sizeof(bad_strings[0]))

static void
test_bad_strings(void)
{
	uint8_t longest[255];
	char got[USB_TEXT];

	for (size_t i = 0; i < N_BAD; i++) {
		usb_string_text((const uint8_t *)bad_strings[i].bytes,
		    bad_strings[i].n, got);
		IS_STR(got, bad_strings[i].text);
	}
	memset(longest, 0x20, sizeof(longest));	/* three bytes in UTF-8 */
	longest[0] = 255;
	longest[1] = 3;
	usb_string_text(longest, sizeof(longest), got);
	OK(strlen(got) == 126);
}

/* This system has no such place, if it has USB at all. */
static void
test_system(void)
{
	struct usb *u = NULL;

	OK(usb_open_path("1-99", 0, &u, &e) == -1 && u == NULL);
	OK(e.code == ERR_NOT_FOUND);
	IS_STR(e.msg, "1-99: no USB device is there");
}

int
main(void)
{
	test_find();
	test_bulk();
	test_gone();
	test_strings();
	test_bad_strings();
	test_system();
	return tap_done();
}
