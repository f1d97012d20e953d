/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/holder.h"
#include "base/mem.h"
#include "bus/sysfs.h"

#define LINKS_MAX	8		/* symlinks to one tty, in a row */

/* The number in "1-1.2:1.3", an interface's folder; -1: it is none. */
static int
interface_of(const char *name)
{
	const char *colon = strchr(name, ':');
	const char *dot = colon == NULL ? NULL : strchr(colon, '.');
	char *end;
	long v;

	if (dot == NULL || dot[1] < '0' || dot[1] > '9')
		return -1;
	v = strtol(dot + 1, &end, 10);
	return *end == '\0' && v >= 0 && v < 256 ? (int)v : -1;
}

/*
 * The folder of the USB device that tty hangs on, NULL if there is none.  The
 * device link leads to an interface, or to a port below one (usb-serial).
 */
static char *
usb_dir(const struct bus *b, const char *tty, int *interface)
{
	char *path = mem_printf("/sys/class/tty/%s/device", tty);
	char *dir = sysfs_real(b, path), *slash;

	free(path);
	*interface = -1;
	while (dir != NULL && (slash = strrchr(dir, '/')) != NULL) {
		if (usb_is_path(slash + 1))
			return dir;
		if (*interface == -1)
			*interface = interface_of(slash + 1);
		*slash = '\0';
	}
	free(dir);
	return NULL;
}

static int
by_place(const void *x, const void *y)
{
	const struct bus_tty *a = x, *b = y;
	const int r = usb_path_cmp(a->usb.path, b->usb.path);

	if (r != 0)
		return r;
	if (a->interface != b->interface)
		return a->interface < b->interface ? -1 : 1;
	return strcmp(a->dev, b->dev);
}

int
bus_ttys(const struct bus *b, struct bus_tty **out, size_t *n, struct err *e)
{
	char **names = sysfs_names(b, "/sys/class/tty");
	struct bus_tty *list = NULL;
	size_t k = 0;

	(void)e;
	for (size_t i = 0; names[i] != NULL; i++) {
		int interface;
		char *dir = usb_dir(b, names[i], &interface);

		if (dir == NULL)
			continue;
		list = mem_grow(list, k + 1, sizeof(*list));
		list[k].dev = mem_printf("/dev/%s", names[i]);
		list[k].interface = interface;
		list[k].several = false;
		usb_read(dir, &list[k++].usb);
		free(dir);
	}
	if (k > 0)
		qsort(list, k, sizeof(*list), by_place);
	for (size_t i = 1; i < k; i++)
		if (strcmp(list[i].usb.path, list[i - 1].usb.path) == 0)
			list[i].several = list[i - 1].several = true;
	sysfs_names_free(names);
	*out = list;
	*n = k;
	return 0;
}

void
bus_ttys_free(struct bus_tty *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(list[i].dev);
		usb_release(&list[i].usb);
	}
	free(list);
}

/* What a symlink points to, in the folder it lies in; NULL: it is none. */
static char *
follow(const char *link)
{
	char target[4096];
	const char *slash = strrchr(link, '/');
	const ssize_t n = readlink(link, target, sizeof(target) - 1);

	if (n <= 0 || slash == NULL)
		return NULL;
	target[n] = '\0';
	if (target[0] == '/')
		return mem_str(target);
	return mem_printf("%.*s/%s", (int)(slash - link), link, target);
}

/*
 * Link by link, as under a sysroot the tty's own name may be a link to a pty
 * that sysfs knows nothing of.
 */
char *
bus_usb_of_tty(const struct bus *b, const char *dev)
{
	char *path = bus_path(b, dev), *next, *usb = NULL;

	for (int i = 0; i < LINKS_MAX && path != NULL && usb == NULL; i++) {
		const char *slash = strrchr(path, '/');
		int interface;
		char *dir = usb_dir(b, slash == NULL ? path : slash + 1,
		    &interface);

		if (dir != NULL)
			usb = mem_str(strrchr(dir, '/') + 1);
		free(dir);
		next = follow(path);
		free(path);
		path = next;
	}
	free(path);
	return usb;
}

void
bus_holders(const struct bus *b, const char *const *devs, size_t n,
    struct lock_holder *who)
{
	dev_t *rdev = mem_alloc((n + 1) * sizeof(*rdev));
	struct stat st;

	for (size_t i = 0; i < n; i++) {
		char *path = bus_path(b, devs[i]);

		/* 0 is no device's number: nobody will hold it. */
		if (stat(path, &st) == 0 && S_ISCHR(st.st_mode))
			rdev[i] = st.st_rdev;
		free(path);
	}
	holder_find_all(rdev, n, who);
	free(rdev);
}

int
bus_holder(const struct bus *b, const char *dev, struct lock_holder *who)
{
	bus_holders(b, &dev, 1, who);
	return who->pid != 0;
}
