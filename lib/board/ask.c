/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "board/board.h"
#include "board/facts.h"
#include "board/probe.h"
#include "link/link.h"
#include "repl/repl.h"

#define TRIES		3		/* a timer may print into each */

int
probe_ask(struct repl *r, int64_t deadline, struct probe *out, struct err *e)
{
	struct buf text = BUF_INIT;
	struct err why = ERR_INIT;
	int res = -1;

	for (int i = 0; i < TRIES && res == -1; i++) {
		buf_clear(&text);
		if (repl_probe(r, deadline, &text, &why) == -1)
			break;
		res = probe_parse(text.data, text.len, out, &why);
		if (res == -1)
			err_hint(&why, "what a timer or a thread prints may "
			    "get in between: reset the board, and try again");
	}
	buf_release(&text);
	if (res == -1)
		*e = why;
	return res;
}

/*
 * It is left whatever came of it: a board that was interrupted does not stay
 * so because it has answered badly.  *interrupted: a program was; if no prompt
 * came, one may have been.
 */
static int
ask(struct link *l, const struct board_ask_opts *o, struct probe *out,
    bool *interrupted, struct err *e)
{
	const struct repl_opts how = { o->no_interrupt, interrupted };
	struct repl *r = NULL;
	struct err why = ERR_INIT;
	int res;

	if (repl_enter(l, &how, o->deadline, &r, e) == -1)
		return -1;
	*interrupted = repl_interrupted(r);
	res = probe_ask(r, repl_work(r, o->deadline), out, e);
	if (repl_leave(r, o->deadline, &why) == -1 && res == 0) {
		probe_release(out);
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

int
board_ask(const char *path, const struct board_ask_opts *o,
    struct board_answer *out, struct err *e)
{
	struct link *l = NULL;
	struct probe p;
	struct err why = ERR_INIT;
	bool interrupted = false;
	int res = -1;

	if (link_open(path, NULL, &l, e) == -1)
		return -1;
	if (ask(l, o, &p, &interrupted, &why) == -1) {
		if (interrupted)
			out->interrupt = "sent";
		else if (why.code == ERR_BUSY)
			out->interrupt = "withheld";
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
	link_close(l);
	return res;
}
