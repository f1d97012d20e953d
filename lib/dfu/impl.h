/* SPDX-License-Identifier: MIT */
#ifndef MPF_DFU_IMPL_H
#define MPF_DFU_IMPL_H

#include "dfu/dfu.h"

/* impl: requests and states; for lib/dfu alone. */

/* bRequest; USB DFU 1.1, table 3.2 */
enum { DFU_DETACH, DFU_DNLOAD, DFU_UPLOAD, DFU_GETSTATUS, DFU_CLRSTATUS,
	DFU_GETSTATE, DFU_ABORT };

struct dfu_status {
	unsigned	 code;		/* bStatus */
	unsigned	 poll_ms;	/* ask again after that, not before */
	enum dfu_state	 state;
	unsigned	 string;	/* iString: a text of the device; 0 */
};

/* What a download makes the device do, for how long it may take. */
enum dfu_work { DFU_WORK_WRITE, DFU_WORK_ERASE, DFU_WORK_ERASE_ALL };

int	dfu_request_out(struct dfu *d, unsigned request, unsigned value,
	    const uint8_t *p, size_t n, struct err *e);
int	dfu_request_in(struct dfu *d, unsigned request, unsigned value,
	    uint8_t *p, size_t n, size_t *got, struct err *e);
/* GETSTATUS; d->state is what it says. */
int	dfu_get_status(struct dfu *d, struct dfu_status *out, struct err *e);
/* *e says what the device's status says. */
int	dfu_status_error(struct dfu *d, const struct dfu_status *s,
	    const char *what, struct err *e);

/* To dfuIDLE, from wherever it is. */
int	dfu_to_idle(struct dfu *d, struct err *e);
/* A state in which it takes a download, or an upload. */
int	dfu_ready(struct dfu *d, enum dfu_state also, struct err *e);
/*
 * Hands a block over, and waits until the device is done with it: it is in
 * dfuDNLOAD-IDLE then.
 */
int	dfu_download(struct dfu *d, unsigned value, const uint8_t *p,
	    size_t n, enum dfu_work work, const char *what, struct err *e);

#endif
