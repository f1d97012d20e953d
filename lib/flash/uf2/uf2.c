/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* O_DIRECT */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/stop.h"
#include "chips/chips.h"
#include "flash/uf2/impl.h"
#include "image/uf2.h"

/*
 * uf2: writes the file onto the drive that a UF2 bootloader shows.
 *
 * The bootloader looks at what the sectors hold and not at the file system,
 * and restarts when it has all blocks.  A plain copy would end in the cache,
 * and be written seconds later or never; fsync would write metadata to a
 * drive that has gone.  So each piece goes straight to the drive, and nothing
 * else does.
 */

#define PIECE		65536u		/* bytes written at a time */
#define ALIGN		4096u		/* of memory, for O_DIRECT */
#define NAME		"FIRMWARE.UF2"
#define NRF_BOOTLOADER	0xd663823cu	/* an update of the bootloader itself */

#ifndef O_DIRECT
#define O_DIRECT	O_SYNC
#endif

struct flash_session {
	const struct flash_job	*job;
	struct uf2_drive	 drive;
	char			*path;
	int			 fd;
	bool			 direct;
	void			*memory;
	char			*piece;		/* aligned, in memory */
};

static const char *
uf2_refuse(const struct flash_job *job)
{
	static const char *const others[] = { "dfu", "picoboot", "esp_rom" };
	struct image_source image = IMAGE_MEMORY(job->data, job->size);
	struct uf2_file f;
	struct err e;

	if (strcmp(job->facts.format, "uf2") != 0)
		return "the image is not UF2";
	if (uf2_check(&image, &f, NULL, &e) == -1)
		return "the image is damaged";
	for (size_t i = 0; i < f.n_parts; i++)
		if (f.part[i].family == NRF_BOOTLOADER)
			return "the image holds a bootloader, not MicroPython "
			    "alone";
	if (job->device.usb_path == NULL)
		return "the board is not on USB";
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(job->device.mode, others[i]) == 0)
			return "the board is in another bootloader";
	return NULL;
}

/*
 * Opens the file at this offset.  Where the file system has no O_DIRECT, each
 * write waits until it is done, and a little metadata is written with it.
 */
static int
open_file(struct flash_session *s, size_t off)
{
	const int flags = O_WRONLY | O_CREAT | O_NOFOLLOW |
	    (off == 0 ? O_TRUNC : 0);
	struct err ignored;

	if (s->fd != -1)
		close(s->fd);
	s->fd = file_open_at(s->drive.fd, NAME, flags |
	    (s->direct ? O_DIRECT : O_SYNC), 0644,
	    &ignored);
	if (s->fd == -1 && s->direct && errno == EINVAL) {
		s->direct = false;
		s->fd = file_open_at(s->drive.fd, NAME, flags | O_SYNC, 0644,
		    &ignored);
	}
	if (s->fd == -1)
		return -1;
	return lseek(s->fd, (off_t)off, SEEK_SET) == -1 ? -1 : 0;
}

static void
uf2_close(struct flash_session *s)
{
	if (s->fd != -1)
		close(s->fd);		/* it may well have gone: no error */
	drive_release(&s->drive, s->job->world);
	free(s->path);
	free(s->memory);
	free(s);
}

static int
uf2_open(const struct flash_job *job, struct flash_session **out,
    struct result *res, struct err *e)
{
	struct flash_session *s = mem_alloc(sizeof(*s));
	struct info_uf2 info;

	s->job = job;
	s->drive = (struct uf2_drive)UF2_DRIVE_INIT;
	s->fd = -1;
	s->direct = true;
	s->memory = mem_alloc(PIECE + ALIGN);
	s->piece = (char *)s->memory + ALIGN - (uintptr_t)s->memory % ALIGN;
	if (drive_wait(job, &s->drive, e) == -1 ||
	    drive_info(&s->drive, &info, e) == -1)
		goto fail;
	if (fit_check(job, info.board_id, e) == -1 &&
	    flash_overrule(job, "bootloader", res, e) == -1)
		goto fail;
	s->path = mem_printf("%s/" NAME, s->drive.dir);
	*out = s;
	return 0;
fail:
	uf2_close(s);
	return -1;
}

