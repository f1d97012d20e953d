/* SPDX-License-Identifier: MIT */
#include "addr/addr.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/place.h"
#include "rfc2217/rfc2217.h"

char *
addr_file(const struct bus *b, const char *name)
{
	char *path = bus_path(b, name);
	char *usb = bus_usb_of_tty(b, name);
	const bool ours = usb != NULL;	/* the tree's, node or no node */

	free(usb);
	if (ours || access(path, F_OK) == 0 || access(name, F_OK) == -1)
		return path;
	free(path);
	return mem_str(name);
}

bool
addr_is_remote(const char *serial_port)
{
	return serial_port != NULL && rfc2217_is_address(serial_port);
}

int
addr_check_remote(const char *serial_port, struct err *e)
{
	char *host = NULL, *port = NULL;
	const int r = rfc2217_parse(serial_port, &host, &port, e);

	free(host);
	free(port);
	return r;
}

void
addr_of_port(const struct bus *b, const char *serial_port,
    struct link_addr *out)
{
	if (rfc2217_is_address(serial_port)) {
		out->name = mem_str(serial_port);
		out->kind = &link_rfc2217;
		return;
	}
	out->name = addr_file(b, serial_port);
	out->kind = link_kind_of(out->name);
}

static void
set_addr_lines(const struct device *d, struct link_addr *out)
{
	if (d->lines == NULL)
		return;
	out->set_lines = true;
	out->dtr = d->lines[0] == '1';
	out->rts = d->lines[2] == '1';
}

static int
find_on_usb(const struct bus *b, const struct device *d,
    struct link_addr *out, struct err *e)
{
	struct bus_place place;
	int r = bus_look(b, d->usb_path, device_interface(d), &place, e);

	if (r == 0 && place.tty == NULL) {
		err_set(e, ERR_NOT_FOUND, place.present ?
		    "%s: no serial port there now" :
		    "%s: nothing is plugged in there now", d->id);
		r = err_todo(e, NEXT_PLUG_IN,
		    "plug it in again, and begin with mpf-detect");
	}
	if (r == 0)
		addr_of_port(b, place.tty, out);
	bus_place_release(&place);
	return r;
}

int
addr_of_device(const struct bus *b, const struct device *d,
    struct link_addr *out, struct err *e)
{
	*out = (struct link_addr)LINK_ADDR_INIT;
	set_addr_lines(d, out);
	if (d->usb_path != NULL)
		return find_on_usb(b, d, out, e);
	if (d->serial_port == NULL)
		return err_set(e, ERR_INPUT, "%s: neither device.usb_path nor "
		    "device.serial_port in the record", d->id);
	addr_of_port(b, d->serial_port, out);
	return 0;
}
