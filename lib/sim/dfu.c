/* SPDX-License-Identifier: MIT */
#include "sim/dfu.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/dfu_in.h"

enum { IDLE = 2, DNLOAD_SYNC, DNBUSY, DNLOAD_IDLE, MANIFEST_SYNC, MANIFEST,
	WAIT_RESET, UPLOAD_IDLE, ERROR };
enum { DETACH, DNLOAD, UPLOAD, GETSTATUS, CLRSTATUS, GETSTATE, ABORT };

#define TO_DEVICE	0x21u
#define TO_HOST		0xa1u
#define GET_DESCRIPTOR	6u
#define FUNCTIONAL	0x21u
#define TRANSFER	2048u
#define LONG_MASS_MS	32000

static void
set_defaults(struct sim_dfu_opts *o)
{
	static const char *const f405[] = {
		"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg",
		"@Option Bytes  /0x1FFFC000/01*016 e",
		"@OTP Memory /0x1FFF7800/01*512 e,01*016 e",
		"@Device Feature/0xFFFF0000/01*004 e",
	};

	if (o->layout[0] == NULL)
		for (size_t i = 0; i < sizeof(f405) / sizeof(f405[0]); i++)
			o->layout[i] = f405[i];
	if (o->vid == 0) {
		o->vid = 0x0483;
		o->pid = 0xdf11;
	}
	o->release = o->release != 0 ? o->release : 0x2200;
	if (o->manufacturer == NULL)
		o->manufacturer = "STMicroelectronics";
	if (o->product == NULL)
		o->product = "STM32  BOOTLOADER";
	if (o->serial == NULL)
		o->serial = "357236543131";
	o->transfer = o->transfer != 0 ? o->transfer : TRANSFER;
	o->stride = o->stride != 0 ? o->stride : o->transfer;
}

struct sim_dfu *
sim_dfu_new(const struct sim_dfu_opts *opts)
{
	struct sim_dfu *s = mem_alloc(sizeof(*s));

	s->opts = *opts;
	set_defaults(&s->opts);
	while (s->areas < SIM_DFU_ALTERNATES &&
	    s->opts.layout[s->areas] != NULL)
		s->areas++;
	dfu_areas_new(s);
	s->pointer = s->area[0].base;
	s->state = IDLE;
	return s;
}

void
sim_dfu_free(struct sim_dfu *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < s->areas; i++)
		free(s->area[i].mem);
	free(s->area);
	free(s);
}

static int
stall(struct sim_dfu *s)
{
	s->status = ERR_STALLEDPKT;
	s->state = ERROR;
	return SIM_DFU_STALLED;
}

static void
rest(struct sim_dfu *s)
{
	s->state = IDLE;
	s->status = OK;
}

/* --- requests --- */

static int
take_download(struct sim_dfu *s, unsigned no, const uint8_t *p, size_t n)
{
	const bool plain = dfu_has(s, SIM_DFU_PLAIN);

	if (s->state != DNLOAD_IDLE && (s->state != IDLE ||
	    (plain && n == 0)))
		return stall(s);
	if (n == 0) {
		s->state = MANIFEST_SYNC;
		return 0;
	}
	if (n > s->opts.transfer || (no == 1 && !plain))
		return stall(s);
	memcpy(s->block, p, n);
	s->block_len = n;
	s->block_no = no;
	s->state = DNLOAD_SYNC;
	return (int)n;
}

static int
upload(struct sim_dfu *s, unsigned no, uint8_t *buf, size_t n)
{
	static const uint8_t commands[] = { 0x00, 0x21, 0x41, 0x92 };
	const bool plain = dfu_has(s, SIM_DFU_PLAIN);
	int got;

	if ((s->state != IDLE && s->state != UPLOAD_IDLE) ||
	    dfu_has(s, SIM_DFU_NO_UPLOAD))
		return stall(s);
	if (!plain && no == 0 && n >= sizeof(commands) &&
	    !dfu_has(s, SIM_DFU_MBOOT)) {
		memcpy(buf, commands, sizeof(commands));
		s->state = IDLE;
		return sizeof(commands);
	}
	if (dfu_has(s, SIM_DFU_PROTECTED) || (!plain && no < 2)) {
		s->status = dfu_has(s, SIM_DFU_PROTECTED) ? ERR_VENDOR :
		    ERR_STALLEDPKT;
		s->state = ERROR;
		return SIM_DFU_STALLED;
	}
	got = dfu_upload(s, no, buf, n);
	if (got == -1)
		return stall(s);
	s->state = (size_t)got < n ? IDLE : UPLOAD_IDLE;
	return got;
}

/* The first GETSTATUS after a download begins its work. */
static unsigned
begin_work(struct sim_dfu *s, int64_t now)
{
	const bool mass = s->block_no == 0 && s->block_len == 1;
	int ms = dfu_perform(s);

	if (ms == -1) {
		s->state = ERROR;
		return 0;
	}
	if (mass && dfu_has(s, SIM_DFU_LONG_MASS)) {
		s->ready = now + LONG_MASS_MS;
		s->state = DNBUSY;
		return 100;
	}
	if (dfu_has(s, SIM_DFU_MBOOT))
		ms = 0;
	s->ready = now + ms;
	s->state = dfu_has(s, SIM_DFU_DIRECT) ? DNLOAD_IDLE : DNBUSY;
	return dfu_has(s, SIM_DFU_SHORT_POLL) ? (unsigned)(ms + 1) / 2 :
	    dfu_has(s, SIM_DFU_ZERO_POLL) ? 0 : (unsigned)ms;
}

