/* SPDX-License-Identifier: MIT */
/* Mounting, as far as it goes without a drive. */
#include "flash/mount.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/stop.h"

static struct err e;
static void (*on_child)(int) = SIG_DFL;	/* of SIGCHLD, in as_user */

/* In a process of its own that is not root's, with this udisksctl. */
static int
as_user(const char *script, bool stop)
{
	const pid_t pid = fork();
	char *dir = NULL;
	int status = 0;

	if (pid == 0) {
		if (script != NULL && file_write("udisksctl", script,
		    strlen(script), 0755, &e) == -1)
			_exit(9);
		setenv("PATH", tmp_path, 1);
		signal(SIGCHLD, on_child);
		if (chmod(tmp_path, 0755) == -1 ||
		    (geteuid() == 0 && setuid(65534) == -1))
			_exit(9);
		if (stop) {
			stop_install();
			raise(SIGTERM);
		}
		if (mount_drive(NULL, "/dev/sdz1", NULL, &dir, &e) == 0)
			_exit(dir == NULL ? 0 : 8);
		if (e.code != ERR_PERMISSION || e.hint[0] == '\0')
			_exit(7);
		if (stop && clock_ms() > 1000)
			_exit(6);
		_exit(strstr(e.msg, "there is no udisksctl") != NULL ? 2 : 1);
	}
	OK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	unlink("udisksctl");
	return WEXITSTATUS(status);
}

static void
test_service(void)
{
	OK(as_user("#!/bin/sh\n[ \"$*\" = 'mount --no-user-interaction "
	    "-b /dev/sdz1' ]\n", false) == 0);
	OK(as_user("#!/bin/sh\nexit 1\n", false) == 1);
	OK(as_user("#!/bin/sh\nkill -9 $$\n", false) == 1);
	OK(as_user(NULL, false) == 2);
	/* Nobody keeps a status then: the bus has to show the drive. */
	on_child = SIG_IGN;
	OK(as_user("#!/bin/sh\nexit 1\n", false) == 1);
	OK(as_user("#!/bin/sh\nexit 0\n", false) == 1);
	on_child = SIG_DFL;
}

/* One that waits for a password, or for ever. */
static void
test_stuck(void)
{
	clock_fake(0);
	OK(as_user("#!/bin/sh\nexec /bin/sleep 600\n", false) == 1);
	/* No longer than until we are to stop. */
	OK(as_user("#!/bin/sh\nexec /bin/sleep 600\n", true) == 1);
}

static void
test_root(void)
{
	char *dir = NULL;

	if (geteuid() != 0)
		return;
	OK(mkdir("temp", 0700) == 0 && setenv("TMPDIR", "temp", 1) == 0);
	OK(mount_drive(NULL, "/dev/sdz1", NULL, &dir, &e) == -1);
	OK(strncmp(e.msg, "/dev/sdz1: mount: ", 18) == 0);
	OK(dir == NULL);
	OK(rmdir("temp") == 0);		/* and its folder in there has gone */
	OK(mount_drive(NULL, "/dev/sdz1", NULL, &dir, &e) == -1);
	OK(strstr(e.msg, "temp/mpf-") != NULL);
}

int
main(void)
{
	tmp_enter();
	test_service();
	test_root();
	test_stuck();
	tmp_leave();
	return tap_done();
}
