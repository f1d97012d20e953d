/* SPDX-License-Identifier: MIT */

/*
 * A libudev for static programs, as no distribution has one: it hears nothing,
 * and lib/bus then looks for itself, as it does where there is no udev.  Only
 * the functions that lib/bus calls are here.
 */
#include <libudev.h>
#include <stddef.h>

struct udev *
udev_new(void)
{
	return NULL;
}

struct udev *
udev_unref(struct udev *u)
{
	(void)u;
	return NULL;
}

struct udev_monitor *
udev_monitor_new_from_netlink(struct udev *u, const char *name)
{
	(void)u;
	(void)name;
	return NULL;
}

struct udev_monitor *
udev_monitor_unref(struct udev_monitor *m)
{
	(void)m;
	return NULL;
}

int
udev_monitor_filter_add_match_subsystem_devtype(struct udev_monitor *m,
    const char *subsystem, const char *type)
{
	(void)m;
	(void)subsystem;
	(void)type;
	return -1;
}

int
udev_monitor_enable_receiving(struct udev_monitor *m)
{
	(void)m;
	return -1;
}

int
udev_monitor_get_fd(struct udev_monitor *m)
{
	(void)m;
	return -1;
}

struct udev_device *
udev_monitor_receive_device(struct udev_monitor *m)
{
	(void)m;
	return NULL;
}

struct udev_device *
udev_device_unref(struct udev_device *d)
{
	(void)d;
	return NULL;
}
