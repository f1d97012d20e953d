/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/holder.h"
#include "base/mem.h"
#include "bus/sysfs.h"

#define LINKS_MAX	8		/* symlinks to one tty, in a row */

/*
 * The folder of the USB device that tty hangs on, NULL if it is missing.  The
 * device link leads to an interface, or to a port below one (usb-serial).
 */
static char *
usb_dir_of(const struct bus *b, const char *tty)
{
	char *path = mem_printf("/sys/class/tty/%s/device", tty);
	char *dir = sysfs_real(b, path), *slash;

	free(path);
	while (dir != NULL && (slash = strrchr(dir, '/')) != NULL) {
		if (usb_is_path(slash + 1))
			return dir;
		*slash = '\0';
	}
	free(dir);
	return NULL;
}

/* Each folder in dir/tty is a tty. */
static void
add_ttys(const char *dir, int interface, struct bus_place *out)
{
	char *path = mem_printf("%s/tty", dir);
	char **names = sysfs_folders(path);

	for (size_t i = 0; names[i] != NULL; i++) {
		out->ttys = mem_grow(out->ttys, out->n_ttys + 1,
		    sizeof(*out->ttys));
		out->ttys[out->n_ttys++] = (struct bus_tty){
			.dev = mem_printf("/dev/%s", names[i]),
			.interface = interface,
		};
	}
	sysfs_names_free(names);
	free(path);
}

/*
 * An interface of cdc_acm has its tty itself, tty/ttyACM0; a bridge has a
 * port in between, ttyUSB0/tty/ttyUSB0.
 */
void
tty_read(const char *interface_dir, struct bus_place *out)
{
	const int interface =
	    usb_interface_number(strrchr(interface_dir, '/') + 1);
	char **names = sysfs_folders(interface_dir);

	for (size_t i = 0; names[i] != NULL; i++) {
		char *dir;

		if (strncmp(names[i], "tty", 3) != 0)
			continue;
		dir = mem_printf("%s/%s", interface_dir, names[i]);
		add_ttys(names[i][3] == '\0' ? interface_dir : dir, interface,
		    out);
		free(dir);
	}
	sysfs_names_free(names);
}

/* The target of a symlink, from its own folder; NULL: not a symlink. */
static char *
follow_link(const char *link)
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
		char *dir = usb_dir_of(b, slash == NULL ? path : slash + 1);

		if (dir != NULL)
			usb = mem_str(strrchr(dir, '/') + 1);
		free(dir);
		next = follow_link(path);
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

		/* 0 is no device's number: no process has it open. */
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
