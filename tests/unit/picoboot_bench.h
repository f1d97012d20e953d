/* SPDX-License-Identifier: MIT */
#ifndef MPF_PICOBOOT_BENCH_H
#define MPF_PICOBOOT_BENCH_H

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "sim/picorom.h"
#include "usb/ops.h"

/*
 * picoboot_bench: an RP2 in its ROM's boot loader behind the operations of
 * lib/usb, in time that stands still but for sleeps; it fails as it is told.
 */

#define PICO_OUT	0x03
#define PICO_IN		0x84
#define PICO_INTERFACE	1

struct pico {
	struct usb		 usb;	/* first: what is opened */
	struct picorom		 rom;
	struct buf		 in;	/* on its way to the host */
	bool			 zero;	/* and an empty packet behind it */
	bool			 halted[2];
	/* Faults; each counts down what it names, 0: never. */
	size_t			 pull_at;	/* bytes both ways */
	unsigned		 stall_at, mute_at;	/* bulk transfers */
	size_t			 flip_at;	/* bytes to the host */
	int64_t			 slow_ms;	/* each bulk transfer */
	enum err_code		 open_fails;
	bool			 no_interface;
	/* What came of it. */
	bool			 pulled;
	int			 opened, closed, claimed;
	size_t			 moved;		/* bytes both ways */
	unsigned		 transfers;	/* bulk */
};

static struct pico pico;

static inline void
pico_in(void *ctx, const void *p, size_t n)
{
	struct pico *d = ctx;

	if (n == 0)
		d->zero = true;
	else
		buf_add(&d->in, p, n);
}

static inline void
pico_halt(void *ctx)
{
	struct pico *d = ctx;

	d->halted[0] = d->halted[1] = true;
}

static inline bool
pico_fault(unsigned *at)
{
	return *at > 0 && --*at == 0;
}

/* The cable is pulled out before the n bytes are through. */
static inline bool
pico_pulled(struct pico *d, size_t n)
{
	d->moved += n;
	if (d->pull_at > 0 && d->moved >= d->pull_at)
		d->pulled = true;
	if (d->pulled)
		d->claimed = 0;		/* that goes with the device */
	return d->pulled;
}

static inline int
pico_claim(struct usb *u, uint8_t interface, uint8_t alternate,
    struct err *err)
{
	struct pico *d = (struct pico *)u;

	if (d->pulled)
		return usb_gone(u, err);
	d->claimed += interface == PICO_INTERFACE && alternate == 0;
	return 0;
}

static inline void
pico_unclaim(struct usb *u, uint8_t interface)
{
	struct pico *d = (struct pico *)u;

	d->claimed -= interface == PICO_INTERFACE && !d->pulled;
}

static inline int
pico_control(struct usb *u, const struct usb_setup *s, void *p, size_t n,
    int64_t deadline, size_t *got, struct err *err)
{
	struct pico *d = (struct pico *)u;
	uint8_t answer[64] = { 0 };
	int r = 2;

	(void)deadline;
	if (d->pulled || pico_pulled(d, 8))
		return usb_gone(u, err);
	if (s->type == 0x82 && s->request == 0)
		answer[0] = d->halted[(s->index & USB_IN) != 0];
	else
		r = picorom_control(&d->rom, s->type, s->request, answer);
	if (r == PICOROM_STALL)
		return usb_refused(u, err);
	if (s->request == 0x41) {	/* what was on its way is lost */
		buf_clear(&d->in);
		d->zero = false;
	}
	*got = (size_t)r < n ? (size_t)r : n;
	if (*got > 0)
		memcpy(p, answer, *got);
	return 0;
}

static inline int
pico_late(struct pico *d, int64_t deadline, struct err *err)
{
	const int64_t left = deadline - clock_ms();

	if (d->slow_ms <= left && d->slow_ms > 0)
		clock_sleep_ms(d->slow_ms);
	if (d->slow_ms <= left)
		return 0;
	if (left > 0)
		clock_sleep_ms(left);
	return err_set(err, ERR_TIMEOUT, "%s: no answer in time",
	    d->usb.info.path);
}

static inline int
pico_read(struct pico *d, uint8_t *p, size_t n, int64_t deadline,
    size_t *got, struct err *err)
{
	const size_t k = n < d->in.len ? n : d->in.len;

	if (k == 0 && !d->zero) {	/* nothing comes */
		if (deadline > clock_ms())
			clock_sleep_ms(deadline - clock_ms());
		return err_set(err, ERR_TIMEOUT, "%s: no answer in time",
		    d->usb.info.path);
	}
	if (pico_pulled(d, k))
		return usb_gone(&d->usb, err);
	if (k == 0)
		d->zero = false;
	else
		memcpy(p, d->in.data, k);
	if (d->flip_at > 0 && d->flip_at <= k)
		p[d->flip_at - 1] ^= 1;
	d->flip_at -= d->flip_at < k ? d->flip_at : k;
	buf_drop(&d->in, k);
	*got = k;
	return 0;
}

