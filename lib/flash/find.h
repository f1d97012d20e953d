/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_FIND_H
#define MPF_FLASH_FIND_H

#include "base/err.h"
#include "stream/stream.h"

/*
 * find: the board for a record that has an image and no device, as mpf-add
 * makes it.  mpf-detect looks for the boards; of those the only one that the
 * firmware fits is taken; mpf does not guess.
 *
 * A board that answers has to have the chip that the image is for, and to be
 * one of the boards that the record names, if it names any.  One in its
 * bootloader has to be of a port that can have that chip.  A port that does
 * not answer counts only if the user named it, and the board as well.
 */

/*
 * Puts device and board into rec, if it is such a record.  serial: as
 * mpf-detect --serial; NULL: all.  ERR_NOT_FOUND says why each board that is
 * here is not it; ERR_AMBIGUOUS: several fit.
 */
int	flash_find(struct record *rec, const char *serial, struct err *e);

#endif
