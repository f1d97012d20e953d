/* SPDX-License-Identifier: MIT */
#include "upstream/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define PATH_BYTES	1024u

/* Adds one part of a path to those in out. */
static int
step(struct buf *out, const char *part, size_t n)
{
	const char *slash;

	if (n == 0 || (n == 1 && part[0] == '.'))
		return 0;
	if (n == 2 && memcmp(part, "..", 2) == 0) {
		if (out->len == 0)
			return -1;
		slash = strrchr(out->data, '/');
		out->len = slash != NULL ? (size_t)(slash - out->data) : 0;
		out->data[out->len] = '\0';
		return 0;
	}
	if (out->len + n + 1 > PATH_BYTES)
		return -1;
	if (out->len > 0)
		buf_addc(out, '/');
	return buf_add(out, part, n);
}

static int
walk(struct buf *out, const char *path)
{
	size_t n;

	for (;;) {
		n = strcspn(path, "/");
		if (step(out, path, n) == -1)
			return -1;
		if (path[n] == '\0')
			return 0;
		path += n + 1;
	}
}

int
source_join(const char *dir, const char *name, struct buf *out)
{
	if (name[0] != '/' && dir != NULL && walk(out, dir) == -1)
		return -1;
	return walk(out, name);
}

const char *
source_read(struct source *s, const char *dir, const char *name, char **path,
    size_t *len)
{
	struct buf at = BUF_INIT;
	const char *text = NULL;

	if (source_join(dir, name, &at) == 0)
		text = s->read(s->ctx, at.data, len);
	if (text != NULL && (*len > SOURCE_BYTES ||
	    s->bytes > SOURCE_BYTES - *len)) {
		s->over = true;
		text = NULL;
	}
	if (text == NULL) {
		buf_release(&at);
		return NULL;
	}
	s->bytes += *len;
	*path = buf_steal(&at);
	return text;
}

void
source_miss(struct source *s, const char *name)
{
	if (s->missing[0] == '\0')
		snprintf(s->missing, sizeof(s->missing), "%s", name);
}

char *
source_dir(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = mem_str(slash != NULL ? path : "");

	if (slash != NULL)
		dir[slash - path] = '\0';
	return dir;
}
