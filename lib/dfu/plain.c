/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/clock.h"
#include "dfu/impl.h"

#define WHAT		32u
#define NUMBERS		0x10000u	/* block numbers begin again */
#define MANIFEST_MS	60000		/* to check and copy an image */
#define POLL_MAX	5000u		/* ms between two questions */
#define POLL_MIN	10u

int
dfu_write_block(struct dfu *d, uint32_t no, const uint8_t *p, size_t n,
    struct err *e)
{
	char what[WHAT];

	snprintf(what, sizeof(what), "block %u", no);
	return dfu_download(d, no % NUMBERS, p, n, DFU_WORK_ERASE_ALL, what,
	    e);
}

/*
 * Devices that cannot do both let go of the bus while they make the image
 * their own, or answer no more.
 */
static int
wait_manifest(struct dfu *d, struct err *e)
{
	const int64_t deadline = clock_ms() + MANIFEST_MS;
	struct dfu_status s;

	for (;;) {
		if (dfu_get_status(d, &s, e) == -1)
			return e->code == ERR_NOT_FOUND ||
			    (d->interface.attributes & DFU_TOLERANT) == 0 ?
			    0 : err_wrap(e, "the end of the image");
		if (s.code != DFU_OK || s.state == DFU_ERROR)
			return dfu_status_error(d, &s, "the end of the image",
			    e);
		if (s.state != DFU_MANIFEST_SYNC && s.state != DFU_MANIFEST)
			return 0;
		if (clock_ms() >= deadline)
			return err_set(e, ERR_TIMEOUT, "the image is not "
			    "taken over");
		clock_sleep_ms(s.poll_ms < POLL_MIN ? POLL_MIN :
		    s.poll_ms < POLL_MAX ? s.poll_ms : POLL_MAX);
	}
}

int
dfu_manifest(struct dfu *d, struct err *e)
{
	if (dfu_ready(d, DFU_DNLOAD_IDLE, e) == -1 ||
	    dfu_request_out(d, DFU_DNLOAD, 0, NULL, 0, e) == -1)
		return err_wrap(e, "the end of the image");
	return wait_manifest(d, e);
}

void
dfu_restart(struct dfu *d)
{
	struct err ignored = ERR_INIT;

	dfu_request_out(d, DFU_DETACH, d->interface.detach_ms, NULL, 0,
	    &ignored);
	usb_reset(d->usb, &ignored);
}
