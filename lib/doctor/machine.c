/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/dirs.h"
#include "base/mem.h"
#include "doctor/doctor.h"
#include "http/http.h"
#include "store/store.h"

#define ROOM_BYTES	(64u << 20)	/* for the firmware of a few boards */
#define EARLIEST	1764547200	/* 2025-12-01: this was written later */
#define LATEST		4102444800	/* 2100-01-01 */
#define PAGE_BYTES	(4u << 20)

/* The folder, or the one above it that is there; free it. */
static char *
existing(const char *folder)
{
	char *path = mem_str(folder), *slash;

	while (access(path, F_OK) == -1 && errno == ENOENT &&
	    (slash = strrchr(path, '/')) != NULL && slash != path)
		*slash = '\0';
	return path;
}

void
doctor_folder(struct doctor *d)
{
	char *there = existing(d->folder);
	struct statvfs fs;
	uint64_t room = 0;

	if (statvfs(there, &fs) == 0)
		room = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (access(there, W_OK | X_OK) == -1)
		doctor_say(d, "folder", FINDING_BAD, "choose_folder",
		    "name another folder with --dir or MPFLASH_FIRMWARE",
		    "%s: you may not write there: %s", there,
		    strerror(errno));
	else if (room < ROOM_BYTES)
		doctor_say(d, "folder", FINDING_BAD, "free_space",
		    "delete files, or name another folder with --dir",
		    "%s: %" PRIu64 " MB are free, less than %u MB",
		    d->folder, room >> 20, ROOM_BYTES >> 20);
	else
		doctor_say(d, "folder", FINDING_OK, NULL, NULL,
		    "%s: %" PRIu64 " MB are free", d->folder, room >> 20);
	free(there);
}

void
doctor_store(struct doctor *d)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;

	if (store_open(d->folder, STORE_READ, &s, &e) == 0)
		doctor_say(d, "store", FINDING_OK, NULL, NULL,
		    "%s/mpflash.db can be used", d->folder);
	else if (e.code == ERR_NOT_FOUND)
		doctor_say(d, "store", FINDING_OK, NULL, NULL, "there is no "
		    "database yet; mpf-fetch makes it");
	else
		doctor_say(d, "store", FINDING_BAD, "replace_database",
		    e.hint[0] != '\0' ? e.hint : NULL, "%s", e.msg);
	store_close(s);
}

void
doctor_locks(struct doctor *d)
{
	char *folder = dirs_locks();

	if (access(folder, W_OK | X_OK) == 0)
		doctor_say(d, "locks", FINDING_OK, NULL, NULL,
		    "%s can hold locks", folder);
	else
		doctor_say(d, "locks", FINDING_BAD, "choose_folder",
		    "name a folder in MPF_LOCKS, the same for all users",
		    "%s: %s", folder, strerror(errno));
	free(folder);
}

void
doctor_clock(struct doctor *d)
{
	const int64_t now = clock_wall();
	char text[CLOCK_TEXT];

	clock_text((time_t)now, text);
	if (now < EARLIEST || now > LATEST)
		doctor_say(d, "clock", FINDING_BAD, "set_clock",
		    "sudo timedatectl set-ntp true",
		    "the clock says %s: certificates are refused", text);
	else
		doctor_say(d, "clock", FINDING_OK, NULL, NULL,
		    "the clock says %s", text);
}

/* --- the network --- */

struct answer {
	bool		 done;
	struct err	 e;		/* ERR_NONE: it came */
};

static void
on_answer(const struct http_reply *reply, const struct err *e, void *ctx)
{
	struct answer *a = ctx;

	(void)reply;
	a->done = true;
	if (e != NULL)
		a->e = *e;
}

static void
ask_site(const struct doctor *d, struct answer *a)
{
	const struct http_opts o = { .timeout_ms = d->timeout_ms };
	char *url = mem_printf("%s/download/", d->mirror);
	struct buf page = BUF_MAX(PAGE_BYTES);
	const struct http_request rq = { .url = url, .into = &page,
	    .max = PAGE_BYTES, .text = true, .done = on_answer, .ctx = a };
	struct http *h = NULL;

	if (http_open(&o, &h, &a->e) == 0 && http_get(h, &rq, &a->e) == 0)
		while (!a->done && http_turn(h, -1, 1000, &a->e) == 0)
			;
	http_close(h);
	buf_release(&page);
	free(url);
}

/* Without its password, if there is one. */
static void
say_proxy(struct doctor *d)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY",
		"all_proxy", "ALL_PROXY", NULL };
	const char *v = NULL, *at;

	for (size_t i = 0; names[i] != NULL && v == NULL; i++)
		v = getenv(names[i]);
	if (v == NULL || *v == '\0')
		return;
	at = strrchr(v, '@');
	doctor_say(d, "network", FINDING_OK, NULL, NULL,
	    "downloads go through the proxy %s", at != NULL ? at + 1 : v);
}

void
doctor_network(struct doctor *d)
{
	struct answer a = { .e = ERR_INIT };

	if (d->mirror == NULL) {
		doctor_say(d, "network", FINDING_NOTE, NULL, NULL,
		    "not tried, because of --offline");
		return;
	}
	say_proxy(d);
	ask_site(d, &a);
	if (a.e.code == ERR_NONE)
		doctor_say(d, "network", FINDING_OK, NULL, NULL,
		    "%s answers", d->mirror);
	else
		doctor_say(d, "network", FINDING_BAD, "check_network",
		    a.e.hint[0] != '\0' ? a.e.hint : "check the network; "
		    "mpf-fetch --offline uses what is here", "%s", a.e.msg);
}

/* --- the tools --- */

static bool
in_path(const char *name)
{
	const char *p = getenv("PATH");
	bool found = false;
	char *path;
	size_t n;

	while (p != NULL && *p != '\0' && !found) {
		n = strcspn(p, ":");
		path = mem_printf("%.*s/%s", (int)n, p, name);
		found = access(path, X_OK) == 0;
		free(path);
		p += n + (p[n] == ':');
	}
	return found;
}

static bool
tool_beside_us(const char *name)
{
	char exe[PATH_MAX], *path, *slash;
	const ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	bool found = false;

	if (n <= 0)
		return false;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (slash != NULL)
		*slash = '\0';
	path = mem_printf("%s/%s", exe, name);
	found = access(path, X_OK) == 0;
	free(path);
	return found;
}

void
doctor_tools(struct doctor *d)
{
	static const char *const ours[] = { "mpf-detect", "mpf-resolve",
		"mpf-fetch", "mpf-index", "mpf-flash", "mpf-record", NULL };
	static const char *const others[][2] = {
		{ "jq", "the recipes of mpf-recipes(7)" },
		{ "mpy-cross", "programs of your own, compiled" },
	};
	size_t missing = 0;

	for (size_t i = 0; ours[i] != NULL; i++)
		if (!tool_beside_us(ours[i]) && !in_path(ours[i])) {
			doctor_say(d, "tools", FINDING_BAD, "install_tool",
			    "install all tools of mpf",
			    "%s: neither beside mpf-doctor nor in PATH",
			    ours[i]);
			missing++;
		}
	if (missing == 0)
		doctor_say(d, "tools", FINDING_OK, NULL, NULL,
		    "all tools of mpf are there");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!in_path(others[i][0]))
			doctor_say(d, "tools", FINDING_NOTE, NULL, NULL,
			    "%s is not installed; it is for %s", others[i][0],
			    others[i][1]);
}
