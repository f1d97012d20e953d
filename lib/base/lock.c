/* SPDX-License-Identifier: MIT */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/dirs.h"
#include "base/file.h"
#include "base/mem.h"

#define POLL_MS		50		/* flock(2) has no deadline */

/* Those who may write to like, or all users, may lock. */
static void
open_to(int fd, const char *like)
{
	struct stat st;

	if (like == NULL || stat(like, &st) == -1) {
		fchmod(fd, 0666);
		return;
	}
	(void)!fchown(fd, st.st_uid, st.st_gid);
	fchmod(fd, st.st_mode & 0666);
}

/*
 * Opened without O_CREAT first: in a sticky folder that all may write to,
 * Linux refuses O_CREAT on a file that somebody else made
 * (fs.protected_regular).
 */
static int
open_lock(const char *path, const char *like, struct err *e)
{
	struct err why = ERR_INIT;
	int fd = -1;

	for (int i = 0; fd == -1 && i < 3; i++) {
		fd = file_open(path, O_RDWR | O_NOFOLLOW, 0, &why);
		if (fd == -1 && errno != ENOENT)
			break;
		if (fd == -1) {
			fd = file_open(path, O_RDWR | O_CREAT | O_EXCL, 0600,
			    &why);
			if (fd != -1)
				open_to(fd, like);
			else if (errno != EEXIST)
				break;
		}
	}
	if (fd == -1)
		*e = why;
	return fd;
}

static void
read_holder(int fd, struct lock_holder *who)
{
	char text[64] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	char *name;

	memset(who, 0, sizeof(*who));
	if (n <= 0)
		return;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	who->pid = (pid_t)strtol(text, &name, 10);
	if (*name == ' ')
		snprintf(who->command, sizeof(who->command), "%.31s", name + 1);
}

/* Our own name as the kernel knows it: no argv needs to be handed down. */
static void
write_holder(int fd)
{
	char name[LOCK_COMMAND] = "mpf", text[64];
	FILE *f = fopen("/proc/self/comm", "re");
	int n;

	if (f != NULL) {
		if (fgets(name, sizeof(name), f) != NULL)
			name[strcspn(name, "\n")] = '\0';
		fclose(f);
	}
	n = snprintf(text, sizeof(text), "%ld %s\n", (long)getpid(), name);
	if (ftruncate(fd, 0) == -1 || pwrite(fd, text, (size_t)n, 0) != n)
		return;		/* the lock holds all the same */
}

static int
held(const char *path, const struct lock_holder *who, struct err *e)
{
	if (who->pid == 0)
		err_set(e, ERR_BUSY, "%s: held by another process", path);
	else
		err_set(e, ERR_BUSY, "%s: held by %s (process %ld)", path,
		    who->command[0] != '\0' ? who->command : "a program",
		    (long)who->pid);
	return err_todo(e, NEXT_CLOSE_HOLDER,
	    "wait until it is done, or stop it");
}

/* The flock on fd, or -1 and who has it. */
static int
wait_for_lock(int fd, const char *path, int64_t deadline,
    struct lock_holder *who, struct err *e)
{
	while (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_sys(e, "%s", path);
		if (clock_ms() >= deadline) {
			read_holder(fd, who);
			return held(path, who, e);
		}
		clock_sleep_ms(POLL_MS);
	}
	return 0;
}

int
lock_take(const char *path, const char *like, int64_t deadline,
    struct lock *out, struct lock_holder *who, struct err *e)
{
	struct lock_holder holder = { .pid = 0 };
	const int fd = open_lock(path, like, e);

	if (fd == -1)
		return -1;
	if (wait_for_lock(fd, path, deadline, &holder, e) == -1) {
		close(fd);
		if (who != NULL && e->code == ERR_BUSY)
			*who = holder;
		return -1;
	}
	write_holder(fd);
	out->fd = fd;
	return 0;
}

int
lock_folder(const char *path, int64_t deadline, struct lock *out,
    struct err *e)
{
	struct lock_holder nobody = { .pid = 0 };
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1)
		return err_sys(e, "%s", path);
	if (wait_for_lock(fd, path, deadline, &nobody, e) == -1) {
		close(fd);
		return -1;
	}
	out->fd = fd;
	return 0;
}

int
lock_device(const char *device_id, int64_t deadline, struct lock *out,
    struct lock_holder *who, struct err *e)
{
	char sum[DIGEST_HEX], *dir = dirs_locks(), *path;
	int r;

	digest_bytes(device_id, strlen(device_id), sum);
	path = mem_printf("%s/mpf-%.16s.lock", dir, sum);
	r = lock_take(path, NULL, deadline, out, who, e);
	free(path);
	free(dir);
	return r == 0 ? 0 : err_wrap(e, "%s", device_id);
}

void
lock_drop(struct lock *l)
{
	if (l->fd == -1)
		return;
	/*
	 * The name goes first, so that the next to wait is not told about us;
	 * and the lock by name, as a child may still have the file open.
	 */
	(void)!ftruncate(l->fd, 0);	/* a folder has no name in it */
	flock(l->fd, LOCK_UN);
	close(l->fd);
	l->fd = -1;
}
