/* SPDX-License-Identifier: MIT */
#include "site/source.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "http/http.h"

#define FILE_SCHEME	"file://"

enum source_kind
source_kind(const char *source)
{
	const size_t n = strspn(source, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

	if (strncmp(source, "github:", 7) == 0)
		return SOURCE_GITHUB;
	if (strncmp(source, FILE_SCHEME, sizeof(FILE_SCHEME) - 1) == 0)
		return SOURCE_FILE;
	return n > 0 && strncmp(source + n, "://", 3) == 0 ? SOURCE_URL :
	    SOURCE_FILE;
}

/* The bytes that "%20" and the like stand for; NULL: a NUL, or none. */
static char *
decode(const char *s)
{
	struct buf b = BUF_INIT;
	uint8_t byte;

	for (; *s != '\0'; s++) {
		if (*s != '%') {
			buf_addc(&b, *s);
			continue;
		}
		if (s[1] == '\0' || s[2] == '\0' ||
		    text_unhex(&byte, 1, s + 1, 2) != 1 || byte == 0) {
			buf_release(&b);
			return NULL;
		}
		buf_addc(&b, (char)byte);
		s += 2;
	}
	return buf_steal(&b);
}

char *
source_path(const char *source, struct err *e)
{
	const size_t n = sizeof(FILE_SCHEME) - 1;
	const bool url = strncmp(source, FILE_SCHEME, n) == 0;
	char *name = url ? decode(source + n) : mem_str(source), *path = NULL;

	if (name == NULL || *name == '\0' || (url && *name != '/')) {
		err_set(e, ERR_INPUT, "%s: not the address of a file", source);
	} else {
		path = realpath(name, NULL);
		if (path == NULL)
			err_sys(e, "%s", name);
	}
	free(name);
	return path;
}

char *
source_url(const char *path)
{
	static const char plain[] = "/-._~";
	struct buf b = BUF_INIT;

	buf_adds(&b, FILE_SCHEME);
	for (; *path != '\0'; path++) {
		const unsigned char c = (unsigned char)*path;

		if (isascii(c) && (isalnum(c) || strchr(plain, c) != NULL))
			buf_addc(&b, *path);
		else
			buf_addf(&b, "%%%02X", c);
	}
	return buf_steal(&b);
}

char *
source_safe_name(const char *url)
{
	const char *slash = strrchr(url, '/');
	char *name = decode(slash == NULL ? url : slash + 1), *p;

	if (name == NULL)
		name = mem_str(slash == NULL ? url : slash + 1);
	for (p = name; *p != '\0'; p++)
		if (!isascii((unsigned char)*p) ||
		    (!isalnum((unsigned char)*p) &&
		    strchr("._-", *p) == NULL))
			*p = '_';
	if (*name == '.' || *name == '-')
		*name = '_';
	return name;
}

struct folder {
	const char	*board_id;
	struct index	*index;
};

static int
add_file(const struct folder *f, const char *path, const char *file,
    struct err *e)
{
	struct firmware_name name;
	struct index_link *l;
	char *url;

	if (!firmware_name_parse(file, f->board_id, &name) &&
	    !firmware_name_parse_clean(file, f->board_id, &name))
		return 0;
	if (!firmware_ext_usable(name.ext))
		return 0;
	if (f->index->n == SOURCE_FILES)
		return err_set(e, ERR_INPUT, "more than %u files",
		    SOURCE_FILES);
	url = source_url(path);
	l = index_add(f->index, url);
	l->name = name;
	return 0;
}

/* depth: how many folders below may be looked into. */
static int
scan(const struct folder *f, const char *path, int depth, struct err *e)
{
	DIR *d = opendir(path);
	struct dirent *de;
	struct stat st;
	int r = 0;

	if (d == NULL)
		return err_sys(e, "%s", path);
	while (r == 0 && (de = readdir(d)) != NULL) {
		char *name;

		if (de->d_name[0] == '.')
			continue;
		name = mem_printf("%s/%s", path, de->d_name);
		if (stat(name, &st) == 0 && S_ISREG(st.st_mode))
			r = add_file(f, name, de->d_name, e);
		else if (depth > 0 && stat(name, &st) == 0 &&
		    S_ISDIR(st.st_mode))
			r = scan(f, name, depth - 1, e);
		free(name);
	}
	closedir(d);
	return r;
}

static int
by_url(const void *a, const void *b)
{
	const struct index_link *x = a, *y = b;

	return strcmp(x->url, y->url);
}

int
source_folder(const char *path, const char *board_id, struct index *out,
    struct err *e)
{
	const struct folder f = { board_id, out };

	*out = (struct index)INDEX_INIT;
	out->source = source_url(path);
	out->fetched_at = clock_wall();
	if (scan(&f, path, 1, e) == -1) {
		index_release(out);
		return err_wrap(e, "%s", path);
	}
	/* The same choice whatever order the folder is in. */
	if (out->n > 0)
		qsort(out->link, out->n, sizeof(*out->link), by_url);
	return 0;
}
