/* SPDX-License-Identifier: MIT */
#include "sim/watch.h"

#include <unistd.h>

#ifdef __linux__
#include <stdint.h>
#include <string.h>
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

/* Is there a close among the events in those n bytes? */
static bool
closes(const char *some, size_t n)
{
	struct inotify_event ev;
	bool found = false;

	for (; n >= sizeof(ev); n -= sizeof(ev) + ev.len) {
		memcpy(&ev, some, sizeof(ev));
		found |= (ev.mask & IN_CLOSE) != 0;
		if (ev.len > n - sizeof(ev))
			break;
		some += sizeof(ev) + ev.len;
	}
	return found;
}

bool
sim_watch_drain(struct sim_watch *w)
{
	char some[4096];
	bool closed = false;
	ssize_t n;

	if (w->fd == -1)
		return false;
	while ((n = read(w->fd, some, sizeof(some))) > 0)
		closed |= closes(some, (size_t)n);
	return closed;
}
#else
void
sim_watch_open(struct sim_watch *w, const char *path, enum sim_watch_for what)
{
	(void)path;
	(void)what;
	w->fd = -1;
}

bool
sim_watch_drain(struct sim_watch *w)
{
	(void)w;
	return false;
}
#endif

void
sim_watch_close(struct sim_watch *w)
{
	if (w->fd != -1)
		close(w->fd);
	w->fd = -1;
}
