/* SPDX-License-Identifier: MIT */
#include "sim/files.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

struct file {
	char		*name;		/* without the first slash */
	struct buf	 data;
};

struct sim_files {
	char		*dir;		/* NULL: in memory only */
	struct file	*v;
	size_t		 n;
	int		 fail;
};

static const char *
plain(const char *name)
{
	while (name[0] == '/')
		name++;
	return strncmp(name, "flash/", 6) == 0 ? name + 6 : name;
}

static struct file *
find(const struct sim_files *fs, const char *name)
{
	name = plain(name);
	for (size_t i = 0; i < fs->n; i++)
		if (strcmp(fs->v[i].name, name) == 0)
			return &fs->v[i];
	return NULL;
}

static struct file *
make(struct sim_files *fs, const char *name)
{
	struct file *f = find(fs, name);

	if (f != NULL)
		return f;
	fs->v = mem_grow(fs->v, fs->n + 1, sizeof(*fs->v));
	f = &fs->v[fs->n++];
	*f = (struct file){ mem_str(plain(name)), BUF_MAX(SIM_FILES_MAX) };
	return f;
}

static void
drop(struct sim_files *fs, struct file *f)
{
	free(f->name);
	buf_release(&f->data);
	*f = fs->v[--fs->n];
}

/* The name behind ours in the folder; NULL where it would lead outside. */
static char *
outside(const struct sim_files *fs, const char *name)
{
	name = plain(name);
	if (fs->dir == NULL || strstr(name, "..") != NULL)
		return NULL;
	return mem_printf("%s/%s", fs->dir, name);
}

/* What could not be kept is still right in memory, so nobody hears of it. */
static void
keep(const struct sim_files *fs, const struct file *f)
{
	char *path = outside(fs, f->name);
	char *slash = path != NULL ? strrchr(path, '/') : NULL;
	struct err e = ERR_INIT;

	if (path == NULL)
		return;
	*slash = '\0';
	if (file_mkdirs(path, 0777, &e) == 0) {
		*slash = '/';
		file_write(path, f->data.data, f->data.len, 0666, &e);
	}
	free(path);
}

static int
load(struct sim_files *fs, struct err *e)
{
	DIR *d = opendir(fs->dir);
	struct dirent *ent;
	struct stat st;
	char *path;
	int r = 0;

	if (d == NULL)
		return err_sys(e, "%s", fs->dir);
	while (r == 0 && (ent = readdir(d)) != NULL) {
		if (ent->d_name[0] == '.')
			continue;
		path = mem_printf("%s/%s", fs->dir, ent->d_name);
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
			r = file_read(path, &make(fs, ent->d_name)->data, e);
		free(path);
	}
	closedir(d);
	return r;
}

struct sim_files *
sim_files_open(const char *dir, struct err *e)
{
	struct sim_files *fs = mem_alloc(sizeof(*fs));

	fs->dir = mem_str(dir);
	if (dir != NULL &&
	    (file_mkdirs(dir, 0777, e) == -1 || load(fs, e) == -1)) {
		sim_files_close(fs);
		return NULL;
	}
	return fs;
}

void
sim_files_close(struct sim_files *fs)
{
	if (fs == NULL)
		return;
	while (fs->n > 0)
		drop(fs, &fs->v[fs->n - 1]);
	free(fs->v);
	free(fs->dir);
	free(fs);
}

void
sim_files_clear(struct sim_files *fs)
{
	while (fs->n > 0) {
		char *path = outside(fs, fs->v[fs->n - 1].name);

		if (path != NULL)
			unlink(path);
		free(path);
		drop(fs, &fs->v[fs->n - 1]);
	}
}

int
sim_files_read(const struct sim_files *fs, const char *name,
    const uint8_t **p, size_t *n)
{
	const struct file *f = find(fs, name);

	if (f == NULL)
		return SIM_ENOENT;
	*p = (const uint8_t *)f->data.data;
	*n = f->data.len;
	return 0;
}

static size_t
used(const struct sim_files *fs)
{
	size_t sum = 0;

	for (size_t i = 0; i < fs->n; i++)
		sum += fs->v[i].data.len;
	return sum;
}

int
sim_files_write(struct sim_files *fs, const char *name, const void *p,
    size_t n)
{
	struct file *f;

	if (fs->fail != 0)
		return fs->fail;
	f = make(fs, name);
	buf_clear(&f->data);
	return sim_files_append(fs, name, p, n);
}

int
sim_files_append(struct sim_files *fs, const char *name, const void *p,
    size_t n)
{
	struct file *f;

	if (fs->fail != 0)
		return fs->fail;
	if (n > SIM_FILES_MAX - used(fs))
		return SIM_ENOSPC;
	f = make(fs, name);
	buf_add(&f->data, p, n);
	keep(fs, f);
	return 0;
}

int
sim_files_rename(struct sim_files *fs, const char *from, const char *to)
{
	struct file *f = find(fs, from), *old = find(fs, to);
	char *name;

	if (f == NULL)
		return SIM_ENOENT;
	if (fs->fail != 0)
		return fs->fail;
	if (f == old)
		return 0;
	name = f->name;
	f->name = mem_str(plain(to));
	keep(fs, f);
	if (old != NULL)
		drop(fs, old);
	if (fs->dir != NULL) {
		char *path = outside(fs, name);

		if (path != NULL)
			unlink(path);
		free(path);
	}
	free(name);
	return 0;
}

int
sim_files_remove(struct sim_files *fs, const char *name)
{
	struct file *f = find(fs, name);
	char *path;

	if (f == NULL)
		return SIM_ENOENT;
	if (fs->fail != 0)
		return fs->fail;
	path = outside(fs, name);
	if (path != NULL)
		unlink(path);
	free(path);
	drop(fs, f);
	return 0;
}

void
sim_files_fail(struct sim_files *fs, int number)
{
	fs->fail = number;
}

const char *
sim_files_name(const struct sim_files *fs, size_t i, size_t *size)
{
	if (i >= fs->n)
		return NULL;
	*size = fs->v[i].data.len;
	return fs->v[i].name;
}
