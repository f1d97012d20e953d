/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_DFU_H
#define MPF_SIM_DFU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * dfu: a device in DFU mode with its memories: requests in, answers out, no I/O
 * and no clock of its own.  It plays ST's ROM (DfuSe), MicroPython's mboot, and
 * plain DFU.
 *
 * Source: ST AN3156; USB DFU 1.1; MicroPython ports/stm32/mboot.  What single
 * devices do otherwise is a quirk, by the reports in dfu-util, betaflight and
 * openmv.
 */

#define SIM_DFU_ALTERNATES	8u
#define SIM_DFU_NONE		(-1L)

/* Bits of sim_dfu_opts.quirks */
enum sim_dfu_quirk {
	SIM_DFU_PLAIN = 1,	/* DFU 1.1: one image, no addresses */
	SIM_DFU_MBOOT = 2,	/* works when it is asked, says 0 ms */
	SIM_DFU_PROTECTED = 4,	/* read protection is on */
	SIM_DFU_STRICT = 8,	/* to write what is not erased is an error */
	/* Says 100 ms of a mass erase, and is deaf until it is done. */
	SIM_DFU_LONG_MASS = 16,
	/* Says half of the time that it needs, and stalls GETSTATUS then. */
	SIM_DFU_SHORT_POLL = 32,
	/* After an erase beyond 1 MiB, busy until CLRSTATUS comes twice. */
	SIM_DFU_STUCK_ERASE = 64,
	SIM_DFU_ZERO_POLL = 128, /* busy with 0 ms, for ever */
	SIM_DFU_DIRECT = 256,	/* is never seen busy */
	SIM_DFU_MUTE_LEAVE = 512, /* goes without an answer */
	/* Its functional descriptor is in no configuration. */
	SIM_DFU_ASKED = 1024,
	/* Any data block goes where the address was set. */
	SIM_DFU_ONE_BLOCK = 2048,
	SIM_DFU_NO_UPLOAD = 4096,
	SIM_DFU_RESETS = 8192,	/* plain: waits for a reset at the end */
};

/* What goes wrong, once, at the request or the write with number at. */
enum sim_dfu_fault {
	SIM_DFU_NO_FAULT,
	SIM_DFU_PULL,		/* request: it has gone */
	SIM_DFU_STALL_REQUEST,
	SIM_DFU_DEAF,		/* request: no answer, and none afterwards */
	SIM_DFU_LOSE,		/* request: done, and not answered */
	SIM_DFU_FAIL_WRITE,	/* write: errWRITE */
	SIM_DFU_WRONG_BITS,	/* write: a bit is not as it was sent */
	SIM_DFU_FAIL_ERASE	/* erase: errERASE, and nothing is erased */
};

struct sim_dfu_opts {
	/* A text of each alternate setting; none: an STM32F405's four. */
	const char	*layout[SIM_DFU_ALTERNATES];
	uint16_t	 vid, pid, release;	/* 0: ST's ROM */
	const char	*manufacturer, *product, *serial; /* NULL: ST's */
	unsigned	 quirks;
	uint16_t	 transfer;	/* bytes; 0: 2048 */
	uint16_t	 stride;	/* from block to block; 0: the same */
	unsigned	 erase_ms, mass_ms, write_ms;
	uint32_t	 size;		/* plain: bytes of the largest image */
	enum sim_dfu_fault fault;
	long		 fault_at;
};

/* What sim_dfu_control returns instead of a length. */
enum { SIM_DFU_STALLED = -1, SIM_DFU_SILENT = -2, SIM_DFU_GONE = -3 };

struct sim_dfu;

struct sim_dfu	*sim_dfu_new(const struct sim_dfu_opts *opts);
void	sim_dfu_free(struct sim_dfu *s);

/*
 * A class or GET_DESCRIPTOR request to its interface, with n bytes in buf or
 * room for them there; the bytes that were answered.
 */
int	sim_dfu_control(struct sim_dfu *s, unsigned type, unsigned request,
	    unsigned value, uint8_t *buf, size_t n, int64_t now_ms);
/* SET_INTERFACE and SET_CONFIGURATION (0): it is at rest. */
void	sim_dfu_select(struct sim_dfu *s, unsigned alternate);
void	sim_dfu_reset(struct sim_dfu *s);	/* USB's */

/*
 * Power comes again: what was in its flash is there, and nothing goes wrong
 * any more.
 */
void	sim_dfu_replug(struct sim_dfu *s);

/* It went: started, unprotected, or pulled out. */
bool	sim_dfu_is_gone(const struct sim_dfu *s);
/* Did it start its firmware, and from where? */
bool	sim_dfu_started(const struct sim_dfu *s, uint32_t *addr);
/* The memory of an alternate setting; plain: the image so far. */
uint8_t	*sim_dfu_memory(struct sim_dfu *s, unsigned alternate, size_t *n);

struct sim_dfu_counts {
	unsigned	 requests, writes, erases, mass_erases;
	unsigned	 early;		/* GETSTATUS before its time */
	unsigned	 dirty;		/* writes to what was not erased */
};

const struct sim_dfu_counts	*sim_dfu_counts(const struct sim_dfu *s);

/* Its descriptors: 18 bytes; the configuration, and how long that is. */
#define SIM_DFU_CONFIG	(9u + 9u * SIM_DFU_ALTERNATES + 9u)
void	sim_dfu_device(const struct sim_dfu *s, uint8_t out[18]);
size_t	sim_dfu_config(const struct sim_dfu *s, uint8_t out[SIM_DFU_CONFIG]);
/* String descriptor number i, from 1 on; NULL: there are no more. */
const char	*sim_dfu_string(const struct sim_dfu *s, unsigned i);

#endif
