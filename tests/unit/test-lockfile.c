/* SPDX-License-Identifier: MIT */
#include "trust/lockfile.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"

#define A32	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A64	A32 A32
#define B24	"bbbbbbbbbbbbbbbbbbbbbbbb"
#define B32	B24 "bbbbbbbb"
#define B64	B32 B32
#define AT	"2026-11-25T12:00:00Z"
#define HEAD	"# mpf.lock 1\n"
#define LINE1	"https://a.example/x.uf2 sha256:" A64 " 1000 " AT "\n"
#define CRLF1	"https://a.example/x.uf2 sha256:" A64 " 1000 " AT "\r\n"
#define EARLIER1 "https://a.example/x.uf2 sha256:" A64 " 1000 " \
		"2020-01-01T00:00:00Z\n"
#define LINE2	"https://b.example/y.uf2 sha256:" B64 " 0 " AT "\n"

static struct lockfile l;
static struct err e;

static int
parse(const char *text)
{
	lockfile_release(&l);
	e = (struct err)ERR_INIT;
	return lockfile_parse(text, strlen(text), &l, &e);
}

static void
writes(const char *want)
{
	struct buf b = BUF_INIT;

	lockfile_write(&l, &b);
	IS_STR(b.data, want);
	buf_release(&b);
}

static void
test_parse(void)
{
	OK(parse("") == 0 && l.n == 0);
	writes(HEAD);
	OK(parse(HEAD LINE1 LINE2) == 0 && l.n == 2);
	IS_STR(l.v[0].url, "https://a.example/x.uf2");
	IS_STR(l.v[0].sha256, A64);
	OK(l.v[0].size == 1000);
	IS_STR(l.v[0].first_seen, AT);
	writes(HEAD LINE1 LINE2);
	/* In any order, twice, with comments, with CRLF: written the same. */
	OK(parse(LINE2 "\n# mine\n" LINE1 LINE2 LINE1) == 0);
	writes(HEAD LINE1 LINE2);
	OK(parse("# mpf.lock 1\r\n" CRLF1) == 0);
	writes(HEAD LINE1);
	/* The earlier time counts. */
	OK(parse(LINE1 EARLIER1) == 0);
	IS_STR(l.v[0].first_seen, "2020-01-01T00:00:00Z");
}

static void
refuses(const char *line, const char *why)
{
	OK(parse(line) == -1);
	OK(e.code == ERR_INPUT || e.code == ERR_UNSUPPORTED);
	IS_STR(e.msg, why);
}

static void
test_refused(void)
{
	static const char shape[] =
	    "line 1: not ADDRESS sha256:HEX SIZE TIME";

	refuses("x", shape);
	refuses("x sha256:" A64 " 1", shape);
	refuses("x sha256:" A64 " 1 " AT " y", shape);
	refuses("x sha256:" A64 " -1 " AT, shape);
	refuses("x sha256:" A64 " 01 " AT, shape);
	refuses("x sha256:" A64 " 1234567890123456 " AT, shape);
	refuses("x sha256:" A64 " 1 2026-11-25 12:00:00Z", shape);
	refuses("x sha256:" A64 " 1 2026-11-25T12:00:0aZ", shape);
	refuses("x sha256:A" " 1 " AT, shape);
	refuses("x sha512:" A64 " 1 " AT, shape);
	refuses("x sha256:" A32 B24 "bbbbbbbg 1 " AT, shape);
	refuses("x sha256:" A32 B24 "bbbbbbbB 1 " AT, shape);
	refuses("x sha256:" A64 "a 1 " AT, shape);
	refuses("x\x01 sha256:" A64 " 1 " AT,
	    "line 1: x\x01: not fit for a lock file");
	refuses(HEAD LINE1 "<<<<<<< HEAD\n", "line 3: the mark of a merge");
	OK(strstr(e.hint, "both") != NULL);
	refuses("# mpf.lock 2\n", "line 1: another version of the format");
	refuses(LINE1 "https://a.example/x.uf2 sha256:" B64 " 1000 " AT "\n",
	    "line 2: https://a.example/x.uf2: sha-256 " B64
	    ", but the lock file has " A64);
}

