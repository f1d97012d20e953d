/* SPDX-License-Identifier: MIT */
#include "scsi/scsi.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/mem.h"

/* bInterfaceClass: mass storage, transparent SCSI commands, bulk only. */
#define CLASS		0x08
#define SUBCLASS	0x06
#define PROTOCOL	0x50

#define CBW_BYTES	31u
#define CSW_BYTES	13u
#define CBW_SIGN	0x43425355u	/* "USBC" */
#define CSW_SIGN	0x53425355u	/* "USBS" */
#define CDB_MAX		16u

#define CSW_FAILED	1u		/* REQUEST SENSE says why */
#define CSW_PHASE	2u

#define TEST_UNIT_READY	0x00u
#define REQUEST_SENSE	0x03u
#define READ_CAPACITY	0x25u
#define READ_10		0x28u
#define WRITE_10	0x2au

#define SENSE_BYTES	18u
#define NOT_READY	0x02u		/* sense keys */
#define ATTENTION	0x06u		/* the medium may be another one */

#define RESET		0xffu		/* a class request: begin anew */
#define TO_INTERFACE	0x21u

#define AGAIN_MS	50		/* between two questions */

struct scsi {
	struct usb	*usb;
	uint8_t		 interface, in, out;	/* endpoints */
	uint32_t	 tag;
	uint32_t	 sectors;
};

struct command {
	uint8_t	cdb[CDB_MAX];
	uint8_t	len;			/* of cdb */
	bool	in;			/* the data comes to us */
	void	*data;
	size_t	n;			/* bytes of it */
};

const struct usb_setting *
scsi_setting(const struct usb_info *info)
{
	return usb_find(info, CLASS, SUBCLASS, PROTOCOL);
}

static int
find_endpoints(struct scsi *s, const struct usb_setting *setting,
    struct err *e)
{
	for (size_t i = 0; i < setting->n_endpoints; i++) {
		const struct usb_endpoint *p = &setting->endpoints[i];

		if (p->transfer != USB_BULK)
			continue;
		if ((p->address & USB_IN) != 0 && s->in == 0)
			s->in = p->address;
		else if ((p->address & USB_IN) == 0 && s->out == 0)
			s->out = p->address;
	}
	if (s->in != 0 && s->out != 0)
		return 0;
	return err_set(e, ERR_UNSUPPORTED, "%s: its disk has no pair of bulk "
	    "endpoints", usb_info(s->usb)->path);
}

/* Bulk-Only Transport, 5.3.4: after that it takes a command again. */
static void
recover_disk(struct scsi *s, int64_t deadline)
{
	const struct usb_setup setup = { TO_INTERFACE, RESET, 0,
		s->interface };
	struct err ignored = ERR_INIT;

	usb_control(s->usb, &setup, NULL, 0, deadline, NULL, &ignored);
	usb_clear_halt(s->usb, s->in, &ignored);
	usb_clear_halt(s->usb, s->out, &ignored);
}

static int
send_command(struct scsi *s, const struct command *c, int64_t deadline,
    struct err *e)
{
	uint8_t cbw[CBW_BYTES] = { 0 };

	put_le32(cbw, CBW_SIGN);
	put_le32(cbw + 4, ++s->tag);
	put_le32(cbw + 8, (uint32_t)c->n);
	cbw[12] = c->in ? 0x80 : 0;
	cbw[14] = c->len;
	memcpy(cbw + 15, c->cdb, c->len);
	return usb_bulk_out(s->usb, s->out, cbw, sizeof(cbw), deadline, e);
}

/* A disk that refuses a command halts here; the status says the rest. */
static int
move_disk_data(struct scsi *s, const struct command *c, int64_t deadline,
    struct err *e)
{
	struct err why = ERR_INIT;
	size_t got = 0;
	int r;

	if (c->n == 0)
		return 0;
	r = c->in ? usb_bulk_in(s->usb, s->in, c->data, c->n, deadline, &got,
	    &why) : usb_bulk_out(s->usb, s->out, c->data, c->n, deadline,
	    &why);
	if (r == -1 && why.code == ERR_PROTOCOL)
		return usb_clear_halt(s->usb, c->in ? s->in : s->out, e);
	if (r == -1)
		*e = why;
	return r;
}

/* The status of the last command, or -1; what is no such is an error. */
static int
get_csw(struct scsi *s, int64_t deadline, struct err *e)
{
	uint8_t csw[CSW_BYTES] = { 0 };
	struct err why = ERR_INIT;
	size_t got = 0;
	int r;

	r = usb_bulk_in(s->usb, s->in, csw, sizeof(csw), deadline, &got, &why);
	if (r == -1 && why.code == ERR_PROTOCOL) {
		if (usb_clear_halt(s->usb, s->in, e) == -1)
			return -1;
		r = usb_bulk_in(s->usb, s->in, csw, sizeof(csw), deadline,
		    &got, &why);
	}
	if (r == -1) {
		*e = why;
		return -1;
	}
	if (got == CSW_BYTES && le32(csw) == CSW_SIGN &&
	    le32(csw + 4) == s->tag && csw[12] <= CSW_PHASE)
		return csw[12];
	recover_disk(s, deadline);
	return err_set(e, ERR_PROTOCOL, "%s: its disk answers nonsense",
	    usb_info(s->usb)->path);
}

