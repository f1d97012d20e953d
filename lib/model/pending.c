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
#include "model/uid.h"

#define KEY	"connection"		/* in the file alone */

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

/* A connection, and the run of the system that it is of; "": not known. */
static void
connection_key(const char *connection, struct buf *out)
{
	struct err ignored = ERR_INIT;

	struct buf boot = BUF_INIT;

	if (connection != NULL &&
	    file_read("/proc/sys/kernel/random/boot_id", &boot,
	    &ignored) == 0 && boot.len > 0)
		buf_addf(out, "%.*s %s", (int)strcspn(boot.data, "\n"),
		    boot.data, connection);
	buf_release(&boot);
}

static struct record *
with_connection(const struct record *rec, const char *connection)
{
	struct record *copy = record_copy(rec);
	struct buf key = BUF_INIT;

	connection_key(connection, &key);
	if (key.len > 0)
		record_put_str(copy, KEY, key.data);
	else
		record_drop(copy, KEY);
	buf_release(&key);
	return copy;
}

int
pending_save(const char *device_id, const struct record *rec,
    const char *connection, struct err *e)
{
	struct record *copy = with_connection(rec, connection);
	char *path = path_of(device_id);
	char *dir = mem_printf("%.*s", (int)(strrchr(path, '/') - path), path);
	struct file_new f = FILE_NEW_INIT;
	int r = -1;

	if (file_mkdirs(dir, 0700, e) == -1 ||
	    file_begin(path, 0600, &f, e) == -1)
		goto out;
	r = stream_write(f.fd, copy, e);
	if (r == -1)
		file_abort(&f);
	else
		r = file_commit(&f, e);
out:
	if (r == -1)
		err_todo(e, NEXT_CHOOSE_FOLDER,
		    "name a folder that can be written to in XDG_STATE_HOME");
	record_free(copy);
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

bool
pending_proves(const struct record *kept, const char *usb_serial,
    const char *connection)
{
	const char *uid = record_str(kept, "board.uid");
	const char *was = record_str(kept, KEY);
	struct buf now = BUF_INIT;
	bool same;

	switch (uid_compare(uid, usb_serial)) {
	case UID_SAME:
		return true;
	case UID_OTHER:
		return false;
	case UID_UNKNOWN:
		break;
	}
	connection_key(connection, &now);
	same = was != NULL && now.len > 0 && strcmp(was, now.data) == 0;
	buf_release(&now);
	return same;
}

void
pending_drop(const char *device_id)
{
	char *path = path_of(device_id);

	unlink(path);
	free(path);
}
