/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_FLASHING_H
#define MPF_FAULTS_FLASHING_H

#include "../tests/unit/make_uf2.h"
#include "base/digest.h"
#include "flash/driver.h"
#include "run.h"

/* flashing: one flash_run of a board in memory, in a world that may change. */

#define FLASHING_ID	"bench/usb/" BOARD_PLACE
#define FLASHING_BLOCKS	300u		/* of the image: over four pieces */

/* What is plugged in instead: a board of the same kind, or of another chip. */
enum swap { SWAP_NONE, SWAP_TWIN, SWAP_CHIP, SWAP_TWIN_DRIVE, SWAP_CHIP_DRIVE,
    SWAP_EMPTY };

struct flash_test {
	const char	*name, *version;	/* the board's, before */
	const char	*image_version;		/* NULL: it does not say */
	struct sim_console_opts opts;
	unsigned	 stays;		/* it does not start the image */
	bool		 refused;	/* even when all is well */
	uint8_t		 bytes[FLASHING_BLOCKS * MAKE_UF2_BLOCK];
	char		 sum[DIGEST_HEX], machine[160];
	struct wire	 calm;
	unsigned	 calm_looks, calm_opens;
};

/* The run that is on. */
struct flashing {
	struct wire	*wire;
	struct fake	 first, second;	/* the board; what came in its place */
	enum swap	 swap;
	unsigned	 looks, at_look, at_open;
	struct bus	*bus;
};

/* Makes the file; after the first flashing_begin. */
void	flashing_image(struct flash_test *t);
/* Plugs t's board in, behind w. */
void	flashing_begin(const struct flash_test *t, struct flashing *f,
	    struct wire *w);
/* As flash_run, with the job that the board's record makes. */
int	flashing_run(const struct flash_test *t, struct flashing *f,
	    struct flash_outcome *out, struct err *e);
void	flashing_end(struct flashing *f);

#endif
