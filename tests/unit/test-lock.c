/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* RTLD_NEXT */
#include "base/lock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/file.h"
#include "fault.h"
#include "tap.h"
#include "tmp.h"

int
openat(int dir, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return fault("open") ? -1 :
	    FAULT_REAL(openat)(dir, path, flags, mode);
}

int
flock(int fd, int how)
{
	return fault("flock") ? -1 : FAULT_REAL(flock)(fd, how);
}

/* A process that holds the lock until *fd is closed. */
static pid_t
hold(const char *path, int *fd)
{
	struct lock l = LOCK_INIT;
	struct err e = ERR_INIT;
	int ready[2], until[2];
	pid_t pid;
	char c = 0;

	if (pipe(ready) == -1 || pipe(until) == -1 || (pid = fork()) == -1)
		exit(2);
	if (pid == 0) {
		close(until[1]);
		if (lock_take(path, NULL, 0, &l, NULL, &e) == 0)
			c = 'y';
		if (write(ready[1], &c, 1) != 1 || read(until[0], &c, 1) != 0)
			_exit(1);
		_exit(0);		/* the lock dies with it */
	}
	close(ready[1]);
	close(until[0]);
	OK(read(ready[0], &c, 1) == 1 && c == 'y');
	close(ready[0]);
	*fd = until[1];
	return pid;
}

static void
let_go(pid_t pid, int fd)
{
	close(fd);
	waitpid(pid, NULL, 0);
}

static void
test_alone(void)
{
	struct lock l = LOCK_INIT;
	struct err e = ERR_INIT;
	struct buf text = BUF_INIT;
	char want[64];

	OK(lock_take("l", NULL, 0, &l, NULL, &e) == 0 && l.fd != -1);
	OK(file_read("l", &text, &e) == 0);
	snprintf(want, sizeof(want), "%ld %s\n", (long)getpid(), tap_comm());
	IS_STR(text.data, want);
	lock_drop(&l);
	OK(l.fd == -1);
	lock_drop(&l);
	buf_clear(&text);
	OK(file_read("l", &text, &e) == 0);	/* stays, and names nobody */
	IS_STR(text.data, "");
	OK(lock_take("l", NULL, 0, &l, NULL, &e) == 0);
	lock_drop(&l);
	buf_release(&text);

	OK(lock_take("absent/l", NULL, 0, &l, NULL, &e) == -1 && l.fd == -1);
	OK(e.code == ERR_NOT_FOUND);
	OK(symlink("l", "link") == 0);
	OK(lock_take("link", NULL, 0, &l, NULL, &e) == -1 && e.code == ERR_IO);
}

static void
test_held(void)
{
	struct lock l = LOCK_INIT;
	struct lock_holder who = { 0, "" };
	struct err e = ERR_INIT;
	char want[100];
	int fd;
	const pid_t pid = hold("h", &fd);

	OK(lock_take("h", NULL, 0, &l, &who, &e) == -1 && l.fd == -1);
	OK(e.code == ERR_BUSY && e.retry && e.hint[0] != '\0');
	OK(who.pid == pid);
	IS_STR(who.command, tap_comm());
	snprintf(want, sizeof(want), "h: held by %s (process %ld)", tap_comm(),
	    (long)pid);
	IS_STR(e.msg, want);

	/* A holder who left no name. */
	OK(truncate("h", 0) == 0);
	OK(lock_take("h", NULL, 0, &l, &who, &e) == -1 && who.pid == 0);
	IS_STR(e.msg, "h: held by another process");
	let_go(pid, fd);
	OK(lock_take("h", NULL, 0, &l, NULL, &e) == 0);
	lock_drop(&l);
}

/* Who waits gets it when the holder goes, not when the deadline comes. */
static void
test_wait(void)
{
	struct lock l = LOCK_INIT;
	struct err e = ERR_INIT;
	const int64_t start = clock_ms();
	pid_t pid, killer;
	int fd;

	pid = hold("w", &fd);
	killer = fork();
	if (killer == 0) {
		kill(pid, SIGTERM);
		_exit(0);
	}
	OK(lock_take("w", NULL, start + 60000, &l, NULL, &e) == 0);
	OK(clock_ms() < start + 50000);
	lock_drop(&l);
	let_go(pid, fd);
	waitpid(killer, NULL, 0);

	pid = hold("w", &fd);
	OK(lock_take("w", NULL, clock_ms() + 60, &l, NULL, &e) == -1);
	OK(e.code == ERR_BUSY);
	let_go(pid, fd);
}

