/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "board/problem.h"
#include "doctor/doctor.h"

/* The system may put it to sleep while a program waits for it. */
static bool
may_sleep(const struct doctor *d, const struct bus_place *p)
{
	char *path = mem_printf("/sys/bus/usb/devices/%s/power/control",
	    p->usb.path);
	char *text = doctor_file(d, path);
	const bool sleeps = text != NULL && strncmp(text, "auto", 4) == 0;

	free(text);
	free(path);
	return sleeps;
}

static void
check_place(struct doctor *d, const struct bus_place *p, size_t *bad)
{
	const char *loaders[BUS_BOOTLOADERS];
	struct err e = ERR_INIT;
	char *hint;

	if (bus_bootloaders(d->bus, p, loaders) == 0 &&
	    problem_driver(p, &e)) {
		doctor_say(d, "usb", FINDING_BAD, "load_driver", e.hint, "%s",
		    e.msg);
		++*bad;
	} else if (problem_volume(d->bus, p, &e)) {
		doctor_say(d, "usb", FINDING_BAD, "unmount_drive", e.hint,
		    "%s", e.msg);
		++*bad;
	} else if (p->n_ttys > 0 && may_sleep(d, p)) {
		hint = mem_printf("echo on | sudo tee /sys/bus/usb/devices/%s/"
		    "power/control", p->usb.path);
		doctor_say(d, "usb", FINDING_NOTE, "stop_autosuspend", hint,
		    "%s: the system may suspend this device", p->usb.path);
		free(hint);
		++*bad;
	}
}

void
doctor_usb(struct doctor *d)
{
	struct bus_place *list = NULL;
	struct err e = ERR_INIT;
	size_t n = 0, bad = 0;

	if (bus_places(d->bus, &list, &n, &e) == -1) {
		doctor_say(d, "usb", FINDING_BAD, NULL, NULL, "%s", e.msg);
		return;
	}
	for (size_t i = 0; i < n; i++)
		check_place(d, &list[i], &bad);
	if (bad == 0)
		doctor_say(d, "usb", FINDING_OK, NULL, NULL,
		    "%zu USB device%s, each with its driver", n,
		    n == 1 ? "" : "s");
	bus_places_free(list, n);
}

/* Who has it open, or why it cannot be opened. */
static bool
check_device_port(struct doctor *d, const char *dev)
{
	struct lock_holder who = { 0 };
	struct err e = ERR_INIT;
	char *path = bus_path(d->bus, dev), *hint;
	const bool shut = access(path, R_OK | W_OK) == -1 && errno == EACCES;
	bool bad = true;

	if (problem_node(d->bus, dev, &e)) {
		doctor_say(d, "ports", FINDING_BAD, "pass_device_on", e.hint,
		    "%s", e.msg);
	} else if (shut) {
		doctor_say(d, "ports", FINDING_BAD, "join_group", "see "
		    "groups and udev; or plug the board in again", "%s: you "
		    "may not use it", dev);
	} else if (bus_holder(d->bus, dev, &who) == 1) {
		hint = mem_printf("end it: kill %ld", (long)who.pid);
		doctor_say(d, "ports", FINDING_NOTE, "close_holder", hint,
		    "%s: open in %s (process %ld)", dev, who.command,
		    (long)who.pid);
		free(hint);
	} else {
		bad = false;
	}
	free(path);
	return bad;
}

void
doctor_ports(struct doctor *d)
{
	struct bus_place *list = NULL;
	struct err ignored;
	size_t n = 0, ports = 0, bad = 0;

	if (bus_places(d->bus, &list, &n, &ignored) == -1)
		return;			/* "usb" has said so */
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].n_ttys; k++, ports++)
			bad += check_device_port(d, list[i].ttys[k].dev);
	if (ports == 0)
		doctor_say(d, "ports", FINDING_NOTE, "plug_in", "plug a board "
		    "in, with a cable that carries data",
		    "no serial port of a USB device");
	else if (bad == 0)
		doctor_say(d, "ports", FINDING_OK, NULL, NULL,
		    "%zu serial port%s, and you may use %s", ports,
		    ports == 1 ? "" : "s", ports == 1 ? "it" : "them");
	bus_places_free(list, n);
}
