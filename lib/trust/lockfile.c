/* SPDX-License-Identifier: MIT */
#include "trust/lockfile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/mem.h"
#include "trust/lines.h"

#define HEAD		"# mpf.lock 1"
#define ALGORITHM	"sha256:"
#define SIZE_DIGITS	15u		/* so that it fits, whatever comes */
#define WAIT_MS		10000		/* for another process to be done */
#define FILE_MODE	0666

void
lockfile_release(struct lockfile *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].url);
	free(l->v);
	*l = (struct lockfile)LOCKFILE_INIT;
}

/* Where url is, or would have to be. */
static size_t
place_of_url(const struct lockfile *l, const char *url)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (strcmp(l->v[mid].url, url) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct lockfile_entry *
lockfile_find(const struct lockfile *l, const char *url)
{
	const size_t i = place_of_url(l, url);

	return i < l->n && strcmp(l->v[i].url, url) == 0 ? &l->v[i] : NULL;
}

int
lockfile_check(const struct lockfile *l, const char *url, int64_t size,
    const char *sha256, struct err *e)
{
	const struct lockfile_entry *is = lockfile_find(l, url);

	if (is == NULL)
		return 0;
	if (strcmp(is->sha256, sha256) == 0 && (is->size == size || size == -1))
		return 1;
	err_set(e, ERR_VERIFY, "%.150s: sha-256 %s, but the lock file has %s",
	    url, sha256, is->sha256);
	e->retry = false;
	return -1;
}

static bool
url_fits(const char *url)
{
	const char *p;

	for (p = url; *p > ' ' && *p < 0x7f; p++)
		;
	return *p == '\0' && p > url && *url != '#' &&
	    (size_t)(p - url) <= LOCKFILE_URL;
}

int
lockfile_add(struct lockfile *l, const struct lockfile_entry *new,
    struct err *e)
{
	const size_t i = place_of_url(l, new->url);
	struct lockfile_entry *at;

	if (!url_fits(new->url))
		return err_set(e, ERR_INPUT, "%.150s: not fit for a lock file",
		    new->url);
	if (i == l->n || strcmp(l->v[i].url, new->url) != 0) {
		if (l->n == l->cap) {
			l->cap = l->cap == 0 ? 16 : 2 * l->cap;
			l->v = mem_grow(l->v, l->cap, sizeof(*l->v));
		}
		at = &l->v[i];
		memmove(at + 1, at, (l->n++ - i) * sizeof(*at));
		*at = *new;
		at->url = mem_str(new->url);
		l->changed = true;
		return 0;
	}
	at = &l->v[i];
	if (lockfile_check(l, new->url, new->size, new->sha256, e) == -1)
		return -1;
	if (strcmp(new->first_seen, at->first_seen) < 0) {
		memcpy(at->first_seen, new->first_seen, CLOCK_TEXT);
		l->changed = true;
	}
	return 0;
}

/* The next word of the line; false: it is missing. */
static bool
next_word(const char **p, const char *end, const char **s, size_t *n)
{
	while (*p < end && **p == ' ')
		++*p;
	*s = *p;
	while (*p < end && **p != ' ')
		++*p;
	*n = (size_t)(*p - *s);
	return *n > 0;
}

static bool
read_size(const char *s, size_t n, int64_t *out)
{
	int64_t v = 0;

	if (n > SIZE_DIGITS || (n > 1 && *s == '0'))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (s[i] - '0');
	}
	*out = v;
	return true;
}

static bool
read_sha256(const char *s, size_t n, char out[DIGEST_HEX])
{
	const size_t prefix = sizeof(ALGORITHM) - 1;

	if (n != prefix + DIGEST_HEX - 1 || memcmp(s, ALGORITHM, prefix) != 0)
		return false;
	memcpy(out, s + prefix, DIGEST_HEX - 1);
	out[DIGEST_HEX - 1] = '\0';
	return strspn(out, "0123456789abcdef") == DIGEST_HEX - 1;
}

