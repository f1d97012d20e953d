/* SPDX-License-Identifier: MIT */
#include "sim/tree.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/mem.h"
#include "sim/tree_in.h"

#define LOCK_MS		10000
#define DEVICES		"sys/devices/pci0000:00/0000:00:14.0"

/* "1-1.2" is BUS-PORT{.PORT}, as Linux names places. */
static bool
is_bus_path(const char *s)
{
	bool digit = false, dash = false;

	for (; *s != '\0'; s++) {
		if (isdigit((unsigned char)*s)) {
			digit = true;
		} else if (digit && ((*s == '-' && !dash) ||
		    (*s == '.' && dash))) {
			dash = true;
			digit = false;
		} else {
			return false;
		}
	}
	return digit && dash;
}

/* The folder it will have: .../usb1/1-1/1-1.2; the caller frees it. */
static char *
device_dir(const char *root, const char *usb_path)
{
	struct buf b = BUF_INIT;
	const size_t bus = strcspn(usb_path, "-");
	const char *dot = usb_path;

	buf_addf(&b, "%s/" DEVICES "/usb%.*s", root, (int)bus, usb_path);
	while ((dot = strchr(dot, '.')) != NULL) {
		buf_addf(&b, "/%.*s", (int)(dot - usb_path), usb_path);
		dot++;
	}
	buf_addf(&b, "/%s", usb_path);
	return buf_steal(&b);
}

int
tree_put(const char *dir, const char *name, const char *text, struct err *e)
{
	char *path = mem_printf("%s/%s", dir, name);
	const int fd = file_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666, e);
	int r = -1;

	if (fd != -1)
		r = file_write_all(fd, text, strlen(text), path, e);
	if (fd != -1 && close(fd) == -1 && r == 0)
		r = err_sys(e, "%s", path);
	free(path);
	return r;
}

int
tree_attr(const char *dir, const char *name, const char *value,
    struct err *e)
{
	char *line;
	int r;

	if (value == NULL || value[0] == '\0')
		return 0;		/* sysfs has no such file then */
	line = mem_printf("%s\n", value);
	r = tree_put(dir, name, line, e);
	free(line);
	return r;
}

bool
tree_taken(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

int
tree_link(struct tree_plug *p, const char *target, const char *name,
    struct err *e)
{
	char *path = mem_printf("%s/%s", p->root, name);

	if (symlink(target, path) == -1) {
		err_sys(e, "%s", path);
		if (errno == EEXIST)
			e->code = ERR_BUSY;
		free(path);
		return -1;
	}
	p->gone[p->n_gone++] = path;
	return 0;
}

/* Its folders up to the root of the tree, as far as they are empty now. */
static void
prune(const char *root, char *path)
{
	const size_t n = strlen(root);
	char *slash;

	while ((slash = strrchr(path, '/')) != NULL &&
	    (size_t)(slash - path) > n) {
		*slash = '\0';
		if (rmdir(path) == -1)
			break;
	}
}

static int
lock_tree(const char *root, struct lock *l, struct err *e)
{
	char *path = mem_printf("%s/.mpf-sim.lock", root);
	int r;

	r = lock_take(path, NULL, clock_ms() + LOCK_MS, l, NULL, e);
	free(path);
	return r;
}

/* Folders that a reader may expect to be there, whatever is plugged in. */
static int
make_skeleton(const char *root, struct err *e)
{
	static const char *const dirs[] = { "sys/bus/usb/devices",
	    "sys/class/tty", "sys/class/block", "dev", "media",
	    "proc/self" };
	const size_t n = sizeof(dirs) / sizeof(dirs[0]);
	char *path;
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		path = mem_printf("%s/%s", root, dirs[i]);
		r = file_mkdirs(path, 0777, e);
		free(path);
	}
	path = mem_printf("%s/proc/self/mountinfo", root);
	if (r == 0 && access(path, F_OK) == -1)
		r = file_write(path, "", 0, 0666, e);
	free(path);
	return r;
}

/* What all USB devices have, in the folder that will be theirs. */
static int
build_usb(const char *dir, const struct tree_device *d, struct err *e)
{
	static const struct {
		const char	*class, *sub, *protocol;
	} interface[] = {
		[TREE_TTY] = { "02", "02", "00" },
		[TREE_DRIVE] = { "08", "06", "50" },
		[TREE_DFU] = { "fe", "01", "02" },
	};
	char *port, bus[16], number[32];
	int r = -1;

	/* The system counts them, too; here it is unlikely to come again. */
	snprintf(number, sizeof(number), "%lld", (long long)clock_ms());
	snprintf(bus, sizeof(bus), "%.*s", (int)strcspn(d->usb_path, "-"),
	    d->usb_path);
	port = mem_printf("%s/%s:1.0", dir, d->usb_path);
	if (tree_attr(dir, "idVendor", d->vid, e) == -1 ||
	    tree_attr(dir, "idProduct", d->pid, e) == -1 ||
	    tree_attr(dir, "manufacturer", d->manufacturer, e) == -1 ||
	    tree_attr(dir, "product", d->product, e) == -1 ||
	    tree_attr(dir, "serial", d->serial, e) == -1 ||
	    tree_attr(dir, "busnum", bus, e) == -1 ||
	    tree_attr(dir, "devnum", number, e) == -1 ||
	    tree_attr(dir, "devpath", strchr(d->usb_path, '-') + 1,
	    e) == -1 ||
	    file_mkdirs(port, 0777, e) == -1 ||
	    tree_attr(port, "bInterfaceNumber", "00", e) == -1 ||
	    tree_attr(port, "bInterfaceClass",
	    d->bridge ? "ff" : interface[d->what].class, e) == -1 ||
	    tree_attr(port, "bInterfaceSubClass",
	    d->bridge ? "00" : interface[d->what].sub, e) == -1 ||
	    tree_attr(port, "bInterfaceProtocol",
	    interface[d->what].protocol, e) == -1)
		goto out;
	r = 0;
out:
	free(port);
	return r;
}

