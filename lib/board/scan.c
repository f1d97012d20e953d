/* SPDX-License-Identifier: MIT */
#include "board/scan.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "addr/addr.h"
#include "base/mem.h"
#include "board/list.h"
#include "board/problem.h"

struct board_place *
scan_add(struct scan *s)
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

enum hit
scan_wanted(struct scan *s, const struct names *names)
{
	enum hit best = s->serial[0] == NULL ? PATTERN : MISS;

	for (size_t i = 0; s->serial[i] != NULL; i++) {
		const enum hit hit = names_hit(names, s->bus, s->serial[i]);

		s->used[i] |= hit != MISS;
		best = hit > best ? hit : best;
	}
	return best;
}

bool
scan_ignored(const struct scan *s, const struct names *names)
{
	for (size_t i = 0; s->ignore[i] != NULL; i++)
		if (names_hit(names, s->bus, s->ignore[i]) != MISS)
			return true;
	return false;
}

/* A port that is not on USB, or of another computer: that is its address. */
static void
add_plain_port(struct scan *s, const char *dev, bool named)
{
	struct board_place *p = scan_add(s);

	s->out->ports++;
	p->device.id = list_own(s->out, addr_is_remote(dev) ?
	    mem_str(dev) : mem_printf("%s/tty/%s", s->o->host, dev));
	p->device.serial_port = list_own(s->out, mem_str(dev));
	p->device.named = named;
	p->device.mode = "silent";
}

/* Serial ports over Bluetooth have names of their own: /dev/rfcomm0. */
static int
scan_bluetooth(struct scan *s, struct err *e)
{
	static const char prefix[] = "rfcomm";
	char *path;
	struct dirent *d;
	DIR *dir;
	int r = 0;

	if (!s->o->bluetooth)
		return 0;
	path = bus_path(s->bus, "/dev");
	dir = opendir(path);
	if (dir == NULL && errno != ENOENT)
		r = err_sys(e, "%s", path);
	while (dir != NULL && (d = readdir(dir)) != NULL) {
		struct names names = { .n = 0 };
		char *dev = mem_printf("/dev/%s", d->d_name);

		names_add(&names, dev, true);
		if (strncmp(d->d_name, prefix, sizeof(prefix) - 1) == 0 &&
		    scan_wanted(s, &names) == PATTERN &&
		    !scan_ignored(s, &names))
			add_plain_port(s, dev, false);
		free(dev);
	}
	if (dir != NULL)
		closedir(dir);
	free(path);
	return r;
}

/* --- names that were not found on USB --- */

/* "1-1.2" or "1-1.2:1" */
static bool
is_usb_name(const char *s)
{
	return strchr("123456789", s[0]) != NULL && strchr(s, '-') != NULL &&
	    s[strspn(s, "0123456789-.:")] == '\0';
}

/* What hangs there is no board that anybody could use. */
static bool
other_device(const struct bus *b, const char *arg, struct err *e)
{
	char *path = mem_printf("%.*s", (int)strcspn(arg, ":"), arg);
	struct bus_place p = { .present = false };
	struct err ignored_err = ERR_INIT;
	bool there = false;

	if (bus_look(b, path, -1, &p, &ignored_err) == 0 && p.present) {
		problem_other(&p, e);
		there = true;
	}
	bus_place_release(&p);
	free(path);
	return there;
}

static void
add_missing(struct scan *s, const char *arg)
{
	struct board_place *p = scan_add(s);

	if (strstr(arg, "://") != NULL) {
		err_set(&p->error, ERR_UNSUPPORTED, "%s: not a kind of port "
		    "that mpf knows", arg);
		err_hint(&p->error, "write rfc2217://HOST:PORT");
	} else if (!is_usb_name(arg))
		err_set(&p->error, ERR_NOT_FOUND, "%s: no such port, place or "
		    "volume", arg);
	else if (!other_device(s->bus, arg, &p->error))
		err_set(&p->error, ERR_NOT_FOUND, "%s: no serial port and no "
		    "bootloader is plugged in there", arg);
	if (p->error.hint[0] == '\0')
		err_todo(&p->error, NEXT_CHOOSE_PORT,
		    "mpf-detect without --serial lists what there is");
}

static void
add_named(struct scan *s, const char *arg)
{
	char *path = addr_file(s->bus, arg);
	struct err why = ERR_INIT;
	struct stat st;
	bool twice = false;

	for (size_t i = 0; i < s->out->n; i++)
		twice |= s->out->v[i].device.serial_port != NULL &&
		    strcmp(s->out->v[i].device.serial_port, arg) == 0;
	if (twice)
		;			/* it was given before */
	else if (addr_is_remote(arg) && addr_check_remote(arg, &why) == -1)
		scan_add(s)->error = why;
	else if (addr_is_remote(arg))
		add_plain_port(s, arg, true);
	else if (arg[0] == '/' && stat(path, &st) == 0 && S_ISCHR(st.st_mode))
		add_plain_port(s, arg, true);
	else
		add_missing(s, arg);
	free(path);
}

/* Names that no place on USB has. */
static int
scan_named(struct scan *s, struct err *e)
{
	(void)e;
	for (size_t i = 0; s->serial[i] != NULL; i++)
		if (!s->used[i] && !names_pattern(s->serial[i]))
			add_named(s, s->serial[i]);
	return 0;
}

/* Those that can be listed are not hidden by one that cannot. */
static int (*const kinds[])(struct scan *s, struct err *e) = {
	scan_usb,
	scan_bluetooth,
	scan_named,
};

void
board_scan(const struct bus *b, const struct board_scan_opts *o,
    struct board_list *out)
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

	memset(out, 0, sizeof(*out));
	while (s.serial[n] != NULL)
		n++;
	s.used = mem_alloc((n + 1) * sizeof(*s.used));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct err why = ERR_INIT;

		if (kinds[i](&s, &why) == -1)
			scan_add(&s)->error = why;
	}
	list_holders(out, b);
	free(s.used);
}
