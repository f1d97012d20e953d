/* SPDX-License-Identifier: MIT */
#include "site/board.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "site/name.h"

#define FOUND_MAX	8u		/* boards of one name */

static int
several_boards(const char *text, const struct board_name *found, size_t n,
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
	return err_todo(e, NEXT_CHOOSE_BOARD,
	    "name the port with --port, or use one of the names");
}

int
site_board(struct store *s, struct facts **facts, const char *port,
    const char *text, struct board_name *out, struct err *e)
{
	struct board_name found[FOUND_MAX];
	size_t n;

	if (*facts == NULL && facts_open(s, facts, e) == -1)
		return -1;
	n = facts_find(*facts, port, text, found, FOUND_MAX);
	if (n > 1)
		return several_boards(text, found, n, e);
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
site_board_near(struct store *s, struct facts **facts, const char *board_id,
    struct err *e)
{
	char base[BOARD_NAME_TEXT], near[NEAR_TEXT];
	struct err ignored;

	if ((*facts == NULL && facts_open(s, facts, &ignored) == -1) ||
	    facts_row_of(*facts, board_id, 0) != NULL)
		return false;
	snprintf(base, sizeof(base), "%.*s", (int)strcspn(board_id, "-"),
	    board_id);
	facts_near_text(*facts, base, NULL, NULL, near);
	if (near[0] == '\0')
		return false;
	err_todo(e, NEXT_CHOOSE_BOARD, "do you mean --board %s?", near);
	return true;
}
