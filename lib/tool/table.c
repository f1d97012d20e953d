/* SPDX-License-Identifier: MIT */
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "tool/run.h"

#define BOLD		"1"		/* ECMA-48, SGR */
#define RED		"31"

struct row {
	char	**cells;		/* one for each column */
	char	 *name;			/* what messages call it */
	char	 *error, *hint;		/* NULL: it did not fail */
	bool	  said;			/* the user has seen that */
};

struct table {
	struct table_look	 look;
	size_t			 width;		/* columns, with ERROR */
	size_t			 last;		/* the column that has errors */
	struct row		*rows;
	size_t			 n;
	bool			 utf8;
	char			 mixed[32];	/* "REASON/ERROR" */
};

struct table *
table_new(const struct table_look *look)
{
	struct table *t = mem_alloc(sizeof(*t));
	size_t n = 0;

	t->look = *look;
	t->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	while (look->columns[n].heading != NULL)
		n++;
	for (t->last = 0; t->last < n; t->last++)
		if (look->columns[t->last].kind == COLUMN_REASON)
			break;
	snprintf(t->mixed, sizeof(t->mixed), "%s/ERROR",
	    t->last < n ? look->columns[t->last].heading : "");
	t->width = n + 1;
	return t;
}

static const struct column *
column(const struct table *t, size_t i)
{
	static const struct column error = { "ERROR", "", COLUMN_TEXT, NULL };

	return i + 1 < t->width ? &t->look.columns[i] : &error;
}

static bool
is_size(const char *path)
{
	const size_t n = strlen(path);

	return n > 6 && strcmp(path + n - 6, "_bytes") == 0;
}

void
table_arrow(struct buf *b)
{
	struct buf plain = BUF_INIT;
	const char *at = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? NULL :
	    strstr(b->data, COLUMN_ARROW);

	if (at == NULL)
		return;
	buf_addf(&plain, "%.*s->%s", (int)(at - b->data), b->data,
	    at + strlen(COLUMN_ARROW));
	buf_clear(b);
	buf_adds(b, plain.data);
	buf_release(&plain);
}

/* The value as one line that is safe on a terminal. */
static char *
cell(const struct record *rec, const struct column *c)
{
	struct buf raw = BUF_INIT, shown = BUF_INIT;
	struct err ignored;
	int64_t bytes;

	if (c->show != NULL)
		c->show(rec, &raw);
	else if (c->path == NULL)
		buf_adds(&raw, run_device(rec) != NULL ? run_device(rec) : "");
	else if (is_size(c->path) &&
	    record_get_int(rec, c->path, &bytes, &ignored) == 0)
		run_amount(&raw, bytes, "bytes");
	else
		record_text(rec, c->path, &raw);
	table_arrow(&raw);
	text_show(&shown, raw.data, raw.len);
	buf_release(&raw);
	return buf_steal(&shown);
}

/* A text of the error, with the name that the table has for the board. */
static char *
error_text(const struct record *rec, const char *path)
{
	const char *raw = record_str(rec, path);
	char *named = run_named(raw == NULL ? "" : raw,
	    record_str(rec, "device.id"), run_label(rec));
	struct buf shown = BUF_INIT;

	text_show(&shown, named, strlen(named));
	free(named);
	return buf_steal(&shown);
}

static bool
is_said(const struct table *t, const struct record *rec)
{
	const char *stage = record_str(rec, "error.stage");

	return t->look.all_said || (t->look.said != NULL && stage != NULL &&
	    strcmp(stage, t->look.said) == 0);
}

void
table_add(struct table *t, const struct record *rec)
{
	const struct column name = { "", NULL, COLUMN_NAME, NULL };
	struct row *row;

	if (!record_ours(rec))
		return;			/* it has none of the columns */
	t->rows = mem_grow(t->rows, t->n + 1, sizeof(*t->rows));
	row = &t->rows[t->n++];
	*row = (struct row){ .said = is_said(t, rec) };
	row->cells = mem_alloc(t->width * sizeof(*row->cells));
	row->name = cell(rec, &name);
	if (record_failed(rec)) {
		row->error = error_text(rec, "error.message");
		row->hint = error_text(rec, "error.hint");
	}
	for (size_t i = 0; i + 1 < t->width; i++)
		row->cells[i] = cell(rec, column(t, i));
	row->cells[t->width - 1] = mem_str("");
	if (row->error != NULL) {
		free(row->cells[t->last]);
		row->cells[t->last] =
		    mem_str(text_without_name(row->error, row->name));
	}
}

/* A record that is about no board has a message, and no row for "failed". */
static bool
has_row(const struct table *t, const struct row *row)
{
	for (size_t i = 0; i < t->width; i++)
		if (i != t->last && row->cells[i][0] != '\0' &&
		    (row->error == NULL ||
		    column(t, i)->kind != COLUMN_STATE))
			return true;
	return row->error == NULL && row->cells[t->last][0] != '\0';
}

/* The variable is set, and says more than "no". */
static bool
is_set(const char *variable)
{
	const char *v = getenv(variable);

	return v != NULL && v[0] != '\0' && strcmp(v, "0") != 0;
}

bool
table_colour(const char *when)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	if (no != NULL && no[0] != '\0')
		return false;
	if (is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE"))
		return true;
	return isatty(STDOUT_FILENO) && term != NULL &&
	    strcmp(term, "dumb") != 0;
}

