/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* unshare */
#include "store/store.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "store-test.h"

/* Runs fn in a child; its exit status, or -1 - the signal that ended it. */
static int
in_child(int (*fn)(const char *folder), const char *folder)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(fn(folder));
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    -1 - WTERMSIG(status);
}

static int
write_many(const char *folder)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;
	char file[64];

	if (store_open(folder, STORE_WRITE, &s, &e) == -1)
		return 1;
	for (int i = 0; i < 20; i++) {
		snprintf(file, sizeof(file), "rp2/%ld-%d", (long)getpid(), i);
		if (store_begin(s, &e) == -1 ||
		    put_file(s, "BOTH", file, &e) == -1 ||
		    store_commit(s, &e) == -1)
			return 2;
	}
	store_close(s);
	return 0;
}

/* Two at once, from the making of the database on. */
static void
check_two_writers(void)
{
	const char *folder = in_tmp("two");
	int status, bad = 0;

	fflush(stdout);
	for (int i = 0; i < 2; i++)
		if (fork() == 0)
			_exit(write_many(folder));
	while (wait(&status) != -1)
		bad |= status;
	OK(bad == 0);
	OK(number(folder, "SELECT count(*) FROM mpf_file") == 40);
	OK(number(folder, "SELECT count(*) FROM firmwares") == 40);
}

static int
die_in_between(const char *folder)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;

	if (store_open(folder, STORE_WRITE, &s, &e) == -1 ||
	    store_begin(s, &e) == -1 ||
	    put_file(s, "BOTH", "rp2/half", &e) == -1)
		return 1;
	raise(SIGKILL);
	return 2;
}

static void
check_killed(void)
{
	const char *folder = in_tmp("two");
	struct store *s = NULL;
	struct err e = ERR_INIT;

	OK(in_child(die_in_between, folder) == -1 - SIGKILL);
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(files_of(s, "BOTH", NULL) == 40);
	OK(store_begin(s, &e) == 0);	/* the lock went with its holder */
	store_close(s);
}

/* Nor is a database migrated while another process has its lock. */
static void
check_busy_opening(void)
{
	const char *folder = folder_with("waits", peewee);
	struct store *s = NULL;
	struct err e = ERR_INIT;
	const int fd = open(in_tmp("waits/mpflash.db.lock"), O_RDWR | O_CREAT,
	    0666);

	OK(fd != -1 && flock(fd, LOCK_EX) == 0);
	OK(store_open(folder, STORE_WRITE, &s, &e) == -1 &&
	    e.code == ERR_BUSY);
	OK(number(folder, "PRAGMA user_version") == 0);
	close(fd);
}

/* Who waits for more than 10 s gives up, and says who it was. */
static void
check_busy(void)
{
	const char *folder = in_tmp("two");
	struct store *s = NULL;
	struct err e = ERR_INIT;
	const int fd = open(in_tmp("two/mpflash.db.lock"), O_RDWR);

	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(fd != -1 && flock(fd, LOCK_EX) == 0);
	clock_fake(1000);
	OK(store_begin(s, &e) == -1 && e.code == ERR_BUSY);
	OK(clock_ms() >= 11000);
	close(fd);
	OK(store_begin(s, &e) == 0);
	store_close(s);
	check_busy_opening();
}

static int
as_nobody(const char *folder)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;

	if (geteuid() == 0 && (setgid(65534) == -1 || setuid(65534) == -1))
		return 1;
	if (store_open(folder, STORE_WRITE, &s, &e) == -1)
		return 2;
	if (store_readonly(s) == NULL ||
	    strstr(store_readonly(s), "Permission denied") == NULL)
		return 3;
	if (store_begin(s, &e) != -1 || e.code != ERR_PERMISSION)
		return 4;
	if (files_of(s, "BOTH", NULL) != 40 || tap_bad != 0 ||
	    boards_of(s, "Raspberry Pi Pico with RP2040") == 0)
		return 5;
	store_close(s);
	if (store_open(folder, STORE_READ, &s, &e) == -1)
		return 6;
	store_close(s);
	if (chdir(folder) == -1 || store_open(".", STORE_READ, &s, &e) == -1)
		return 7;
	store_close(s);
	return 0;
}

/* Only what may be written in full is written. */
static int
file_of_another(const char *folder)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;

	if (geteuid() == 0 && (setgid(65534) == -1 || setuid(65534) == -1))
		return 1;
	if (store_open(folder, STORE_WRITE, &s, &e) == -1)
		return 2;
	if (store_readonly(s) == NULL || store_begin(s, &e) != -1)
		return 3;
	store_close(s);
	return 0;
}

/* Of mpflash's that may not be changed, the rows are read as they are. */
static int
old_as_nobody(const char *folder)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;

	if (geteuid() == 0 && (setgid(65534) == -1 || setuid(65534) == -1))
		return 1;
	/* The table of boards is in this tree, maybe for root alone. */
	if (access(share, X_OK) == -1)
		return 0;
	if (store_open(folder, STORE_WRITE, &s, &e) == -1)
		return 2;
	if (store_readonly(s) == NULL || files_of(s, NULL, NULL) != 1 ||
	    boards_of(s, "Raspberry Pi Pico with RP2040") == 0)
		return 3;
	store_close(s);
	return 0;
}

