/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "bus/mountinfo.h"
#include "bus/sysfs.h"

#define SECTOR		512u	/* of sysfs, whatever the disk has */
#define DEPTH_MAX	5	/* INTERFACE/hostN/targetX/X:Y/block/sdX */

/* A disk, or a partition of one. */
struct node {
	char	*dev;			/* "/dev/sda1" */
	char	*devno;			/* "8:1" */
	uint64_t bytes;			/* 0: unknown */
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
		l->v[l->n].bytes = size == NULL ? 0 :
		    strtoull(size, NULL, 10) * SECTOR;
		l->v[l->n++].devno = devno;
		devno = NULL;
	}
	free(devno);
	free(size);
}

static void
add_disk(struct nodes *l, const char *dir)
{
	char **names;

	add_node(l, dir, false);
	names = sysfs_folders(dir);
	for (size_t i = 0; names[i] != NULL; i++) {
		char *part = mem_printf("%s/%s", dir, names[i]);

		if (sysfs_has(part, "partition"))
			add_node(l, part, true);
		free(part);
	}
	sysfs_names_free(names);
}

/* All disks below dir; in a folder of that name, each folder is one. */
static void
find_disks(struct nodes *l, const char *dir, int depth, bool in_block)
{
	char **names = sysfs_folders(dir);

	for (size_t i = 0; names[i] != NULL; i++) {
		char *path = mem_printf("%s/%s", dir, names[i]);

		if (in_block)
			add_disk(l, path);
		else if (depth < DEPTH_MAX)
			find_disks(l, path, depth + 1,
			    strcmp(names[i], "block") == 0);
		free(path);
	}
	sysfs_names_free(names);
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

const char *
mounts_text(struct mounts *m)
{
	char *path;
	struct err e;

	if (!m->read) {
		path = bus_path(m->bus, "/proc/self/mountinfo");
		file_read(path, &m->text, &e);	/* -1: nothing is mounted */
		m->read = true;
		free(path);
	}
	return m->text.data;
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
	if (best != NULL) {
		out->disk = mem_str(best->dev);
		out->disk_bytes = best->bytes;
	}
}

void
drive_read(struct mounts *m, const char *interface_dir,
    struct bus_place *out)
{
	struct nodes l = { NULL, 0 };

	find_disks(&l, interface_dir, 1, false);
	if (l.n > 0 && out->disk == NULL)
		choose_node(&l, mounts_text(m), out);
	nodes_release(&l);
}

/* Does the device number ("8:1") belong to the USB device in dir? */
static bool
has_node(const char *dir, const char *devno)
{
	char **names = usb_interfaces(dir);
	struct nodes l = { NULL, 0 };
	bool has = false;

	for (size_t i = 0; names[i] != NULL; i++) {
		char *path = mem_printf("%s/%s", dir, names[i]);

		if (sysfs_hex(path, "bInterfaceClass") == BUS_STORAGE)
			find_disks(&l, path, 1, false);
		free(path);
	}
	for (size_t i = 0; i < l.n; i++)
		has |= strcmp(l.v[i].devno, devno) == 0;
	nodes_release(&l);
	sysfs_names_free(names);
	return has;
}

/* The device number of what is mounted exactly there; NULL: nothing is. */
static char *
devno_at(const struct bus *b, const char *dir)
{
	struct mounts mounts = MOUNTS_INIT(b);
	struct mount m = MOUNT_INIT;
	const char *c = mounts_text(&mounts);
	char *devno = NULL;

	/* The last one wins: it hides those before. */
	while (mountinfo_next(&c, &m) == 1)
		if (strcmp(m.dir.data, dir) == 0) {
			free(devno);
			devno = mem_str(m.devno);
		}
	mount_release(&m);
	buf_release(&mounts.text);
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

bool
bus_has_disk(const struct bus *b, const char *usb_path, unsigned major,
    unsigned minor)
{
	char *dir = usb_is_path(usb_path) ? usb_dir(b, usb_path) : NULL;
	char *devno = mem_printf("%u:%u", major, minor);
	const bool has = dir != NULL && has_node(dir, devno);

	free(devno);
	free(dir);
	return has;
}

char *
bus_usb_of_volume(const struct bus *b, const char *dir)
{
	char *name = plain_name(b, dir), *devno = devno_at(b, name);
	char *path = bus_path(b, "/sys/bus/usb/devices"), *usb = NULL;
	char **places = sysfs_names(path);

	for (size_t i = 0; devno != NULL && places[i] != NULL; i++) {
		char *real;

		if (usb != NULL || !usb_is_path(places[i]))
			continue;
		real = usb_dir(b, places[i]);
		if (real != NULL && has_node(real, devno))
			usb = mem_str(places[i]);
		free(real);
	}
	sysfs_names_free(places);
	free(path);
	free(devno);
	free(name);
	return usb;
}
