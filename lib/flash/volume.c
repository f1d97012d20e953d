/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/sysmacros.h>
#endif
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "flash/impl.h"
#include "flash/volume.h"

#define MOUNT_MS	15000		/* for a drive to be there, mounted */
#define OTHERS_MS	1500		/* for the desktop to mount it */
#define AGAIN_MS	1000		/* between two tries of ours */

/* What we know while we wait. */
struct wait {
	int64_t		 deadline, next_try;
	bool		 seen;		/* the disk is there */
	struct err	 mount;		/* why our own try failed */
};

/* 1: it hangs there; 0: not yet; -1: somewhere else. */
static int
named_volume(const struct flash_job *job, struct flash_volume *out,
    struct err *e)
{
	const int r = check_volume(job, e);

	if (r == 1)
		out->dir = bus_path(job->world->bus, job->volume);
	return r;
}

static void
try_mount(const struct flash_job *job, const char *disk, struct wait *w,
    struct flash_volume *out)
{
	const struct flash_world *world = job->world;

	if (world->mount == NULL || clock_ms() < w->next_try)
		return;
	w->next_try = clock_ms() + AGAIN_MS;
	if (world->mount(world->ctx, disk, job->via, &out->ours,
	    &w->mount) == 0 &&
	    out->ours != NULL)
		out->dir = mem_str(out->ours);
}

/* What the kernel has mounted is not taken away from it. */
static int
mounted_already(const struct flash_job *job, struct err *e)
{
	err_set(e, ERR_BUSY, "%s: its drive is mounted, so it is not written "
	    "to by SCSI commands", job->device.usb_path);
	return err_hint(e, "unmount it, or leave --via out");
}

/* Is it a bootloader's, by its size?  May it be used in the way asked for? */
static int
check_drive(const struct flash_job *job, const struct bus_place *p,
    struct err *e)
{
	/* Somebody's stick may hold an INFO_UF2.TXT, too. */
	if (p->disk_bytes > BUS_DRIVE_MAX) {
		err_set(e, ERR_MISMATCH, "%s: a drive of %llu MiB is there, "
		    "which is too large for a bootloader's",
		    job->device.usb_path,
		    (unsigned long long)(p->disk_bytes >> 20));
		return err_todo(e, NEXT_DETECT_AGAIN, "run mpf-detect again");
	}
	return p->volume != NULL && text_same(job->via, "scsi") ?
	    mounted_already(job, e) : 0;
}

/* As named_volume, for the drive that the bus shows at the board's place. */
static int
found_volume(const struct flash_job *job, const struct volume_other *other,
    struct wait *w, struct flash_volume *out, struct err *e)
{
	const struct boot_world *boot = &job->world->boot;
	const bool by_scsi = text_same(job->via, "scsi");
	struct bus_place p;
	bool taken = false;

	if (boot->look(boot->ctx, job->device.usb_path, -1, &p, e) == -1)
		return -1;
	if (check_drive(job, &p, e) == -1) {
		bus_place_release(&p);
		return -1;
	}
	if (p.volume != NULL) {
		out->dir = bus_path(job->world->bus, p.volume);
	} else if (other != NULL && p.mass_storage && other->take(other->ctx,
	    &p, &w->mount)) {
		taken = true;
	} else if (by_scsi) {
		w->seen |= p.mass_storage;
	} else if (p.disk != NULL) {
		if (!w->seen)
			w->next_try = clock_ms() + OTHERS_MS;
		w->seen = true;
		try_mount(job, p.disk, w, out);
	}
	bus_place_release(&p);
	return taken || out->dir != NULL;
}

