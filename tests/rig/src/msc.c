/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "drive.h"

/*
 * Source: USB Mass Storage Class, Bulk-Only Transport 1.0; SCSI SPC-3, SBC-2.
 */

#define CBW_SIZE	31
#define CSW_SIZE	13

enum {
	TEST_UNIT_READY = 0x00, REQUEST_SENSE = 0x03, INQUIRY = 0x12,
	MODE_SENSE_6 = 0x1a, START_STOP = 0x1b, PREVENT_REMOVAL = 0x1e,
	READ_CAPACITY = 0x25, READ_10 = 0x28, WRITE_10 = 0x2a, VERIFY = 0x2f,
	SYNCHRONIZE_CACHE = 0x35
};

/* Sense keys and codes. */
#define NOT_READY	2
#define ILLEGAL		5
#define ATTENTION	6
#define NO_SUCH_COMMAND	0x20
#define NO_SUCH_LBA	0x21
#define NO_SUCH_FIELD	0x24
#define MEDIUM_CHANGED	0x28
#define NO_MEDIUM	0x3a

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static void
put_be32(uint8_t *p, uint32_t x)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(x >> (24 - 8 * i));
}

static void
finish(struct msc *m, uint8_t status, uint32_t residue)
{
	uint8_t b[CSW_SIZE] = "USBS";

	memcpy(b + 4, m->tag, sizeof(m->tag));
	vdev_put32(b + 8, residue);
	b[12] = status;
	vdev_in(m->v, m->in, b, sizeof(b));
}

static void
answer(struct msc *m, const void *p, uint32_t n, uint32_t room)
{
	if (n > room)
		n = room;
	if (room > 0)
		vdev_in(m->v, m->in, p, n);
	finish(m, 0, room - n);
}

static void
refuse(struct msc *m, uint8_t key, uint8_t code, bool to_host, uint32_t room)
{
	m->sense = key;
	m->asc = code;
	if (room > 0 && to_host)
		vdev_in(m->v, m->in, "", 0);
	finish(m, 1, room);
}

static void
read_sectors(struct msc *m, uint32_t lba, uint32_t n)
{
	const size_t at = (size_t)lba * SECTOR, len = (size_t)n * SECTOR;
	uint8_t *all = mem_alloc(len + 1);

	if (at < m->head_len)
		memcpy(all, m->head + at, m->head_len - at < len ?
		    m->head_len - at : len);
	vdev_in(m->v, m->in, all, len);
	free(all);
	finish(m, 0, 0);
}

/* Commands that need the medium. */
static void
medium(struct msc *m, const uint8_t *c, bool to_host, uint32_t room)
{
	const uint32_t lba = be32(c + 2), n = (uint32_t)(c[7] << 8 | c[8]);
	uint8_t b[8] = { 0 };

	if (m->ejected) {
		refuse(m, NOT_READY, NO_MEDIUM, to_host, room);
	} else if (m->changed) {
		m->changed = false;
		refuse(m, ATTENTION, MEDIUM_CHANGED, to_host, room);
	} else if (c[0] == TEST_UNIT_READY) {
		finish(m, 0, 0);
	} else if (c[0] == READ_CAPACITY) {
		put_be32(b, m->kind->sectors - 1);
		put_be32(b + 4, SECTOR);
		answer(m, b, sizeof(b), room);
	} else if (lba > m->kind->sectors || n > m->kind->sectors - lba ||
	    n * SECTOR != room) {
		refuse(m, ILLEGAL, NO_SUCH_LBA, to_host, room);
	} else if (c[0] == READ_10) {
		read_sectors(m, lba, n);
	} else {
		m->want = room;
		m->got = 0;
		m->at = lba;
		if (room == 0)
			finish(m, 0, 0);
	}
}

static void
inquiry(struct msc *m, const uint8_t *c, uint32_t room)
{
	uint8_t b[37] = { 0, 0x80, 2, 2, 31 };

	if (c[1] & 1) {			/* vital product data */
		refuse(m, ILLEGAL, NO_SUCH_FIELD, true, room);
		return;
	}
	snprintf((char *)b + 8, 29, "%-8.8s%-16.16s%-4.4s", m->kind->vendor,
	    m->kind->product, "3");
	answer(m, b, 36, room);
}

static void
command(struct msc *m, const uint8_t *c, bool to_host, uint32_t room)
{
	uint8_t b[18] = { 0 };

	switch (c[0]) {
	case TEST_UNIT_READY:
	case READ_CAPACITY:
	case READ_10:
	case WRITE_10:
		medium(m, c, to_host, room);
		break;
	case REQUEST_SENSE:
		b[0] = 0x70;
		b[2] = m->sense;
		b[7] = 10;
		b[12] = m->asc;
		m->sense = m->asc = 0;
		answer(m, b, sizeof(b), room);
		break;
	case INQUIRY:
		inquiry(m, c, room);
		break;
	case MODE_SENSE_6:
		b[0] = 3;
		answer(m, b, 4, room);
		break;
	case START_STOP:
		m->ejected |= (c[4] & 3) == 2;
		answer(m, b, 0, room);
		break;
	case PREVENT_REMOVAL:
	case VERIFY:
	case SYNCHRONIZE_CACHE:
		answer(m, b, 0, room);
		break;
	default:
		refuse(m, ILLEGAL, NO_SUCH_COMMAND, to_host, room);
	}
}

/* What a WRITE(10) brings. */
static void
take(struct msc *m, const uint8_t *p, size_t n)
{
	for (; n > 0 && m->got < m->want; p++, n--) {
		m->part[m->got++ % SECTOR] = *p;
		if (m->got % SECTOR == 0) {
			m->wrote(m->ctx, m->part);
			m->at++;
		}
	}
	if (m->got == m->want) {
		m->want = m->got = 0;
		finish(m, 0, 0);
	}
}

int
msc_out(struct msc *m, const uint8_t *p, size_t n)
{
	if (m->want > 0) {
		take(m, p, n);
		return 0;
	}
	if (n != CBW_SIZE || memcmp(p, "USBC", 4) != 0) {
		vdev_in_halt(m->v, m->in);
		return VDEV_STALL;
	}
	memcpy(m->tag, p + 4, sizeof(m->tag));
	command(m, p + 15, (p[12] & 0x80) != 0, vdev_u32(p + 8));
	return 0;
}

void
msc_reset(struct msc *m)
{
	vdev_in_drop(m->v, m->in);
	m->want = m->got = 0;
}

bool
msc_idle(const struct msc *m)
{
	return m->want == 0 && vdev_in_queued(m->v, m->in) == 0;
}
