/* SPDX-License-Identifier: MIT */
#ifndef MPF_RFC2217_H
#define MPF_RFC2217_H

#include <stdbool.h>

#include "base/err.h"
#include "link/link.h"

/*
 * rfc2217: a serial port on another computer, by the protocol of RFC 2217:
 * "rfc2217://HOST:PORT".  A kind of link.
 *
 * Opening it asks for 8N1 without flow control and for the speed, and leaves
 * DTR and RTS as the server has them.  link_lines sends what changes, both
 * lines in one write, and does not wait for the answer.  What is turned on
 * goes first, and RTS goes off before DTR: so a chip which is held in reset
 * does not start in between, and a chip which runs is not reset.
 *
 * link_connect fails with ERR_NETWORK (no such host, nothing listens there, or
 * the other end closes at once: it may serve somebody else), ERR_UNSUPPORTED
 * (it speaks, but not RFC 2217) and ERR_USAGE (the address is not right).  A
 * connection that ends is a device that left.
 */

extern const struct link_kind	link_rfc2217;

/* Is this an address of such a port?  It may still be wrong. */
bool	rfc2217_is_address(const char *name);
/*
 * The parts of an address, as getaddrinfo(3) takes them: "[::1]" without its
 * brackets.  The caller frees them.  ERR_USAGE.
 */
int	rfc2217_parse(const char *address, char **host, char **port,
	    struct err *e);

#endif
