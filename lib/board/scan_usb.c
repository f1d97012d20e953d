/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/lock.h"
#include "base/mem.h"
#include "board/list.h"
#include "board/loader.h"
#include "board/problem.h"
#include "board/scan.h"
#include "chips/usb.h"
#include "dfu/layout.h"
#include "model/pending.h"

#define INFO_MS		2000		/* for a drive to be read */

/* A place on USB, and what it is; its strings are the place's. */
struct spot {
	const struct bus_place		*p;
	const char			*bootloaders[BUS_BOOTLOADERS];
	char				*id;	/* "bench/usb/1-1.2" */
	struct info_uf2			 info;
	bool				 has_info;
};

static void
set_usb(struct scan *s, struct device *d, const struct bus_usb *u)
{
	struct board_list *l = s->out;

	d->usb_path = list_own(l, mem_str(u->path));
	d->vid = list_own(l, mem_str(u->vid));
	d->pid = list_own(l, mem_str(u->pid));
	d->usb_serial = list_own(l, mem_str(u->serial));
	d->manufacturer = list_own(l, mem_str(u->manufacturer));
	d->product = list_own(l, mem_str(u->product));
}

/*
 * Something is wrong with the place: an error where it was named exactly, else
 * a fact.
 */
static void
set_problem(struct scan *s, struct board_place *p, const struct err *why)
{
	if (s->out->problem.code == ERR_NONE)
		s->out->problem = *why;
	p->device.problem = list_own(s->out, mem_str(why->msg));
	if (p->device.named)
		p->error = *why;
}

/* The place of a device on USB, if it is asked for; takes id. */
static struct board_place *
add_usb(struct scan *s, const struct bus_place *on, char *id,
    const struct names *names)
{
	const enum hit hit = scan_wanted(s, names);
	struct board_place *p;

	if (hit == MISS) {
		free(id);
		return NULL;
	}
	p = scan_add(s);
	p->device.id = list_own(s->out, id);
	set_usb(s, &p->device, &on->usb);
	p->device.named = hit == NAME;
	p->device.mode = hit != NAME && scan_ignored(s, names) ? "ignored" :
	    "silent";
	return p;
}

/* --- bootloaders --- */

/*
 * A drive that nobody can look into is also known by a board whose flashing
 * was begun there.
 */
static bool
flashing_begun(const struct spot *at)
{
	struct record *rec = NULL;
	struct err ignored_err = ERR_INIT;
	const bool yes = at->p->mass_storage && at->p->volume == NULL &&
	    pending_load(at->id, &rec, &ignored_err) == 1;

	record_free(rec);
	return yes;
}

/* A drive that another mpf tool works on is left to it. */
static bool
read_info(const struct scan *s, struct spot *at)
{
	struct lock lock = LOCK_INIT;
	struct err ignored = ERR_INIT;
	bool read;

	if (lock_device(at->id, 0, &lock, NULL, &ignored) == -1)
		return false;
	read = loader_info(s->bus, at->p, !s->o->no_probe,
	    clock_ms() + INFO_MS, &at->info);
	lock_drop(&lock);
	return read;
}

static void
find_bootloaders(const struct scan *s, struct spot *at)
{
	const size_t n = bus_bootloaders(s->bus, at->p, at->bootloaders);
	const bool uf2 = n > 0 && strcmp(at->bootloaders[0], "uf2") == 0;
	/* The drive of a debug probe is no bootloader's, whatever was there. */
	const bool probe = usb_probe(at->p->usb.vid, at->p->usb.pid) != NULL;

	if (uf2 || (n == 0 && !probe && loader_unknown_drive(at->p)))
		at->has_info = read_info(s, at);
	if (n == 0 && !probe && (at->has_info || flashing_begun(at))) {
		at->bootloaders[0] = "uf2";
		at->bootloaders[1] = NULL;
	}
}

/* What the bootloader says of itself. */
static void
set_loader(struct scan *s, struct device *d, const struct spot *at)
{
	const struct info_uf2 *info = &at->info;
	struct board_list *l = s->out;
	struct dfu_layout layout;
	struct err ignored = ERR_INIT;

	d->dfu_memory = list_own(l, mem_str(loader_memory(at->p)));
	if (d->dfu_memory != NULL && dfu_layout_parse(d->dfu_memory, &layout,
	    &ignored) == 0)
		d->dfu_flash_bytes = (int64_t)dfu_layout_size(&layout);
	if (!at->has_info)
		return;
	d->uf2_board_id = list_own(l, mem_str(info->board_id));
	if (info->model[0] != '\0')
		d->uf2_model = list_own(l, mem_str(info->model));
	if (info->softdevice[0] != '\0')
		d->uf2_softdevice = list_own(l, mem_str(info->softdevice));
}

