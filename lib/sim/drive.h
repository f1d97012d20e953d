/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_DRIVE_H
#define MPF_SIM_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "image/strings.h"
#include "sim/kind.h"
#include "sim/watch.h"

/*
 * drive: the UF2 bootloader behind a folder that plays its drive.
 *
 * As in the boot ROMs only blocks count, in whatever file and order they come.
 * Blocks of another family, for another place than main flash, and what is no
 * UF2 block at all are ignored, and a block that came before is skipped; a
 * block of another file size begins anew.
 */

#define SIM_BLOCKS_MAX	65536u		/* of one file: 16 MiB of flash */

struct sim_drive {
	const struct sim_chip *chip;	/* borrowed */
	char		*dir;
	char		*keep;		/* where what was taken goes; NULL */
	struct sim_watch watch;
	struct drive_file *files;	/* how far each has been read */
	size_t		 n_files;
	uint32_t	 count, have;	/* blocks of the file; those seen */
	uint32_t	 ignored;
	uint8_t		*seen;
	struct buf	 e10;		/* the block for erratum E10 */
	struct buf	 taken;		/* all others, as they came */
};

#define SIM_DRIVE_INIT	{ .watch = SIM_WATCH_INIT }

/* dir is the folder, chip says what counts, keep names a file or is NULL. */
void	sim_drive_open(struct sim_drive *d, const char *dir,
	    const struct sim_chip *chip, const char *keep);
/* Takes what is there now; limit: stop after that many (0: none). */
void	sim_drive_look(struct sim_drive *d, uint32_t limit);
bool	sim_drive_complete(const struct sim_drive *d);
/*
 * Has something come, but not all?  Then look again soon: what is written past
 * the page cache (O_DIRECT) while we read may show only later, unannounced.
 */
bool	sim_drive_begun(const struct sim_drive *d);
/* Writes what was taken to the file given as keep, if one was. */
int	sim_drive_keep(const struct sim_drive *d, struct err *e);
/* What the new firmware says of itself; false: nothing. */
bool	sim_drive_strings(const struct sim_drive *d,
	    struct image_strings *out);
void	sim_drive_close(struct sim_drive *d);	/* not open is fine */

#endif
