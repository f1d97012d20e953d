/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The port that the table has it under; many boards report another. */
static void
mend_port(const struct choose *c, struct board_name *name)
{
	const char *port = NULL;
	size_t n;
	const struct fact *rows = facts_rows(c->facts, &n);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].board_id, name->board_id) != 0)
			continue;
		if (same_text(rows[i].port, name->port))
			return;
		port = rows[i].port;
	}
	if (port != NULL)
		name->port = port;
}

/* An id from a TOML file, BOARD or BOARD-VARIANT, known or not. */
static void
read_id(struct choose *c, const char *text, const char *port,
    struct board_name *out)
{
	const char *dash = strchr(text, '-');

	if (facts_find(c->facts, port, text, out, 1) == 1 ||
	    facts_find(c->facts, NULL, text, out, 1) == 1)
		return;
	free(c->id);
	free(c->variant);
	c->id = dash == NULL ? mem_str(text) :
	    mem_printf("%.*s", (int)(dash - text), text);
	c->variant = dash == NULL ? NULL : mem_str(dash + 1);
	*out = (struct board_name){ port, c->id, c->variant };
}

/* The one of the candidates that somebody noted down, if it is there. */
static void
settle(struct choose *c, struct identity *id, const char *noted)
{
	struct board_name name;

	read_id(c, noted, id->candidate[0].port, &name);
	for (size_t i = 0; i < id->n; i++)
		if (board_name_equal(&id->candidate[i], &name)) {
			id->candidate[0] = id->candidate[i];
			id->n = 1;
			id->kind = IDENTITY_ONE;
			return;
		}
}

static bool
same_version(const char *a, const char *b)
{
	struct version x, y;

	return a != NULL && b != NULL && version_parse(a, &x) &&
	    version_parse(b, &y) && version_compare(&x, &y) == 0;
}

struct noted {
	const struct board	*b;
	char			 id[BOARD_NAME_TEXT];
};

static int
note_device(const struct store_device *d, void *ctx)
{
	struct noted *n = ctx;
	const struct board_name name = { d->port, d->board_id, d->variant };

	if (d->board_id != NULL && same_version(d->version, n->b->version))
		board_name_text(&name, n->id);
	return 0;
}

/* What was flashed when, and still is: its file, or our database knows. */
static void
recall(struct choose *c, const struct subject *su, struct identity *id)
{
	struct noted noted = { .b = su->b };
	struct err ignored = ERR_INIT;

	if (su->said->record_id != NULL &&
	    same_version(su->said->record_version, su->b->version)) {
		settle(c, id, su->said->record_id);
		return;
	}
	if (su->b->uid != NULL && store_device_find(c->store, su->b->uid,
	    note_device, &noted, &ignored) == 1 && noted.id[0] != '\0')
		settle(c, id, noted.id);
}

static void
by_machine(struct choose *c, const struct subject *su, struct identity *out)
{
	identify(c->facts, su->b, out);
	identity_today(c->facts, out);
	if (out->kind == IDENTITY_VARIANTS || out->kind == IDENTITY_BOARDS)
		recall(c, su, out);
}

/* MicroPython says which board and variant it was built for since v1.25. */
static bool
names_itself(const struct board *b)
{
	static const struct version since = { 1, 25, 0, true, -1, "", false };
	struct version v;

	return b->version != NULL && version_parse(b->version, &v) &&
	    version_compare(&v, &since) >= 0;
}

/*
 * What is in board_id of an older one was found out by the machine string,
 * so that no variant there may mean that it is not known.
 */
static void
by_id(struct choose *c, const struct subject *su, struct identity *out)
{
	const struct board *b = su->b;
	struct board_name name = { b->port, b->board_id, b->variant };

	mend_port(c, &name);
	name = facts_today(c->facts, &name);
	if (name.variant == NULL && !names_itself(b)) {
		by_machine(c, su, out);
		if ((out->kind == IDENTITY_ONE ||
		    out->kind == IDENTITY_VARIANTS) &&
		    same_text(out->candidate[0].board_id, name.board_id))
			return;
	}
	out->candidate[0] = name;
	out->kind = IDENTITY_ONE;
	out->n = 1;
}

void
choose_runs(struct choose *c, const struct subject *su, struct identity *out)
{
	if (su->said->info_id != NULL) {
		read_id(c, su->said->info_id, su->b->port, &out->candidate[0]);
		out->kind = IDENTITY_ONE;
		out->n = 1;
	} else if (su->b->board_id != NULL) {
		by_id(c, su, out);
	} else {
		by_machine(c, su, out);
	}
}