/* A new one cannot be made there: the folder is to blame. */
static int
new_as_nobody(const char *folder)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;
	char want[200];

	if (geteuid() == 0 && (setgid(65534) == -1 || setuid(65534) == -1))
		return 1;
	snprintf(want, sizeof(want), "%s: Permission denied", folder);
	if (store_open(folder, STORE_WRITE, &s, &e) != -1)
		return 2;
	return e.code == ERR_PERMISSION && strcmp(e.msg, want) == 0 ? 0 : 3;
}

/* A folder that may not be written, with signs that a URI minds. */
static void
check_readonly(void)
{
	const char *folder = in_tmp("read %41 #only?");
	int r;

	chmod(tmp_path, 0755);
	OK(rename(in_tmp("two"), folder) == 0);
	chmod(in_tmp("read %41 #only?/mpflash.db"), 0644);
	chmod(folder, 0555);
	r = in_child(as_nobody, folder);
	OK(r == 0);
	if (r != 0)
		printf("# %d\n", r);
	chmod(folder, 0777);
	chmod(in_tmp("read %41 #only?/mpflash.db"), 0444);
	OK(in_child(file_of_another, folder) == 0);
	OK(chmod(folder_with("theirs", peewee), 0555) == 0);
	OK(in_child(old_as_nobody, in_tmp("theirs")) == 0);
	chmod(in_tmp("theirs"), 0755);
	OK(mkdir(in_tmp("shut"), 0555) == 0);
	OK(in_child(new_as_nobody, in_tmp("shut")) == 0);
	chmod(in_tmp("read %41 #only?/mpflash.db"), 0644);
	/* Made by SQLite with the mode of the database, if it is our own. */
	unlink(in_tmp("read %41 #only?/mpflash.db-shm"));
	unlink(in_tmp("read %41 #only?/mpflash.db-wal"));
	chmod(folder, 0755);
	OK(rename(folder, in_tmp("two")) == 0);
}

static int
fill_up(const char *folder)
{
	const struct rlimit limit = { 1u << 20, 1u << 20 };
	struct store *s = NULL;
	struct err e = ERR_INIT;
	char file[64];
	int i;

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) == -1 ||
	    store_open(folder, STORE_WRITE, &s, &e) == -1)
		return 1;
	if (store_begin(s, &e) == -1)
		return 2;
	for (i = 0; i < 100000; i++) {
		snprintf(file, sizeof(file), "rp2/fill-%d", i);
		if (put_file(s, "FILL", file, &e) == -1)
			break;
	}
	if (i < 100000)
		store_rollback(s);
	else if (store_commit(s, &e) == 0)
		return 3;
	if (e.code != ERR_SPACE || strstr(e.msg, "no space left") == NULL) {
		printf("# %s\n", e.msg);
		return 4;
	}
	if (files_of(s, "FILL", NULL) != 0 || files_of(s, "BOTH", NULL) != 40)
		return 5;
	store_close(s);
	return 0;
}

static int
no_room_at_all(const char *folder)
{
	const struct rlimit limit = { 20000, 20000 };
	struct store *s = NULL;
	struct err e = ERR_INIT;

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) == -1)
		return 1;
	if (store_open(folder, STORE_WRITE, &s, &e) != -1)
		return 2;
	return e.code == ERR_SPACE ? 0 : 3;
}

/* On a disk of its own, where this process may make one. */
static int
small_disk(const char *folder)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;

	mkdir(folder, 0755);
	if (unshare(CLONE_NEWNS) == -1 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
	    mount("none", folder, "tmpfs", 0, "size=64k") == -1)
		return 77;
	if (store_open(folder, STORE_WRITE, &s, &e) != -1)
		return 1;
	if (e.code != ERR_SPACE || strstr(e.msg, "no space left") == NULL)
		return 2;
	/* What was begun does not stand in the way of another try. */
	if (mount("none", folder, NULL, MS_REMOUNT, "size=8m") == -1 ||
	    store_open(folder, STORE_WRITE, &s, &e) == -1)
		return 3;
	store_close(s);
	return 0;
}

static void
check_full(void)
{
	int r;

	const char *folder;

	OK(in_child(fill_up, in_tmp("two")) == 0);
	r = in_child(small_disk, in_tmp("small"));
	if (r == 77)
		printf("# no disk of its own: skipped\n");
	OK(r == 0 || r == 77);
	/* The backup did not fit: nothing was changed. */
	folder = folder_with("nobak", sqlalchemy);
	OK(in_child(no_room_at_all, folder) == 0);
	OK(!exists(folder, "mpflash.db.v0.bak.part"));
	OK(number(folder, "PRAGMA user_version") == 0);
	OK(number(folder, "SELECT count(*) FROM firmwares") == 1);
	OK(number(folder, "SELECT count(*) FROM boards") == 2);
}

int
main(void)
{
	begin_in_tmp();
	check_two_writers();
	check_killed();
	check_readonly();
	check_full();
	check_busy();		/* last: the clock stands still after it */
	return tap_done();
}
