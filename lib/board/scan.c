/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "board/list.h"
#include "board/names.h"
#include "model/pending.h"

struct scan {
	const struct bus		*bus;
	const struct board_scan_opts	*o;
	struct board_list		*out;
	const char *const		*serial, *const *ignore;
	bool				*used;	/* for each of serial */
	size_t				 n_drives;	/* first in out */
};

static struct board_place *
add(struct scan *s)
{
	struct board_list *l = s->out;
	struct board_place *p;

	l->v = mem_grow(l->v, l->n + 1, sizeof(*l->v));
	p = &l->v[l->n++];
	p->device = (struct device)DEVICE_INIT;
	p->error = (struct err)ERR_INIT;
	p->device.host = s->o->host;
	return p;
}

/* Is this place asked for? */
static enum hit
wanted(struct scan *s, const struct names *names)
{
	enum hit best = s->serial[0] == NULL ? PATTERN : MISS;

	for (size_t i = 0; s->serial[i] != NULL; i++) {
		const enum hit hit = names_hit(names, s->bus, s->serial[i]);

		s->used[i] |= hit != MISS;
		best = hit > best ? hit : best;
	}
	return best;
}

static bool
ignored(const struct scan *s, const struct names *names)
{
	for (size_t i = 0; s->ignore[i] != NULL; i++)
		if (names_hit(names, s->bus, s->ignore[i]) != MISS)
			return true;
	return false;
}

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

/* --- bootloaders --- */

/*
 * A drive is a bootloader's if it says so in INFO_UF2.TXT.  One that is not
 * mounted is known by its ids, if they are a mask ROM's, or by a board whose
 * flashing was begun there.
 */
static bool
is_bootloader(struct scan *s, const struct bus_place *p, const char *id)
{
	struct record *rec = NULL;
	struct err ignored_err = ERR_INIT;
	struct buf name = BUF_INIT;
	char *path;
	bool yes;

	if (p->volume != NULL) {
		buf_addf(&name, "%s/INFO_UF2.TXT", p->volume);
		path = bus_path(s->bus, name.data);
		yes = access(path, F_OK) == 0;
		free(path);
		buf_release(&name);
		return yes;
	}
	if (p->usb.vid != NULL && strcmp(p->usb.vid, "2e8a") == 0 &&
	    p->usb.pid != NULL && (strcmp(p->usb.pid, "0003") == 0 ||
	    strcmp(p->usb.pid, "000f") == 0))
		return true;
	yes = pending_load(id, &rec, &ignored_err) == 1;
	record_free(rec);
	return yes;
}

/* The drive is what counts, though such bootloaders may have a tty too. */
static void
add_drive(struct scan *s, const struct bus_place *p)
{
	char *id = mem_printf("%s/usb/%s", s->o->host, p->usb.path);
	struct names names = { .n = 0 };
	struct board_place *place;
	enum hit hit;

	if (!is_bootloader(s, p, id))
		goto out;
	s->out->drives++;
	names_add(&names, p->usb.path, true);
	names_add(&names, id, true);
	names_add(&names, p->volume, true);
	names_add(&names, p->disk, true);
	names_add(&names, p->tty, true);
	names_file(&names, s->bus, p->volume);
	hit = wanted(s, &names);
	if (hit == MISS)
		goto out;
	place = add(s);
	place->device.id = list_own(s->out, id);
	id = NULL;
	set_usb(s, &place->device, &p->usb);
	place->device.named = hit == NAME;
	place->device.serial_port = list_own(s->out, mem_str(p->tty));
	place->device.volume = list_own(s->out, mem_str(p->volume));
	place->device.mode = hit != NAME && ignored(s, &names) ? "ignored" :
	    "uf2";
out:
	free(id);
	names_release(&names);
}

