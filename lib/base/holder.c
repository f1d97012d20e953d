/* SPDX-License-Identifier: MIT */
#include "base/holder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is looked for, and what has been found of it. */
struct search {
	const dev_t		*rdev;
	struct lock_holder	*who;
	size_t			 n, found;
};

#define NAME_MAX_PROC	64		/* bytes for "/proc/PID/fd/N" */

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

/* Entry N of that process's folder: is it one of the devices? */
static void
look_at_fd(const char *dir, const char *entry, pid_t pid, struct search *s)
{
	char path[NAME_MAX_PROC * 2], target[6];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%.32s", dir, entry);
	/* stat(2) on anything else may hang, on a dead network for one. */
	if (readlink(path, target, sizeof(target)) < 5 ||
	    memcmp(target, "/dev/", 5) != 0 ||
	    stat(path, &st) == -1 || !S_ISCHR(st.st_mode))
		return;
	for (size_t i = 0; i < s->n; i++) {
		if (s->rdev[i] != st.st_rdev || s->who[i].pid != 0)
			continue;
		s->who[i].pid = pid;
		read_command(&s->who[i]);
		s->found++;
	}
}

static void
look_through(pid_t pid, struct search *s)
{
	char dir[NAME_MAX_PROC];
	const struct dirent *d;
	DIR *fds;

	snprintf(dir, sizeof(dir), "/proc/%ld/fd", (long)pid);
	fds = opendir(dir);
	if (fds == NULL)
		return;
	while (s->found < s->n && (d = readdir(fds)) != NULL)
		look_at_fd(dir, d->d_name, pid, s);
	closedir(fds);
}

size_t
holder_find_all(const dev_t *rdev, size_t n, struct lock_holder *who)
{
	struct search s = { .rdev = rdev, .who = who, .n = n };
	const struct dirent *d;
	DIR *proc;

	memset(who, 0, n * sizeof(*who));
	proc = opendir("/proc");
	while (proc != NULL && s.found < n && (d = readdir(proc)) != NULL) {
		char *end;
		const long pid = strtol(d->d_name, &end, 10);

		if (pid > 0 && *end == '\0' && pid != (long)getpid())
			look_through((pid_t)pid, &s);
	}
	if (proc != NULL)
		closedir(proc);
	return s.found;
}

int
holder_find(dev_t rdev, struct lock_holder *who)
{
	return (int)holder_find_all(&rdev, 1, who);
}
