/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_IMPL_H
#define MPF_FLASH_IMPL_H

#include "flash/driver.h"
#include "flash/flash.h"
#include "image/segments.h"

/* impl: the checks of flash_run; for lib/flash alone. */

/*
 * For a check that --force overrides, when it has failed with *e: lists it in
 * res->forced and returns 0 if the user said so, else returns -1.
 */
int	flash_overrule(const struct flash_job *job, const char *check,
	    struct result *res, struct err *e);

/*
 * Where an image without addresses goes: as the record says, else as its chip
 * wants it.
 */
uint32_t	image_offset(const struct flash_job *job);

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

/* Did a person choose the firmware, by --board or by its file? */
bool	chosen_by_hand(const struct flash_job *job);
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
 * Before it is reset: a running board may show its own file system as a drive
 * (PYBFLASH), and what the host has not written to it yet would be lost.
 * ERR_BUSY: it is mounted.
 */
int	check_unmounted(const struct flash_job *job,
	    const struct bus_place *now, struct err *e);
/*
 * Is it still the same board?  Asks it, if it can answer, and then keeps what
 * it says in out->was.
 */
int	check_board(const struct flash_job *job, const char *tty,
	    struct flash_outcome *out, struct err *e);

/* Is what came up in its bootloader another board, by its serial number? */
int	check_bootloader(const struct flash_job *job,
	    const struct bus_place *p, struct err *e);
/* Is it the ESP chip that mpf-detect asked, by its MAC, and as blank? */
int	check_chip_id(const struct flash_job *job,
	    const struct flash_target *t, struct err *e);
/*
 * Is the board in its bootloader at p the board of the record?  Its id, or
 * the record saved for place_id, must prove it, or a person must have said
 * which board it is; else ERR_AMBIGUOUS.
 */
int	check_kept(const struct flash_job *job, const char *place_id,
	    const struct bus_place *p, struct err *e);

/*
 * May the image go into the chip behind this loader?  l gets the segments for
 * it, which the caller releases, on failure too.
 */
int	check_target(const struct flash_job *job,
	    const struct flash_target *t, struct image_segments *l,
	    struct result *res, struct err *e);

/*
 * Of an image for both kinds of cores of an RP2350 takes that for the board's:
 * job->data is in *own then, which outlives the job.  ERR_AMBIGUOUS.
 */
int	take_cores(struct flash_job *job, struct buf *own, struct err *e);

/*
 * What the write will do to the user's files, into res->files.  s NULL: before
 * the board is touched.  ERR_MISMATCH if they would be lost and the user has
 * not agreed.
 */
int	check_files(const struct flash_job *job, const struct flash_driver *d,
	    struct flash_session *s, struct result *res, struct err *e);

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

/* Is it now still as boot was, when it was written in that mode? */
bool	in_bootloader(const struct flash_job *job,
	    const struct bus_place *boot, const char *mode,
	    const struct bus_place *now);

/*
 * Waits for the board to run again, asks it, and judges its answer; boot is
 * what hung there, in that mode, as it was written (NULL: it cannot be seen
 * on the bus).
 */
int	wait_answer(const struct flash_job *job, const struct bus_place *boot,
	    const char *mode, const struct flash_proof *proof,
	    struct flash_outcome *out, struct err *e);

#endif
