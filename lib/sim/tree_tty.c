/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "sim/tree_in.h"

#define NAMES_MAX	100
#define NUMBER_DIGITS	6		/* a minor has 20 bits */

int
tree_tty_number(const char *name)
{
	size_t letters = 0, digits;

	while (isalpha((unsigned char)name[letters]))
		letters++;
	digits = strspn(name + letters, "0123456789");
	if (letters == 0 || digits == 0 || digits > NUMBER_DIGITS ||
	    name[letters + digits] != '\0')
		return -1;
	return (int)strtol(name + letters, NULL, 10);
}

/* The device's part of the tree, and of a bridge its port in between. */
static char *
tty_below(const struct tree_device *d, const char *name)
{
	return d->bridge ?
	    mem_printf("%s:1.0/%s/tty/%s", d->usb_path, name, name) :
	    mem_printf("%s:1.0/tty/%s", d->usb_path, name);
}

/* The first name in dev/ that nobody has: ttyACM0, ttyACM1..., or NULL. */
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
	return NULL;
}

int
tree_build_tty(struct tree_plug *p, const char *hidden,
    const struct tree_device *d, struct err *e)
{
	char *name = free_name(p->root, d), *part, *dir, *link;
	char number[32];
	int r = -1;

	if (name == NULL)
		return err_set(e, ERR_BUSY, "%s/dev: no tty's name is free",
		    p->root);
	part = tty_below(d, name);
	dir = mem_printf("%s/%s", hidden, part);
	link = mem_printf("%s/device", dir);
	p->dev = mem_printf("/dev/%s", name);
	snprintf(number, sizeof(number), "%d:%d", d->bridge ? 188 : 166,
	    tree_tty_number(name));
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
	char *part = tty_below(d, name);
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
