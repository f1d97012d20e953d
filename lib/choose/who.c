/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LIST_TEXT	240u		/* bytes of candidates in a message */

/* "A, B, C": ids that look like text. */
static void
near_text(const struct choose *c, const char *text, char *out, size_t size)
{
	const char *near[3];
	const size_t n = facts_near(c->facts, text, near, 3);
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n && at < size; i++)
		at += (size_t)snprintf(out + at, size - at, "%s%s",
		    i == 0 ? "" : ", ", near[i]);
}

int
choose_named(struct choose *c, struct err *e)
{
	const char *text = c->o.board;
	char near[160], base[BOARD_NAME_TEXT];

	c->n_named = facts_find(c->facts, NULL, text, c->named, FOUND_MAX);
	if (c->n_named > 0)
		return 0;
	err_set(e, ERR_NOT_FOUND, "--board %.100s: no such board", text);
	e->retry = false;
	snprintf(base, sizeof(base), "%.*s", (int)strcspn(text, "-"), text);
	near_text(c, base, near, sizeof(near));
	if (near[0] != '\0')
		return err_hint(e, "do you mean %s?", near);
	return err_hint(e, "its id is the last part of its page's address on "
	    "micropython.org/download");
}

static int
ambiguous(struct choose *c, const struct subject *su,
    const struct identity *id, struct err *e)
{
	char list[LIST_TEXT], count[24];
	const char *what = su->b->description != NULL ? su->b->description :
	    su->d->id;

	for (size_t i = 0; i < id->n; i++)
		candidates_add(c, &id->candidate[i]);
	candidates_text(c, list, sizeof(list));
	if (id->kind == IDENTITY_VARIANTS) {
		err_set(e, ERR_AMBIGUOUS, "%.80s: %s builds for %.40s report "
		    "this: %s", what, count_text(id->n, count),
		    id->candidate[0].board_id, list);
		return err_hint(e, "say which with --variant (- for none)");
	}
	err_set(e, ERR_AMBIGUOUS, "%.80s: %s boards report this: %s", what,
	    count_text(id->n, count), list);
	return err_hint(e, "say which with --board, or put board_id into the "
	    "board's board_info.toml");
}

static int
unknown(const struct subject *su, struct err *e)
{
	if (su->b->description != NULL)
		err_set(e, ERR_NOT_FOUND, "%.80s: no known board reports this",
		    su->b->description);
	else
		err_set(e, ERR_NOT_FOUND, "%s: it does not say which board it "
		    "is", su->d->id);
	e->retry = false;
	return err_hint(e, "say which with --board, or put board_id into the "
	    "board's board_info.toml");
}

static int
in_bootloader(struct choose *c, const struct subject *su, struct err *e)
{
	const struct device *d = su->d;
	const char *at = d->volume != NULL ? d->volume :
	    d->serial_port != NULL ? d->serial_port : d->id;
	char list[LIST_TEXT], count[24];
	const char *chip;

	candidates_by_chip(c, d, &chip);
	candidates_text(c, list, sizeof(list));
	if (c->n_candidates == 0)
		err_set(e, ERR_AMBIGUOUS, "%s: in its bootloader, which does "
		    "not say what board it is", at);
	else
		err_set(e, ERR_AMBIGUOUS, "%s: in its bootloader (%s), and %s "
		    "boards fit: %s", at, chip != NULL ? chip : d->mode,
		    count_text(c->n_candidates, count), list);
	return err_hint(e, "say which with --board");
}

/* --- what the user says --- */

/* Of the boards that --board may mean, the one on this port. */
static int
pick_named(struct choose *c, const struct subject *su,
    const struct identity *id, struct board_name *get, struct err *e)
{
	size_t found = 0;
	char list[LIST_TEXT], count[24];

	for (size_t i = 0; i < c->n_named; i++) {
		const struct board_name *n = &c->named[i];
		bool fits = same_text(n->port, su->b->port);

		for (size_t k = 0; k < id->n; k++)
			fits = fits ||
			    same_text(n->port, id->candidate[k].port);
		if (c->n_named == 1 || fits) {
			*get = *n;
			found++;
		}
	}
	if (found == 1)
		return 0;
	for (size_t i = 0; i < c->n_named; i++)
		candidates_add(c, &c->named[i]);
	candidates_text(c, list, sizeof(list));
	err_set(e, ERR_AMBIGUOUS, "%s: --board %.60s may be %s boards: %s",
	    su->d->id, c->o.board, count_text(c->n_named, count), list);
	return err_hint(e, "name one of these");
}

