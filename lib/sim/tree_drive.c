/* SPDX-License-Identifier: MIT */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "sim/tree_in.h"

#define PROBE_INTERFACE	2
#define DISKS_MAX	16		/* sda to sdp: minors of major 8 */
#define NOWHERE		"mpf-sim-has-no-node"	/* a link that leads there */
#define LABELS_MAX	100
#define MOUNTINFO_MAX	(1024u * 1024)	/* bytes */

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

void
tree_remove(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* The letter of the first disk that is not there. */
static int
free_disk(const char *root)
{
	int i;

	for (i = 0; i + 1 < DISKS_MAX; i++) {
		char *path = mem_printf("%s/dev/sd%c", root, 'a' + i);
		const bool taken = tree_taken(path);

		free(path);
		if (!taken)
			break;
	}
	return i;
}

/* "/media/RPI-RP2"; a second one is "/media/RPI-RP21", as udisks does. */
static char *
free_volume(const char *root, const char *label)
{
	char *name = mem_printf("/media/%s", label), *path;

	for (int i = 1; i < LABELS_MAX; i++) {
		path = mem_printf("%s%s", root, name);
		if (!tree_taken(path)) {
			free(path);
			break;
		}
		free(path);
		free(name);
		name = mem_printf("/media/%s%d", label, i);
	}
	return name;
}

/* The drive of a probe is at an interface behind that of its port. */
static char *
block_dir(const char *dir, const struct tree_device *d, int disk)
{
	return mem_printf("%s/%s:1.%d/host%d/target%d:0:0/%d:0:0:0/block/sd%c",
	    dir, d->usb_path, d->probe ? PROBE_INTERFACE : 0, disk, disk,
	    disk, 'a' + disk);
}

/* The interface itself, where it is not the only one. */
static int
build_interface(const char *hidden, const struct tree_device *d,
    struct err *e)
{
	char *dir = mem_printf("%s/%s:1.%d", hidden, d->usb_path,
	    PROBE_INTERFACE);
	int r = -1;

	if (file_mkdirs(dir, 0777, e) == 0 &&
	    tree_attr(dir, "bInterfaceNumber", "02", e) == 0 &&
	    tree_attr(dir, "bInterfaceClass", "08", e) == 0 &&
	    tree_attr(dir, "bInterfaceSubClass", "06", e) == 0 &&
	    tree_attr(dir, "bInterfaceProtocol", "50", e) == 0)
		r = 0;
	free(dir);
	return r;
}

static int
build_partition(const char *dir, int disk, struct err *e)
{
	char *part = mem_printf("%s/sd%c1", dir, 'a' + disk), number[16];
	int r;

	snprintf(number, sizeof(number), "8:%d", disk * 16 + 1);
	r = file_mkdirs(part, 0777, e) == -1 ||
	    tree_attr(part, "dev", number, e) == -1 ||
	    tree_attr(part, "partition", "1", e) == -1 ||
	    tree_attr(part, "size", "262143", e) == -1 ? -1 : 0;
	free(part);
	return r;
}

int
tree_build_drive(struct tree_plug *p, const char *hidden,
    const struct tree_device *d, struct err *e)
{
	const int disk = free_disk(p->root);
	char *dir = block_dir(hidden, d, disk), number[16];
	int r = -1;

	snprintf(number, sizeof(number), "8:%d", disk * 16);
	p->disk = mem_printf("/dev/sd%c%s", 'a' + disk,
	    d->partition ? "1" : "");
	if ((d->probe && build_interface(hidden, d, e) == -1) ||
	    file_mkdirs(dir, 0777, e) == -1 ||
	    tree_attr(dir, "dev", number, e) == -1 ||
	    tree_attr(dir, "size", "262144", e) == -1 ||
	    (d->partition && build_partition(dir, disk, e) == -1))
		goto out;
	r = 0;
out:
	free(dir);
	return r;
}

/* --- mountinfo --- */

/* Replaces the file; line is added, and what is mounted at gone goes. */
static int
change_mounts(const char *root, const char *line, const char *gone,
    struct err *e)
{
	char *path = mem_printf("%s/proc/self/mountinfo", root);
	char *field = mem_printf(" / %s ", gone);
	struct buf old = BUF_MAX(MOUNTINFO_MAX), new = BUF_INIT;
	int r = -1;

	if (file_read(path, &old, e) == -1)
		goto out;
	for (char *s = old.data, *end; *s != '\0'; s = end) {
		char *at = strstr(s, field);

		end = s + strcspn(s, "\n");
		end += *end == '\n';
		if (at == NULL || at >= end)
			buf_add(&new, s, (size_t)(end - s));
	}
	buf_adds(&new, line);
	r = file_write(path, new.data, new.len, 0666, e);
out:
	buf_release(&old);
	buf_release(&new);
	free(field);
	free(path);
	return r;
}

void
tree_unmount(const char *root, const char *volume)
{
	struct err e = ERR_INIT;

	change_mounts(root, "", volume, &e);
}

static int
mount_it(struct tree_plug *p, const struct tree_device *d, int minor,
    struct err *e)
{
	char *dir, *line, *name = free_volume(p->root, d->label);
	int r = -1;

	line = mem_printf("%d 1 8:%d / %s rw,nosuid,nodev,relatime shared:%d "
	    "- vfat %s rw,uid=1000\n", 100 + minor, minor, name, minor,
	    p->disk);
	p->volume = name;
	dir = tree_volume(p);
	if (file_mkdirs(dir, 0777, e) == -1 ||
	    tree_put(dir, d->probe ? "DETAILS.TXT" : "INFO_UF2.TXT", d->info,
	    e) == -1 ||
	    tree_put(dir, d->probe ? "MBED.HTM" : "INDEX.HTM",
	    "<html></html>\n", e) == -1 ||
	    (d->fail != NULL && tree_put(dir, "FAIL.TXT", d->fail, e) == -1) ||
	    change_mounts(p->root, line, name, e) == -1)
		goto out;
	r = 0;
out:
	free(dir);
	free(line);
	return r;
}

int
tree_link_drive(struct tree_plug *p, const struct tree_device *d,
    struct err *e)
{
	const int disk = p->disk[strlen("/dev/sd")] - 'a';
	const char *at = p->device + strlen(p->root) + strlen("/sys/");
	char *dir = block_dir(at, d, disk);
	char *target = mem_printf("../../%s", dir);
	char *class = mem_printf("sys/class/block/sd%c", 'a' + disk);
	char *node = mem_printf("dev/sd%c", 'a' + disk);
	int r = -1;

	/* Only root can make nodes: these names lead nowhere. */
	if (tree_link(p, NOWHERE, node, e) == -1 ||
	    (d->partition &&
	    tree_link(p, NOWHERE, p->disk + 1, e) == -1) ||
	    tree_link(p, target, class, e) == -1)
		goto out;
	if (!d->unmounted &&
	    mount_it(p, d, disk * 16 + d->partition, e) == -1)
		goto out;
	r = 0;
out:
	free(dir);
	free(target);
	free(class);
	free(node);
	return r;
}
