/* SPDX-License-Identifier: MIT */
#include "bus/bus.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bus/sysfs.h"

struct bus *
bus_new(const char *sysroot)
{
	struct bus *b = mem_alloc(sizeof(*b));
	char *real = NULL;

	if (sysroot != NULL && sysroot[0] != '\0')
		real = realpath(sysroot, NULL);
	/* Not there yet, or not at all: then it has no boards. */
	b->root = real != NULL ? real : mem_str(sysroot == NULL ? "" : sysroot);
	if (strcmp(b->root, "/") == 0)
		b->root[0] = '\0';
	return b;
}

void
bus_free(struct bus *b)
{
	if (b == NULL)
		return;
	if (b->watch != NULL)
		b->unwatch(b->watch);
	free(b->root);
	free(b);
}

bool
bus_is_system(const struct bus *b)
{
	return b->root[0] == '\0';
}

char *
bus_path(const struct bus *b, const char *name)
{
	return mem_printf("%s%s", b->root, name);
}

static void
add_interface(struct mounts *m, const char *dir, struct bus_place *out)
{
	struct bus_interface *i;
	char *link = mem_printf("%s/driver", dir);

	out->interfaces = mem_grow(out->interfaces, out->n_interfaces + 1,
	    sizeof(*out->interfaces));
	i = &out->interfaces[out->n_interfaces++];
	i->number = usb_interface_number(strrchr(dir, '/') + 1);
	i->class = sysfs_hex(dir, "bInterfaceClass");
	i->subclass = sysfs_hex(dir, "bInterfaceSubClass");
	i->protocol = sysfs_hex(dir, "bInterfaceProtocol");
	i->driver = sysfs_link(link);
	i->name = sysfs_attr(dir, "interface");
	tty_read(dir, out);
	if (i->class == BUS_STORAGE) {
		out->mass_storage = true;
		drive_read(m, dir, out);
	}
	free(link);
}

static int
by_interface_number(const void *x, const void *y)
{
	const struct bus_interface *a = x, *b = y;

	return (a->number > b->number) - (a->number < b->number);
}

static int
by_tty_interface(const void *x, const void *y)
{
	const struct bus_tty *a = x, *b = y;
	const int r = (a->interface > b->interface) -
	    (a->interface < b->interface);

	return r != 0 ? r : strcmp(a->dev, b->dev);
}

/* The device in dir, and all that hangs below its interfaces. */
static void
read_place(struct mounts *m, const char *dir, struct bus_place *out)
{
	char **names = usb_interfaces(dir);

	out->present = true;
	usb_read(dir, &out->usb);
	for (size_t i = 0; names[i] != NULL; i++) {
		char *path = mem_printf("%s/%s", dir, names[i]);

		add_interface(m, path, out);
		free(path);
	}
	if (out->n_interfaces > 0)
		qsort(out->interfaces, out->n_interfaces,
		    sizeof(*out->interfaces), by_interface_number);
	if (out->n_ttys > 0)
		qsort(out->ttys, out->n_ttys, sizeof(*out->ttys),
		    by_tty_interface);
	sysfs_names_free(names);
}

static void
choose_tty(struct bus_place *p, int interface)
{
	for (size_t i = 0; i < p->n_ttys && p->tty == NULL; i++)
		if (interface == -1 || p->ttys[i].interface == interface)
			p->tty = mem_str(p->ttys[i].dev);
}

int
bus_look(const struct bus *b, const char *usb_path, int interface,
    struct bus_place *out, struct err *e)
{
	struct mounts m = MOUNTS_INIT(b);
	char *dir;

	memset(out, 0, sizeof(*out));
	if (!usb_is_path(usb_path))
		return err_set(e, ERR_INPUT, "%s: not a USB path", usb_path);
	dir = usb_dir(b, usb_path);
	if (dir != NULL) {
		read_place(&m, dir, out);
		choose_tty(out, interface);
	}
	buf_release(&m.text);
	free(dir);
	return 0;
}

void
bus_place_release(struct bus_place *p)
{
	usb_release(&p->usb);
	for (size_t i = 0; i < p->n_interfaces; i++) {
		free(p->interfaces[i].driver);
		free(p->interfaces[i].name);
	}
	for (size_t i = 0; i < p->n_ttys; i++)
		free(p->ttys[i].dev);
	free(p->interfaces);
	free(p->ttys);
	free(p->tty);
	free(p->disk);
	free(p->volume);
	memset(p, 0, sizeof(*p));
}

static int
by_usb_path(const void *x, const void *y)
{
	const struct bus_place *a = x, *b = y;

	return usb_path_cmp(a->usb.path, b->usb.path);
}

/* A system that has no USB has no such folder. */
static int
check_readable(const char *dir, struct err *e)
{
	DIR *d = opendir(dir);

	if (d == NULL && errno != ENOENT && errno != ENOTDIR)
		return err_sys(e, "%s", dir);
	if (d != NULL)
		closedir(d);
	return 0;
}

int
bus_places(const struct bus *b, struct bus_place **out, size_t *n,
    struct err *e)
{
	char *dir = bus_path(b, "/sys/bus/usb/devices");
	char **names = sysfs_names(dir);
	struct mounts m = MOUNTS_INIT(b);
	struct bus_place *list = NULL;
	size_t k = 0;
	int r;

	for (size_t i = 0; names[i] != NULL; i++) {
		char *real = !usb_is_path(names[i]) ? NULL :
		    usb_dir(b, names[i]);

		if (real != NULL) {
			list = mem_grow(list, k + 1, sizeof(*list));
			memset(&list[k], 0, sizeof(*list));
			read_place(&m, real, &list[k]);
			choose_tty(&list[k++], -1);
		}
		free(real);
	}
	if (k > 0)
		qsort(list, k, sizeof(*list), by_usb_path);
	r = k > 0 ? 0 : check_readable(dir, e);
	sysfs_names_free(names);
	buf_release(&m.text);
	free(dir);
	*out = list;
	*n = k;
	return r;
}

void
bus_places_free(struct bus_place *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bus_place_release(&list[i]);
	free(list);
}
