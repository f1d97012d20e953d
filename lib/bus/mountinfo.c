/* SPDX-License-Identifier: MIT */
#include "bus/mountinfo.h"

#include <stdbool.h>
#include <string.h>

#define DIGITS	"0123456789"

/* The next field of the line, without the blanks around it. */
static bool
next_field(const char **c, const char **start, size_t *len)
{
	*c += strspn(*c, " ");
	*start = *c;
	*len = strcspn(*c, " \n");
	*c += *len;
	return *len > 0;
}

static bool
is_octal(const char *c, size_t n)
{
	return n >= 4 && c[0] == '\\' && c[1] >= '0' && c[1] <= '3' &&
	    c[2] >= '0' && c[2] <= '7' && c[3] >= '0' && c[3] <= '7';
}

static void
unescape_name(struct buf *out, const char *c, size_t n)
{
	buf_clear(out);
	while (n > 0) {
		const bool octal = is_octal(c, n);
		const size_t k = octal ? 4 : 1;

		buf_addc(out, octal ? (char)((c[1] - '0') << 6 |
		    (c[2] - '0') << 3 | (c[3] - '0')) : *c);
		c += k;
		n -= k;
	}
}

/* "major:minor" */
static bool
is_devno(const char *c, size_t n)
{
	const size_t major = strspn(c, DIGITS);
	size_t minor;

	if (major == 0 || major >= n || c[major] != ':')
		return false;
	minor = strspn(c + major + 1, DIGITS);
	return minor > 0 && major + 1 + minor == n && n < MOUNT_DEVNO;
}

static bool
parse_mount(const char *c, struct mount *out)
{
	const char *f[5];
	size_t len[5];

	for (size_t i = 0; i < 5; i++)
		if (!next_field(&c, &f[i], &len[i]))
			return false;
	if (!is_devno(f[2], len[2]) || f[3][0] != '/' || f[4][0] != '/')
		return false;
	memcpy(out->devno, f[2], len[2]);
	out->devno[len[2]] = '\0';
	unescape_name(&out->root, f[3], len[3]);
	unescape_name(&out->dir, f[4], len[4]);
	/* A NUL in a name cannot be, so it is not what it seems. */
	return strlen(out->root.data) == out->root.len &&
	    strlen(out->dir.data) == out->dir.len;
}

int
mountinfo_next(const char **text, struct mount *out)
{
	bool found = false;

	while (!found && **text != '\0') {
		found = parse_mount(*text, out);
		*text += strcspn(*text, "\n");
		*text += **text == '\n';
	}
	return found;
}

void
mount_release(struct mount *m)
{
	buf_release(&m->root);
	buf_release(&m->dir);
}
