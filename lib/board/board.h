/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_H
#define MPF_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "bus/bus.h"
#include "facts/identify.h"
#include "link/link.h"
#include "model/model.h"

/*
 * board: where boards may be (scan), and what one says of itself (ask).
 */

struct facts;

/* --- scan: looks at what the system knows, and sends nothing to a port --- */

struct board_scan_opts {
	const char		*host;		/* for device.id */
	/*
	 * Names (a tty, a link to one, a place "1-1.2" or "1-1.2:1", a
	 * volume, a device.id) and shell patterns for ttys, places, volumes
	 * and ids; NULL or empty: all.  Ends with NULL.
	 */
	const char *const	*serial;
	const char *const	*ignore;	/* patterns; ends with NULL */
	bool			 bluetooth;
	bool			 no_probe;	/* leave drives to the kernel */
};

/*
 * A place where a board may be.  device.mode is "silent" where nobody has
 * asked yet, a bootloader's ("uf2", "picoboot", "dfu"), "ignored", or "busy".
 * What is there and cannot be used is "silent" and has a device.problem.
 */
struct board_place {
	struct device	 device;	/* its strings are owned by the list */
	struct err	 error;		/* ERR_NONE, or why there is no board */
};

struct board_list {
	struct board_place	*v;
	size_t			 n;
	size_t			 ports, drives;	/* looked at, for a message */
	struct err		 problem;	/* the first, or ERR_NONE */
	char			**owned;
	size_t			 n_owned;
};

/*
 * All bootloaders and all ttys on USB that serial names, then the names that
 * are none of those (a pty).  A name that nobody has, or whose device cannot
 * be used, is a place with an error, and so is a kind of device that cannot
 * be listed.  An exact name sets device.named and beats ignore.
 */
void	board_scan(const struct bus *b, const struct board_scan_opts *o,
	    struct board_list *out);
void	board_list_release(struct board_list *l);
/* MPF_HOST or the host's name; the caller frees it. */
char	*board_host(void);

/* --- ask: what MicroPython says of itself --- */

struct board_ask_opts {
	int64_t		 deadline;	/* clock_ms() */
	bool		 no_interrupt;
	/* A signal ends it while nobody has answered: ERR_CANCELLED. */
	bool		 may_stop;
};

struct board_answer {
	struct board	 board;		/* its strings are owned by this */
	bool		 ignore;	/* board_info.toml, mpflash.ignore */
	const char	*info_error;	/* NULL, or why it is not read */
	const char	*record_error;
	const char	*interrupt;	/* device.interrupt; on failure alone */
	struct identity_notes	 notes;	/* what mpflash.toml says */
	char		*owned[24];
	size_t		 n_owned;
};

#define BOARD_ANSWER_INIT { .board = BOARD_INIT }

/*
 * Opens at, asks, and leaves the board as it was found (see repl.h).
 * ERR_TIMEOUT: it is silent; ERR_PROTOCOL: it talks, but is no MicroPython;
 * ERR_BUSY: somebody holds it, or a program runs and no_interrupt is set;
 * ERR_IO: it is MicroPython, but does not answer as it should; and what
 * link_open says.  The caller releases *out, which on -1 holds no more than
 * what came of interrupting.
 */
int	board_ask(const struct link_addr *at, const struct board_ask_opts *o,
	    struct board_answer *out, struct err *e);
/*
 * The facts for board_identify, of the firmware folder's database or else of
 * share/: MicroPython up to v1.24 does not name its board.  For facts_close.
 */
int	board_facts_open(struct facts **out, struct err *e);
/*
 * Finds board_id and, where that is sure, variant by the machine string and
 * mpflash.toml, in today's names (facts/identify.h); one that the board or
 * board_info.toml has said stays.
 */
void	board_identify(const struct facts *f, struct board_answer *a);
void	board_answer_release(struct board_answer *a);

#endif
