/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "board/board.h"
#include "run.h"
#include "said.h"

/*
 * detect: what a board says of itself.  A fact is the board's own, or the
 * whole answer is an error; an idle board keeps its variables, and a program
 * that was interrupted runs again, or the record says that it does not.
 */

#define ASK_MS		10000		/* as mpf-detect allows */
#define LATE_MS		4000		/* to leave the board, beyond that */

static const char info[] = "[mpflash]\nignore = false\n"
    "board_id = \"RPI_PICO_W\"\n";
static const char record[] = "[firmware]\nboard_id = \"RPI_PICO_W\"\n"
    "version = \"v1.22.2\"\nsha256 = \""
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"\n";

/* A board, and what it says when all is well. */
struct ask {
	const char	*name, *version;
	struct sim_console_opts opts;
	bool		 files, no_interrupt;
	struct said	 truth;
	struct wire	 calm;
};

static void
plug(const struct ask *a, struct fake *f)
{
	fake_plug(f, "rp2", "RPI_PICO_W", a->version, &a->opts);
	if (!a->files)
		return;
	sim_files_write(f->files, "board_info.toml", info, strlen(info));
	sim_files_write(f->files, "mpflash.toml", record, strlen(record));
}

static int
ask(const struct ask *a, struct wire *w, struct board_answer *out,
    struct err *e)
{
	const struct board_ask_opts how = {
		.deadline = clock_ms() + ASK_MS,
		.no_interrupt = a->no_interrupt,
	};
	char tty[] = BOARD_TTY;
	const struct link_addr at = { .kind = &link_tty, .name = tty };

	wire_now = w;
	return board_ask(&at, &how, out, e);
}

/* Does the golden answer hold the facts that we know better? */
static void
check_truth(struct run *r, const struct ask *a, const struct fake *f)
{
	char uid[2 * SIM_UID_MAX + 1];

	fake_uid(f, uid);
	if (!said_is(&a->truth, "version", f->id.tag) ||
	    !said_is(&a->truth, "description", f->id.machine) ||
	    !said_is(&a->truth, "port", f->id.port) ||
	    !said_is(&a->truth, "uid", uid))
		run_broken(r, "without a fault it says: %s", a->truth.text);
}

/*
 * One fault that leaves the bytes that we send as they are, and is no prompt.
 * A board that prints more than it answers, or a prompt, looks like one that
 * runs a program; whoever changes our bytes can make them mean anything.
 */
static bool
is_gentle(const struct spoil *f, size_t n)
{
	return n == 1 && f->every == 0 && !f->to_board &&
	    f->kind != SPOIL_CUT && (f->kind != SPOIL_PRINT ||
	    strstr(f->text, ">>> ") == NULL);
}

/* How is the board now? */
static void
check_left(struct run *r, const struct ask *a, const struct fake *f,
    int said, const struct board_answer *answer)
{
	const bool runs = f->phase == FAKE_RUNS &&
	    f->console != NULL && sim_console_due(f->console) != SIM_FOREVER;
	const bool told = said == 0 ? answer->board.interrupted == 1 :
	    answer->interrupt != NULL &&
	    strcmp(answer->interrupt, "sent") == 0;

	if (!a->opts.busy && f->soft_resets > 0)
		run_broken(r, "an idle board was reset");
	if (a->opts.busy && !runs && said == 0)
		run_broken(r, "its program does not run again");
	if (a->opts.busy && !told && (said == 0 || !runs))
		run_broken(r, "its program was ended, and nobody says so");
}

static void
ask_with(struct run *r, const struct spoil *f, size_t n, void *ctx)
{
	struct ask *a = ctx;
	struct wire w = { .spoiler.n = n };
	struct board_answer answer = BOARD_ANSWER_INIT;
	struct err e = ERR_INIT;
	struct fake board;
	struct said is;
	char what[160];
	int64_t begin;
	int said;

	spoil_show(f, what, sizeof(what));
	if (!run_begin(r, "detect, %s: %s (1 of %zu)", a->name, what, n))
		return;
	memcpy(w.spoiler.fault, f, n * sizeof(*f));
	w.board = &board;
	w.seed = (unsigned)r->number;
	plug(a, &board);
	begin = clock_ms();
	said = ask(a, &w, &answer, &e);
	said_board(&answer, &is);
	if (said == 0 && strcmp(is.text, a->truth.text) != 0)
		run_broken(r, "believed: %s\n#   the truth: %s", is.text,
		    a->truth.text);
	if (clock_ms() - begin > ASK_MS + LATE_MS)
		run_broken(r, "it took %lld ms",
		    (long long)(clock_ms() - begin));
	if (is_gentle(f, n))
		check_left(r, a, &board, said, &answer);
	run_end(r, said, &e);
	board_answer_release(&answer);
	fake_unplug(&board);
}

static void
learn(struct run *r, struct ask *a)
{
	struct board_answer answer = BOARD_ANSWER_INIT;
	struct err e = ERR_INIT;
	struct fake board;

	clock_fake(1);
	plug(a, &board);
	a->calm.board = &board;
	if (ask(a, &a->calm, &answer, &e) == -1)
		run_broken(r, "%s: without a fault: %s", a->name, e.msg);
	said_board(&answer, &a->truth);
	check_truth(r, a, &board);
	board_answer_release(&answer);
	fake_unplug(&board);
}

void
test_detect(struct run *r)
{
	struct ask asks[] = {
		{ .name = "idle", .version = "1.22.2", .files = true },
		{ .name = "busy", .version = "1.24.1", .opts.busy = true },
		{ .name = "idle, names itself", .version = "1.25.0" },
		{ .name = "no raw-paste", .version = "1.13",
		  .opts.old = true },
	};

	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		learn(r, &asks[i]);
		run_wire(r, &asks[i].calm.spoiler, ask_with, &asks[i]);
	}
}