/*
 * All users share the locks of boards, and those of a database its locks,
 * whatever the umask of whoever came first.
 */
static void
test_mode(void)
{
	const mode_t mask = umask(077);
	struct lock l = LOCK_INIT;
	struct err e = ERR_INIT;
	struct stat st;

	OK(lock_take("m", NULL, 0, &l, NULL, &e) == 0);
	OK(fstat(l.fd, &st) == 0 && (st.st_mode & 07777) == 0666);
	lock_drop(&l);
	OK(file_write("database", "", 0, 0600, &e) == 0);
	OK(chmod("database", 0660) == 0);
	OK(lock_take("d", "database", 0, &l, NULL, &e) == 0);
	OK(fstat(l.fd, &st) == 0 && (st.st_mode & 07777) == 0660);
	lock_drop(&l);
	umask(mask);
}

static void
test_faults(void)
{
	struct lock l = LOCK_INIT;
	struct err e = ERR_INIT;

	/* Another process made the file while we were about to. */
	OK(file_write("m", "", 0, 0666, &e) == 0);
	fault_at("open", 1, ENOENT);
	OK(lock_take("m", NULL, 0, &l, NULL, &e) == 0 && fault_hit);
	lock_drop(&l);

	fault_at("open", 1, EMFILE);
	OK(lock_take("m", NULL, 0, &l, NULL, &e) == -1 && l.fd == -1);
	OK(e.code == ERR_IO && strncmp(e.msg, "m: ", 3) == 0);
	fault_at("open", 2, ENOSPC);		/* where it would be made */
	OK(unlink("m") == 0);
	OK(lock_take("m", NULL, 0, &l, NULL, &e) == -1 && e.code == ERR_SPACE);

	fault_at("flock", 1, EINTR);
	OK(lock_take("m", NULL, clock_ms() + 60000, &l, NULL, &e) == 0 &&
	    fault_hit);
	lock_drop(&l);
	/* A file system without locks is no lock that was taken. */
	fault_at("flock", 1, ENOLCK);
	OK(lock_take("m", NULL, clock_ms() + 60000, &l, NULL, &e) == -1);
	OK(l.fd == -1 && e.code == ERR_IO);
}

/* A child that lives on does not keep what its parent dropped. */
static void
test_child(void)
{
	struct lock l = LOCK_INIT, again = LOCK_INIT;
	struct err e = ERR_INIT;
	int p[2];
	pid_t pid;
	char c;

	OK(pipe(p) == 0);
	OK(lock_take("c", NULL, 0, &l, NULL, &e) == 0);
	pid = fork();
	if (pid == 0) {
		close(p[1]);
		_exit(read(p[0], &c, 1) != 0);
	}
	close(p[0]);
	lock_drop(&l);
	OK(lock_take("c", NULL, 0, &again, NULL, &e) == 0);
	lock_drop(&again);
	let_go(pid, p[1]);
}

static void
test_device(void)
{
	struct lock a = LOCK_INIT, b = LOCK_INIT;
	struct lock_holder who;
	struct err e = ERR_INIT;

	setenv("MPF_LOCKS", tmp_path, 1);
	OK(lock_device("host/usb/1-1", 0, &a, NULL, &e) == 0);
	OK(lock_device("host/usb/1-2", 0, &b, NULL, &e) == 0);
	lock_drop(&b);
	OK(lock_device("host/usb/1-1", 0, &b, &who, &e) == -1);
	OK(e.code == ERR_BUSY && who.pid == getpid());
	OK(strncmp(e.msg, "host/usb/1-1: ", 14) == 0);
	lock_drop(&a);
	OK(lock_device("host/usb/1-1", 0, &b, NULL, &e) == 0);
	lock_drop(&b);
}

int
main(void)
{
	tmp_enter();
	test_alone();
	test_held();
	test_wait();
	test_mode();
	test_faults();
	test_child();
	test_device();
	tmp_leave();
	return tap_done();
}
