/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "bus/mountinfo.h"
#include "bus/sysfs.h"

#define DEPTH_MAX	5	/* INTERFACE/hostN/targetX/X:Y/block/sdX */
#define MOUNTS_MAX	(8u << 20)	/* bytes */

/* A disk, or a partition of one. */
struct node {
	char	*dev;			/* "/dev/sda1" */
	char	*devno;			/* "8:1" */
	bool	 partition;
};

struct nodes {
	struct node	*v;
	size_t		 n;
};

static void
nodes_release(struct nodes *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].dev);
		free(l->v[i].devno);
	}
	free(l->v);
}

static void
add_node(struct nodes *l, const char *dir, bool partition)
{
	char *devno = sysfs_attr(dir, "dev"), *size = sysfs_attr(dir, "size");

	/* No size: the medium has not been looked at yet, or is not there. */
	if (devno != NULL && (size == NULL || strcmp(size, "0") != 0)) {
		l->v = mem_grow(l->v, l->n + 1, sizeof(*l->v));
		l->v[l->n].dev = mem_printf("/dev/%s", strrchr(dir, '/') + 1);
		l->v[l->n].partition = partition;
		l->v[l->n++].devno = devno;
		devno = NULL;
	}
	free(devno);
	free(size);
}

static int
visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Calls fn for each folder in dir, in order; symlinks are none. */
static void
each_folder(const char *dir, void (*fn)(const char *path, const char *name,
    int depth, void *ctx), int depth, void *ctx)
{
	struct dirent **list = NULL;
	const int n = scandir(dir, &list, visible, alphasort);

	for (int i = 0; i < n; i++) {
		char *path = mem_printf("%s/%s", dir, list[i]->d_name);
		struct stat st;

		if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
			fn(path, list[i]->d_name, depth, ctx);
		free(path);
		free(list[i]);
	}
	free(list);
}

static void
on_partition(const char *path, const char *name, int depth, void *ctx)
{
	(void)name, (void)depth;
	if (sysfs_has(path, "partition"))
		add_node(ctx, path, true);
}

static void
on_disk(const char *path, const char *name, int depth, void *ctx)
{
	(void)name, (void)depth;
	add_node(ctx, path, false);
	each_folder(path, on_partition, 0, ctx);
}

static void
find_disks(const char *path, const char *name, int depth, void *ctx)
{
	if (strcmp(name, "block") == 0)
		each_folder(path, on_disk, 0, ctx);
	else if (depth < DEPTH_MAX)
		each_folder(path, find_disks, depth + 1, ctx);
}

struct search {
	struct nodes	nodes;
	bool		mass_storage;
};

/* USB class 08 is mass storage. */
static void
on_interface(const char *path, const char *name, int depth, void *ctx)
{
	struct search *s = ctx;
	char *class;

	(void)depth;
	if (strchr(name, ':') == NULL)
		return;
	class = sysfs_attr(path, "bInterfaceClass");
	if (class != NULL && strcmp(class, "08") == 0) {
		s->mass_storage = true;
		each_folder(path, find_disks, 1, &s->nodes);
	}
	free(class);
}

/* Where the device with this number is mounted; NULL: nowhere. */
static char *
mounted_at(const char *text, const char *devno)
{
	struct mount m = MOUNT_INIT;
	char *dir = NULL;

	while (dir == NULL && mountinfo_next(&text, &m) == 1)
		if (strcmp(m.devno, devno) == 0 &&
		    strcmp(m.root.data, "/") == 0)
			dir = mem_str(m.dir.data);
	mount_release(&m);
	return dir;
}

static void
read_mounts(const struct bus *b, struct buf *out)
{
	char *path = bus_path(b, "/proc/self/mountinfo");
	struct err e;

	file_read(path, out, &e);	/* none: then nothing is mounted */
	free(path);
}

/* What is mounted comes first, else a partition, else the whole disk. */
static void
choose_node(const struct nodes *l, const char *mounts, struct bus_place *out)
{
	const struct node *best = NULL;

	for (size_t i = 0; i < l->n && out->volume == NULL; i++) {
		out->volume = mounted_at(mounts, l->v[i].devno);
		if (out->volume != NULL || best == NULL ||
		    (l->v[i].partition && !best->partition))
			best = &l->v[i];
	}
	if (best != NULL)
		out->disk = mem_str(best->dev);
}

void
drive_read(const struct bus *b, const char *real_dir, struct bus_place *out)
{
	struct search s = { { NULL, 0 }, false };
	struct buf mounts = BUF_MAX(MOUNTS_MAX);

	each_folder(real_dir, on_interface, 0, &s);
	out->mass_storage = s.mass_storage;
	if (s.nodes.n > 0)
		read_mounts(b, &mounts);
	choose_node(&s.nodes, mounts.data, out);
	buf_release(&mounts);
	nodes_release(&s.nodes);
}

bool
drive_has(const char *real_dir, const char *devno)
{
	struct search s = { { NULL, 0 }, false };
	bool has = false;

	each_folder(real_dir, on_interface, 0, &s);
	for (size_t i = 0; i < s.nodes.n; i++)
		has |= strcmp(s.nodes.v[i].devno, devno) == 0;
	nodes_release(&s.nodes);
	return has;
}

/* The device number of what is mounted exactly there; NULL: nothing is. */
static char *
devno_at(const struct bus *b, const char *dir)
{
	struct buf text = BUF_MAX(MOUNTS_MAX);
	struct mount m = MOUNT_INIT;
	char *devno = NULL;
	const char *c;

	read_mounts(b, &text);
	c = text.data;
	/* The last one wins: it hides those before. */
	while (mountinfo_next(&c, &m) == 1)
		if (strcmp(m.dir.data, dir) == 0) {
			free(devno);
			devno = mem_str(m.devno);
		}
	mount_release(&m);
	buf_release(&text);
	return devno;
}

/* The folder's own name, its symlinks and last '/' gone. */
static char *
plain_name(const struct bus *b, const char *dir)
{
	const size_t n = strlen(b->root);
	char *full = bus_path(b, dir), *real = realpath(full, NULL), *name;

	if (real != NULL && strncmp(real, b->root, n) == 0 && real[n] == '/')
		name = mem_str(real + n);
	else
		name = mem_str(dir);
	free(real);
	free(full);
	return name;
}

char *
bus_usb_of_volume(const struct bus *b, const char *dir)
{
	char *name = plain_name(b, dir), *devno = devno_at(b, name);
	char **places = sysfs_names(b, "/sys/bus/usb/devices"), *usb = NULL;

	for (size_t i = 0; devno != NULL && places[i] != NULL; i++) {
		char *path, *real;

		if (usb != NULL || !usb_is_path(places[i]))
			continue;
		path = mem_printf("/sys/bus/usb/devices/%s", places[i]);
		real = sysfs_real(b, path);
		if (real != NULL && drive_has(real, devno))
			usb = mem_str(places[i]);
		free(real);
		free(path);
	}
	sysfs_names_free(places);
	free(devno);
	free(name);
	return usb;
}
