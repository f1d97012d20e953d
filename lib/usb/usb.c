/* SPDX-License-Identifier: MIT */
#include "usb/ops.h"

#include <stdlib.h>
#include <string.h>

#define SPARE		1024u		/* the largest bulk packet there is */

int
usb_gone(struct usb *u, struct err *e)
{
	u->gone = true;
	err_set(e, ERR_NOT_FOUND, "%s: the device vanished", u->info.path);
	return err_hint(e, "it was unplugged, or it restarted");
}

int
usb_refused(const struct usb *u, struct err *e)
{
	return err_set(e, ERR_PROTOCOL, "%s: the device refused the transfer",
	    u->info.path);
}

void
usb_info_release(struct usb_info *info)
{
	for (size_t i = 0; i < info->n_settings; i++) {
		free(info->settings[i].endpoints);
		free(info->settings[i].extra);
	}
	free(info->settings);
	free(info->extra);
	*info = (struct usb_info){ .n_settings = 0 };
}

const struct usb_info *
usb_info(const struct usb *u)
{
	return &u->info;
}

const struct usb_setting *
usb_find(const struct usb_info *info, int class, int subclass, int protocol)
{
	for (size_t i = 0; i < info->n_settings; i++) {
		const struct usb_setting *s = &info->settings[i];

		if ((class == -1 || s->class == class) &&
		    (subclass == -1 || s->subclass == subclass) &&
		    (protocol == -1 || s->protocol == protocol))
			return s;
	}
	return NULL;
}

int
usb_claim(struct usb *u, uint8_t interface, uint8_t alternate,
    struct err *e)
{
	if (u->gone)
		return usb_gone(u, e);
	return u->ops->claim(u, interface, alternate, e);
}

void
usb_unclaim(struct usb *u, uint8_t interface)
{
	if (!u->gone)
		u->ops->release(u, interface);
}

int
usb_control(struct usb *u, const struct usb_setup *setup, void *p, size_t n,
    int64_t deadline, size_t *got, struct err *e)
{
	size_t done = 0;
	int r;

	if (u->gone)
		return usb_gone(u, e);
	r = u->ops->control(u, setup, p, n, deadline, &done, e);
	if (got != NULL)
		*got = done;
	return r;
}

int
usb_bulk_out(struct usb *u, uint8_t endpoint, const void *p, size_t n,
    int64_t deadline, struct err *e)
{
	size_t done = 0;

	if (u->gone)
		return usb_gone(u, e);
	/* An operation only reads what goes out. */
	if (u->ops->bulk(u, endpoint, (void *)(uintptr_t)p, n, deadline,
	    &done, e) == -1)
		return -1;
	return done == n ? 0 : err_set(e, ERR_IO, "%s: it took %zu of %zu "
	    "bytes", u->info.path, done, n);
}

int
usb_bulk_in(struct usb *u, uint8_t endpoint, void *p, size_t n,
    int64_t deadline, size_t *got, struct err *e)
{
	uint8_t spare[SPARE];
	size_t done = 0;
	int r;

	if (u->gone)
		return usb_gone(u, e);
	r = u->ops->bulk(u, endpoint, n == 0 ? spare : p, n == 0 ? SPARE : n,
	    deadline, &done, e);
	if (r == 0 && n == 0 && done > 0)
		return err_set(e, ERR_IO, "%s: %zu bytes, but 0 were "
		    "expected", u->info.path, done);
	if (got != NULL)
		*got = done;
	return r;
}

int
usb_clear_halt(struct usb *u, uint8_t endpoint, struct err *e)
{
	if (u->gone)
		return usb_gone(u, e);
	return u->ops->clear_halt(u, endpoint, e);
}

int
usb_reset(struct usb *u, struct err *e)
{
	if (u->gone)
		return usb_gone(u, e);
	return u->ops->reset(u, e);
}

void
usb_close(struct usb *u)
{
	if (u == NULL)
		return;
	usb_info_release(&u->info);
	u->ops->close(u);
}
