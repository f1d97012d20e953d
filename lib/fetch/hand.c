/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "fetch/run.h"

/*
 * hand: what the user says without a board being there.
 */

#define FOUND_MAX	8u		/* boards of one name */

static int
several(const char *text, const struct board_name *found, size_t n,
    struct err *e)
{
	struct buf names = BUF_MAX(150);

	for (size_t i = 0; i < n && i < FOUND_MAX; i++)
		buf_addf(&names, "%s%s (%s)", i == 0 ? "" : ", ",
		    found[i].board_id, found[i].port != NULL ? found[i].port :
		    "?");
	err_set(e, ERR_AMBIGUOUS, "%.100s: several boards go by that name: %s",
	    text, names.data);
	buf_release(&names);
	return err_hint(e, "--port says of which port, or take one of the "
	    "names");
}

static int
find_board(struct fetch *f, const char *port, const char *text,
    struct board_name *out, struct err *e)
{
	struct board_name found[FOUND_MAX];
	size_t n;

	if (f->facts == NULL && facts_open(f->store, &f->facts, e) == -1)
		return -1;
	n = facts_find(f->facts, port, text, found, FOUND_MAX);
	if (n > 1)
		return several(text, found, n, e);
	if (n == 1)
		*out = found[0];
	else
		*out = (struct board_name){ port, text, NULL };
	if (firmware_file_safe(out->board_id))
		return 0;
	err_set(e, ERR_USAGE, "%.100s: not a board's id", text);
	return err_hint(e, "it is the last part of its page's address on "
	    "micropython.org/download");
}

bool
fetch_hand_used(const struct fetch_hand *h)
{
	return h->source != NULL || (h->boards != NULL && h->boards[0] != NULL);
}

int
fetch_hand_check(const struct fetch_hand *h, struct err *e)
{
	struct wanted ignored;

	if (h->list && (h->boards == NULL || h->boards[0] == NULL)) {
		err_set(e, ERR_USAGE, "--list: of which board?");
		return err_hint(e, "name it with --board");
	}
	if (h->source != NULL && h->source[0] == '\0') {
		err_set(e, ERR_USAGE, "--source '': names nothing");
		return err_hint(e, "say which, or leave it out");
	}
	if (h->boards != NULL && h->boards[0] != NULL && h->version != NULL &&
	    h->source == NULL && wanted_check(h->version, &ignored, e) == -1)
		return -1;
	if (fetch_hand_used(h) || (h->version == NULL && h->variant == NULL &&
	    h->port == NULL))
		return 0;
	err_set(e, ERR_USAGE, "--version, --variant and --port go with "
	    "--board or --source");
	return err_hint(e, "for the boards in records mpf-resolve chooses");
}

bool
hint_near(const struct item *it, const char *board_id, struct err *e)
{
	char base[BOARD_NAME_TEXT], near[NEAR_TEXT];
	struct fetch *f;
	struct err ignored;

	if (it == NULL || it->job->hand == NULL ||
	    !fetch_hand_used(it->job->hand))
		return false;
	f = it->f;
	if ((f->facts == NULL && facts_open(f->store, &f->facts,
	    &ignored) == -1) || facts_row_of(f->facts, board_id, 0) != NULL)
		return false;
	snprintf(base, sizeof(base), "%.*s", (int)strcspn(board_id, "-"),
	    board_id);
	facts_near_text(f->facts, base, NULL, NULL, near);
	if (near[0] == '\0')
		return false;
	err_hint(e, "do you mean --board %s?", near);
	return true;
}

static bool
no_variant(const struct fetch_hand *h)
{
	return h->variant != NULL && strcmp(h->variant, "-") == 0;
}

int
fetch_by_hand(struct fetch *f, const struct fetch_hand *h, const char *board,
    struct firmware *out, struct err *e)
{
	struct board_name name = { h->port, NULL, NULL };

	if (board != NULL && find_board(f, h->port, board, &name, e) == -1) {
		f->n_failed++;
		return -1;
	}
	*out = (struct firmware)FIRMWARE_INIT;
	out->board_id = name.board_id;
	out->variant = name.variant;
	out->port = name.port;
	out->source = h->source;
	out->wanted = h->version;
	if (h->variant != NULL)
		out->variant = no_variant(h) ? NULL : h->variant;
	if (h->list)
		return 0;
	if (out->wanted == NULL && out->source == NULL)
		out->wanted = "stable";
	out->action = "flash";
	out->by = "manual";
	out->reason = board != NULL ? "named with --board" :
	    "named with --source";
	return 0;
}

/* Is it one of those that are asked for? */
static bool
listed(const struct item *it, const struct index_link *l,
    const struct wanted *wanted)
{
	const struct firmware *fw = &it->job->chosen;

	if (no_variant(it->job->hand) && l->name.variant[0] != '\0')
		return false;
	if (fw->variant != NULL && strcmp(fw->variant, l->name.variant) != 0)
		return false;
	return fw->wanted == NULL || wanted_admits(wanted, &l->name.version);
}

static void
tell(struct item *it, const struct index *ix, const struct index_link *l,
    bool last)
{
	struct firmware *fw = &it->job->chosen;
	const struct firmware asked = *fw;

	fw->wanted = NULL;
	fw->variant = l->name.variant[0] == '\0' ? NULL :
	    item_keep(it, l->name.variant);
	item_pin(it, ix, l);
	if (last)
		return;
	it->f->o.listed(it->job);
	*fw = asked;
}

void
item_list(struct item *it, const struct index *ix)
{
	const struct firmware *fw = &it->job->chosen;
	const struct index_link *last = NULL;
	struct wanted wanted;
	struct err e = ERR_INIT;

	if (fw->wanted != NULL && !wanted_parse(fw->wanted, &wanted)) {
		err_set(&e, ERR_USAGE, "\"%.100s\": not a version",
		    fw->wanted);
		item_done(it, &e);
		return;
	}
	for (size_t i = 0; i < ix->n; i++) {
		if (!listed(it, &ix->link[i], &wanted))
			continue;
		if (last != NULL)
			tell(it, ix, last, false);
		last = &ix->link[i];
	}
	if (last != NULL)
		tell(it, ix, last, true);
	else
		err_set(&e, ERR_NOT_FOUND, "%s: none of its %zu files is such",
		    fw->board_id, ix->n);
	item_done(it, last != NULL ? NULL : &e);
}