/* From its folder to a name two levels below sys/: "../../devices/...". */
static int
link_usb(struct tree_plug *p, struct err *e)
{
	const char *below = p->device + strlen(p->root) + strlen("/sys/");
	char *target = mem_printf("../../../%s", below);
	char *name = mem_printf("sys/bus/usb/devices/%s", p->usb_path);
	char *itarget = mem_printf("%s/%s:1.0", target, p->usb_path);
	char *iname = mem_printf("%s:1.0", name);
	int r;

	r = tree_link(p, target, name, e) == -1 ||
	    tree_link(p, itarget, iname, e) == -1 ? -1 : 0;
	free(target);
	free(name);
	free(itarget);
	free(iname);
	return r;
}

/* Under a hidden name first; then its own name appears at once. */
static int
plug_locked(const struct tree_device *d, struct tree_plug *p, struct err *e)
{
	char *up = mem_str(p->device), *hidden;
	int r = -1;

	*strrchr(up, '/') = '\0';
	hidden = mem_printf("%s/.%ld", up, (long)getpid());
	if (tree_taken(p->device)) {
		err_set(e, ERR_BUSY, "%s: something is plugged in there",
		    d->usb_path);
		err_hint(e, "choose another --path");
		goto out;
	}
	if (make_skeleton(p->root, e) == -1 ||
	    file_mkdirs(hidden, 0777, e) == -1 ||
	    build_usb(hidden, d, e) == -1 ||
	    (d->what == TREE_TTY && tree_build_tty(p, hidden, d, e) == -1) ||
	    ((d->what == TREE_DRIVE || d->probe) &&
	    tree_build_drive(p, hidden, d, e) == -1))
		goto out;
	if (rename(hidden, p->device) == -1) {
		err_sys(e, "%s", p->device);
		goto out;
	}
	p->placed = true;
	/* Its place last, and the first to go: whoever finds it has all. */
	if ((d->what == TREE_TTY && tree_link_tty(p, d, e) == -1) ||
	    ((d->what == TREE_DRIVE || d->probe) &&
	    tree_link_drive(p, d, e) == -1) ||
	    link_usb(p, e) == -1)
		goto out;
	r = 0;
out:
	tree_remove(hidden);
	free(hidden);
	free(up);
	return r;
}

/* It goes at once, then all that was in it. */
static void
tree_vanish(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	char *hidden = mem_printf("%.*s.%s-%ld", (int)(name - path), path,
	    name, (long)getpid());

	tree_remove(hidden);
	if (rename(path, hidden) == 0)
		tree_remove(hidden);
	free(hidden);
}

/* As tree_pull_out, with the lock held. */
static void
pull_locked(struct tree_plug *p)
{
	char *volume = tree_volume(p);

	if (p->volume != NULL)
		tree_unmount(p->root, p->volume);
	for (int i = p->n_gone - 1; i >= 0; i--)
		unlink(p->gone[i]);
	if (p->placed) {
		tree_vanish(p->device);
		prune(p->root, p->device);
	}
	if (volume != NULL)
		tree_vanish(volume);
	free(volume);
}

static void
release_plug(struct tree_plug *p)
{
	for (int i = 0; i < p->n_gone; i++)
		free(p->gone[i]);
	free(p->root);
	free(p->usb_path);
	free(p->device);
	free(p->dev);
	free(p->disk);
	free(p->volume);
	*p = (struct tree_plug)TREE_PLUG_INIT;
}

int
tree_plug_in(const char *root, const struct tree_device *d,
    struct tree_plug *out, struct err *e)
{
	struct lock l = LOCK_INIT;
	struct err why = ERR_INIT;
	int r;

	*out = (struct tree_plug)TREE_PLUG_INIT;
	if (!is_bus_path(d->usb_path))
		return err_set(e, ERR_USAGE, "%s: not a USB path like 1-1.2",
		    d->usb_path);
	if (d->name != NULL && tree_tty_number(d->name) == -1)
		return err_set(e, ERR_USAGE, "%s: not a tty name like ttyACM3",
		    d->name[0] != '\0' ? d->name : "''");
	out->root = mem_str(root);
	out->usb_path = mem_str(d->usb_path);
	out->device = device_dir(root, d->usb_path);
	if (file_mkdirs(root, 0777, e) == -1 || lock_tree(root, &l, e) == -1) {
		release_plug(out);
		return -1;
	}
	r = plug_locked(d, out, &why);
	if (r == -1) {
		pull_locked(out);
		release_plug(out);
		*e = why;
	}
	lock_drop(&l);
	return r;
}

void
tree_pull_out(struct tree_plug *p)
{
	struct lock l = LOCK_INIT;
	struct err e = ERR_INIT;

	if (p->root == NULL)
		return;
	/* Whoever holds the lock for 10 s is stuck: go without. */
	lock_tree(p->root, &l, &e);
	pull_locked(p);
	lock_drop(&l);
	release_plug(p);
}

char *
tree_volume(const struct tree_plug *p)
{
	return p->volume == NULL ? NULL :
	    mem_printf("%s%s", p->root, p->volume);
}
