/* SPDX-License-Identifier: MIT */
#ifndef MPF_FRONT_DEVICES_H
#define MPF_FRONT_DEVICES_H

#include "front/front.h"
#include "tool/options.h"

/* devices: which boards a command is about; options that commands share. */

struct devices {
	struct opt_list	 serial, volume, ignore;
	bool		 bluetooth, no_bluetooth;
};

#define DEVICES_OPTS(d) \
	OPT_LIST('s', "serial", "NAME", &(d)->serial, \
	    "look only at this port, USB path, volume or device id"), \
	OPT_LIST(0, "serial-port", "NAME", &(d)->serial, \
	    "do the same as --serial"), \
	OPT_LIST('i', "ignore", "PATTERN", &(d)->ignore, \
	    "leave alone the devices that match PATTERN"), \
	OPT_FLAG(0, "bluetooth", &(d)->bluetooth, \
	    "also look at serial ports over Bluetooth"), \
	OPT_FLAG(0, "bt", &(d)->bluetooth, "do the same as --bluetooth"), \
	OPT_FLAG(0, "no-bluetooth", &(d)->no_bluetooth, \
	    "leave ports over Bluetooth alone, which is the default")

/* Those that stand before a command as well, but for what is taken. */
#define COMMAND_OPTS(f, help) \
	OPT_COUNT('V', "verbose", &(f)->verbose, \
	    "print more; twice: also each pipe"), \
	OPT_FLAG('q', "quiet", &(f)->quiet, "print errors only"), \
	OPT_ENDS('h', "help", (help), "print the options"), \
	OPT_END

/* The stage that finds them. */
void	devices_stage(const struct front *f, struct front_pipe *p,
	    const struct devices *d);
/* Finds them.  As front_run. */
int	devices_find(struct front *f, const struct devices *d,
	    struct front_records *found, struct err *e);
/*
 * A command's options, which it keeps in *o until it is done.  1: --help was
 * asked for, and printed; -1, or 0.
 */
int	command_options(const struct tool *t, int argc, char *argv[],
	    const bool *help, struct options **o, struct err *e);
/* With -VV, the pipe as a person would type it. */
void	command_tell(const struct front *f, const struct front_pipe *p);

#endif