/* Is port one of MicroPython's, so that it can be compared? */
static bool
known_port(const struct choose *c, const char *port)
{
	size_t n;
	const struct fact *rows = facts_rows(c->facts, &n);

	for (size_t i = 0; i < n && port != NULL; i++)
		if (strcmp(rows[i].port, port) == 0)
			return true;
	return false;
}

/*
 * A board that answers is only made another one if the user named the very
 * device; and never one of another port, whose chip is another.
 */
static int
check_named(const struct choose *c, const struct subject *su,
    const struct identity *id, const struct board_name *get, struct err *e)
{
	const char *is = id->n > 0 ? id->candidate[0].board_id : NULL;

	if (known_port(c, su->b->port) && !same_text(su->b->port, get->port)) {
		err_set(e, ERR_MISMATCH, "%s: it runs MicroPython for %.20s, "
		    "and %s is %s", su->d->id, su->b->port, get->board_id,
		    get->port);
		return err_hint(e, "narrow it with --serial to the boards "
		    "that are meant");
	}
	for (size_t i = 0; i < id->n; i++)
		if (same_text(id->candidate[i].board_id, get->board_id))
			return 0;
	if (is == NULL || su->exact)
		return 0;
	err_set(e, ERR_MISMATCH, "%s: it is %.60s, not %s", su->d->id, is,
	    get->board_id);
	return err_hint(e, "name its port with --serial to make it another "
	    "board");
}

/* --variant, as the table writes it; a board of the user's own has any. */
static int
set_variant(const struct choose *c, struct board_name *get, struct err *e)
{
	const char *want = c->o.variant;
	char list[160] = "";
	size_t n, at = 0;
	const struct fact *rows = facts_rows(c->facts, &n);
	bool known = false;

	if (c->no_variant)
		get->variant = NULL;
	if (want == NULL || c->no_variant)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (!same_text(rows[i].board_id, get->board_id) ||
		    !fact_holds(&rows[i], facts_newest(c->facts)))
			continue;
		known = true;
		if (rows[i].variant == NULL)
			continue;
		if (strcasecmp(rows[i].variant, want) == 0) {
			get->variant = rows[i].variant;
			return 0;
		}
		if (at < sizeof(list))
			at += (size_t)snprintf(list + at, sizeof(list) - at,
			    "%s%s", at == 0 ? "" : ", ", rows[i].variant);
	}
	get->variant = want;
	if (!known)
		return 0;
	err_set(e, ERR_NOT_FOUND, "%s: no variant %.60s", get->board_id, want);
	e->retry = false;
	return at == 0 ? err_hint(e, "it has none: leave --variant out") :
	    err_hint(e, "it has %s", list);
}

static int
by_hand(struct choose *c, const struct subject *su, enum gate how,
    const struct identity *id, struct board_name *get, struct err *e)
{
	const struct board_name *is = &id->candidate[0];

	if (pick_named(c, su, id, get, e) == -1 ||
	    (how == GATE_ASK && check_named(c, su, id, get, e) == -1))
		return -1;
	/* The id alone does not take the variant away; --variant - does. */
	if (get->variant == NULL && id->kind == IDENTITY_ONE &&
	    same_text(is->board_id, get->board_id))
		get->variant = is->variant;
	return set_variant(c, get, e);
}

int
choose_who(struct choose *c, const struct subject *su, enum gate how,
    struct board_name *get, struct board_name *runs, struct err *e)
{
	struct identity id = { .n = 0 };

	if (how != GATE_BLIND)
		choose_runs(c, su, &id);
	if (id.kind == IDENTITY_ONE)
		*runs = id.candidate[0];
	if (c->o.board != NULL)
		return by_hand(c, su, how, &id, get, e);
	if (how == GATE_BOOTLOADER && id.kind == IDENTITY_NONE)
		return in_bootloader(c, su, e);
	if (id.kind == IDENTITY_NONE)
		return unknown(su, e);
	if (id.kind == IDENTITY_BOARDS || (id.kind == IDENTITY_VARIANTS &&
	    c->o.variant == NULL))
		return ambiguous(c, su, &id, e);
	*get = id.candidate[0];
	return set_variant(c, get, e);
}
