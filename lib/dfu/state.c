/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "dfu/impl.h"

#define ROUNDS		5u		/* from any state to dfuIDLE */
#define REST_MS		60000		/* for work that others began */
#define POLL_MAX	60000u		/* ms; the field has 24 bits */
#define ZERO_POLLS	100u		/* in a row: it never ends */
#define ZERO_MAX_MS	50u
#define STALLS		3u		/* of GETSTATUS, while it is busy */
/* An STM32F405 says so of an erase of up to 32 s, and then answers nothing. */
#define WRONG_POLL_MS	100u
#define WRONG_ERASE_MS	35000u

static const int64_t work_ms[] = {
	[DFU_WORK_WRITE] = 10000,
	[DFU_WORK_ERASE] = 10000,	/* 128 KiB take up to 4 s */
	[DFU_WORK_ERASE_ALL] = 120000,
};

static bool
is_busy_state(enum dfu_state s)
{
	return s == DFU_DNLOAD_SYNC || s == DFU_DNBUSY ||
	    s == DFU_MANIFEST_SYNC || s == DFU_MANIFEST;
}

/* What to do next to come to rest, from the state that it is in. */
static int
step_to_idle(struct dfu *d, const struct dfu_status *s, struct err *e)
{
	if (s->state == DFU_ERROR || s->code != DFU_OK)
		return dfu_request_out(d, DFU_CLRSTATUS, 0, NULL, 0, e);
	if (s->state == DFU_APP_IDLE || s->state == DFU_APP_DETACH)
		return err_set(e, ERR_UNSUPPORTED, "it runs its firmware, and "
		    "is not in DFU mode");
	if (s->state == DFU_WAIT_RESET) {
		err_set(e, ERR_UNSUPPORTED, "it waits for a reset");
		return err_hint(e, "plug it in again, then run mpf-detect");
	}
	return dfu_request_out(d, DFU_ABORT, 0, NULL, 0, e);
}

int
dfu_to_idle(struct dfu *d, struct err *e)
{
	const int64_t deadline = clock_ms() + REST_MS;
	struct dfu_status s;
	unsigned i = 0;

	if ((d->state == DFU_DNLOAD_IDLE || d->state == DFU_UPLOAD_IDLE) &&
	    dfu_request_out(d, DFU_ABORT, 0, NULL, 0, e) == -1 &&
	    e->code == ERR_NOT_FOUND)
		return -1;
	while (i < ROUNDS && clock_ms() < deadline) {
		if (dfu_get_status(d, &s, e) == -1) {
			if (e->code != ERR_PROTOCOL)
				return -1;
			i++;		/* a stall may be for old sins */
			continue;
		}
		if (s.state == DFU_IDLE && s.code == DFU_OK)
			return 0;
		if (is_busy_state(s.state) && s.code == DFU_OK) {
			clock_sleep_ms(s.poll_ms == 0 ? ZERO_MAX_MS :
			    s.poll_ms < POLL_MAX ? s.poll_ms : POLL_MAX);
			continue;
		}
		i++;
		if (step_to_idle(d, &s, e) == -1 && e->code != ERR_PROTOCOL)
			return -1;
	}
	d->state = DFU_UNKNOWN;
	err_set(e, ERR_PROTOCOL, "it does not come to rest");
	return err_hint(e, "plug it in again, then run mpf-detect");
}

int
dfu_ready(struct dfu *d, enum dfu_state also, struct err *e)
{
	return d->state == DFU_IDLE || d->state == also ? 0 :
	    dfu_to_idle(d, e);
}

/* How long to leave it alone; *zeros counts how often it did not say. */
static unsigned
time_to_wait(const struct dfu_status *s, enum dfu_work work, unsigned *zeros)
{
	if (s->poll_ms == 0) {
		++*zeros;
		return *zeros <= ZERO_MAX_MS ? *zeros - 1 : ZERO_MAX_MS;
	}
	*zeros = 0;
	if (work == DFU_WORK_ERASE_ALL && s->poll_ms == WRONG_POLL_MS)
		return WRONG_ERASE_MS;
	return s->poll_ms < POLL_MAX ? s->poll_ms : POLL_MAX;
}

/*
 * An STM32H743 stays busy when it has erased something beyond 1 MiB.  A first
 * CLRSTATUS brings it to errUNKNOWN, and a second to rest; it has erased then.
 */
static int
end_erase(struct dfu *d, struct err *e)
{
	struct dfu_status first, second;

	if (dfu_request_out(d, DFU_CLRSTATUS, 0, NULL, 0, e) == -1 ||
	    dfu_get_status(d, &first, e) == -1 ||
	    dfu_request_out(d, DFU_CLRSTATUS, 0, NULL, 0, e) == -1 ||
	    dfu_get_status(d, &second, e) == -1)
		return -1;
	return first.code == DFU_ERR_UNKNOWN && second.code == DFU_OK &&
	    second.state == DFU_IDLE ? 0 :
	    err_set(e, ERR_TIMEOUT, "it does not end");
}

static int
still_busy(struct dfu *d, enum dfu_work work, const char *what,
    struct err *e)
{
	struct err ignored = ERR_INIT;

	if (work == DFU_WORK_ERASE && end_erase(d, &ignored) == 0)
		return 0;
	d->state = DFU_UNKNOWN;
	return err_set(e, ERR_TIMEOUT, "%s: the device stays busy", what);
}

/* One GETSTATUS; some STM32L4 stall it if their own time was too short. */
static int
ask_busy(struct dfu *d, unsigned waited_ms, struct dfu_status *s,
    struct err *e)
{
	for (unsigned i = 0;; i++) {
		if (dfu_get_status(d, s, e) == 0)
			return 0;
		if (e->code != ERR_PROTOCOL || waited_ms == 0 || i == STALLS)
			return -1;
		clock_sleep_ms(waited_ms);
	}
}

static int
wait_until_idle(struct dfu *d, enum dfu_work work, const char *what,
    struct err *e)
{
	const int64_t deadline = clock_ms() + work_ms[work];
	unsigned zeros = 0, ms = 0;
	struct dfu_status s;

	for (;;) {
		if (ask_busy(d, ms, &s, e) == -1)
			return err_wrap(e, "%s", what);
		if (s.code != DFU_OK || s.state == DFU_ERROR)
			return dfu_status_error(d, &s, what, e);
		if (s.state == DFU_DNLOAD_IDLE)
			return 0;
		if (!is_busy_state(s.state))
			return err_set(e, ERR_PROTOCOL, "%s: the device is "
			    "in state %d", what, (int)s.state);
		ms = time_to_wait(&s, work, &zeros);
		if (zeros > ZERO_POLLS || clock_ms() >= deadline)
			return still_busy(d, work, what, e);
		clock_sleep_ms(ms);
	}
}

int
dfu_download(struct dfu *d, unsigned value, const uint8_t *p, size_t n,
    enum dfu_work work, const char *what, struct err *e)
{
	if (dfu_ready(d, DFU_DNLOAD_IDLE, e) == -1 ||
	    dfu_request_out(d, DFU_DNLOAD, value, p, n, e) == -1)
		return err_wrap(e, "%s", what);
	return wait_until_idle(d, work, what, e);
}
