/* SPDX-License-Identifier: MIT */
#ifndef MPF_LINK_H
#define MPF_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * link: bytes to and from a device, whatever is in between.
 *
 * A serial port or a pty (serial.c), or a recorded conversation (replay.c).
 * Deadlines are values of clock_ms().  A link that its device left (pulled
 * out, or gone into its bootloader) fails with ERR_NOT_FOUND for ever after;
 * close it then, so that the port can come back under its old name.
 */

struct link;

struct link_opts {
	unsigned	 baud;		/* 0: 115200 */
};

/*
 * Opens a serial port or a pty: symlinks resolved, close-on-exec, raw 8N1,
 * exclusive by flock and, but for a pty, by TIOCEXCL (root passes the second),
 * modem lines as open(2) leaves them, HUPCL off; what the tty's echo may have
 * sent back is flushed.  ERR_BUSY (names the holder if we may see it),
 * ERR_PERMISSION (the hint names the group), ERR_NOT_FOUND, ERR_UNSUPPORTED
 * if it is no tty.
 * A port that was plugged in less than 2 s ago is given that time to be free,
 * and udev to set its group.
 */
int	link_open(const char *path, const struct link_opts *opts,
	    struct link **out, struct err *e);
/*
 * A kind of link: a serial port or a pty here, and whatever else is added by
 * another const struct (see ops.h).  open does as link_open.
 */
struct link_kind {
	const char	*name;		/* "tty", "pty" */
	int	(*open)(const char *name, const struct link_opts *opts,
		    struct link **out, struct err *e);
};

extern const struct link_kind	link_tty, link_pty;

/* Where a device can be talked to. */
struct link_addr {
	const struct link_kind	*kind;
	char			*name;	/* for the kind to open; owned */
	bool			 set_lines;	/* to these, when it is open */
	bool			 dtr, rts;
};

#define LINK_ADDR_INIT	{ NULL, NULL, false, false, false }

void	link_addr_release(struct link_addr *a);
/* What kind a file is, symlinks resolved; a missing file counts as a tty. */
const struct link_kind	*link_kind_of(const char *path);
/* Where base/wire is told, so is all that goes over this link. */
int	link_connect(const struct link_addr *a, const struct link_opts *opts,
	    struct link **out, struct err *e);
/* The name it was opened by, for messages. */
const char	*link_name(const struct link *l);

/*
 * At least one byte and at most max, the number in *got; ERR_TIMEOUT when the
 * deadline passes first.
 */
int	link_read(struct link *l, void *p, size_t max, int64_t deadline,
	    size_t *got, struct err *e);
/* All n bytes, or ERR_TIMEOUT: the device does not take them. */
int	link_write(struct link *l, const void *p, size_t n, int64_t deadline,
	    struct err *e);
/* Any speed that the port has, else ERR_UNSUPPORTED; a pty takes all. */
int	link_baud(struct link *l, unsigned baud, struct err *e);
/* Sets both modem lines in one call; a pty has none, which is no error. */
int	link_lines(struct link *l, bool dtr, bool rts, struct err *e);
/* Throws away what has come in and nobody read. */
void	link_flush(struct link *l);
/*
 * Lets go; never waits for output that the device does not take (Linux would
 * wait 30 s).  NULL is fine.
 */
void	link_close(struct link *l);

/*
 * A link that plays a recorded conversation, given as text (not a file name):
 * lines "> text" that we must send, "< text" that the device answers, "@ 1200"
 * that we must set so many baud, "~ 1 0" that we must set DTR and clear RTS,
 * "!" where it vanishes, "*" from where on it takes all that we do and answers
 * all at once, "# comment"; \r \n \t \\ \xNN in text.  A reply comes once
 * all before it was sent, one line a read.  Sending anything else is
 * ERR_PROTOCOL, reading when it is our turn ERR_TIMEOUT.  Time is not played.
 * A script without any "@" takes all bauds, one without any "~" all lines.
 * ERR_INPUT if the script is invalid.
 */
int	link_replay(const char *script, struct link **out, struct err *e);
/* From now on: after n more bytes of its answers the device vanishes. */
void	link_replay_cut(struct link *l, size_t n);
/* Has all of it been played? */
bool	link_replay_done(const struct link *l);

/*
 * The serial ports that libserialport knows, USB or not: names for link_open.
 * For systems that have no sysfs; where there is one, bus_places knows more.
 * The list ends with NULL; link_list_free releases it.
 */
int	link_list(char ***out, struct err *e);
void	link_list_free(char **list);

#endif