/* Writes the piece that lies at off; -1 and errno. */
static int
put(struct flash_session *s, size_t off, size_t n)
{
	size_t done = 0;
	ssize_t k;

	memcpy(s->piece, s->job->data + off, n);
	while (done < n) {
		k = write(s->fd, s->piece + done, n - done);
		if (k > 0)
			done += (size_t)k;
		else if (k == -1 && errno == EINVAL && s->direct) {
			s->direct = false;
			if (open_file(s, off + done) == -1)
				return -1;
		} else if (k == 0 || errno != EINTR) {
			return -1;
		}
	}
	return 0;
}

/* A file for several chips: does the board pass over this block? */
static bool
is_for_others(const struct flash_job *job, const struct uf2_block *b)
{
	const char *chip = uf2_family_chip(b->family);

	return (b->flags & UF2_NOT_MAIN) != 0 || uf2_is_e10(b) ||
	    (chip != NULL && job->facts.chip != NULL &&
	    strcmp(chip, job->facts.chip) != 0);
}

/*
 * The bytes that the blocks of this piece put into the board's flash; and, for
 * end, where the last of its own blocks ends in the file.
 */
static size_t
payload(const struct flash_session *s, size_t off, size_t n, size_t *end)
{
	struct uf2_block b;
	struct err e;
	size_t sum = 0;

	for (; n >= UF2_BLOCK; off += UF2_BLOCK, n -= UF2_BLOCK)
		if (uf2_parse(s->job->data + off, n, &b, &e) == 0 &&
		    !is_for_others(s->job, &b)) {
			sum += b.len;
			*end = off + UF2_BLOCK;
		}
	return sum;
}

static bool
still_there(const struct flash_job *job)
{
	const struct boot_world *w = &job->world->boot;
	struct bus_place p = { 0 };
	struct err e;
	bool there;

	there = w->look(w->ctx, job->device.usb_path, -1, &p, &e) == 0 &&
	    p.present && p.mass_storage;
	bus_place_release(&p);
	return there;
}

/* An error before the last piece is a real one. */
static int
failed(struct flash_session *s, size_t off, struct result *res,
    struct err *e)
{
	const int eno = errno;

	if (eno != ENOSPC && !still_there(s->job)) {
		res->state = off > 0 ? "unbootable" : "unknown";
		err_set(e, ERR_NOT_FOUND, "the drive vanished at byte %zu of "
		    "%zu", off, s->job->size);
		return err_hint(e, "%s, then run mpf-detect again",
		    port_buttons(s->job->board.port));
	}
	if (eno == ENOTSUP)
		return err_set(e, ERR_INPUT, "%s: there, and not a regular "
		    "file", s->path);
	errno = eno;
	err_sys(e, "%s: byte %zu of %zu", s->path, off, s->job->size);
	if (eno == ENOSPC)
		err_hint(e, "the drive is full: is it the bootloader's?");
	else if (eno == EACCES || eno == EPERM || eno == EROFS)
		err_hint(e, "the drive is mounted for another user, or read-"
		    "only: mount it for yourself");
	return -1;
}

static int
uf2_program(struct flash_session *s, struct result *res, bool *accepted,
    struct err *e)
{
	size_t size = s->job->size, n, end = size, ignored;

	payload(s, 0, size, &end);
	*accepted = true;
	res->written_bytes = 0;
	if (open_file(s, 0) == -1)
		return failed(s, 0, res, e);
	for (size_t off = 0; off < size; off += n) {
		n = size - off < PIECE ? size - off : PIECE;
		if (stop_requested()) {
			err_set(e, ERR_CANCELLED, "stopped at byte %zu of "
			    "%zu", off, size);
			return err_hint(e, "run the whole pipe again");
		}
		/*
		 * With its last block the board goes, at once or a second
		 * later; whether it took that block, it has to show.  Blocks
		 * for others behind it do not matter.
		 */
		if (put(s, off, n) == -1) {
			if (off + n < end || errno == ENOSPC)
				return failed(s, off, res, e);
			*accepted = off >= end;
			size = off + n;
		}
		res->written_bytes += (int64_t)payload(s, off, n, &ignored);
		if (s->job->progress != NULL)
			s->job->progress(s->job->progress_ctx, "write",
			    (int64_t)(off + n), (int64_t)size);
	}
	res->state = "unknown";		/* nobody has asked the board yet */
	return 0;
}

extern const struct flash_backend flash_uf2;

const struct flash_backend flash_uf2 = {
	.name = "uf2",
	.summary = "writes to the drive of a UF2 bootloader",
	.mode = "uf2",
	.refuse = uf2_refuse,
	.open = uf2_open,
	.program = uf2_program,
	.close = uf2_close,
};
