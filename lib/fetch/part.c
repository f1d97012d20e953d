/* SPDX-License-Identifier: MIT */
#include "fetch/part.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "http/http.h"

#define PIECE		65536u
#define SYNC_EACH	(512 * 1024)	/* bytes; the disk works meanwhile */
#define NOTE_MAX	4096u
#define WORTH		65536		/* bytes; fewer are fetched again */
#define FORGET_S	(7 * 86400)	/* a part that nobody went on with */

static const char part_ext[] = ".part", note_ext[] = ".from";

/* "DIR/.NAME.EXT", for "DIR/NAME". */
static char *
hidden(const char *path, const char *ext)
{
	const char *slash = strrchr(path, '/');
	const size_t n = slash == NULL ? 0 : (size_t)(slash - path) + 1;

	return mem_printf("%.*s.%s%s", (int)n, path, path + n, ext);
}

/* The lock is of use only while the file still has that name. */
static bool
named(int fd, const char *path)
{
	struct stat is, there;

	return fstat(fd, &is) == 0 && lstat(path, &there) == 0 &&
	    is.st_ino == there.st_ino && is.st_dev == there.st_dev;
}

/* 1: open, and ours; 0: another's. */
static int
open_locked(const char *path, int *out, struct err *e)
{
	int fd;

	for (;;) {
		fd = file_open(path, O_RDWR | O_CREAT | O_NOFOLLOW, FILE_OWN,
		    e);
		if (fd == -1)
			return -1;
		if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
			const int eno = errno;

			close(fd);
			if (eno == EWOULDBLOCK)
				return 0;
			if (eno == EINTR)
				continue;
			errno = eno;
			return err_sys(e, "%s: lock", path);
		}
		if (named(fd, path)) {
			*out = fd;
			return 1;
		}
		close(fd);		/* it was just renamed or removed */
	}
}

bool
part_note_parse(const char *text, size_t n, const char *url, char etag[256])
{
	const size_t u = strlen(url);
	const char *end;
	size_t len;

	if (n < u + 11 || memchr(text, '\0', n) != NULL ||
	    memcmp(text, "url ", 4) != 0 ||
	    memcmp(text + 4, url, u) != 0 ||
	    memcmp(text + 4 + u, "\netag ", 6) != 0)
		return false;
	text += u + 10;
	n -= u + 10;
	end = memchr(text, '\n', n);
	len = end == NULL ? 0 : (size_t)(end - text);
	if (len == 0 || len >= 256 || len + 1 != n)
		return false;
	memcpy(etag, text, len);
	etag[len] = '\0';
	return http_etag_strong(etag);
}

/* What the note says, or NULL: it is missing, or of no use. */
static char *
read_note(const struct part *p, const char *url)
{
	struct buf b = BUF_MAX(NOTE_MAX);
	struct err ignored;
	char etag[256];
	char *out = NULL;

	if (file_read(p->note, &b, &ignored) == 0 &&
	    part_note_parse(b.data, b.len, url, etag))
		out = mem_str(etag);
	buf_release(&b);
	return out;
}

/*
 * Not file_write: half a note is none, and says so.  Without one the next
 * process begins anew, so that to fail here is no loss.
 */
static void
write_note(const struct part *p, const char *url)
{
	char *text = mem_printf("url %s\netag %s\n", url, p->etag);
	struct err ignored;
	const int fd = file_open(p->note, O_WRONLY | O_CREAT | O_TRUNC |
	    O_NOFOLLOW, FILE_OWN, &ignored);

	if (fd != -1) {
		if (file_write_all(fd, text, strlen(text), p->note,
		    &ignored) == -1)
			unlink(p->note);
		close(fd);
	}
	free(text);
}

static int
begin_empty(struct part *p, struct err *e)
{
	unlink(p->note);		/* before what it speaks of */
	free(p->etag);
	p->etag = NULL;
	p->size = p->pos = 0;
	if (p->digest != NULL)
		digest_end(p->digest, NULL);
	p->digest = digest_new();
	if (ftruncate(p->out.fd, 0) == -1)
		return err_sys(e, "%s", p->out.tmp);
	return 0;
}

/* The bytes that are there, into the digest. */
static int
take_there(struct part *p, struct err *e)
{
	char *piece = mem_alloc(PIECE);
	ssize_t n;

	while ((n = pread(p->out.fd, piece, PIECE, p->size)) > 0) {
		digest_add(p->digest, piece, (size_t)n);
		p->size += n;
	}
	free(piece);
	return n == -1 ? err_sys(e, "%s", p->out.tmp) : 0;
}

int
part_open(const char *path, const char *url, struct part *out, struct err *e)
{
	char *target = file_target(path, e), *tmp;
	int fd = -1, r;

	if (target == NULL)
		return -1;
	tmp = hidden(target, part_ext);
	r = open_locked(tmp, &fd, e);
	if (r != 1) {
		free(target);
		free(tmp);
		return r;
	}
	*out = (struct part)PART_INIT;
	out->out = (struct file_new){ fd, tmp, target };
	out->note = hidden(target, note_ext);
	out->lock = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	out->digest = digest_new();
	out->etag = read_note(out, url);
	r = out->lock == -1 ? err_sys(e, "%s", tmp) :
	    out->etag == NULL ? begin_empty(out, e) : take_there(out, e);
	if (r == -1) {
		part_close(out, false);
		return -1;
	}
	return 1;
}

