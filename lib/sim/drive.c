/* SPDX-License-Identifier: MIT */
#include "sim/drive.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "image/uf2.h"

#define READ_BLOCKS	64u

struct drive_file {
	dev_t	 dev;
	ino_t	 ino;
	off_t	 at;			/* all before it has been taken */
};

void
sim_drive_open(struct sim_drive *d, const char *dir,
    const struct sim_chip *chip, const char *keep)
{
	*d = (struct sim_drive){ .chip = chip, .watch = SIM_WATCH_INIT,
	    .e10 = BUF_INIT, .taken = BUF_INIT };
	d->dir = mem_str(dir);
	d->keep = mem_str(keep);
	sim_watch_open(&d->watch, dir, SIM_WATCH_CHANGE);
}

static bool
mine(const struct sim_drive *d, const struct uf2_block *b)
{
	if (b->flags & UF2_NOT_MAIN || b->count > SIM_BLOCKS_MAX)
		return false;
	if (b->family == 0)
		return !d->chip->family_needed;
	return b->family == d->chip->family;
}

static void
take_uf2_block(struct sim_drive *d, const struct uf2_block *b,
    const uint8_t *raw)
{
	if (d->chip->e10 && uf2_is_e10(b)) {
		buf_clear(&d->e10);	/* taken, and written nowhere */
		buf_add(&d->e10, raw, UF2_BLOCK);
		return;
	}
	if (!mine(d, b)) {
		d->ignored++;
		return;
	}
	if (b->count != d->count) {
		free(d->seen);
		d->seen = mem_alloc(b->count);
		d->count = b->count;
		d->have = 0;
		buf_clear(&d->taken);
	}
	if (d->seen[b->index])
		return;
	d->seen[b->index] = 1;
	d->have++;
	buf_add(&d->taken, raw, UF2_BLOCK);
}

/* Where reading of this file goes on; the pointer is good until the next. */
static struct drive_file *
remember(struct sim_drive *d, const struct stat *st)
{
	struct drive_file *f;

	for (size_t i = 0; i < d->n_files; i++)
		if (d->files[i].dev == st->st_dev &&
		    d->files[i].ino == st->st_ino)
			return &d->files[i];
	d->files = mem_grow(d->files, d->n_files + 1, sizeof(*d->files));
	f = &d->files[d->n_files++];
	*f = (struct drive_file){ st->st_dev, st->st_ino, 0 };
	return f;
}

/*
 * Takes blocks up to the end, and remembers to come back to the first place
 * that holds none yet: files may grow with holes in them.
 */
static void
read_file(struct sim_drive *d, int fd, struct drive_file *f, uint32_t limit)
{
	uint8_t raw[READ_BLOCKS * UF2_BLOCK];
	struct uf2_block b;
	struct err e;
	off_t at = f->at;
	bool solid = true;
	ssize_t n;

	while ((n = pread(fd, raw, sizeof(raw), at)) >= (ssize_t)UF2_BLOCK) {
		n -= n % (ssize_t)UF2_BLOCK;
		for (ssize_t i = 0; i < n; i += UF2_BLOCK) {
			if (limit != 0 && d->have >= limit)
				return;
			if (uf2_parse(raw + i, UF2_BLOCK, &b, &e) == 0)
				take_uf2_block(d, &b, raw + i);
			else
				solid = false;
			if (solid)
				f->at = at + i + (ssize_t)UF2_BLOCK;
		}
		at += n;
	}
}

static void
look_at_file(struct sim_drive *d, const char *name, uint32_t limit)
{
	char *path = mem_printf("%s/%s", d->dir, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd != -1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		/* The page cache may hold what was there before O_DIRECT. */
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		read_file(d, fd, remember(d, &st), limit);
	}
	if (fd != -1)
		close(fd);
	free(path);
}

void
sim_drive_look(struct sim_drive *d, uint32_t limit)
{
	DIR *dir = opendir(d->dir);
	const struct dirent *ent;

	sim_watch_drain(&d->watch);
	if (dir == NULL)
		return;
	while ((ent = readdir(dir)) != NULL)
		if (strcmp(ent->d_name, ".") != 0 &&
		    strcmp(ent->d_name, "..") != 0 &&
		    strcmp(ent->d_name, "INFO_UF2.TXT") != 0 &&
		    strcmp(ent->d_name, "INDEX.HTM") != 0)
			look_at_file(d, ent->d_name, limit);
	closedir(dir);
}

bool
sim_drive_complete(const struct sim_drive *d)
{
	return d->count > 0 && d->have == d->count;
}

bool
sim_drive_begun(const struct sim_drive *d)
{
	return d->n_files > 0 && !sim_drive_complete(d);
}

int
sim_drive_keep(const struct sim_drive *d, struct err *e)
{
	struct buf all = BUF_INIT;
	int r;

	if (d->keep == NULL)
		return 0;
	buf_add(&all, d->e10.data, d->e10.len);
	buf_add(&all, d->taken.data, d->taken.len);
	r = file_write(d->keep, all.data, all.len, 0666, e);
	buf_release(&all);
	return r;
}

bool
sim_drive_strings(const struct sim_drive *d, struct image_strings *out)
{
	/* Without the framing, which would cut strings in two. */
	return uf2_strings((const uint8_t *)d->taken.data, d->taken.len, out);
}

void
sim_drive_close(struct sim_drive *d)
{
	if (d->dir == NULL)
		return;
	sim_watch_close(&d->watch);
	free(d->dir);
	free(d->keep);
	free(d->files);
	free(d->seen);
	buf_release(&d->e10);
	buf_release(&d->taken);
	d->dir = NULL;
}
