/* SPDX-License-Identifier: MIT */
#include "facts/facts.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tap.h"

/* Every row of share/renames.tsv, forwards and back, and since when. */

#define TEXT	128

static struct facts *f;
static size_t renames, tried;

/* "BOARD-VARIANT" or, as it was before v1.21, an id with dashes in it. */
static struct board_name
name_of(const char *port, const char *id, char board[TEXT])
{
	struct board_name name = { .port = port, .board_id = board };
	char *dash;

	snprintf(board, TEXT, "%s", id);
	dash = strchr(board, '-');
	if (dash == NULL || facts_row_of(f, board, 0) != NULL)
		return name;
	*dash = '\0';
	name.variant = dash + 1;
	return name;
}

static bool
is_in(const struct board_name *list, size_t n, const struct board_name *name)
{
	for (size_t i = 0; i < n; i++)
		if (board_name_equal(&list[i], name))
			return true;
	return false;
}

static void
try_pair(const struct board_name *old, const struct board_name *new,
    const char *since)
{
	struct board_name all[FACTS_NAMES], now, then;
	struct version at, before;
	char text[TEXT];
	size_t n;

	tried++;
	now = facts_today(f, old, NULL);
	then = facts_today(f, new, NULL);
	board_name_text(old, text);
	if (!board_name_equal(&now, &then))
		printf("# %s: not %s\n", text, now.board_id);
	OK(board_name_equal(&now, &then));
	/* And back: the old name is one of those that today's has had. */
	n = facts_names(f, &then, all, FACTS_NAMES);
	if (!is_in(all, n, old))
		printf("# %s: not among %zu\n", text, n);
	OK(is_in(all, n, old) && is_in(all, n, &then));

	/* What calls itself so from then on is no longer that one. */
	OK(version_parse(since, &at));
	now = facts_today(f, old, &at);
	OK(board_name_equal(&now, old));
	before = at;
	before.preview = true;
	now = facts_today(f, old, &before);
	OK(!board_name_equal(&now, old));
}

/* "*-dp": of each board that had such a variant. */
static void
try_any(const struct store_rename *r)
{
	const char *from = r->old_id + 2, *to = r->new_id + 2;
	size_t n, pairs = 0;
	const struct fact *rows = facts_rows(f, &n);

	for (size_t i = 0; i < n; i++) {
		const struct board_name old = { r->port, rows[i].board_id,
		    from }, new = { r->port, rows[i].board_id, to };

		if (strcmp(rows[i].port, r->port) != 0 ||
		    rows[i].variant == NULL ||
		    strcmp(rows[i].variant, from) != 0)
			continue;
		try_pair(&old, &new, r->since);
		pairs++;
	}
	OK(pairs > 0);
}

static int
try_rename(const struct store_rename *r, void *ctx)
{
	char from[TEXT], to[TEXT];
	struct board_name old, new, other;

	(void)ctx;
	renames++;
	if (r->old_id[0] == '*') {
		try_any(r);
		return 0;
	}
	old = name_of(r->port, r->old_id, from);
	new = name_of(r->port, r->new_id, to);
	try_pair(&old, &new, r->since);
	/* Of another port it is another board. */
	other = old;
	other.port = "no-such";
	new = facts_today(f, &other, NULL);
	OK(board_name_equal(&new, &other));
	return 0;
}

static void
since(const char *board, const char *variant, const char *want)
{
	const struct board_name name = { NULL, board, variant };
	char text[VERSION_TEXT] = "never";
	const int at = facts_since(f, &name);
	size_t n;
	const struct version *all = facts_releases(f, &n);

	if (at != -1)
		version_text(&all[at / 2], text);
	IS_STR(text, want);
}

int
main(void)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;
	struct board_name one[1], two[2];
	const struct board_name pico = { "rp2", "RPI_PICO", NULL };

	setenv("MPF_SHARE", "share", 1);
	OK(store_memory(&s, &e) == 0 && facts_open(s, &f, &e) == 0);
	OK(store_renames(s, try_rename, NULL, &e) == 0);
	printf("# %zu renames, %zu names\n", renames, tried);
	OK(renames > 60 && tried >= renames);
	since("RPI_PICO", NULL, "v1.18");		/* as PICO */
	since("RPI_PICO2", NULL, "v1.24.0");
	since("ESP32_GENERIC", "SPIRAM", "v1.18");	/* as GENERIC_SPIRAM */
	since("NO_SUCH", NULL, "never");
	OK(facts_names(f, &pico, one, 1) == 1);
	OK(facts_names(f, &pico, two, 2) == 2);
	IS_STR(two[1].board_id, "PICO");
	facts_close(f);
	store_close(s);
	return tap_done();
}
