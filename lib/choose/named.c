/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"

/* named: the board that the user says it is, and its variant. */

/* Of --board, which may be given many times, the one that is no pattern. */
static int
find_board_option(struct choose *c, struct err *e)
{
	const char *const *p = c->o.board;

	for (; p != NULL && *p != NULL; p++) {
		if (is_pattern(*p))
			continue;
		if (c->board != NULL) {
			err_set(e, ERR_USAGE, "--board %.60s and --board "
			    "%.60s: only one id is allowed", c->board, *p);
			return err_hint(e, "run mpf-resolve once for each id, "
			    "with its port in --serial");
		}
		c->board = *p;
	}
	return 0;
}

struct own {
	struct choose	*c;
	char		*port;
};

static int
take_own(const struct store_file *f, void *ctx)
{
	struct own *own = ctx;

	if (!f->custom)
		return 0;
	own->port = mem_str(f->port != NULL ? f->port : "");
	return 1;
}

/* With --custom a board may be known by its firmware alone. */
static int
find_own(struct choose *c, struct err *e)
{
	struct own own = { .c = c };
	size_t n = strlen(c->board) + 1;

	if (store_files(c->store, NULL, c->board, NULL, take_own, &own,
	    e) == -1)
		return -1;
	if (own.port == NULL)
		return 0;
	c->own_id = mem_alloc(n + strlen(own.port) + 1);
	memcpy(c->own_id, c->board, n);
	memcpy(c->own_id + n, own.port, strlen(own.port) + 1);
	c->named[0] = (struct board_name){ own.port[0] != '\0' ?
	    c->own_id + n : NULL, c->own_id, NULL };
	c->n_named = 1;
	free(own.port);
	return 0;
}

int
named_open(struct choose *c, struct err *e)
{
	char near[NEAR_TEXT], base[BOARD_NAME_TEXT];

	if (find_board_option(c, e) == -1)
		return -1;
	if (c->board == NULL)
		return 0;
	c->n_named = facts_find(c->facts, NULL, c->board, c->named, FOUND_MAX);
	if (c->n_named == 0 && c->o.custom && find_own(c, e) == -1)
		return -1;
	if (c->n_named > 0)
		return 0;
	err_set(e, ERR_NOT_FOUND, "--board %.100s: no such board", c->board);
	e->retry = false;
	snprintf(base, sizeof(base), "%.*s", (int)strcspn(c->board, "-"),
	    c->board);
	facts_near_text(c->facts, base, NULL, NULL, near);
	if (near[0] != '\0')
		return err_todo(e, NEXT_CHOOSE_BOARD,
		    "do you mean --board %s?", near);
	return err_todo(e, NEXT_CHOOSE_BOARD,
	    "its id is the last part of its page's address on "
	    "micropython.org/download");
}

/* Of the boards that --board may mean, the one on this port. */
static int
pick_named(struct choose *c, const struct subject *su,
    struct board_name *get, struct err *e)
{
	const struct identity *id = &c->id;
	size_t found = 0;
	char list[LIST_TEXT], count[24];

	for (size_t i = 0; i < c->n_named; i++) {
		const struct board_name *n = &c->named[i];
		bool fits = text_alike(n->port, su->b->port);

		for (size_t k = 0; k < id->n; k++)
			fits = fits ||
			    text_alike(n->port, id->candidate[k].port);
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
	    su->d->id, c->board, count_text(c->n_named, count), list);
	return err_todo(e, NEXT_CHOOSE_BOARD, "name one of these");
}

/*
 * A board that answers is only made another one if the user named the very
 * device; and never one of another port, whose chip is another.
 */
static int
check_named(const struct choose *c, const struct subject *su,
    const struct board_name *get, struct err *e)
{
	const struct identity *id = &c->id;
	const char *is = id->n > 0 ? id->candidate[0].board_id : NULL;
	const char *port = id->n > 0 ? id->candidate[0].port : su->b->port;

	if (facts_is_port(c->facts, port) && !text_alike(port, get->port)) {
		err_set(e, ERR_MISMATCH, "%s: it runs MicroPython for %.20s, "
		    "and %.60s is %.20s", su->d->id, port, get->board_id,
		    get->port);
		return su->exact ? err_todo(e, NEXT_CHOOSE_BOARD,
		    "name a board of %.20s: its "
		    "chip stays what it is", port) :
		    err_todo(e, NEXT_CHOOSE_PORT,
		    "narrow it with --serial or --port to the "
		    "boards that are meant");
	}
	for (size_t i = 0; i < id->n; i++)
		if (text_alike(id->candidate[i].board_id, get->board_id))
			return 0;
	if (is == NULL || su->exact)
		return 0;
	err_set(e, ERR_MISMATCH, "%s: it is %.60s, not %s", su->d->id, is,
	    get->board_id);
	return err_todo(e, NEXT_CHOOSE_PORT,
	    "name its port with --serial to make it another board");
}

int
named_variant(const struct choose *c, struct board_name *get, struct err *e)
{
	const char *want = c->o.variant;
	char list[160] = "";
	size_t at = 0, i = 0;
	const struct fact *row;
	bool known = false;

	if (c->no_variant)
		get->variant = NULL;
	if (want == NULL || c->no_variant)
		return 0;
	while ((row = facts_row_of(c->facts, get->board_id, i++)) != NULL) {
		if (!text_alike(row->board_id, get->board_id) ||
		    !text_alike(row->port, get->port) ||
		    !fact_holds(row, facts_newest(c->facts)))
			continue;
		known = true;
		if (row->variant == NULL)
			continue;
		if (strcasecmp(row->variant, want) == 0) {
			get->variant = row->variant;
			return 0;
		}
		if (at < sizeof(list))
			at += (size_t)snprintf(list + at, sizeof(list) - at,
			    "%s%s", at == 0 ? "" : ", ", row->variant);
	}
	get->variant = want;
	if (!known)
		return 0;
	err_set(e, ERR_NOT_FOUND, "%s: no variant %.60s", get->board_id, want);
	e->retry = false;
	return at == 0 ? err_todo(e, NEXT_CHOOSE_VARIANT,
	    "leave --variant out: the board has no "
	    "variants") :
	    err_todo(e, NEXT_CHOOSE_VARIANT, "it has %s", list);
}

int
named_get(struct choose *c, const struct subject *su, enum gate how,
    struct board_name *get, struct err *e)
{
	const struct board_name *is = &c->id.candidate[0];

	if (pick_named(c, su, get, e) == -1 ||
	    (how == GATE_ASK && check_named(c, su, get, e) == -1))
		return -1;
	/* The id alone does not take the variant away; --variant - does. */
	if (get->variant == NULL && c->id.kind == IDENTITY_ONE &&
	    text_alike(is->board_id, get->board_id))
		get->variant = is->variant;
	if (how != GATE_ASK && chip_known(su)) {
		if (chip_fits_board(c, su, get, e) == -1)
			return -1;
		if (get->variant == NULL && c->o.variant == NULL &&
		    chip_is_generic(get))
			return chip_variant(c, su, get, e);
	}
	return named_variant(c, get, e);
}
