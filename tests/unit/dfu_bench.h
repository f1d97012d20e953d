/* SPDX-License-Identifier: MIT */
#ifndef MPF_DFU_BENCH_H
#define MPF_DFU_BENCH_H

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sim/dfu.h"
#include "usb/ops.h"

/*
 * dfu_bench: a simulated DFU device as an open USB device, in time that stands
 * still but for sleeps and REQUEST_TOOK for each request.
 */

#define REQUEST_TOOK	1		/* ms */

struct dfu_bench {
	struct usb	 usb;		/* first: usb/ops.h */
	struct sim_dfu	*sim;
	unsigned	 claims, closed;
	bool		 busy;		/* another program has the interface */
};

static inline int
bench_claim(struct usb *u, uint8_t interface, uint8_t alternate,
    struct err *e)
{
	struct dfu_bench *b = (struct dfu_bench *)u;

	if (b->busy)
		return err_set(e, ERR_BUSY, "1-1: interface %u: in use",
		    interface);
	if (sim_dfu_is_gone(b->sim))
		return usb_gone(u, e);
	b->claims++;
	sim_dfu_select(b->sim, alternate);
	return 0;
}

static inline void
bench_release(struct usb *u, uint8_t interface)
{
	(void)u, (void)interface;
}

/* String 0 is the list of languages. */
static inline int
bench_string(struct dfu_bench *b, unsigned i, uint8_t *p, size_t room)
{
	const char *s = i == 0 ? "" : sim_dfu_string(b->sim, i);
	uint8_t d[255] = { 4, 3, 9, 4 };
	size_t n = 4;

	if (s == NULL)
		return SIM_DFU_STALLED;
	for (n = i == 0 ? 4 : 2; *s != '\0' && n + 1 < sizeof(d); s++) {
		d[n++] = (uint8_t)*s;
		d[n++] = 0;
	}
	d[0] = (uint8_t)n;
	n = n < room ? n : room;
	memcpy(p, d, n);
	return (int)n;
}

static inline int
bench_control(struct usb *u, const struct usb_setup *s, void *p, size_t n,
    int64_t deadline, size_t *got, struct err *e)
{
	struct dfu_bench *b = (struct dfu_bench *)u;
	int r;

	clock_sleep_ms(REQUEST_TOOK);
	r = s->type == 0x80 && s->request == 6 && s->value >> 8 == 3 ?
	    bench_string(b, s->value & 0xff, p, n) :
	    sim_dfu_control(b->sim, s->type, s->request, s->value, p, n,
	    clock_ms());
	if (r == SIM_DFU_GONE)
		return usb_gone(u, e);
	if (r == SIM_DFU_STALLED)
		return usb_refused(u, e);
	if (r == SIM_DFU_SILENT) {
		if (deadline > clock_ms())
			clock_sleep_ms(deadline - clock_ms());
		return err_set(e, ERR_TIMEOUT, "no answer");
	}
	*got = (size_t)r;
	return 0;
}

static inline int
bench_reset(struct usb *u, struct err *e)
{
	struct dfu_bench *b = (struct dfu_bench *)u;

	sim_dfu_reset(b->sim);
	return sim_dfu_is_gone(b->sim) ? usb_gone(u, e) : 0;
}

static inline void
bench_close(struct usb *u)
{
	((struct dfu_bench *)u)->closed++;
}

/* The settings, and what lies behind the last, as lib/usb has them. */
static inline void
bench_info(struct dfu_bench *b)
{
	uint8_t config[SIM_DFU_CONFIG], device[18];
	const size_t n = sim_dfu_config(b->sim, config);
	struct usb_info *f = &b->usb.info;

	sim_dfu_device(b->sim, device);
	memset(f, 0, sizeof(*f));
	memcpy(f->path, "1-1", 4);
	f->vid = (uint16_t)(device[8] | device[9] << 8);
	f->pid = (uint16_t)(device[10] | device[11] << 8);
	f->release = (uint16_t)(device[12] | device[13] << 8);
	f->manufacturer = 1;
	f->product = 2;
	f->serial = 3;
	for (size_t at = 9; at < n; at += config[at]) {
		const uint8_t *d = config + at;
		struct usb_setting *s;

		if (d[1] == 4) {
			f->settings = mem_grow(f->settings,
			    f->n_settings + 1, sizeof(*f->settings));
			f->settings[f->n_settings++] = (struct usb_setting){
				.interface = d[2], .alternate = d[3],
				.class = d[5], .subclass = d[6],
				.protocol = d[7], .string = d[8] };
			continue;
		}
		s = &f->settings[f->n_settings - 1];
		s->extra = mem_alloc(d[0]);
		s->n_extra = d[0];
		memcpy(s->extra, d, d[0]);
	}
}

static inline void
bench_open(struct dfu_bench *b, const struct sim_dfu_opts *opts)
{
	static const struct usb_ops ops = { .claim = bench_claim,
		.release = bench_release, .control = bench_control,
		.reset = bench_reset, .close = bench_close };

	*b = (struct dfu_bench){ .usb = { .ops = &ops },
		.sim = sim_dfu_new(opts) };
	bench_info(b);
}

static inline void
bench_end(struct dfu_bench *b)
{
	usb_info_release(&b->usb.info);
	sim_dfu_free(b->sim);
}

#endif
