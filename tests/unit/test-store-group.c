/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* RTLD_NEXT */
#include "store/group.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault.h"
#include "tap.h"
#include "tmp.h"

/* A store that is handed to a group. */

#define GROUP	1234			/* nobody here is in it */

static struct err e;

int
fstat(int fd, struct stat *st)
{
	return fault("fstat") ? -1 : FAULT_REAL(fstat)(fd, st);
}

static void
put(const char *path, mode_t mode)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	OK(fd != -1 && fchmod(fd, mode) == 0 && close(fd) == 0);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static gid_t
group_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_gid : (gid_t)-1;
}

static void
works(const char *dir)
{
	e = (struct err)ERR_INIT;
	OK(store_share(dir, &e) == 0);
	IS_STR(e.msg, "");
}

static void
test_new(void)
{
	works("a/new");
	OK(mode_of("a") == 0700 && mode_of("a/new") == 02770);
	works("a/new");			/* empty, without a database */
}

static void
test_whole(void)
{
	OK(mkdir("store", 0700) == 0 && mkdir("store/rp2", 0700) == 0);
	put("store/mpflash.db", 0600);
	put("store/x", 0644);
	put("store/rp2/y", 0400);
	put("outside", 0600);
	OK(symlink("../outside", "store/link") == 0);
	OK(mkfifo("store/fifo", 0600) == 0);
	works("store");
	OK(mode_of("store") == 02770 && mode_of("store/rp2") == 02770);
	OK(mode_of("store/mpflash.db") == 0660);
	OK(mode_of("store/x") == 0664 && mode_of("store/rp2/y") == 0660);
	OK(mode_of("outside") == 0600 && mode_of("store/fifo") == 0600);
}

/* The group of the folder; changing it may clear the bit. */
static void
test_group(void)
{
	if (geteuid() != 0)
		return;
	OK(chown("store", 0, GROUP) == 0 && chmod("store", 0700) == 0);
	works("store");
	OK(mode_of("store") == 02770 && group_of("store/rp2/y") == GROUP);
	OK(group_of("store/rp2") == GROUP && mode_of("store/rp2") == 02770);
	OK(group_of("outside") != GROUP && group_of("store/fifo") != GROUP);
}

/* As a member of the group, who is not the owner: 0, or the error. */
static int
as_member(void)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (setgroups(0, NULL) == -1 || setgid(GROUP) == -1 ||
		    setuid(65534) == -1)
			_exit(99);
		e = (struct err)ERR_INIT;
		if (store_share("store", &e) == 0)
			_exit(0);
		_exit(strcmp(e.hint, "only the owner of the files can share "
		    "them") == 0 ? (int)e.code : 98);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 97;
}

static void
test_member(void)
{
	if (geteuid() != 0)
		return;
	OK(chmod(tmp_path, 0711) == 0);
	OK(as_member() == 0);		/* nothing is to be changed */
	OK(chmod("store/x", 0640) == 0);
	OK(as_member() == ERR_PERMISSION);
	OK(chmod("store/x", 0600) == 0);
	OK(as_member() == ERR_PERMISSION);
	OK(chmod("store/x", 0660) == 0 && chown("store/x", 0, 0) == 0);
	OK(as_member() == ERR_PERMISSION);
	OK(chown("store/x", 0, GROUP) == 0 && chmod("store/x", 0660) == 0);
	OK(as_member() == 0);
}

/* The wrong folder. */
static void
test_other(void)
{
	OK(mkdir("other", 0700) == 0);
	put("other/diary", 0600);
	e = (struct err)ERR_INIT;
	OK(store_share("other", &e) == -1 && e.code == ERR_INPUT);
	IS_STR(e.msg, "other: a folder with other files, and without a "
	    "database");
	IS_STR(e.hint, "name a new folder, or run mpf-db create without "
	    "--shared first");
	OK(mode_of("other") == 0700 && mode_of("other/diary") == 0600);
	e = (struct err)ERR_INIT;
	OK(store_share("other/diary", &e) == -1 && e.code != ERR_NONE);
}

static void
test_deep(void)
{
	char path[100];
	size_t n;

	n = (size_t)snprintf(path, sizeof(path), "deep");
	OK(mkdir(path, 0700) == 0);
	put("deep/mpflash.db", 0600);
	for (int i = 1; i <= 16; i++, n += 2) {
		if (i == 16) {
			works("deep");
			OK(mode_of(path) == 02770);
		}
		snprintf(path + n, sizeof(path) - n, "/d");
		OK(mkdir(path, 0700) == 0);
	}
	e = (struct err)ERR_INIT;
	OK(store_share("deep", &e) == -1 && e.code == ERR_IO);
	IS_STR(e.msg, "deep: folders within each other, deeper than 16");
}

/* An error has words; or what could not be looked at went meanwhile. */
static void
test_faults(void)
{
	int n = 0;

	do {
		e = (struct err)ERR_INIT;
		fault_at("fstat", ++n, EIO);
		OK(store_share("store", &e) == 0 || e.msg[0] != '\0');
	} while (fault_hit && n < 100);
	fault_at(NULL, 0, 0);
	OK(n > 5 && n < 100);
}

int
main(void)
{
	umask(022);
	tmp_enter();
	test_new();
	test_whole();
	test_group();
	test_member();
	test_other();
	test_deep();
	test_faults();
	tmp_leave();
	return tap_done();
}
