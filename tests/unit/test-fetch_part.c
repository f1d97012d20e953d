/* SPDX-License-Identifier: MIT */
#include "fetch/part.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "http/http.h"

#define URL	"https://x.example/f.uf2"

static struct err e;

static bool
there(const char *name)
{
	return access(name, F_OK) == 0;
}

static void
put(const char *name, const char *text)
{
	OK(file_write(name, text, strlen(text), 0644, &e) == 0);
}

static void
test_values(void)
{
	int64_t from, to, total;

	OK(http_content_range("bytes 0-499/1234", &from, &to, &total));
	OK(from == 0 && to == 499 && total == 1234);
	OK(http_content_range("bytes 5-5/*", &from, &to, &total));
	OK(from == 5 && to == 5 && total == -1);
	OK(!http_content_range("bytes */1234", &from, &to, &total));
	OK(!http_content_range("bytes 5-4/10", &from, &to, &total));
	OK(!http_content_range("bytes 5-10/10", &from, &to, &total));
	OK(!http_content_range("bytes -5/10", &from, &to, &total));
	OK(!http_content_range("lines 0-4/10", &from, &to, &total));
	OK(!http_content_range("bytes 0-4/10 ", &from, &to, &total));
	OK(!http_content_range("bytes 0-4/1234567890123456789", &from, &to,
	    &total));
	OK(http_etag_strong("\"a-1\""));
	OK(http_etag_strong("\"\""));
	OK(!http_etag_strong("W/\"a-1\""));
	OK(!http_etag_strong("\"a\nb\""));
	OK(!http_etag_strong("\"a\"b\""));
	OK(!http_etag_strong("a"));
	OK(!http_etag_strong("\""));
	OK(!http_etag_strong(NULL));
}

/* From nothing to a file with its own name, and nothing else. */
static void
test_whole(void)
{
	struct part p = PART_INIT;
	char sum[DIGEST_HEX], want[DIGEST_HEX];

	OK(part_open("f", URL, &p, &e) == 1);
	OK(p.size == 0 && p.etag == NULL);
	OK(part_begin(&p, URL, 0, "\"1\"", &e) == 0);
	OK(there(".f.from"));
	OK(part_add(&p, "abc", 3, &e) == 0);
	OK(part_add(&p, "defg", 4, &e) == 0);
	part_whole(&p, sum);
	digest_bytes("abcdefg", 7, want);
	IS_STR(sum, want);
	OK(there(".f.from") && there(".f.part"));
	part_ready(&p);
	OK(!there(".f.from") && there(".f.part"));
	OK(file_commit(&p.out, &e) == 0);
	part_close(&p, false);
	OK(there("f") && !there(".f.part"));
	unlink("f");
}

static void
test_resume(void)
{
	struct part p = PART_INIT;
	char sum[DIGEST_HEX], want[DIGEST_HEX];

	put(".f.part", "abcdef");
	put(".f.from", "url " URL "\netag \"1\"\n");
	OK(part_open("f", URL, &p, &e) == 1);
	OK(p.size == 6);
	IS_STR(p.etag, "\"1\"");
	OK(part_begin(&p, URL, 7, "\"1\"", &e) == PART_OTHER);
	OK(part_begin(&p, URL, 2, "\"1\"", &e) == 0);
	OK(part_add(&p, "cd", 2, &e) == 0);
	OK(p.pos == 4 && p.size == 6);
	OK(part_add(&p, "efgh", 4, &e) == 0);
	OK(p.pos == 8 && p.size == 8);
	part_whole(&p, sum);
	digest_bytes("abcdefgh", 8, want);
	IS_STR(sum, want);
	part_ready(&p);
	part_close(&p, true);
	OK(!there(".f.part") && !there(".f.from"));
}

