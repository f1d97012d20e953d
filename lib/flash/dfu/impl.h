/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_DFU_IMPL_H
#define MPF_FLASH_DFU_IMPL_H

#include "dfu/dfu.h"
#include "flash/driver.h"
#include "image/dfu.h"

/* impl: what the two drivers for DFU share; for lib/flash/dfu alone. */

struct flash_session {
	const struct flash_job	*job;
	struct usb		*usb;
	struct dfu		 dfu;
	size_t			 size;	/* plain: bytes of the image */
	/* DfuSe: the page that was erased last, and is it any? */
	uint32_t		 erased;
	bool			 has_erased;
};

int	dfu_why_not(char why[FLASH_WHY], const char *reason);
/* Can the device be had at all: 0, or -1 and why not. */
int	dfu_can_reach(const struct flash_job *job, char why[FLASH_WHY]);
/* Opens the device at the board's place, which must be in DFU mode. */
int	dfu_session_open(const struct flash_job *job,
	    struct flash_session **out, struct err *e);
void	dfu_session_close(struct flash_session *s);
/* Its name, and its chip where the USB ids tell. */
void	dfu_name_target(const struct flash_session *s,
	    struct flash_target *out);
/*
 * The ids in a DFU file's suffix against those of the device; ERR_MISMATCH.
 * *f is what the file says of itself.
 */
int	dfu_check_file(const struct flash_session *s, struct dfu_file *f,
	    struct err *e);
/* Where a .bin goes, by the user's word or the index; -1: nobody says. */
int64_t	dfu_offset(const struct flash_job *job);
/* s NULL: by the image alone. */
int	stm32_files(const struct flash_job *job, struct flash_session *s,
	    struct flash_files *out, struct err *e);

#endif
