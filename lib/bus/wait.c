/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <libudev.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bus/sysfs.h"

#define POLL_MS		50	/* where changes are not reported */
#define MISSED_MS	500	/* where they are, if a report was missed */

/* What reports changes: of devices (udev or the kernel) and of mounts. */
struct bus_watch {
	struct udev		*udev;
	struct udev_monitor	*monitor;	/* NULL: it cannot be heard */
	int			 mounts;	/* mountinfo; -1 likewise */
};

/*
 * udev speaks when it is done with a device, its owner and mode included; the
 * kernel speaks where there is no udev.
 */
static struct udev_monitor *
open_monitor(struct udev *u)
{
	const bool udevd = access("/run/udev/control", F_OK) == 0;
	struct udev_monitor *m = udev_monitor_new_from_netlink(u,
	    udevd ? "udev" : "kernel");

	if (m == NULL)
		return NULL;
	udev_monitor_filter_add_match_subsystem_devtype(m, "usb", NULL);
	udev_monitor_filter_add_match_subsystem_devtype(m, "tty", NULL);
	udev_monitor_filter_add_match_subsystem_devtype(m, "block", NULL);
	if (udev_monitor_enable_receiving(m) >= 0)
		return m;
	udev_monitor_unref(m);
	return NULL;
}

static struct bus_watch *
watch_open(void)
{
	struct bus_watch *w = mem_alloc(sizeof(*w));

	w->udev = udev_new();
	w->monitor = w->udev != NULL ? open_monitor(w->udev) : NULL;
	w->mounts = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	return w;
}

static void
watch_close(struct bus_watch *w)
{
	if (w->monitor != NULL)
		udev_monitor_unref(w->monitor);
	if (w->udev != NULL)
		udev_unref(w->udev);
	if (w->mounts != -1)
		close(w->mounts);
	free(w);
}

/* Drops the reports that have come: the caller looks at everything. */
static void
watch_drain(struct bus_watch *w)
{
	struct udev_device *d;

	while (w->monitor != NULL &&
	    (d = udev_monitor_receive_device(w->monitor)) != NULL)
		udev_device_unref(d);
}

void
bus_wait(struct bus *b, int64_t deadline)
{
	struct pollfd p[2];
	int left = clock_left_ms(deadline), most = POLL_MS;

	if (!bus_is_system(b)) {	/* a tree of files reports nothing */
		clock_sleep_ms(left < POLL_MS ? left : POLL_MS);
		return;
	}
	if (b->watch == NULL) {
		b->watch = watch_open();
		b->unwatch = watch_close;
		return;		/* let the caller look for earlier changes */
	}
	if (b->watch->monitor != NULL)
		most = MISSED_MS;
	p[0].fd = b->watch->monitor == NULL ? -1 :
	    udev_monitor_get_fd(b->watch->monitor);
	p[0].events = POLLIN;
	p[1].fd = b->watch->mounts;
	p[1].events = POLLPRI;		/* proc(5): a mount came or went */
	if (poll(p, 2, left < most ? left : most) > 0)
		watch_drain(b->watch);
}
