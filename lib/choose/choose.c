/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

int
choose_open(const struct choose_opts *o, struct store *s, struct choose **out,
    struct err *e)
{
	struct choose *c = mem_alloc(sizeof(*c));
	const char *wanted = o->wanted != NULL ? o->wanted : "stable";
	int r = -1;

	c->o = *o;
	c->store = s;
	c->no_variant = o->variant != NULL &&
	    (strcmp(o->variant, "-") == 0 ||
	    strcasecmp(o->variant, "none") == 0);
	if (wanted_check(wanted, &c->wanted, e) == -1 ||
	    facts_open(s, &c->facts, e) == -1 ||
	    means_open(&c->means, e) == -1 || named_open(c, e) == -1 ||
	    filter_open(c, e) == -1)
		goto out;
	r = 0;
out:
	if (r == 0)
		*out = c;
	else
		choose_close(c);
	return r;
}

void
choose_close(struct choose *c)
{
	if (c == NULL)
		return;
	choose_forget(c);
	candidates_clear(c);
	filter_close(c);
	free(c->candidates);
	free(c->own_id);
	free(c->source);
	facts_close(c->facts);
	means_close(c->means);
	free(c);
}

const char *
choose_file_name(const char *url)
{
	const char *slash = url != NULL ? strrchr(url, '/') : NULL;

	url = slash != NULL ? slash + 1 : url;
	return url != NULL && url[0] != '\0' ? url : NULL;
}

/* Nothing is skipped that waits in its bootloader, whatever ran before. */
static bool
up_to_date(const struct choose *c, const struct subject *su, enum gate how,
    const struct choice *out)
{
	struct board b = *su->b;

	if (c->o.force || how != GATE_ASK || out->runs.board_id == NULL)
		return false;
	b.board_id = out->runs.board_id;
	b.variant = out->runs.variant;
	return skip_same(&b, su->said->record_hash, &out->firmware);
}

/* Where an image goes that has no addresses of its own. */
static int64_t
flash_offset(const struct choose *c, const struct firmware *fw)
{
	const struct fact *row = facts_row_of(c->facts, fw->board_id, 0);
	int64_t offset = -1;

	for (size_t i = 1; row != NULL; i++) {
		if (row->offset >= 0 && (fw->port == NULL ||
		    strcmp(row->port, fw->port) == 0))
			offset = row->offset;	/* the newest counts */
		row = facts_row_of(c->facts, fw->board_id, i);
	}
	return offset;
}

/* Can mpf-flash flash the board that this firmware is for? */
static int
check_board_means(const struct choose *c, const struct subject *su,
    const struct firmware *fw, struct err *e)
{
	const struct means *m = means_find(c->means, fw->port, fw->board_id);

	return m == NULL || c->o.other_tools ? 0 :
	    means_check(m, fw->board_id, su->d, NULL, e);
}

static int
choose_for(struct choose *c, const struct subject *su, enum gate how,
    struct choice *out, struct err *e)
{
	struct firmware *fw = &out->firmware;
	struct board_name get = { 0 };
	const struct answer *a;
	bool skip;
	int r;

	who_plain(c);
	fw->by = c->board != NULL ? "manual" : "board";
	if (c->id.kind == IDENTITY_ONE)
		out->runs = c->id.candidate[0];
	if (choose_who(c, su, how, &get, e) == -1 ||
	    tidy_name(su, &get, e) == -1)
		return -1;
	fw->board_id = get.board_id;
	fw->variant = get.variant;
	fw->port = get.port;
	r = choose_pin(c, &get, means_mode(su->d), out, &a, e);
	tidy_firmware(fw);
	skip = r == 0 && up_to_date(c, su, how, out);
	/* What cannot be flashed need not be there. */
	if ((!skip && check_board_means(c, su, fw, e) == -1) || r == -1)
		return -1;
	if (skip) {
		fw->action = "skip";
		skip_reason(fw, c->reason);
		reason_alike(c);
	} else {
		fw->action = "flash";
		fw->force = c->o.force;
		choose_reason(c, su, fw, a);
	}
	fw->flash_offset = flash_offset(c, fw);
	fw->reason = c->reason;
	return 0;
}

/* What is there, and whether it is one that is meant. */
static int
look_at_subject(struct choose *c, struct subject *su, enum gate *how,
    struct err *e)
{
	struct err why = ERR_INIT;
	const char *left;

	memset(&c->id, 0, sizeof(c->id));
	if (choose_gate(c, su, how, e) == -1)
		return -1;
	if (*how == GATE_SKIP)
		return 0;
	/* What the user says it is needs no other word. */
	if (*how != GATE_BLIND && choose_runs(c, su, &why) == -1 &&
	    c->board == NULL) {
		*e = why;
		return -1;
	}
	left = filter_board(c, su);
	if (left == NULL)
		return 0;
	snprintf(c->reason, sizeof(c->reason), "%s", left);
	*how = GATE_SKIP;
	return 0;
}

int
choose_one(struct choose *c, const struct device *d, const struct board *b,
    const struct choose_said *said, struct choice *out, struct err *e)
{
	struct board board = *b;
	struct subject su = { .d = d, .b = &board, .said = said };
	enum gate how;
	int r;

	memset(out, 0, sizeof(*out));
	out->firmware = (struct firmware)FIRMWARE_INIT;
	out->firmware.wanted = choose_word(c);
	candidates_clear(c);
	board.port = facts_port(b->port);
	r = look_at_subject(c, &su, &how, e);
	out->named = su.exact;
	if (r == 0 && how == GATE_SKIP) {
		out->firmware.action = "skip";
		out->firmware.by = "board";
		out->firmware.reason = c->reason;
	} else if (r == 0) {
		r = choose_for(c, &su, how, out, e);
	}
	if (r == -1 && e->code != ERR_AMBIGUOUS)
		candidates_clear(c);
	if (c->n_candidates > 0)
		out->candidates = c->candidates;
	return r;
}
