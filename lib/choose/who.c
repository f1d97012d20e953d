/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <string.h>

static int
ambiguous_board(struct choose *c, const struct subject *su, struct err *e)
{
	const struct identity *id = &c->id;
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
		return err_todo(e, NEXT_CHOOSE_VARIANT,
		    "name the variant with --variant (- is the plain build)");
	}
	err_set(e, ERR_AMBIGUOUS, "%.80s: %s boards report this: %s", what,
	    count_text(id->n, count), list);
	return err_todo(e, NEXT_CHOOSE_BOARD,
	    "say which with --board, or put board_id into the "
	    "board's board_info.toml");
}

const char *
choose_port(const struct choose *c, const struct subject *su)
{
	return facts_is_port(c->facts, su->b->port) ? su->b->port : NULL;
}

static int
unknown_board(const struct choose *c, const struct subject *su, struct err *e)
{
	char near[NEAR_TEXT] = "";

	if (su->b->description != NULL) {
		err_set(e, ERR_NOT_FOUND, "%.80s: no known board reports this",
		    su->b->description);
		facts_near_text(c->facts, su->b->description,
		    choose_port(c, su), identify_mcu(c->facts, su->b), near);
	} else {
		err_set(e, ERR_NOT_FOUND, "%s: it does not say which board it "
		    "is", su->d->id);
	}
	e->retry = false;
	if (near[0] != '\0')
		return err_todo(e, NEXT_CHOOSE_BOARD,
		    "if it is %s, say so with --board", near);
	return err_todo(e, NEXT_CHOOSE_BOARD,
	    "say which with --board, or put board_id into the "
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
	return err_todo(e, NEXT_CHOOSE_BOARD, "say which with --board");
}

/*
 * A variant in software has the string of the hardware that it was made for,
 * and so of the one build that is no such variant.
 */
void
who_plain(struct choose *c)
{
	struct identity *id = &c->id;
	const struct board_name *plain = NULL;

	if (id->kind != IDENTITY_VARIANTS || c->board != NULL ||
	    c->o.variant != NULL)
		return;
	for (size_t i = 0; i < id->n; i++) {
		if (facts_software(c->facts, &id->candidate[i]))
			continue;
		if (plain != NULL)
			return;
		plain = &id->candidate[i];
	}
	if (plain == NULL)
		return;
	for (size_t i = 0; i < id->n; i++)
		candidates_add(c, &id->candidate[i]);
	id->candidate[0] = *plain;
	id->n = 1;
	id->kind = IDENTITY_ONE;
}

int
choose_who(struct choose *c, const struct subject *su, enum gate how,
    struct board_name *get, struct err *e)
{
	const struct identity *id = &c->id;

	if (c->board != NULL)
		return named_get(c, su, how, get, e);
	if (how == GATE_CHIP || (how == GATE_BOOTLOADER && chip_known(su) &&
	    su->said->chip.blank == 1))
		return chip_board(c, su, get, e);
	if (how == GATE_BOOTLOADER && id->kind == IDENTITY_NONE)
		return in_bootloader(c, su, e);
	if (id->kind == IDENTITY_NONE)
		return unknown_board(c, su, e);
	if (id->kind == IDENTITY_BOARDS || (id->kind == IDENTITY_VARIANTS &&
	    c->o.variant == NULL))
		return ambiguous_board(c, su, e);
	*get = id->candidate[0];
	return named_variant(c, get, e);
}
