/* SPDX-License-Identifier: MIT */
#include "front/dotenv.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

#define LETTERS	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define NAME	LETTERS "0123456789"

/* "${NAME}" at s: adds its value, and is behind it; else s. */
static const char *
take_variable(const char *s, struct buf *out)
{
	const size_t n = strncmp(s, "${", 2) == 0 ? strspn(s + 2, NAME) : 0;
	const char *value;
	char *name;

	if (n == 0 || s[2 + n] != '}')
		return s;
	name = mem_printf("%.*s", (int)n, s + 2);
	value = getenv(name);
	buf_adds(out, value != NULL ? value : "");
	free(name);
	return s + n + 3;
}

static char
escaped_letter(char c)
{
	return c == 'n' ? '\n' : c == 't' ? '\t' : c;
}

/* A value in quotes; false: they do not end in this line. */
static bool
take_quoted(const char *s, struct buf *out)
{
	const char quote = *s++, *after;

	while (*s != '\0' && *s != quote) {
		after = quote == '"' ? take_variable(s, out) : s;
		if (after > s) {
			s = after;
			continue;
		}
		if (quote == '"' && s[0] == '\\' && s[1] != '\0')
			buf_addc(out, escaped_letter(*++s));
		else
			buf_addc(out, *s);
		s++;
	}
	return *s == quote;
}

static void
take_plain(const char *s, struct buf *out)
{
	const char *after;

	while (*s != '\0' && !(s[0] == '#' && out->len > 0 &&
	    strchr(" \t", s[-1]) != NULL)) {
		after = take_variable(s, out);
		if (after == s)
			buf_addc(out, *s++);
		s = after > s ? after : s;
	}
	while (out->len > 0 && strchr(" \t\r", out->data[out->len - 1]) != NULL)
		out->data[--out->len] = '\0';
}

static void
parse_line(const char *s,
    void (*found)(const char *name, const char *value, void *ctx), void *ctx)
{
	struct buf value = BUF_INIT;
	bool whole = true;
	char *name;
	size_t n;

	s += strspn(s, " \t");
	if (strncmp(s, "export", 6) == 0 && strspn(s + 6, " \t") > 0)
		s += 6 + strspn(s + 6, " \t");
	n = strspn(s, LETTERS) > 0 ? strspn(s, NAME) : 0;
	name = mem_printf("%.*s", (int)n, s);
	s += n + strspn(s + n, " \t");
	if (n > 0 && *s == '=') {
		s += 1 + strspn(s + 1, " \t");
		if (*s == '"' || *s == '\'')
			whole = take_quoted(s, &value);
		else
			take_plain(s, &value);
		if (whole)
			found(name, value.data, ctx);
	}
	free(name);
	buf_release(&value);
}

void
dotenv_parse(const char *text, size_t n,
    void (*found)(const char *name, const char *value, void *ctx), void *ctx)
{
	const char *end = text + n, *eol;
	char *line;

	while (text < end) {
		eol = memchr(text, '\n', (size_t)(end - text));
		if (eol == NULL)
			eol = end;
		line = mem_printf("%.*s", (int)(eol - text), text);
		parse_line(line, found, ctx);
		free(line);
		text = eol + 1;
	}
}

/* --- the file --- */

#define DOTENV_MAX	65536u		/* bytes of a file */

static void
set_variable(const char *name, const char *value, void *ctx)
{
	static const char *const known[] = { "MPFLASH_FIRMWARE",
	    "MPFLASH_IGNORE", "MPFLASH_QUIET" };
	const char *home = getenv("HOME");
	char *folder;

	(void)ctx;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i]) != 0)
			continue;
		folder = i == 0 && strncmp(value, "~/", 2) == 0 &&
		    home != NULL ? mem_printf("%s%s", home, value + 1) :
		    mem_str(value);
		setenv(name, folder, 0);
		free(folder);
	}
}

/*
 * Here, or in the nearest folder above; the caller frees it.  Python's virtual
 * environments are often folders of this name, and a fifo would be waited for.
 */
static char *
find_dotenv(struct stat *st)
{
	char here[PATH_MAX], *slash, *path;

	if (getcwd(here, sizeof(here)) == NULL)
		return NULL;
	for (;;) {
		path = mem_printf("%s/.env", here);
		if (stat(path, st) == 0 && S_ISREG(st->st_mode))
			return path;
		free(path);
		slash = strrchr(here, '/');
		if (slash == NULL || here[0] == '\0')
			return NULL;
		*slash = '\0';
	}
}

/* Whoever can write it says where firmware comes from. */
static int
check_writers(const char *path, const struct stat *st, struct err *e)
{
	if (st->st_uid != geteuid() && st->st_uid != 0) {
		err_set(e, ERR_PERMISSION, "%s: not read, as another user "
		    "owns it", path);
		return err_hint(e, "remove it, or set its variables yourself");
	}
	if ((st->st_mode & S_IWOTH) != 0) {
		err_set(e, ERR_PERMISSION, "%s: not read, as all users can "
		    "write it", path);
		return err_hint(e, "chmod o-w %s", path);
	}
	return 0;
}

int
dotenv_load(char **path, struct err *e)
{
	struct buf text = BUF_MAX(DOTENV_MAX);
	struct stat st;
	int r = 0;

	*path = find_dotenv(&st);
	if (*path == NULL)
		return 0;
	if (check_writers(*path, &st, e) == -1 ||
	    file_read(*path, &text, e) == -1)
		r = -1;
	else
		dotenv_parse(text.data, text.len, set_variable, NULL);
	buf_release(&text);
	return r;
}
