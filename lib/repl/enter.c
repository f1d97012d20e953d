/* SPDX-License-Identifier: MIT */
#include "repl/impl.h"

#include <string.h>

#include "base/clock.h"
#include "base/stop.h"
#include "base/text.h"

#define ASK_MS		400		/* an idle board answers sooner */
#define FIRST_INT_MS	100
#define INT_MS		500
/*
 * The question, a first ^C and these make 2 s of silence.  An ESP that its
 * bridge has reset talks for 3 s before it listens: rounds with noise in them
 * are counted apart.
 */
#define QUIET_ROUNDS	3
#define ROUNDS_MAX	10
#define AGAIN_MS	200
/* What is asked again takes longer each time. */
#define TRIES		3
#define RAW_MS		200
#define CLEAR_MS	100
#define RECOVERIES	4
/*
 * Without so much time left no program is interrupted: there would be none to
 * start it again.
 */
#define INT_LEFT_MS	1000
#define RESTART_MS	1000		/* beyond the deadline, if need be */

#define INTERRUPT	"\x03"		/* also clears a line, ends a paste */
#define TO_RAW		"\x01"
/*
 * The question: at an empty line, or in its raw REPL, a board answers with its
 * banner and prompt.  In a line that somebody has begun it moves the cursor,
 * or nothing, and where CR would run that line, ^B does not.
 */
#define TO_FRIENDLY	"\x02"
#define SOFT_RESET	"\x04"

#define PROMPT		"\n>>> "
/* The end of the banner: sys.ps1 may be anything. */
#define BANNER		"for more information.\r\n"

/* aiorepl's: a program that goes on, and has a raw REPL like ours. */
#define AIOREPL		"\n--> "

static const struct seek_text prompts[] = {
	SEEK_TEXT(PROMPT), SEEK_TEXT(BANNER), SEEK_TEXT(AIOREPL),
};

#define PROMPTS		(sizeof(prompts) / sizeof(prompts[0]))

const struct seek_text repl_raw_banner =
    SEEK_TEXT("raw REPL; CTRL-B to exit\r\n>");

/*
 * Sends a question and awaits one of the answers for ms.  1 and *which, 0
 * for none of them.
 */
