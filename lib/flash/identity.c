/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "flash/impl.h"
#include "model/pending.h"
#include "model/place.h"
#include "model/uid.h"

#define ASK_MS		10000		/* to interrupt what runs, and ask */

static bool
differ(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcasecmp(a, b) != 0;
}

/* A chip without firmware, by what its boot ROM said: nothing can be lost. */
static bool
is_blank_chip(const struct flash_job *job)
{
	return job->chip.mac != NULL && job->chip.blank == 1;
}

int
check_device(const struct flash_job *job, struct err *e)
{
	const struct device *d = &job->device;

	if (text_same(d->mode, "busy")) {
		err_set(e, ERR_BUSY, "%s: in use by another program", d->id);
		return err_hint(e, "close that program, and run mpf-detect "
		    "again");
	}
	if ((text_same(d->mode, "silent") || text_same(d->mode, "foreign") ||
	    text_same(d->mode, "ignored")) &&
	    !(d->named && chosen_by_hand(job)) &&
	    (text_same(d->mode, "ignored") || !is_blank_chip(job))) {
		err_set(e, ERR_UNSUPPORTED, "%s: %s, so it is not flashed",
		    d->id, d->mode);
		return err_hint(e, "name it with mpf-detect --serial, and say "
		    "what it is with mpf-resolve --board");
	}
	if (!text_same(d->mode, "repl") && job->board.port == NULL &&
	    !chosen_by_hand(job) && !is_blank_chip(job)) {
		err_set(e, ERR_AMBIGUOUS, "%s: it cannot say which board it "
		    "is", d->id);
		return err_todo(e, NEXT_CHOOSE_BOARD,
		    "say so with mpf-resolve --board");
	}
	return 0;
}

/* Is it the chip whose boot ROM was asked, and still without firmware? */
int
check_chip_id(const struct flash_job *job, const struct flash_target *t,
    struct err *e)
{
	const char *mac = job->chip.mac;

	if (mac != NULL && t->mac[0] != '\0' && strcasecmp(mac, t->mac) != 0) {
		err_set(e, ERR_MISMATCH, "another chip is there: %s, not %s",
		    t->mac, mac);
		return err_todo(e, NEXT_DETECT_AGAIN,
		    "run mpf-detect --esp again");
	}
	if (text_same(job->device.mode, "repl") || job->device.named ||
	    !is_blank_chip(job) || t->blank)
		return 0;
	err_set(e, ERR_MISMATCH, "%s: there is firmware on it now", t->name);
	return err_todo(e, NEXT_CHOOSE_PORT,
	    "name the port with mpf-detect --serial to replace "
	    "it");
}

int
check_volume(const struct flash_job *job, struct err *e)
{
	char *usb = bus_usb_of_volume(job->world->bus, job->volume);
	int r = usb != NULL;

	if (usb != NULL && strcmp(usb, job->device.usb_path) != 0) {
		err_set(e, ERR_MISMATCH, "%s: is at %s, and the board at "
		    "%s", job->volume, usb, job->device.usb_path);
		err_hint(e, "a drive is only used at its board's own place");
		r = -1;
	}
	free(usb);
	return r;
}

static const char *
or_dash(const char *s)
{
	return s != NULL ? s : "-";
}

/* A device without a serial number never matches a device with a number. */
static int
check_usb(const struct device *d, const struct bus_usb *now, struct err *e)
{
	if (text_same(d->vid, now->vid) && text_same(d->pid, now->pid) &&
	    strcmp(or_dash(d->usb_serial), or_dash(now->serial)) == 0)
		return 0;
	err_set(e, ERR_MISMATCH, "%s: another device is there now: "
	    "%s:%s, serial number %s, not %s:%s, serial number %s", d->id,
	    or_dash(now->vid), or_dash(now->pid), or_dash(now->serial),
	    or_dash(d->vid), or_dash(d->pid), or_dash(d->usb_serial));
	return err_todo(e, NEXT_DETECT_AGAIN, "run mpf-detect again");
}

int
check_place(const struct flash_job *job, struct bus_place *out,
    struct err *e)
{
	const struct boot_world *w = &job->world->boot;
	const struct device *d = &job->device;

	if (d->usb_path == NULL)
		return 0;		/* a pty, or not on USB: asked below */
	if (job->volume != NULL && check_volume(job, e) == -1)
		return -1;
	if (w->look(w->ctx, d->usb_path, device_interface(d), out, e) == -1)
		return -1;
	if (!out->present) {
		err_set(e, ERR_NOT_FOUND, "%s: nothing is plugged in there "
		    "any more", d->id);
		return err_todo(e, NEXT_PLUG_IN, "plug it in where it was");
	}
	return check_usb(d, &out->usb, e);
}

