/* SPDX-License-Identifier: MIT */

/*
 * lookup DIR TIMES BOARD...: how long one question to the store in DIR takes,
 * in microseconds, median and worst, on standard output:
 *
 *	boards MEDIAN WORST	by machine string, which BOARD is asked for
 *	files MEDIAN WORST	all firmware of that BOARD
 *	release MEDIAN WORST	that of one release
 *	identify MEDIAN WORST	in memory, as mpf-resolve does it
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "facts/identify.h"
#include "store/store.h"

struct bench {
	struct store	*store;
	struct facts	*facts;
	char		**boards;
	size_t		 n_boards;
	size_t		 times;
	int64_t		*took;
	size_t		 rows;
};

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int
count_board(const struct store_board *b, void *ctx)
{
	(void)b;
	++*(size_t *)ctx;
	return 0;
}

static int
count_file(const struct store_file *f, void *ctx)
{
	(void)f;
	++*(size_t *)ctx;
	return 0;
}

static int
ask_boards(struct bench *b, const char *board, struct err *e)
{
	char *machine = mem_printf("%s module with RP2040", board);
	const int r = store_boards_by_machine(b->store, machine, count_board,
	    &b->rows, e);

	free(machine);
	return r;
}

static int
ask_files(struct bench *b, const char *board, struct err *e)
{
	return store_files(b->store, NULL, board, "", count_file, &b->rows, e);
}

static int
ask_release(struct bench *b, const char *board, struct err *e)
{
	static const char *const ways[] = { "v1.28.0", "1.28.0", "v1.28",
	    "1.28" };

	return store_files_of(b->store, board, "", ways, count_file, &b->rows,
	    e);
}

static int
ask_identity(struct bench *b, const char *board, struct err *e)
{
	char *machine = mem_printf("%s module with RP2040", board);
	struct board shown = BOARD_INIT;
	struct identity id;

	(void)e;
	shown.description = machine;
	shown.version = "v1.24.1";
	shown.port = "rp2";
	identify(b->facts, &shown, &id);
	b->rows += id.n;
	free(machine);
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int
measure(struct bench *b, const char *what,
    int (*ask)(struct bench *b, const char *board, struct err *e),
    struct err *e)
{
	for (size_t i = 0; i < b->times; i++) {
		const int64_t start = now_ns();

		if (ask(b, b->boards[i % b->n_boards], e) == -1)
			return -1;
		b->took[i] = now_ns() - start;
	}
	qsort(b->took, b->times, sizeof(*b->took), compare);
	printf("%s %.1f %.1f\n", what, (double)b->took[b->times / 2] / 1000,
	    (double)b->took[b->times - 1] / 1000);
	return 0;
}

int
main(int argc, char *argv[])
{
	struct bench b = { .boards = argv + 3, .n_boards = (size_t)argc - 3 };
	struct err e = ERR_INIT;
	int r = 1;

	if (argc < 4)
		return 2;
	b.times = strtoul(argv[2], NULL, 10);
	b.took = mem_alloc((b.times + 1) * sizeof(*b.took));
	if (store_open(argv[1], STORE_READ, &b.store, &e) == 0 &&
	    facts_open(b.store, &b.facts, &e) == 0 &&
	    measure(&b, "boards", ask_boards, &e) == 0 &&
	    measure(&b, "files", ask_files, &e) == 0 &&
	    measure(&b, "release", ask_release, &e) == 0 &&
	    measure(&b, "identify", ask_identity, &e) == 0)
		r = b.rows == 0;	/* nothing found: nothing measured */
	if (e.code != ERR_NONE)
		fprintf(stderr, "%s\n", e.msg);
	facts_close(b.facts);
	store_close(b.store);
	free(b.took);
	return r;
}
