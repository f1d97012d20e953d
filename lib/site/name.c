/* SPDX-License-Identifier: MIT */
#include "site/name.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/buf.h"

#define DATE	8u			/* digits */

static const char *const usable[] = { "uf2", "bin", "dfu", "hex", "app-bin" };

bool
firmware_ext_usable(const char *ext)
{
	size_t i;

	for (i = 0; i < sizeof(usable) / sizeof(usable[0]); i++)
		if (strcmp(ext, usable[i]) == 0)
			return true;
	return false;
}

bool
firmware_file_safe(const char *file)
{
	const char *p;

	if (*file == '.' || *file == '-' || *file == '\0' ||
	    strlen(file) >= NAME_FILE)
		return false;
	for (p = file; *p != '\0'; p++)
		if (!isascii((unsigned char)*p) ||
		    (!isalnum((unsigned char)*p) &&
		    strchr("._-", *p) == NULL))
			return false;
	return true;
}

/* The first "-20YYMMDD-" in text, or NULL. */
static const char *
find_date(const char *text)
{
	const char *p;

	for (p = text; (p = strstr(p, "-20")) != NULL; p++)
		if (strspn(p + 1, "0123456789") == DATE &&
		    p[1 + DATE] == '-')
			return p;
	return NULL;
}

/* Copies n bytes into a field of this size; false: too many, or none. */
static bool
put_part(char *out, size_t size, const char *s, size_t n)
{
	if (n == 0 || n >= size)
		return false;
	memcpy(out, s, n);
	out[n] = '\0';
	return true;
}

/* BOARD or BOARD-VARIANT, n bytes. */
static bool
split_name(const char *s, size_t n, const char *board_id,
    struct firmware_name *out)
{
	const char *dash = memchr(s, '-', n);
	size_t board = dash == NULL ? n : (size_t)(dash - s);

	if (board_id != NULL) {
		board = strlen(board_id);
		if (n < board || strncmp(s, board_id, board) != 0 ||
		    (n > board && s[board] != '-'))
			return false;
	}
	return put_part(out->board_id, sizeof(out->board_id), s, board) &&
	    (n == board || put_part(out->variant, sizeof(out->variant),
	    s + board + 1, n - board - 1));
}

/* tag: where the version begins; n: how long the board's part in front is. */
static bool
parse_file_name(const char *file, const char *tag, size_t n,
    const char *board_id, struct firmware_name *out)
{
	const char *dot = strrchr(file, '.');
	char version[NAME_PART];

	return dot != NULL && dot > tag && isalpha((unsigned char)dot[1]) &&
	    put_part(version, sizeof(version), tag, (size_t)(dot - tag)) &&
	    version_parse(version, &out->version) &&
	    put_part(out->ext, sizeof(out->ext), dot + 1, strlen(dot + 1)) &&
	    split_name(file, n, board_id, out);
}

bool
firmware_name_parse(const char *file, const char *board_id,
    struct firmware_name *out)
{
	const char *date;

	memset(out, 0, sizeof(*out));
	if (!firmware_file_safe(file))
		return false;
	date = find_date(file);
	if (date == NULL)
		return false;
	put_part(out->date, sizeof(out->date), date + 1, DATE);
	return parse_file_name(file, date + 1 + DATE + 1, (size_t)(date - file),
	    board_id, out);
}

bool
firmware_name_parse_clean(const char *file, const char *board_id,
    struct firmware_name *out)
{
	static const char unstable[] = "-unstable";
	const size_t n = sizeof(unstable) - 1;
	const char *p, *v = NULL;

	memset(out, 0, sizeof(*out));
	if (!firmware_file_safe(file) || find_date(file) != NULL)
		return false;
	/* The last one that a version may begin with. */
	for (p = file; (p = strstr(p, "-v")) != NULL; p++)
		if (isdigit((unsigned char)p[2]))
			v = p;
	if (v == NULL)
		return false;
	if ((size_t)(v - file) > n && memcmp(v - n, unstable, n) == 0)
		v -= n;
	return parse_file_name(file, v + 1, (size_t)(v - file), board_id, out);
}

/* The length of ".g<hex>" at s where another '.' follows; or 0. */
static size_t
hash_len(const char *s)
{
	size_t n;

	if (s[0] != '.' || s[1] != 'g')
		return 0;
	n = strspn(s + 2, "0123456789abcdef");
	return n > 0 && s[2 + n] == '.' ? 2 + n : 0;
}

char *
firmware_name_clean(const char *file)
{
	struct buf b = BUF_INIT;
	const char *date = find_date(file), *p = file;

	while (*p != '\0') {
		if (p == date)
			p += 1 + DATE;
		p += hash_len(p);
		buf_addc(&b, *p++);
	}
	return buf_steal(&b);
}
