/* SPDX-License-Identifier: MIT */
#include "facts/identify.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What mpflash and others write where they do not know it. */
static const char *const no_ids[] = { "", "UNKNOWN_BOARD", "UNKNOWN" };

/* MicroPython says which board and variant it was built for since v1.25. */
static const struct version named_since = { 1, 25, 0, true, -1, "", false };

bool
identity_same_version(const char *a, const char *b)
{
	struct version x, y;

	if (a == NULL || b == NULL || !version_parse(a, &x) ||
	    !version_parse(b, &y))
		return false;
	x.build = y.build = -1;
	return version_compare(&x, &y) == 0;
}

static bool
no_id(const char *id)
{
	for (size_t i = 0; i < sizeof(no_ids) / sizeof(no_ids[0]); i++)
		if (strcmp(id, no_ids[i]) == 0)
			return true;
	return false;
}

static void
set_one(struct identity *out, const struct board_name *name)
{
	out->candidate[0] = *name;
	out->n = 1;
	out->kind = IDENTITY_ONE;
}

/* BOARD or BOARD-VARIANT of no table. */
static void
set_unknown(struct identity *out, const char *port, const char *text)
{
	struct board_name name = { .port = port, .board_id = out->id };
	char *dash;

	snprintf(out->id, sizeof(out->id), "%s", text);
	dash = strchr(out->id, '-');
	if (dash != NULL && dash > out->id && dash[1] != '\0') {
		*dash = '\0';
		name.variant = dash + 1;
	}
	set_one(out, &name);
}

/* A copy, whose names do not lie in the one that it was made from. */
static void
copy_identity(struct identity *out, const struct identity *id)
{
	struct board_name *one = &out->candidate[0];

	*out = *id;
	if (id->n == 0 || id->candidate[0].board_id != id->id)
		return;
	one->board_id = out->id;
	if (one->variant != NULL)
		one->variant = out->id + (one->variant - id->id);
}

static bool
has_board(const struct identity *id, const char *board_id)
{
	for (size_t i = 0; i < id->n; i++)
		if (strcmp(id->candidate[i].board_id, board_id) == 0)
			return true;
	return false;
}

/* Only those of that port. */
static void
keep_port(struct identity *id, const char *port)
{
	size_t n = 0;

	for (size_t i = 0; i < id->n; i++)
		if (strcmp(id->candidate[i].port, port) == 0)
			id->candidate[n++] = id->candidate[i];
	id->n = n;
}

/*
 * Boards found by an id, in out: those of the port that the board runs.  Some
 * nrf boards report another port, and are known by their machine string.
 */
static int
check_noted_port(const struct facts *f, const struct board *b, const char *id,
    struct identity *out, struct err *e)
{
	struct identity said;
	bool any = false;

	for (size_t i = 0; i < out->n && b->port != NULL; i++)
		any = any || strcmp(out->candidate[i].port, b->port) == 0;
	if (any)
		keep_port(out, b->port);
	if (out->n == 1 && (any || !facts_is_port(f, b->port)))
		return 0;
	identify(f, b, &said);
	identity_today(f, &said);
	for (size_t i = 0; i < out->n && out->n > 1; i++)
		if (has_board(&said, out->candidate[i].board_id)) {
			keep_port(out, out->candidate[i].port);
			break;
		}
	if (!any && facts_is_port(f, b->port) &&
	    !has_board(&said, out->candidate[0].board_id)) {
		err_set(e, ERR_MISMATCH, "it runs MicroPython for %.20s, and "
		    "%.60s is %.20s", b->port, id, out->candidate[0].port);
		return err_todo(e, NEXT_CHOOSE_BOARD,
		    "say which board it is with --board, or "
		    "mend its board_info.toml");
	}
	return 0;
}

/* What somebody wrote into a file. */
static int
by_text(const struct facts *f, const struct board *b, const char *text,
    struct identity *out, struct err *e)
{
	memset(out, 0, sizeof(*out));
	out->n = facts_find(f, NULL, text, out->candidate, IDENTITY_MAX);
	if (out->n == 0) {
		set_unknown(out, b->port, text);
		return 0;
	}
	if (check_noted_port(f, b, text, out, e) == -1)
		return -1;
	identity_today(f, out);		/* sums up */
	return 0;
}

