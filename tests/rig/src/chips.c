/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "chips.h"

/*
 * Interfaces and endpoints, and what each chip is asked by its driver.
 *
 * Source: USB CDC 1.2 and PSTN 1.2; Silicon Labs AN571; Linux cp210x.c,
 * ch341.c and ftdi_sio.h.
 */

static const uint8_t acm_desc[] = {
	8, 11, 0, 2, 2, 2, 0, 0,
	9, 4, 0, 0, 1, 2, 2, 0, 4,
	5, 0x24, 0, 0x20, 1, 5, 0x24, 1, 0, 1, 4, 0x24, 2, 6,
	5, 0x24, 6, 0, 1, 7, 5, 0x81, 3, 8, 0, 16,
	9, 4, 1, 0, 2, 10, 0, 0, 0,
	7, 5, 0x02, 2, 64, 0, 0, 7, 5, 0x82, 2, 64, 0, 0,
};

static const uint8_t cp2102_desc[] = {
	9, 4, 0, 0, 2, 0xff, 0, 0, 2,
	7, 5, 0x82, 2, 64, 0, 0, 7, 5, 0x01, 2, 64, 0, 0,
};

static const uint8_t ch340_desc[] = {
	9, 4, 0, 0, 3, 0xff, 1, 2, 0,
	7, 5, 0x82, 2, 32, 0, 0, 7, 5, 0x02, 2, 32, 0, 0,
	7, 5, 0x81, 3, 8, 0, 1,
};

static const uint8_t ft232_desc[] = {
	9, 4, 0, 0, 2, 0xff, 0xff, 0xff, 2,
	7, 5, 0x82, 2, 64, 0, 0, 7, 5, 0x02, 2, 64, 0, 0,
};

/* Some drivers set one line at a time: the high byte says which. */
static void
masked_lines(struct chip_state *st, uint16_t value)
{
	const unsigned mask = value >> 8 & (CHIP_DTR | CHIP_RTS);

	st->lines = (st->lines & ~mask) | (value & mask);
}

static int
acm_control(struct chip_state *st, const struct vdev_setup *s, uint8_t *b)
{
	if ((s->type & 0x7f) != 0x21)
		return VDEV_STALL;
	switch (s->request) {
	case 0x20:			/* SET_LINE_CODING */
		memcpy(st->coding, b, sizeof(st->coding));
		st->baud = vdev_u32(b);
		return 0;
	case 0x21:			/* GET_LINE_CODING */
		memcpy(b, st->coding, sizeof(st->coding));
		return sizeof(st->coding);
	case 0x22:			/* SET_CONTROL_LINE_STATE */
		st->lines = s->value & (CHIP_DTR | CHIP_RTS);
		return 0;
	case 0x23:			/* SEND_BREAK */
		return 0;
	}
	return VDEV_STALL;
}

static int
cp2102_control(struct chip_state *st, const struct vdev_setup *s, uint8_t *b)
{
	if (s->type & 0x80) {
		memset(b, 0, s->length);
		if (s->request == 0xff && s->value == 0x370b)
			b[0] = 2;	/* the part's number */
		if (s->request == 0x08)
			b[0] = (uint8_t)(st->lines | 0x30);	/* CTS, DSR */
		return s->length;
	}
	if (s->request == 0x07)
		masked_lines(st, s->value);
	else if (s->request == 0x1e)
		st->baud = vdev_u32(b);
	return 0;
}

static int
ch340_control(struct chip_state *st, const struct vdev_setup *s, uint8_t *b)
{
	const unsigned prescaler = s->index & 3, fast = s->index >> 2 & 1;
	const unsigned divisor = 256 - (s->index >> 8);

	if (s->type & 0x80) {
		memset(b, 0, s->length);
		if (s->request == 0x5f)
			b[0] = 0x31;	/* its version */
		return s->length;
	}
	if (s->request == 0xa4)		/* active low, from bit 5 on */
		st->lines = ((unsigned)~s->value >> 5) &
		    (CHIP_DTR | CHIP_RTS);
	else if (s->request == 0x9a && s->value == 0x1312)
		st->baud = 48000000 /
		    ((1u << (12 - 3 * prescaler - fast)) * divisor);
	return 0;
}

/* The divisor has three bits of eighths, in an order of their own. */
static unsigned
ft232_baud(unsigned divisor)
{
	static const uint8_t eighths[] = { 0, 4, 2, 1, 3, 5, 6, 7 };

	if (divisor < 2)
		return divisor == 0 ? 3000000 : 2000000;
	return 24000000 / ((divisor & 0x3fff) * 8 +
	    eighths[divisor >> 14 & 7]);
}

static int
ft232_control(struct chip_state *st, const struct vdev_setup *s, uint8_t *b)
{
	if (s->type & 0x80) {
		memset(b, 0, s->length);
		if (s->request == 10)
			b[0] = 16;	/* latency in ms */
		if (s->request == 5) {	/* modem status */
			b[0] = 1;
			b[1] = 0x60;
		}
		return s->length;
	}
	if (s->request == 1)
		masked_lines(st, s->value);
	else if (s->request == 3)
		st->baud = ft232_baud(s->value | (s->index & 1u) << 16);
	return 0;
}

/* The class triple of the first is that of interface associations. */
const struct chip chips[] = {
	{ "acm", "MicroPython", "Board in FS mode", "", 0x2e8a, 0x0005,
	    0x0100, { 0xef, 2, 1 }, 2, sizeof(acm_desc), acm_desc,
	    acm_control },
	{ "cp2102", "Silicon Labs", "CP2102 USB to UART Bridge Controller",
	    "0001", 0x10c4, 0xea60, 0x0100, { 0 }, 1, sizeof(cp2102_desc),
	    cp2102_desc, cp2102_control },
	{ "ch340", "", "USB Serial", "", 0x1a86, 0x7523, 0x0264, { 0 }, 1,
	    sizeof(ch340_desc), ch340_desc, ch340_control },
	{ "ft232", "FTDI", "FT232R USB UART", "A50285BI", 0x0403, 0x6001,
	    0x0600, { 0 }, 1, sizeof(ft232_desc), ft232_desc,
	    ft232_control },
	{ 0 }
};
