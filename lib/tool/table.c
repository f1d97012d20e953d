/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/mem.h"
#include "base/text.h"
#include "tool/run.h"

struct table {
	const struct column	*columns;
	size_t			 width;		/* their number */
	char			**cells;	/* width + 1 for each record */
	size_t			 n;		/* records */
	bool			 failed;	/* at least one of them */
};

struct table *
table_new(const struct column *columns)
{
	struct table *t = mem_alloc(sizeof(*t));

	t->columns = columns;
	while (columns[t->width].heading != NULL)
		t->width++;
	return t;
}

/* The value as one line that is safe on a terminal. */
static char *
cell(const struct record *rec, const char *path)
{
	struct buf raw = BUF_INIT, shown = BUF_INIT;

	record_text(rec, path, &raw);
	text_show(&shown, raw.data, raw.len);
	buf_release(&raw);
	return buf_steal(&shown);
}

void
table_add(struct table *t, const struct record *rec)
{
	const size_t each = t->width + 1;
	char **row;

	if (!record_ours(rec))
		return;			/* it has none of the columns */
	t->cells = mem_grow(t->cells, (t->n + 1) * each, sizeof(*t->cells));
	row = t->cells + t->n * each;
	for (size_t i = 0; i < t->width; i++)
		row[i] = cell(rec, t->columns[i].path);
	row[t->width] = cell(rec, "error.message");
	t->failed = t->failed || record_failed(rec);
	t->n++;
}

static int
fill(const struct table *t, struct libscols_table *tb)
{
	const size_t each = t->width + 1, shown = t->width + t->failed;
	struct libscols_line *line;

	scols_table_enable_noencoding(tb, 1);	/* the cells are safe */
	for (size_t i = 0; i < t->width; i++)
		if (scols_table_new_column(tb, t->columns[i].heading, 0,
		    0) == NULL)
			return -1;
	if (t->failed && scols_table_new_column(tb, "ERROR", 0,
	    SCOLS_FL_WRAP) == NULL)
		return -1;
	for (size_t r = 0; r < t->n; r++) {
		line = scols_table_new_line(tb, NULL);
		if (line == NULL)
			return -1;
		for (size_t i = 0; i < shown; i++)
			if (scols_line_set_data(line, i,
			    t->cells[r * each + i]) != 0)
				return -1;
	}
	return 0;
}

int
table_end(struct table *t, struct err *e)
{
	struct libscols_table *tb;
	int r = 0;

	setlocale(LC_CTYPE, "");	/* how wide a letter is */
	tb = t->n > 0 ? scols_new_table() : NULL;
	errno = 0;
	if (tb != NULL && (fill(t, tb) == -1 ||
	    scols_print_table(tb) != 0 || fflush(stdout) == EOF))
		r = err_sys(e, "standard output");
	scols_unref_table(tb);
	for (size_t i = 0; i < t->n * (t->width + 1); i++)
		free(t->cells[i]);
	free(t->cells);
	free(t);
	return r;
}
