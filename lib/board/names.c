/* SPDX-License-Identifier: MIT */
#include "board/names.h"

#include <stdlib.h>
#include <string.h>

#include "addr/addr.h"
#include "base/text.h"

void
names_add(struct names *names, const char *s, bool exact)
{
	if (s == NULL || names->n == NAMES_MAX)
		return;
	names->v[names->n++] = s;
	if (exact)
		names->exact = names->n;
}

static char *
real_file(const struct bus *b, const char *name)
{
	char *path = addr_file(b, name);
	char *real = realpath(path, NULL);

	free(path);
	return real;
}

void
names_file(struct names *names, const struct bus *b, const char *name)
{
	if (name != NULL)
		names->real = real_file(b, name);
}

void
names_release(struct names *names)
{
	free(names->real);
	memset(names, 0, sizeof(*names));
}

bool
names_pattern(const char *arg)
{
	/* "rfc2217://[::1]:4000" is none. */
	return strpbrk(arg, "*?[") != NULL && strstr(arg, "://") == NULL;
}

/* Another name of the same file: a link, or the volume with a slash. */
static bool
same_real_file(const struct names *names, const struct bus *b, const char *arg)
{
	char *real;
	bool same;

	if (names->real == NULL || arg[0] != '/')
		return false;
	real = real_file(b, arg);
	same = real != NULL && strcmp(real, names->real) == 0;
	free(real);
	return same;
}

enum hit
names_hit(const struct names *names, const struct bus *b, const char *arg)
{
	const char *const list[] = { arg, NULL };

	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->v[i], arg) == 0)
			return i < names->exact ? NAME : PATTERN;
	if (same_real_file(names, b, arg))
		return NAME;
	for (size_t i = 0; names_pattern(arg) && i < names->n; i++)
		if (text_match(names->v[i], list))
			return PATTERN;
	return MISS;
}