static int
not_mounted(const struct flash_job *job, const struct wait *w, struct err *e)
{
	if (job->volume != NULL)
		return err_set(e, ERR_NOT_FOUND, "%s: no drive is mounted "
		    "there", job->volume);
	if (!w->seen)
		return err_set(e, ERR_TIMEOUT, "%s: its bootloader shows no "
		    "drive", job->device.usb_path);
	if (w->mount.code != ERR_NONE) {
		*e = w->mount;
		return err_wrap(e, "%s: the drive is not mounted",
		    job->device.usb_path);
	}
	err_set(e, ERR_PERMISSION, "%s: the drive is not mounted",
	    job->device.usb_path);
	return err_hint(e, "mount it, and run mpf-detect again");
}

static int
stopped(struct err *e)
{
	err_set(e, ERR_CANCELLED, "stopped before its drive was there");
	return err_hint(e, "run the whole pipe again");
}

int
volume_wait(const struct flash_job *job, const struct volume_other *other,
    struct flash_volume *out, struct err *e)
{
	const int64_t ms = job->wait_ms > 0 ? job->wait_ms : MOUNT_MS;
	struct wait w = { .deadline = clock_ms() + ms, .mount = ERR_INIT };
	int r;

	for (;;) {
		r = job->volume != NULL ? named_volume(job, out, e) :
		    found_volume(job, other, &w, out, e);
		if (r == 1 && out->dir == NULL)
			return 1;
		if (r != 0)
			return r == 1 ? volume_open(job, out, e) : -1;
		if (stop_requested())
			return stopped(e);
		if (clock_ms() >= w.deadline)
			return not_mounted(job, &w, e);
		boot_wait(&job->world->boot, w.deadline);
	}
}

void
volume_release(struct flash_volume *d, const struct flash_world *w)
{
	free(d->dir);
	if (d->fd != -1)
		close(d->fd);
	d->fd = -1;
	if (d->ours != NULL)
		w->unmount(d->ours);
	d->dir = d->ours = NULL;
}

int
volume_check(const struct flash_volume *d, const struct bus *b,
    const char *usb_path, struct err *e)
{
	struct stat st;

	if (fstat(d->fd, &st) == -1)
		return err_sys(e, "%s", d->dir);
	if (bus_has_disk(b, usb_path, major(st.st_dev), minor(st.st_dev)))
		return 0;
	err_set(e, ERR_MISMATCH, "%s: another drive is mounted there now, and "
	    "not that of %s", d->dir, usb_path);
	return err_hint(e, "run mpf-detect again");
}

int
volume_failed(const char *owner, struct err *e)
{
	if (e->code == ERR_SPACE)
		return err_hint(e, "the drive is full: check that it is the "
		    "%s's", owner);
	return e->code != ERR_PERMISSION ? -1 : err_hint(e, "the drive is "
	    "mounted for another user, or read-only: mount it for yourself");
}

int
volume_open(const struct flash_job *job, struct flash_volume *d, struct err *e)
{
	d->fd = file_open_folder(AT_FDCWD, d->dir, e);
	if (d->fd == -1)
		return volume_failed("bootloader", e);
	return bus_is_system(job->world->bus) ?
	    volume_check(d, job->world->bus, job->device.usb_path, e) : 0;
}

/* Its name there, in whatever case; the caller frees it. */
static char *
find_name(const struct flash_volume *v, const char *wanted)
{
	struct err ignored;
	const int fd = file_open_folder(v->fd, ".", &ignored);
	DIR *dir = fd != -1 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	char *name = NULL;

	while (dir != NULL && name == NULL && (entry = readdir(dir)) != NULL)
		if (strcasecmp(entry->d_name, wanted) == 0)
			name = mem_str(entry->d_name);
	if (dir != NULL)
		closedir(dir);
	else if (fd != -1)
		close(fd);
	return name;
}

int
volume_read(const struct flash_volume *v, const char *wanted,
    struct buf *out, struct err *e)
{
	char *name = find_name(v, wanted);
	int r;

	if (name == NULL)
		return err_set(e, ERR_NOT_FOUND, "%s: no %s", v->dir, wanted);
	r = file_read_at(v->fd, name, out, e);
	free(name);
	return r == 0 ? 0 : err_wrap(e, "%s", v->dir);
}
