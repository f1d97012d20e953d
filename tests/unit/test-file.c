/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* RTLD_NEXT */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "fault.h"
#include "tap.h"
#include "tmp.h"

static int folders_synced;

int
fsync(int fd)
{
	struct stat st;

	if (fault("fsync"))
		return -1;
	folders_synced += fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
	return FAULT_REAL(fsync)(fd);
}

int
close(int fd)
{
	const int r = FAULT_REAL(close)(fd);

	return fault("close") ? -1 : r;
}

ssize_t
read(int fd, void *p, size_t n)
{
	return fault("read") ? -1 : FAULT_REAL(read)(fd, p, n);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	return fault("write") ? -1 : FAULT_REAL(write)(fd, p, n);
}

static void
is_text(const char *path, const char *want)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	OK(file_read(path, &b, &e) == 0);
	IS_STR(b.data, want);
	buf_release(&b);
}

/* How many names there are in a folder, so that no .part is left behind. */
static int
count(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n - 2;
}

static void
test_read(void)
{
	struct buf b = BUF_INIT, small = BUF_MAX(4);
	struct err e = ERR_INIT;

	OK(file_write("r", "hello", 5, 0644, &e) == 0);
	is_text("r", "hello");
	OK(file_read("r", &small, &e) == -1 && e.code == ERR_INPUT);
	IS_STR(e.msg, "r: larger than 4 bytes");
	OK(file_read("absent", &b, &e) == -1 && e.code == ERR_NOT_FOUND);
	IS_STR(e.msg, "absent: No such file or directory");
	OK(file_read(".", &b, &e) == -1 && e.code == ERR_INPUT);
	IS_STR(e.msg, ".: a folder, not a regular file");
	buf_release(&small);
	buf_release(&b);
}

static void
is_refused(const char *path, int flags, const char *why)
{
	struct err e = ERR_INIT;

	OK(file_open(path, flags, 0600, &e) == -1 && errno == ENOTSUP);
	OK(e.code == ERR_INPUT && e.hint[0] != '\0');
	IS_STR(e.msg, why);
}

