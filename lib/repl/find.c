/* SPDX-License-Identifier: MIT */
#include "repl/impl.h"

#include <string.h>

#include "base/clock.h"
#include "base/stop.h"
#include "base/text.h"

#define FIRST_INT_MS	100
/*
 * In turn: too unequal for what prints by itself at equal intervals to do so
 * within INT_ANSWER_MS of each ^C, and at no other time.
 */
#define INT_MS		400
#define LONG_INT_MS	750
#define INT_ANSWER_MS	150
#define ANSWERS_MIN	3
/*
 * The question, a first ^C and these make 2 s of silence.  An ESP that its
 * bridge has reset talks for 3 s before it listens: rounds with noise in them
 * are counted apart.
 */
#define QUIET_ROUNDS	3
#define ROUNDS_MAX	10
#define AGAIN_MS	200
/*
 * Without so much time left no program is interrupted: there would be none to
 * start it again.
 */
#define INT_LEFT_MS	1000

/* The end of the banner: sys.ps1 may be anything. */
#define BANNER		"for more information.\r\n"

/* aiorepl's: a program that goes on, and has a raw REPL like ours. */
#define AIOREPL		"\n--> "

/* How the banner begins: behind an empty line, if the prompt was there. */
#define NAME		"MicroPython v"

/* What ^B may bring: a prompt, or first what tells where that comes from. */
enum { IDLE_NAMED = REPL_PROMPTS, NAMED, ANSWERS };

static const struct seek_text answers[ANSWERS] = {
	SEEK_TEXT(PROMPT), SEEK_TEXT(BANNER), SEEK_TEXT(AIOREPL),
	[IDLE_NAMED] = SEEK_TEXT("\r\n\r\n" NAME),
	[NAMED] = SEEK_TEXT(NAME),
};

const struct seek_text *const repl_prompts = answers;

/* What ^C may bring. */
enum {
	INT_PROMPTED, INT_BANNERED, INT_AIO, INT_RAW,
	KILLED, REFUSED, REFUSED_INDENT
};

static const struct seek_text int_answers[] = {
	[INT_PROMPTED] = SEEK_TEXT(PROMPT),
	[INT_BANNERED] = SEEK_TEXT(BANNER),
	[INT_AIO] = SEEK_TEXT(AIOREPL),
	[INT_RAW] = SEEK_TEXT("\x04>"),
	[KILLED] = SEEK_TEXT("KeyboardInterrupt"),
	/* Of a raw-paste that the board has ended: the code is no Python. */
	[REFUSED] = SEEK_TEXT("\nSyntaxError: "),
	[REFUSED_INDENT] = SEEK_TEXT("\nIndentationError: "),
};

#define PASTE_PARTS	3

#define INT_ANSWERS	(sizeof(int_answers) / sizeof(int_answers[0]))

/* What the rounds of ^C have brought to light. */
struct signs {
	bool	 killed;		/* in the last round */
	bool	 refused;
	size_t	 parts;			/* repl.parts before the first */
	int	 rounds;		/* but for the first */
	int	 quiet, answered;	/* of them */
};

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
		err_todo(e, NEXT_RESET_BOARD,
		    "end that program, or reset the board in safe mode");
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
	static const char *const firsts[] = {
		"\r\n>>> ", "\r\nMicroPython v", "\r\nAdafruit CircuitPython "
	};
	static const char line[] = "\r\n\r\n>>> ";
	const char *said = skip_echoes(r->heard.data);

	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++)
		if (strncmp(said, firsts[i], strlen(firsts[i])) == 0)
			return true;
	return memcmp(r->recent, line, sizeof(r->recent)) == 0;
}

/*
 * Was it a program that the prompt has taken the place of?  In a raw REPL, ^C
 * ends the output and the exception of one; of a raw-paste the code, too, if
 * the board has not ended that itself.  A timer may print between the ends.
 */
static bool
was_running(const struct repl *r, size_t which, const struct signs *s)
{
	if (which == INT_AIO || (which == INT_RAW && (s->refused ||
	    r->parts - s->parts >= PASTE_PARTS)))
		return false;
	return s->killed || !was_idle(r);
}