/* While it works; *ms is what it says. */
static int
work_busy(struct sim_dfu *s, int64_t now, unsigned *ms)
{
	if (s->stuck > 0) {
		*ms = s->opts.erase_ms;
		return 0;
	}
	if (now >= s->ready) {
		s->state = DNLOAD_IDLE;
		return 0;
	}
	if (dfu_has(s, SIM_DFU_SHORT_POLL))
		return SIM_DFU_STALLED;
	s->counts.early += !dfu_has(s, SIM_DFU_ZERO_POLL);
	if (dfu_has(s, SIM_DFU_LONG_MASS))
		return SIM_DFU_SILENT;
	*ms = dfu_has(s, SIM_DFU_ZERO_POLL) ? 0 : (unsigned)(s->ready - now);
	return 0;
}

/* The image is whole, or the firmware is to be started. */
static void
manifest(struct sim_dfu *s)
{
	if (dfu_has(s, SIM_DFU_RESETS)) {
		s->state = WAIT_RESET;
		return;
	}
	if (dfu_has(s, SIM_DFU_PLAIN)) {
		rest(s);		/* tolerant: it goes on */
		return;
	}
	s->state = MANIFEST;
	s->gone = s->started = true;
}

static int
answer_status(struct sim_dfu *s, uint8_t *b, int64_t now)
{
	unsigned ms = 0;

	if (s->state == DNLOAD_SYNC)
		ms = begin_work(s, now);
	else if (s->state == DNBUSY) {
		const int r = work_busy(s, now, &ms);

		if (r != 0)
			return r;
	} else if (s->state == MANIFEST_SYNC)
		manifest(s);
	if (s->gone && dfu_has(s, SIM_DFU_MUTE_LEAVE))
		return SIM_DFU_GONE;
	b[0] = (uint8_t)s->status;
	b[1] = (uint8_t)ms;
	b[2] = (uint8_t)(ms >> 8);
	b[3] = (uint8_t)(ms >> 16);
	b[4] = (uint8_t)s->state;
	b[5] = 0;
	return 6;
}

/* Stuck, it says errUNKNOWN at first. */
static int
clear_status(struct sim_dfu *s)
{
	if (s->stuck > 0 && --s->stuck > 0) {
		s->status = ERR_UNKNOWN;
		s->state = ERROR;
	} else {
		rest(s);
	}
	return 0;
}

static int
answer(struct sim_dfu *s, unsigned type, unsigned request, unsigned value,
    uint8_t *buf, size_t n, int64_t now)
{
	if (type == 0x81 && request == GET_DESCRIPTOR &&
	    value >> 8 == FUNCTIONAL && n >= DFU_FUNCTIONAL) {
		dfu_functional_put(s, buf);
		return DFU_FUNCTIONAL;
	}
	if (type == TO_DEVICE && request == DNLOAD)
		return take_download(s, value, buf, n);
	if (type == TO_HOST && request == UPLOAD)
		return upload(s, value, buf, n);
	if (type == TO_HOST && request == GETSTATUS && n >= 6)
		return answer_status(s, buf, now);
	if (type == TO_HOST && request == GETSTATE && n >= 1) {
		buf[0] = (uint8_t)s->state;
		return 1;
	}
	if (type == TO_DEVICE && request == CLRSTATUS)
		return clear_status(s);
	if (type == TO_DEVICE && request == ABORT) {
		rest(s);
		return 0;
	}
	if (type == TO_DEVICE && request == DETACH &&
	    dfu_has(s, SIM_DFU_PLAIN)) {
		sim_dfu_reset(s);	/* as Arduino's do: it starts */
		return 0;
	}
	return stall(s);
}

int
sim_dfu_control(struct sim_dfu *s, unsigned type, unsigned request,
    unsigned value, uint8_t *buf, size_t n, int64_t now)
{
	const long no = (long)s->counts.requests++;
	const enum sim_dfu_fault fault = no == s->opts.fault_at ?
	    s->opts.fault : SIM_DFU_NO_FAULT;
	int r;

	s->gone |= fault == SIM_DFU_PULL;
	s->deaf |= fault == SIM_DFU_DEAF;
	if (s->gone || s->deaf)
		return s->gone ? SIM_DFU_GONE : SIM_DFU_SILENT;
	if (fault == SIM_DFU_STALL_REQUEST)
		return stall(s);
	r = answer(s, type, request, value, buf, n, now);
	return fault == SIM_DFU_LOSE ? SIM_DFU_SILENT : r;
}

void
sim_dfu_select(struct sim_dfu *s, unsigned alternate)
{
	if (alternate < s->areas)
		s->alternate = alternate;
	if (s->state != DNBUSY)
		rest(s);
}

/* A device that has an image runs it then. */
void
sim_dfu_reset(struct sim_dfu *s)
{
	if (!dfu_has(s, SIM_DFU_PLAIN) || s->image_len == 0) {
		rest(s);
		return;
	}
	s->gone = s->started = true;
}

void
sim_dfu_replug(struct sim_dfu *s)
{
	s->opts.fault = SIM_DFU_NO_FAULT;
	s->gone = s->started = s->deaf = false;
	s->stuck = 0;
	s->alternate = 0;
	s->pointer = s->area[0].base;
	rest(s);
}

bool
sim_dfu_is_gone(const struct sim_dfu *s)
{
	return s->gone;
}

bool
sim_dfu_started(const struct sim_dfu *s, uint32_t *addr)
{
	*addr = s->pointer;
	return s->started;
}

uint8_t *
sim_dfu_memory(struct sim_dfu *s, unsigned alternate, size_t *n)
{
	*n = dfu_has(s, SIM_DFU_PLAIN) ? s->image_len :
	    s->area[alternate].size;
	return s->area[alternate].mem;
}

const struct sim_dfu_counts *
sim_dfu_counts(const struct sim_dfu *s)
{
	return &s->counts;
}
