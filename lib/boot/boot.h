/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOOT_H
#define MPF_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "bus/bus.h"
#include "link/link.h"
#include "model/model.h"

/*
 * boot: a running board into its bootloader, and the proof that it is there.
 *
 * The board is followed by its place on the USB bus alone: names, ids and
 * serial numbers change on the way.
 *
 * To add a way in: one const struct boot_method in methods.c, its line in the
 * list there, its place in the rows of the ports and modes that it suits, one
 * test, one paragraph of mpf-flash.1.
 *
 * Source: MicroPython ports (modmachine.c, shared/tinyusb/mp_usbd_cdc.c) for
 * machine.bootloader() and the 1200 baud touch.
 */

#define BOOT_POLL_MS	50		/* between two looks; two tries */
#define BOOT_WAIT_MS	10000		/* for a bootloader to come up */

/* The world outside, so that a test can bring its own. */
struct boot_world {
	int	(*look)(void *ctx, const char *usb_path, int interface,
		    struct bus_place *out, struct err *e);
	int	(*open)(void *ctx, const char *dev,
		    const struct link_opts *opts, struct link **out,
		    struct err *e);
	/*
	 * Returns when it is worth while to look again, at deadline at the
	 * latest; NULL: after BOOT_POLL_MS.
	 */
	void	(*wait)(void *ctx, int64_t deadline);
	/* Tells a person what to do; NULL: nobody can be told. */
	void	(*say)(void *say_ctx, const char *msg);
	void	*say_ctx;
	void	*ctx;
};

struct boot_job {
	struct device		 device;	/* as it was found */
	struct board		 board;		/* all absent: unknown */
	const char		*mode;		/* the wanted mode: "uf2" */
	int64_t			 wait_ms;	/* 0: BOOT_WAIT_MS */
	const struct boot_world	*world;
};

struct boot_method {
	const char	*name;		/* "mpy"; --bootloader */
	const char	*summary;	/* one line for --list-methods */
	int64_t		 leave_ms;	/* until the board is off the bus */
	unsigned	 tries;
	bool		 touches;	/* it sends something to the board */
	/* NULL: worth a try.  Else why not: "the board does not answer". */
	const char	*(*refuse)(const struct boot_job *job);
	/* Tells the board to go.  A board that vanishes meanwhile has gone. */
	int	(*enter)(const struct boot_job *job, const char *tty,
		    struct err *e);
};

extern const struct boot_method *const boot_methods[];	/* ends with NULL */

/*
 * The ways into a bootloader ("uf2", "dfu"...) for boards of that port (NULL:
 * not known), best first; NULL ends the list.  Each works on some boards of the
 * port: refuse() tells of one board.
 */
#define BOOT_WAYS	4u		/* the NULL included */
const struct boot_method *const	*boot_ways(const char *port, const char *mode);

struct boot_result {
	const char		*method; /* "none": it was there already */
	struct bus_place	 place;	/* the device that is there now */
	bool			 touched; /* a method with touches was used */
};

/*
 * Brings the board into job->mode by the method of that name or, where it is
 * NULL, by the boot_ways of its port and mode.  ERR_UNSUPPORTED if all have
 * failed (the hint says which buttons to press), ERR_TIMEOUT if the board left
 * and did not come back, ERR_NOT_FOUND if nothing is plugged in at its place,
 * ERR_USAGE for a method that does not exist.  The caller releases out->place,
 * on failure too.
 */
int	boot_run(const struct boot_job *job, const char *method,
	    struct boot_result *out, struct err *e);
/* The method that boot_run would begin with; it touches nothing. */
int	boot_choice(const struct boot_job *job, const char *method,
	    const char **out, struct err *e);

/* Is the device at a place in that mode?  before: the board when it ran. */
bool	boot_in_mode(const char *mode, const struct bus_place *p,
	    const struct device *before);
/* Between two looks at the bus. */
void	boot_wait(const struct boot_world *w, int64_t deadline);

/* The world as it is: looks at b, opens real ports; say is the caller's. */
void	boot_world_init(struct boot_world *w, struct bus *b,
	    void (*say)(void *ctx, const char *msg));

#endif
