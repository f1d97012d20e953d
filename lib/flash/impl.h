/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_IMPL_H
#define MPF_FLASH_IMPL_H

#include "base/buf.h"
#include "flash/flash.h"

/* impl: the steps of flash_run; for lib/flash alone. */

/*
 * Reads the image into out; ERR_VERIFY unless its digest is image.sha256 and,
 * where the record has it, firmware.sha256.
 */
int	image_load(const struct flash_job *job, struct buf *out,
	    struct image_facts *facts, struct err *e);
/*
 * Does the image say which version it is, the one that was chosen?  Firmware
 * that is not custom must.
 */
int	check_version(const struct flash_job *job, struct err *e);
/* The image against the record, and against what the board said. */
int	check_image(const struct flash_job *job, struct result *res,
	    struct err *e);
/* The chip that the board said it has; NULL: it has not, or none we know. */
const char	*board_chip(const struct board *b);
/* "X" and "X with RP2040", and MCU names as older versions wrote them. */
bool	same_machine(const char *a, const char *b);

/* ERR_INPUT if the record lacks a key that a check rests on. */
int	check_needs(const struct flash_job *job, struct err *e);
/* May this device be flashed at all?  A record can come from anywhere. */
int	check_device(const struct flash_job *job, struct err *e);
/*
 * The drive that the user named: 1 if it is mounted, 0 if not yet;
 * ERR_MISMATCH if it hangs elsewhere than the board.
 */
int	check_volume(const struct flash_job *job, struct err *e);
/* Does the same thing still hang there?  *out is released by the caller. */
int	check_place(const struct flash_job *job, struct bus_place *out,
	    struct err *e);
/*
 * Is it still the same board?  Asks it, if it can answer, and then keeps what
 * it says in out->was.
 */
int	check_board(const struct flash_job *job, const char *tty,
	    struct flash_outcome *out, struct err *e);

/* Is what came up in its bootloader another board, by its serial number? */
int	check_bootloader(const struct flash_job *job,
	    const struct bus_place *p, struct err *e);
/*
 * Is the board in its bootloader at p the board of the record?  Its id, or
 * the record saved for place_id, must prove it, or a person must have said
 * which board it is; else ERR_AMBIGUOUS.
 */
int	check_kept(const struct flash_job *job, const char *place_id,
	    const struct bus_place *p, struct err *e);

/* What shows that the board has the image, but for what it says itself. */
struct flash_proof {
	bool	bytes;		/* they were read back, or their digest was */
	bool	accepted;	/* the bootloader took all without an error */
};

/* ERR_VERIFY or ERR_MISMATCH unless what runs there is what was planned. */
int	check_answer(const struct flash_job *job, const struct board *b,
	    struct err *e);
/* ... and unless it is known to run the bytes that were written.  before may
 * be NULL: the board could not be asked. */
int	check_proof(const struct flash_job *job,
	    const struct flash_proof *proof, const struct board *before,
	    const struct board *now, struct err *e);

/*
 * Waits for the board to run again, asks it, and judges its answer; boot is
 * what hung there, in that mode, as it was written (NULL: the backend needed
 * no such).
 */
int	wait_answer(const struct flash_job *job, const struct bus_place *boot,
	    const char *mode, const struct flash_proof *proof,
	    struct flash_outcome *out, struct err *e);

#endif
