/* SPDX-License-Identifier: MIT */
#include "repl/impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#define SOFT_RESET	"\x04"
#define START_MS	1000		/* a slow one has said no by then */
#define ACK_MS		2000		/* "OK" comes before it compiles */
#define PROMPT_MS	300		/* it follows what the code printed */
#define QUIET_MS	1000		/* at least: flash is slow */
#define ATTEMPTS	3
#define LEAVE_MS	1500		/* it is started again, even so late */
#define RESTART_MS	3000		/* kept free for that */

struct repl *
repl_new(struct link *l)
{
	const struct buf heard = BUF_MAX(REPL_HEARD_MAX);
	struct repl *r = mem_alloc(sizeof(*r));

	r->link = l;
	r->heard = heard;
	r->began_ms = clock_ms();
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

bool
repl_gone(const struct repl *r)
{
	return r->gone;
}

int64_t
repl_soon(int64_t deadline, int64_t ms)
{
	const int64_t soon = clock_ms() + ms;

	return soon < deadline ? soon : deadline;
}

int64_t
repl_quiet(int64_t deadline)
{
	const int third = clock_left_ms(deadline) / 3;

	return repl_soon(deadline, third < QUIET_MS ? QUIET_MS : third);
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
		r->heard_ms = clock_ms();
	}
	*c = r->in[r->in_pos++];
	r->parts += *c == '\x04';
	buf_addc(&r->heard, *c);	/* full is fine: the beginning */
	memmove(r->recent, r->recent + 1, sizeof(r->recent) - 1);
	r->recent[sizeof(r->recent) - 1] = *c;
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

/*
 * Until when to wait for the next byte: the acknowledgement comes at once, so
 * does the prompt behind an answer that is whole, and the parts of an answer
 * follow each other.
 */
static int64_t
wait_until(const struct repl_code *code, const struct frame *f,
    int64_t ack_by, int64_t quiet_by)
{
	const struct parcel *p = code->parcel;
	int64_t by = code->deadline;

	if (f->state == FRAME_ACK && (p == NULL || quiet_by == 0))
		by = ack_by;
	else if (p != NULL && !code->starts && quiet_by < by)
		by = quiet_by;
	return by;
}

/* Feeds the parcel; when it should go on at the latest, if it did now. */
static int64_t
feed_parcel(struct parcel *p, char c, int64_t deadline, int64_t quiet_by)
{
	const size_t before = p->fitting;

	parcel_feed(p, c);
	if (p->fitting == before)
		return quiet_by;
	return p->state != PARCEL_OPEN ? repl_soon(deadline, PROMPT_MS) :
	    repl_quiet(deadline);
}

/* The reply to code that was handed over; until ack_by it must begin. */
static int
await_reply(struct repl *r, struct frame *f, const struct repl_code *code,
    int64_t ack_by, struct err *e)
{
	int64_t quiet_by = f->state == FRAME_ACK ? 0 :
	    repl_quiet(code->deadline);
	char c;

	while (f->state != FRAME_DONE && f->state != FRAME_OVER) {
		const int64_t by = wait_until(code, f, ack_by, quiet_by);

		if (r->in_pos == r->in_len && r->in_len > 0 &&
		    clock_ms() > by)
			return err_set(e, ERR_TIMEOUT, "%s: it has not "
			    "finished in time", link_name(r->link));
		if (repl_getc(r, &c, by, e) == -1)
			return -1;
		if (code->parcel != NULL)
			quiet_by = feed_parcel(code->parcel, c,
			    code->deadline, quiet_by);
		if (frame_feed(f, c) != FRAME_ACK && quiet_by == 0)
			quiet_by = repl_quiet(code->deadline);
	}
	if (f->state == FRAME_OVER)
		return err_set(e, ERR_INPUT, "%s: the board prints more than "
		    "the %zu bytes allowed", link_name(r->link),
		    (size_t)REPL_OUTPUT_MAX - f->left);
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
check_code(struct repl *r, const char *code, struct err *e)
{
	const char *c = strpbrk(code, "\x01\x02\x03\x04\x05");

	if (c == NULL)
		return 0;
	return err_set(e, ERR_INTERNAL, "%s: control byte %02x in the code "
	    "to run", link_name(r->link), (unsigned)*c);
}

static void
cut_buf(struct buf *b, size_t len)
{
	if (b->len > len) {
		b->len = len;
		b->data[len] = '\0';
	}
}

/*
 * Without flow control bytes may be lost, whatever the pace.  Then the end of
 * the code has not arrived, or what has is no Python, and nothing has run.
 */
static bool
is_lost_paste(const struct repl *r, const struct frame *f, const struct err *e)
{
	static const char *const errors[] = {
		"SyntaxError", "IndentationError"
	};

	if (r->paste != PASTE_PIECES && r->paste != PASTE_SLOWLY)
		return false;
	if (f->state == FRAME_ACK)
		return e->code == ERR_TIMEOUT;
	for (size_t i = 0; i < 2; i++)
		if (f->state == FRAME_DONE &&
		    strncmp(e->msg, errors[i], strlen(errors[i])) == 0)
			return true;
	return false;
}

int
repl_attempt(struct repl *r, const struct repl_code *code, struct buf *out,
    struct repl_outcome *what, struct err *e)
{
	struct frame f = { 0 };
	bool pasted = false, acked = false;
	struct repl_code until = *code;
	int64_t ack_by;
	int res = -1;

	*what = (struct repl_outcome){ false };
	if (r->adrift && repl_recover(r, code->deadline, e) == -1)
		return -1;
	r->adrift = true;
	if (repl_upload(r, code->text, strlen(code->text), code->deadline,
	    &pasted, &acked, e) == -1)
		return -1;
	what->sent = true;
	frame_begin(&f, pasted, out, REPL_OUTPUT_MAX);
	if (acked)
		f.state = FRAME_OUTPUT;
	ack_by = pasted && !code->starts && code->parcel == NULL ?
	    code->deadline : repl_soon(code->deadline, ACK_MS);
	if (code->starts)
		until.deadline = repl_soon(ack_by, START_MS);
	if (await_reply(r, &f, &until, ack_by, e) == -1)
		goto out;
	r->adrift = false;
	what->raised = f.trace.len > 0;
	if (what->raised)
		raise_it(&f.trace, e);
	else
		res = 0;
out:
	what->lost = res == -1 && is_lost_paste(r, &f, e);
	frame_end(&f);
	return res;
}

int
repl_run(struct repl *r, const char *code, int64_t deadline, struct buf *out,
    bool *raised, struct err *e)
{
	const struct repl_code what = { .text = code, .deadline = deadline };
	const size_t before = out->len;
	struct repl_outcome came = { false };
	struct err why = ERR_INIT;

	if (raised != NULL)
		*raised = false;
	if (check_code(r, code, e) == -1)
		return -1;
	for (int i = 0; i < ATTEMPTS; i++) {
		if (repl_attempt(r, &what, out, &came, &why) == 0)
			return 0;
		if (!came.lost)
			break;
		cut_buf(out, before);
		r->slower++;
	}
	if (raised != NULL)
		*raised = came.raised;
	*e = why;
	return -1;
}

/*
 * Once the board has said so, closing the port no longer matters to it.  One
 * whose USB goes with the reset may not come to say it, and has done it.
 */
int
repl_soft_reset(struct repl *r, int64_t deadline, struct err *e)
{
	/* One of them comes whole, though a timer prints into the others. */
	static const struct seek_text said[] = {
		SEEK_TEXT("MPY: "), SEEK_TEXT("soft"), SEEK_TEXT("reboot")
	};
	struct err why = ERR_INIT;
	size_t which;

	if (repl_send(r, SOFT_RESET, 1, deadline, e) == -1)
		return -1;
	if (repl_await(r, said, 3, deadline, &which, &why) == 0 || r->gone)
		return 0;
	*e = why;
	return -1;
}

/* Into its raw REPL. */
static int
restart_board(struct repl *r, int64_t deadline, struct err *e)
{
	struct err why = ERR_INIT;
	size_t which;

	r->adrift = true;
	if (repl_send(r, SOFT_RESET, 1, deadline, e) == -1)
		return -1;
	if (repl_await(r, &repl_raw_banner, 1, repl_quiet(deadline), &which,
	    &why) == 0) {
		r->adrift = false;
		return 0;
	}
	if (why.code == ERR_TIMEOUT)
		return repl_recover(r, deadline, e);
	*e = why;
	return -1;
}

int
repl_make_room(struct repl *r, int64_t deadline, struct err *e)
{
	if (r->adrift && repl_recover(r, deadline, e) == -1)
		return -1;
	if (r->interrupted)
		return restart_board(r, deadline, e);
	if (repl_friendly(r, deadline, e) == -1)
		return -1;
	return repl_raw(r, deadline, e);
}

int64_t
repl_work(const struct repl *r, int64_t deadline)
{
	const int half = clock_left_ms(deadline) / 2;
	const int most = r->interrupted ? RESTART_MS : LEAVE_MS;

	return deadline - (half < most ? half : most);
}

int
repl_leave(struct repl *r, int64_t deadline, struct err *e)
{
	const char *name = link_name(r->link);
	const int64_t least = clock_ms() + LEAVE_MS;
	int res = -1;

	if (deadline < least)
		deadline = least;
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
