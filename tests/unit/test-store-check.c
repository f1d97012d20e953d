/* SPDX-License-Identifier: MIT */
#include "store/check.h"

#include "store-test.h"

/* What is not right in a database, each told in words. */

static struct store *s;
static struct err e = ERR_INIT;
static char told[400];
static int left;		/* so many problems, and no more */

static int
note_problem(const char *what, void *ctx)
{
	const size_t n = strlen(told);

	(void)ctx;
	snprintf(told + n, sizeof(told) - n, "%s; ", what);
	return --left == 0;
}

static void
says_some(int most, const char *want)
{
	told[0] = '\0';
	left = most;
	OK(store_check(s, note_problem, NULL, &e) == 0);
	IS_STR(told, want);
}

static const struct {
	const char	*sql, *undo, *says;
} problems[] = {
	{ "INSERT INTO mpf_custom (sha256, file) VALUES ('aa', 'rp2/gone')",
	    "DELETE FROM mpf_custom",
	    "custom firmware without its file: rp2/gone; " },
	{ "INSERT INTO mpf_queue (uid, at, why) VALUES ('e7', '2026', 'x')",
	    "DELETE FROM mpf_queue",
	    "queued for a board that is not known: e7; " },
	{ "INSERT INTO mpf_device (uid, custom) VALUES ('e8', 0)",
	    "DELETE FROM mpf_device WHERE uid = 'e8'",
	    "the search does not know the board e8; " },
	{ "INSERT INTO mpf_event (id, at, what, chain) VALUES (7, '2026', "
	    "'flashed', zeroblob(32))", NULL,
	    "the search does not know the event 7; " },
};

#define N	(sizeof(problems) / sizeof(problems[0]))

int
main(void)
{
	const char *folder;

	begin_in_tmp();
	folder = in_tmp("store");
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(store_begin(s, &e) == 0 &&
	    put_file(s, "B", "rp2/one", &e) == 0 &&
	    put_file(s, "B", "rp2/two", &e) == 0 &&
	    store_commit(s, &e) == 0);
	says_some(0, "");
	for (size_t i = 0; i < N; i++) {
		number(folder, problems[i].sql);
		says_some(0, problems[i].says);
		if (problems[i].undo != NULL)
			number(folder, problems[i].undo);
	}
	/* The first is enough for some, of the same kind or of two. */
	number(folder, problems[0].sql);
	says_some(1, problems[0].says);
	number(folder, "INSERT INTO mpf_custom (sha256, file) VALUES ('bb', "
	    "'rp2/away')");
	says_some(2, "custom firmware without its file: rp2/away; "
	    "custom firmware without its file: rp2/gone; ");
	store_close(s);
	return tap_done();
}
