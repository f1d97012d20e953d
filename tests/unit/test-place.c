/* SPDX-License-Identifier: MIT */
#include "model/place.h"

#include <stdlib.h>

#include "../tests/unit/tap.h"

static void
is_place(const char *id, const char *usb_path, int interface,
    const char *place)
{
	struct device d = DEVICE_INIT;
	char *got;

	d.id = id;
	d.usb_path = usb_path;
	OK(device_interface(&d) == interface);
	got = device_place_id(&d);
	IS_STR(got, place);
	free(got);
}

int
main(void)
{
	is_place("h:0/usb/1-4:2", "1-4", 2, "h:0/usb/1-4");
	is_place("h:0/usb/1-4", "1-4", -1, "h:0/usb/1-4");
	is_place("h/usb/1-4:x", "1-4", -1, "h/usb/1-4:x");
	is_place("1:2", "1-4", -1, "1:2");
	is_place("1:2", NULL, -1, "1:2");
	return tap_done();
}
