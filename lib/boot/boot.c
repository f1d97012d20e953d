/* SPDX-License-Identifier: MIT */
#include "boot/boot.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "addr/addr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/stop.h"
#include "base/text.h"
#include "chips/chips.h"
#include "esp/loader.h"
#include "model/place.h"

/* How one try of a method ended. */
enum outcome { ARRIVED, STAYED, RETURNED, LOST, SKIPPED, FAILED };

/* Are the USB ids those of the running board?  Unknown ids are the same. */
static bool
same_ids(const struct bus_place *p, const struct device *d)
{
	return d->vid == NULL || d->pid == NULL ||
	    (text_same(p->usb.vid, d->vid) && text_same(p->usb.pid, d->pid));
}

/*
 * A drive alone is no proof of a bootloader: some boards show one while they
 * run.  But a running board has its tty and the ids that it had before.
 */
static bool
in_uf2(const struct bus_place *p, const struct device *before)
{
	if (!p->mass_storage)
		return false;
	if (text_same(before->mode, "uf2"))
		return same_ids(p, before);
	return p->tty == NULL || !same_ids(p, before);
}

static bool
in_dfu(const struct bus_place *p, const struct device *before)
{
	if (!bus_has_dfu(p))
		return false;
	return !text_same(before->mode, "dfu") || same_ids(p, before);
}

/*
 * The ROM of an RP2 that keeps its PICOBOOT interface to itself is there as
 * well: a driver that misses the interface says so.
 */
static bool
in_picoboot(const struct bus_place *p, const struct device *before)
{
	struct device drive = *before;

	if (text_same(drive.mode, "picoboot"))
		drive.mode = "uf2";
	return bus_has_picoboot(p) || in_uf2(p, &drive);
}

/* The USB of an ESP chip itself, where a firmware's own USB was. */
static bool
in_esp_rom(const struct bus_place *p, const struct device *before)
{
	return esp_is_own_usb(esp_port_of(p->usb.vid, p->usb.pid)) &&
	    (text_same(before->mode, "esp_rom") || !same_ids(p, before));
}

static const struct {
	const char	*mode;
	bool		(*is)(const struct bus_place *p,
			    const struct device *before);
} modes[] = {
	{ "uf2", in_uf2 },
	{ "dfu", in_dfu },
	{ "picoboot", in_picoboot },
	{ "esp_rom", in_esp_rom },
};

bool
boot_in_mode(const char *mode, const struct bus_place *p,
    const struct device *before)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(modes[i].mode, mode) == 0)
			return modes[i].is(p, before);
	return false;
}

static int
look_at_place(const struct boot_job *job, struct bus_place *p, struct err *e)
{
	bus_place_release(p);
	return job->world->look(job->world->ctx, job->device.usb_path,
	    device_interface(&job->device), p, e);
}

void
boot_wait(const struct boot_world *w, int64_t deadline)
{
	if (w->wait != NULL)
		w->wait(w->ctx, deadline);
	else
		clock_sleep_ms(BOOT_POLL_MS);
}

/* From the moment the board was told to go until it has arrived, or has not. */
static enum outcome
watch_place(const struct boot_job *job, int64_t leave_ms, struct bus_place *p,
    struct err *e)
{
	const int64_t wait = job->wait_ms > 0 ? job->wait_ms : BOOT_WAIT_MS;
	int64_t deadline = clock_ms() + leave_ms;
	bool left = false;

	for (;;) {
		if (look_at_place(job, p, e) == -1)
			return FAILED;
		if (boot_in_mode(job->mode, p, &job->device))
			return ARRIVED;
		if (!left && (!p->present || !same_ids(p, &job->device))) {
			left = true;
			deadline = clock_ms() + wait;
		}
		if (left && p->tty != NULL && same_ids(p, &job->device))
			return RETURNED;
		if (clock_ms() >= deadline)
			return left ? LOST : STAYED;
		if (stop_requested() && !left) {
			err_set(e, ERR_CANCELLED, "stopped before it left");
			err_todo(e, NEXT_RUN_AGAIN, "run the whole pipe again");
			return FAILED;
		}
		boot_wait(job->world, deadline);
	}
}

