/* SPDX-License-Identifier: MIT */
#include "sim/watch.h"

#include <unistd.h>

#ifdef __linux__
#include <stdint.h>
#include <sys/inotify.h>

void
sim_watch_open(struct sim_watch *w, const char *path, enum sim_watch_for what)
{
	/* Of a change none that our own reading makes. */
	const uint32_t mask = what == SIM_WATCH_OPEN ? IN_OPEN | IN_CLOSE :
	    IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE;

	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->fd != -1 && inotify_add_watch(w->fd, path, mask) == -1)
		sim_watch_close(w);
}
#else
void
sim_watch_open(struct sim_watch *w, const char *path, enum sim_watch_for what)
{
	(void)path;
	(void)what;
	w->fd = -1;
}
#endif

void
sim_watch_drain(struct sim_watch *w)
{
	char events[4096];

	if (w->fd == -1)
		return;
	while (read(w->fd, events, sizeof(events)) > 0)
		;
}

void
sim_watch_close(struct sim_watch *w)
{
	if (w->fd != -1)
		close(w->fd);
	w->fd = -1;
}