static void
test_other(void)
{
	struct part p = PART_INIT;

	put(".f.part", "abcdef");
	put(".f.from", "url " URL "\netag \"1\"\n");
	OK(part_open("f", URL, &p, &e) == 1);
	OK(part_begin(&p, URL, 2, "\"1\"", &e) == 0);
	OK(part_add(&p, "cX", 2, &e) == PART_OTHER);
	/* It begins anew, with a note of its own. */
	OK(part_begin(&p, URL, 0, NULL, &e) == 0);
	OK(p.size == 0 && !there(".f.from"));
	part_close(&p, true);
	OK(!there(".f.part"));

	put(".f.part", "abcdef");
	put(".f.from", "url https://else.example/f.uf2\netag \"1\"\n");
	OK(part_open("f", URL, &p, &e) == 1);
	OK(p.size == 0 && !there(".f.from"));
	part_close(&p, false);
}

/* Another open file is as good as another process, for flock(2). */
static void
test_lock(void)
{
	struct part p = PART_INIT, q = PART_INIT;

	OK(part_open("f", URL, &p, &e) == 1);
	OK(part_open("f", URL, &q, &e) == 0);
	OK(part_add(&p, "abc", 3, &e) == 0);
	OK(file_commit(&p.out, &e) == 0);
	/* It has its name, and is still held: the next part is a new one. */
	OK(part_open("f", URL, &q, &e) == 1);
	OK(q.size == 0);
	part_close(&q, false);
	part_close(&p, false);
	OK(there("f"));
	unlink("f");
}

/* A process that is stopped does nothing to it. */
static void
test_grew(void)
{
	struct part p = PART_INIT, q = PART_INIT;
	struct part_seen seen = { .size = 0 };

	OK(part_open("f", URL, &p, &e) == 1);
	OK(part_grew("f", &seen) && !part_grew("f", &seen));
	OK(part_add(&p, "abc", 3, &e) == 0);
	OK(part_grew("f", &seen) && !part_grew("f", &seen));
	/* Within one tick of the file system's clock, too. */
	OK(part_add(&p, "defg", 4, &e) == 0 && futimens(p.out.fd,
	    (struct timespec[]){ seen.at, seen.at }) == 0);
	OK(part_grew("f", &seen) && !part_grew("f", &seen));
	OK(file_commit(&p.out, &e) == 0);
	OK(part_grew("f", &seen) && part_grew("f", &seen));
	/* The next process has another one. */
	OK(part_open("f", URL, &q, &e) == 1);
	OK(part_add(&q, "abc", 3, &e) == 0);
	OK(part_grew("f", &seen) && !part_grew("f", &seen));
	part_close(&q, false);
	part_close(&p, false);
	unlink("f");
}

static void
test_keep(void)
{
	struct part p = PART_INIT;
	char *big = calloc(1, 100000);

	OK(part_open("f", URL, &p, &e) == 1);
	OK(part_begin(&p, URL, 0, "\"1\"", &e) == 0);
	OK(part_add(&p, big, 100000, &e) == 0);
	part_close(&p, true);
	OK(there(".f.part") && there(".f.from"));
	OK(part_open("f", URL, &p, &e) == 1);
	OK(p.size == 100000);
	part_close(&p, false);
	OK(!there(".f.part") && !there(".f.from"));

	/* Too little to be worth a question. */
	OK(part_open("f", URL, &p, &e) == 1);
	OK(part_begin(&p, URL, 0, "\"1\"", &e) == 0);
	OK(part_add(&p, big, 1000, &e) == 0);
	part_close(&p, true);
	OK(!there(".f.part") && !there(".f.from"));
	free(big);
}

static void
test_errors(void)
{
	struct part p = PART_INIT;

	OK(part_open("none/f", URL, &p, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
	OK(symlink("elsewhere", ".f.part") == 0);
	OK(part_open("f", URL, &p, &e) == -1);
	OK(!there("elsewhere"));
	unlink(".f.part");
	part_close(&p, true);		/* nothing open is fine */
}

int
main(void)
{
	tmp_enter();
	test_values();
	test_whole();
	test_resume();
	test_other();
	test_lock();
	test_grew();
	test_keep();
	test_errors();
	tmp_leave();
	return tap_done();
}
