/* SPDX-License-Identifier: MIT */
#ifndef MPF_PICOBOOT_COMMAND_H
#define MPF_PICOBOOT_COMMAND_H

#include <stdbool.h>

#include "picoboot/picoboot.h"

/* command: one PICOBOOT command and its answer; for lib/picoboot alone. */

enum {
	PC_EXCLUSIVE = 0x01, PC_REBOOT = 0x02, PC_ERASE = 0x03,
	PC_READ = 0x84, PC_WRITE = 0x05, PC_EXIT_XIP = 0x06,
	PC_REBOOT2 = 0x0a, PC_GET_INFO = 0x8b
};

#define PC_ARGS		16u

struct command {
	uint8_t		 id;
	uint8_t		 n_args;		/* bytes of args */
	uint8_t		 args[PC_ARGS];
	uint8_t		*data;			/* to or from it */
	uint32_t	 n;			/* bytes of data */
	int64_t		 work_ms;		/* that the ROM may need */
};

struct picoboot {
	struct usb		*usb;
	int64_t			 deadline;
	uint8_t			 interface, in, out;	/* endpoints */
	uint32_t		 token;
	bool			 exclusive;
	bool			 rebooting;	/* it will vanish */
	enum picoboot_chip	 chip;
};

/* Sends it, moves its data, and waits until the ROM has done it. */
int	pc_run(struct picoboot *p, const struct command *c,
	    struct err *e);
/* Resets the interface, whatever it was at. */
int	pc_reset(struct picoboot *p, struct err *e);

#endif
