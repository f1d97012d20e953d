/* SPDX-License-Identifier: MIT */
#ifndef MPF_PICOBOOT_INFO_H
#define MPF_PICOBOOT_INFO_H

#include "picoboot/picoboot.h"

/*
 * info: answers to the command GET_INFO.  Pure.  ERR_PROTOCOL: the answer is
 * shorter than it says, or not an answer to that question.
 *
 * Source: RP2350 datasheet, 5.4.8.17 (system), 5.6.4.10 (GET_INFO), 5.9.4.1
 * (a partition's location and permissions); 13.10, OTP CRITICAL.
 */

#define PICOBOOT_INFO	64u		/* bytes that are asked for */

/* What system information is asked for. */
#define INFO_CHIP	0x01u		/* package, and the id */
#define INFO_CRITICAL	0x02u		/* OTP: secure boot */

int	info_system(const uint8_t *p, size_t n, struct picoboot_system *out,
	    struct err *e);
int	info_target(const uint8_t *p, size_t n, struct picoboot_target *out,
	    struct err *e);

#endif
