/* SPDX-License-Identifier: MIT */
#ifndef MPF_MEANS_H
#define MPF_MEANS_H

#include <stddef.h>

#include "base/err.h"
#include "model/model.h"

/*
 * means: how firmware gets onto each board: from which files, by which method
 * of mpf-flash, or by which other tool.
 *
 * Read from share/means.tsv, whose first row for a port and a board counts.
 * Its columns: port; board, a pattern of the shell's; files and methods, the
 * best first, with commas between them; loader, what takes the firmware; usb,
 * the ids of that, for share/udev; tool and command, what else can flash the
 * board; deploy, the files of MicroPython's repository that say all this,
 * which tools/boards/mpf-boards compares.
 *
 * What the table says a board may be flashed with is not what this build can
 * do: it can do what means_methods lists.
 */

#define MEANS_MAX	4u		/* files, and methods, of one board */

/* The mode of a running board behind a debug probe that shows a drive. */
#define MEANS_PROBE	"probe"

struct means {
	const char	*port, *board;
	const char	*file[MEANS_MAX + 1];	/* "dfu", "hex"; then NULL */
	const char	*method[MEANS_MAX + 1];	/* "dfu", likewise */
	const char	*loader;		/* "DFU in ROM" */
	const char	*usb;			/* "0483:df11,0483:374?" */
	const char	*tool, *command;	/* with FILE, PORT, BOARD */
};

struct means_table;

/* ERR_NOT_FOUND or ERR_INPUT where the file is not there, or not as above. */
int	means_open(struct means_table **out, struct err *e);
void	means_close(struct means_table *t);	/* NULL is fine */

const struct means	*means_rows(const struct means_table *t, size_t *n);
/* NULL: nothing is known of that board, or port is NULL. */
const struct means	*means_find(const struct means_table *t,
			    const char *port, const char *board_id);

/* The drivers of lib/flash, made from its registry; ends with NULL. */
extern const char *const means_methods[];

/* d->mode, or MEANS_PROBE where that says more. */
const char	*means_mode(const struct device *d);
/*
 * The method by which this build flashes the board in that mode (NULL: not
 * known); NULL: it cannot.
 */
const char	*means_method(const struct means *m, const char *mode);
/*
 * How good a file with that extension is for a board in that mode: the smaller
 * the better, and 0 for none.  Where this build cannot flash the board, what
 * the other tool can read.
 */
int	means_rank(const struct means *m, const char *mode, const char *ext);
/*
 * ERR_UNSUPPORTED, with the tool that can and its command line, unless this
 * build can flash the board with that device.  file: the firmware; NULL: it is
 * not here yet.
 */
int	means_check(const struct means *m, const char *board_id,
	    const struct device *d, const char *file, struct err *e);

#endif
