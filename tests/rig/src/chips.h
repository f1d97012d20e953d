/* SPDX-License-Identifier: MIT */
#ifndef MPF_CHIPS_H
#define MPF_CHIPS_H

#include "vdev.h"

/* chips: serial ports on USB, and what their drivers say to them. */

#define CHIP_EP		2		/* data for the host */
#define CHIP_DTR	1u
#define CHIP_RTS	2u

/* What the host has set. */
struct chip_state {
	unsigned	 baud, lines;	/* CHIP_DTR, CHIP_RTS */
	uint8_t		 coding[7];	/* CDC's line coding */
};

struct chip {
	const char	*name, *manufacturer, *product, *serial;
	uint16_t	 vid, pid, bcd;
	uint8_t		 triple[3];	/* class, subclass, protocol */
	uint8_t		 n_interfaces, n_desc;
	const uint8_t	*desc;		/* all behind the header */
	/* As vdev_ops.control. */
	int	(*control)(struct chip_state *st, const struct vdev_setup *s,
		    uint8_t *buf);
};

/* The last one has no name.  The first is native USB, the rest bridges. */
extern const struct chip chips[];

#endif