static void
test_check(void)
{
	parse(LINE1 LINE2);
	OK(lockfile_find(&l, "https://a.example/x.uf2") == &l.v[0]);
	OK(lockfile_find(&l, "https://a.example/x.uf") == NULL);
	OK(lockfile_find(&l, "z") == NULL);
	OK(lockfile_check(&l, "https://a.example/x.uf2", 1000, A64, &e) == 1);
	OK(lockfile_check(&l, "https://c.example/", 1000, A64, &e) == 0);
	OK(lockfile_check(&l, "https://a.example/x.uf2", 999, A64, &e) == -1);
	OK(lockfile_check(&l, "https://a.example/x.uf2", 1000, B64, &e) == -1);
	OK(e.code == ERR_VERIFY && !e.retry);
	OK(strstr(e.msg, A64) != NULL && strstr(e.msg, B64) != NULL);
}

static void
test_save(void)
{
	struct lockfile other = LOCKFILE_INIT;
	struct buf b = BUF_INIT;
	struct stat before, after;

	OK(lockfile_load("mpf.lock", &l, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
	parse(LINE1);
	OK(lockfile_save("mpf.lock", &l, &e) == 0);
	/* What another has put there meanwhile stays. */
	OK(lockfile_parse(LINE2, strlen(LINE2), &other, &e) == 0);
	OK(lockfile_save("mpf.lock", &other, &e) == 0);
	OK(file_read("mpf.lock", &b, &e) == 0);
	IS_STR(b.data, HEAD LINE1 LINE2);
	/* Nothing new: not touched, whatever it looks like. */
	OK(file_write("mpf.lock", LINE1, strlen(LINE1), 0644, &e) == 0);
	OK(stat("mpf.lock", &before) == 0);
	OK(lockfile_save("mpf.lock", &l, &e) == 0);
	OK(stat("mpf.lock", &after) == 0 && before.st_ino == after.st_ino);
	/* Through a link, which stays one. */
	OK(symlink("mpf.lock", "link") == 0);
	OK(lockfile_save("link", &other, &e) == 0);
	OK(lstat("link", &after) == 0 && S_ISLNK(after.st_mode));
	buf_clear(&b);
	OK(file_read("mpf.lock", &b, &e) == 0);
	IS_STR(b.data, HEAD LINE1 LINE2);
	/* One that is broken, or says otherwise, is not overwritten. */
	OK(file_write("mpf.lock", "x\n", 2, 0644, &e) == 0);
	OK(lockfile_save("mpf.lock", &l, &e) == -1);
	OK(strstr(e.msg, "mpf.lock: line 1: not ADDRESS") != NULL);
	other.v[0].size = 7;
	OK(file_write("mpf.lock", LINE2, strlen(LINE2), 0644, &e) == 0);
	OK(lockfile_save("mpf.lock", &other, &e) == -1);
	OK(e.code == ERR_VERIFY);
	OK(lockfile_save("no/such/mpf.lock", &l, &e) == -1);
	buf_release(&b);
	lockfile_release(&other);
}

/* Two writers: whoever comes second waits, and says so when it gives up. */
static void
test_held(void)
{
	struct lock lock = LOCK_INIT;
	struct buf b = BUF_INIT;

	parse(LINE1);
	OK(file_write("mpf.lock", LINE2, strlen(LINE2), 0644, &e) == 0);
	OK(lock_folder(".", 0, &lock, &e) == 0);
	clock_fake(1000);
	OK(lockfile_save("mpf.lock", &l, &e) == -1 && e.code == ERR_BUSY);
	OK(clock_ms() >= 11000);
	OK(file_read("mpf.lock", &b, &e) == 0);
	IS_STR(b.data, LINE2);
	lock_drop(&lock);
	OK(lockfile_save("mpf.lock", &l, &e) == 0);
	OK(lock_folder(".", 0, &lock, &e) == 0);	/* it was let go */
	lock_drop(&lock);
	buf_release(&b);
}

int
main(void)
{
	tmp_enter();
	test_parse();
	test_refused();
	test_check();
	test_save();
	test_held();		/* last: the clock stands still after it */
	lockfile_release(&l);
	tmp_leave();
	return tap_done();
}
