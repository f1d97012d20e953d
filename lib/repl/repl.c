/* SPDX-License-Identifier: MIT */
#include "repl/impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#define SOFT_RESET	"\x04"
#define START_MS	100		/* bootloader.py sleeps as long */

struct repl *
repl_new(struct link *l)
{
	const struct buf heard = BUF_MAX(REPL_HEARD_MAX);
	struct repl *r = mem_alloc(sizeof(*r));

	r->link = l;
	r->heard = heard;
	return r;
}

void
repl_abandon(struct repl *r)
{
	if (r == NULL)
		return;
	buf_release(&r->heard);
	free(r);
}

bool
repl_interrupted(const struct repl *r)
{
	return r->interrupted;
}

int64_t
repl_soon(int64_t deadline, int64_t ms)
{
	const int64_t soon = clock_ms() + ms;

	return soon < deadline ? soon : deadline;
}

int
repl_send(struct repl *r, const void *p, size_t n, int64_t deadline,
    struct err *e)
{
	if (link_write(r->link, p, n, deadline, e) == 0)
		return 0;
	r->gone |= e->code != ERR_TIMEOUT;
	return -1;
}

int
repl_getc(struct repl *r, char *c, int64_t deadline, struct err *e)
{
	if (r->in_pos == r->in_len) {
		r->in_pos = r->in_len = 0;
		if (link_read(r->link, r->in, sizeof(r->in), deadline,
		    &r->in_len, e) == -1) {
			r->in_len = 0;
			r->gone |= e->code != ERR_TIMEOUT;
			return -1;
		}
		r->heard_bytes += r->in_len;
	}
	*c = r->in[r->in_pos++];
	buf_addc(&r->heard, *c);	/* full is fine: the beginning */
	return 0;
}

int
repl_await(struct repl *r, const struct seek_text *list, size_t n,
    int64_t deadline, size_t *which, struct err *e)
{
	struct seek s;
	int found;
	char c;

	seek_begin(&s, list, n);
	do {
		/* One that never stops talking must not outlast it either. */
		if (r->in_pos == r->in_len && r->in_len > 0 &&
		    clock_ms() > deadline)
			return err_set(e, ERR_TIMEOUT, "%s: it talks, but "
			    "gives no answer", link_name(r->link));
		if (repl_getc(r, &c, deadline, e) == -1)
			return -1;
		found = seek_feed(&s, c);
	} while (found == -1);
	*which = (size_t)found;
	return 0;
}

/* The reply to code that was handed over. */
static int
reply(struct repl *r, struct frame *f, int64_t deadline, struct err *e)
{
	enum frame_state state = f->state;
	char c;

	while (state != FRAME_DONE && state != FRAME_OVER) {
		if (r->in_pos == r->in_len && r->in_len > 0 &&
		    clock_ms() > deadline)
			return err_set(e, ERR_TIMEOUT, "%s: it has not "
			    "finished in time", link_name(r->link));
		if (repl_getc(r, &c, deadline, e) == -1)
			return -1;
		state = frame_feed(f, c);
	}
	if (state == FRAME_OVER)
		return err_set(e, ERR_INPUT, "%s: the board prints more than "
		    "the %zu bytes allowed", link_name(r->link), f->out->len);
	return 0;
}

static void
raise_it(const struct buf *trace, struct err *e)
{
	struct buf line = BUF_INIT, shown = BUF_INIT;

	frame_last_line(&line, trace);
	text_show(&shown, line.data, line.len);
	err_set(e, ERR_PROTOCOL, "%s", shown.data);
	e->retry = false;
	buf_release(&line);
	buf_release(&shown);
}

/* Control bytes mean something to a raw REPL: none may be in the code. */
static int
check(struct repl *r, const char *code, struct err *e)
{
	const char *c = strpbrk(code, "\x01\x02\x03\x04\x05");

	if (c == NULL)
		return 0;
	return err_set(e, ERR_INTERNAL, "%s: control byte %02x in the code "
	    "to run", link_name(r->link), (unsigned)*c);
}

static int
run(struct repl *r, const char *code, int64_t deadline, int64_t reply_by,
    struct buf *out, bool *raised, struct err *e)
{
	struct frame f = { 0 };
	bool pasted = false, acked = false;
	int res = -1;

	if (check(r, code, e) == -1)
		return -1;
	if (r->adrift && repl_recover(r, deadline, e) == -1)
		return -1;
	r->adrift = true;
	if (repl_upload(r, code, strlen(code), deadline, &pasted, &acked,
	    e) == -1)
		return -1;
	frame_begin(&f, pasted, out, REPL_OUTPUT_MAX);
	if (acked)
		f.state = FRAME_OUTPUT;
	if (reply(r, &f, repl_soon(deadline, reply_by), e) == -1)
		goto out;
	r->adrift = false;
	if (f.trace.len > 0) {
		*raised = true;
		raise_it(&f.trace, e);
		goto out;
	}
	res = 0;
out:
	frame_end(&f);
	return res;
}

int
repl_run(struct repl *r, const char *code, int64_t deadline, struct buf *out,
    bool *raised, struct err *e)
{
	bool mine = false;
	const int res = run(r, code, deadline, INT64_MAX / 2, out, &mine, e);

	if (raised != NULL)
		*raised = mine;
	return res;
}

int
repl_start(struct repl *r, const char *code, int64_t deadline, struct err *e)
{
	struct buf out = BUF_MAX(REPL_OUTPUT_MAX);
	struct err why = ERR_INIT;
	bool raised = false;
	int res;

	res = run(r, code, deadline, START_MS, &out, &raised, &why);
	buf_release(&out);
	if (res == 0 || (!raised && r->adrift &&
	    (why.code == ERR_TIMEOUT || r->gone)))
		return 0;
	*e = why;
	if (raised)
		e->code = ERR_UNSUPPORTED;
	return -1;
}

/* Once the board has said so, closing the port no longer matters to it. */
int
repl_soft_reset(struct repl *r, int64_t deadline, struct err *e)
{
	static const struct seek_text said = SEEK_TEXT("soft reboot");
	size_t which;

	if (repl_send(r, SOFT_RESET, 1, deadline, e) == -1)
		return -1;
	return repl_await(r, &said, 1, deadline, &which, e);
}

int
repl_restart(struct repl *r, int64_t deadline, struct err *e)
{
	size_t which;

	if (!r->interrupted)
		return err_set(e, ERR_INTERNAL, "%s: an idle board is not "
		    "reset", link_name(r->link));
	if (r->adrift && repl_recover(r, deadline, e) == -1)
		return -1;
	r->adrift = true;
	if (repl_send(r, SOFT_RESET, 1, deadline, e) == -1 ||
	    repl_await(r, &repl_raw_banner, 1, deadline, &which, e) == -1)
		return -1;
	r->adrift = false;
	return 0;
}

int
repl_leave(struct repl *r, int64_t deadline, struct err *e)
{
	const char *name = link_name(r->link);
	int res = -1;

	if (r->adrift && !r->gone && repl_recover(r, deadline, e) == -1)
		goto out;
	if (repl_friendly(r, deadline, e) == -1)
		goto out;
	if (r->interrupted && repl_soft_reset(r, deadline, e) == -1)
		goto out;
	res = 0;
out:
	repl_abandon(r);
	return res == 0 ? 0 :
	    err_wrap(e, "%s: leaving the raw REPL", name);
}
