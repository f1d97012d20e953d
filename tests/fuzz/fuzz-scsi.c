/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "scsi/scsi.h"
#include "usb/ops.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A device whose answers are the input: a byte for each, then its bytes. */
struct input {
	struct usb	 usb;
	const uint8_t	*p;
	size_t		 n;
};

static int
claim(struct usb *u, uint8_t interface, uint8_t alternate, struct err *e)
{
	(void)u, (void)interface, (void)alternate, (void)e;
	return 0;
}

static void
release(struct usb *u, uint8_t interface)
{
	(void)u, (void)interface;
}

static int
control(struct usb *u, const struct usb_setup *setup, void *p, size_t n,
    int64_t deadline, size_t *got, struct err *e)
{
	(void)u, (void)setup, (void)p, (void)deadline, (void)e;
	*got = n;
	return 0;
}

static int
bulk(struct usb *u, uint8_t endpoint, void *p, size_t n, int64_t deadline,
    size_t *got, struct err *e)
{
	struct input *in = (struct input *)u;
	uint8_t what;

	(void)deadline;
	*got = n;
	if (in->n == 0)
		return usb_gone(u, e);
	what = *in->p++;
	in->n--;
	if (what == 0xff)
		return usb_refused(u, e);
	if ((endpoint & USB_IN) == 0)
		return 0;
	*got = n < what ? n : what;
	*got = *got < in->n ? *got : in->n;
	memcpy(p, in->p, *got);
	in->p += *got;
	in->n -= *got;
	return 0;
}

static int
clear_halt(struct usb *u, uint8_t endpoint, struct err *e)
{
	(void)u, (void)endpoint, (void)e;
	return 0;
}

static const struct usb_ops ops = {
	.claim = claim, .release = release, .control = control, .bulk = bulk,
	.clear_halt = clear_halt,
};

/* CSW and sense data, sizes and sectors: what a disk answers. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct usb_endpoint endpoints[] = { { 0x81, USB_BULK, 64 },
		{ 0x02, USB_BULK, 64 } };
	struct usb_setting setting = { .class = 8, .subclass = 6,
		.protocol = 0x50, .endpoints = endpoints, .n_endpoints = 2 };
	struct input in = { .usb = { .ops = &ops, .info = { .path = "1-1",
		.settings = &setting, .n_settings = 1 } }, .p = data,
		.n = size };
	uint8_t p[2 * SCSI_SECTOR];
	struct err e = ERR_INIT;
	struct scsi *s = NULL;

	clock_fake(1000);
	if (scsi_open(&in.usb, 2000, &s, &e) == -1) {
		assert(e.code != ERR_NONE && e.msg[0] != '\0');
		return 0;
	}
	for (int i = 0; i < 3; i++)
		if (scsi_read(s, (uint32_t)i, p, 2, 2000, &e) == -1)
			assert(e.code != ERR_NONE);
	scsi_close(s);
	return 0;
}
