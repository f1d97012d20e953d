/* SPDX-License-Identifier: MIT */
#include "tar/tar.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

/* The header: POSIX.1-2017, pax, "ustar Header Block". */
enum {
	AT_NAME = 0, AT_MODE = 100, AT_UID = 108, AT_GID = 116, AT_SIZE = 124,
	AT_MTIME = 136, AT_SUM = 148, AT_TYPE = 156, AT_MAGIC = 257,
	AT_PREFIX = 345
};
#define NAME_LEN	100u
#define PREFIX_LEN	155u
#define NUMBER_LEN	12u
#define SUM_LEN		8u
#define PAX_MAX		65536u

static const struct {
	char		 type;
	const char	*what;
} refused[] = {
	{ '1', "a hard link" }, { '2', "a symbolic link" },
	{ '3', "a device" }, { '4', "a device" }, { '6', "a pipe" },
	{ 'L', "a name that is too long" }, { 'K', "a link" },
	{ 'S', "a file with holes" }, { '\0', NULL }
};

static unsigned
checksum(const uint8_t *h)
{
	unsigned sum = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += i >= AT_SUM && i < AT_SUM + SUM_LEN ? ' ' : h[i];
	return sum;
}

/* Octal digits, blanks around them; false: invalid, or another form. */
static bool
read_octal(const uint8_t *p, size_t n, uint64_t *out)
{
	uint64_t v = 0;
	size_t i = 0, digits = 0;

	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '7'; i++, digits++)
		v = v << 3 | (uint64_t)(p[i] - '0');
	for (; i < n; i++)
		if (p[i] != ' ' && p[i] != '\0')
			return false;
	*out = v;
	return digits > 0;
}

/* Takes "./" and empty parts out; false: it would lead elsewhere. */
static bool
clean_name(const char *raw, char out[TAR_NAME])
{
	size_t n = 0;

	if (*raw == '/')
		return false;
	while (*raw != '\0') {
		const size_t len = strcspn(raw, "/");

		if (len == 2 && raw[0] == '.' && raw[1] == '.')
			return false;
		if (len > 0 && !(len == 1 && raw[0] == '.')) {
			if (n + len + 2 > TAR_NAME)
				return false;
			if (n > 0)
				out[n++] = '/';
			memcpy(out + n, raw, len);
			n += len;
		}
		raw += len;
		raw += strspn(raw, "/");
	}
	out[n] = '\0';
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)out[i] < ' ' || out[i] == 0x7f)
			return false;
	return true;
}

static bool
read_member_name(const uint8_t *h, char out[TAR_NAME])
{
	const char *name = (const char *)h + AT_NAME;
	const char *prefix = (const char *)h + AT_PREFIX;
	char raw[TAR_NAME + 8];

	/* GNU's magic is "ustar  ", and it keeps other things there. */
	if (memcmp(h + AT_MAGIC, "ustar\0", 6) == 0 && *prefix != '\0')
		snprintf(raw, sizeof(raw), "%.*s/%.*s", (int)PREFIX_LEN,
		    prefix, (int)NAME_LEN, name);
	else
		snprintf(raw, sizeof(raw), "%.*s", (int)NAME_LEN, name);
	return clean_name(raw, out);
}

static int
add_member(struct tar *t, const struct tar_member *m, struct err *e)
{
	if (t->n == TAR_MEMBERS)
		return err_set(e, ERR_INPUT, "%s: more than %u files", t->path,
		    TAR_MEMBERS);
	if (t->n == t->cap) {
		t->cap = t->cap == 0 ? 64 : 2 * t->cap;
		t->v = mem_grow(t->v, t->cap, sizeof(*t->v));
	}
	t->v[t->n++] = *m;
	return 0;
}

static int
read_archive(const struct tar *t, uint64_t offset, void *p, size_t n,
    struct err *e)
{
	char *c = p;
	ssize_t r;

