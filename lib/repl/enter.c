/* SPDX-License-Identifier: MIT */
#include "repl/impl.h"

#include "base/clock.h"

#define CLEAR_MS	100
#define RECOVERIES	4
#define RESTART_MS	1000		/* beyond the deadline, if need be */

const struct seek_text repl_raw_banner =
    SEEK_TEXT("raw REPL; CTRL-B to exit\r\n>");

int
repl_ask(struct repl *r, const char *question, const struct seek_text *list,
    size_t n, int64_t ms, int64_t deadline, size_t *which, struct err *e)
{
	struct err why = ERR_INIT;

	if (repl_send(r, question, 1, deadline, e) == -1)
		return -1;
	if (repl_await(r, list, n, repl_soon(deadline, ms), which, &why) == 0)
		return 1;
	if (why.code == ERR_TIMEOUT)
		return 0;
	*e = why;
	return -1;
}

int
repl_raw(struct repl *r, int64_t deadline, struct err *e)
{
	size_t which;
	int got = 0;

	for (int i = 1; i <= TRIES && got == 0; i++)
		got = repl_ask(r, TO_RAW, &repl_raw_banner, 1, i * RAW_MS,
		    deadline, &which, e);
	if (got == 0)
		return err_set(e, ERR_PROTOCOL, "%s: a prompt, but no raw REPL",
		    link_name(r->link));
	return got == 1 ? 0 : -1;
}

int
repl_recover(struct repl *r, int64_t deadline, struct err *e)
{
	static const struct seek_text list[] = {
		SEEK_TEXT("\x04>"), SEEK_TEXT(PROMPT),
	};
	size_t which;

	/* Often: ^C may be caught, and a prompt need not come. */
	for (int i = 1; i <= RECOVERIES; i++) {
		int got = repl_ask(r, INTERRUPT, list, 2, i * CLEAR_MS,
		    deadline, &which, e);

		if (got != -1)
			got = repl_ask(r, TO_RAW, &repl_raw_banner, 1,
			    i * RAW_MS, deadline, &which, e);
		if (got == -1)
			return -1;
		if (got == 1) {
			r->adrift = false;
			return 0;
		}
	}
	return err_set(e, ERR_TIMEOUT, "%s: it does not come back to its "
	    "raw REPL", link_name(r->link));
}

int
repl_friendly(struct repl *r, int64_t deadline, struct err *e)
{
	size_t which;
	int got = 0;

	for (int i = 1; i <= TRIES && got == 0; i++)
		got = repl_ask(r, TO_FRIENDLY, repl_prompts, REPL_PROMPTS,
		    i < TRIES ? i * ASK_MS : clock_left_ms(deadline),
		    deadline, &which, e);
	if (got == 0)
		return err_set(e, ERR_TIMEOUT, "%s: no prompt",
		    link_name(r->link));
	return got == 1 ? 0 : -1;
}

int
repl_enter(struct link *l, const struct repl_opts *opts, int64_t deadline,
    struct repl **out, struct err *e)
{
	struct repl *r = repl_new(l);
	struct err why = ERR_INIT;

	r->may_stop = opts != NULL && opts->may_stop;
	link_flush(l);
	if (repl_find(r, opts, deadline, &why) == -1)
		goto fail;
	if (repl_raw(r, deadline, &why) == -1) {
		/* What looked like a prompt was a program's. */
		if (why.code != ERR_PROTOCOL)
			goto fail;
		if (opts != NULL && opts->no_interrupt) {
			why.code = ERR_BUSY;
			goto fail;
		}
		if (repl_interrupt(r, deadline, &why) == -1 ||
		    repl_raw(r, deadline, &why) == -1)
			goto fail;
	}
	*out = r;
	return 0;
fail:
	*e = why;
	if (opts != NULL && opts->sent_int != NULL)
		*opts->sent_int = r->sent_int;
	if (r->interrupted && !r->gone &&
	    repl_friendly(r, clock_ms() + RESTART_MS, &why) == 0)
		repl_soft_reset(r, clock_ms() + RESTART_MS, &why);
	repl_abandon(r);
	return -1;
}