static void
note_try(struct buf *tried, const struct boot_method *m, const char *why)
{
	buf_addf(tried, "%s%s: %s", tried->len > 0 ? "; " : "", m->name, why);
}

static bool
texts_differ(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcasecmp(a, b) != 0;
}

/* Looks whether another device was plugged in since the board was asked. */
static int
look_again(const struct boot_job *job, struct bus_place *p, struct err *e)
{
	const struct device *d = &job->device;

	if (look_at_place(job, p, e) == -1)
		return -1;
	if (!p->present || boot_in_mode(job->mode, p, d) || (same_ids(p, d) &&
	    !texts_differ(p->usb.serial, d->usb_serial)))
		return 0;
	err_set(e, ERR_MISMATCH, "another device is there now: %s:%s "
	    "with the serial number %s", p->usb.vid != NULL ? p->usb.vid :
	    "?", p->usb.pid != NULL ? p->usb.pid : "?",
	    p->usb.serial != NULL ? p->usb.serial : "?");
	return err_todo(e, NEXT_DETECT_AGAIN,
	    "nothing was written: run mpf-detect again");
}

/* Would every other method fail for the same reason? */
static bool
is_final(enum err_code code)
{
	return code == ERR_BUSY || code == ERR_PERMISSION ||
	    code == ERR_CANCELLED || code == ERR_IO;
}

/* Tries a method up to m->tries times; adds to tried why it did not work. */
static enum outcome
try_method(const struct boot_job *job, const struct boot_method *m,
    struct boot_result *out, struct buf *tried, struct err *e)
{
	enum outcome o = STAYED;

	for (unsigned i = 0; i < m->tries && o == STAYED; i++) {
		const char *tty;

		if (look_again(job, &out->place, e) == -1)
			return FAILED;
		if (boot_in_mode(job->mode, &out->place, &job->device))
			return ARRIVED;
		tty = out->place.tty != NULL ? out->place.tty :
		    job->device.serial_port;
		if (m->enter(job, tty, e) == -1) {
			note_try(tried, m, e->msg);
			if (is_final(e->code))
				return FAILED;
			out->touched |= m->touches;
			return SKIPPED;
		}
		out->touched |= m->touches;
		o = watch_place(job, m->leave_ms, &out->place, e);
	}
	if (o == STAYED)
		note_try(tried, m, "the board stayed");
	if (o == RETURNED)
		note_try(tried, m, "the board only restarted");
	return o;
}

static const struct boot_method *
find_method(const char *name)
{
	for (size_t i = 0; boot_methods[i] != NULL; i++)
		if (strcmp(boot_methods[i]->name, name) == 0)
			return boot_methods[i];
	return NULL;
}

/* The i-th method to try; NULL: there are no more. */
static const struct boot_method *
method_to_try(const struct boot_job *job, const char *method, size_t i)
{
	if (method != NULL)
		return i == 0 ? find_method(method) : NULL;
	return boot_ways(job->board.port, job->mode)[i];
}

static int
fail_no_way(const struct boot_job *job, const struct buf *tried, struct err *e)
{
	err_set(e, ERR_UNSUPPORTED, "%s: no software way into its bootloader"
	    "%s%s", job->device.id, tried->len > 0 ? ": " : "", tried->data);
	return err_todo(e, NEXT_PRESS_BOOT, "%s, then run mpf-detect again",
	    port_buttons(job->board.port));
}

static int
fail_unknown_method(const char *method, struct err *e)
{
	struct buf all = BUF_INIT;

	for (size_t i = 0; boot_methods[i] != NULL; i++)
		buf_addf(&all, " %s", boot_methods[i]->name);
	err_set(e, ERR_USAGE, "%s: no such way into a bootloader", method);
	err_hint(e, "there are:%s", all.data);
	buf_release(&all);
	return -1;
}

