/* SPDX-License-Identifier: MIT */
#include "dfu/descriptor.h"

#include <string.h>

#define CLASS		0xfe		/* application specific */
#define SUBCLASS	1
#define RUNTIME		1		/* bInterfaceProtocol */
#define DFU_MODE	2
#define FUNCTIONAL	0x21u		/* bDescriptorType */
#define FUNCTIONAL_OLD	7u		/* DFU 1.0: without bcdDFU */
#define FUNCTIONAL_SIZE	9u
#define VERSION_OLD	0x0100u

static uint16_t
get16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

void
dfu_functional(const uint8_t *p, size_t n, struct dfu_interface *out)
{
	size_t at = 0;

	while (n - at >= 2 && p[at] >= 2 && p[at] <= n - at) {
		const uint8_t *d = p + at;

		at += d[0];
		if (out->functional || d[1] != FUNCTIONAL ||
		    d[0] < FUNCTIONAL_OLD)
			continue;
		out->functional = true;
		out->attributes = d[2];
		out->detach_ms = get16(d + 3);
		out->transfer = get16(d + 5);
		out->version = d[0] >= FUNCTIONAL_SIZE ? get16(d + 7) :
		    VERSION_OLD;
	}
}

static bool
is_dfu_kind(const struct usb_setting *s, int protocol)
{
	return s->class == CLASS && s->subclass == SUBCLASS &&
	    s->protocol == protocol;
}

int
dfu_descriptor(const struct usb_info *info, struct dfu_interface *out,
    struct err *e)
{
	const struct usb_setting *first = usb_find(info, CLASS, SUBCLASS,
	    DFU_MODE);

	memset(out, 0, sizeof(*out));
	if (first == NULL)
		first = usb_find(info, CLASS, SUBCLASS, RUNTIME);
	if (first == NULL)
		return err_set(e, ERR_NOT_FOUND, "%s: it has no DFU interface",
		    info->path);
	out->number = first->interface;
	out->runtime = first->protocol == RUNTIME;
	dfu_functional(info->extra, info->n_extra, out);
	for (size_t i = 0; i < info->n_settings; i++) {
		const struct usb_setting *s = &info->settings[i];

		if (s->interface != first->interface ||
		    !is_dfu_kind(s, first->protocol) ||
		    out->n == DFU_ALTERNATES)
			continue;
		out->alternate[out->n].number = s->alternate;
		out->alternate[out->n++].string = s->string;
		dfu_functional(s->extra, s->n_extra, out);
	}
	return 0;
}
