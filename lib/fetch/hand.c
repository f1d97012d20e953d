/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "fetch/run.h"
#include "site/address.h"
#include "site/board.h"

/*
 * hand: what the user says without a board being there.
 */

bool
fetch_hand_used(const struct fetch_hand *h)
{
	return h->source != NULL || (h->boards != NULL && h->boards[0] != NULL);
}

int
fetch_hand_check(const struct fetch_hand *h, struct err *e)
{
	struct wanted ignored;

	if (h->source != NULL && h->source[0] == '\0') {
		err_set(e, ERR_USAGE, "--source '': names nothing");
		return err_hint(e, "say which, or leave it out");
	}
	if (h->source != NULL && address_check_user(h->source, e) == -1)
		return err_wrap(e, "--source");
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
	if (it == NULL || it->job->hand == NULL ||
	    !fetch_hand_used(it->job->hand))
		return false;
	return site_board_near(it->f->store, &it->f->facts, board_id, e);
}

int
fetch_by_hand(struct fetch *f, const struct fetch_hand *h, const char *board,
    struct firmware *out, struct err *e)
{
	struct board_name name = { h->port, NULL, NULL };

	if (board != NULL && site_board(f->store, &f->facts, h->port, board,
	    &name, e) == -1)
		return -1;
	*out = (struct firmware)FIRMWARE_INIT;
	out->board_id = name.board_id;
	out->variant = name.variant;
	out->port = name.port;
	out->source = h->source;
	out->wanted = h->version;
	if (h->variant != NULL)
		out->variant = strcmp(h->variant, "-") == 0 ? NULL : h->variant;
	if (out->wanted == NULL && out->source == NULL)
		out->wanted = "stable";
	out->action = "flash";
	out->by = "manual";
	out->reason = board != NULL ? "named with --board" :
	    "named with --source";
	return 0;
}
