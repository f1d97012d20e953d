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
	char		**made;		/* folders, by sim_files_mkdir */
	size_t		 n_made;
	int		 fail;
};

static const char *
sim_name(const char *name)
{
	while (name[0] == '/')
		name++;
	return strncmp(name, "flash/", 6) == 0 ? name + 6 : name;
}

static struct file *
find_sim_file(const struct sim_files *fs, const char *name)
{
	name = sim_name(name);
	for (size_t i = 0; i < fs->n; i++)
		if (strcmp(fs->v[i].name, name) == 0)
			return &fs->v[i];
	return NULL;
}

static struct file *
make(struct sim_files *fs, const char *name)
{
	struct file *f = find_sim_file(fs, name);

	if (f != NULL)
		return f;
	fs->v = mem_grow(fs->v, fs->n + 1, sizeof(*fs->v));
	f = &fs->v[fs->n++];
	*f = (struct file){ mem_str(sim_name(name)), BUF_MAX(SIM_FILES_MAX) };
	return f;
}

static void
drop_file(struct sim_files *fs, struct file *f)
{
	free(f->name);
	buf_release(&f->data);
	*f = fs->v[--fs->n];
}

/* The name behind ours in the folder; NULL where it would lead outside. */
static char *
outside(const struct sim_files *fs, const char *name)
{
	name = sim_name(name);
	if (fs->dir == NULL || strstr(name, "..") != NULL)
		return NULL;
	return mem_printf("%s/%s", fs->dir, name);
}

/* What could not be kept is still right in memory, so nobody hears of it. */
static void
keep_file(const struct sim_files *fs, const struct file *f)
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

/* What is in that folder, of which the board knows the name ("" or "a/"). */
static int
load(struct sim_files *fs, const char *folder, struct err *e)
{
	char *dir = mem_printf("%s/%s", fs->dir, folder);
	DIR *d = opendir(dir);
	struct dirent *ent;
	struct stat st;
	char *path, *name;
	int r = d == NULL ? err_sys(e, "%s", dir) : 0;

	free(dir);
	if (r == -1)
		return -1;
	while (r == 0 && (ent = readdir(d)) != NULL) {
		if (ent->d_name[0] == '.')
			continue;
		path = mem_printf("%s/%s%s", fs->dir, folder, ent->d_name);
		name = mem_printf("%s%s", folder, ent->d_name);
		if (lstat(path, &st) == 0 && S_ISREG(st.st_mode)) {
			r = file_read(path, &make(fs, name)->data, e);
		} else if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
			char *below = mem_printf("%s/", name);

			sim_files_mkdir(fs, name);
			r = load(fs, below, e);
			free(below);
		}
		free(name);
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
	    (file_mkdirs(dir, 0777, e) == -1 || load(fs, "", e) == -1)) {
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
		drop_file(fs, &fs->v[fs->n - 1]);
	while (fs->n_made > 0)
		free(fs->made[--fs->n_made]);
	free(fs->made);
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
		drop_file(fs, &fs->v[fs->n - 1]);
	}
	while (fs->n_made > 0)
		free(fs->made[--fs->n_made]);
}

int
sim_files_read(const struct sim_files *fs, const char *name,
    const uint8_t **p, size_t *n)
{
	const struct file *f = find_sim_file(fs, name);

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
	keep_file(fs, f);
	return 0;
}

int
sim_files_rename(struct sim_files *fs, const char *from, const char *to)
{
	struct file *f = find_sim_file(fs, from), *old = find_sim_file(fs, to);
	char *name;

	if (f == NULL)
		return SIM_ENOENT;
	if (fs->fail != 0)
		return fs->fail;
	if (f == old)
		return 0;
	name = f->name;
	f->name = mem_str(sim_name(to));
	keep_file(fs, f);
	if (old != NULL)
		drop_file(fs, old);
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
	struct file *f = find_sim_file(fs, name);
	char *path;

	if (f == NULL)
		return SIM_ENOENT;
	if (fs->fail != 0)
		return fs->fail;
	path = outside(fs, name);
	if (path != NULL)
		unlink(path);
	free(path);
	drop_file(fs, f);
	return 0;
}

int
sim_files_mkdir(struct sim_files *fs, const char *name)
{
	if (fs->fail != 0)
		return fs->fail;
	fs->made = mem_grow(fs->made, fs->n_made + 1, sizeof(*fs->made));
	fs->made[fs->n_made++] = mem_str(sim_name(name));
	return 0;
}

int
sim_files_format(struct sim_files *fs)
{
	if (fs->fail != 0)
		return fs->fail;
	sim_files_clear(fs);
	return 0;
}

size_t
sim_files_free(const struct sim_files *fs)
{
	return SIM_FILES_MAX - used(fs);
}

const char *
sim_files_folder(const struct sim_files *fs, size_t i, size_t *len)
{
	const char *name;

	if (i < fs->n_made) {
		*len = strlen(fs->made[i]);
		return fs->made[i];
	}
	i -= fs->n_made;
	/* Each file's own folder, and those above it, one after the other. */
	for (size_t f = 0; f < fs->n; f++) {
		name = fs->v[f].name;
		for (*len = 0; name[*len] != '\0'; (*len)++)
			if (name[*len] == '/' && i-- == 0)
				return name;
	}
	return NULL;
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
