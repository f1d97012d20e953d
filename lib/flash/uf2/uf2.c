/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* O_DIRECT */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "flash/uf2/impl.h"
#include "image/uf2.h"

/*
 * uf2: the driver for the drive that a UF2 bootloader shows.
 *
 * The bootloader looks at what the sectors hold and not at the file system,
 * and restarts when it has all blocks.  A plain copy would end in the cache,
 * and be written seconds later or never; fsync would write metadata to a
 * drive that has gone.  So each piece goes straight to the drive, and nothing
 * else does; or, where nobody has mounted it, by SCSI commands of our own.
 */

#define PIECE		131072u		/* bytes written at a time */
#define ALIGN		4096u		/* of memory, for O_DIRECT */
#define NAME		"FIRMWARE.UF2"
#define NRF_BOOTLOADER	0xd663823cu	/* an update of the bootloader itself */

#ifndef O_DIRECT
#define O_DIRECT	O_SYNC
#endif

struct flash_session {
	const struct flash_job	*job;
	struct flash_volume	 drive;
	struct uf2_disk		 disk;
	char			*path;
	int			 fd;
	bool			 direct;
	void			*memory;
	char			*piece;		/* aligned, in memory */
};

static int
uf2_fits(const struct flash_job *job, char why[FLASH_WHY])
{
	static const char *const others[] = { "dfu", "picoboot", "esp_rom" };
	struct image_source image = IMAGE_MEMORY(job->data, job->size);
	struct uf2_file f;
	struct err e;

	if (strcmp(job->facts.format, "uf2") != 0)
		return flash_why_not(why, "the image is not UF2");
	if (uf2_check(&image, &f, NULL, &e) == -1)
		return flash_why_not(why, "the image is damaged");
	for (size_t i = 0; i < f.n_parts; i++)
		if (f.part[i].family == NRF_BOOTLOADER)
			return flash_why_not(why,
			    "the image holds a bootloader, not MicroPython "
			    "alone");
	if (job->device.usb_path == NULL)
		return flash_why_not(why, "the board is not on USB");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(job->device.mode, others[i]) == 0)
			return flash_why_not(why, "the board is in another "
			    "bootloader");
	return 0;
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
	if (s->fd == -1 && errno == EINVAL) {
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
	volume_release(&s->drive, s->job->world);
	uf2_disk_release(&s->disk);
	free(s->path);
	free(s->memory);
	free(s);
}

static int
uf2_open(const struct flash_job *job, struct flash_session **out,
    struct err *e)
{
	struct flash_session *s = mem_alloc(sizeof(*s));
	const struct volume_other other = { uf2_disk_take, &s->disk };

	s->job = job;
	s->drive = (struct flash_volume)FLASH_VOLUME_INIT;
	s->fd = -1;
	s->direct = true;
	s->memory = mem_alloc(PIECE + ALIGN);
	s->piece = (char *)s->memory + ALIGN - (uintptr_t)s->memory % ALIGN;
	s->disk.job = job;
	if (volume_wait(job, &other, &s->drive, e) == -1) {
		uf2_close(s);
		return -1;
	}
	if (s->disk.scsi == NULL)
		s->path = mem_printf("%s/" NAME, s->drive.dir);
	*out = s;
	return 0;
}

static int
uf2_identify(struct flash_session *s, struct flash_target *out,
    struct err *e)
{
	struct info_uf2 info;

	if ((s->disk.scsi != NULL ? uf2_disk_info(&s->disk, &info, e) :
	    drive_info(&s->drive, &info, e)) == -1 ||
	    check_softdevice(s->job, &info, e) == -1)
		return -1;
	drive_target(info.board_id, out);
	out->write_max = PIECE;
	out->write_unit = UF2_BLOCK;
	return 0;
}

/* Writes the piece that lies at off; -1 and errno. */
static int
put_piece(struct flash_session *s, size_t off, const uint8_t *p, size_t n)
{
	size_t done = 0;
	ssize_t k;

	memcpy(s->piece, p, n);
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

static int
uf2_write_file(struct flash_session *s, size_t at, const uint8_t *p,
    size_t n, struct err *e)
{
	if (s->disk.scsi != NULL)
		return uf2_disk_write(&s->disk, at, p, n, e);
	if ((at > 0 || open_file(s, 0) == 0) &&
	    put_piece(s, at, p, n) == 0)
		return 0;
	if (errno == ENOTSUP)
		return err_set(e, ERR_INPUT, "%s: there, and not a regular "
		    "file", s->path);
	err_sys(e, "%s: byte %zu of %zu", s->path, at, s->job->size);
	return volume_failed("bootloader", e);
}

/* The bootloader starts the image as soon as it has the last block. */
static int
uf2_start(struct flash_session *s, struct err *e)
{
	(void)s, (void)e;
	return 0;
}

extern const struct flash_driver flash_uf2;

static const char *const uf2_modes[] = { "uf2", NULL };
static const char *const uf2_options[] = { "bootloader", "volume", "via",
	NULL };

const struct flash_driver flash_uf2 = {
	.name = "uf2",
	.summary = "writes to the drive of a UF2 bootloader",
	.modes = uf2_modes,
	.options = uf2_options,
	.fits = uf2_fits,
	.open = uf2_open,
	.identify = uf2_identify,
	.leaves = true,
	.write_file = uf2_write_file,
	.start = uf2_start,
	.close = uf2_close,
};