/* As get_status. */
static int
run_scsi(struct scsi *s, const struct command *c, int64_t deadline,
    struct err *e)
{
	int r;

	if (send_command(s, c, deadline, e) == -1 ||
	    move_disk_data(s, c, deadline, e) == -1)
		return -1;
	r = get_csw(s, deadline, e);
	if (r == CSW_PHASE)
		recover_disk(s, deadline);
	return r;
}

/* Why the last command failed, a sense key; -1: it does not even say that. */
static int
ask_sense(struct scsi *s, int64_t deadline, struct err *e)
{
	uint8_t sense[SENSE_BYTES] = { 0 };
	const struct command c = { { REQUEST_SENSE, 0, 0, 0, SENSE_BYTES }, 6,
		true, sense, sizeof(sense) };
	const int r = run_scsi(s, &c, deadline, e);

	if (r == -1)
		return -1;
	return r == 0 ? sense[2] & 0x0f : 0;
}

static int
refused(struct scsi *s, const char *what, int64_t deadline, struct err *e)
{
	const int key = ask_sense(s, deadline, e);

	if (key == -1)
		return -1;
	return err_set(e, ERR_IO, "%s: its disk refused to %s (sense key %d)",
	    usb_info(s->usb)->path, what, key);
}

static int
wait_ready(struct scsi *s, int64_t deadline, struct err *e)
{
	const struct command c = { { TEST_UNIT_READY }, 6, false, NULL, 0 };

	for (;;) {
		const int r = run_scsi(s, &c, deadline, e);
		int key;

		if (r <= 0)
			return r;
		key = ask_sense(s, deadline, e);
		if (key == -1)
			return -1;
		if (key != NOT_READY && key != ATTENTION)
			return err_set(e, ERR_IO, "%s: its disk is not usable "
			    "(sense key %d)", usb_info(s->usb)->path, key);
		if (clock_ms() >= deadline)
			return err_set(e, ERR_TIMEOUT, "%s: its disk is not "
			    "ready", usb_info(s->usb)->path);
		clock_sleep_ms(AGAIN_MS);
	}
}

static int
read_capacity(struct scsi *s, int64_t deadline, struct err *e)
{
	uint8_t answer[8] = { 0 };
	const struct command c = { { READ_CAPACITY }, 10, true, answer,
		sizeof(answer) };
	const int r = run_scsi(s, &c, deadline, e);

	if (r == -1)
		return -1;
	if (r != 0)
		return refused(s, "tell its size", deadline, e);
	if (be32(answer + 4) != SCSI_SECTOR)
		return err_set(e, ERR_UNSUPPORTED, "%s: a disk with sectors of "
		    "%u bytes", usb_info(s->usb)->path, be32(answer + 4));
	s->sectors = be32(answer);	/* the last one's number */
	if (s->sectors < UINT32_MAX)
		s->sectors++;
	return 0;
}

int
scsi_open(struct usb *u, int64_t deadline, struct scsi **out, struct err *e)
{
	const struct usb_setting *setting = scsi_setting(usb_info(u));
	struct scsi *s;

	if (setting == NULL)
		return err_set(e, ERR_UNSUPPORTED, "%s: it shows no disk",
		    usb_info(u)->path);
	s = mem_alloc(sizeof(*s));
	s->usb = u;
	s->interface = setting->interface;
	if (find_endpoints(s, setting, e) == -1 ||
	    usb_claim(u, s->interface, setting->alternate, e) == -1) {
		free(s);
		return -1;
	}
	if (wait_ready(s, deadline, e) == -1 ||
	    read_capacity(s, deadline, e) == -1) {
		scsi_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
scsi_close(struct scsi *s)
{
	if (s == NULL)
		return;
	usb_unclaim(s->usb, s->interface);
	free(s);
}

uint32_t
scsi_sectors(const struct scsi *s)
{
	return s->sectors;
}

static int
transfer(struct scsi *s, bool in, uint32_t lba, void *p, size_t n,
    int64_t deadline, struct err *e)
{
	struct command c = { { in ? READ_10 : WRITE_10 }, 10, in, p,
		n * SCSI_SECTOR };
	int r;

	if (n > SCSI_MAX || lba >= s->sectors || n > s->sectors - lba)
		return err_set(e, ERR_IO, "%s: its disk has no sectors %u to "
		    "%llu", usb_info(s->usb)->path, lba,
		    (unsigned long long)lba + n);
	put_be32(c.cdb + 2, lba);
	c.cdb[7] = (uint8_t)(n >> 8);
	c.cdb[8] = (uint8_t)n;
	r = run_scsi(s, &c, deadline, e);
	if (r <= 0)
		return r;
	return refused(s, in ? "read" : "write", deadline, e);
}

int
scsi_read(struct scsi *s, uint32_t lba, uint8_t *p, size_t n,
    int64_t deadline, struct err *e)
{
	return transfer(s, true, lba, p, n, deadline, e);
}

int
scsi_write(struct scsi *s, uint32_t lba, const uint8_t *p, size_t n,
    int64_t deadline, struct err *e)
{
	/* A transfer out only reads from p. */
	return transfer(s, false, lba, (void *)(uintptr_t)p, n, deadline, e);
}
