/* SPDX-License-Identifier: MIT */
#include "facts/identify.h"

#include "facts/facts.h"
#include "store-test.h"

/* Boards of the user's own, made so that each of them is hard to tell apart. */

static struct store *s;
static struct facts *f;

static void
own(const char *port, const char *board_id, const char *variant,
    const char *first, const char *last, const char *machine)
{
	const struct store_board b = { .port = port, .board_id = board_id,
	    .variant = variant, .first = first, .last = last,
	    .description = machine };
	struct err e = ERR_INIT;

	OK(store_board_put(s, &b, &e) == 0);
}

static void
fill(void)
{
	struct err e = ERR_INIT;
	char variant[16];

	OK(store_open(in_tmp("own"), STORE_WRITE, &s, &e) == 0);
	OK(store_begin(s, &e) == 0);
	own("esp32", "SAME", NULL, NULL, NULL, "Same with X1");
	own("esp8266", "SAME", NULL, NULL, NULL, "Same with X1");
	for (size_t i = 0; i < IDENTITY_MAX; i++) {
		snprintf(variant, sizeof(variant), "V%02zu", i);
		own("rp2", "FULL", variant, NULL, NULL, "Full with X1");
		own("rp2", "MORE", variant, NULL, NULL, "More with X1");
	}
	own("rp2", "MORE", "V99", NULL, NULL, "More with X1");
	own("rp2", "OLD", NULL, "v1.20.0", "v1.23.0", "Heir with X1");
	own("rp2", "NEW", NULL, "v1.24.0", NULL, "Heir with X1");
	OK(store_commit(s, &e) == 0);
	OK(facts_open(s, &f, &e) == 0);
}

static int
same_board(const struct store_board *b, void *ctx)
{
	++*(int *)ctx;
	IS_STR(b->variant, "V");
	IS_STR(b->differs, STORE_SOFTWARE);
	OK(b->custom && !b->released);
	return 0;
}

/* In what a variant of one's own differs is kept. */
static void
check_kept(void)
{
	const struct store_board mine = { .port = "rp2", .board_id = "MINE",
	    .variant = "V", .differs = STORE_SOFTWARE };
	struct err e = ERR_INIT;
	int n = 0;

	OK(store_begin(s, &e) == 0 && store_board_put(s, &mine, &e) == 0 &&
	    store_commit(s, &e) == 0);
	OK(store_boards_by_id(s, "rp2", "MINE", same_board, &n, &e) == 0 &&
	    n == 1);
}

/* What that machine string stands for, in that firmware. */
static void
stands_for(const char *machine, const char *port, const char *version,
    int64_t build, enum identity_kind kind, size_t n, const char *first)
{
	const struct board b = { .description = machine, .port = port,
	    .version = version, .build = build };
	struct identity id;

	identify(f, &b, &id);
	OK(id.kind == kind && id.n == n);
	IS_STR(id.n > 0 ? id.candidate[0].board_id : NULL, first);
}

/* Where the boards have one id, they are still two boards. */
static void
check_ports(void)
{
	stands_for("Same with X1", NULL, "v1.24.0", -1, IDENTITY_BOARDS, 2,
	    "SAME");
	stands_for("Same with X1", "esp8266", "v1.24.0", -1, IDENTITY_ONE, 1,
	    "SAME");
}

static void
check_many(void)
{
	stands_for("Full with X1", NULL, NULL, -1, IDENTITY_VARIANTS,
	    IDENTITY_MAX, "FULL");
	stands_for("More with X1", NULL, NULL, -1, IDENTITY_BOARDS,
	    IDENTITY_MAX, "MORE");
}

/* A preview lies between two releases, and so do commits on a release. */
static void
check_times(void)
{
	stands_for("Heir with X1", NULL, "v1.23.0", -1, IDENTITY_ONE, 1,
	    "OLD");
	stands_for("Heir with X1", NULL, "v1.23.0", 0, IDENTITY_ONE, 1, "OLD");
	stands_for("Heir with X1", NULL, "v1.23.0", 7, IDENTITY_BOARDS, 2,
	    "OLD");
	stands_for("Heir with X1", NULL, "v1.24.0-preview", -1,
	    IDENTITY_BOARDS, 2, "OLD");
	stands_for("Heir with X1", NULL, "v1.24.0-preview", 300,
	    IDENTITY_BOARDS, 2, "OLD");
	stands_for("Heir with X1", NULL, "v1.24.0", -1, IDENTITY_ONE, 1,
	    "NEW");
	stands_for("Heir with X1", NULL, "v1.24.0", 1, IDENTITY_ONE, 1,
	    "NEW");
	/* Of another time than any row: the newest that said so. */
	stands_for("Heir with X1", NULL, "v1.18", -1, IDENTITY_ONE, 1, "NEW");
	/* What is no MicroPython, or says nothing, is no board. */
	stands_for(NULL, NULL, "v1.24.0", -1, IDENTITY_NONE, 0, NULL);
}

int
main(void)
{
	begin_in_tmp();
	fill();
	check_ports();
	check_many();
	check_times();
	check_kept();
	facts_close(f);
	store_close(s);
	return tap_done();
}
