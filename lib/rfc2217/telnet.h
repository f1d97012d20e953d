/* SPDX-License-Identifier: MIT */
#ifndef MPF_RFC2217_TELNET_H
#define MPF_RFC2217_TELNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * telnet: what is data, and what is a command, in the bytes of a Telnet
 * connection.  Pure.
 *
 * Source: RFC 854 (commands), RFC 855 (options), RFC 856 (binary), RFC 858
 * (suppress go ahead), RFC 2217 (com port control).
 */

#define TELNET_IAC	255u

enum telnet_verb {
	TELNET_SB = 250, TELNET_WILL, TELNET_WONT, TELNET_DO, TELNET_DONT
};

enum telnet_option {
	TELNET_BINARY = 0, TELNET_ECHO = 1, TELNET_GO_AHEAD = 3,
	TELNET_COM_PORT = 44
};

/* Com port control: by the client; the server's answer has 100 more. */
enum telnet_com_port {
	COM_SIGNATURE = 0, COM_BAUDRATE, COM_DATASIZE, COM_PARITY,
	COM_STOPSIZE, COM_CONTROL, COM_NOTIFY_LINE, COM_NOTIFY_MODEM,
	COM_SUSPEND, COM_RESUME, COM_LINE_MASK, COM_MODEM_MASK, COM_PURGE,
	COM_BY_SERVER = 100
};

/* Values of COM_CONTROL. */
enum telnet_control {
	CONTROL_ASK_FLOW = 0, CONTROL_NO_FLOW = 1,
	CONTROL_ASK_DTR = 7, CONTROL_DTR_ON = 8, CONTROL_DTR_OFF = 9,
	CONTROL_ASK_RTS = 10, CONTROL_RTS_ON = 11, CONTROL_RTS_OFF = 12
};

#define TELNET_SUB_MAX	64u		/* bytes of a subnegotiation */

struct telnet {
	int		 state;
	uint8_t		 verb;
	bool		 too_long;
	size_t		 n;
	uint8_t		 sub[TELNET_SUB_MAX];
};

#define TELNET_INIT	{ .state = 0 }

/* One command: a verb and an option, and of SB what it says. */
struct telnet_command {
	enum telnet_verb verb;
	uint8_t		 option;
	const uint8_t	*data;		/* in the struct telnet */
	size_t		 n;
};

/*
 * Takes a byte: data is added to *data; true: it ends a command, which is in
 * *out until the next byte.  A subnegotiation that is too long is dropped.
 */
bool	telnet_feed(struct telnet *t, uint8_t c, struct buf *data,
	    struct telnet_command *out);

/* The options that a side was told to use: a bit each. */
struct telnet_options {
	uint64_t	 ours, theirs;
};

/* Says WILL or DO of one of ours: binary, no go ahead, com port control. */
void	telnet_offer(struct telnet_options *o, enum telnet_verb verb,
	    uint8_t option, struct buf *out);
/*
 * Answers WILL, WONT, DO or DONT: yes to the three, no to all others; and only
 * what changes something, or both sides would go on for ever.
 */
void	telnet_answer(struct telnet_options *o, const struct telnet_command *c,
	    struct buf *out);

/* Adds data, with each IAC twice. */
void	telnet_add(struct buf *out, const void *p, size_t n);
void	telnet_add_option(struct buf *out, enum telnet_verb verb,
	    uint8_t option);
/* Adds a subnegotiation of com port control. */
void	telnet_add_com_port(struct buf *out, uint8_t command, const void *p,
	    size_t n);

#endif
