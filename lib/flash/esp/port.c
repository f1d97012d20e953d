/* SPDX-License-Identifier: MIT */
#include "flash/esp/port.h"

#include <stdlib.h>
#include <string.h>

#include "addr/addr.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "chips/usb.h"
#include "model/place.h"

#define ARRIVE_MS	8000	/* for the port of the loader */
#define LEAVE_MS	2000	/* for a firmware that heard its lines */
#define NOTICE_MS	1000	/* for the bus to say so */
#define HOLD_MS		100

/* A port as it is now. */
struct esp_place {
	char		*dev;		/* owned */
	enum esp_port	 kind;
	bool		 is_app;	/* the USB of a firmware */
};

/* May a firmware have made this port by itself? */
static bool
is_app_port(const struct flash_job *job, const struct bus_place *p)
{
	static const char own[] = "/dev/ttyACM";
	const struct esp_chip *chip = esp_chip_by_name(job->facts.chip);

	return chip->otg_pid != 0 && p->usb.vid != NULL &&
	    usb_bridge(p->usb.vid, p->usb.pid) == NULL &&
	    !esp_is_own_usb(esp_port_of(p->usb.vid, p->usb.pid)) &&
	    strncmp(p->tty, own, sizeof(own) - 1) == 0;
}

static int
find_esp_port(const struct flash_job *job, struct esp_place *out,
    struct err *e)
{
	const struct boot_world *w = &job->world->boot;
	const struct device *d = &job->device;
	struct bus_place p;
	int r;

	*out = (struct esp_place){ .kind = esp_port_of(d->vid, d->pid) };
	if (d->usb_path == NULL) {
		out->dev = mem_str(d->serial_port);
		if (addr_is_remote(d->serial_port))
			out->kind = ESP_REMOTE;
		return 0;
	}
	r = w->look(w->ctx, d->usb_path, device_interface(d), &p, e);
	/* In its loader it may have one interface alone. */
	if (r == 0 && p.tty == NULL && p.n_ttys > 0)
		p.tty = mem_str(p.ttys[0].dev);
	if (r == 0 && p.tty == NULL) {
		err_set(e, ERR_NOT_FOUND, p.present ?
		    "%s: no serial port there now" :
		    "%s: nothing is plugged in there now", d->id);
		r = err_todo(e, NEXT_PLUG_IN,
		    "plug it in again, and begin with mpf-detect");
	}
	if (r == 0) {
		out->dev = mem_str(p.tty);
		out->kind = esp_port_of(p.usb.vid, p.usb.pid);
		out->is_app = is_app_port(job, &p) && !job->words.no_reset;
	}
	bus_place_release(&p);
	return r;
}

static int
open_place(const struct flash_job *job, const struct esp_place *p,
    struct link **out, struct err *e)
{
	const struct boot_world *w = &job->world->boot;
	const char *lines = job->device.lines;

	if (w->open(w->ctx, p->dev, NULL, out, e) == -1)
		return -1;
	if (lines == NULL || link_lines(*out, lines[0] == '1',
	    lines[2] == '1', e) == 0)
		return 0;
	link_close(*out);
	return -1;
}

/* Has it left the bus as the device that it was?  The bus may say so late. */
static bool
app_has_left(const struct flash_job *job)
{
	const int64_t until = clock_ms() + NOTICE_MS;
	struct esp_place p;
	struct err ignored;
	bool left;

	do {
		left = find_esp_port(job, &p, &ignored) == -1 || !p.is_app;
		free(p.dev);
		if (!left)
			boot_wait(&job->world->boot, until);
	} while (!left && clock_ms() < until && !stop_requested());
	return left;
}

/* The ROM answers at this port: an unknown bridge, and not a firmware's USB. */
static bool
is_unknown_bridge(struct link *l)
{
	const struct esp_connect_opts opts = { .entry = ESP_ENTER_NOTHING,
		.deadline = clock_ms() + LEAVE_MS };
	struct esp_loader *loader = NULL;
	struct err ignored = ERR_INIT;
	const bool is = esp_connect(l, &opts, &loader, &ignored) == 0;

	esp_loader_free(loader);
	return is;
}

/*
 * By its lines, or by machine.bootloader().  1: it is in its loader at this
 * port; 0: it has left; -1: neither.  l is closed, but for 1.
 */
static int
leave_app(const struct flash_job *job, struct link *l, struct err *e)
{
	const struct boot_job boot = {
		.device = job->device, .board = job->board,
		.mode = "esp_rom", .world = &job->world->boot,
	};
	struct boot_result found = { .method = NULL };
	struct err ignored = ERR_INIT;
	int r;

	if (link_lines(l, false, true, &ignored) == 0) {
		clock_sleep_ms(HOLD_MS);
		link_lines(l, true, false, &ignored);
	}
	if (is_unknown_bridge(l))
		return 1;
	link_close(l);
	if (app_has_left(job))
		return 0;
	r = boot_run(&boot, job->bootloader, &found, e);
	bus_place_release(&found.place);
	return r;
}

/* 1: it is open; 0: a firmware that was there has left. */
static int
try_port(const struct flash_job *job, struct link **out, enum esp_port *kind,
    struct err *e)
{
	struct esp_place p;
	struct link *l;
	int r = -1;

	if (find_esp_port(job, &p, e) == 0 && open_place(job, &p, &l, e) == 0)
		r = p.is_app ? leave_app(job, l, e) : 1;
	if (r == 1)
		*out = l;
	*kind = p.kind;
	free(p.dev);
	return r;
}

int
esp_port_open(const struct flash_job *job, int64_t until, struct link **out,
    enum esp_port *kind, struct err *e)
{
	bool left = false;

	for (;;) {
		const int r = try_port(job, out, kind, e);

		if (r == 1)
			return 0;
		if (r == 0 && left)
			return err_set(e, ERR_UNSUPPORTED, "%s: it comes back "
			    "as its firmware, and not in its boot loader",
			    job->device.id);
		if (r == 0) {
			left = true;
			until = clock_ms() + ARRIVE_MS;
		}
		if (clock_ms() >= until || clock_ms() >= job->deadline ||
		    stop_requested() || (r == -1 &&
		    e->code != ERR_NOT_FOUND && e->code != ERR_PERMISSION &&
		    e->code != ERR_BUSY))
			return r == -1 ? -1 : err_set(e, ERR_TIMEOUT,
			    "%s: it did not reach its boot loader in time",
			    job->device.id);
		clock_sleep_ms(BOOT_POLL_MS);
	}
}
