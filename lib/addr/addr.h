/* SPDX-License-Identifier: MIT */
#ifndef MPF_ADDR_H
#define MPF_ADDR_H

#include <stdbool.h>

#include "base/err.h"
#include "bus/bus.h"
#include "link/link.h"
#include "model/model.h"

/*
 * addr: from a device, as a record names it, to where it can be talked to.
 *
 * The only place that knows how a sysroot and the names in a record go
 * together.  Addresses are released by link_addr_release, on failure too.
 */

/*
 * A device on USB is found by its place (and interface), whatever its tty is
 * called by now; another device by its device.serial_port.  ERR_NOT_FOUND if
 * it has no tty now; ERR_INPUT if the record names no port.
 */
int	addr_of_device(const struct bus *b, const struct device *d,
	    struct link_addr *out, struct err *e);
/* Is the port, as a record names it, another computer's? */
bool	addr_is_remote(const char *serial_port);
/* ERR_USAGE: its address is not as it should be. */
int	addr_check_remote(const char *serial_port, struct err *e);
/* By the name of a port alone, or an address of RFC 2217; may be missing. */
void	addr_of_port(const struct bus *b, const char *serial_port,
	    struct link_addr *out);
/*
 * The file behind a name in a record: below the sysroot, or as it is where the
 * tree there does not know it and this system does.  The caller frees it.
 */
char	*addr_file(const struct bus *b, const char *name);

#endif
