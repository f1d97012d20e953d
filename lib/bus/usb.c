/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "bus/sysfs.h"

#define DIGITS	"0123456789"

bool
usb_is_path(const char *name)
{
	size_t n = strspn(name, DIGITS);

	if (n == 0 || name[n] != '-')
		return false;
	do {
		name += n + 1;
		n = strspn(name, DIGITS);
	} while (n > 0 && name[n] == '.');
	return n > 0 && name[n] == '\0';
}

int
usb_path_cmp(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		char *ea, *eb;
		const unsigned long x = strtoul(a, &ea, 10);
		const unsigned long y = strtoul(b, &eb, 10);

		if (x != y)
			return x < y ? -1 : 1;
		if (*ea != *eb || *ea == '\0')
			return (*ea > *eb) - (*ea < *eb);
		a = ea + 1;
		b = eb + 1;
	}
	return (*a != '\0') - (*b != '\0');
}

/* Four lower-case hex digits, or nothing. */
static char *
id_attr(const char *real_dir, const char *name)
{
	char *v = sysfs_attr(real_dir, name);

	if (v != NULL && (strlen(v) != 4 ||
	    strspn(v, "0123456789abcdef") != 4)) {
		free(v);
		v = NULL;
	}
	return v;
}

char *
usb_dir(const struct bus *b, const char *usb_path)
{
	char *path = mem_printf("/sys/bus/usb/devices/%s", usb_path);
	char *dir = sysfs_real(b, path);

	free(path);
	return dir;
}

char **
usb_interfaces(const char *real_dir)
{
	char **names = sysfs_folders(real_dir);
	size_t n = 0;

	for (size_t i = 0; names[i] != NULL; i++)
		if (strchr(names[i], ':') != NULL)
			names[n++] = names[i];
		else
			free(names[i]);
	names[n] = NULL;
	return names;
}

int
usb_interface_number(const char *name)
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
 * The number that the system gave it on its bus, which begins again after 127
 * others; and that of its folder in sysfs, which does not (fs/kernfs/dir.c).
 */
static char *
connection_of(const char *real_dir)
{
	char *devnum = sysfs_attr(real_dir, "devnum"), *out = NULL;
	struct stat st;

	if (devnum != NULL && stat(real_dir, &st) == 0)
		out = mem_printf("%s.%llu", devnum,
		    (unsigned long long)st.st_ino);
	free(devnum);
	return out;
}

void
usb_read(const char *real_dir, struct bus_usb *out)
{
	const char *slash = strrchr(real_dir, '/');

	out->path = mem_str(slash == NULL ? real_dir : slash + 1);
	out->vid = id_attr(real_dir, "idVendor");
	out->pid = id_attr(real_dir, "idProduct");
	out->serial = sysfs_attr(real_dir, "serial");
	out->manufacturer = sysfs_attr(real_dir, "manufacturer");
	out->product = sysfs_attr(real_dir, "product");
	out->connection = connection_of(real_dir);
}

void
usb_release(struct bus_usb *u)
{
	free(u->path);
	free(u->vid);
	free(u->pid);
	free(u->serial);
	free(u->manufacturer);
	free(u->product);
	free(u->connection);
	memset(u, 0, sizeof(*u));
}
