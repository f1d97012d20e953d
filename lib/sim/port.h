/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_PORT_H
#define MPF_SIM_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "sim/net.h"
#include "sim/pace.h"
#include "sim/watch.h"

/*
 * port: the cable's other end: a pty of which we keep the master only, so that
 * the tty is held by nobody but the one who opens it; or standard input and
 * output; or an RFC 2217 server, which alone has DTR and RTS.
 *
 * As with USB, what a board sends while nobody has its tty open is lost.
 */

#define SIM_TTY_MAX	64		/* bytes of a tty's name */

struct sim_port {
	int		 in, out;	/* the same fd for a pty; -1: none */
	char		 tty[SIM_TTY_MAX]; /* "/dev/pts/7"; "" on stdin */
	bool		 attached;	/* somebody has it open */
	struct sim_watch watch;		/* of the tty, for that */
	struct sim_net	net;		/* .listener -1: no server */
	struct buf	 queue;		/* to be written */
	size_t		 sent;		/* bytes of queue that are gone */
	struct sim_pace	 pace;		/* of a pty; .on by the caller */
};

#define SIM_PORT_INIT	{ .in = -1, .out = -1, .watch = SIM_WATCH_INIT, \
			  .net = SIM_NET_INIT, \
			  .queue = BUF_INIT, \
			  .pace = { .held = BUF_INIT } }

int	sim_port_open_pty(struct sim_port *p, struct err *e);
/*
 * The pty under a name of the user's, instead of an older link; and away
 * again, unless somebody else has taken the name since.
 */
int	sim_port_link(const struct sim_port *p, const char *link,
	    struct err *e);
void	sim_port_unlink(const struct sim_port *p, const char *link);
void	sim_port_open_stdio(struct sim_port *p);
/* At TCP port number tcp, 0: a free one. */
int	sim_port_open_net(struct sim_port *p, unsigned tcp, struct err *e);
bool	sim_port_is_net(const struct sim_port *p);
void	sim_port_close(struct sim_port *p);	/* not open is fine */

/*
 * What has come in, at most max bytes; 0: nothing now.  *left is set when the
 * one who had it open closed it, or standard input has ended.
 */
size_t	sim_port_read(struct sim_port *p, void *buf, size_t max, bool *left);
/* The descriptors to wait for now, for reading and for writing; -1: none. */
int	sim_port_reads(const struct sim_port *p);
int	sim_port_writes(const struct sim_port *p);
/* Writes from queue what is taken now. */
void	sim_port_flush(struct sim_port *p);
/* When a paced line has moved some; INT64_MAX: nothing is on its way. */
int64_t	sim_port_due(const struct sim_port *p);
/* The speed that was set, in baud; 0: it is not known. */
unsigned sim_port_baud(const struct sim_port *p);

#endif
