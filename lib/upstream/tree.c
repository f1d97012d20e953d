/* SPDX-License-Identifier: MIT */
#include "upstream/tree.h"

#include <string.h>

#include "base/text.h"

#define MODE_MAX	7u		/* octal digits */

static enum tree_kind
kind(const char *mode, size_t n)
{
	if (n >= 5 && memcmp(mode + n - 5, "40000", 5) == 0)
		return TREE_FOLDER;
	return n == 6 && memcmp(mode, "100", 3) == 0 ? TREE_FILE : TREE_OTHER;
}

int
tree_next(const char **p, size_t *n, size_t digits, struct tree_entry *out,
    struct err *e)
{
	const size_t bytes = digits / 2;
	const char *blank, *end;
	size_t mode;

	if (*n == 0)
		return 0;
	blank = memchr(*p, ' ', *n < MODE_MAX + 1 ? *n : MODE_MAX + 1);
	end = memchr(*p, '\0', *n);
	mode = blank != NULL ? (size_t)(blank - *p) : 0;
	if (mode == 0 || end == NULL || end <= blank + 1 || digits >= GIT_ID ||
	    (size_t)(*p + *n - end) < bytes + 1)
		return err_set(e, ERR_INPUT, "it is no tree of git");
	out->kind = kind(*p, mode);
	out->name = blank + 1;
	text_hex(out->id, (const uint8_t *)end + 1, bytes);
	*n -= (size_t)(end - *p) + 1 + bytes;
	*p = end + 1 + bytes;
	return 1;
}