/* Nothing is sent to its tty, if it has one too. */
static void
add_bootloader(struct scan *s, const struct spot *at)
{
	const struct bus_place *on = at->p;
	struct names names = { .n = 0 };
	struct err why = ERR_INIT;
	struct board_place *p;

	s->out->drives++;
	names_add(&names, on->usb.path, true);
	names_add(&names, at->id, true);
	names_add(&names, on->volume, true);
	names_add(&names, on->disk, true);
	names_add(&names, on->tty, true);
	names_file(&names, s->bus, on->volume);
	p = add_usb(s, on, mem_str(at->id), &names);
	if (p != NULL) {
		p->device.serial_port = list_own(s->out, mem_str(on->tty));
		p->device.volume = list_own(s->out, mem_str(on->volume));
		memcpy(p->device.bootloaders, at->bootloaders,
		    sizeof(at->bootloaders));
		set_loader(s, &p->device, at);
		if (strcmp(p->device.mode, "silent") == 0)
			p->device.mode = at->bootloaders[0];
		if (problem_volume(s->bus, on, &why))
			set_problem(s, p, &why);
	}
	names_release(&names);
}

/* --- serial ports --- */

static bool
says_bluetooth(const char *s)
{
	static const char word[] = "bluetooth";

	for (; s != NULL && *s != '\0'; s++)
		if (strncasecmp(s, word, sizeof(word) - 1) == 0)
			return true;
	return false;
}

static bool
is_bluetooth(const struct bus_usb *u)
{
	return says_bluetooth(u->product) || says_bluetooth(u->manufacturer);
}

/* A debug probe that takes firmware for its board as a file on its drive. */
static void
set_probe(struct scan *s, struct device *d, const struct bus_place *on)
{
	const char *name = usb_probe(on->usb.vid, on->usb.pid);

	if (name == NULL || !on->mass_storage)
		return;
	d->probe = name;
	d->volume = list_own(s->out, mem_str(on->volume));
}

/* "HOST/usb/1-1.2", with ":INTERFACE" where one device has several. */
static void
add_tty(struct scan *s, const struct spot *at, const struct bus_tty *t)
{
	const char *path = at->p->usb.path;
	const bool several = at->p->n_ttys > 1;
	char *place = several && t->interface >= 0 ?
	    mem_printf("%s:%d", path, t->interface) : mem_str(path);
	char *id = mem_printf("%s/usb/%s", s->o->host, place);
	struct names names = { .n = 0 };
	struct err why = ERR_INIT;
	struct board_place *p = NULL;

	s->out->ports++;
	names_file(&names, s->bus, t->dev);
	names_add(&names, t->dev, true);
	names_add(&names, place, true);
	names_add(&names, id, true);
	names_add(&names, path, !several);
	if (s->o->bluetooth || !is_bluetooth(&at->p->usb) ||
	    scan_wanted(s, &names) == NAME)
		p = add_usb(s, at->p, mem_str(id), &names);
	if (p != NULL) {
		p->device.serial_port = list_own(s->out, mem_str(t->dev));
		set_probe(s, &p->device, at->p);
		if (problem_node(s->bus, t->dev, &why))
			set_problem(s, p, &why);
	}
	free(id);
	free(place);
	names_release(&names);
}

/*
 * A bridge, or a port of USB's own kind, that no driver made a tty of; or a
 * debug probe without a port.
 */
static void
add_driverless(struct scan *s, const struct spot *at)
{
	struct names names = { .n = 0 };
	struct err why = ERR_INIT;
	struct board_place *p;

	if (!problem_driver(at->p, &why) && !problem_probe(at->p, &why))
		return;
	names_add(&names, at->p->usb.path, true);
	names_add(&names, at->id, true);
	p = add_usb(s, at->p, mem_str(at->id), &names);
	if (p != NULL) {
		set_probe(s, &p->device, at->p);
		set_problem(s, p, &why);
	}
}

/* --- all on USB --- */

static void
add_spot(struct scan *s, const struct spot *at)
{
	if (at->p->n_ttys == 0)
		add_driverless(s, at);
	for (size_t i = 0; i < at->p->n_ttys; i++)
		add_tty(s, at, &at->p->ttys[i]);
}

int
scan_usb(struct scan *s, struct err *e)
{
	struct bus_place *list = NULL;
	struct spot *spots;
	size_t n = 0;
	const int r = bus_places(s->bus, &list, &n, e);

	spots = mem_alloc((n + 1) * sizeof(*spots));
	for (size_t i = 0; i < n; i++) {
		spots[i].p = &list[i];
		spots[i].id = mem_printf("%s/usb/%s", s->o->host,
		    list[i].usb.path);
		find_bootloaders(s, &spots[i]);
		if (spots[i].bootloaders[0] != NULL)
			add_bootloader(s, &spots[i]);
	}
	for (size_t i = 0; i < n; i++) {
		if (spots[i].bootloaders[0] == NULL)
			add_spot(s, &spots[i]);
		free(spots[i].id);
	}
	free(spots);
	bus_places_free(list, n);
	return r;
}