void
identity_settle(const struct facts *f, struct identity *id, const char *text)
{
	struct board_name names[IDENTITY_MAX];
	const size_t n = facts_find(f, NULL, text, names, IDENTITY_MAX);

	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < id->n; i++)
			if (board_name_equal(&id->candidate[i], &names[k])) {
				set_one(id, &names[k]);
				return;
			}
}

static int
by_machine(const struct facts *f, const struct board *b,
    const struct identity_notes *notes, struct identity *out, struct err *e)
{
	const char *id = notes->record_id;

	identify(f, b, out);
	identity_today(f, out);
	if (id == NULL || !identity_same_version(notes->record_version,
	    b->version))
		return 0;
	if (out->kind == IDENTITY_NONE && (b->family == NULL ||
	    strcmp(b->family, "micropython") == 0))
		return by_text(f, b, id, out, e);
	if (out->kind != IDENTITY_ONE)
		identity_settle(f, out, id);
	return 0;
}

static void
add_new(struct identity *out, const struct board_name *name)
{
	for (size_t i = 0; i < out->n; i++)
		if (board_name_equal(&out->candidate[i], name))
			return;
	if (out->n < IDENTITY_MAX)
		out->candidate[out->n++] = *name;
}

/* Every board that is called so, or has been; at: by whom. */
static void
gather(const struct facts *f, const struct board_name *said,
    const struct version *at, struct identity *out)
{
	static int (*const same[])(const char *, const char *) = { strcmp,
	    strcasecmp };
	const struct fact *row;
	struct board_name name;
	size_t i;

	memset(out, 0, sizeof(*out));
	for (size_t k = 0; k < 2 && out->n == 0; k++) {
		i = 0;
		while ((row = facts_row_of(f, said->board_id, i++)) != NULL) {
			if (same[k](row->board_id, said->board_id) != 0)
				continue;
			name = (struct board_name){ row->port, row->board_id,
			    said->variant };
			name = facts_today(f, &name, at);
			add_new(out, &name);
		}
	}
}

/* "BOARD-VARIANT", as others write it, or "BOARD". */
static void
read_id(const struct facts *f, const struct board *b, char text[],
    struct board_name *out)
{
	char *dash;

	snprintf(text, BOARD_NAME_TEXT, "%s", b->board_id);
	*out = (struct board_name){ b->port, text, b->variant };
	dash = strchr(text, '-');
	if (dash == NULL || b->variant != NULL ||
	    facts_row_of(f, text, 0) != NULL)
		return;
	*dash = '\0';
	if (facts_row_of(f, text, 0) != NULL)
		out->variant = b->board_id + (dash + 1 - text);
	else
		*dash = '-';
}

/*
 * What is in board_id of firmware that does not name itself was found out by
 * the machine string, so that no variant may mean that it is not known.
 */
static int
by_id(const struct facts *f, const struct board *b,
    const struct identity_notes *notes, struct identity *out, struct err *e)
{
	char text[BOARD_NAME_TEXT];
	struct board_name said;
	struct version v;
	const bool versioned = b->version != NULL &&
	    version_parse(b->version, &v);
	const bool itself = versioned && version_compare(&v, &named_since) >= 0;
	struct identity by;

	read_id(f, b, text, &said);
	gather(f, &said, itself ? &v : NULL, out);
	if (out->n == 0) {
		set_unknown(out, b->port, b->board_id);
		if (b->variant != NULL)
			out->candidate[0].variant = b->variant;
		return 0;
	}
	if (check_noted_port(f, b, b->board_id, out, e) == -1)
		return -1;
	out->kind = out->n == 1 ? IDENTITY_ONE : IDENTITY_BOARDS;
	if (out->n > 1 || said.variant != NULL || itself)
		return 0;
	if (by_machine(f, b, notes, &by, e) == -1)
		return -1;
	if ((by.kind == IDENTITY_ONE || by.kind == IDENTITY_VARIANTS) &&
	    has_board(&by, out->candidate[0].board_id))
		copy_identity(out, &by);
	return 0;
}

int
identify_board(const struct facts *f, const struct board *b,
    const struct identity_notes *notes, struct identity *out, struct err *e)
{
	if (notes->info_id != NULL)
		return by_text(f, b, notes->info_id, out, e);
	if (b->board_id != NULL && !no_id(b->board_id))
		return by_id(f, b, notes, out, e);
	return by_machine(f, b, notes, out, e);
}
