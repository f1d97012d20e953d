/* SPDX-License-Identifier: MIT */

/*
 * ledger DIR FILES EVENTS: fills the store in DIR, and says on standard output
 * how long questions to it take, in microseconds, median, 99 of 100, and worst:
 *
 *	lookup MEDIAN P99 WORST	a file by its name
 *	search MEDIAN P99 WORST	50 rows of each kind, by two words
 *	search* MEDIAN P99 WORST	... one the beginning of many
 *	insert MEDIAN P99 WORST	an event, which lasts
 *	verify ROWS_A_SECOND
 *	fill SECONDS
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "store/history.h"
#include "store/search.h"

#define TIMES	200

static struct store *s;
static struct err e = ERR_INIT;
static int64_t took[TIMES];

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
need(int r)
{
	if (r != -1)
		return;
	fprintf(stderr, "ledger: %s\n", e.msg);
	exit(1);
}

static void
put_file(size_t i)
{
	char file[112], board[32], version[32], sha[80];
	const struct store_file f = { .port = "rp2", .board_id = board,
	    .version = version, .file = file, .sha256 = sha, .build = -1,
	    .source = "https://micropython.org/resources/firmware/x.uf2",
	    .size_bytes = 1600000 };

	snprintf(board, sizeof(board), "BOARD_%zu", i / 20);
	snprintf(version, sizeof(version), "v1.%zu.%zu", i % 20, i / 20 % 5);
	snprintf(file, sizeof(file), "rp2/%s-%s-%zu.uf2", board, version, i);
	snprintf(sha, sizeof(sha), "%064zx", i);
	need(store_file_put(s, &f, &e));
}

static void
put_event(size_t i)
{
	char uid[32], place[32], board[32], version[32], at[32];
	struct store_event ev = STORE_EVENT_INIT;

	snprintf(uid, sizeof(uid), "e66%013zx", i % 5000);
	snprintf(place, sizeof(place), "bench/usb/1-%zu", i % 64);
	snprintf(board, sizeof(board), "BOARD_%zu", i % 5000);
	snprintf(version, sizeof(version), "v1.%zu.%zu", i % 20, i / 20 % 5);
	snprintf(at, sizeof(at), "20%02zu-%02zu-%02zuT%02zu:%02zu:%02zuZ",
	    10 + i / 32140800 % 80, 1 + i / 2678400 % 12, 1 + i / 86400 % 28,
	    i / 3600 % 24, i / 60 % 60, i % 60);
	ev.uid = uid;
	ev.device_id = place;
	ev.at = at;
	ev.what = i % 50 == 0 ? "failed" : "flashed";
	ev.stage = i % 50 == 0 ? "flash" : NULL;
	ev.host = "bench";
	ev.user = "lab";
	ev.port = "rp2";
	ev.board_id = board;
	ev.version = version;
	ev.version_before = "v1.20.0";
	ev.method = "uf2";
	ev.state = "running";
	ev.attempts = 1;
	ev.took_ms = 6000;
	ev.stages = "{\"flash\":6000}";
	need(store_event_add(s, &ev, &e));
}

static int
compare(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
tell(const char *what)
{
	qsort(took, TIMES, sizeof(took[0]), compare);
	printf("%s %" PRId64 " %" PRId64 " %" PRId64 "\n", what,
	    took[TIMES / 2] / 1000, took[TIMES / 100 * 99] / 1000,
	    took[TIMES - 1] / 1000);
	fflush(stdout);
}

static int
any_file(const struct store_file *f, void *ctx)
{
	(void)f;
	(void)ctx;
	return 0;
}

static int
any_hit(const struct search_hit *hit, void *ctx)
{
	(void)hit;
	++*(size_t *)ctx;
	return 0;
}

static void
look_up(size_t files)
{
	for (size_t i = 0; i < TIMES; i++) {
		const size_t n = i * 7919 % files;
		char *name = mem_printf("rp2/BOARD_%zu-v1.%zu.%zu-%zu.uf2",
		    n / 20, n % 20, n / 20 % 5, n);
		const int64_t start = now_ns();

		need(store_file_find(s, name, any_file, NULL, &e) == 1 ? 0 :
		    -1);
		took[i] = now_ns() - start;
		free(name);
	}
	tell("lookup");
}

/* begins: the second word is the beginning of a million. */
static void
search(size_t files, bool begins)
{
	for (size_t i = 0; i < TIMES; i++) {
		char *board = mem_printf("BOARD_%zu", i * 31 % (files / 20));
		const char *const words[] = { board, begins ? "v1.1*" :
		    i % 2 == 0 ? "v1.10" : "bench", NULL };
		const int64_t start = now_ns();
		size_t n = 0;

		need(store_search(s, words, 50, any_hit, &n, &e));
		took[i] = now_ns() - start;
		free(board);
	}
	tell(begins ? "search*" : "search");
}

static void
insert(size_t events)
{
	for (size_t i = 0; i < TIMES; i++) {
		const int64_t start = now_ns();

		need(store_begin(s, &e));
		put_event(events + i);
		need(store_commit(s, &e));
		took[i] = now_ns() - start;
	}
	tell("insert");
}

static void
verify(void)
{
	const int64_t start = now_ns();
	struct history_proof p;

	need(store_history_verify(s, NULL, &p, &e));
	if (p.broken != -1)
		exit(1);
	printf("verify %.0f\n", (double)p.events * 1e9 /
	    (double)(now_ns() - start));
}

int
main(int argc, char *argv[])
{
	const size_t files = argc > 3 ? strtoul(argv[2], NULL, 10) : 1000;
	const size_t events = argc > 3 ? strtoul(argv[3], NULL, 10) : 1000;
	const int64_t start = now_ns();

	need(store_open(argv[1], STORE_WRITE, &s, &e));
	need(store_begin(s, &e));
	for (size_t i = 0; i < files; i++)
		put_file(i);
	for (size_t i = 0; i < events; i++)
		put_event(i);
	need(store_commit(s, &e));
	printf("fill %.1f\n", (double)(now_ns() - start) / 1e9);
	look_up(files);
	search(files, false);
	search(files, true);
	insert(events);
	verify();
	store_close(s);
	return 0;
}
