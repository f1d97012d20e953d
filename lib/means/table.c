/* SPDX-License-Identifier: MIT */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/dirs.h"
#include "base/file.h"
#include "base/mem.h"
#include "means/means.h"
#include "store/tsv.h"

#define NAME		"means.tsv"
#define TABLE_MAX	(1u << 20)	/* bytes; today's has 8000 */

/* The columns, in their order. */
enum {
	PORT, BOARD, FILES, METHODS, LOADER, USB, TOOL, COMMAND, DEPLOY, COLUMNS
};

static const char *const names[COLUMNS] = {
	"port", "board", "files", "methods", "loader", "usb", "tool",
	"command", "deploy"
};

struct means_table {
	struct buf	 text;		/* cut up; the rows point into it */
	struct means	*row;
	size_t		 n;
};

/* "dfu,hex" as a list; its commas become NULs. */
static int
split_list(char *text, const char *out[MEANS_MAX + 1])
{
	size_t n = 0;

	while (text != NULL && text[0] != '\0') {
		char *comma = strchr(text, ',');

		if (comma != NULL)
			*comma++ = '\0';
		if (n == MEANS_MAX || text[0] == '\0')
			return -1;
		out[n++] = text;
		text = comma;
	}
	return 0;
}

static int
add_means_row(struct means_table *t, const struct tsv *line, struct err *e)
{
	struct means m = { .port = line->field[PORT] };

	if (line->n != COLUMNS ||
	    split_list(line->field[FILES], m.file) == -1 ||
	    split_list(line->field[METHODS], m.method) == -1)
		return err_set(e, ERR_INPUT, "%s, line %u: not port, board, "
		    "files, methods, loader, usb, tool, command and deploy",
		    line->name, line->line);
	m.board = line->field[BOARD];
	m.loader = line->field[LOADER];
	m.usb = line->field[USB];
	m.tool = line->field[TOOL];
	m.command = line->field[COMMAND];
	t->row = mem_grow(t->row, t->n + 1, sizeof(*t->row));
	t->row[t->n++] = m;
	return 0;
}

/* The first line names the columns. */
static bool
is_head(const struct tsv *line)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (line->n != COLUMNS ||
		    strcmp(line->field[i], names[i]) != 0)
			return false;
	return true;
}

static int
read_rows(struct means_table *t, const char *path, struct err *e)
{
	struct tsv line = { .text = t->text.data, .len = t->text.len,
	    .name = path };
	int r;

	while ((r = tsv_line(&line, e)) == 1) {
		if (line.line == 1 && is_head(&line))
			continue;
		if (add_means_row(t, &line, e) == -1)
			return -1;
	}
	return r;
}

int
means_open(struct means_table **out, struct err *e)
{
	struct means_table *t = mem_alloc(sizeof(*t));
	char *dir = dirs_share(), *path = mem_printf("%s/" NAME, dir);
	int r;

	t->text = (struct buf)BUF_MAX(TABLE_MAX);
	r = file_read(path, &t->text, e) == 0 ? read_rows(t, path, e) : -1;
	if (r == -1) {
		err_hint(e, DIRS_SHARE_HINT);
		means_close(t);
	} else {
		*out = t;
	}
	free(path);
	free(dir);
	return r;
}

void
means_close(struct means_table *t)
{
	if (t == NULL)
		return;
	buf_release(&t->text);
	free(t->row);
	free(t);
}

const struct means *
means_rows(const struct means_table *t, size_t *n)
{
	*n = t->n;
	return t->row;
}

const struct means *
means_find(const struct means_table *t, const char *port,
    const char *board_id)
{
	for (size_t i = 0; i < t->n && port != NULL && board_id != NULL; i++)
		if (strcmp(t->row[i].port, port) == 0 &&
		    fnmatch(t->row[i].board, board_id, 0) == 0)
			return &t->row[i];
	return NULL;
}
