/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_SESSION_H
#define MPF_BOARD_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/lock.h"
#include "board/probe.h"
#include "link/link.h"
#include "model/model.h"
#include "repl/repl.h"

/*
 * session: a board from the moment somebody talks to it until it is left.
 *
 * It is found at its place, locked, opened, brought to its raw REPL, and asked
 * what it is; then repl may be used until work_ms; then session_close leaves
 * the board as it was found (see repl.h), and unlocks it.
 */

struct session_opts {
	int64_t	 deadline;	/* clock_ms(), when the board is left again */
	bool	 no_interrupt;	/* a running program is left alone: ERR_BUSY */
	bool	 may_stop;	/* by a signal, while nobody has answered */
};

struct session {
	struct repl		*repl;		/* in its raw REPL */
	struct probe		 says;		/* what it said of itself */
	bool			 entered;	/* it has answered once */
	bool			 interrupted;	/* a program was; see below */
	char			*usb_serial;	/* as USB says it; or NULL */
	int64_t			 deadline;	/* as it was given */
	int64_t			 work_ms;	/* clock_ms(), to end work by */

	struct link		*link;
	struct link		*own;		/* opened here; or NULL */
	struct lock		 lock;
};

#define SESSION_INIT	{ .lock = LOCK_INIT }

/*
 * Over a link that the caller keeps, and closes afterwards.  ERR_TIMEOUT: it is
 * silent, or (entered) became so; ERR_PROTOCOL: it talks, but is no
 * MicroPython; ERR_BUSY: a program runs and no_interrupt is set;
 * ERR_CANCELLED: see may_stop; ERR_IO: it is MicroPython, but does not answer
 * as it should.  On -1 the board was left already, and interrupted says whether
 * a program may have been interrupted.
 */
int	session_begin(struct link *l, const struct session_opts *o,
	    struct session *out, struct err *e);
/*
 * With the board of that device, found by its USB path under sysroot (NULL:
 * this system).  Besides, ERR_BUSY where another process has its lock by the
 * deadline, and what addr_of_device and link_connect say.
 */
int	session_open(const struct device *d, const char *sysroot,
	    const struct session_opts *o, struct session *out, struct err *e);
/*
 * Is it the board with this id?  A board that knows no id of its own may have
 * one on its USB side; NULL: the board had no id, so this one may have none.
 * Letter case does not count.  ERR_MISMATCH.
 */
int	session_check_uid(const struct session *s, const char *uid,
	    struct err *e);
/*
 * Leaves the board, closes what session_open has opened, and releases *s, on
 * -1 too: it did not come back to its prompt.
 */
int	session_close(struct session *s, struct err *e);
/* The same, where the board went by itself: nothing is sent. */
void	session_abandon(struct session *s);

/*
 * What goes wrong with a board that has answered once: it is no stranger, and
 * not silent, so ERR_PROTOCOL and the like become ERR_IO.  Returns -1.
 */
int	session_blame(struct err *e);

#endif