/* Round i of ^C.  1 and *which if a prompt came, else 0. */
static int
ask_round(struct repl *r, int i, int64_t deadline, struct signs *s,
    size_t *which, struct err *e)
{
	const int64_t began = clock_ms();
	const int64_t until = repl_soon(deadline, i == 0 ? FIRST_INT_MS :
	    i % 2 == 1 ? INT_MS : LONG_INT_MS);
	const size_t before = r->heard_bytes;
	struct err why = ERR_INIT;
	int got;

	s->killed = false;
	r->sent_int = true;
	got = repl_ask(r, INTERRUPT, int_answers, INT_ANSWERS,
	    clock_left_ms(until), deadline, which, e);
	while (got == 1 && *which >= KILLED) {
		s->killed |= *which == KILLED;
		s->refused |= *which == REFUSED || *which == REFUSED_INDENT;
		got = repl_await(r, int_answers, INT_ANSWERS, until, which,
		    &why) == 0;
	}
	if (got != 0)
		return got;
	r->catches |= s->killed;
	if (i > 0) {
		s->rounds++;
		if (r->heard_bytes == before)
			s->quiet++;
		else if (r->heard_ms <= began + INT_ANSWER_MS)
			s->answered++;
	}
	return 0;
}

/* By a signal, where no program can have been stopped by us. */
static bool
may_stop_now(const struct repl *r)
{
	return r->may_stop && (!r->sent_int || r->heard_bytes == 0) &&
	    stop_requested();
}

int
repl_interrupt(struct repl *r, int64_t deadline, struct err *e)
{
	const bool answered = r->heard_bytes > 0;
	struct signs s = { .parts = r->parts };
	size_t which = INT_PROMPTED;
	int got;

	if (clock_left_ms(deadline) < INT_LEFT_MS)
		return silent(r, e);
	for (int i = 0; s.quiet < QUIET_ROUNDS && i < ROUNDS_MAX; i++) {
		if (may_stop_now(r)) {
			err_set(e, ERR_CANCELLED, "%s: stopped before it "
			    "answered", link_name(r->link));
			return err_hint(e, "run it again");
		}
		got = ask_round(r, i, deadline, &s, &which, e);
		if (got == -1)
			return -1;
		if (got == 1) {
			r->interrupted = was_running(r, which, &s);
			return 0;
		}
	}
	/* It has said something to each ^C, at once, and nothing else. */
	r->catches |= !answered && s.answered >= ANSWERS_MIN &&
	    s.answered == s.rounds;
	/* There may be a prompt that we do not know. */
	if (r->heard_bytes == 0 || (got = repl_ask(r, TO_RAW, &repl_raw_banner,
	    1, RAW_MS, deadline, &which, e)) == 0)
		return silent(r, e);
	return got == 1 ? 0 : -1;
}

/*
 * A program has taken ^B, as input() does, and ended: the banner is not behind
 * the CR LF of the prompt.  If that program has ended a line, it may as well
 * have been a timer of an idle board, and nothing is said.
 */
static bool
has_ended(const struct repl *r)
{
	const char *said = skip_echoes(r->heard.data);
	const size_t before = r->heard.len - (size_t)(said - r->heard.data) -
	    strlen(NAME);

	return r->heard.len < REPL_HEARD_MAX && *said != '\r' &&
	    (before == 0 || said[before - 1] != '\n');
}

/* ^B.  1 if a prompt came; *ended: and it has ended a program. */
static int
ask_prompt(struct repl *r, int64_t ms, int64_t deadline, bool *ended,
    struct err *e)
{
	const int64_t until = repl_soon(deadline, ms);
	struct err why = ERR_INIT;
	size_t which;
	int got = repl_ask(r, TO_FRIENDLY, answers, ANSWERS, ms, deadline,
	    &which, e);

	while (got == 1 && which >= IDLE_NAMED) {
		*ended = which == NAMED && has_ended(r);
		got = repl_await(r, answers, ANSWERS, until, &which, &why) ==
		    0;
	}
	return got;
}

int
repl_find(struct repl *r, const struct repl_opts *opts, int64_t deadline,
    struct err *e)
{
	bool ended = false;
	int got = ask_prompt(r, ASK_MS, deadline, &ended, e);

	/* What it said may be a prompt that a timer has printed into. */
	for (int i = 1; i < TRIES && got == 0; i++) {
		if (*skip_echoes(r->heard.data) == '\0')
			break;
		got = ask_prompt(r, AGAIN_MS, deadline, &ended, e);
	}
	r->interrupted = got == 1 && ended;
	if (got != 0)
		return got == 1 ? 0 : -1;
	if (opts != NULL && opts->no_interrupt)
		return err_set(e, ERR_BUSY, "%s: no prompt, and what runs may "
		    "not be interrupted", link_name(r->link));
	return repl_interrupt(r, deadline, e);
}
