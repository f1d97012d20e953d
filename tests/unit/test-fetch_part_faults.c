/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* RTLD_NEXT */
#include "fetch/part.h"

#include <stdlib.h>
#include <sys/file.h>

#include "fault.h"
#include "tap.h"
#include "tmp.h"

#define URL	"https://x.example/f.uf2"

/* What was there before, and what happens between two calls. */

static bool taken_away;		/* as soon as somebody waits for the lock */

int
flock(int fd, int how)
{
	if (fault("flock"))
		return -1;
	if (taken_away && rename(".f.part", "done") == 0)
		taken_away = false;
	return FAULT_REAL(flock)(fd, how);
}

int
ftruncate(int fd, off_t size)
{
	return fault("ftruncate") ? -1 : FAULT_REAL(ftruncate)(fd, size);
}

static void
put_part(const char *text)
{
	struct err e = ERR_INIT;

	OK(file_write(".f.part", text, strlen(text), 0644, &e) == 0);
}

static void
holds(const char *path, const char *want)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	OK(file_read(path, &b, &e) == 0);
	IS_STR(b.data, want);
	buf_release(&b);
}

static void
bring(struct part *p, const char *text)
{
	struct err e = ERR_INIT;
	char sum[DIGEST_HEX];

	OK(part_begin(p, URL, 0, NULL, &e) == 0);
	OK(part_add(p, text, strlen(text), &e) == 0);
	part_whole(p, sum);
	part_ready(p);
	OK(file_commit(&p->out, &e) == 0);
	part_close(p, false);
}

/* Longer than what comes, and nobody knows of what: nothing of it stays. */
static void
check_leftover(void)
{
	struct part p = PART_INIT;
	struct err e = ERR_INIT;

	put_part("much longer than the file");
	OK(part_open("f", URL, &p, &e) == 1 && p.size == 0);
	bring(&p, "short");
	holds("f", "short");
	OK(unlink("f") == 0);

	/* Where it cannot be cut, that is an error. */
	put_part("much longer than the file");
	fault_at("ftruncate", 1, EIO);
	OK(part_open("f", URL, &p, &e) == -1 && fault_hit && e.code == ERR_IO);
	unlink(".f.part");
}

/* It was given its final name between our open(2) and our lock. */
static void
check_race(void)
{
	struct part p = PART_INIT;
	struct err e = ERR_INIT;

	put_part("another process's, and whole");
	taken_away = true;
	OK(part_open("f", URL, &p, &e) == 1 && !taken_away);
	bring(&p, "ours");
	holds("f", "ours");
	holds("done", "another process's, and whole");
	OK(unlink("f") == 0 && unlink("done") == 0);
}

static void
check_lock(void)
{
	struct part p = PART_INIT;
	struct err e = ERR_INIT;

	fault_at("flock", 1, EINTR);
	OK(part_open("f", URL, &p, &e) == 1 && fault_hit);
	bring(&p, "x");
	fault_at("flock", 1, EWOULDBLOCK);
	OK(part_open("g", URL, &p, &e) == 0 && fault_hit);
	fault_at("flock", 1, ENOLCK);
	OK(part_open("g", URL, &p, &e) == -1 && e.code == ERR_IO);
}

int
main(void)
{
	tmp_enter();
	check_leftover();
	check_race();
	check_lock();
	tmp_leave();
	return tap_done();
}
