/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

#define PART_EXT	".part"
#define SWEEP_S		600	/* since it was written to; see below */

/* *end goes back over digits, of which there must be some, and over c. */
static bool
back_over(const char *name, size_t *end, char c)
{
	const size_t was = *end;

	while (*end > 0 && isdigit((unsigned char)name[*end - 1]))
		--*end;
	if (*end == was || *end == 0)
		return false;
	--*end;
	return name[*end] == c;
}

/* ".NAME.PID-N.part", as file_begin calls it? */
static bool
is_part_name(const char *name)
{
	const size_t n = strlen(name), ext = sizeof(PART_EXT) - 1;
	size_t end = n > ext ? n - ext : 0;

	return end > 0 && name[0] == '.' && strcmp(name + end, PART_EXT) == 0 &&
	    back_over(name, &end, '-') && back_over(name, &end, '.') && end > 1;
}

/*
 * Whoever writes has it locked, but for the moments after it was made and
 * before it is renamed; and a lock may not reach another machine that shares
 * the folder.  So it also has to be old.
 */
static bool
is_left_over(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 &&
	    clock_wall() - st.st_mtime > SWEEP_S &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0;
}

void
file_sweep(const char *dir)
{
	const int at = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	DIR *d = at == -1 ? NULL : fdopendir(at);
	struct dirent *entry;
	struct err ignored;
	int fd;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		if (!is_part_name(entry->d_name))
			continue;
		fd = file_open_at(at, entry->d_name, O_RDONLY | O_NOFOLLOW, 0,
		    &ignored);
		if (fd == -1)
			continue;
		if (is_left_over(fd))
			unlinkat(at, entry->d_name, 0);
		close(fd);
	}
	if (d != NULL)
		closedir(d);
	else if (at != -1)
		close(at);
}
