/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_PROBE_H
#define MPF_SIM_PROBE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "image/strings.h"
#include "sim/watch.h"

/*
 * probe: the drive of a debug probe, behind a folder.
 *
 * A HEX file is taken when it is whole: when it has its end record.  Then the
 * probe programs the board, and shows its drive anew.
 */

struct sim_probe {
	char		*dir;		/* NULL: not open */
	struct sim_watch watch;
	struct buf	 file;		/* that was taken */
};

#define SIM_PROBE_INIT	{ .watch = SIM_WATCH_INIT, .file = BUF_INIT }

/* FAIL.TXT, if the last file was refused. */
#define SIM_PROBE_FAIL	"error: The interface firmware FAILED to reset/halt " \
			"the target MCU\r\ntype: target\r\n"

void	sim_probe_open(struct sim_probe *p, const char *dir);
/* Has a whole file come? */
bool	sim_probe_look(struct sim_probe *p);
/* What it says of itself; false: nothing. */
bool	sim_probe_strings(const struct sim_probe *p,
	    struct image_strings *out);
/* Writes it to that file; NULL: nowhere. */
int	sim_probe_keep(const struct sim_probe *p, const char *keep,
	    struct err *e);
void	sim_probe_close(struct sim_probe *p);	/* not open is fine */

#endif
