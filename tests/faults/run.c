/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define BEGIN_MS	1800000000000	/* on the test clock, since 1970 */
#define STORMS		400u		/* runs with several faults at once */

/*
 * What programs print, and what looks most like something else: a prompt, a
 * banner, the end of an answer, an acknowledgement, a fact.
 */
static const char *const prints[] = {
	"20", "20\r\n", "\r\n", " ", "f",
	"0a", "end\r\n", "ok\r\n", "OK",
	"\x04", "\x04\x04>", ">", "\r\n>>> ",
	"raw REPL; CTRL-B to exit\r\n>", "R\x01", "\x01",
	"KeyboardInterrupt: \r\n", "OSError: 28\r\n",
	"MemoryError: \r\n", "MPY: soft reboot\r\n",
	"machine 5261737062657272792050692050696f\r\n",
	"uid 00\r\n", "\r\nversion 312e392e30\r\n",
	"record-sum 0 0\r\nend\r\n\x04\x04>",
	"for more information.\r\n>>> ", "\xff\xfe",
};

#define N_PRINTS	(sizeof(prints) / sizeof(prints[0]))

/* splitmix64, by S. Vigna. */
static uint32_t
mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	return (uint32_t)(z >> 32);
}

uint32_t
run_random(struct run *r, uint32_t n)
{
	return mix(r->random += 0x9e3779b97f4a7c15u) % n;
}

/*
 * Numbers that are chosen at random: kinds of faults take turns, and each
 * so-many-th run may always be one of the same kind.
 */
static bool
is_chosen(const struct run *r)
{
	return r->only != 0 ? r->number == r->only :
	    mix(r->number * 0x9e3779b97f4a7c15u + r->seed) % r->share == 0;
}

bool
run_begin(struct run *r, const char *fmt, ...)
{
	va_list ap;

	r->number++;
	if (!is_chosen(r))
		return false;
	va_start(ap, fmt);
	vsnprintf(r->what, sizeof(r->what), fmt, ap);
	va_end(ap);
	r->broken = false;
	clock_fake(BEGIN_MS);
	alarm(HANG_S);
	return true;
}

void
run_broken(struct run *r, const char *fmt, ...)
{
	va_list ap;

	r->bad += !r->broken;
	r->broken = true;
	printf("# run %llu: %s:\n#   ", (unsigned long long)r->number,
	    r->what);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

void
run_end(struct run *r, int said, const struct err *e)
{
	alarm(0);
	r->done++;
	r->ok += said == 0;
	r->failed += said != 0;
	if (said != 0 && (e->code == ERR_NONE || e->msg[0] == '\0'))
		run_broken(r, "it failed and does not say why");
	if (r->only != 0)
		printf("# run %llu: %s: %s%s\n",
		    (unsigned long long)r->number, r->what,
		    said == 0 ? "ok" : "", said == 0 ? "" : e->msg);
}

/* The same print at one byte, or again and again as a timer would. */
static void
run_prints(struct run *r, size_t from, run_fn *go, void *ctx)
{
	struct spoil f = { .kind = SPOIL_PRINT };

	for (size_t k = 0; k < N_PRINTS; k++) {
		f.text = prints[k];
		f.every = 0;
		for (f.at = 0; f.at <= from; f.at++)
			go(r, &f, 1, ctx);
		for (f.every = 2; f.every < 200; f.every += 1 + f.every / 4) {
			f.at = run_random(r, (uint32_t)f.every);
			go(r, &f, 1, ctx);
		}
	}
}

/* All else that can befall the byte at f->at. */
static void
run_byte(struct run *r, struct spoil f, run_fn *go, void *ctx)
{
	static const enum spoil_kind kinds[] = { SPOIL_DROP, SPOIL_FLIP,
		SPOIL_DOUBLE, SPOIL_CUT, SPOIL_MUTE, SPOIL_DELAY };
	static const int delays[] = { 50, 500, 1500, 12000 };

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		f.kind = kinds[k];
		f.bit = (int)run_random(r, 8);
		f.ms = delays[run_random(r, 4)];
		if (!f.to_board || (f.kind != SPOIL_MUTE &&
		    f.kind != SPOIL_DELAY))
			go(r, &f, 1, ctx);
	}
}

static void
run_storm(struct run *r, size_t from, size_t to, run_fn *go, void *ctx)
{
	struct spoil f[SPOILS_MAX];
	const size_t n = 2 + run_random(r, SPOILS_MAX - 1);

	for (size_t i = 0; i < n; i++) {
		const size_t k = run_random(r, N_PRINTS);

		f[i] = (struct spoil){
			.kind = (enum spoil_kind)(SPOIL_PRINT +
			    (int)run_random(r, 7)),
			.to_board = run_random(r, 8) == 0,
			.every = run_random(r, 2) == 0 ? 0 :
			    1 + run_random(r, 100),
			.text = prints[k],
			.bit = (int)run_random(r, 8),
			.ms = (int)run_random(r, 700),
		};
		f[i].at = run_random(r, (uint32_t)(f[i].to_board ? to :
		    from) + 1);
		/* Those end a run, and would end most. */
		if (f[i].kind == SPOIL_CUT || f[i].kind == SPOIL_MUTE)
			f[i].kind = run_random(r, 4) == 0 ? f[i].kind :
			    SPOIL_PRINT;
		if (f[i].kind == SPOIL_PRINT)
			f[i].to_board = false;
		if (f[i].kind == SPOIL_DELAY)
			f[i].every = 0;
	}
	go(r, f, n, ctx);
}

void
run_wire(struct run *r, const struct spoiler *calm, run_fn *go, void *ctx)
{
	const size_t from = calm->from_board, to = calm->to_board;
	struct spoil f = { .kind = SPOIL_NONE };

	run_prints(r, from, go, ctx);
	for (f.at = 0; f.at < from; f.at++)
		run_byte(r, f, go, ctx);
	f.to_board = true;
	for (f.at = 0; f.at < to; f.at++)
		run_byte(r, f, go, ctx);
	for (unsigned i = 0; i < STORMS; i++)
		run_storm(r, from, to, go, ctx);
}