int
check_unmounted(const struct flash_job *job, const struct bus_place *now,
    struct err *e)
{
	const struct device *d = &job->device;

	/* The drive of a debug probe holds no files of the board's. */
	if (!text_same(d->mode, "repl") || now->volume == NULL ||
	    d->probe != NULL)
		return 0;
	err_set(e, ERR_BUSY, "%s: its drive is mounted on %s, and a reset now "
	    "could damage the files there", d->id, now->volume);
	return err_todo(e, NEXT_UNMOUNT_DRIVE,
	    "unmount it first: udisksctl unmount -b %s, or "
	    "umount %s", now->disk != NULL ? now->disk : "DISK", now->volume);
}

/* Is it still the board that was asked?  One without an id is none with. */
static int
check_same(const struct board *was, const struct board *now, const char *id,
    struct err *e)
{
	const bool named = was->uid != NULL || now->uid != NULL;
	const char *a = named ? was->uid : was->description;
	const char *b = named ? now->uid : now->description;

	if (!differ(a, b) && (!named || (a != NULL && b != NULL)))
		return 0;
	err_set(e, ERR_MISMATCH, "%s: another board is there now: %s, not "
	    "%s", id, b != NULL ? b : "one without an id",
	    a != NULL ? a : "one without an id");
	return err_todo(e, NEXT_DETECT_AGAIN, "run mpf-detect again");
}

/* Somebody who opened it since mpf-detect looked would be cut off. */
static int
check_free(const struct flash_job *job, const char *tty, struct err *e)
{
	struct lock_holder who;

	if (job->device.named || job->world->bus == NULL ||
	    bus_holder(job->world->bus, tty, &who) != 1)
		return 0;
	err_set(e, ERR_BUSY, "%s: in use by %s (process %ld)", job->device.id,
	    who.command, (long)who.pid);
	return err_hint(e, "close that program, or wait until it is done");
}

int
check_board(const struct flash_job *job, const char *tty,
    struct flash_outcome *out, struct err *e)
{
	const struct flash_world *w = job->world;
	const int64_t ms = job->wait_ms > 0 && job->wait_ms < ASK_MS ?
	    job->wait_ms : ASK_MS;

	if (!text_same(job->device.mode, "repl"))
		return 0;		/* it cannot be asked */
	if (tty == NULL)
		return err_set(e, ERR_NOT_FOUND, "%s: it has no serial port "
		    "any more", job->device.id);
	if (check_free(job, tty, e) == -1)
		return -1;
	out->forget = w->forget;
	if (w->ask(w->ctx, tty, clock_ms() + ms, &out->was, &out->was_own,
	    e) == -1) {
		err_wrap(e, "%s", job->device.id);
		return e->hint[0] != '\0' ? -1 :
		    err_todo(e, NEXT_DETECT_AGAIN,
		    "nothing was written: run mpf-detect again");
	}
	return check_same(&job->board, &out->was, job->device.id, e);
}

int
check_bootloader(const struct flash_job *job, const struct bus_place *p,
    struct err *e)
{
	const char *id = job->board.uid, *shown = p->usb.serial;

	if (id == NULL && text_same(job->device.mode, "repl"))
		id = job->device.usb_serial;
	if (uid_compare(id, shown) != UID_OTHER)
		return 0;
	err_set(e, ERR_MISMATCH, "%s: another board is in its bootloader "
	    "there: %s, not %s", job->device.id, shown, id);
	return err_todo(e, NEXT_DETECT_AGAIN, "run mpf-detect again");
}

/*
 * A board that waits in its bootloader was described by an earlier run, and
 * another one of its kind may have been plugged in since.
 */
int
check_kept(const struct flash_job *job, const char *place_id,
    const struct bus_place *p, struct err *e)
{
	struct record *kept = NULL;
	struct err ignored = ERR_INIT;
	bool same;

	/* The MAC of a chip is compared when it is there (check_chip_id). */
	if (text_same(job->device.mode, "repl") || chosen_by_hand(job) ||
	    job->chip.mac != NULL)
		return 0;
	same = uid_compare(job->board.uid, p->usb.serial) == UID_SAME ||
	    (pending_load(place_id, &kept, &ignored) == 1 &&
	    pending_proves(kept, p->usb.serial, p->usb.connection));
	record_free(kept);
	if (same)
		return 0;
	err_set(e, ERR_AMBIGUOUS, "%s: nothing proves that the board in its "
	    "bootloader is the board of the record", job->device.id);
	return err_todo(e, NEXT_CHOOSE_BOARD,
	    "say which it is with mpf-resolve --board");
}
