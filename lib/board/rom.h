/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_ROM_H
#define MPF_BOARD_ROM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "link/link.h"
#include "model/model.h"

/*
 * rom: asks the boot ROM of an ESP chip what chip it is, whatever runs on it.
 *
 * The chip is reset twice: into the boot loader of its ROM, and out of it.
 * Nothing is written to its flash.
 */

struct rom_answer {
	struct chip	 chip;		/* its strings are in here */
	/* A loader that nothing resets: it was there before, and stays. */
	bool		 stays;
	char		 revision[24], mac[18], package[24];
};

/*
 * ERR_UNSUPPORTED: by this port no chip can be reset into its ROM, or it is a
 * chip that is not known; ERR_TIMEOUT: no ESP chip answers, and what was heard
 * instead; and what esp/loader.h says.  Its firmware is started on failure too,
 * as far as the port has lines.
 */
int	board_ask_rom(const struct link_addr *at, const struct device *d,
	    int64_t deadline, struct rom_answer *out, struct err *e);

#endif