	while (n > 0) {
		r = pread(t->fd, c, n, (off_t)offset);
		if (r == -1 && errno == EINTR)
			continue;
		if (r == -1)
			return err_sys(e, "%s", t->path);
		if (r == 0)
			return err_set(e, ERR_INPUT, "%s: cut off", t->path);
		c += r;
		offset += (uint64_t)r;
		n -= (size_t)r;
	}
	return 0;
}

/*
 * Records "LEN KEY=VALUE\n": times and owners are of no interest; what would
 * change the header that follows is refused, as readers differ there.
 */
static int
check_pax(const struct tar *t, const struct tar_member *m, struct err *e)
{
	static const char *const keys[] = { " path=", " linkpath=", " size=",
		" GNU.sparse" };
	char *text;
	int r = 0;

	if (m->size > PAX_MAX)
		return err_set(e, ERR_INPUT, "%s: %llu bytes of pax records",
		    t->path, (unsigned long long)m->size);
	text = mem_alloc((size_t)m->size + 1);
	r = read_archive(t, m->offset, text, (size_t)m->size, e);
	for (size_t i = 0; r == 0 && i < m->size; i++)
		if (text[i] == '\0')
			text[i] = '\n';
	for (size_t i = 0; r == 0 && i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strstr(text, keys[i]) != NULL)
			r = err_set(e, ERR_INPUT, "%s: a pax record that "
			    "changes%s", t->path, keys[i]);
	free(text);
	return r;
}

static int
take_member(struct tar *t, char type, const struct tar_member *m, struct err *e)
{
	const size_t n = sizeof(refused) / sizeof(refused[0]) - 1;
	size_t i = 0;

	if (type == 'x' || type == 'g')
		return check_pax(t, m, e);
	if (type == '5')
		return 0;
	if (type == '0' || type == '\0')
		return m->name[0] != '\0' ? add_member(t, m, e) :
		    err_set(e, ERR_INPUT, "%s: a file without a name",
		    t->path);
	while (i < n && refused[i].type != type)
		i++;
	return err_set(e, ERR_INPUT, "%s: %.100s: %s", t->path, m->name,
	    i < n ? refused[i].what : "of an unknown kind");
}