static int
add_drives(struct scan *s, struct err *e)
{
	struct bus_place *drives = NULL;
	size_t n = 0;

	if (bus_drives(s->bus, &drives, &n, e) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		add_drive(s, &drives[i]);
	bus_drives_free(drives, n);
	s->n_drives = s->out->n;
	return 0;
}

/* Is this place in the list already, as a bootloader's? */
static bool
is_drive(const struct scan *s, const char *usb_path)
{
	for (size_t i = 0; i < s->n_drives; i++)
		if (strcmp(s->out->v[i].device.usb_path, usb_path) == 0)
			return true;
	return false;
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

/* "HOST/usb/1-1.2", with ":INTERFACE" where one device has several. */
static void
add_tty(struct scan *s, const struct bus_tty *t)
{
	char *place = t->several && t->interface >= 0 ?
	    mem_printf("%s:%d", t->usb.path, t->interface) :
	    mem_str(t->usb.path);
	char *id = mem_printf("%s/usb/%s", s->o->host, place);
	struct names names = { .n = 0 };
	struct board_place *p;
	enum hit hit;

	s->out->ports++;
	names_file(&names, s->bus, t->dev);
	names_add(&names, t->dev, true);
	names_add(&names, place, true);
	names_add(&names, id, true);
	names_add(&names, t->usb.path, !t->several);
	hit = wanted(s, &names);
	if (hit == MISS || (hit != NAME && !s->o->bluetooth &&
	    (says_bluetooth(t->usb.product) ||
	    says_bluetooth(t->usb.manufacturer))))
		goto out;
	p = add(s);
	p->device.id = list_own(s->out, id);
	id = NULL;
	set_usb(s, &p->device, &t->usb);
	p->device.serial_port = list_own(s->out, mem_str(t->dev));
	p->device.named = hit == NAME;
	p->device.mode = "silent";
	if (hit != NAME && ignored(s, &names))
		p->device.mode = "ignored";
out:
	free(id);
	free(place);
	names_release(&names);
}

static int
add_ttys(struct scan *s, struct err *e)
{
	struct bus_tty *ttys = NULL;
	size_t n = 0;

	if (bus_ttys(s->bus, &ttys, &n, e) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!is_drive(s, ttys[i].usb.path))
			add_tty(s, &ttys[i]);
	bus_ttys_free(ttys, n);
	return 0;
}

/* A port that is not on USB. */
static void
add_plain(struct scan *s, const char *dev, bool named)
{
	struct board_place *p = add(s);

	s->out->ports++;
	p->device.id = list_own(s->out,
	    mem_printf("%s/tty/%s", s->o->host, dev));
	p->device.serial_port = list_own(s->out, mem_str(dev));
	p->device.named = named;
	p->device.mode = "silent";
}

/* Serial ports over Bluetooth have names of their own: /dev/rfcomm0. */
static void
add_bluetooth(struct scan *s)
{
	static const char prefix[] = "rfcomm";
	char *path = bus_path(s->bus, "/dev");
	DIR *dir = opendir(path);
	struct dirent *d;

	free(path);
	while (dir != NULL && (d = readdir(dir)) != NULL) {
		struct names names = { .n = 0 };
		char *dev = mem_printf("/dev/%s", d->d_name);

		names_add(&names, dev, true);
		if (strncmp(d->d_name, prefix, sizeof(prefix) - 1) == 0 &&
		    wanted(s, &names) == PATTERN && !ignored(s, &names))
			add_plain(s, dev, false);
		free(dev);
	}
	if (dir != NULL)
		closedir(dir);
}

/* --- names that were not found on USB --- */

/* "1-1.2" or "1-1.2:1" */
static bool
is_usb_path(const char *s)
{
	return s[0] >= '1' && s[0] <= '9' && strchr(s, '-') != NULL &&
	    s[strspn(s, "0123456789-.:")] == '\0';
}

static void
add_missing(struct scan *s, const char *arg)
{
	struct board_place *p = add(s);

	if (strstr(arg, "://") != NULL)
		err_set(&p->error, ERR_UNSUPPORTED, "%s: ports on the network "
		    "are not supported", arg);
	else if (is_usb_path(arg))
		err_set(&p->error, ERR_NOT_FOUND, "%s: no serial port and no "
		    "bootloader is plugged in there", arg);
	else
		err_set(&p->error, ERR_NOT_FOUND, "%s: no such port, place or "
		    "volume", arg);
	err_hint(&p->error, "mpf-detect without --serial lists what there is");
}

static void
add_named(struct scan *s, const char *arg)
{
	char *path = board_path(s->bus, arg);
	struct stat st;
	bool twice = false;

	for (size_t i = 0; i < s->out->n; i++)
		twice |= s->out->v[i].device.serial_port != NULL &&
		    strcmp(s->out->v[i].device.serial_port, arg) == 0;
	if (twice)
		;			/* it was given before */
	else if (arg[0] == '/' && path != NULL && stat(path, &st) == 0 &&
	    S_ISCHR(st.st_mode))
		add_plain(s, arg, true);
	else
		add_missing(s, arg);
	free(path);
}

int
board_scan(const struct bus *b, const struct board_scan_opts *o,
    struct board_list *out, struct err *e)
{
	static const char *const none[] = { NULL };
	struct scan s = {
		.bus = b,
		.o = o,
		.out = out,
		.serial = o->serial == NULL ? none : o->serial,
		.ignore = o->ignore == NULL ? none : o->ignore,
	};
	size_t n = 0;
	int r = -1;

	memset(out, 0, sizeof(*out));
	while (s.serial[n] != NULL)
		n++;
	s.used = mem_alloc((n + 1) * sizeof(*s.used));
	if (add_drives(&s, e) == -1 || add_ttys(&s, e) == -1)
		goto out;
	if (o->bluetooth)
		add_bluetooth(&s);
	for (size_t i = 0; i < n; i++)
		if (!s.used[i] && !names_pattern(s.serial[i]))
			add_named(&s, s.serial[i]);
	list_holders(out, b);
	r = 0;
out:
	free(s.used);
	if (r == -1)
		board_list_release(out);
	return r;
}
