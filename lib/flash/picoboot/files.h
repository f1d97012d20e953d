/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_PICOBOOT_FILES_H
#define MPF_FLASH_PICOBOOT_FILES_H

#include "flash/driver.h"

/*
 * files: does an RP2 keep the user's files?  By where the image has its file
 * system and where that in the flash has it: both say so in their tables.
 */

/* Reads n bytes of the flash, of whatever alignment. */
typedef int	files_read_fn(struct flash_session *s, uint32_t addr,
		    uint8_t *p, size_t n, struct err *e);

/* read NULL: nobody can look, as in a dry run. */
int	rp2_files(const struct flash_job *job, struct flash_session *s,
	    files_read_fn *read, struct flash_files *out, struct err *e);

#endif
