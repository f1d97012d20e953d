/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_NET_H
#define MPF_SIM_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "rfc2217/telnet.h"

/*
 * net: the cable's other end as an RFC 2217 server on this machine, with DTR,
 * RTS and a speed as the client sets them.  One client at a time; another one
 * waits.
 */

struct sim_net {
	int		 listener, fd;	/* -1: nobody is connected */
	unsigned	 port;
	unsigned	 baud;
	bool		 dtr, rts;
	struct telnet	 telnet;
	struct telnet_options options;
	struct buf	 raw;		/* came, and not looked at yet */
	struct buf	 out;
	bool		 held;		/* held_command comes after the data */
	struct telnet_command held_command;
	/* The lines are these now, after all data that was given before. */
	void		(*lines)(void *ctx, bool dtr, bool rts);
	void		*ctx;
};

#define SIM_NET_INIT	{ .listener = -1, .fd = -1, .raw = BUF_INIT, \
			  .out = BUF_INIT }

/* What --rfc2217 says: a number of a TCP port, or 0.  ERR_USAGE. */
int	sim_net_parse(const char *text, unsigned *out, struct err *e);
/* Listens on 127.0.0.1; port 0: a free one, which n->port then is. */
int	sim_net_open(struct sim_net *n, unsigned port, struct err *e);
void	sim_net_close(struct sim_net *n);	/* not open is fine */
/* Is there a client?  Takes one that waits. */
bool	sim_net_attached(struct sim_net *n);
/*
 * Data, at most max bytes; 0: nothing now.  *left: the client has gone.
 */
size_t	sim_net_read(struct sim_net *n, void *buf, size_t max, bool *left);
/* Adds data for the client, and sends what it takes now. */
void	sim_net_write(struct sim_net *n, const void *p, size_t size);
/* Is there something that could not be sent yet? */
bool	sim_net_pending(const struct sim_net *n);

#endif
