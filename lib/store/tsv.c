/* SPDX-License-Identifier: MIT */
#include "store/tsv.h"

#include <string.h>

static int
bad_tsv(const struct tsv *t, const char *what, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s, line %u: %s", t->name, t->line, what);
}

int
tsv_line(struct tsv *t, struct err *e)
{
	char *end, *tab, *p = t->text;
	size_t len;

	if (t->len == 0)
		return 0;
	t->line++;
	end = memchr(p, '\n', t->len);
	len = end != NULL ? (size_t)(end - p) : t->len;
	if (len > TSV_LINE)
		return bad_tsv(t, "too long", e);
	if (memchr(p, '\0', len) != NULL)
		return bad_tsv(t, "holds a NUL", e);
	t->text += end != NULL ? len + 1 : len;
	t->len -= end != NULL ? len + 1 : len;
	p[len] = '\0';
	for (t->n = 0; p != NULL; p = tab) {
		if (t->n == TSV_FIELDS)
			return bad_tsv(t, "too many fields", e);
		tab = strchr(p, '\t');
		if (tab != NULL)
			*tab++ = '\0';
		t->field[t->n++] = p;
	}
	return 1;
}
