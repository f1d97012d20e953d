/* SPDX-License-Identifier: MIT */
#include "bus/sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define ATTR_MAX	4096u		/* bytes: sysfs gives one page */

/* Symlinks are no folders here. */
static bool
is_folder(DIR *dp, const struct dirent *d)
{
	struct stat st;

	if (d->d_type != DT_UNKNOWN)
		return d->d_type == DT_DIR;
	return fstatat(dirfd(dp), d->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
}

static char **
list_names(const char *real_dir, bool folders)
{
	char **names = mem_alloc(sizeof(*names));
	const struct dirent *d;
	DIR *dp = opendir(real_dir);
	size_t n = 0;

	while (dp != NULL && (d = readdir(dp)) != NULL) {
		if (d->d_name[0] == '.' || (folders && !is_folder(dp, d)))
			continue;
		names = mem_grow(names, n + 2, sizeof(*names));
		names[n++] = mem_str(d->d_name);
	}
	names[n] = NULL;
	qsort(names, n, sizeof(*names), text_order);
	if (dp != NULL)
		closedir(dp);
	return names;
}

char **
sysfs_names(const char *real_dir)
{
	return list_names(real_dir, false);
}

char **
sysfs_folders(const char *real_dir)
{
	return list_names(real_dir, true);
}

void
sysfs_names_free(char **names)
{
	for (size_t i = 0; names[i] != NULL; i++)
		free(names[i]);
	free(names);
}

char *
sysfs_real(const struct bus *b, const char *path)
{
	char *full = bus_path(b, path), *real = realpath(full, NULL);
	const size_t n = strlen(b->root);

	/* A symlink may not lead out of a recorded tree. */
	if (real != NULL && (strncmp(real, b->root, n) != 0 ||
	    strncmp(real + n, "/sys/", 5) != 0)) {
		free(real);
		real = NULL;
	}
	free(full);
	return real;
}

/* What read(2) gives at once is all of it. */
static size_t
read_attr(const char *path, char out[ATTR_MAX])
{
	/* A FIFO in a tree that somebody made would make us wait. */
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t n = -1;

	if (fd == -1)
		return 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		do
			n = read(fd, out, ATTR_MAX);
		while (n == -1 && errno == EINTR);
	close(fd);
	return n < 0 ? 0 : (size_t)n;
}

char *
sysfs_attr(const char *real_dir, const char *name)
{
	char raw[ATTR_MAX], *path = mem_printf("%s/%s", real_dir, name);
	size_t n = read_attr(path, raw);
	struct buf text = BUF_INIT;

	free(path);
	while (n > 0 && raw[n - 1] == '\n')
		n--;
	text_clean(&text, raw, n);
	if (text.len > 0)
		return buf_steal(&text);
	buf_release(&text);
	return NULL;
}

int
sysfs_hex(const char *real_dir, const char *name)
{
	char *s = sysfs_attr(real_dir, name);
	long v = -1;

	if (s != NULL && s[strspn(s, "0123456789abcdefABCDEF")] == '\0')
		v = strtol(s, NULL, 16);
	free(s);
	return v >= 0 && v <= 0xffff ? (int)v : -1;
}

bool
sysfs_has(const char *real_dir, const char *name)
{
	char *path = mem_printf("%s/%s", real_dir, name);
	const bool has = access(path, F_OK) == 0;

	free(path);
	return has;
}

char *
sysfs_link(const char *path)
{
	char target[ATTR_MAX], *slash;
	const ssize_t n = readlink(path, target, sizeof(target) - 1);

	if (n <= 0)
		return NULL;
	target[n] = '\0';
	slash = strrchr(target, '/');
	return mem_str(slash == NULL ? target : slash + 1);
}
