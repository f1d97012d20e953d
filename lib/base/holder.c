/* SPDX-License-Identifier: MIT */
#include "base/holder.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_PROC	64		/* bytes for "/proc/PID/fd/N" */

/* Is entry N of the folder this device? */
static bool
is_device(const char *dir, const char *entry, dev_t rdev)
{
	char path[NAME_MAX_PROC * 2], target[6];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%.32s", dir, entry);
	/* stat(2) on anything else may hang, on a dead network for one. */
	if (readlink(path, target, sizeof(target)) < 5 ||
	    memcmp(target, "/dev/", 5) != 0)
		return false;
	return stat(path, &st) == 0 && S_ISCHR(st.st_mode) &&
	    st.st_rdev == rdev;
}

static bool
holds(long pid, dev_t rdev)
{
	char dir[NAME_MAX_PROC];
	const struct dirent *d;
	bool found = false;
	DIR *fds;

	snprintf(dir, sizeof(dir), "/proc/%ld/fd", pid);
	fds = opendir(dir);
	if (fds == NULL)
		return false;
	while (!found && (d = readdir(fds)) != NULL)
		found = is_device(dir, d->d_name, rdev);
	closedir(fds);
	return found;
}

static void
read_command(struct lock_holder *who)
{
	char path[NAME_MAX_PROC];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/comm", (long)who->pid);
	f = fopen(path, "re");
	if (f == NULL)
		return;
	if (fgets(who->command, sizeof(who->command), f) != NULL)
		who->command[strcspn(who->command, "\n")] = '\0';
	fclose(f);
}

int
holder_find(dev_t rdev, struct lock_holder *who)
{
	const struct dirent *d;
	int found = 0;
	DIR *proc;

	memset(who, 0, sizeof(*who));
	proc = opendir("/proc");
	while (proc != NULL && !found && (d = readdir(proc)) != NULL) {
		char *end;
		const long pid = strtol(d->d_name, &end, 10);

		if (pid <= 0 || *end != '\0' || pid == (long)getpid() ||
		    !holds(pid, rdev))
			continue;
		who->pid = (pid_t)pid;
		read_command(who);
		found = 1;
	}
	if (proc != NULL)
		closedir(proc);
	return found;
}