static int
ask(struct repl *r, const char *question, const struct seek_text *list,
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

static int
silent(struct repl *r, struct err *e)
{
	struct buf said = BUF_INIT;

	if (r->heard_bytes == 0)
		return err_set(e, ERR_TIMEOUT, "%s: no answer%s",
		    link_name(r->link), r->sent_int ? ", nor to ^C" : "");
	text_show(&said, r->heard.data, r->heard.len);
	err_set(e, ERR_PROTOCOL, r->catches ? "%s: a program there catches "
	    "^C and goes on; it says \"%s\"" : "%s: no MicroPython prompt, "
	    "but \"%s\"", link_name(r->link), said.data);
	if (r->catches)
		err_hint(e, "end that program, or reset the board in safe "
		    "mode");
	buf_release(&said);
	return -1;
}

/* What ^B does in a line, in a paste, in a later line; behind them. */
static const char *
skip_echoes(const char *said)
{
	static const char *const echoes[] = { "\b", "\x02", "... " };
	size_t i = 0;

	while (i < sizeof(echoes) / sizeof(echoes[0])) {
		const size_t n = strlen(echoes[i]);

		if (strncmp(said, echoes[i], n) != 0) {
			i++;
			continue;
		}
		said += n;
		i = 0;
	}
	return said;
}

/*
 * Was the first that it said the answer to ^B, or to ^C in a line or a paste
 * that was begun?  Then it was idle all the time.  A program that ends says no
 * CR LF before that; so what a timer has printed before it may be passed over.
 */
static bool
was_idle(const struct repl *r)
{
	static const char *const answers[] = {
		"\r\n>>> ", "\r\nMicroPython v", "\r\nAdafruit CircuitPython "
	};
	static const char line[] = "\r\n\r\n>>> ";
	const char *said = skip_echoes(r->heard.data);

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (strncmp(said, answers[i], strlen(answers[i])) == 0)
			return true;
	return memcmp(r->recent, line, sizeof(r->recent)) == 0;
}

/* By a signal, where no program can have been stopped by us. */
static bool
may_stop_now(const struct repl *r)
{
	return r->may_stop && (!r->sent_int || r->heard_bytes == 0) &&
	    stop_requested();
}

/* ^C until a prompt comes. */
static int
interrupt(struct repl *r, int64_t deadline, struct err *e)
{
	enum { FRIENDLY, BANNERED, AIO, RAW, KILLED, PASTE, PASTE_NAME };
	static const struct seek_text list[] = {
		[FRIENDLY] = SEEK_TEXT(PROMPT),
		[BANNERED] = SEEK_TEXT(BANNER),
		[AIO] = SEEK_TEXT(AIOREPL),
		[RAW] = SEEK_TEXT("\x04>"),
		[KILLED] = SEEK_TEXT("KeyboardInterrupt"),
		/* Of a raw-paste: before a traceback, or the name alone. */
		[PASTE] = SEEK_TEXT("\x04\x04T"),
		[PASTE_NAME] = SEEK_TEXT("\x04\x04K"),
	};
	const size_t n = sizeof(list) / sizeof(list[0]);
	size_t which = FRIENDLY;
	int quiet = 0, got;

	if (clock_left_ms(deadline) < INT_LEFT_MS)
		return silent(r, e);
	for (int i = 0; quiet < QUIET_ROUNDS && i < ROUNDS_MAX; i++) {
		const size_t before = r->heard_bytes;
		const int64_t until = repl_soon(deadline,
		    i == 0 ? FIRST_INT_MS : INT_MS);
		bool killed = false, paste = false;

		if (may_stop_now(r)) {
			err_set(e, ERR_CANCELLED, "%s: stopped before it "
			    "answered", link_name(r->link));
			return err_hint(e, "run it again");
		}
		r->sent_int = true;
		got = ask(r, INTERRUPT, list, n, clock_left_ms(until),
		    deadline, &which, e);
		while (got == 1 && which >= KILLED) {
			killed |= which == KILLED;
			paste |= which != KILLED;
			got = repl_await(r, list, n, until, &which, e) == 0;
		}
		if (got == -1)
			return -1;
		if (got == 1) {
			r->interrupted = !paste && which != AIO &&
			    (killed || !was_idle(r));
			return 0;
		}
		r->catches |= killed;
		if (i > 0 && r->heard_bytes == before)
			quiet++;
	}
	/* There may be a prompt that we do not know. */
	if (r->heard_bytes == 0 || (got = ask(r, TO_RAW, &repl_raw_banner, 1,
	    RAW_MS, deadline, &which, e)) == 0)
		return silent(r, e);
	return got == 1 ? 0 : -1;
}

int
repl_find(struct repl *r, const struct repl_opts *opts, int64_t deadline,
    struct err *e)
{
	size_t which;
	int got = ask(r, TO_FRIENDLY, prompts, PROMPTS, ASK_MS, deadline,
	    &which, e);

	/* What it said may be a prompt that a timer has printed into. */
	for (int i = 1; i < TRIES && got == 0; i++) {
		if (*skip_echoes(r->heard.data) == '\0')
			break;
		got = ask(r, TO_FRIENDLY, prompts, PROMPTS, AGAIN_MS, deadline,
		    &which, e);
	}
	if (got != 0)
		return got == 1 ? 0 : -1;
	if (opts != NULL && opts->no_interrupt)
		return err_set(e, ERR_BUSY, "%s: no prompt, and what runs may "
		    "not be interrupted", link_name(r->link));
	return interrupt(r, deadline, e);
}

int
repl_raw(struct repl *r, int64_t deadline, struct err *e)
{
	size_t which;
	int got = 0;

	for (int i = 1; i <= TRIES && got == 0; i++)
		got = ask(r, TO_RAW, &repl_raw_banner, 1, i * RAW_MS,
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
		int got = ask(r, INTERRUPT, list, 2, i * CLEAR_MS, deadline,
		    &which, e);

		if (got != -1)
			got = ask(r, TO_RAW, &repl_raw_banner, 1, i * RAW_MS,
			    deadline, &which, e);
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
		got = ask(r, TO_FRIENDLY, prompts, PROMPTS, i < TRIES ?
		    i * ASK_MS : clock_left_ms(deadline), deadline, &which, e);
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
		if (interrupt(r, deadline, &why) == -1 ||
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
