/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "flash/driver.h"
#include "flash/volume.h"

/*
 * drive: the drive of a debug probe (DAPLink, ST-LINK, J-Link OB), which
 * programs the board behind it with a file that is copied there.
 *
 * The probe wants a true copy, with its name and its length, so the file goes
 * through the page cache and is synced once.  The probe then takes the drive
 * away and shows it again: with FAIL.TXT on it, if anything went wrong.
 *
 * Source: ARM DAPLink, docs/MSD_COMMANDS.md and docs/MSD.md; ST TN1235; SEGGER
 * UM08001, "MSD functionality".
 */

#define PIECE		65536u		/* bytes written at a time */
#define TAKE_MS		60000		/* to program it, and go */
#define FAIL_MAX	4096u		/* bytes of FAIL.TXT */
#define FAIL_SHOWN	160u		/* of its words, in a message */

struct flash_session {
	const struct flash_job	*job;
	struct flash_volume	 volume;
	const char		*name;		/* of the file there */
	int			 fd;		/* -1: not open */
	char			*connection;	/* of the probe, before */
	bool			 wrote;
};

static int
drive_fits(const struct flash_job *job, char why[FLASH_WHY])
{
	const char *format = job->facts.format;

	if (job->device.probe == NULL)
		snprintf(why, FLASH_WHY, "the board is not behind a debug "
		    "probe that shows a drive");
	else if (job->device.usb_path == NULL)
		snprintf(why, FLASH_WHY, "the board is not on USB");
	else if (strcmp(format, "hex") != 0 && strcmp(format, "bin") != 0)
		snprintf(why, FLASH_WHY, "the image is neither HEX nor BIN");
	else
		return 0;
	return -1;
}

static void
drive_close(struct flash_session *s)
{
	if (s->fd != -1)
		close(s->fd);		/* the drive may have gone: no error */
	volume_release(&s->volume, s->job->world);
	free(s->connection);
	free(s);
}

static int
drive_open(const struct flash_job *job, struct flash_session **out,
    struct err *e)
{
	struct flash_session *s = mem_alloc(sizeof(*s));