static bool
read_time(const char *s, size_t n, char out[CLOCK_TEXT])
{
	static const char shape[] = "0000-00-00T00:00:00Z";

	if (n != CLOCK_TEXT - 1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (shape[i] == '0' ? s[i] < '0' || s[i] > '9' :
		    s[i] != shape[i])
			return false;
	memcpy(out, s, n);
	out[n] = '\0';
	return true;
}

/* ADDRESS sha256:HEX SIZE TIME */
static int
read_lock_entry(const char *s, size_t n, struct lockfile *out, struct err *e)
{
	const char *p = s, *end = s + n, *w[4], *rest;
	struct lockfile_entry new;
	size_t len[4], more;
	int r;

	for (int i = 0; i < 4; i++)
		if (!next_word(&p, end, &w[i], &len[i]))
			return err_set(e, ERR_INPUT, "not ADDRESS sha256:HEX "
			    "SIZE TIME");
	if (next_word(&p, end, &rest, &more) ||
	    !read_sha256(w[1], len[1], new.sha256) ||
	    !read_size(w[2], len[2], &new.size) ||
	    !read_time(w[3], len[3], new.first_seen))
		return err_set(e, ERR_INPUT, "not ADDRESS sha256:HEX SIZE "
		    "TIME");
	new.url = mem_printf("%.*s", (int)len[0], w[0]);
	r = lockfile_add(out, &new, e);
	free(new.url);
	if (r == -1 && e->code == ERR_VERIFY)
		e->code = ERR_INPUT;	/* nobody has seen a file yet */
	return r;
}

static int
read_line(const char *s, size_t n, struct lockfile *out, struct err *e)
{
	if (n == 0)
		return 0;
	if (lines_start(s, n, "<<<<<<<") || lines_start(s, n, "=======") ||
	    lines_start(s, n, ">>>>>>>")) {
		err_set(e, ERR_INPUT, "the mark of a merge");
		return err_hint(e, "keep the lines of both sides, and take "
		    "the marks out");
	}
	if (*s != '#')
		return read_lock_entry(s, n, out, e);
	if (!lines_start(s, n, "# mpf.lock ") || lines_start(s, n, HEAD))
		return 0;
	err_set(e, ERR_UNSUPPORTED, "another version of the format");
	return err_todo(e, NEXT_UPGRADE_MPF,
	    "it was written by a newer mpf: use that");
}

int
lockfile_parse(const char *text, size_t n, struct lockfile *out,
    struct err *e)
{
	struct lines l = { text, n };
	const char *s;
	size_t len;

	for (unsigned long i = 1; lines_next(&l, &s, &len); i++)
		if (read_line(s, len, out, e) == -1)
			return err_wrap(e, "line %lu", i);
	return 0;
}

int
lockfile_load(const char *path, struct lockfile *out, struct err *e)
{
	struct buf text = BUF_MAX(LOCKFILE_MAX);
	int r = -1;

	if (file_read(path, &text, e) == 0) {
		r = lockfile_parse(text.data, text.len, out, e);
		out->changed = false;
		if (r == -1)
			err_wrap(e, "%s", path);
	}
	buf_release(&text);
	return r;
}

void
lockfile_write(const struct lockfile *l, struct buf *out)
{
	buf_adds(out, HEAD "\n");
	for (size_t i = 0; i < l->n; i++)
		buf_addf(out, "%s " ALGORITHM "%s %" PRId64 " %s\n",
		    l->v[i].url, l->v[i].sha256, l->v[i].size,
		    l->v[i].first_seen);
}

static int
merge_lock(const char *path, const struct lockfile *l, struct err *e)
{
	struct lockfile there = LOCKFILE_INIT;
	struct buf text = BUF_INIT;
	struct err missing = ERR_INIT;
	int r = -1;

	if (lockfile_load(path, &there, &missing) == -1 &&
	    missing.code != ERR_NOT_FOUND) {
		*e = missing;
		goto out;
	}
	for (size_t i = 0; i < l->n; i++)
		if (lockfile_add(&there, &l->v[i], e) == -1)
			goto out;
	r = 0;
	if (there.changed || missing.code == ERR_NOT_FOUND) {
		lockfile_write(&there, &text);
		r = file_write(path, text.data, text.len, FILE_MODE, e);
	}
out:
	buf_release(&text);
	lockfile_release(&there);
	return r;
}

static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? mem_str(".") :
	    mem_printf("%.*s/", (int)(slash - path), path);
}

int
lockfile_save(const char *path, const struct lockfile *l, struct err *e)
{
	char *real = realpath(path, NULL);	/* it may be a link */
	char *folder;
	struct lock lock = LOCK_INIT;
	int r = -1;

	if (real == NULL)
		real = mem_str(path);
	folder = folder_of(real);
	if (lock_folder(folder, clock_ms() + WAIT_MS, &lock, e) == 0)
		r = merge_lock(real, l, e);
	lock_drop(&lock);
	free(folder);
	free(real);
	return r;
}
