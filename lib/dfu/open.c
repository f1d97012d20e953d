/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "dfu/impl.h"

#define OPEN_MS		5000
#define GET_DESCRIPTOR	6u
#define FROM_INTERFACE	0x81u		/* a standard request */
#define FUNCTIONAL	0x21u
#define FUNCTIONAL_SIZE	9u
#define BLOCK_MAX	4096u		/* Linux takes no more at once */
#define BLOCK_OLD	1024u		/* where the device does not say */
#define GD32_VID	0x28e9u

/* Devices that have it in no configuration give it when they are asked. */
static void
ask_functional(struct dfu *d)
{
	const struct usb_setup s = { .type = FROM_INTERFACE,
		.request = GET_DESCRIPTOR, .value = FUNCTIONAL << 8,
		.index = d->interface.number };
	uint8_t b[FUNCTIONAL_SIZE];
	struct err ignored = ERR_INIT;
	size_t got = 0;

	if (usb_control(d->usb, &s, b, sizeof(b), clock_ms() + OPEN_MS, &got,
	    &ignored) == 0)
		dfu_functional(b, got, &d->interface);
}

/* A setting without a text, or with one that is no layout, is not known. */
static int
read_setting(struct dfu *d, size_t i, struct err *e)
{
	const struct usb_info *info = usb_info(d->usb);
	struct dfu_memory *m = &d->memory[i];
	char serial[USB_TEXT] = "";
	struct err why = ERR_INIT;

	if (usb_string(d->usb, d->interface.alternate[i].string,
	    clock_ms() + OPEN_MS, m->text, &why) == -1) {
		m->text[0] = '\0';
		if (why.code == ERR_NOT_FOUND) {
			*e = why;
			return -1;
		}
	}
	m->known = dfu_layout_parse(m->text, &m->layout, &why) == 0;
	if (m->known && info->vid == GD32_VID && usb_string(d->usb,
	    info->serial, clock_ms() + OPEN_MS, serial, &why) == 0)
		dfu_layout_gd32(&m->layout, serial);
	return 0;
}

int
dfu_open(struct dfu *d, struct usb *u, struct err *e)
{
	memset(d, 0, sizeof(*d));
	d->usb = u;
	d->state = DFU_UNKNOWN;
	if (dfu_descriptor(usb_info(u), &d->interface, e) == -1)
		return -1;
	if (!d->interface.functional)
		ask_functional(d);
	for (size_t i = 0; i < d->interface.n; i++)
		if (read_setting(d, i, e) == -1)
			return -1;
	/* Plain bootloaders of Arduino's have such texts, too. */
	d->dfuse = d->interface.functional ?
	    d->interface.version == DFU_DFUSE :
	    d->memory[0].text[0] == '@';
	d->block = d->interface.functional ? d->interface.transfer :
	    BLOCK_OLD;
	if (d->block == 0)
		return err_set(e, ERR_PROTOCOL, "it takes blocks of 0 bytes");
	/* Block numbers stand for addresses in its own block size. */
	d->careful = !d->interface.functional || d->block > BLOCK_MAX;
	if (d->block > BLOCK_MAX)
		d->block = BLOCK_MAX;
	return 0;
}

int
dfu_select(struct dfu *d, size_t i, struct err *e)
{
	const struct dfu_alternate *a = &d->interface.alternate[i];

	if (usb_claim(d->usb, d->interface.number, a->number, e) == -1)
		return -1;
	d->selected = i;
	d->state = DFU_UNKNOWN;
	return dfu_to_idle(d, e);
}
