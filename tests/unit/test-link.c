/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/holder.h"
#include "base/mem.h"
#include "link/closer.h"
#include "link/link.h"
#include "tap.h"
#include "tmp.h"

static struct err e;

/* The device's end of a pty, and the name of ours. */
static int
pty(char *name, size_t size)
{
	const int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd == -1 || grantpt(fd) == -1 || unlockpt(fd) == -1) {
		perror("pty");
		exit(1);
	}
	snprintf(name, size, "%s", ptsname(fd));
	return fd;
}

static struct link *
open_pty(int *dev)
{
	char name[64];
	struct link *l = NULL;

	*dev = pty(name, sizeof(name));
	OK(link_open(name, NULL, &l, &e) == 0);
	return l;
}

static int64_t
soon(void)
{
	return clock_ms() + 5000;
}

static void
test_both_ways(void)
{
	char got[16];
	size_t n;
	int dev;
	struct link *l = open_pty(&dev);

	OK(write(dev, "a\r\n\x03", 4) == 4);
	OK(link_read(l, got, sizeof(got), soon(), &n, &e) == 0);
	OK(n == 4 && memcmp(got, "a\r\n\x03", 4) == 0);
	OK(link_write(l, "\x01\n\x04", 3, soon(), &e) == 0);
	OK(read(dev, got, sizeof(got)) == 3);
	OK(memcmp(got, "\x01\n\x04", 3) == 0);
	OK(link_read(l, got, 0, soon(), &n, &e) == -1 || n == 0);
	link_close(l);
	close(dev);
}

static void
test_settings(void)
{
	char name[64];
	struct link *l = NULL;
	struct link_opts o = { .baud = 9600 };
	struct termios t;
	const int dev = pty(name, sizeof(name));
	const int slave = open(name, O_RDWR | O_NOCTTY);
	char byte;
	size_t n;

	/* As a fresh serial port is. */
	OK(slave != -1 && tcgetattr(slave, &t) == 0);
	t.c_cflag |= HUPCL | CSTOPB;
	OK(tcsetattr(slave, TCSANOW, &t) == 0);
	OK(write(dev, "banner", 6) == 6);
	OK(link_open(name, &o, &l, &e) == 0);
	IS_STR(link_name(l), name);
	OK(tcgetattr(slave, &t) == 0);
	OK((t.c_cflag & (HUPCL | CSTOPB)) == 0);
	OK((t.c_lflag & (ECHO | ICANON | ISIG)) == 0);
	OK(t.c_cc[VMIN] == 1);
	OK(cfgetospeed(&t) == B9600);
	OK(link_baud(l, 1200, &e) == 0);
	OK(tcgetattr(slave, &t) == 0 && cfgetospeed(&t) == B1200);
	OK(flock(slave, LOCK_EX | LOCK_NB) == -1);
	OK(link_read(l, &byte, 1, clock_ms() + 20, &n, &e) == -1);
	OK(e.code == ERR_TIMEOUT);
	close(slave);
	OK(link_baud(l, 12345, &e) == 0);	/* a pty has no wire */
	OK(link_lines(l, false, false, &e) == 0);
	link_close(l);
	close(dev);
}

static void
test_time(void)
{
	char *big = mem_alloc(1 << 20), got[8];
	size_t n = 9;
	int dev;
	struct link *l = open_pty(&dev);

	OK(link_read(l, got, sizeof(got), clock_ms() + 20, &n, &e) == -1);
	OK(e.code == ERR_TIMEOUT && n == 0);
	OK(link_write(l, big, 1 << 20, clock_ms() + 20, &e) == -1);
	OK(e.code == ERR_TIMEOUT);
	link_close(l);
	l = open_pty(&dev);
	OK(write(dev, "old", 3) == 3);
	OK(poll(&(struct pollfd){ .fd = dev }, 1, 0) == 0);
	link_flush(l);
	OK(link_read(l, got, sizeof(got), clock_ms() + 20, &n, &e) == -1);
	OK(e.code == ERR_TIMEOUT);
	link_close(l);
	close(dev);
	free(big);
}

