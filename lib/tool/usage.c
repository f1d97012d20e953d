/* SPDX-License-Identifier: MIT */
#include "tool/usage.h"

#include <string.h>
#include <sys/stat.h>

#define NAME_MOST	32		/* bytes of an option worth comparing */
#define SLIPS_MOST	2		/* letters that may be wrong */

static size_t
least_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * How many letters of a, m bytes, have to change, come, go or change places to
 * make b of it: optimal string alignment.
 */
static size_t
slips(const char *a, size_t m, const char *b)
{
	const size_t n = strlen(b);
	size_t d[3][NAME_MOST + 1], *row, *up, *up2;

	if (m > NAME_MOST || n > NAME_MOST)
		return NAME_MOST;
	for (size_t j = 0; j <= n; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= m; i++) {
		row = d[i % 3];
		up = d[(i + 2) % 3];
		up2 = d[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			row[j] = least_size(least_size(up[j], row[j - 1]) + 1,
			    up[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = least_size(row[j], up2[j - 2] + 1);
		}
	}
	return d[m % 3][n];
}

/* The long option that this one may have been; NULL. */
static const char *
nearest(const struct options *o, const char *name)
{
	const size_t n = strcspn(name, "=");
	size_t best = least_size(SLIPS_MOST, n / 3) + 1, found;
	const char *near = NULL;

	for (size_t i = 0; i < o->n_table; i++) {
		found = slips(name, n, o->table[i].name);
		if (found < best) {
			best = found;
			near = o->table[i].name;
		}
	}
	return near;
}

/* "--ver" where there are --verbose and --version; false: it is not short. */
static bool
ambiguous_option(const struct options *o, const char *arg, struct err *e)
{
	const size_t n = strcspn(arg, "=");
	struct buf names = BUF_INIT;
	size_t fit = 0;

	for (size_t i = 0; n > 2 && i < o->n_table; i++)
		if (strncmp(arg, "--", 2) == 0 &&
		    strncmp(arg + 2, o->table[i].name, n - 2) == 0)
			buf_addf(&names, "%s--%s", fit++ > 0 ? ", " : "",
			    o->table[i].name);
	if (fit > 1)
		err_set(e, ERR_USAGE, "%.*s: may be %s", (int)n, arg,
		    names.data);
	buf_release(&names);
	return fit > 1;
}

/* "--refresh" of a tool that has it no more: what does its job now. */
static bool
has_moved(const struct options *o, const char *arg, struct err *e)
{
	const struct moved *m = o->t->moved;
	const size_t n = strcspn(arg, "=");

	for (; m != NULL && m->name != NULL; m++) {
		if (n != strlen(m->name) + 2 || strncmp(arg, "--", 2) != 0 ||
		    strncmp(arg + 2, m->name, n - 2) != 0)
			continue;
		err_set(e, ERR_USAGE, "%.*s: not an option of %s", (int)n, arg,
		    o->t->name);
		err_hint(e, "%s does that", m->to);
		return true;
	}
	return false;
}

/* What getopt_long did not like: ch is its answer. */
int
usage_refuse(const struct options *o, int ch, const char *arg, struct err *e)
{
	const bool letter = optopt > 0 && optopt < LONG_ONLY &&
	    strncmp(arg, "--", 2) != 0;
	const char *near;

	if (ch == ':' && letter)
		return err_set(e, ERR_USAGE, "-%c: needs a value", optopt);
	if (ch == ':')
		return err_set(e, ERR_USAGE, "%s: needs a value", arg);
	if (letter)
		return err_set(e, ERR_USAGE, "-%c: not an option of %s",
		    optopt, o->t->name);
	if (optopt != 0)
		return err_set(e, ERR_USAGE, "%s: takes no value", arg);
	if (has_moved(o, arg, e) || ambiguous_option(o, arg, e))
		return -1;
	err_set(e, ERR_USAGE, "%s: not an option of %s", arg, o->t->name);
	near = nearest(o, arg + strspn(arg, "-"));
	return near == NULL ? -1 : err_hint(e, "did you mean --%s", near);
}

static bool
is_regular_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* What somebody may have meant who gave an argument that is no option. */
static int
hint_argument(const struct tool *t, const char *arg, struct err *e)
{
	const bool port = strncmp(arg, "/dev/", 5) == 0 ||
	    strncmp(arg, "tty", 3) == 0;

	if (t->feeder != NULL && is_regular_file(arg))
		return err_hint(e, "did you mean %s <%s", t->name, arg);
	if (t->feeder != NULL && port)
		return err_hint(e, "did you mean mpf-detect --serial %s | %s",
		    arg, t->name);
	return t->arg_option == NULL ? -1 :
	    err_hint(e, "did you mean --%s %s", t->arg_option, arg);
}

int
options_arguments(const struct options *o, int argc, char *argv[],
    struct err *e)
{
	for (int i = optind; i < argc; i++) {
		if (o->t->arg == NULL) {
			err_set(e, ERR_USAGE, "%s: %s takes no argument",
			    argv[i], o->t->name);
			return hint_argument(o->t, argv[i], e);
		}
		if (o->t->arg(argv[i], o->t->ctx, e) == -1)
			return -1;
	}
	return 0;
}
