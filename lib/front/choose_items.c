/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/dirs.h"
#include "base/file.h"
#include "base/mem.h"
#include "front/choose.h"
#include "tool/table.h"

#define VERSIONS	"#versions\t"	/* begins the table's first line */

void
items_add(struct items *l, const char *value, const char *text)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].value, value) == 0)
			return;
	l->v = mem_grow(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = (struct pick_item){ mem_str(value), mem_str(text) };
}

void
items_release(struct items *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free((char *)(uintptr_t)l->v[i].value);
		free((char *)(uintptr_t)l->v[i].text);
	}
	free(l->v);
	*l = (struct items){ NULL, 0 };
}

static void
add_part(struct buf *out, const char *s)
{
	if (s != NULL && s[0] != '\0')
		buf_addf(out, "%s%s", out->len > 0 ? "  " : "", s);
}

void
items_devices(struct items *l, const struct front_records *r)
{
	struct buf text = BUF_INIT, board = BUF_INIT;
	const char *name;

	for (size_t i = 0; i < r->n; i++) {
		name = run_device(r->v[i]);
		if (name == NULL)
			continue;
		buf_clear(&text);
		buf_clear(&board);
		column_board(r->v[i], &board);
		add_part(&text, board.data);
		add_part(&text, record_str(r->v[i], "board.version"));
		buf_clear(&board);
		column_description(r->v[i], &board);
		add_part(&text, board.data);
		if (text.len == 0)
			add_part(&text, record_str(r->v[i], "device.mode"));
		items_add(l, name, text.data);
	}
	buf_release(&text);
	buf_release(&board);
}

void
items_boards(struct items *l, const struct front_records *r)
{
	struct buf text = BUF_INIT;
	const char *id, *variant;
	char *value;

	for (size_t i = 0; i < r->n; i++) {
		id = record_str(r->v[i], "board.board_id");
		variant = record_str(r->v[i], "board.variant");
		if (id == NULL)
			continue;
		buf_clear(&text);
		buf_addf(&text, "at %s", run_device(r->v[i]));
		value = variant == NULL ? mem_str(id) :
		    mem_printf("%s-%s", id, variant);
		items_add(l, value, text.data);
		free(value);
	}
	buf_release(&text);
}

void
items_versions(struct items *l, const struct front_records *r)
{
	const char *version;

	for (size_t i = 0; i < r->n; i++) {
		version = record_str(r->v[i], "firmware.version");
		if (version != NULL)
			items_add(l, version, "");
	}
}

/* --- share/boards.tsv, whose lines tools/boards/mpf-boards writes --- */

enum { TABLE_BOARD = 1, TABLE_VARIANT = 2, TABLE_NAME = 5, TABLE_COLUMNS };

static int
read_board_table(struct buf *text, struct err *e)
{
	char *dir = dirs_share(), *path = mem_printf("%s/boards.tsv", dir);
	int r = file_read(path, text, e);

	if (r == -1 && e->code == ERR_NOT_FOUND)
		err_hint(e, DIRS_SHARE_HINT);
	free(path);
	free(dir);
	return r;
}

/* The first n columns, cut in place; how many there were. */
static size_t
split_line(char *s, char **parts, size_t n)
{
	size_t i = 0;

	while (i < n && s != NULL) {
		parts[i++] = s;
		s = strchr(s, '\t');
		if (s != NULL)
			*s++ = '\0';
	}
	return i;
}

static void
add_board(struct items *l, char *line)
{
	char *part[TABLE_COLUMNS], *value;

	if (line[0] == '#' ||
	    split_line(line, part, TABLE_COLUMNS) < TABLE_COLUMNS ||
	    strcmp(part[TABLE_BOARD], "board") == 0)
		return;
	value = part[TABLE_VARIANT][0] == '\0' ? mem_str(part[TABLE_BOARD]) :
	    mem_printf("%s-%s", part[TABLE_BOARD], part[TABLE_VARIANT]);
	items_add(l, value, part[TABLE_NAME]);
	free(value);
}

int
items_known_boards(struct items *l, struct err *e)
{
	struct buf text = BUF_INIT;
	char *line, *next;
	int r = read_board_table(&text, e);

	for (line = text.data; r == 0 && line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		add_board(l, line);
	}
	buf_release(&text);
	return r;
}

/* The newest first; the table has the oldest first. */
int
items_known_versions(struct items *l, struct err *e)
{
	struct buf text = BUF_INIT;
	char *line, *tab;

	if (read_board_table(&text, e) == -1)
		return -1;
	line = text.data;
	if (strncmp(line, VERSIONS, strlen(VERSIONS)) == 0) {
		line[strcspn(line, "\n")] = '\0';
		while ((tab = strrchr(line, '\t')) != NULL) {
			items_add(l, tab + 1, "");
			*tab = '\0';
		}
	}
	buf_release(&text);
	return 0;
}