static void
test_gone(void)
{
	char got[16];
	size_t n;
	int dev;
	struct link *l = open_pty(&dev);

	close(dev);
	OK(link_read(l, got, sizeof(got), soon(), &n, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
	OK(link_read(l, got, sizeof(got), soon(), &n, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
	OK(link_write(l, "x", 1, soon(), &e) == -1 && e.code == ERR_NOT_FOUND);
	OK(link_baud(l, 1200, &e) == -1 && e.code == ERR_NOT_FOUND);
	OK(link_lines(l, true, true, &e) == -1 && e.code == ERR_NOT_FOUND);
	link_flush(l);
	link_close(l);

	l = open_pty(&dev);
	close(dev);
	OK(link_write(l, "x", 1, soon(), &e) == -1 && e.code == ERR_NOT_FOUND);
	link_close(l);
	link_close(NULL);
}

/* The name in *path is a symlink to the pty, as under a sysroot. */
static void
test_symlink(void)
{
	char name[64];
	struct link *l = NULL;
	const int dev = pty(name, sizeof(name));

	OK(symlink(name, "ttyACM0") == 0);
	OK(link_open("ttyACM0", NULL, &l, &e) == 0);
	IS_STR(link_name(l), "ttyACM0");
	link_close(l);
	close(dev);
}

/* A kind that lib/link does not know: it only says which name it was given. */
static int
open_elsewhere(const char *name, const struct link_opts *opts,
    struct link **out, struct err *why)
{
	(void)out;
	return err_set(why, ERR_UNSUPPORTED, "%s at %u", name, opts->baud);
}

static void
test_addresses(void)
{
	static const struct link_kind elsewhere = { "else", open_elsewhere };
	const struct link_opts o = { .baud = 9600 };
	char name[64], there[] = "there";
	struct link_addr at = { .kind = &elsewhere, .name = there };
	struct link *l = NULL;
	const int dev = pty(name, sizeof(name));

	OK(link_connect(&at, &o, &l, &e) == -1 && l == NULL);
	IS_STR(e.msg, "there at 9600");
	IS_STR(link_kind_of(name)->name, "pty");
	IS_STR(link_kind_of("/dev/null")->name, "tty");
	IS_STR(link_kind_of("/nonexistent")->name, "tty");
	at.name = strdup(name);
	at.kind = link_kind_of(name);
	OK(link_connect(&at, NULL, &l, &e) == 0);
	IS_STR(link_name(l), name);
	link_close(l);
	link_addr_release(&at);
	OK(at.name == NULL);
	link_addr_release(&at);
	close(dev);
}

static void
test_refusals(void)
{
	struct link *l = NULL;

	OK(link_open("/nonexistent/tty", NULL, &l, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
	OK(strncmp(e.msg, "/nonexistent/tty: ", 18) == 0);
	OK(link_open("/dev/null", NULL, &l, &e) == -1);
	OK(e.code == ERR_UNSUPPORTED);
	IS_STR(e.msg, "/dev/null: not a serial port");
	OK(link_open("/tmp", NULL, &l, &e) == -1 && e.code == ERR_UNSUPPORTED);
	OK(l == NULL);
}

/* Opens the port as an ordinary user: 0, or 1. */
static int
open_as_user(const char *name)
{
	struct link *l;

	if (geteuid() == 0 && setuid(65534) == -1)
		return 1;
	return link_open(name, NULL, &l, &e) == 0 ? 0 : 1;
}

/*
 * A pty whose group may not read it, opened as somebody else.  Nobody is told
 * to become a member of the group root.
 */
static void
test_permission(gid_t gid, const char *hint)
{
	char name[64];
	const int dev = pty(name, sizeof(name));
	pid_t pid;
	int status = 0;

	if (gid != (gid_t)-1 && chown(name, (uid_t)-1, gid) == -1)
		return;			/* for root alone */
	OK(chmod(name, 0) == 0);
	pid = fork();
	if (pid == 0) {
		clock_fake(0);		/* the node is not new */
		_exit(open_as_user(name) == 1 && e.code == ERR_PERMISSION &&
		    strstr(e.hint, hint) != NULL ? 0 : 5);
	}
	OK(waitpid(pid, &status, 0) == pid);
	OK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(dev);
}

static void
test_busy(void)
{
	char name[64], byte, want[128];
	struct link *l = NULL;
	struct lock_holder who;
	struct stat st;
	const int dev = pty(name, sizeof(name));
	int up[2];
	pid_t pid;

	OK(pipe(up) == 0);
	pid = fork();
	if (pid == 0) {
		if (link_open(name, NULL, &l, &e) == -1)
			_exit(1);
		if (write(up[1], "x", 1) == 1)
			pause();
		_exit(0);
	}
	OK(read(up[0], &byte, 1) == 1);
	OK(link_open(name, NULL, &l, &e) == -1 && e.code == ERR_BUSY);
	snprintf(want, sizeof(want), "%s: in use by %s (process %ld)", name,
	    tap_comm(), (long)pid);
	IS_STR(e.msg, want);
	OK(stat(name, &st) == 0 && holder_find(st.st_rdev, &who) == 1);
	OK(who.pid == pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	OK(holder_find(st.st_rdev, &who) == 0);
	OK(link_open(name, NULL, &l, &e) == 0);
	OK(holder_find(st.st_rdev, &who) == 0);		/* we do not count */
	link_close(l);
	close(dev);
	close(up[0]);
	close(up[1]);
}

/* A pty is free again when its holder was killed, and not only for root. */
static void
test_killed(void)
{
	char name[64], byte;
	const int dev = pty(name, sizeof(name));
	int up[2], status = 0;
	pid_t pid;

	OK(chmod(name, 0666) == 0 && pipe(up) == 0);
	pid = fork();
	if (pid == 0) {
		if (open_as_user(name) == 0 && write(up[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	close(up[1]);
	OK(read(up[0], &byte, 1) == 1);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	pid = fork();
	if (pid == 0)
		_exit(open_as_user(name));
	OK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	OK(WEXITSTATUS(status) == 0);
	close(dev);
}

/* The last close happens elsewhere, and nothing else stays open there. */
static void
test_closer(void)
{
	char byte;
	int a[2], b[2];

	OK(pipe(a) == 0 && pipe(b) == 0);
	closer_hand_over(a[1]);
	OK(read(a[0], &byte, 1) == 0);
	close(b[1]);
	OK(read(b[0], &byte, 1) == 0);
	close(a[0]);
	close(b[0]);
}

/* Does /dev have each tty that /sys lists?  In a chroot it may not. */
static bool
dev_is_whole(void)
{
	DIR *d = opendir("/sys/class/tty");
	const struct dirent *each;
	char dev[300];
	bool whole = d != NULL;

	while (d != NULL && (each = readdir(d)) != NULL) {
		snprintf(dev, sizeof(dev), "/dev/%s", each->d_name);
		whole = whole && access(dev, F_OK) == 0;	/* /dev/. is */
	}
	if (d != NULL)
		closedir(d);
	return whole;
}

static void
test_list(void)
{
	char **list = NULL;

	if (link_list(&list, &e) == -1)
		OK(e.code == ERR_IO && !dev_is_whole());
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		OK(list[i][0] != '\0');
	link_list_free(list);
	link_list_free(NULL);
}

int
main(void)
{
	signal(SIGHUP, SIG_IGN);
	tmp_enter();
	test_both_ways();
	test_settings();
	test_time();
	test_gone();
	test_symlink();
	test_addresses();
	test_refusals();
	test_permission(geteuid() == 0 ? 5 : (gid_t)-1, "group");
	test_permission(0, "udev rules");
	test_busy();
	test_killed();
	test_closer();
	test_list();
	tmp_leave();
	return tap_done();
}
