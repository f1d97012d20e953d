/* SPDX-License-Identifier: MIT */
#include "flash/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/mount.h>
#endif

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"

#define UDISKS_MS	10000
#define NOT_STARTED	127	/* a status: posix_spawn(3) failed late */
#define POLL_MS		20

extern char **environ;

#ifdef __linux__
static int
mount_here(const char *disk, char **dir, struct err *e)
{
	const char *where = getenv("TMPDIR");
	char *tmp = mem_printf("%s/mpf-XXXXXX",
	    where != NULL && where[0] != '\0' ? where : "/tmp");

	if (mkdtemp(tmp) == NULL) {
		err_sys(e, "%s", tmp);
		free(tmp);
		return -1;
	}
	if (mount(disk, tmp, "vfat", MS_NOSUID | MS_NODEV | MS_NOEXEC,
	    NULL) == -1) {
		err_sys(e, "%s: mount", disk);
		rmdir(tmp);
		free(tmp);
		return -1;
	}
	*dir = tmp;
	return 0;
}
#endif

void
mount_undo(char *dir)
{
#ifdef __linux__
	umount2(dir, MNT_DETACH);	/* the drive may have gone */
#endif
	rmdir(dir);
	free(dir);
}

/*
 * The child's status; -1 if it had to be ended, or is not known: where SIGCHLD
 * is ignored, nobody keeps it.
 */
static int
wait_child(pid_t pid, int64_t deadline)
{
	int status = 0;
	pid_t r;

	while ((r = waitpid(pid, &status, WNOHANG)) == 0 ||
	    (r == -1 && errno == EINTR)) {
		if (clock_ms() >= deadline || stop_requested()) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		clock_sleep_ms(POLL_MS);
	}
	return r == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/*
 * By the desktop's service: local users may, without a password.  Never with
 * an agent that would ask for one: it would wait on the terminal.
 */
static int
mount_by_service(const char *disk, struct err *e)
{
	char *const argv[] = { (char *)"udisksctl", (char *)"mount",
		(char *)"--no-user-interaction", (char *)"-b", (char *)disk,
		NULL };
	posix_spawn_file_actions_t fa;
	pid_t pid;
	int r;

	posix_spawn_file_actions_init(&fa);
	for (int fd = 0; fd <= 2; fd++)
		posix_spawn_file_actions_addopen(&fa, fd, "/dev/null", O_RDWR,
		    0);
	r = posix_spawnp(&pid, argv[0], &fa, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	r = r == 0 ? wait_child(pid, clock_ms() + UDISKS_MS) : NOT_STARTED;
	if (r == 0)
		return 0;
	err_set(e, ERR_PERMISSION, r == NOT_STARTED ?
	    "%s: not mounted, and there is no udisksctl" :
	    "%s: udisksctl has not mounted it", disk);
	return err_hint(e, "mount it, or run this as root");
}

int
mount_drive(void *ctx, const char *disk, const char *via, char **dir,
    struct err *e)
{
	const bool service = via != NULL && strcmp(via, "udisks") == 0;

	(void)ctx;
	*dir = NULL;
#ifdef __linux__
	if (geteuid() == 0 && !service)
		return mount_here(disk, dir, e);
#endif
	if (service || via == NULL)
		return mount_by_service(disk, e);
	err_set(e, ERR_PERMISSION, "%s: not mounted, and only root may mount "
	    "it", disk);
	return err_hint(e, "mount it, or leave --via out");
}
