/* SPDX-License-Identifier: MIT */
#include "bus/bus.h"

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

/* The tty of this place, by its interface; -1: the first. */
static char *
tty_of(const struct bus_tty *list, size_t n, const char *path, int interface)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].usb.path, path) == 0 &&
		    (interface == -1 || list[i].interface == interface))
			return mem_str(list[i].dev);
	return NULL;
}

int
bus_look(const struct bus *b, const char *usb_path, int interface,
    struct bus_place *out, struct err *e)
{
	struct bus_tty *ttys = NULL;
	char *path, *dir;
	size_t n = 0;

	memset(out, 0, sizeof(*out));
	if (!usb_is_path(usb_path))
		return err_set(e, ERR_INPUT, "%s: not a USB path", usb_path);
	path = mem_printf("/sys/bus/usb/devices/%s", usb_path);
	dir = sysfs_real(b, path);
	free(path);
	if (dir == NULL)
		return 0;
	if (bus_ttys(b, &ttys, &n, e) == -1) {
		free(dir);
		return -1;
	}
	out->present = true;
	usb_read(dir, &out->usb);
	out->tty = tty_of(ttys, n, usb_path, interface);
	drive_read(b, dir, out);
	bus_ttys_free(ttys, n);
	free(dir);
	return 0;
}

void
bus_place_release(struct bus_place *p)
{
	usb_release(&p->usb);
	free(p->tty);
	free(p->disk);
	free(p->volume);
	memset(p, 0, sizeof(*p));
}

static int
by_place(const void *x, const void *y)
{
	const struct bus_place *a = x, *b = y;

	return usb_path_cmp(a->usb.path, b->usb.path);
}

int
bus_drives(const struct bus *b, struct bus_place **out, size_t *n,
    struct err *e)
{
	char **names = sysfs_names(b, "/sys/bus/usb/devices");
	struct bus_place *list = NULL, p;
	size_t k = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && names[i] != NULL; i++) {
		if (!usb_is_path(names[i]))
			continue;
		r = bus_look(b, names[i], -1, &p, e);
		if (r == 0 && p.mass_storage) {
			list = mem_grow(list, k + 1, sizeof(*list));
			list[k++] = p;
		} else {
			bus_place_release(&p);
		}
	}
	if (k > 0)
		qsort(list, k, sizeof(*list), by_place);
	sysfs_names_free(names);
	*out = list;
	*n = k;
	return r;
}

void
bus_drives_free(struct bus_place *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bus_place_release(&list[i]);
	free(list);
}
