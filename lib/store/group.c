/* SPDX-License-Identifier: MIT */
#include "store/group.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define FILE_ADDED	0660
#define FOLDER_ADDED	02770
#define DEPTH_MAX	16u		/* folders in each other */

static int	share_content(int fd, gid_t group, unsigned depth,
		    struct err *e);

static int
not_shared(const char *name, struct err *e)
{
	err_sys(e, "%s", name);
	return err_hint(e, "only the owner of the files can share them");
}

/* What fd is goes to the group; the group first, which may clear the bit. */
static int
share_one(int fd, const char *name, const struct stat *st, gid_t group,
    struct err *e)
{
	const mode_t mode = (st->st_mode & 07777) |
	    (S_ISDIR(st->st_mode) ? FOLDER_ADDED : FILE_ADDED);

	if (st->st_gid != group && fchown(fd, (uid_t)-1, group) == -1)
		return not_shared(name, e);
	if (st->st_gid == group && (st->st_mode & 07777) == mode)
		return 0;
	return fchmod(fd, mode) == -1 ? not_shared(name, e) : 0;
}

/* What st is, or -1; errno ENOENT: it went, or another has its name now. */
static int
open_entry(int dir, const char *name, struct stat *st)
{
	struct err ignored = ERR_INIT;
	const ino_t inode = st->st_ino;
	const int fd = S_ISDIR(st->st_mode) ?
	    file_open_folder(dir, name, &ignored) :
	    file_open_at(dir, name, O_RDONLY | O_NOFOLLOW, 0, &ignored);

	if (fd == -1 || (fstat(fd, st) == 0 && st->st_ino == inode))
		return fd;
	close(fd);
	errno = ENOENT;
	return -1;
}

/* Neither a link nor a device is opened: a folder may be anybody's. */
static int
share_entry(int dir, const char *name, gid_t group, unsigned depth,
    struct err *e)
{
	struct stat st;
	int fd, r;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return errno == ENOENT ? 0 : not_shared(name, e);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return 0;
	fd = open_entry(dir, name, &st);
	if (fd == -1)
		return errno == ENOENT ? 0 : not_shared(name, e);
	r = share_one(fd, name, &st, group, e);
	if (r == 0 && S_ISDIR(st.st_mode))
		return share_content(fd, group, depth + 1, e);
	close(fd);
	return r;
}

/* fd is closed. */
static int
share_content(int fd, gid_t group, unsigned depth, struct err *e)
{
	DIR *d = depth < DEPTH_MAX ? fdopendir(fd) : NULL;
	struct dirent *entry;
	int r = 0;

	if (d == NULL) {
		close(fd);
		return err_set(e, ERR_IO, "folders within each other, deeper "
		    "than %u", DEPTH_MAX);
	}
	while (r == 0 && (entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			r = share_entry(fd, entry->d_name, group, depth, e);
	closedir(d);
	return r;
}

/* The wrong folder, such as that of all of the user's files, is not shared. */
static int
check_content(const char *dir, struct err *e)
{
	char *path = mem_printf("%s/mpflash.db", dir);
	const bool there = access(path, F_OK) == 0;
	DIR *d = there ? NULL : opendir(dir);
	size_t n = 0;

	while (d != NULL && n < 3 && readdir(d) != NULL)
		n++;			/* "." and ".." are always there */
	if (d != NULL)
		closedir(d);
	free(path);
	if (there || n < 3)
		return 0;
	err_set(e, ERR_INPUT, "%s: a folder with other files, and without a "
	    "database", dir);
	return err_hint(e, "name a new folder, or run mpf-db create without "
	    "--shared first");
}

int
store_share(const char *dir, struct err *e)
{
	struct stat st;
	int fd, r = -1;

	if (file_mkdirs(dir, 0700, e) == -1 || check_content(dir, e) == -1)
		return -1;
	fd = file_open_folder(AT_FDCWD, dir, e);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == -1)
		err_sys(e, "%s", dir);
	else if (share_one(fd, dir, &st, st.st_gid, e) == 0)
		r = 0;
	if (r == 0)
		return share_content(fd, st.st_gid, 0, e) == 0 ? 0 :
		    err_wrap(e, "%s", dir);
	close(fd);
	return r;
}