/* None of these waits for a reader or a writer; alarm(2) would tell. */
static void
test_kinds(void)
{
	const struct sockaddr_un un = { AF_UNIX, "socket" };
	const int s = socket(AF_UNIX, SOCK_STREAM, 0);
	struct err e = ERR_INIT;
	int fd, dir, tty;

	alarm(10);
	OK(mkfifo("fifo", 0600) == 0 && symlink("fifo", "tofifo") == 0);
	OK(bind(s, (const struct sockaddr *)&un, sizeof(un)) == 0);
	is_refused("fifo", O_RDONLY, "fifo: a pipe, not a regular file");
	is_refused("fifo", O_WRONLY, "fifo: a pipe, not a regular file");
	is_refused("fifo", O_RDWR, "fifo: a pipe, not a regular file");
	is_refused("tofifo", O_RDONLY, "tofifo: a pipe, not a regular file");
	is_refused("socket", O_RDONLY, "socket: a socket, not a regular file");
	is_refused(".", O_RDONLY, ".: a folder, not a regular file");
	is_refused("/dev/null", O_RDONLY,
	    "/dev/null: a character device, not a regular file");
	close(s);

	/* A terminal is not even opened for a moment: its other end sees. */
	tty = posix_openpt(O_RDWR | O_NOCTTY);
	OK(grantpt(tty) == 0 && unlockpt(tty) == 0);
	OK(file_open(ptsname(tty), O_RDWR, 0, &e) == -1);
	OK(poll(&(struct pollfd){ .fd = tty, .events = POLLIN }, 1, 0) == 0);
	close(tty);

	OK(file_open("tofifo", O_RDONLY | O_NOFOLLOW, 0, &e) == -1);
	OK(errno == ELOOP);
	OK(file_open("absent", O_RDONLY, 0, &e) == -1 && errno == ENOENT);
	OK(e.code == ERR_NOT_FOUND);
	fd = file_open("made", O_WRONLY | O_CREAT | O_EXCL, 0640, &e);
	OK(fd != -1 && (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	close(fd);
	dir = open("/", O_RDONLY | O_DIRECTORY);
	OK(file_open_at(dir, "made", O_RDONLY, 0, &e) == -1);
	close(dir);
	OK(file_check_kind("made", &e) == 0 && file_check_kind("no", &e) == 0);
	OK(file_check_kind("tofifo", &e) == -1 && e.code == ERR_INPUT);
	OK(unlink("fifo") == 0 && unlink("tofifo") == 0 &&
	    unlink("socket") == 0 && unlink("made") == 0);
	alarm(0);
}

static void
test_mkdirs(void)
{
	struct err e = ERR_INIT;
	struct stat st;

	OK(file_mkdirs("a/b//c/", 0755, &e) == 0);
	OK(stat("a/b/c", &st) == 0 && S_ISDIR(st.st_mode));
	OK(file_mkdirs("a/b", 0755, &e) == 0);		/* there already */
	OK(file_mkdirs("/", 0755, &e) == 0);
	OK(file_mkdirs("", 0755, &e) == -1 && e.code == ERR_INPUT);

	OK(file_write("f", "", 0, 0644, &e) == 0);
	OK(file_mkdirs("f", 0755, &e) == -1 && e.code == ERR_IO);
	IS_STR(e.msg, "f: Not a directory");
	OK(file_mkdirs("f/g", 0755, &e) == -1 && e.code == ERR_IO);
	OK(symlink("nowhere", "link") == 0);
	OK(file_mkdirs("link", 0755, &e) == -1 && e.code == ERR_NOT_FOUND);
	OK(symlink("a", "good") == 0);
	OK(file_mkdirs("good/d", 0755, &e) == 0 && count("a") == 2);

	/* Nobody makes folders there, and it says why, not what follows. */
	if (stat("/sys/devices", &st) == 0)
		OK(file_mkdirs("/sys/x/y", 0755, &e) == -1 &&
		    e.code == ERR_PERMISSION);
}

static void
test_failures(void)
{
	struct file_new f = FILE_NEW_INIT;
	struct err e = ERR_INIT;
	char *tmp;
	int fd, p[2];

	OK(file_write("absent/x", "", 0, 0644, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);

	/* A folder that is not empty has the name: rename fails. */
	OK(file_mkdirs("fail/x/y", 0755, &e) == 0);
	OK(file_write("fail/x", "abc", 3, 0644, &e) == -1);
	OK(e.code == ERR_INPUT && strncmp(e.msg, "fail/x: ", 8) == 0);
	OK(count("fail") == 1);

	/* Whatever has the temporary name already is another's. */
	OK(file_begin("fail/z", 0600, &f, &e) == 0);
	tmp = mem_str(f.tmp);
	file_abort(&f);
	OK(symlink("/dev/null", tmp) == 0);
	OK(file_begin("fail/z", 0600, &f, &e) == 0);
	OK(strcmp(f.tmp, tmp) != 0);
	file_abort(&f);
	OK(unlink(tmp) == 0);			/* it was left alone */
	free(tmp);

	/* A full disk, while writing and at the end. */
	fd = open("/dev/full", O_WRONLY);
	OK(file_write_all(fd, "abc", 3, "full", &e) == -1);
	OK(e.code == ERR_SPACE);
	IS_STR(e.msg, "full: No space left on device");
	close(fd);
	OK(file_write_all(-1, "abc", 3, "none", &e) == -1 && e.code == ERR_IO);
	OK(file_write_all(-1, "", 0, "none", &e) == 0);

	/* A pipe can be closed, but not synced. */
	OK(file_begin("fail/w", 0600, &f, &e) == 0 && pipe(p) == 0);
	dup2(p[1], f.fd);
	OK(file_commit(&f, &e) == -1 && e.code == ERR_IO);
	OK(count("fail") == 1);
	close(p[0]);
	close(p[1]);
}

/* More than a pipe takes at a time, to a reader who is slow. */
static void
test_pieces(void)
{
	static char big[300000];
	struct err e = ERR_INIT;
	size_t total = 0;
	ssize_t n;
	int p[2];

	OK(pipe(p) == 0);
	if (fork() == 0) {
		close(p[0]);
		_exit(file_write_all(p[1], big, sizeof(big), "p", &e) != 0);
	}
	close(p[1]);
	while ((n = read(p[0], big, 1000)) > 0)
		total += (size_t)n;
	OK(total == sizeof(big));
	close(p[0]);
	wait(NULL);
}

/* A write that is cut by a limit is carried on, and the limit is met. */
static void
test_limit(void)
{
	const struct rlimit limit = { 1000, RLIM_INFINITY };
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	static char big[1500];
	struct err e = ERR_INIT;

	signal(SIGXFSZ, SIG_IGN);
	OK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	OK(file_write("limited", big, sizeof(big), 0600, &e) == -1);
	OK(setrlimit(RLIMIT_FSIZE, &none) == 0);
	OK(e.code == ERR_IO && access("limited", F_OK) == -1);
}

/* Each call on the way fails once: the old file is there, and no other. */
static void
test_calls(void)
{
	static const char *const calls[] = { "write", "fsync", "close" };
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;

	OK(file_mkdirs("calls", 0755, &e) == 0);
	folders_synced = 0;
	OK(file_write("calls/x", "old", 3, 0600, &e) == 0);
	OK(folders_synced == 1);		/* its name is to last, too */
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		e = (struct err)ERR_INIT;
		fault_at(calls[i], 1, ENOSPC);
		OK(file_write("calls/x", "new", 3, 0600, &e) == -1);
		OK(fault_hit && e.code == ERR_SPACE);
		is_text("calls/x", "old");
		OK(count("calls") == 1);
	}
	fault_at("write", 1, EINTR);
	OK(file_write("calls/x", "new", 3, 0600, &e) == 0 && fault_hit);
	is_text("calls/x", "new");
	fault_at("read", 1, EINTR);
	is_text("calls/x", "new");
	OK(fault_hit);
	fault_at("read", 1, EIO);
	OK(file_read("calls/x", &b, &e) == -1 && e.code == ERR_IO);
	buf_release(&b);
}

int
main(void)
{
	tmp_enter();
	test_read();
	test_kinds();
	test_mkdirs();
	test_failures();
	test_pieces();
	test_limit();
	test_calls();
	tmp_leave();
	return tap_done();
}