/* One header at *at, which goes on to the next; 0: it was the last one. */
static int
next_member(struct tar *t, uint64_t *at, struct err *e)
{
	uint8_t h[TAR_BLOCK];
	struct tar_member m;
	uint64_t sum, room;

	if (read_archive(t, *at, h, sizeof(h), e) == -1)
		return -1;
	if (h[0] == '\0' && checksum(h) == SUM_LEN * ' ')
		return 0;	/* a block of NULs */
	if (!read_octal(h + AT_SUM, SUM_LEN, &sum) || sum != checksum(h))
		return err_set(e, ERR_INPUT, "%s: no header of tar at %llu",
		    t->path, (unsigned long long)*at);
	if (!read_member_name(h, m.name))
		return err_set(e, ERR_INPUT, "%s: a name that leads out of "
		    "it: %.100s", t->path, (const char *)h);
	*at += TAR_BLOCK;
	room = t->size - *at;
	if (!read_octal(h + AT_SIZE, NUMBER_LEN, &m.size) || m.size > room)
		return err_set(e, ERR_INPUT, "%s: %.100s: larger than the "
		    "archive", t->path, m.name);
	m.offset = *at;
	*at += (m.size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	return take_member(t, (char)h[AT_TYPE], &m, e) == -1 ? -1 : 1;
}

static int
member_by_name(const void *a, const void *b)
{
	const struct tar_member *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int
check_twice(struct tar *t, struct err *e)
{
	if (t->n > 0)
		qsort(t->v, t->n, sizeof(*t->v), member_by_name);
	for (size_t i = 1; i < t->n; i++)
		if (strcmp(t->v[i - 1].name, t->v[i].name) == 0)
			return err_set(e, ERR_INPUT, "%s: %.100s is in it "
			    "twice", t->path, t->v[i].name);
	return 0;
}

int
tar_open(const char *path, struct tar *out, struct err *e)
{
	struct stat st;
	uint64_t at = 0;
	int r;

	*out = (struct tar)TAR_INIT;
	out->path = path;
	out->fd = file_open(path, O_RDONLY, 0, e);
	if (out->fd == -1)
		return -1;
	if (fstat(out->fd, &st) == -1) {
		err_sys(e, "%s", path);
		tar_close(out);
		return -1;
	}
	out->size = (uint64_t)st.st_size;
	while ((r = next_member(out, &at, e)) == 1)
		;
	if (r == 0)
		r = check_twice(out, e);
	if (r == -1)
		tar_close(out);
	return r;
}

void
tar_close(struct tar *t)
{
	if (t->fd != -1)
		close(t->fd);
	free(t->v);
	*t = (struct tar)TAR_INIT;
}

const struct tar_member *
tar_find(const struct tar *t, const char *name)
{
	struct tar_member key;

	if (t->n == 0 || strlen(name) >= sizeof(key.name))
		return NULL;
	memcpy(key.name, name, strlen(name) + 1);
	return bsearch(&key, t->v, t->n, sizeof(*t->v), member_by_name);
}

int
tar_read(const struct tar *t, const struct tar_member *m, struct buf *out,
    struct err *e)
{
	char *p;
	int r;

	if (m->size > out->max - out->len)
		return err_set(e, ERR_INPUT, "%s: %.100s: %llu bytes", t->path,
		    m->name, (unsigned long long)m->size);
	p = mem_alloc((size_t)m->size + 1);
	r = read_archive(t, m->offset, p, (size_t)m->size, e);
	if (r == 0)
		buf_add(out, p, (size_t)m->size);
	free(p);
	return r;
}

static void
put_octal(uint8_t *p, size_t n, uint64_t v)
{
	char text[32];

	snprintf(text, sizeof(text), "%0*llo", (int)n - 1,
	    (unsigned long long)v);
	memcpy(p, text, n);
}

/* In one part, or in two, cut at a "/". */
static bool
put_member_name(uint8_t h[TAR_BLOCK], const char *name)
{
	const size_t n = strlen(name);
	const char *cut = name;

	if (n <= NAME_LEN) {
		memcpy(h + AT_NAME, name, n);
		return true;
	}
	do
		cut = strchr(cut + 1, '/');
	while (cut != NULL && n - (size_t)(cut - name) - 1 > NAME_LEN);
	if (cut == NULL || (size_t)(cut - name) > PREFIX_LEN)
		return false;
	memcpy(h + AT_PREFIX, name, (size_t)(cut - name));
	memcpy(h + AT_NAME, cut + 1, strlen(cut + 1));
	return true;
}

int
tar_put(int fd, const char *path, const char *name, uint64_t size,
    int64_t mtime, struct err *e)
{
	uint8_t h[TAR_BLOCK] = { 0 };
	char sum[SUM_LEN + 8];

	if (!put_member_name(h, name) || size >> 33 != 0)
		return err_set(e, ERR_INPUT, "%s: does not fit into a tar",
		    name);
	put_octal(h + AT_MODE, 8, 0644);
	put_octal(h + AT_UID, 8, 0);
	put_octal(h + AT_GID, 8, 0);
	put_octal(h + AT_SIZE, NUMBER_LEN, size);
	put_octal(h + AT_MTIME, NUMBER_LEN, (uint64_t)mtime);
	h[AT_TYPE] = '0';
	memcpy(h + AT_MAGIC, "ustar\00000", 8);
	snprintf(sum, sizeof(sum), "%06o", checksum(h));
	memcpy(h + AT_SUM, sum, 7);
	h[AT_SUM + 7] = ' ';
	return file_write_all(fd, h, sizeof(h), path, e);
}

int
tar_pad(int fd, const char *path, uint64_t size, struct err *e)
{
	static const uint8_t zero[TAR_BLOCK];
	const size_t over = (size_t)(size % TAR_BLOCK);

	return file_write_all(fd, zero, over == 0 ? 0 : TAR_BLOCK - over,
	    path, e);
}

int
tar_end(int fd, const char *path, struct err *e)
{
	static const uint8_t zero[2 * TAR_BLOCK];

	return file_write_all(fd, zero, sizeof(zero), path, e);
}
