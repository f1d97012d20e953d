/* SPDX-License-Identifier: MIT */
#include "site/source.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

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
