/* SPDX-License-Identifier: MIT */
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))

/*
 * The tip in numbers, to compare: a release is newer than its previews.
 * (facts/version.h knows more, and knows this module.)
 */
static void
tip_numbers(const char *tip, unsigned long out[5])
{
	const bool preview = strstr(tip, "preview") != NULL;
	size_t n = 0;

	memset(out, 0, 5 * sizeof(out[0]));
	while (*tip != '\0' && n < 5) {
		if (n == 3)
			out[n++] = preview ? 0 : 1;
		else if (strspn(tip, "0123456789") == 0)
			tip++;
		else
			out[n++] = strtoul(tip, (char **)&tip, 10);
	}
	if (n <= 3)
		out[3] = preview ? 0 : 1;
}

int
tip_compare(const char *a, const char *b)
{
	unsigned long x[5], y[5];

	tip_numbers(a, x);
	tip_numbers(b, y);
	for (size_t i = 0; i < N(x); i++)
		if (x[i] != y[i])
			return x[i] > y[i] ? 1 : -1;
	return 0;
}

char *
meta_get(struct store *s, const char *name)
{
	struct query q;
	struct err e = ERR_INIT;
	char *v = NULL;

	if (query_begin(s, "SELECT value FROM mpf_meta WHERE name = ?1", &q,
	    &e) == -1)
		return NULL;
	query_text(&q, name);
	if (query_next(&q, &e) == 1)
		v = mem_str(query_col_text(&q, 0));
	query_end(&q);
	return v;
}

int
meta_put(struct store *s, const char *name, const char *value, struct err *e)
{
	struct query q;

	if (query_begin(s, "INSERT INTO mpf_meta (name, value) VALUES (?1, ?2)"
	    " ON CONFLICT (name) DO UPDATE SET value = ?2", &q, e) == -1)
		return -1;
	query_text(&q, name);
	query_text(&q, value);
	return query_run(&q, e);
}
