/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/clock.h"
#include "dfu/impl.h"

#define TO_DEVICE	0x21u		/* class request, to the interface */
#define TO_HOST		0xa1u
#define REQUEST_MS	5000
#define STATUS_MS	20000		/* some work before they answer */
#define TEXT_MS		1000
#define STATUS_SIZE	6u

static struct usb_setup
setup_of(const struct dfu *d, unsigned type, unsigned request,
    unsigned value)
{
	return (struct usb_setup){ .type = (uint8_t)type,
		.request = (uint8_t)request, .value = (uint16_t)value,
		.index = d->interface.number };
}

/* After a failure nothing is known of its state. */
static int
end_request(struct dfu *d, int r)
{
	if (r == -1)
		d->state = DFU_UNKNOWN;
	return r;
}

int
dfu_request_out(struct dfu *d, unsigned request, unsigned value,
    const uint8_t *p, size_t n, struct err *e)
{
	const struct usb_setup s = setup_of(d, TO_DEVICE, request, value);

	return end_request(d, usb_control(d->usb, &s, (void *)p, n,
	    clock_ms() + REQUEST_MS, NULL, e));
}

int
dfu_request_in(struct dfu *d, unsigned request, unsigned value, uint8_t *p,
    size_t n, size_t *got, struct err *e)
{
	const struct usb_setup s = setup_of(d, TO_HOST, request, value);
	const int ms = request == DFU_GETSTATUS ? STATUS_MS : REQUEST_MS;

	return end_request(d, usb_control(d->usb, &s, p, n, clock_ms() + ms,
	    got, e));
}

int
dfu_get_status(struct dfu *d, struct dfu_status *out, struct err *e)
{
	uint8_t b[STATUS_SIZE] = { 0 };
	size_t got = 0;

	if (dfu_request_in(d, DFU_GETSTATUS, 0, b, sizeof(b), &got, e) == -1)
		return -1;
	if (got != sizeof(b) || b[4] > DFU_ERROR)
		return end_request(d, err_set(e, ERR_PROTOCOL, "a status of "
		    "%zu bytes, state %u", got, b[4]));
	out->code = b[0];
	out->poll_ms = b[1] | (unsigned)b[2] << 8 | (unsigned)b[3] << 16;
	out->state = d->state = (enum dfu_state)b[4];
	out->string = b[5];
	return 0;
}

const char *
dfu_code_name(unsigned code, char buf[DFU_CODE_TEXT])
{
	static const char *const names[] = { "OK", "errTARGET", "errFILE",
		"errWRITE", "errERASE", "errCHECK_ERASED", "errPROG",
		"errVERIFY", "errADDRESS", "errNOTDONE", "errFIRMWARE",
		"errVENDOR", "errUSBR", "errPOR", "errUNKNOWN",
		"errSTALLEDPKT" };

	if (code < sizeof(names) / sizeof(names[0]))
		return names[code];
	snprintf(buf, DFU_CODE_TEXT, "status %u", code);
	return buf;
}

static enum err_code
code_of_status(unsigned status)
{
	switch (status) {
	case DFU_ERR_TARGET:
	case DFU_ERR_FILE:
	case DFU_ERR_ADDRESS:
	case DFU_ERR_FIRMWARE:
		return ERR_MISMATCH;
	case DFU_ERR_STALLED:
		return ERR_PROTOCOL;
	default:
		return ERR_IO;
	}
}

int
dfu_status_error(struct dfu *d, const struct dfu_status *s, const char *what,
    struct err *e)
{
	char name[DFU_CODE_TEXT], text[USB_TEXT] = "";
	struct err ignored = ERR_INIT;

	if (d->dfuse && s->code == DFU_ERR_VENDOR) {
		err_set(e, ERR_UNSUPPORTED, "%s: read protection is on",
		    what);
		return err_hint(e, "to lift it erases the whole chip: "
		    "dfu-util -a 0 -s :unprotect:force -D FILE");
	}
	if (s->string != 0)
		usb_string(d->usb, (uint8_t)s->string, clock_ms() + TEXT_MS,
		    text, &ignored);
	return err_set(e, code_of_status(s->code), "%s: the device says %s%s%s",
	    what, dfu_code_name(s->code, name), text[0] != '\0' ? ": " : "",
	    text);
}
