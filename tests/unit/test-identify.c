/* SPDX-License-Identifier: MIT */
#include "facts/identify.h"

#include <stdlib.h>

#include "base/mem.h"
#include "identify-shapes.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/*
 * Every board and variant of every release, as its firmware shows itself and
 * as others may have written that down: never taken for another board.
 */

static char *releases[64];
static size_t n_releases;

/* --- what becomes of it --- */

struct score {
	unsigned	rows, one, board, asked, unknown, wrong;
};

static struct board_name
today_of(const struct fact *row)
{
	const struct board_name then = { row->port, row->board_id,
	    row->variant };

	return facts_today(f, &then, NULL);
}

static bool
listed(const struct identity *id, const struct board_name *name)
{
	for (size_t i = 0; i < id->n; i++)
		if (board_name_equal(&id->candidate[i], name))
			return true;
	return false;
}

static void
judge(const struct identity *id, const struct fact *row, struct score *s)
{
	const struct board_name self = today_of(row);

	s->rows++;
	if (id->kind == IDENTITY_NONE)
		s->unknown++;
	else if (!listed(id, &self))
		s->wrong++;
	else if (id->kind == IDENTITY_ONE)
		s->one++;
	else if (id->kind == IDENTITY_VARIANTS)
		s->board++;
	else
		s->asked++;
}

static void
show(const struct fact *row, const char *version, struct shown *s)
{
	*s = (struct shown){ .b = BOARD_INIT };
	snprintf(s->text, TEXT, "%s", row->machine);
	s->b.family = "micropython";
	s->b.description = s->text;
	s->b.version = version;
	s->b.port = row->port;
}

static void
for_each(void (*fn)(const struct fact *row, size_t release, void *ctx),
    void *ctx)
{
	size_t n;
	const struct fact *rows = facts_rows(f, &n);

	for (size_t at = 0; at < n_releases; at++)
		for (size_t i = 0; i < n; i++)
			if (fact_holds(&rows[i], 2 * (int)at))
				fn(&rows[i], at, ctx);
}

struct shaped {
	size_t		shape;
	struct score	score;
};

static void
try_shape(const struct fact *row, size_t at, void *ctx)
{
	static const struct identity_notes nothing = { 0 };
	struct shaped *t = ctx;
	struct identity id;
	struct err e = ERR_INIT;
	struct shown s;
	unsigned wrong = t->score.wrong;

	show(row, releases[at], &s);
	shapes[t->shape].make(&s, row);
	if (identify_board(f, &s.b, &nothing, &id, &e) == -1)
		id.kind = IDENTITY_NONE;
	judge(&id, row, &t->score);
	if (t->score.wrong > wrong)
		printf("# %s: %s, %s: not %s\n", shapes[t->shape].what, s.text,
		    s.b.version, id.candidate[0].board_id);
}

static void
check_shapes(void)
{
	for (size_t i = 0; i < N(shapes); i++) {
		struct shaped t = { .shape = i };
		const struct score *s = &t.score;

		for_each(try_shape, &t);
		printf("# %s: %u rows, board right %u (variant too %u), "
		    "several boards %u, unknown %u, wrong %u\n",
		    shapes[i].what, s->rows, s->one + s->board, s->one,
		    s->asked, s->unknown, s->wrong);
		OK(s->rows == 3525 && s->wrong == 0);
		OK((s->one + s->board) * 1000 >= s->rows * shapes[i].board);
		OK(s->one * 1000 >= s->rows * shapes[i].one);
	}
}

/* --- what names itself, or has it written down --- */

static void
is_itself(const struct fact *row, const struct identity *id, struct score *s)
{
	const struct board_name self = today_of(row);

	s->rows++;
	s->one += id->kind == IDENTITY_ONE && listed(id, &self);
}

/* The firmware's _build; what older ones would say is in no table then. */
static void
try_build(const struct fact *row, size_t at, void *ctx)
{
	static const struct identity_notes nothing = { 0 };
	static const struct version since = { 1, 25, 0, false, -1, "", false };
	struct identity id;
	struct err e = ERR_INIT;
	struct shown s;
	struct version v;

	if (!version_parse(releases[at], &v) || version_compare(&v, &since) < 0)
		return;
	show(row, releases[at], &s);
	s.b.board_id = row->board_id;
	s.b.variant = row->variant;
	OK(identify_board(f, &s.b, &nothing, &id, &e) == 0);
	is_itself(row, &id, ctx);
}

static void
try_notes(const struct fact *row, size_t at, void *ctx)
{
	char text[BOARD_NAME_TEXT];
	const struct board_name then = { row->port, row->board_id,
	    row->variant };
	const struct identity_notes notes = { .record_id = text,
	    .record_version = releases[at] };
	struct identity id;
	struct err e = ERR_INIT;
	struct shown s;

	board_name_text(&then, text);
	show(row, releases[at], &s);
	OK(identify_board(f, &s.b, &notes, &id, &e) == 0);
	is_itself(row, &id, ctx);
}

/* What somebody wrote into board_info.toml goes before all else. */
static void
try_info(const struct fact *row, size_t at, void *ctx)
{
	char text[BOARD_NAME_TEXT];
	const struct board_name then = { row->port, row->board_id,
	    row->variant };
	const struct identity_notes notes = { .info_id = text };
	struct identity id;
	struct err e = ERR_INIT;
	struct shown s;

	board_name_text(&then, text);
	show(row, releases[at], &s);
	snprintf(s.text, TEXT, "A board with a string of its own");
	OK(identify_board(f, &s.b, &notes, &id, &e) == 0);
	is_itself(row, &id, ctx);
}

static void
check_named(void)
{
	static const struct {
		const char	*what;
		void		(*fn)(const struct fact *row, size_t at,
				    void *ctx);
		unsigned	 rows;
	} ways[] = {
		{ "_build", try_build, 1542 },
		{ "mpflash.toml", try_notes, 3525 },
		{ "board_info.toml", try_info, 3525 },
	};

	for (size_t i = 0; i < N(ways); i++) {
		struct score s = { 0 };

		for_each(ways[i].fn, &s);
		printf("# %s: %u of %u rows are themselves\n", ways[i].what,
		    s.one, s.rows);
		OK(s.one == s.rows);
		OK(s.rows == ways[i].rows);
	}
}

static int
add_release(const char *version, void *ctx)
{
	(void)ctx;
	releases[n_releases++] = mem_str(version);
	return 0;
}

int
main(void)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;

	setenv("MPF_SHARE", "share", 1);
	OK(store_memory(&s, &e) == 0 && facts_open(s, &f, &e) == 0);
	OK(store_releases(s, add_release, NULL, &e) == 0);
	store_close(s);
	check_shapes();
	check_named();
	facts_close(f);
	while (n_releases > 0)
		free(releases[--n_releases]);
	return tap_done();
}
