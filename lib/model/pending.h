/* SPDX-License-Identifier: MIT */
#ifndef MPF_MODEL_PENDING_H
#define MPF_MODEL_PENDING_H

#include <stdbool.h>

#include "base/err.h"
#include "stream/stream.h"

/*
 * pending: records of boards whose flashing has begun and not ended.
 *
 * A board in its bootloader cannot say what it is.  So its record is kept in
 * the state folder, under the place where it hangs, from before the first
 * erase until after the last check; a tool that finds a bootloader reads it,
 * and a tool that sees a board run deletes it: what was kept is over, and the
 * next bootloader there may be another board's.
 */

#define PENDING_MAX_S	86400		/* older, it says nothing */

/*
 * connection (bus/bus.h) tells the plugging in of the bootloader that the
 * board has gone into; NULL: it has not yet.
 */
int	pending_save(const char *device_id, const struct record *rec,
	    const char *connection, struct err *e);
/* 1 and *out, which the caller frees; 0: it is missing, or it is too old. */
int	pending_load(const char *device_id, struct record **out,
	    struct err *e);
/*
 * Is the bootloader with this serial number and connection that of the board
 * that was kept?  Its id proves it; else that nothing was plugged in there
 * since, and the system has not restarted.
 */
bool	pending_proves(const struct record *kept, const char *usb_serial,
	    const char *connection);
void	pending_drop(const char *device_id);	/* it may be missing */

#endif
