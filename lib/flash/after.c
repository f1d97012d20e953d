/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "flash/impl.h"
#include "model/place.h"

#define BACK_MS		30000	/* reboot, and a file system made anew */
#define GONE_MS		8000	/* a bootloader that has all leaves */
#define UDEV_MS		2000	/* from the node to its permissions */

bool
in_bootloader(const struct flash_job *job, const struct bus_place *boot,
    const char *mode, const struct bus_place *now)
{
	struct device d = job->device;

	if (boot == NULL)
		return false;
	d.vid = boot->usb.vid;
	d.pid = boot->usb.pid;
	d.mode = mode;
	return boot_in_mode(mode, now, &d);
}

static int
not_back(const struct flash_job *job, bool left, bool boot,
    struct result *res, struct err *e)
{
	if (boot) {
		res->state = "bootloader";
		err_set(e, ERR_VERIFY, left ?
		    "%s: it came back in its bootloader" :
		    "%s: the bootloader took the image, and did not start it",
		    job->device.id);
		return err_hint(e, "the image is not for this board, or it is "
		    "damaged");
	}
	res->state = "unknown";
	err_set(e, ERR_TIMEOUT, "%s: it did not come back", job->device.id);
	return err_hint(e, "plug it in again, then run mpf-detect");
}

/*
 * At the interface where it was.  What left the bus for its bootloader is the
 * board itself, and no bridge with others behind it: new firmware may have
 * its REPL at another interface.
 */
static int
look_back(const struct flash_job *job, const struct bus_place *boot,
    struct bus_place *out, struct err *e)
{
	const struct boot_world *w = &job->world->boot;
	const int interface = device_interface(&job->device);

	bus_place_release(out);
	if (w->look(w->ctx, job->device.usb_path, interface, out, e) == -1)
		return -1;
	if (boot == NULL || interface == -1 || out->tty != NULL)
		return 0;
	bus_place_release(out);
	return w->look(w->ctx, job->device.usb_path, -1, out, e);
}

/* Until a tty hangs there that is not the bootloader's. */
static int
wait_tty(const struct flash_job *job, const struct bus_place *boot,
    const char *mode, int64_t deadline, struct flash_outcome *out,
    struct err *e)
{
	int64_t gone = clock_ms() + GONE_MS;
	bool left = false, in;

	if (job->device.usb_path == NULL)
		return 0;
	gone = gone < deadline ? gone : deadline;
	for (;;) {
		if (look_back(job, boot, &out->place, e) == -1)
			return -1;
		in = in_bootloader(job, boot, mode, &out->place);
		if (out->place.present && out->place.tty != NULL && !in)
			return 0;
		left |= !in;
		if (clock_ms() >= (in && !left ? gone : deadline))
			return not_back(job, left, in, &out->result, e);
		boot_wait(&job->world->boot, deadline);
	}
}

/*
 * Does the same again in a moment do better?  A board may be silent, or print
 * what it likes, until its file system is made or its network is there.
 */
static bool
too_early(enum err_code code, int64_t until)
{
	return ((code == ERR_PERMISSION || code == ERR_BUSY) &&
	    clock_ms() < until) || code == ERR_NOT_FOUND ||
	    code == ERR_TIMEOUT || code == ERR_PROTOCOL;
}

static const char *
tty_of(const struct flash_job *job, const struct flash_outcome *out)
{
	return job->device.usb_path != NULL ? out->place.tty :
	    job->device.serial_port;
}

static void
take_new_device(const struct flash_job *job, struct flash_outcome *out)
{
	const struct bus_usb *u = &out->place.usb;
	struct device *d = &out->device;

	*d = job->device;
	d->mode = "repl";
	d->volume = NULL;
	d->held_by_pid = -1;
	d->held_by_command = NULL;
	d->interrupt = NULL;
	d->serial_port = tty_of(job, out);
	if (d->usb_path == NULL)
		return;
	d->vid = u->vid;
	d->pid = u->pid;
	d->usb_serial = u->serial;
	d->manufacturer = u->manufacturer;
	d->product = u->product;
}

int
wait_answer(const struct flash_job *job, const struct bus_place *boot,
    const char *mode, const struct flash_proof *proof,
    struct flash_outcome *out, struct err *e)
{
	const struct board *before = out->was_own != NULL ? &out->was : NULL;
	const struct flash_world *w = job->world;
	const int64_t deadline = clock_ms() +
	    (job->wait_ms > 0 ? job->wait_ms : BACK_MS);
	int64_t udev = 0;

	out->board = (struct board)BOARD_INIT;
	for (;;) {
		if (wait_tty(job, boot, mode, deadline, out, e) == -1)
			return -1;
		if (udev == 0)
			udev = clock_ms() + UDEV_MS;
		if (w->ask(w->ctx, tty_of(job, out), deadline, &out->board,
		    &out->own, e) == 0)
			break;
		out->result.state = "unknown";
		if (!too_early(e->code, udev) || clock_ms() >= deadline)
			return err_wrap(e, "%s: it does not answer after "
			    "flashing", job->device.id);
		clock_sleep_ms(BOOT_POLL_MS);
	}
	out->result.state = "running";
	out->answered = true;
	out->forget = w->forget;
	out->result.version_after = out->board.version;
	take_new_device(job, out);
	if (check_answer(job, &out->board, e) == -1 ||
	    check_proof(job, proof, before, &out->board, e) == -1) {
		if (e->code == ERR_VERIFY && e->hint[0] == '\0')
			err_hint(e, "it runs, but something else than it was "
			    "given: flash it again");
		return -1;
	}
	/* Old versions do not know their id; now we do. */
	if (out->board.board_id == NULL) {
		out->board.board_id = job->firmware.board_id;
		out->board.variant = job->firmware.variant;
	}
	return 0;
}
