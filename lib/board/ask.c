/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "board/board.h"
#include "board/facts.h"
#include "link/link.h"
#include "repl/repl.h"
#include "repl/script.h"

#define LEAVE_MS	3000		/* a program's start, even so late */

/* Runs that script; *full: the board's heap is too full for it. */
static int
run(struct repl *r, const char *name, int64_t deadline, struct buf *out,
    bool *full, struct err *e)
{
	static const char memory[] = "MemoryError";
	struct buf code = BUF_INIT;
	bool raised = false;
	int res;

	script_add(&code, name, NULL, 0);
	res = repl_run(r, code.data, deadline, out, &raised, e);
	*full = raised && strncmp(e->msg, memory, sizeof(memory) - 1) == 0;
	if (*full)
		err_hint(e, "reset the board, so that its memory is free");
	buf_release(&code);
	return res;
}

/*
 * A small board may have no room for the question beside what is in its heap.
 * What a program left there is of no use to it any more.
 */
static int
probe(struct repl *r, int64_t deadline, struct buf *out, struct err *e)
{
	struct err why = ERR_INIT;
	bool full;

	if (run(r, "probe", deadline, out, &full, &why) == 0)
		return 0;
	*e = why;
	if (!full)
		return -1;
	buf_clear(out);
	if (repl_interrupted(r))
		return repl_restart(r, deadline, e) == -1 ? -1 :
		    run(r, "probe", deadline, out, &full, e);
	return run(r, "facts", deadline, out, &full, e) == -1 ? -1 :
	    run(r, "files", deadline, out, &full, e);
}

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
	res = probe(r, o->deadline, out, e);
	if (repl_leave(r, clock_ms() + LEAVE_MS, &why) == -1 && res == 0) {
		*e = why;
		res = -1;
	}
	/* Whatever went wrong, it is no stranger, and not silent. */
	if (res == -1 && (e->code == ERR_PROTOCOL || e->code == ERR_TIMEOUT ||
	    e->code == ERR_INPUT))
		e->code = ERR_IO;
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
