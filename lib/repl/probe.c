/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "repl/impl.h"
#include "repl/script.h"

/* Runs that script; *full: the board's heap has no room for it. */
static int
run(struct repl *r, const char *name, int64_t deadline, struct buf *out,
    bool *full, struct err *e)
{
	static const char memory[] = "MemoryError";
	struct buf code = BUF_INIT;
	bool raised = false;
	int res;

	*full = false;
	if (script_add(&code, name, NULL, 0) == -1)
		res = err_set(e, ERR_INTERNAL, "%s: no such script", name);
	else
		res = repl_run(r, code.data, deadline, out, &raised, e);
	if (raised) {
		*full = strncmp(e->msg, memory, sizeof(memory) - 1) == 0;
		err_wrap(e, "the board answers");
		err_hint(e, *full ? "reset the board, so that its memory is "
		    "free" : "reset the board, and try again");
	}
	buf_release(&code);
	return res;
}

/*
 * What a program that was interrupted left in the heap is of no use to it any
 * more.
 */
int
repl_probe(struct repl *r, int64_t deadline, struct buf *out, struct err *e)
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
	if (repl_reenter(r, deadline, e) == -1 ||
	    run(r, "facts", deadline, out, &full, e) == -1 ||
	    repl_reenter(r, deadline, e) == -1)
		return -1;
	return run(r, "files", deadline, out, &full, e);
}
