/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "sim/tree_in.h"

#define NAMES_MAX	100

/* The device's part of the tree, and of a bridge its port in between. */
static char *
below(const struct tree_device *d, const char *name)
{
	return d->bridge ?
	    mem_printf("%s:1.0/%s/tty/%s", d->usb_path, name, name) :
	    mem_printf("%s:1.0/tty/%s", d->usb_path, name);
}

/* The first name in dev/ that nobody has: /dev/ttyACM0, /dev/ttyACM1... */
static char *
free_name(const char *root, const struct tree_device *d)
{
	const char *stem = d->bridge ? "ttyUSB" : "ttyACM";

	if (d->name != NULL)
		return mem_str(d->name);
	for (int i = 0; i < NAMES_MAX; i++) {
		char *name = mem_printf("%s%d", stem, i);
		char *path = mem_printf("%s/dev/%s", root, name);
		const bool taken = tree_taken(path);

		free(path);
		if (!taken && (d->not_name == NULL ||
		    strcmp(name, d->not_name) != 0))
			return name;
		free(name);
	}
	return mem_str(stem);
}

int
tree_build_tty(struct tree_plug *p, const char *hidden,
    const struct tree_device *d, struct err *e)
{
	char *name = free_name(p->root, d), *part, *dir, *link;
	const int n = name[strlen(name) - 1] - '0';
	char number[32];
	int r = -1;

	part = below(d, name);
	dir = mem_printf("%s/%s", hidden, part);
	link = mem_printf("%s/device", dir);
	p->dev = mem_printf("/dev/%s", name);
	snprintf(number, sizeof(number), "%d:%d", d->bridge ? 188 : 166, n);
	if (file_mkdirs(dir, 0777, e) == -1 ||
	    tree_attr(dir, "dev", number, e) == -1)
		goto out;
	/* .../1-1.2:1.0/tty/ttyACM0/device -> ../../../1-1.2:1.0 */
	free(part);
	part = mem_printf("../../../%s%s", d->bridge ? name : d->usb_path,
	    d->bridge ? "" : ":1.0");
	if (symlink(part, link) == -1) {
		err_sys(e, "%s", link);
		goto out;
	}
	r = 0;
out:
	free(name);
	free(part);
	free(dir);
	free(link);
	return r;
}

int
tree_link_tty(struct tree_plug *p, const struct tree_device *d,
    struct err *e)
{
	const char *name = p->dev + strlen("/dev/");
	const char *at = p->device + strlen(p->root) + strlen("/sys/");
	char *part = below(d, name);
	char *target = mem_printf("../../%s/%s", at, part);
	char *class = mem_printf("sys/class/tty/%s", name);
	int r;

	/* The node first: who finds the class entry wants to open it. */
	r = tree_link(p, d->tty, p->dev + 1, e) == -1 ||
	    tree_link(p, target, class, e) == -1 ? -1 : 0;
	free(part);
	free(target);
	free(class);
	return r;
}
