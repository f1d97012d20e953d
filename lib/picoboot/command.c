/* SPDX-License-Identifier: MIT */
#include "picoboot/command.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"

#define MAGIC		0x431fd10bu
#define PACKET		32u		/* bytes of a command */
#define SEND_MS		3000
#define WORK_MS		10000
#define CONTROL_MS	1000

/* Vendor requests to the interface. */
#define RESET_TYPE	0x41u
#define RESET		0x41u
#define STATUS_TYPE	0xc1u
#define STATUS		0x42u
#define STATUS_SIZE	16u

/* Standard requests to an endpoint: USB 2.0, 9.4.5. */
#define ENDPOINT_TYPE	0x82u
#define GET_STATUS	0u
#define HALTED		1u

/* Status codes; pico-sdk, enum picoboot_status. */
static const struct {
	enum err_code	 code;
	const char	*text;
} statuses[] = {
	{ ERR_IO, NULL },
	{ ERR_UNSUPPORTED, "no such command" },
	{ ERR_INTERNAL, "invalid command length" },
	{ ERR_INTERNAL, "invalid transfer length" },
	{ ERR_MISMATCH, "no such address" },
	{ ERR_INTERNAL, "bad alignment" },
	{ ERR_BUSY, "another program writes at the same time" },
	{ ERR_NOT_FOUND, "it is restarting" },
	{ ERR_IO, "unknown error" },
	{ ERR_IO, "invalid state" },
	{ ERR_UNSUPPORTED, "not permitted: its one-time memory or its "
	    "partition table forbids that" },
	{ ERR_UNSUPPORTED, "invalid argument" },
	{ ERR_INTERNAL, "buffer too small" },
	{ ERR_IO, "precondition not met" },
	{ ERR_IO, "modified data" },
	{ ERR_IO, "invalid data" },
	{ ERR_IO, "not found" },
	{ ERR_UNSUPPORTED, "unsupported modification" },
};

static const struct {
	uint8_t		 id;
	const char	*name;
} names[] = {
	{ PC_EXCLUSIVE, "exclusive access" },
	{ PC_REBOOT, "restart" },
	{ PC_REBOOT2, "restart" },
	{ PC_ERASE, "erase" },
	{ PC_READ, "read" },
	{ PC_WRITE, "write" },
	{ PC_EXIT_XIP, "exit XIP" },
	{ PC_GET_INFO, "information" },
};

static const char *
command_name(uint8_t id)
{
	size_t i = 0;

	while (i + 1 < sizeof(names) / sizeof(names[0]) && names[i].id != id)
		i++;
	return names[i].name;
}

static int64_t
limit_ms(const struct picoboot *p, int64_t ms)
{
	const int64_t limit = clock_ms() + ms;

	return limit < p->deadline ? limit : p->deadline;
}

/* Is it stopped until somebody says that it may go on?  -1: no answer. */
static int
is_halted(struct picoboot *p, uint8_t endpoint)
{
	const struct usb_setup get = { ENDPOINT_TYPE, GET_STATUS, 0, endpoint };
	uint8_t status[2] = { 0 };
	size_t got;
	struct err e;

	if (usb_control(p->usb, &get, status, sizeof(status),
	    limit_ms(p, CONTROL_MS), &got, &e) == -1)
		return -1;
	return got == sizeof(status) && (status[0] & HALTED) != 0;
}

/*
 * To clear an endpoint that is not halted would set the data toggle of the
 * host alone back, as far as is known of all ROMs.
 */
int
pc_reset(struct picoboot *p, struct err *e)
{
	const struct usb_setup reset = { RESET_TYPE, RESET, 0, p->interface };

	p->exclusive = false;
	if (is_halted(p, p->in) == 1 && usb_clear_halt(p->usb, p->in, e) == -1)
		return -1;
	if (is_halted(p, p->out) == 1 &&
	    usb_clear_halt(p->usb, p->out, e) == -1)
		return -1;
	return usb_control(p->usb, &reset, NULL, 0, limit_ms(p, CONTROL_MS),
	    NULL, e);
}

/* The code of the command that failed; 0: it does not tell. */
static uint32_t
ask_status(struct picoboot *p)
{
	const struct usb_setup get = { STATUS_TYPE, STATUS, 0, p->interface };
	uint8_t answer[STATUS_SIZE];
	size_t got;
	struct err e;

	if (usb_control(p->usb, &get, answer, sizeof(answer),
	    limit_ms(p, CONTROL_MS), &got, &e) == -1 ||
	    got != sizeof(answer) || le32(answer) != p->token)
		return 0;
	return le32(answer + 4);
}

/* Says in words why a command failed, and makes ready for the next. */
static int
explain(struct picoboot *p, const struct command *c, struct err *e)
{
	const char *name = command_name(c->id);
	struct err why = *e, ignored;
	uint32_t status;

	if (why.code == ERR_NOT_FOUND)
		return -1;
	status = ask_status(p);
	if (status > 0 && status < sizeof(statuses) / sizeof(statuses[0]))
		err_set(&why, statuses[status].code, "%s: %s (code %u)", name,
		    statuses[status].text, status);
	else if (status > 0)
		err_set(&why, ERR_IO, "%s: failed with code %u", name, status);
	else
		err_wrap(&why, "%s", name);
	if (pc_reset(p, &ignored) == -1 && ignored.code == ERR_NOT_FOUND)
		why = ignored;
	*e = why;
	return -1;
}

static int
move_pico_data(struct picoboot *p, const struct command *c, int64_t deadline,
    struct err *e)
{
	size_t got;

	if (c->n == 0)
		return 0;
	if ((c->id & USB_IN) == 0)
		return usb_bulk_out(p->usb, p->out, c->data, c->n, deadline,
		    e);
	if (usb_bulk_in(p->usb, p->in, c->data, c->n, deadline, &got, e) == -1)
		return -1;
	return got == c->n ? 0 : err_set(e, ERR_PROTOCOL, "%zu of %u bytes",
	    got, c->n);
}

/* The ROM says that it is done against the direction of the data. */
int
pc_run(struct picoboot *p, const struct command *c, struct err *e)
{
	const int64_t deadline = limit_ms(p, WORK_MS + c->work_ms);
	uint8_t packet[PACKET] = { 0 };
	struct err why = ERR_INIT;

	put_le32(packet, MAGIC);
	put_le32(packet + 4, ++p->token);
	packet[8] = c->id;
	packet[9] = c->n_args;
	put_le32(packet + 12, c->n);
	memcpy(packet + 16, c->args, c->n_args);
	if (usb_bulk_out(p->usb, p->out, packet, sizeof(packet),
	    limit_ms(p, SEND_MS), &why) == 0 &&
	    move_pico_data(p, c, deadline, &why) == 0 &&
	    ((c->id & USB_IN) != 0 ?
	    usb_bulk_out(p->usb, p->out, NULL, 0, limit_ms(p, SEND_MS), &why) :
	    usb_bulk_in(p->usb, p->in, NULL, 0, deadline, NULL, &why)) == 0)
		return 0;
	*e = why;
	return explain(p, c, e);
}
