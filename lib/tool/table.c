/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <libsmartcols.h>

#include "base/mem.h"
#include "base/text.h"
#include "tool/run.h"

#define WIDTH_DEFAULT	80		/* of a terminal that does not say */

struct table {
	const struct column	*columns;
	size_t			 width;		/* their number */
	char			**cells;	/* width + 1 for each row */
	size_t			 n;		/* rows */
	bool			 failed;	/* at least one of them */
	const char		*said;		/* whose errors are known */
	struct buf		 errors;	/* the others */
};

struct table *
table_new(const struct column *columns, const char *said)
{
	struct table *t = mem_alloc(sizeof(*t));

	t->columns = columns;
	t->said = said;
	t->errors = (struct buf)BUF_INIT;
	while (columns[t->width].heading != NULL)
		t->width++;
	return t;
}

static bool
is_size(const char *path)
{
	const size_t n = strlen(path);

	return n > 6 && strcmp(path + n - 6, "_bytes") == 0;
}

/* The value as one line that is safe on a terminal. */
static char *
cell(const struct record *rec, const char *path)
{
	struct buf raw = BUF_INIT, shown = BUF_INIT;
	struct err ignored;
	int64_t bytes;

	if (path == NULL)
		buf_adds(&raw, run_device(rec) != NULL ? run_device(rec) : "");
	else if (is_size(path) &&
	    record_get_int(rec, path, &bytes, &ignored) == 0)
		run_amount(&raw, bytes, "bytes");
	else
		record_text(rec, path, &raw);
	text_show(&shown, raw.data, raw.len);
	buf_release(&raw);
	return buf_steal(&shown);
}

/* "/dev/ttyACM0: no answer", and what to do, unless the user has seen that. */
static void
add_error(struct table *t, const struct record *rec, const char *place)
{
	const char *stage = run_text(rec, "error.stage");
	const char *id = run_text(rec, "device.id");
	char *text;

	if (t->said != NULL && stage != NULL && strcmp(stage, t->said) == 0)
		return;
	text = cell(rec, "error.message");
	if (place[0] != '\0' && strstr(text, place) == NULL &&
	    (id == NULL || strstr(text, id) == NULL))
		buf_addf(&t->errors, "%s: ", place);
	buf_addf(&t->errors, "%s\n", text);
	free(text);
	if (record_has(rec, "error.hint")) {
		text = cell(rec, "error.hint");
		buf_addf(&t->errors, "  hint: %s\n", text);
		free(text);
	}
}

void
table_add(struct table *t, const struct record *rec)
{
	const size_t each = t->width + 1;
	const char *place = "";		/* the first cell that says anything */
	char **row;

	if (!record_ours(rec))
		return;			/* it has none of the columns */
	t->cells = mem_grow(t->cells, (t->n + 1) * each, sizeof(*t->cells));
	row = t->cells + t->n * each;
	for (size_t i = 0; i < t->width; i++) {
		row[i] = cell(rec, t->columns[i].path);
		if (place[0] == '\0')
			place = row[i];
	}
	row[t->width] = cell(rec, "error.code");
	if (record_failed(rec))
		add_error(t, rec, place);
	if (place[0] != '\0') {
		t->failed = t->failed || record_failed(rec);
		t->n++;
		return;
	}
	for (size_t i = 0; i < each; i++)
		free(row[i]);		/* it is about no board */
}

static const char *
heading(const struct table *t, size_t column)
{
	return column < t->width ? t->columns[column].heading : "ERROR";
}

/* How wide the table may be; 0: as wide as it likes. */
static size_t
room(void)
{
	struct winsize w = { .ws_col = 0 };

	if (!isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ?
	    w.ws_col : WIDTH_DEFAULT;
}

static void
measure(struct layout *c, const char *text)
{
	const size_t width = layout_width(text), word = layout_word(text);

	c->width = width > c->width ? width : c->width;
	c->word = word > c->word ? word : c->word;
}

/* Breaks the cells of columns that have to give way. */
static void
wrap(struct table *t, size_t shown)
{
	const size_t each = t->width + 1;
	struct layout *columns = mem_alloc(shown * sizeof(*columns));
	char **c, *text;

	for (size_t i = 0; i < shown; i++) {
		measure(&columns[i], heading(t, i));
		for (size_t r = 0; r < t->n; r++)
			measure(&columns[i], t->cells[r * each + i]);
	}
	layout_fit(columns, shown, room());
	for (size_t i = 0; i < shown; i++)
		for (size_t r = 0; r < t->n; r++) {
			c = &t->cells[r * each + i];
			text = layout_wrap(*c, columns[i].width);
			free(*c);
			*c = text;
		}
	free(columns);
}

static int
fill(const struct table *t, size_t shown, struct libscols_table *tb)
{
	struct libscols_column *column;
	struct libscols_line *line;

	scols_table_enable_noencoding(tb, 1);	/* the cells are safe */
	scols_table_set_termforce(tb, SCOLS_TERMFORCE_NEVER);
	for (size_t i = 0; i < shown; i++) {
		column = scols_table_new_column(tb, heading(t, i), 0,
		    SCOLS_FL_WRAP);
		if (column == NULL || scols_column_set_wrapfunc(column,
		    scols_wrapnl_chunksize, scols_wrapnl_nextchunk,
		    NULL) != 0)
			return -1;
	}
	for (size_t r = 0; r < t->n; r++) {
		line = scols_table_new_line(tb, NULL);
		if (line == NULL)
			return -1;
		for (size_t i = 0; i < shown; i++)
			if (scols_line_set_data(line, i,
			    t->cells[r * (t->width + 1) + i]) != 0)
				return -1;
	}
	return 0;
}

static int
print(struct table *t)
{
	const size_t shown = t->width + t->failed;
	struct libscols_table *tb = t->n > 0 ? scols_new_table() : NULL;
	int r = 0;

	if (t->n > 0 && room() > 0)
		wrap(t, shown);
	errno = 0;
	if (t->n > 0 && (tb == NULL || fill(t, shown, tb) == -1 ||
	    scols_print_table(tb) != 0))
		r = -1;
	if (r == 0 && t->errors.len > 0)
		printf("%s%s", t->n > 0 ? "\n" : "", t->errors.data);
	if (fflush(stdout) == EOF)
		r = -1;
	scols_unref_table(tb);
	return r;
}

int
table_end(struct table *t, struct err *e)
{
	int r = 0;

	setlocale(LC_CTYPE, "");	/* how wide a letter is */
	if (print(t) == -1)
		r = err_sys(e, "standard output");
	for (size_t i = 0; i < t->n * (t->width + 1); i++)
		free(t->cells[i]);
	free(t->cells);
	buf_release(&t->errors);
	free(t);
	return r;
}