/* Was it in that mode when it was found? */
static bool
was_in_mode(const struct device *d, const char *mode)
{
	for (size_t i = 0; d->bootloaders[i] != NULL; i++)
		if (strcmp(d->bootloaders[i], mode) == 0)
			return true;
	return text_same(d->mode, mode);
}

int
boot_choice(const struct boot_job *job, const char *method, const char **out,
    struct err *e)
{
	const struct boot_method *m;
	struct buf tried = BUF_INIT;

	if (method != NULL && find_method(method) == NULL)
		return fail_unknown_method(method, e);
	*out = NULL;
	if (method == NULL && was_in_mode(&job->device, job->mode))
		*out = "none";
	for (size_t i = 0; *out == NULL; i++) {
		const char *why;

		m = method_to_try(job, method, i);
		if (m == NULL)
			break;
		why = m->refuse(job);
		if (why == NULL)
			*out = m->name;
		else
			note_try(&tried, m, why);
	}
	if (*out == NULL)
		fail_no_way(job, &tried, e);
	buf_release(&tried);
	return *out == NULL ? -1 : 0;
}

static int
try_methods(const struct boot_job *job, const char *method,
    struct boot_result *out, struct buf *tried, struct err *e)
{
	const struct boot_method *m;
	enum outcome o;

	for (size_t i = 0; (m = method_to_try(job, method, i)) != NULL; i++) {
		const char *why = m->refuse(job);

		if (why != NULL) {
			note_try(tried, m, why);
			continue;
		}
		o = try_method(job, m, out, tried, e);
		if (o == ARRIVED) {
			out->method = m->name;
			return 0;
		}
		if (o == LOST) {
			err_set(e, ERR_TIMEOUT, "%s: left for its bootloader "
			    "(%s), and did not come up there", job->device.id,
			    m->name);
			return err_todo(e, NEXT_PLUG_IN,
			    "plug it in again, then run mpf-detect");
		}
		if (o == FAILED)
			return err_wrap(e, "%s: %s", job->device.id, m->name);
	}
	return fail_no_way(job, tried, e);
}

int
boot_run(const struct boot_job *job, const char *method,
    struct boot_result *out, struct err *e)
{
	struct buf tried = BUF_INIT;
	int r = -1;

	memset(out, 0, sizeof(*out));
	if (method != NULL && find_method(method) == NULL)
		return fail_unknown_method(method, e);
	if (job->device.usb_path == NULL)
		return err_set(e, ERR_UNSUPPORTED, "%s: not on USB, so its "
		    "bootloader cannot be found", job->device.id);
	if (look_at_place(job, &out->place, e) == -1)
		goto out;
	if (boot_in_mode(job->mode, &out->place, &job->device)) {
		out->method = "none";
		r = 0;
		goto out;
	}
	if (!out->place.present) {
		err_set(e, ERR_NOT_FOUND, "%s: nothing is plugged in there",
		    job->device.id);
		goto out;
	}
	r = try_methods(job, method, out, &tried, e);
out:
	buf_release(&tried);
	return r;
}

static int
world_look(void *ctx, const char *usb_path, int interface,
    struct bus_place *out, struct err *e)
{
	return bus_look(ctx, usb_path, interface, out, e);
}

static void
world_wait(void *ctx, int64_t deadline)
{
	bus_wait(ctx, deadline);
}

static int
world_open(void *ctx, const char *dev, const struct link_opts *opts,
    struct link **out, struct err *e)
{
	struct link_addr at = LINK_ADDR_INIT;
	int r;

	addr_of_port(ctx, dev, &at);
	r = link_connect(&at, opts, out, e);
	link_addr_release(&at);
	return r;
}

void
boot_world_init(struct boot_world *w, struct bus *b,
    void (*say)(void *ctx, const char *msg))
{
	w->look = world_look;
	w->wait = world_wait;
	w->open = world_open;
	w->say = say;
	w->ctx = b;
}