static inline int
pico_bulk(struct usb *u, uint8_t endpoint, void *p, size_t n,
    int64_t deadline, size_t *got, struct err *err)
{
	struct pico *d = (struct pico *)u;
	const bool in = (endpoint & USB_IN) != 0;

	if (d->pulled)
		return usb_gone(u, err);
	d->transfers++;
	if (pico_late(d, deadline, err) == -1)
		return -1;
	if (pico_fault(&d->mute_at)) {
		d->slow_ms = 1000000;
		return pico_late(d, deadline, err);
	}
	if (pico_fault(&d->stall_at))
		pico_halt(d);
	if (d->halted[in] || endpoint != (in ? PICO_IN : PICO_OUT))
		return usb_refused(u, err);
	if (in)
		return pico_read(d, p, n, deadline, got, err);
	if (pico_pulled(d, n))
		return usb_gone(u, err);
	*got = n;
	return picorom_out(&d->rom, p, n) == 0 || !d->halted[0] ? 0 :
	    usb_refused(u, err);
}

static inline int
pico_clear_halt(struct usb *u, uint8_t endpoint, struct err *err)
{
	struct pico *d = (struct pico *)u;

	if (d->pulled)
		return usb_gone(u, err);
	d->halted[(endpoint & USB_IN) != 0] = false;
	return 0;
}

static inline int
pico_reset(struct usb *u, struct err *err)
{
	return usb_refused(u, err);
}

static inline void
pico_close(struct usb *u)
{
	((struct pico *)u)->closed++;
}

static const struct usb_ops pico_ops = {
	pico_claim, pico_unclaim, pico_control, pico_bulk, pico_clear_halt,
	pico_reset, pico_close
};

/* A drive and PICOBOOT, as the ROM has them. */
static inline void
pico_describe(struct pico *d)
{
	struct usb_info *i = &d->usb.info;

	*i = (struct usb_info){ .vid = 0x2e8a, .pid = d->rom.rp2350 ? 0xf : 3,
		.n_settings = d->no_interface ? 1 : 2 };
	memcpy(i->path, "1-1.2", 6);
	i->settings = mem_alloc(2 * sizeof(*i->settings));
	i->settings[0] = (struct usb_setting){ .class = 8, .subclass = 6,
		.protocol = 0x50 };
	if (d->no_interface)
		return;
	i->settings[1] = (struct usb_setting){ .interface = PICO_INTERFACE,
		.class = 0xff, .n_endpoints = 2,
		.endpoints = mem_alloc(2 * sizeof(struct usb_endpoint)) };
	i->settings[1].endpoints[0] = (struct usb_endpoint){ PICO_OUT,
		USB_BULK, 64 };
	i->settings[1].endpoints[1] = (struct usb_endpoint){ PICO_IN,
		USB_BULK, 64 };
}

/* As usb_open_path, for a world of which this is the only device. */
static inline int
pico_open(const char *usb_path, int64_t deadline, struct usb **out,
    struct err *err)
{
	(void)deadline;
	if (pico.open_fails != ERR_NONE)
		return err_set(err, pico.open_fails, "%s: no permission to "
		    "open it", usb_path);
	if (pico.pulled)
		return err_set(err, ERR_NOT_FOUND, "%s: no USB device is "
		    "there", usb_path);
	pico_describe(&pico);
	pico.usb.ops = &pico_ops;
	pico.usb.gone = false;
	pico.opened++;
	*out = &pico.usb;
	return 0;
}

static inline void
pico_end(void)
{
	picorom_release(&pico.rom);
	buf_release(&pico.in);
}

/* A fresh chip with a blank flash of so many bytes. */
static inline void
pico_begin(bool rp2350, uint32_t flash_size)
{
	pico_end();
	pico = (struct pico){ .in = BUF_INIT, .rom = { .rp2350 = rp2350,
		.flash_size = flash_size, .partition = -1,
		.id = 0xe6614c311b5a6b2cu, .in = pico_in, .halt = pico_halt,
		.ctx = &pico } };
	picorom_init(&pico.rom);
}

/* Plugged in again, in its boot loader: what is in flash stays. */
static inline void
pico_replug(void)
{
	pico.pulled = pico.zero = pico.rom.rebooting = false;
	pico.halted[0] = pico.halted[1] = false;
	pico.rom.xip = true;
	pico.rom.exclusive = 0;
	pico.rom.want = pico.rom.got = 0;
	pico.rom.ack = false;
	pico.pull_at = pico.flip_at = 0;
	pico.stall_at = pico.mute_at = 0;
	pico.slow_ms = 0;
	buf_clear(&pico.in);
}

#endif
