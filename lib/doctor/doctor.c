/* SPDX-License-Identifier: MIT */
#include "doctor/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define TEXT_MAX	1024		/* bytes of a message */
#define FILE_MAX	(1u << 20)	/* bytes of a file of the system */

static const struct {
	const char	*name;
	void		(*look)(struct doctor *d);
} checks[] = {
	{ "groups", doctor_groups },
	{ "udev", doctor_udev },
	{ "modemmanager", doctor_modem_manager },
	{ "brltty", doctor_brltty },
	{ "usb", doctor_usb },
	{ "ports", doctor_ports },
	{ "folder", doctor_folder },
	{ "store", doctor_store },
	{ "locks", doctor_locks },
	{ "clock", doctor_clock },
	{ "network", doctor_network },
	{ "tools", doctor_tools },
};

void
doctor_examine(struct doctor *d)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		checks[i].look(d);
}

void
doctor_say(struct doctor *d, const char *check, enum finding_status status,
    const char *next, const char *hint, const char *fmt, ...)
{
	char text[TEXT_MAX];
	struct finding f = { check, status, text, hint, next };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->found(&f, d->ctx);
}

char *
doctor_text(const char *real_path)
{
	struct buf text = BUF_MAX(FILE_MAX);
	struct err ignored;

	if (file_read(real_path, &text, &ignored) == 0)
		return buf_steal(&text);
	buf_release(&text);
	return NULL;
}

char *
doctor_file(const struct doctor *d, const char *path)
{
	char *real = bus_path(d->bus, path), *text = doctor_text(real);

	free(real);
	return text;
}

bool
doctor_has(const struct doctor *d, const char *path)
{
	char *real = bus_path(d->bus, path);
	const bool there = access(real, F_OK) == 0;

	free(real);
	return there;
}