/* Of a column where all that it says, or some, are errors: that, too. */
static const char *
heading(const struct table *t, size_t i)
{
	bool reason = false, error = false;

	if (column(t, i)->kind != COLUMN_REASON)
		return column(t, i)->heading;
	for (size_t r = 0; r < t->n; r++) {
		error = error || t->rows[r].error != NULL;
		reason = reason || (t->rows[r].error == NULL &&
		    t->rows[r].cells[i][0] != '\0');
	}
	return !error ? column(t, i)->heading : reason ? t->mixed : "ERROR";
}

static struct layout
measure(const struct table *t, size_t i)
{
	static const enum layout_yield yields[] = {
		[COLUMN_NAME] = LAYOUT_CUT_LAST, [COLUMN_STATE] = LAYOUT_KEEP,
		[COLUMN_TEXT] = LAYOUT_CUT, [COLUMN_PATH] = LAYOUT_CUT,
		[COLUMN_REASON] = LAYOUT_CUT, [COLUMN_MORE] = LAYOUT_GOES,
	};
	struct layout c = { .gone = true };
	size_t w;

	c.yield = i == 0 ? LAYOUT_KEEP : yields[column(t, i)->kind];
	c.width = layout_width(heading(t, i));
	for (size_t r = 0; r < t->n; r++)
		if (has_row(t, &t->rows[r])) {
			w = layout_width(t->rows[r].cells[i]);
			c.width = w > c.width ? w : c.width;
			c.gone = c.gone && w == 0;
		}
	return c;
}

static void
print_cell(const struct table *t, const char *text, const char *colour,
    size_t pad)
{
	if (t->look.colour && colour != NULL && text[0] != '\0')
		printf("\033[%sm%s\033[m", colour, text);
	else
		printf("%s", text);
	printf("%*s", (int)pad, "");
}

static const char *
colour_of(const struct table *t, const struct row *row, size_t i)
{
	if (row == NULL)
		return BOLD;
	if (row->error != NULL && i == t->last)
		return RED;
	return column(t, i)->kind == COLUMN_STATE ?
	    column_colour(row->cells[i]) : NULL;
}

/* row NULL: the headings.  Says whether an error had to be cut. */
static bool
print_row(const struct table *t, const struct row *row,
    const struct layout *c)
{
	const char *dots = t->utf8 ? "\xe2\x80\xa6" : "...", *text;
	size_t pad = 0;
	bool cut = false;
	char *shown;

	for (size_t i = 0; i < t->width; i++) {
		if (c[i].gone)
			continue;
		text = row != NULL ? row->cells[i] : heading(t, i);
		shown = column(t, i)->kind == COLUMN_PATH && row != NULL ?
		    layout_cut_front(text, c[i].width, dots) :
		    layout_cut(text, c[i].width, dots);
		cut = cut || (i == t->last && strcmp(text, shown) != 0);
		if (text[0] != '\0') {
			printf("%*s", (int)pad, "");
			pad = 0;
			print_cell(t, shown, colour_of(t, row, i), 0);
		}
		pad += c[i].width + LAYOUT_GAP - layout_width(shown);
		free(shown);
	}
	putchar('\n');
	return cut;
}

/* A line of text, and more of them where a terminal is narrow. */
static void
print_text(const char *before, const char *text, size_t indent)
{
	struct buf line = BUF_INIT;

	buf_adds(&line, before);
	layout_wrap(&line, text, layout_width(before), indent, layout_room());
	puts(line.data);
	buf_release(&line);
}

/* Below the table: what it had no room for, and what to do. */
static void
print_error(const struct row *row, bool in_full, bool *gap)
{
	struct buf name = BUF_INIT;

	if (row->error == NULL || row->said ||
	    (!in_full && row->hint[0] == '\0'))
		return;
	printf("%s", *gap ? "\n" : "");
	*gap = false;
	if (row->name[0] != '\0' && (!in_full ||
	    strstr(row->error, row->name) == NULL))
		buf_addf(&name, "%s: ", row->name);
	if (in_full) {
		print_text(name.data, row->error, 2);
		buf_clear(&name);
		buf_adds(&name, "  ");
	}
	buf_adds(&name, "hint: ");
	if (row->hint[0] != '\0')
		print_text(name.data, row->hint, in_full ? 8 : 2);
	buf_release(&name);
}

static int
print(struct table *t)
{
	struct layout *c = mem_alloc(t->width * sizeof(*c));
	bool *cut = mem_alloc((t->n + 1) * sizeof(*cut)), begun = false;

	for (size_t i = 0; i < t->width; i++)
		c[i] = measure(t, i);
	if (layout_room() > 0)
		layout_fit(c, t->width, layout_room());
	for (size_t r = 0; r < t->n; r++) {
		cut[r] = true;
		if (!has_row(t, &t->rows[r]))
			continue;
		if (!begun)
			print_row(t, NULL, c);
		begun = true;
		cut[r] = print_row(t, &t->rows[r], c);
	}
	for (size_t r = 0; r < t->n; r++)
		print_error(&t->rows[r], cut[r], &begun);
	free(c);
	free(cut);
	return fflush(stdout) == EOF ? -1 : 0;
}

int
table_end(struct table *t, struct err *e)
{
	int r = 0;

	if (print(t) == -1)
		r = err_sys(e, "standard output");
	for (size_t i = 0; i < t->n; i++) {
		for (size_t k = 0; k < t->width; k++)
			free(t->rows[i].cells[k]);
		free(t->rows[i].cells);
		free(t->rows[i].name);
		free(t->rows[i].error);
		free(t->rows[i].hint);
	}
	free(t->rows);
	free(t);
	return r;
}
