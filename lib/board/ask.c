/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "board/board.h"
#include "board/facts.h"
#include "link/link.h"
#include "repl/repl.h"

#define LEAVE_MS	3000		/* a program's start, even so late */

/*
 * It is left whatever came of it: a board that was interrupted does not stay
 * so because it has answered badly.
 */
static int
ask(struct link *l, const struct board_ask_opts *o, struct buf *out,
    bool *interrupted, struct err *e)
{
	const struct repl_opts how = { o->no_interrupt };
	struct repl *r = NULL;
	struct err why = ERR_INIT;
	int res;

	if (repl_enter(l, &how, o->deadline, &r, e) == -1)
		return -1;
	*interrupted = repl_interrupted(r);
	res = repl_probe(r, o->deadline, out, e);
	if (repl_leave(r, clock_ms() + LEAVE_MS, &why) == -1 && res == 0) {
		*e = why;
		res = -1;
	}
	/* Whatever went wrong, it is no stranger, and not silent. */
	if (res == -1 && (e->code == ERR_PROTOCOL || e->code == ERR_TIMEOUT ||
	    e->code == ERR_INPUT)) {
		e->code = ERR_IO;
		if (e->hint[0] == '\0')
			err_hint(e, "reset the board, and try again");
	}
	return res;
}

static int
parse(const struct buf *text, struct probe *p, struct err *e)
{
	if (probe_parse(text->data, text->len, p, e) == 0)
		return 0;
	e->code = ERR_IO;
	return -1;
}

int
board_ask(const char *path, const struct board_ask_opts *o,
    struct board_answer *out, struct err *e)
{
	struct buf text = BUF_INIT;
	struct link *l = NULL;
	struct probe p;
	struct err why = ERR_INIT;
	bool interrupted = false;
	int res = -1;

	if (link_open(path, NULL, &l, e) == -1)
		return -1;
	if (ask(l, o, &text, &interrupted, &why) == -1 ||
	    parse(&text, &p, &why) == -1) {
		*e = why;
		if (strstr(e->msg, path) == NULL)
			err_wrap(e, "%s", path);
		goto out;
	}
	board_facts(&p, out);
	if (interrupted)
		out->board.interrupted = 1;
	probe_release(&p);
	res = 0;
out:
	buf_release(&text);
	link_close(l);
	return res;
}
