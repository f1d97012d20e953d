/* SPDX-License-Identifier: MIT */
#include "model/pending.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/dirs.h"
#include "base/file.h"
#include "base/mem.h"

/* The id may hold anything, so the file is named by its digest. */
static char *
path_of(const char *device_id)
{
	char sum[DIGEST_HEX], *dir = dirs_state(), *path;

	digest_bytes(device_id, strlen(device_id), sum);
	path = mem_printf("%s/pending/%.16s.json", dir, sum);
	free(dir);
	return path;
}

int
pending_save(const char *device_id, const struct record *rec, struct err *e)
{
	char *path = path_of(device_id);
	char *dir = mem_printf("%.*s", (int)(strrchr(path, '/') - path), path);
	struct file_new f = FILE_NEW_INIT;
	int r = -1;

	if (file_mkdirs(dir, 0700, e) == -1 ||
	    file_begin(path, 0600, &f, e) == -1)
		goto out;
	r = stream_write(f.fd, rec, e);
	if (r == -1)
		file_abort(&f);
	else
		r = file_commit(&f, e);
out:
	if (r == -1)
		err_hint(e, "name a folder that can be written to in "
		    "XDG_STATE_HOME");
	free(dir);
	free(path);
	return r;
}

/* People unplug boards that failed, and plug others in. */
static bool
too_old(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 &&
	    (int64_t)clock_wall() - (int64_t)st.st_mtime > PENDING_MAX_S;
}

int
pending_load(const char *device_id, struct record **out, struct err *e)
{
	char *path = path_of(device_id);
	struct stream s = STREAM_INIT(-1, path);
	struct err why = ERR_INIT;
	int r = 0;

	s.fd = file_open(path, O_RDONLY, 0, &why);
	if (s.fd != -1) {
		r = too_old(s.fd) ? 0 : stream_read(&s, out, e);
		close(s.fd);
	} else if (errno != ENOENT && errno != ENOTDIR) {
		*e = why;
		r = -1;
	}
	stream_release(&s);
	free(path);
	return r;
}

void
pending_drop(const char *device_id)
{
	char *path = path_of(device_id);

	unlink(path);
	free(path);
}
