/* SPDX-License-Identifier: MIT */
#include "trust/lines.h"

#include <string.h>

bool
lines_next(struct lines *l, const char **s, size_t *n)
{
	const char *nl = l->n == 0 ? NULL : memchr(l->p, '\n', l->n);
	const size_t len = nl == NULL ? l->n : (size_t)(nl - l->p);
	const size_t used = nl == NULL ? len : len + 1;

	if (l->n == 0)
		return false;
	*s = l->p;
	*n = len > 0 && l->p[len - 1] == '\r' ? len - 1 : len;
	l->p += used;
	l->n -= used;
	return true;
}

bool
lines_start(const char *s, size_t n, const char *word)
{
	const size_t len = strlen(word);

	return n >= len && memcmp(s, word, len) == 0;
}

bool
lines_end(struct lines *l)
{
	const char *s;
	size_t n;

	while (lines_next(l, &s, &n))
		if (n > 0)
			return false;
	return true;
}
