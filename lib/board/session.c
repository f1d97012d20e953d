/* SPDX-License-Identifier: MIT */
#include "board/session.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "addr/addr.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "bus/bus.h"

#define BOOT_MS		500		/* until a chip says something */
#define START_MS	1000		/* from there until MicroPython runs */

int
session_blame(struct err *e)
{
	if (e->code != ERR_PROTOCOL && e->code != ERR_TIMEOUT &&
	    e->code != ERR_INPUT)
		return -1;
	e->code = ERR_IO;
	return e->hint[0] != '\0' ? -1 :
	    err_hint(e, "reset the board, and try again");
}

/* Behind a bridge chip, or of another computer: a board's lines are wires. */
static bool
has_wires(const struct link *l)
{
	return strstr(link_name(l), "/ttyUSB") != NULL ||
	    addr_is_remote(link_name(l));
}

/*
 * On some boards, such as the carrier of an ESP32-CAM, RTS alone holds the chip
 * in reset, and the kernel sets DTR and RTS as it opens the port.  A chip that
 * says something once both are off was held so, and starts now.
 */
static bool
let_go_reset(struct link *l, int64_t deadline)
{
	const int64_t until = clock_ms() + BOOT_MS;
	struct err ignored = ERR_INIT;
	char some[256];
	size_t got;

	if (!has_wires(l) || until >= deadline ||
	    link_lines(l, false, false, &ignored) == -1)
		return false;
	return link_read(l, some, sizeof(some), until, &got, &ignored) == 0;
}

static int
enter_repl(struct link *l, const struct repl_opts *how, int64_t deadline,
    struct repl **out, struct err *e)
{
	struct err why = ERR_INIT;
	int res = repl_enter(l, how, deadline, out, &why);

	if (res == -1 && why.code == ERR_TIMEOUT && let_go_reset(l, deadline)) {
		clock_sleep_ms(START_MS);
		why = (struct err)ERR_INIT;
		res = repl_enter(l, how, deadline, out, &why);
	}
	if (res == -1)
		*e = why;
	return res;
}

int
session_begin(struct link *l, const struct session_opts *o,
    struct session *out, struct err *e)
{
	const struct repl_opts how = { o->no_interrupt, &out->interrupted,
		o->may_stop };
	struct err ignored = ERR_INIT;

	out->link = l;
	out->deadline = o->deadline;
	if (enter_repl(l, &how, o->deadline, &out->repl, e) == -1)
		return -1;
	out->entered = true;
	out->interrupted = repl_interrupted(out->repl);
	out->work_ms = repl_work(out->repl, o->deadline);
	if (probe_ask(out->repl, out->work_ms, &out->says, e) == 0)
		return 0;
	/* A board that was interrupted does not stay so for a bad answer. */
	repl_leave(out->repl, o->deadline, &ignored);
	out->repl = NULL;
	return e->code == ERR_TIMEOUT ? -1 : session_blame(e);
}

/* Its serial number is looked up too: for boards that know no id. */
static int
find_board(const struct device *d, struct bus *b, struct session *s,
    struct link_addr *at, struct err *e)
{
	struct bus_place place = { .present = false };
	int res = addr_of_device(b, d, at, e);

	if (res == 0 && d->usb_path != NULL)
		res = bus_look(b, d->usb_path, -1, &place, e);
	if (place.usb.serial != NULL)
		s->usb_serial = mem_str(place.usb.serial);
	bus_place_release(&place);
	return res;
}

int
session_open(const struct device *d, const char *sysroot,
    const struct session_opts *o, struct session *out, struct err *e)
{
	struct bus *b = bus_new(sysroot);
	struct link_addr at = LINK_ADDR_INIT;
	int res = -1;

	if (lock_device(d->id, o->deadline, &out->lock, NULL, e) == -1 ||
	    find_board(d, b, out, &at, e) == -1 ||
	    link_connect(&at, NULL, &out->own, e) == -1)
		goto out;
	res = session_begin(out->own, o, out, e);
	if (res == -1 && strstr(e->msg, at.name) == NULL)
		err_wrap(e, "%s", at.name);
out:
	if (res == -1)
		session_abandon(out);
	link_addr_release(&at);
	bus_free(b);
	return res;
}

int
session_check_uid(const struct session *s, const char *uid, struct err *e)
{
	char own[2 * PROBE_UID_MAX + 1];
	const bool has = s->says.uid_len > 0;
	const char *there = has ? own : s->usb_serial;

	text_hex(own, s->says.uid, s->says.uid_len);
	if (uid == NULL ? !has : there != NULL && strcasecmp(uid, there) == 0)
		return 0;
	if (uid == NULL)
		err_set(e, ERR_MISMATCH, "the board there now has the id "
		    "%.80s, the board of the record had no id", there);
	else if (there == NULL)
		err_set(e, ERR_MISMATCH, "the board there now has no id, the "
		    "board of the record had %.80s", uid);
	else
		err_set(e, ERR_MISMATCH, "the board there now has the id "
		    "%.80s, the board of the record had %.80s", there, uid);
	return err_hint(e, "nothing was written: begin again with "
	    "mpf-detect");
}

static void
release_parts(struct session *s)
{
	probe_release(&s->says);
	link_close(s->own);
	lock_drop(&s->lock);
	free(s->usb_serial);
	s->repl = NULL;
	s->own = NULL;
	s->usb_serial = NULL;
}

int
session_close(struct session *s, struct err *e)
{
	const int res = s->repl != NULL ?
	    repl_leave(s->repl, s->deadline, e) : 0;

	release_parts(s);
	return res;
}

void
session_abandon(struct session *s)
{
	if (s->repl != NULL)
		repl_abandon(s->repl);
	release_parts(s);
}
