/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "model/pending.h"
#include "tap.h"
#include "tmp.h"

#define ID	"bench/usb/1-1.2"

static struct err e;

static void
test_round(void)
{
	struct record *rec = record_new(), *back = NULL;
	const char *uid = NULL;

	OK(pending_load(ID, &back, &e) == 0 && back == NULL);
	record_put_str(rec, "device.id", ID);
	record_put_str(rec, "board.uid", "e6614c311b5a6b2c");
	OK(pending_save(ID, rec, NULL, &e) == 0);
	OK(pending_save(ID, rec, NULL, &e) == 0);
	OK(pending_load("bench/usb/1-1.3", &back, &e) == 0);
	OK(pending_load(ID, &back, &e) == 1);
	OK(record_get_str(back, "board.uid", &uid, &e) == 0);
	IS_STR(uid, "e6614c311b5a6b2c");
	pending_drop(ID);
	pending_drop(ID);
	record_free(back);
	back = NULL;
	OK(pending_load(ID, &back, &e) == 0 && back == NULL);
	record_free(rec);
}

static void
path_of(char out[100])
{
	char sum[DIGEST_HEX];

	digest_bytes(ID, strlen(ID), sum);
	snprintf(out, 100, "mpf/pending/%.16s.json", sum);
}

/* By then another board may hang there. */
static void
test_age(void)
{
	struct record *rec = record_new(), *back = NULL;
	struct timespec t[2] = { { .tv_nsec = UTIME_NOW } };
	char path[100];

	record_put_str(rec, "device.id", ID);
	OK(pending_save(ID, rec, NULL, &e) == 0);
	path_of(path);
	t[1].tv_sec = time(NULL) - PENDING_MAX_S + 600;
	OK(utimensat(AT_FDCWD, path, t, 0) == 0);
	OK(pending_load(ID, &back, &e) == 1);
	record_free(back);
	back = NULL;
	t[1].tv_sec -= 1200;
	OK(utimensat(AT_FDCWD, path, t, 0) == 0);
	OK(pending_load(ID, &back, &e) == 0 && back == NULL);
	pending_drop(ID);
	record_free(rec);
}

/* A file that is no record, and a folder that is none. */
static void
test_trouble(void)
{
	struct record *rec = record_new(), *back = NULL;
	char path[100];
	int fd;

	path_of(path);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	OK(fd != -1 && write(fd, "{half", 5) == 5);
	close(fd);
	OK(pending_load(ID, &back, &e) == -1 && e.code == ERR_INPUT);
	pending_drop(ID);
	OK(setenv("XDG_STATE_HOME", "/dev/null", 1) == 0);
	OK(pending_load(ID, &back, &e) == 0);
	OK(pending_save(ID, rec, NULL, &e) == -1);
	IS_STR(e.hint, "name a folder that can be written to in "
	    "XDG_STATE_HOME");
	record_free(rec);
}

/* Is the board in its bootloader the board that was kept? */
static void
test_proves(void)
{
	static const char rom[] = "E0C9125B0D9B";
	struct record *rec = record_new(), *back = NULL;

	record_put_str(rec, "board.uid", "e6614c311b5a6b2c");
	OK(pending_save(ID, rec, NULL, &e) == 0);
	OK(pending_load(ID, &back, &e) == 1);
	OK(!pending_proves(back, rom, "7.1"));
	OK(!pending_proves(back, NULL, "7.1"));
	OK(!pending_proves(back, rom, NULL));
	OK(pending_proves(back, "E6614C311B5A6B2C", NULL));
	OK(pending_proves(back, "2C6B5A1B314C61E6", NULL));	/* backwards */
	OK(!pending_proves(back, "2C6B5A1B314C61E7", NULL));
	record_free(back);
	OK(pending_save(ID, rec, "7.1", &e) == 0);
	back = NULL;
	OK(pending_load(ID, &back, &e) == 1);
	OK(pending_proves(back, rom, "7.1"));
	OK(!pending_proves(back, rom, "8.1"));
	OK(!pending_proves(back, rom, NULL));
	OK(!pending_proves(back, "2C6B5A1B314C61E7", "7.1"));
	/* After a restart of the system numbers begin again. */
	record_put_str(back, "connection", "another-boot 7.1");
	OK(!pending_proves(back, rom, "7.1"));
	record_free(back);
	pending_drop(ID);
	record_free(rec);
}

int
main(void)
{
	tmp_enter();
	OK(setenv("XDG_STATE_HOME", tmp_path, 1) == 0);
	test_round();
	test_proves();
	test_age();
	test_trouble();
	OK(rmdir("mpf/pending") == 0 && rmdir("mpf") == 0);
	tmp_leave();
	return tap_done();
}
