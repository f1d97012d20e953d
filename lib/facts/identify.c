/* SPDX-License-Identifier: MIT */
#include "facts/identify.h"

#include <string.h>

static void
add(struct identity *id, const struct board_name *name)
{
	for (size_t i = 0; i < id->n; i++)
		if (board_name_equal(&id->candidate[i], name))
			return;
	if (id->n < IDENTITY_MAX)
		id->candidate[id->n++] = *name;
}

static void
sum_up(struct identity *id)
{
	const struct board_name *first = &id->candidate[0];

	id->kind = id->n == 0 ? IDENTITY_NONE :
	    id->n == 1 ? IDENTITY_ONE : IDENTITY_VARIANTS;
	for (size_t i = 1; i < id->n; i++)
		if (strcmp(id->candidate[i].board_id, first->board_id) != 0 ||
		    strcmp(id->candidate[i].port, first->port) != 0)
			id->kind = IDENTITY_BOARDS;
}

/* All rows of that string which held at that time; at -2: at any. */
static void
collect(const struct facts *f, const char *machine, int at,
    struct identity *out)
{
	struct board_name name;
	size_t n;
	const struct fact *rows = facts_rows(f, &n);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].machine, machine) != 0 &&
		    strcmp(rows[i].uname, machine) != 0)
			continue;
		if (!fact_holds(&rows[i], at))
			continue;
		name = (struct board_name){ rows[i].port, rows[i].board_id,
		    rows[i].variant };
		add(out, &name);
	}
}

/* The newest release that knew the string; -1: none did. */
static int
last_known(const struct facts *f, const char *machine)
{
	size_t n;
	const struct fact *rows = facts_rows(f, &n);
	int at = -1;

	for (size_t i = 0; i < n; i++)
		if ((strcmp(rows[i].machine, machine) == 0 ||
		    strcmp(rows[i].uname, machine) == 0) && rows[i].to > at)
			at = rows[i].to;
	return at;
}

/* Those of that port, if there are any. */
static void
narrow(struct identity *id, const char *port)
{
	size_t n = 0;

	for (size_t i = 0; i < id->n; i++)
		n += strcmp(id->candidate[i].port, port) == 0;
	if (n == 0 || n == id->n)
		return;
	n = 0;
	for (size_t i = 0; i < id->n; i++)
		if (strcmp(id->candidate[i].port, port) == 0)
			id->candidate[n++] = id->candidate[i];
	id->n = n;
}

void
identify(const struct facts *f, const struct board *b, struct identity *out)
{
	struct version v;
	int at;

	out->n = 0;
	if (b->description == NULL || b->description[0] == '\0') {
		out->kind = IDENTITY_NONE;
		return;
	}
	if (b->version != NULL && version_parse(b->version, &v)) {
		v.build = (int)b->build;
		collect(f, b->description, facts_when(f, &v), out);
	}
	if (out->n == 0) {
		at = last_known(f, b->description);
		if (at != -1)
			collect(f, b->description, at, out);
	}
	if (b->port != NULL)
		narrow(out, b->port);
	sum_up(out);
}

void
identity_today(const struct facts *f, struct identity *id)
{
	struct identity now = { .n = 0 };
	struct board_name name;

	for (size_t i = 0; i < id->n; i++) {
		name = facts_today(f, &id->candidate[i]);
		add(&now, &name);
	}
	sum_up(&now);
	*id = now;
}