int
part_begin(struct part *p, const char *url, int64_t from, const char *etag,
    struct err *e)
{
	if (from > p->size)
		return PART_OTHER;
	p->pos = from;
	if (from > 0)
		return 0;
	if (begin_empty(p, e) == -1)
		return -1;
	if (http_etag_strong(etag)) {
		p->etag = mem_str(etag);
		write_note(p, url);
	}
	return 0;
}

/* 0: the first n bytes from pos on are these. */
static int
compare_part(struct part *p, const char *bytes, size_t n, struct err *e)
{
	char *there = mem_alloc(n);
	const ssize_t r = pread(p->out.fd, there, n, p->pos);
	const bool same = r == (ssize_t)n && memcmp(there, bytes, n) == 0;

	free(there);
	if (r == -1)
		return err_sys(e, "%s", p->out.tmp);
	p->pos += (int64_t)n;
	return same ? 0 : PART_OTHER;
}

static int
write_at(struct part *p, const char *bytes, size_t n, struct err *e)
{
	off_t at = p->pos;
	ssize_t r;

	while (n > 0) {
		r = pwrite(p->out.fd, bytes, n, at);
		if (r == -1 && errno != EINTR)
			return err_sys(e, "%s", p->out.tmp);
		if (r <= 0)
			continue;
		bytes += r;
		at += r;
		n -= (size_t)r;
	}
	return 0;
}

int
part_add(struct part *p, const void *bytes, size_t n, struct err *e)
{
	const char *b = bytes;
	size_t old = 0;
	int r;

	if (p->pos < p->size) {
		old = (size_t)(p->size - p->pos);
		if (old > n)
			old = n;
		r = compare_part(p, b, old, e);
		if (r != 0)
			return r;
	}
	if (old == n)
		return 0;
	if (write_at(p, b + old, n - old, e) == -1)
		return -1;
	digest_add(p->digest, b + old, n - old);
	p->pos += (int64_t)(n - old);
	if (p->pos / SYNC_EACH > p->size / SYNC_EACH)
		file_sync_begin(&p->out);
	p->size = p->pos;
	return 0;
}

void
part_whole(struct part *p, char sha256[DIGEST_HEX])
{
	digest_end(p->digest, sha256);
	p->digest = NULL;
	file_sync_begin(&p->out);
}

void
part_ready(struct part *p)
{
	unlink(p->note);
	free(p->etag);
	p->etag = NULL;
}

void
part_close(struct part *p, bool keep)
{
	if (p->out.fd != -1 && keep && p->etag != NULL && p->size >= WORTH) {
		close(p->out.fd);
		free(p->out.tmp);
		p->out.fd = -1;
		p->out.tmp = NULL;	/* so that it stays */
	} else if (p->out.fd != -1) {
		unlink(p->note);
	}
	file_abort(&p->out);
	if (p->lock != -1)
		close(p->lock);
	if (p->digest != NULL)
		digest_end(p->digest, NULL);
	free(p->note);
	free(p->etag);
	*p = (struct part)PART_INIT;
}

bool
part_grew(const char *path, struct part_seen *seen)
{
	char *tmp = hidden(path, part_ext);
	const struct part_seen before = *seen;
	struct stat st;
	const bool there = lstat(tmp, &st) == 0;

	free(tmp);
	if (!there)
		return true;		/* it has its name, or is given up */
	*seen = (struct part_seen){ st.st_ino, st.st_size, st.st_mtim };
	return seen->ino != before.ino || seen->size != before.size ||
	    seen->at.tv_sec != before.at.tv_sec ||
	    seen->at.tv_nsec != before.at.tv_nsec;
}

/* One part: by age, and only under its lock. */
static void
forget_old_part(const char *path)
{
	char *note = mem_printf("%.*s%s", (int)(strlen(path) -
	    strlen(part_ext)), path, note_ext);
	struct err ignored;
	struct stat st;
	const int fd = file_open(path, O_RDONLY | O_NOFOLLOW, 0, &ignored);

	if (fd != -1 && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
	    fstat(fd, &st) == 0 && named(fd, path) &&
	    clock_wall() - st.st_mtime > FORGET_S) {
		unlink(note);
		unlink(path);
	}
	if (fd != -1)
		close(fd);
	free(note);
}

void
part_sweep(const char *dir)
{
	DIR *d = opendir(dir);
	const size_t ext = strlen(part_ext);
	struct dirent *entry;
	size_t n;
	char *path;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		n = strlen(entry->d_name);
		if (entry->d_name[0] != '.' || n <= ext ||
		    strcmp(entry->d_name + n - ext, part_ext) != 0)
			continue;
		path = mem_printf("%s/%s", dir, entry->d_name);
		forget_old_part(path);
		free(path);
	}
	if (d != NULL)
		closedir(d);
}