	s->job = job;
	s->volume = (struct flash_volume)FLASH_VOLUME_INIT;
	s->fd = -1;
	s->name = strcmp(job->facts.format, "hex") == 0 ? "FIRMWARE.HEX" :
	    "FIRMWARE.BIN";
	if (job->place != NULL)
		s->connection = mem_str(job->place->usb.connection);
	if (volume_wait(job, NULL, &s->volume, e) == -1) {
		drive_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

/* The probe is soldered to its board: it takes what is for that. */
static int
drive_identify(struct flash_session *s, struct flash_target *out,
    struct err *e)
{
	(void)e;
	snprintf(out->name, sizeof(out->name), "%.60s", s->job->device.probe);
	out->region[0] = (struct flash_region){ .addr = 0,
		.end = (uint64_t)UINT32_MAX + 1, .erase_unit = 1 };
	out->n_regions = 1;
	out->write_max = PIECE;
	out->write_unit = 1;
	return 0;
}

/* -1 and errno. */
static int
write_drive(struct flash_session *s, const uint8_t *p, size_t n)
{
	while (n > 0) {
		const ssize_t k = write(s->fd, p, n);

		if (k == -1 && errno != EINTR)
			return -1;
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
	return 0;
}

/* All of it is on its way to the probe only now. */
static int
finish_file(struct flash_session *s)
{
	int r = fsync(s->fd);
	const int eno = errno;

	r |= close(s->fd);
	s->fd = -1;
	errno = r == 0 ? 0 : eno;
	return r == 0 ? 0 : -1;
}

static int
drive_write_file(struct flash_session *s, size_t at, const uint8_t *p,
    size_t n, struct err *e)
{
	struct err ignored;

	s->wrote = true;
	if (at == 0)
		s->fd = file_open_at(s->volume.fd, s->name, O_WRONLY |
		    O_CREAT | O_TRUNC | O_NOFOLLOW, 0644, &ignored);
	if (s->fd != -1 && write_drive(s, p, n) == 0 &&
	    (at + n < s->job->size || finish_file(s) == 0))
		return 0;
	err_sys(e, "%s/%s: byte %zu of %zu", s->volume.dir, s->name, at,
	    s->job->size);
	return volume_failed("debug probe", e);
}

/* --- afterwards --- */

/* 1: FAIL.TXT is there, and *e has its words; 0: it is not. */
static int
read_fail(struct flash_session *s, struct err *e)
{
	static const char key[] = "error:";
	struct buf text = BUF_MAX(FAIL_MAX), shown = BUF_INIT;
	struct err ignored;
	const char *p;
	size_t n;
	int r = 0;

	if (volume_read(&s->volume, "FAIL.TXT", &text, &ignored) == 0) {
		p = text.data + strspn(text.data, " \t\r\n");
		if (strncasecmp(p, key, sizeof(key) - 1) == 0)
			p += sizeof(key) - 1;
		p += strspn(p, " \t");
		n = strcspn(p, "\r\n");
		text_clean(&shown, p, n < FAIL_SHOWN ? n : FAIL_SHOWN);
		err_set(e, ERR_IO, "the %s says: %s", s->job->device.probe,
		    shown.len > 0 ? shown.data : "FAIL.TXT");
		err_hint(e, "check that the board has power and its own USB "
		    "port is not held in reset, then plug it in again");
		r = 1;
	}
	buf_release(&shown);
	buf_release(&text);
	return r;
}

/* Is the probe, or its drive, off the bus, or another one since? */
static bool
has_left(const struct flash_session *s, const struct bus_place *p)
{
	return !p->present || !p->mass_storage || p->disk == NULL ||
	    (s->connection != NULL && p->usb.connection != NULL &&
	    strcmp(s->connection, p->usb.connection) != 0);
}

/* 1: it left, and is back; 0: it never left; -1. */
static int
wait_remount(struct flash_session *s, struct err *e)
{
	const struct boot_world *w = &s->job->world->boot;
	const int64_t deadline = clock_ms() + TAKE_MS;
	struct bus_place p;
	bool left = false, there;

	for (;;) {
		if (w->look(w->ctx, s->job->device.usb_path, -1, &p, e) == -1)
			return -1;
		left |= has_left(s, &p);
		there = p.present && p.disk != NULL;
		bus_place_release(&p);
		if (left && there)
			return 1;
		if (clock_ms() >= deadline)
			return left ? err_set(e, ERR_TIMEOUT, "its drive did "
			    "not come back") : 0;
		if (stop_requested())
			return err_set(e, ERR_CANCELLED, "stopped before the "
			    "drive came back");
		boot_wait(w, deadline);
	}
}

static int
drive_start(struct flash_session *s, struct err *e)
{
	int left;

	if (!s->wrote)
		return 0;		/* the board runs on */
	volume_release(&s->volume, s->job->world);
	left = wait_remount(s, e);
	if (left == -1 || volume_wait(s->job, NULL, &s->volume, e) == -1)
		return -1;
	if (read_fail(s, e) == 1)
		return -1;
	if (left == 1)
		return 0;
	err_set(e, ERR_TIMEOUT, "the %s has the file, and did nothing with it",
	    s->job->device.probe);
	return err_hint(e, "plug it in again; its maker may have newer "
	    "firmware for it");
}

extern const struct flash_driver flash_drive;

static const char *const drive_modes[] = { "probe", NULL };
static const char *const drive_options[] = { "volume", NULL };

const struct flash_driver flash_drive = {
	.name = "drive",
	.summary = "copies the file to the drive of a debug probe",
	.modes = drive_modes,
	.enters = true,
	.leaves = true,
	.options = drive_options,
	.fits = drive_fits,
	.open = drive_open,
	.identify = drive_identify,
	.write_file = drive_write_file,
	.start = drive_start,
	.close = drive_close,
};
