/* SPDX-License-Identifier: MIT */
#include "repl/repl.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "repl/impl.h"

#define RUNS_MAX	40		/* of one script */
#define BARREN_MAX	4		/* of them that bring nothing new */

/* One script on its way. */
struct call {
	const char		*script;
	const struct script_arg	*args;
	size_t			 n;
	int64_t			 deadline;
	bool			 starts;
	struct parcel		 parcel;
	struct repl_outcome	 last;
};

/* A run of its own number.  What came of it is in c->parcel and c->last. */
static int
run_once(struct repl *r, struct call *c, struct err *e)
{
	const uint32_t nonce = parcel_nonce(r->began_ms, r->runs++);
	struct repl_code what = { NULL, c->deadline, c->starts, &c->parcel };
	struct buf code = BUF_INIT;
	int res;

	if (script_add(&code, c->script, nonce, c->args, c->n) == -1) {
		buf_release(&code);
		return err_set(e, ERR_INTERNAL, "%s: no such script",
		    c->script);
	}
	what.text = code.data;
	parcel_run(&c->parcel, script_nonce(nonce, c->args, c->n));
	res = repl_attempt(r, &what, NULL, &c->last, e);
	buf_release(&code);
	return res;
}

/* The board has no room for code: another time it has none either. */
static bool
is_full(const struct call *c, const struct err *e)
{
	static const char memory[] = "MemoryError";

	return c->last.raised &&
	    strncmp(e->msg, memory, sizeof(memory) - 1) == 0;
}

/* Runs it until its answer is whole, or more runs are of no use. */
static int
run_call(struct repl *r, struct call *c, struct err *e)
{
	int barren = 0;

	for (int i = 0; i < RUNS_MAX && barren < BARREN_MAX; i++) {
		const size_t before = c->parcel.fitting;

		if (i > 0 && clock_left_ms(c->deadline) == 0)
			break;
		r->again += i > 0;
		if (run_once(r, c, e) == 0)
			err_set(e, ERR_PROTOCOL, "%s: what the board "
			    "answers does not arrive whole",
			    link_name(r->link));
		if (c->parcel.state != PARCEL_OPEN)
			return 0;
		if (r->gone || e->code == ERR_INTERNAL ||
		    e->code == ERR_INPUT || is_full(c, e) ||
		    (c->starts && c->last.sent && !c->last.lost))
			break;
		barren = c->parcel.fitting == before ? barren + 1 : 0;
		r->slower += c->last.lost;
		r->adrift = true;
	}
	return -1;
}

static int
raise_exception(const struct parcel *p, struct err *e)
{
	struct parcel_field f;
	struct buf text = BUF_INIT, shown = BUF_INIT;
	size_t at = 0;

	if (parcel_next(&p->part[PARCEL_ERROR].bytes, &at, &f) == 1)
		frame_exception(&text, f.p, f.n);
	text_show(&shown, text.data, text.len);
	err_set(e, ERR_PROTOCOL, "%s", shown.data);
	e->retry = false;
	buf_release(&text);
	buf_release(&shown);
	return -1;
}

int
repl_call(struct repl *r, const char *script, const struct script_arg *args,
    size_t n, int64_t deadline, struct buf *out, bool *raised, struct err *e)
{
	struct call c = { script, args, n, deadline, false, { 0 },
		{ false } };
	const struct buf *answer = &c.parcel.part[PARCEL_ANSWER].bytes;
	struct err why = ERR_INIT;
	bool mine = false;
	int res;

	parcel_begin(&c.parcel, REPL_OUTPUT_MAX);
	res = run_call(r, &c, &why);
	if (res == -1) {
		/* Else it is code that arrived wrong that has raised. */
		mine = is_full(&c, &why);
		if (c.last.raised && !mine)
			err_wrap(&why, "%s: what the board answers does not "
			    "arrive whole", link_name(r->link));
		*e = why;
	} else if (c.parcel.state == PARCEL_OVER) {
		res = err_set(e, ERR_INPUT, "%s: the board answers more than "
		    "the %u bytes allowed", link_name(r->link),
		    REPL_OUTPUT_MAX);
	} else if (c.parcel.state == PARCEL_RAISED) {
		res = raise_exception(&c.parcel, e);
		mine = true;
	} else if (buf_add(out, answer->data, answer->len) == -1) {
		res = err_set(e, ERR_INPUT, "%s: the board answers more than "
		    "the %zu bytes allowed", link_name(r->link), out->max);
	}
	if (raised != NULL)
		*raised = mine;
	parcel_end(&c.parcel);
	return res;
}

int
repl_start(struct repl *r, const char *script, int64_t deadline,
    struct err *e)
{
	struct call c = { script, NULL, 0, deadline, true, { 0 }, { false } };
	struct err why = ERR_INIT;
	int res;

	parcel_begin(&c.parcel, REPL_OUTPUT_MAX);
	res = run_call(r, &c, &why);
	if (res == 0 && c.parcel.state == PARCEL_RAISED)
		res = raise_exception(&c.parcel, &why);
	else if (!c.last.raised && (r->gone || (c.last.sent &&
	    why.code == ERR_TIMEOUT)))
		res = 0;
	if (res == -1) {
		*e = why;
		if (c.last.raised || c.parcel.state == PARCEL_RAISED)
			e->code = ERR_UNSUPPORTED;
	}
	parcel_end(&c.parcel);
	return res;
}
