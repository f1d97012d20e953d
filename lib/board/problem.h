/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_PROBLEM_H
#define MPF_BOARD_PROBLEM_H

#include <stdbool.h>

#include "base/err.h"
#include "bus/bus.h"

/*
 * problem: what is on the bus and cannot be used, and what to do about it.
 *
 * Each says true, and sets *e, where it knows why.
 */

/* A tty that the kernel has and /dev has not. */
bool	problem_node(const struct bus *b, const char *dev, struct err *e);
/* A serial device whose tty no driver has made. */
bool	problem_driver(const struct bus_place *p, struct err *e);
/* A debug probe's drive without the serial port of a board behind it. */
bool	problem_probe(const struct bus_place *p, struct err *e);
/* A drive that is mounted where this user may not look. */
bool	problem_volume(const struct bus *b, const struct bus_place *p,
	    struct err *e);
/* Any other device, which shows neither a tty nor a known bootloader. */
void	problem_other(const struct bus_place *p, struct err *e);

#endif
